"""The clocks of one break: how long until it escalates, and when it is said again."""

from dataclasses import replace
from datetime import datetime, timedelta

from workflows.backup.standing import Standing
from workflows.backup.thresholds import Thresholds
from workflows.kernel.calendar import BusinessHours, after_business, business_between


def run_clock(standing: Standing, now: datetime, hours: BusinessHours, thresholds: Thresholds, *, critical: bool) -> Standing:
    """Starts, pauses or resumes the clock of escalation, as the standing says.

    It runs in an alert only: from its first delivery in business time, or for a critical job from the alert in plain time.
    A snooze or a "fixed" pauses it, a mute stops it (but not a critical job's).
    """
    if standing.state == "pending_fixed" or (standing.snooze_until is not None and standing.snooze_until > now):
        return pause_clock(standing, now, hours, critical=critical)
    if standing.state != "alert":
        return replace(standing, clock_left_seconds=None, clock_from=None)
    if standing.muted and not critical:
        return replace(standing, clock_from=None)
    if standing.clock_from is not None:
        return standing
    return _start(standing, now, thresholds, critical=critical)


def _start(standing: Standing, now: datetime, thresholds: Thresholds, *, critical: bool) -> Standing:
    whole = thresholds.escalate_after_critical if critical else thresholds.escalate_after
    left = whole.total_seconds() if standing.clock_left_seconds is None else standing.clock_left_seconds
    if standing.answer is not None and standing.clock_left_seconds is not None:
        return replace(standing, clock_from=now)  # resumed after a pause
    told = first_told(standing)
    start = standing.since if critical else (None if told is None else max(told, standing.since))
    return replace(standing, clock_left_seconds=left, clock_from=start)


def pause_clock(standing: Standing, now: datetime, hours: BusinessHours, *, critical: bool) -> Standing:
    """Takes off what had run when the answer was given, and stands still."""
    if standing.clock_left_seconds is None or standing.clock_from is None:
        return standing
    stopped = min(standing.answer.at, now) if standing.answer is not None else now
    start = min(standing.clock_from, stopped)
    ran = stopped - start if critical else business_between(hours, start, stopped)
    return replace(standing, clock_left_seconds=max(standing.clock_left_seconds - ran.total_seconds(), 0.0), clock_from=None)


def first_told(standing: Standing) -> datetime | None:
    """When this break first reached anyone."""
    return min((told.at for told in standing.told.values() if told.break_id == standing.break_id and told.ts), default=None)


def escalates_at(
    standing: Standing, now: datetime, hours: BusinessHours, thresholds: Thresholds, *, critical: bool
) -> datetime | None:
    """When the running clock ends; None while it stands still or there is nothing to escalate."""
    ticking = run_clock(standing, now, hours, thresholds, critical=critical)
    if ticking.state != "alert" or ticking.clock_left_seconds is None or ticking.clock_from is None:
        return None
    left = timedelta(seconds=ticking.clock_left_seconds)
    return ticking.clock_from + left if critical else after_business(hours, ticking.clock_from, left)


def reminds_at(standing: Standing, hours: BusinessHours, thresholds: Thresholds) -> datetime | None:
    """When an alert that nobody answers is said again; None for warnings and for what is not said yet."""
    if standing.state not in {"alert", "escalate"} or standing.remind_from is None:
        return None
    return after_business(hours, standing.remind_from, thresholds.remind_every)
