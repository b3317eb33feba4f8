"""What one backup report says of one run."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Status = Literal["success", "warning", "failure", "running", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run as its tool tells of it; what the text does not say is empty or None, never guessed.

    Attributes:
        tool: short name in lower case, such as "veeam", "restic", "synology-hyperbackup".
        job: the job's name as written. Where it changes with every run (an archive's name) `series` is what stays the same.
        host, what: the machine, and what was saved (a folder, a database, a list of machines).
        status: success only when the tool states or shows a complete run without a stated problem.
        started, finished: with a zone only if the text states one; else naive, in the local time of whoever wrote it.
        day: where the text gives a date and no time.
        size: bytes of source data the run handled, else the nearest size that the text states of this run.
        target: where it went, as written.
        maintenance: prune, check, verify, restore, a listing: no run of the job, whatever its status.
        missed: told to be overdue, or not to have started: no run either.
        said: the words that decided the status, for people; at most 200 characters.
    """

    tool: str
    status: Status
    job: str = ""
    series: str = ""
    host: str = ""
    what: str = ""
    started: datetime | None = None
    finished: datetime | None = None
    day: date | None = None
    duration: timedelta | None = None
    size: int | None = None
    target: str = ""
    maintenance: bool = False
    missed: bool = False
    said: str = ""
