"""What must be said, and to whom: `say` grows, `told` follows, `pending` stands while someone is behind."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workflows.backup.job import Job
from workflows.backup.standing import SayKind, Standing, State
from workflows.backup.thresholds import Thresholds
from workflows.kernel.calendar import BusinessHours, next_open
from workflows.kernel.delivery import address_of

Hours = Callable[[str], BusinessHours]
"""The business hours of one person, by e-mail address."""

BROKEN: frozenset[State] = frozenset({"warn", "alert", "escalate", "pending_fixed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a conclusion needs to know besides the verdict.

    Attributes:
        hours: the owner's business hours; they run the clocks of escalation and reminders.
        hours_of: those of anyone who may be told.
        recipients: whom a break is told to, the owner first; escalation: who is told beside them once it escalates.
        period: how often a good run is expected.
        new_bad_run: this look found a run that was not known before, newer than the newest good one, and bad.
    """

    now: datetime
    job: Job
    thresholds: Thresholds
    hours: BusinessHours
    hours_of: Hours
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


def left_alone_until(standing: Standing, recipient: str, hours: Hours, now: datetime) -> datetime | None:
    """Until when nothing of this may disturb the recipient; None where it may be said now, or makes no sound.

    An edit makes none, what is over before it was said is never sent, and the escalation of a critical job passes. Who is told
    by mail gets a letter for the end too, and a letter does disturb.
    """
    if not _disturbs(standing, recipient, now) or (standing.critical and standing.state == "escalate"):
        return None
    opens = next_open(hours(recipient), now)
    return opens if opens > now else None


def _disturbs(standing: Standing, recipient: str, now: datetime) -> bool:
    told = standing.told.get(recipient)
    if told is not None and told.break_id == standing.break_id and told.ts:
        return standing.loud > told.say or (address_of(told.channel) != "" and not broken(standing))
    return speaks(standing, now)


def speaks(standing: Standing, now: datetime) -> bool:
    """Whether someone who holds no message of this break is to get one."""
    return broken(standing) and (not quiet(standing, now) or standing.state == "escalate")


def opens_for(standing: Standing, hours: Hours, now: datetime) -> datetime | None:
    """When the first of those who wait may be told; None where somebody may be told now, or nobody is behind."""
    waits = [left_alone_until(standing, recipient, hours, now) for recipient in untold(standing)]
    later = [until for until in waits if until is not None]
    return min(later) if later and len(later) == len(waits) else None


def mark_pending(standing: Standing, now: datetime) -> Standing:
    """`pending` stands where someone must be told."""
    if not untold(standing):
        return replace(standing, pending=None) if standing.pending is not None else standing
    return standing if standing.pending is not None else replace(standing, pending=now)


def mark_pending_unless_deferred(standing: Standing, before: Standing, now: datetime, hours: Hours) -> Standing:
    """As `mark_pending`, but what dispatch has put off until somebody's business hours is not brought up again before them.

    Something new is, or somebody new: dispatch notes that it waits, and keeps a message that is there already true without a
    sound.
    """
    nothing_new = standing.say == before.say and set(untold(standing)) <= set(untold(before))
    put_off = before.pending is None and nothing_new and opens_for(standing, hours, now) is not None
    return standing if put_off else mark_pending(standing, now)
