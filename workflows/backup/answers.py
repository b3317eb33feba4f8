"""What a press does to a standing: pure. The use cases in `acknowledgement` carry it out."""

from dataclasses import replace
from datetime import datetime

from workflows.backup.saying import broken, escalate, mark_pending, say_aloud, show, was_told
from workflows.backup.standing import Answer, Standing


def fixed(standing: Standing, by: str, now: datetime) -> Standing:
    """Pending until a run decides. Once in a break it is free; after that it counts as a snooze, and can be one too many."""
    if standing.fixes > 0:
        if standing.snoozes >= standing.snoozes_max:
            return _escalated(standing, now)
        standing = replace(standing, snoozes=standing.snoozes + 1)
    after = replace(standing, state="pending_fixed", since=now, fixes=standing.fixes + 1, fixed_until=None, snooze_until=None)
    return _answered(after, Answer(kind="fixed", by=by, at=now), now)


def snoozed(standing: Standing, by: str, until: datetime, reason: str, now: datetime) -> Standing:
    """Quiet until then; one snooze too many is not granted, it escalates at once."""
    if standing.snoozes >= standing.snoozes_max:
        return _escalated(standing, now)
    after = replace(standing, snooze_until=until, snoozes=standing.snoozes + 1)
    return _answered(after, Answer(kind="snooze", by=by, at=now, until=until, reason=reason), now)


def muted(standing: Standing, by: str, now: datetime, *, until: datetime | None = None, reason: str = "") -> Standing:
    """Quiet until someone unmutes it, or until then."""
    return _answered(replace(standing, muted=True), Answer(kind="mute", by=by, at=now, until=until, reason=reason), now)


def unmuted(standing: Standing, by: str, now: datetime) -> Standing:
    """Speaks again: who holds the message sees it change, who never got one is told now."""
    after = replace(standing, muted=False, answer=Answer(kind="unmute", by=by, at=now))
    if broken(after) and not was_told(after):
        return _look_now(say_aloud(after, "opened", now), now)
    return _look_now(show(after) if broken(after) else after, now)


def size_accepted(standing: Standing, since: datetime, now: datetime) -> Standing:
    """Runs before `since` are not compared with any more; the check that follows at once says what that changes."""
    return _look_now(replace(standing, baseline_from=since), now)


def _escalated(standing: Standing, now: datetime) -> Standing:
    return _look_now(escalate(replace(standing, snooze_until=None), now, standing.escalation), now)


def _answered(standing: Standing, answer: Answer, now: datetime) -> Standing:
    after = replace(standing, answer=answer)
    return _look_now(show(after) if broken(after) else after, now)


def _look_now(standing: Standing, now: datetime) -> Standing:
    """Due now: the check that decides happens within a minute even if every nudge is lost."""
    return replace(mark_pending(standing, now), due=now)
