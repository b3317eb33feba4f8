"""The canary: a backup that does not exist, and fails once a week on purpose, so that the whole way to a person is tried.

It is on no list, and counts for nothing. What lets it fly, and looks whether its message arrived, is `canary_flight`; here is
what a check and a summary must know of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from workflows.backup.job import Job, Target
from workflows.backup.job_id import CANARY
from workflows.backup.standing import Standing
from workflows.backup.thresholds import Thresholds

NAME = "Weekly test"
NEVER = timedelta(days=90)
SILENT_MAX = timedelta(days=365)

Result = Literal["arrived", "missed", "held_back"]

NOTES: dict[Result, str] = {
    "arrived": "its message arrived",
    "missed": "its message did not arrive",
    "held_back": "its message was held back until business hours",
}
"""What the run says that ends a test: so it is known wherever the runs are."""

_RESULT_OF = {note: result for result, note in NOTES.items()}


def canary_job(admin: str, timezone: str) -> Job:
    """`admin`: the e-mail address of whoever is told. `timezone`: IANA name."""
    return Job(
        job_id=CANARY,
        name=NAME,
        targets=(Target("heartbeat"),),
        timezone=timezone,
        owner_email=admin,
        cells={"job_id": CANARY, "name": NAME, "target": "heartbeat", "owner_email": admin},
    )


def canary_thresholds() -> Thresholds:
    """It fails when it says so, and hardly for anything else: a week left out is no break. Nobody is reminded of it."""
    return Thresholds(window=SILENT_MAX, escalate_after=NEVER, remind_every=NEVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """How the newest test ended, and when one last arrived.

    Attributes:
        result: None while it has not ended. at: when it ended, or began.
        last_arrived: None where none is remembered.
    """

    result: Result | None
    at: datetime
    last_arrived: datetime | None


def news(standing: Standing | None) -> News | None:
    """From what is stored of the canary (`Standings.get(CANARY)`); None before its first test."""
    if standing is None or not standing.runs:
        return None
    newest = max(standing.runs, key=lambda run: run.at)
    arrived = [run.at for run in standing.runs if _RESULT_OF.get(run.note) == "arrived"]
    return News(result=_RESULT_OF.get(newest.note), at=newest.at, last_arrived=max(arrived, default=None))
