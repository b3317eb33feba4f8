"""Schedules and the slots they name: when a job ought to run."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Cadence = Literal["hourly", "sub-daily", "daily", "weekly", "monthly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a job ought to run, in one zone.

    Attributes:
        text: as it was typed. cron: the five-field expression it means. zone: IANA name.
        cadence: decides the slack, and whether the fast or the slow run looks at the job.
        slack: how late a run may be before its slot counts as missed.
        gap: the longest time between two slots in a row.
    """

    text: str
    cron: str
    zone: str
    cadence: Cadence
    slack: timedelta
    gap: timedelta

    def slots_before(self, moment: datetime, count: int) -> tuple[datetime, ...]:
        """The last `count` slots at or before `moment`, newest first, in UTC."""
        raise NotImplementedError

    def next_after(self, moment: datetime) -> datetime:
        """The first slot after `moment`, in UTC."""
        raise NotImplementedError


def parse_schedule(text: str, zone: str) -> Schedule:
    """Reads cron, `hourly`, `every 6h`, `daily 02:00`, `weekly sun 03:00`, `monthly 1 04:00`. Raises ValueError that says what would be right."""
    raise NotImplementedError
