"""What people press, and what they are answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workflows.kernel.reply import Reply

__all__ = ["MuteChoice", "MuteForm", "Press", "Reply", "SnoozeChoice", "SnoozeForm"]


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
    """What the snooze modal sent: until the next run, for some days, or until a date (in the owner's zone).

    Attributes:
        taken: how many snoozes the form said were taken. Where it is another number by now, somebody was quicker, and nothing
            is changed. None where nothing was said.
    """

    choice: Literal["next_run", "1d", "3d", "7d", "date"]
    date: str = ""
    reason: str = ""
    taken: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeForm:
    """What the snooze modal shows.

    Attributes:
        taken: snoozes already taken in this break; allowed: how many a break may have. When taken >= allowed, asking again
            escalates at once, and the modal says so first.
        next_run: when the next run is due, if the schedule says.
        snoozed: where it is snoozed now: by whom, and until when.
    """

    job_id: str
    break_id: str
    name: str
    critical: bool
    taken: int
    allowed: int
    next_run: datetime | None
    zone: str
    snoozed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteChoice:
    """What the mute modal sent.

    Attributes:
        date: until 09:00 of that day in the owner's zone, as YYYY-MM-DD; "" for no end.
        muted: the form was opened for a job that was muted already, to say until when and why.
    """

    date: str = ""
    reason: str = ""
    muted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteForm:
    """What the mute modal shows. `muted`: it is muted already; `until` and `reason`: what was said of that."""

    job_id: str
    break_id: str
    name: str
    muted: bool
    zone: str
    until: datetime | None = None
    reason: str = ""
