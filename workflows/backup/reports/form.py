"""A format as data: how the reports of one tool are known, what in them says what, and which signs decide how a run ended.

Most tools need no more than a `Format`; `reader` makes it a function from a part of a mail to its reports. Patterns are regular
expressions over the text, `^` and `$` mean its lines. What decides a status is safe before clever: a bad sign anywhere in a
run's text beats any good one, a good one must be there for a success, and an exit code that a script printed counts beside the
tool's words.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal

from workflows.backup.reports.cron import cron_of
from workflows.backup.reports.durations import duration_of
from workflows.backup.reports.moments import Order, day_of, moment_of, order_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.sizes import size_in, size_of
from workflows.backup.reports.statuses import WORST, said, status_of, worst
from workflows.kernel.mail import Part

Reader = Callable[[Part], tuple[Report, ...] | None]
"""None: not this format. An empty tuple: this format, and no run in it."""

Name = Literal["job", "series", "host", "what", "started", "finished", "duration", "size", "target"]

TEXT_MAX = 4_000_000
RUNS_MAX = 500
HEAD, TAIL = 60_000, 200_000
"""Fields are looked for in so much of a long text; signs of trouble in all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run's share of a text, with what its format needs to read it; `alone` where the text tells of no other."""

    text: str
    part: Part
    order: Order
    alone: bool = True

    def find(self, pattern: str) -> re.Match[str] | None:
        return compiled(pattern).search(ends(self.text))

    def moment(self, text: str) -> datetime | None:
        return moment_of(text, self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How the reports of one tool look.

    Attributes:
        marks: found in the text: it is this tool's. subject_marks: the same for the subject of the mail.
        begins: where a run begins, for texts that tell of several; what stands before the first belongs to it.
        ends: where one ends instead, each pattern tried if the one before is not there; what follows the last one belongs to it.
        fields: what to read -> patterns, the first that matches counts, its first group is the value.
        last: the fields whose last match counts, not the first.
        failure, warning, running, success: signs of how it ended. harmless: taken out before signs are looked for.
        exits: exit codes that only mean a warning; any other than 0 is a failure.
        maintenance, missed: what makes it no run of the job.
        binary: whether KB, MB, GB are powers of 1024 to this tool. two: what "12:34" means as a duration.
        subject: whether bad words in the subject count (not those of a cron mail, which quotes a command).
        refine: the last word, where data is not enough.
    """

    tool: str
    marks: str = ""
    subject_marks: str = ""
    begins: str = ""
    ends: tuple[str, ...] = ()
    fields: Mapping[Name, tuple[str, ...]] = field(default_factory=dict)
    last: frozenset[Name] = frozenset()
    failure: str = ""
    warning: str = ""
    running: str = ""
    success: str = ""
    harmless: str = ""
    exits: frozenset[int] = frozenset()
    maintenance: str = ""
    missed: str = ""
    binary: bool = False
    two: str = "h:m"
    subject: bool = True
    refine: Callable[[Report, Run], Report] | None = None


def reader(form: Format) -> Reader:
    """The format as a function."""

    def read(part: Part) -> tuple[Report, ...] | None:
        text = part.text if len(part.text) <= TEXT_MAX else part.text[: TEXT_MAX // 2] + "\n" + part.text[-TEXT_MAX // 2 :]
        if not known(form, part, text):
            return None
        order = order_of(text, part.sent)
        texts = split(text, form)
        runs = (Run(text=one, part=part, order=order, alone=len(texts) == 1) for one in texts)
        return merged(tuple(told(form, run) for run in runs))

    return read


def known(form: Format, part: Part, text: str) -> bool:
    return bool(form.marks and compiled(form.marks).search(ends(text))) or bool(
        form.subject_marks and compiled(form.subject_marks).search(part.subject)
    )


def told(form: Format, run: Run) -> Report:
    """What one run's text says."""
    text = compiled(form.harmless).sub("", run.text) if form.harmless else run.text
    status, words = status_by_signs(form, text, run.part.subject)
    cron = cron_of(run.part.subject)
    values = {name: value for name, patterns in form.fields.items() if (value := _value(run, name, patterns, form)) is not None}
    started, finished = (run.moment(values.get(name, "")) for name in ("started", "finished"))
    report = Report(
        tool=form.tool,
        status=status,
        job=_short(values.get("job", "")),
        series=_short(values.get("series", "") or ("" if "job" in values else cron.command)),
        host=_short(values.get("host", "") or cron.host),
        what=_short(values.get("what", "")),
        started=started,
        finished=finished,
        day=None if started or finished else day_of(values.get("started", "") or values.get("finished", ""), run.order),
        duration=duration_of(values["duration"], two=form.two, bare=True) if "duration" in values else None,
        size=read_size(values["size"], binary=form.binary) if "size" in values else None,
        target=_short(values.get("target", "")),
        maintenance=bool(form.maintenance and compiled(form.maintenance).search(ends(run.text))),
        missed=bool(form.missed and compiled(form.missed).search(ends(run.text))),
        said=words,
    )
    return form.refine(report, run) if form.refine else report


def status_by_signs(form: Format, text: str, subject: str = "") -> tuple[Status, str]:
    """How the run ended, and the line that says so."""
    signs: list[tuple[Status, str]] = []
    patterns: list[tuple[Status, str]] = [("failure", form.failure), ("warning", form.warning)]
    patterns += [("running", form.running), ("success", form.success)]
    for status, pattern in patterns:
        found = compiled(pattern).search(text) if pattern else None
        if found:
            signs.append((status, line_at(text, found.start())))
    signs += exit_signs(text, form.exits)
    if form.subject and not cron_of(subject).command and (by_subject := status_of(subject)) and by_subject in WORST[:2]:
        signs.append((by_subject, said(subject)))
    status = worst(one for one, _ in signs)
    return status, next((words for one, words in signs if one == status), "")


_EXIT = re.compile(
    r"(?<![\w./-])(?:(?:exit(?:ed)?|return(?:ed)?|rückgabe|code de sortie|código de salida)"
    r"(?:[ _-]?(?:with|code|status|value|wert))*|rc)(?:\s{1,4}[:=]?|[:=])\s{0,4}(-?\d{1,10})\b",
    re.IGNORECASE,
)


def exit_signs(text: str, warnings: frozenset[int]) -> list[tuple[Status, str]]:
    """What exit codes that the text names say: 0 is good, those in `warnings` a warning, others bad."""
    signs: list[tuple[Status, str]] = []
    for found in _EXIT.finditer(text):
        code = int(found[1])
        status: Status = "success" if code == 0 else "warning" if code in warnings else "failure"
        signs.append((status, line_at(text, found.start())))
        if len(signs) > 200:
            break
    return signs


def split(text: str, form: Format) -> list[str]:
    """The text parted where runs begin, or behind where they end."""
    cuts = [found.start() for found in compiled(form.begins).finditer(text)][1:] if form.begins else []
    for pattern in form.ends:
        cuts = cuts or [found.end() for found in compiled(pattern).finditer(text)][:-1]
    cuts = cuts[:RUNS_MAX]
    return [text[at:end] for at, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def merged(reports: tuple[Report, ...]) -> tuple[Report, ...]:
    """Maintenance told in several steps is one report; beside a run it is told only where it went wrong."""
    runs = tuple(report for report in reports if not report.maintenance)
    upkeep = [report for report in reports if report.maintenance]
    if not upkeep:
        return runs
    status = worst(report.status for report in upkeep)
    one = next(report for report in upkeep if report.status == status)
    return (*runs, one) if not runs or status in {"failure", "warning"} else runs


def read_size(text: str, *, binary: bool = False) -> int | None:
    """A size that stands alone or, failing that, the first one in the text."""
    alone = size_of(text, binary=binary)
    return size_in(text, binary=binary) if alone is None else alone


def line_at(text: str, at: int) -> str:
    """The line that holds this place (its first thousand characters around it), for people."""
    start = max(text.rfind("\n", max(0, at - 500), at) + 1, at - 500, 0)
    end = text.find("\n", at, at + 500)
    line = said(text[start : end if end >= 0 else at + 500])
    return line or said(text[at : at + 500])


def ends(text: str) -> str:
    """A long text without its middle."""
    return text if len(text) <= HEAD + TAIL else text[:HEAD] + "\n" + text[-TAIL:]


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)


def _value(run: Run, name: Name, patterns: tuple[str, ...], form: Format) -> str | None:
    text = ends(run.text)
    for pattern in patterns:
        if name in form.last:
            matches = list(compiled(pattern).finditer(text))
            found = matches[-1] if matches else None
        else:
            found = compiled(pattern).search(text)
        if found:
            return found[1].strip()
    return None


def _short(text: str) -> str:
    return " ".join(text.split())[:300]
