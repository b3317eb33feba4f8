"""Business hours: when people may be disturbed, and how long they had to act."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from workflows.kernel.clocks import first_moment, shown

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """When somebody is at work, in one zone. Quiet hours "18:00-08:00" are `opens` 08:00 and `closes` 18:00.

    Attributes:
        opens, closes: of a working day. Closing before opening means over midnight, and belongs to the day it opens on;
            equal means round the clock, so that equal hours on all seven days are always open.
        days: working days, Monday is 0.
        holidays: days off; a window that began the day before is not cut short.
        zone: IANA name. A time that the clock shows twice counts the first time, one that it jumps over at the jump.

    Raises ValueError where nothing would ever be open, or the zone is unknown.
    """

    opens: time
    closes: time
    days: frozenset[int]
    holidays: Container[date]
    zone: str

    def __post_init__(self) -> None:
        if not self.days or not self.days <= frozenset(range(7)):
            raise ValueError(
                f"working days {sorted(self.days)} are never open or unknown; name one at least, Monday 0 to Sunday 6"
            )
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("opening and closing are times of the zone's own clock, without a zone of theirs")
        try:
            ZoneInfo(self.zone)
        except (LookupError, ValueError, OSError):
            raise ValueError(f"{self.zone!r} is not a time zone; an IANA name such as Europe/Berlin is") from None


def is_open(hours: BusinessHours, moment: datetime) -> bool:
    """Whether `moment` lies within business hours; the closing moment does not."""
    return next_open(hours, moment) == moment


def next_open(hours: BusinessHours, moment: datetime) -> datetime:
    """`moment` itself if that is within business hours, else when they next begin; in UTC."""
    for start, end in _windows(hours, moment):
        if end > moment:
            return max(start, moment.astimezone(UTC))
    raise _never(moment)


def business_between(hours: BusinessHours, start: datetime, end: datetime) -> timedelta:
    """How much business time passed from `start` to `end`; none when `end` is not later."""
    passed = timedelta()
    for opened, closed in _windows(hours, start):
        if opened >= end:
            break
        passed += max(min(closed, end) - max(opened, start), timedelta())
    return passed


def after_business(hours: BusinessHours, start: datetime, amount: timedelta) -> datetime:
    """The first moment by which `amount` of business time has passed since `start`; in UTC.

    Raises ValueError for a negative amount, and for one that ends after the year 9999.
    """
    if amount < timedelta():
        raise ValueError(f"business time cannot be taken back: {amount}")
    if not amount:
        return start.astimezone(UTC)
    left = amount
    for opened, closed in _windows(hours, start):
        worked = max(closed - max(opened, start), timedelta())
        if worked >= left:
            return max(opened, start.astimezone(UTC)) + left
        left -= worked
    raise _never(start)


def _windows(hours: BusinessHours, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The times that are open, in order, from the one that `moment` may lie in to the last that a calendar knows."""
    day = shown(moment, ZoneInfo(hours.zone)).date() - DAY  # a window of yesterday may last over midnight
    while day < date.max - 2 * DAY:
        if day.weekday() in hours.days and day not in hours.holidays:
            start, end = _window(day, hours.opens, hours.closes, hours.zone)
            if start < end:  # the clock may jump over all of it
                yield start, end
        day += DAY


@lru_cache(maxsize=1024)
def _window(day: date, opens: time, closes: time, zone: str) -> tuple[datetime, datetime]:
    """When the day's hours begin and end, in UTC. Many jobs of one owner ask about the same days."""
    closing_day = day if closes > opens else day + DAY
    return first_moment(datetime.combine(day, opens), ZoneInfo(zone)), first_moment(
        datetime.combine(closing_day, closes), ZoneInfo(zone)
    )


def _never(moment: datetime) -> ValueError:
    return ValueError(f"no business hours after {moment.isoformat()} that a calendar could name")
