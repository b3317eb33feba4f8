"""The fleet as people wrote it: job list, rules and voice, read together and parsed only when one of them changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from workflows.backup.canary import canary_job
from workflows.backup.job import Job
from workflows.backup.job_id import is_reserved
from workflows.backup.joblist import JobList, RowError, job_from_cells, parse_jobs
from workflows.backup.rules import Rules
from workflows.backup.standing import Standing
from workflows.backup.voice import Voice
from workflows.backup.words import Sources, Words, text_of, words_of
from workflows.kernel.calendar import BusinessHours
from workflows.kernel.errors import CannotLook, OutsideError
from workflows.kernel.ports import Documents

__all__ = ["Fleet", "Sources", "hours_of", "insist_on_current", "job_as_last_listed", "job_of", "knows_less", "read_fleet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What is watched, and by which rules.

    Attributes:
        words: the rules and the voice in force.
        versions: of the three documents, to tell whether they must be read again.
        read_at: when the check began that read them so. out_of_reach: why a later one could not read them again, "" if it could.
        readable: there is a list, and it could be read. Without one the jobs are unknown, not gone: those that were watched
            before are judged by their last good rows.
    """

    jobs: Mapping[str, Job]
    listed: JobList
    words: Words
    versions: tuple[str, ...]
    read_at: datetime
    sources: Sources
    readable: bool = True
    out_of_reach: str = ""

    @property
    def current(self) -> bool:
        """Whether this is the list as it is now. Only then a row that is not on it is gone."""
        return self.readable and not self.out_of_reach

    @property
    def rules(self) -> Rules:
        return self.words.rules

    @property
    def voice(self) -> Voice:
        return self.words.voice

    @property
    def broken_rows(self) -> Mapping[str, RowError]:
        """Known ids whose row cannot be read now: they are judged by their last good row."""
        return {error.job_id: error for error in self.listed.errors if error.job_id and error.job_id not in self.jobs}


def read_fleet(
    documents: Documents,
    sources: Sources,
    *,
    last_good: Callable[[], Mapping[str, str]],
    now: datetime,
    kept: Fleet | None = None,
) -> Fleet:
    """Reads the three documents; what is `kept` does where none of them has changed, or none can be read just now.

    `last_good` gives the texts by key that were last in force without a mistake; it is asked only when one has mistakes.
    Raises CannotLook when the documents cannot be read and nothing is kept.
    """
    try:
        read = [documents.read(key) for key in (sources.jobs_key, sources.rules_key, sources.voice_key)]
    except OutsideError as error:
        if kept is None:
            raise
        return replace(kept, out_of_reach=str(error))
    versions = tuple(document.version if document else "" for document in read)
    if kept is not None and kept.versions == versions and kept.sources == sources:
        return replace(kept, read_at=now, out_of_reach="")
    good = kept.words.texts if kept is not None else {}
    words = words_of(read[1], read[2], sources, last_good=lambda: good or last_good())
    listed = parse_jobs(text_of(read[0]), timezone=sources.timezone, rules=words.rules)
    return Fleet(
        jobs={job.job_id: job for job in listed.jobs},
        listed=listed,
        words=words,
        versions=versions,
        read_at=now,
        sources=sources,
        readable=read[0] is not None and listed.readable,
    )


def job_of(fleet: Fleet, job_id: str, standing: Standing | None) -> Job | None:
    """The job as listed; a job that is watched but not listed, or badly, as its last good row had it. None where there is none.

    Whether a row that is gone takes its job off the watch is for a full run to say: until then it is watched.
    """
    if is_reserved(job_id):
        return canary_job(fleet.sources.admin, fleet.sources.timezone)
    job = fleet.jobs.get(job_id)
    if standing is None:
        return job
    if knows_less(fleet, standing):
        return job_as_last_listed(fleet, standing) if standing.state != "off_list" else None
    return job if job is not None or standing.state == "off_list" else job_as_last_listed(fleet, standing)


def knows_less(fleet: Fleet, standing: Standing) -> bool:
    """Whether a check that read the list later has given this job its row, or has taken it off, meanwhile."""
    return standing.listed_at is not None and fleet.read_at < standing.listed_at


def job_as_last_listed(fleet: Fleet, standing: Standing) -> Job | None:
    """The job as its last good row has it; None where that row is no longer good either."""
    rebuilt = job_from_cells(standing.row, timezone=fleet.sources.timezone, rules=fleet.rules) if standing.row else ()
    return rebuilt if isinstance(rebuilt, Job) else None


def insist_on_current(fleet: Fleet | None) -> None:
    """Raises CannotLook where list, rules and voice could not be read again: what was looked at went by what they were."""
    if fleet is not None and fleet.out_of_reach:
        raise CannotLook("out_of_reach", f"list, rules and voice are as of {fleet.read_at:%H:%M} UTC: {fleet.out_of_reach}")


def hours_of(fleet: Fleet, email: str) -> BusinessHours:
    """The business hours of one person, in their zone."""
    return fleet.words.hours(email)
