"""The fleet as people wrote it: job list, rules and voice, read together and parsed only when one of them changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from workflows.backup.job import Job
from workflows.backup.joblist import JobList, RowError, job_from_cells, parse_jobs
from workflows.backup.rules import Rules, parse_rules
from workflows.backup.standing import Standing
from workflows.backup.voice import Voice, parse_voice
from workflows.kernel.calendar import BusinessHours
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Document, Documents
from workflows.kernel.quiet import QuietHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where the three documents lie, and what the configuration adds.

    Attributes:
        config: the rules that /bk/config sets, by parameter name.
        admin: e-mail address of the last resort. timezone: IANA name for rows that state none.
    """

    jobs_key: str
    rules_key: str
    voice_key: str
    timezone: str
    admin: str
    config: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What is watched, and by which rules.

    Attributes:
        rules, voice: in force. While a document has mistakes that is its last good version, with the mistakes of the present one.
        good_texts: object key -> the text in force of each of the two, to be kept for when it goes bad.
        versions: of the three documents, to tell whether they must be read again.
        readable: there is a list, and it could be read. Without one the jobs are unknown, not gone: those that were watched
            before are judged by their last good rows.
    """

    jobs: Mapping[str, Job]
    listed: JobList
    rules: Rules
    voice: Voice
    good_texts: Mapping[str, str]
    versions: tuple[str, ...]
    sources: Sources
    readable: bool = True

    @property
    def broken_rows(self) -> Mapping[str, RowError]:
        """Known ids whose row cannot be read now: they are judged by their last good row."""
        return {error.job_id: error for error in self.listed.errors if error.job_id and error.job_id not in self.jobs}


def read_fleet(
    documents: Documents, sources: Sources, *, last_good: Callable[[], Mapping[str, str]], kept: Fleet | None = None
) -> Fleet:
    """Reads the three documents; returns `kept` itself where none of them has changed, or none can be read just now.

    `last_good` gives the texts by key that were last in force without a mistake; it is asked only when one has mistakes.
    Raises CannotLook when the documents cannot be read and nothing is kept.
    """
    try:
        read = [documents.read(key) for key in (sources.jobs_key, sources.rules_key, sources.voice_key)]
    except OutsideError:
        if kept is None:
            raise
        return kept
    versions = tuple(document.version if document else "" for document in read)
    if kept is not None and kept.versions == versions and kept.sources == sources:
        return kept
    listed_text, rules_text, voice_text = (_text(document) for document in read)
    good = kept.good_texts if kept is not None else {}
    rules, rules_text = _rules_in_force(rules_text, sources, lambda: good or last_good())
    voice, voice_text = _voice_in_force(voice_text, sources, lambda: good or last_good())
    listed = parse_jobs(listed_text, timezone=sources.timezone, rules=rules)
    return Fleet(
        jobs={job.job_id: job for job in listed.jobs},
        listed=listed,
        rules=rules,
        voice=voice,
        good_texts={sources.rules_key: rules_text, sources.voice_key: voice_text},
        versions=versions,
        sources=sources,
        readable=read[0] is not None and listed.readable,
    )


def _rules_in_force(text: str, sources: Sources, last_good: Callable[[], Mapping[str, str]]) -> tuple[Rules, str]:
    """The rules of this text; where it has mistakes, those of the last good one, which then carry these mistakes."""
    rules = parse_rules(text, config=sources.config)
    good = last_good().get(sources.rules_key) if rules.mistakes else None
    if good is None:
        return rules, text
    return replace(parse_rules(good, config=sources.config), mistakes=rules.mistakes), good


def _voice_in_force(text: str, sources: Sources, last_good: Callable[[], Mapping[str, str]]) -> tuple[Voice, str]:
    voice = parse_voice(text)
    good = last_good().get(sources.voice_key) if voice.mistakes else None
    return (voice, text) if good is None else (replace(parse_voice(good), mistakes=voice.mistakes), good)


def _text(document: Document | None) -> str:
    return document.text if document else ""


def job_of(fleet: Fleet, job_id: str, standing: Standing | None) -> Job | None:
    """The job as listed; a job that is watched but not listed, or badly, as its last good row had it. None where there is none.

    Whether a row that is gone takes its job off the watch is for a full run to say: until then it is watched.
    """
    job = fleet.jobs.get(job_id)
    if job is not None or standing is None or standing.state == "off_list":
        return job
    return job_as_last_listed(fleet, standing)


def job_as_last_listed(fleet: Fleet, standing: Standing) -> Job | None:
    """The job as its last good row has it; None where that row is no longer good either."""
    rebuilt = job_from_cells(standing.row, timezone=fleet.sources.timezone, rules=fleet.rules) if standing.row else ()
    return rebuilt if isinstance(rebuilt, Job) else None


def hours_of(fleet: Fleet, email: str) -> BusinessHours:
    """The business hours of one person, in their zone."""
    return _hours(fleet.rules.quiet_hours, fleet.voice.zone(email) or fleet.sources.timezone)


@lru_cache(maxsize=256)
def _hours(quiet: QuietHours, zone: str) -> BusinessHours:
    return BusinessHours(
        opens=quiet.quiet_to, closes=quiet.quiet_from, days=quiet.working_days, holidays=quiet.days_off, zone=zone
    )
