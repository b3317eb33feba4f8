"""What both forms of a check-in have in common once it is known whose key it came with: the record, and the check at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workflows.backup.heartbeat_keys import Holder, Keys, KnownKeys
from workflows.backup.ports import CheckIn, CheckIns
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Bus, Event

ENDED = frozenset({"ok", "warning", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """Nothing was recorded, because of one thing.

    `misfit`: well formed, but not with a key that is known here. `over`: the enrolment key counts no longer for this job. `off`:
    the path form is switched off. `unknown`: nobody knows this job, and it did not ask to be proposed.
    """

    why: Literal["unsigned", "misfit", "skewed", "invalid", "over", "off", "unknown"]
    says: str


RESERVED = Declined(why="invalid", says="this job_id is reserved: under it the sentinel tests itself")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """It is recorded; `before` when it was already.

    Attributes:
        ignored: fields that mean nothing. unread: why a size was not understood.
        unsaid: why the check at once could not be asked for.
        note: for whoever sent it, such as that another key should be used.
    """

    check_in: CheckIn
    before: bool = False
    ignored: tuple[str, ...] = ()
    unread: str = ""
    unsaid: str = ""
    note: str = ""


Enrol = Callable[[CheckIn, bool, datetime], Taken | Declined]
"""Takes a check-in that came with the enrolment key, as `enrolment.enrol` does; True: a job that nobody knows may be proposed."""


def whose(keys: KnownKeys, judge: Callable[[Keys], Holder | Declined]) -> Holder | Declined:
    """What the remembered keys say; where the key does not fit, what those in force say: it may have been changed."""
    said = judge(keys.known())
    return judge(keys.read_again()) if isinstance(said, Declined) and said.why == "misfit" else said


def record(check_in: CheckIn, *, check_ins: CheckIns, bus: Bus, now: datetime, check: bool = True) -> Taken:
    """Stores it, once, and has its job checked now: the owner sees green, or hears of a failure, within seconds.

    Dying in between loses only the haste: the job's `due` and the hourly run read what is recorded. That is why a repeat, which
    may follow a lost answer, asks for nothing. Raises OutsideError when it could not be stored.
    """
    new = check_ins.record(check_in, now=now)
    return Taken(check_in=check_in, before=not new, unsaid=_ask_for_check(check_in, bus) if new and check else "")


def _ask_for_check(check_in: CheckIn, bus: Bus) -> str:
    """Answers why it could not ask. A run that goes on is looked at when it is due."""
    if check_in.outcome not in ENDED:
        return ""
    detail = {"v": 1, "job_ids": [check_in.job_id], "why": "heartbeat", "by": "heartbeat"}
    try:
        bus.publish([Event(kind="bk.check", detail=detail)])
    except OutsideError as error:
        return str(error)
    return ""


def moment_text(at: datetime) -> str:
    """As sort keys begin: always of one length, so that text order is time order."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
