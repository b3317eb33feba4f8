"""Until when a snooze lasts."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflows.backup.press import SnoozeChoice
from workflows.backup.standing import Standing
from workflows.kernel.slots import parse_schedule

DAYS = {"1d": 1, "3d": 3, "7d": 7}
MORNING = time(9, 0)
SNOOZE_DAYS_MAX = 90


def snooze_end(standing: Standing, chosen: SnoozeChoice, now: datetime) -> datetime | str:
    """The moment at which the snooze ends, or what is wrong with the choice, in words for the person."""
    if chosen.choice == "next_run":
        return next_run(standing, now) or "This job has no schedule, so its next run is not known. Choose days or a date."
    if chosen.choice == "date":
        too_long = f"At most {SNOOZE_DAYS_MAX} days. To silence it for longer, mute it."
        return morning_of(chosen.date, standing, now, days_max=SNOOZE_DAYS_MAX, too_long=too_long)
    return now + timedelta(days=DAYS[chosen.choice])


def morning_of(text: str, standing: Standing, now: datetime, *, days_max: int, too_long: str) -> datetime | str:
    """09:00 of that day in the owner's zone, or what is wrong with it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return f"Choose a date, such as 2026-12-01; {text!r} is none." if text else "Choose a date."
    today = now.astimezone(ZoneInfo(standing.zone)).date()
    if day <= today:
        return "Choose a day after today."
    if day > today + timedelta(days=days_max):
        return too_long
    return datetime.combine(day, MORNING, ZoneInfo(standing.zone)).astimezone(UTC)


def next_run(standing: Standing, now: datetime) -> datetime | None:
    """When the next run must have ended: the next slot and its slack. None without a schedule."""
    text = standing.row.get("schedule", "").strip()
    if not text:
        return None
    try:
        schedule = parse_schedule(text, standing.timezone)
    except ValueError:  # the row has gone bad since: its error is told elsewhere
        return None
    return schedule.next_after(now) + schedule.slack
