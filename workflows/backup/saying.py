"""What must be said, and to whom: `say` grows, `told` follows, `pending` stands while someone is behind."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workflows.backup.job import Job
from workflows.backup.standing import SayKind, Standing, State
from workflows.backup.thresholds import Thresholds
from workflows.kernel.calendar import BusinessHours

BROKEN: frozenset[State] = frozenset({"warn", "alert", "escalate", "pending_fixed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a conclusion needs to know besides the verdict.

    Attributes:
        hours: the owner's business hours; they run the clocks of escalation and reminders.
        recipients: whom a break is told to, the owner first; escalation: who is told beside them once it escalates.
        period: how often a good run is expected.
        new_bad_run: this look found a run that was not known before, newer than the newest good one, and bad.
    """

    now: datetime
    job: Job
    thresholds: Thresholds
    hours: BusinessHours
    recipients: tuple[str, ...]
    escalation: tuple[str, ...]
    period: timedelta
    new_bad_run: bool = False


def broken(standing: Standing) -> bool:
    return standing.state in BROKEN


def quiet(standing: Standing, now: datetime) -> bool:
    """Muted or snoozed: still tested, but nothing is said."""
    return standing.muted or (standing.snooze_until is not None and standing.snooze_until > now)


def say_aloud(standing: Standing, kind: SayKind, now: datetime) -> Standing:
    """Something that notifies. While quiet it is held, and the end of the quiet time says it."""
    if quiet(standing, now):
        return replace(standing, held=kind)
    say = standing.say + 1
    return replace(standing, say=say, loud=say, loud_kind=kind, held="", remind_from=now)


def show(standing: Standing) -> Standing:
    """Something that is shown by an edit, and notifies nobody."""
    return replace(standing, say=standing.say + 1)


def escalate(standing: Standing, now: datetime, target: tuple[str, ...]) -> Standing:
    """Tells the named target beside the owner. It is said even where the job is muted (only critical ones come here muted)."""
    say = standing.say + 1
    return replace(
        standing,
        state="escalate",
        since=now,
        escalated=True,
        recipients=tuple(dict.fromkeys((*standing.recipients, *target))),
        say=say,
        loud=say,
        loud_kind="worse",
        held="",
        remind_from=now,
        clock_left_seconds=None,
        clock_from=None,
    )


def was_told(standing: Standing) -> bool:
    """Someone holds a living message of the present break."""
    return any(told.break_id == standing.break_id and told.ts for told in standing.told.values())


def untold(standing: Standing) -> tuple[str, ...]:
    """The recipients who were told less than there is to say.

    Nothing else is asked: whether they are to see it is decided when it is written, by what is stored then. A check that asked
    here whether they hold a message would ask a copy that dispatch may just be changing.
    """
    if not standing.break_id:
        return ()
    told = standing.told
    return tuple(who for who in standing.recipients if (told[who].say if who in told else 0) < standing.say)


def audience(standing: Standing, about: Circumstances) -> tuple[str, ...]:
    """The present recipients, and whoever was told of this break: their message must stay true too."""
    told = (recipient for recipient, what in standing.told.items() if what.break_id == standing.break_id)
    target = about.escalation if standing.escalated and broken(standing) else ()
    return tuple(dict.fromkeys((*about.recipients, *target, *told)))


def mark_pending(standing: Standing, now: datetime) -> Standing:
    """`pending` stands exactly where someone must be told now."""
    if not untold(standing):
        return replace(standing, pending=None) if standing.pending is not None else standing
    return standing if standing.pending is not None else replace(standing, pending=now)
