"""The fleet as people wrote it: job list, rules and voice, read together and parsed only when one of them changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
        versions: of the three documents, to tell whether they must be read again.
        readable: there is a list, and it could be read. Without one the jobs are unknown, not gone: those that were watched
            before are judged by their last good rows.
    """

    jobs: Mapping[str, Job]
    listed: JobList
    rules: Rules
    voice: Voice
    versions: tuple[str, ...]
    sources: Sources
    readable: bool = True

    @property
    def broken_rows(self) -> Mapping[str, RowError]:
        """Known ids whose row cannot be read now: they are judged by their last good row."""
        return {error.job_id: error for error in self.listed.errors if error.job_id and error.job_id not in self.jobs}


def read_fleet(documents: Documents, sources: Sources, *, kept: Fleet | None = None) -> Fleet:
    """Reads the three documents; returns `kept` itself where none of them has changed, or none can be read just now.

    Raises CannotLook when they cannot be read and nothing is kept.
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
    rules = parse_rules(rules_text, config=sources.config)
    listed = parse_jobs(listed_text, timezone=sources.timezone, rules=rules)
    return Fleet(
        jobs={job.job_id: job for job in listed.jobs},
        listed=listed,
        rules=rules,
        voice=parse_voice(voice_text),
        versions=versions,
        sources=sources,
        readable=read[0] is not None and listed.readable,
    )


def _text(document: Document | None) -> str:
    return document.text if document else ""


def job_of(fleet: Fleet, job_id: str, standing: Standing | None) -> Job | None:
    """The job as listed, or as its last good row had it while its row (or the whole list) cannot be read; None otherwise."""
    job = fleet.jobs.get(job_id)
    if job is not None or standing is None or (fleet.readable and job_id not in fleet.broken_rows):
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
        opens=quiet.quiet_to, closes=quiet.quiet_from, days=quiet.working_days, holidays=quiet.holidays, zone=zone
    )
