"""What people press, and what they are answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workflows.kernel.reply import Reply

__all__ = ["Press", "Reply", "SnoozeChoice", "SnoozeForm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press of a button (or its equal in a command or link).

    Attributes:
        user_id: a Slack member id; `by_link`: an e-mail address, proved by the link that was signed for it.
        break_id: "" where the surface shows no break.
    """

    job_id: str
    user_id: str
    team_id: str
    break_id: str = ""
    by_link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeChoice:
    """What the snooze modal sent: until the next run, for some days, or until a date (in the owner's zone)."""

    choice: Literal["next_run", "1d", "3d", "7d", "date"]
    date: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeForm:
    """What the snooze modal shows.

    Attributes:
        taken: snoozes already taken in this break; allowed: how many a break may have. When taken >= allowed, asking again
            escalates at once, and the modal says so first.
        next_run: when the next run is due, if the schedule says.
    """

    job_id: str
    break_id: str
    name: str
    critical: bool
    taken: int
    allowed: int
    next_run: datetime | None
    zone: str
