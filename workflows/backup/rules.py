"""The rules document: numbers for all jobs, groups and single jobs, who is told, and when people are left alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from workflows.backup.job import Job
from workflows.backup.thresholds import Thresholds
from workflows.kernel.addresses import read_email, read_emails
from workflows.kernel.days_off import check_place
from workflows.kernel.documents import Document, Field, Mistake, Schema, Section, folded, read_document
from workflows.kernel.quantities import UnreadableError, number, parse_share, parse_size, parse_window, whole_number
from workflows.kernel.quiet import HOLIDAYS_SCHEMA, QUIET_HOURS_SCHEMA, QuietHours, read_hours, read_place

CONFIG = "/bk/config"
NUMBERS = {
    "window": Field(read=parse_window),
    "min_size": Field(read=parse_size),
    "shrink_warn": Field(read=parse_share),
    "shrink_alert": Field(read=parse_share),
    "baseline_runs": Field(read=whole_number(1, 30)),
    "baseline_runs_min": Field(read=whole_number(1, 30)),
    "same_size_runs": Field(read=whole_number(2, 30)),
    "running_factor": Field(read=number(1, 100)),
    "claim_slack": Field(read=parse_window),
    "claim_warn_min": Field(read=parse_window),
    "claim_warn_share": Field(read=parse_share),
    "late_alert_max": Field(read=parse_window),
    "escalate_after": Field(read=parse_window),
    "escalate_after_critical": Field(read=parse_window),
    "remind_every": Field(read=parse_window),
    "max_snoozes_per_break": Field(read=whole_number(0, 20)),
}
_ESCALATE_TO = {"escalate_to": Field(read=read_emails)}
_ESCALATION = {
    key: NUMBERS[key] for key in ("escalate_after", "escalate_after_critical", "remind_every", "max_snoozes_per_break")
}
SCHEMAS = {
    "defaults": Schema(fields=NUMBERS),
    "group": Schema(
        fields=NUMBERS | _ESCALATE_TO | {"owner": Field(read=read_email)}, aliases={"owner_email": "owner"}, named=True
    ),
    "job": Schema(fields=NUMBERS | _ESCALATE_TO, named=True),
    "quiet hours": QUIET_HOURS_SCHEMA,
    "holidays": HOLIDAYS_SCHEMA,
    "escalation": Schema(fields=_ESCALATION | _ESCALATE_TO, aliases={"target": "escalate_to", "to": "escalate_to"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the rules document and the configuration say; `Rules()` is all built in.

    Attributes:
        everywhere: (where set, values) of what holds for every job, the weakest first: configuration, [defaults], [escalation].
        groups, jobs: sections by folded name. A [job] section names a job_id or a job's name.
        mistakes: lines that cannot be used. A document that has any should not replace one that has none.
    """

    everywhere: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    groups: Mapping[str, Section] = field(default_factory=dict)
    jobs: Mapping[str, Section] = field(default_factory=dict)
    quiet_hours: QuietHours = field(default_factory=QuietHours)
    mistakes: tuple[Mistake, ...] = ()
    _judged_by: dict[tuple[object, ...], Thresholds] = field(init=False, default_factory=dict, compare=False, repr=False)

    def thresholds(self, job: Job) -> Thresholds:
        """Every number for this job: row > [job] > [group] > [escalation], [defaults] > configuration > built in."""
        of_job, of_group = self._sections(job)
        # few jobs differ in these four, so ten thousand of them share a handful of answers
        key = (of_job and of_job.line, of_group and of_group.line, job.window, job.min_size)
        if key not in self._judged_by:
            row = {name: value for name, value in (("window", job.window), ("min_size", job.min_size)) if value is not None}
            sections = tuple((section.title, section.values) for section in (of_group, of_job) if section)
            self._judged_by[key] = _merged((*self.everywhere, *sections, ("row", row)))
        return self._judged_by[key]

    def owner(self, job: Job, admin: str) -> tuple[str, Literal["row", "group", "admin"]]:
        """The owner's e-mail address, and where it was set."""
        if job.owner_email:
            return job.owner_email, "row"
        _, of_group = self._sections(job)
        if of_group and "owner" in of_group.values:
            return of_group.values["owner"], "group"
        return admin, "admin"

    def escalation(self, job: Job) -> tuple[str, ...]:
        """E-mail addresses of those who are told beside the owner; () where the rules name nobody."""
        of_job, of_group = self._sections(job)
        everywhere = tuple(values for _, values in self.everywhere)
        sections = tuple(section.values for section in (of_group, of_job) if section)
        return next((values["escalate_to"] for values in reversed(everywhere + sections) if "escalate_to" in values), ())

    def unused(self, jobs: Iterable[Job]) -> tuple[Mistake, ...]:
        """The [job] and [group] sections that no job of the list answers to: most likely a name mistyped."""
        known = list(jobs)
        names = {folded(name) for job in known for name in (job.job_id, job.name)}
        groups = {folded(job.group) for job in known}
        idle = [section for name, section in self.jobs.items() if name not in names]
        idle += [section for name, section in self.groups.items() if name not in groups]
        return tuple(
            Mistake(
                section.line,
                section.title,
                f"no row of the job list has this {section.kind}",
                "the name as it stands in the list",
            )
            for section in sorted(idle, key=lambda section: section.line)
        )

    def _sections(self, job: Job) -> tuple[Section | None, Section | None]:
        if not self.jobs and not self.groups:
            return None, None
        of_job = (self.jobs.get(folded(job.job_id)) or self.jobs.get(folded(job.name))) if self.jobs else None
        return of_job, self.groups.get(folded(job.group)) if job.group else None


def parse_rules(text: str, *, config: Mapping[str, str]) -> Rules:
    """Reads the document over the configuration.

    Args:
        config: parameters by their last name: `shrink_threshold`, `quiet_hours`, `holidays`, any of `NUMBERS`; no others count.
    """
    document = read_document(text, SCHEMAS)
    mistakes = list(document.mistakes)
    configured = _configured(config, mistakes)
    shared = [(section.title, section.values) for kind in ("defaults", "escalation") for section in document.of_kind(kind)]
    rules = Rules(
        everywhere=((CONFIG, configured), *shared),
        groups={folded(section.name): section for section in document.of_kind("group")},
        jobs={folded(section.name): section for section in document.of_kind("job")},
        quiet_hours=_quiet_hours(document, config, mistakes),
    )
    mistakes += _contradictions(rules, document)
    return replace(rules, mistakes=tuple(sorted(mistakes, key=lambda mistake: mistake.line)))


def _merged(layers: Iterable[tuple[str, Mapping[str, Any]]]) -> Thresholds:
    values: dict[str, Any] = {}
    set_in: dict[str, str] = {}
    for where, layer in layers:
        numbers = {name: value for name, value in layer.items() if name in NUMBERS}
        values |= numbers
        set_in |= dict.fromkeys(numbers, where)
    return Thresholds(**values, set_in=set_in)


def _configured(config: Mapping[str, str], mistakes: list[Mistake]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, reader in NUMBERS.items():
        if config.get(name, "").strip():
            values |= _parameter(name, config[name], reader, name, mistakes)
    if config.get("shrink_threshold", "").strip():
        values = (
            _parameter("shrink_threshold", config["shrink_threshold"], NUMBERS["shrink_warn"], "shrink_warn", mistakes) | values
        )
    if values.get("shrink_warn", 0) > values.get("shrink_alert", Thresholds().shrink_alert) and "shrink_alert" not in values:
        values["shrink_alert"] = values["shrink_warn"]  # one threshold given is meant for both when it is the larger
    return values


def _parameter(parameter: str, text: str, reader: Field, name: str, mistakes: list[Mistake]) -> dict[str, Any]:
    try:
        return {name: reader.read(text)}
    except UnreadableError as error:
        mistakes.append(Mistake(0, f"{CONFIG}/{parameter}", f"{parameter} cannot be “{error.typed}”", error.right))
        return {}


def _quiet_hours(document: Document, config: Mapping[str, str], mistakes: list[Mistake]) -> QuietHours:
    hours = {key: value for section in document.of_kind("quiet hours") for key, value in section.values.items()}
    days_off = document.of_kind("holidays")
    place = {key: value for section in days_off for key, value in section.values.items()}
    if "hours" not in hours and config.get("quiet_hours", "").strip():
        hours |= _parameter("quiet_hours", config["quiet_hours"], Field(read=read_hours), "hours", mistakes)
    if "country" not in place and config.get("holidays", "").strip():
        place |= _parameter("holidays", config["holidays"], Field(read=read_place), "country", mistakes)
    own = [place.get("dates", frozenset()), *(dates for section in days_off for dates in section.others)]
    built_in = QuietHours()
    quiet_from, quiet_to = hours.get("hours", (built_in.quiet_from, built_in.quiet_to))
    country, subdivision = _place(place, days_off, mistakes)
    return QuietHours(
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        working_days=hours.get("working days", built_in.working_days),
        holidays=frozenset().union(*own),
        country=country,
        subdivision=subdivision,
    )


def _place(place: Mapping[str, Any], sections: Sequence[Section], mistakes: list[Mistake]) -> tuple[str, str]:
    """Country and subdivision, if their holidays are known; a subdivision of its own line wins."""
    country, subdivision = place.get("country", ("", ""))
    subdivision = place.get("subdivision", subdivision)
    try:
        check_place(country, subdivision)
    except UnreadableError as error:
        lines = (section.lines.get("subdivision") or section.lines.get("country") for section in sections)
        line = next((found for found in lines if found), 0)
        mistakes.append(Mistake(line, "[holidays]", f"the public holidays of “{error.typed}” are not known", error.right))
        return "", ""
    return country, subdivision


_ORDERED = (("shrink_warn", "shrink_alert"), ("baseline_runs_min", "baseline_runs"))


def _contradictions(rules: Rules, document: Document) -> list[Mistake]:
    """Pairs of numbers of which the first may not be larger, each judged with what it inherits."""
    found = []
    for section in document.sections:
        own = () if section.kind in {"defaults", "escalation"} else ((section.title, section.values),)
        numbers = _merged((*rules.everywhere, *own))
        for less, more in _ORDERED:
            if {less, more} & section.values.keys() and getattr(numbers, less) > getattr(numbers, more):
                line = section.lines.get(less) or section.lines[more]
                problem = (
                    f"{less} ({getattr(numbers, less):g}) is above {more} ({getattr(numbers, more):g}, {numbers.where(more)})"
                )
                found.append(Mistake(line, section.title, problem, f"{less} at most {more}; set both"))
    return found
