"""Schedules and the slots they name: when a job ought to run."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from workflows.kernel.clocks import first_moment, moments, shown
from workflows.kernel.schedule_text import cron_of

Cadence = Literal["hourly", "sub-daily", "daily", "weekly", "monthly"]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# How far a clock strays within a span, beyond what its two ends show: a summer time, double summer time, a station's 3 hours.
STRAY_MAX = timedelta(hours=4)
KNOWN_MAX = 4096
EARLIEST = datetime(1900, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a job ought to run, in one zone.

    On the days when clocks change, a schedule behaves like a careful cron: a named time of day ("02:30") is one slot a
    day, at the first of two 02:30s, or at the moment the clocks jump over it. A starred hour field (`hourly`,
    `every 2h`, `*/15 * * * *`) follows time as it passes: both of two 02:00s, and none where there is no 02:00.

    Attributes:
        text: as it was typed. cron: the five-field expression it means. zone: IANA name.
        cadence: decides the slack, and whether the fast or the slow run looks at the job.
        slack: how late a run may be before its slot counts as missed.
        gap: the longest time between two slots in a row, by the clock on the wall (a change of clocks may add its hour).
    """

    text: str
    cron: str
    zone: str
    cadence: Cadence
    slack: timedelta
    gap: timedelta

    def slots_before(self, moment: datetime, count: int) -> tuple[datetime, ...]:
        """The last `count` slots at or before `moment`, newest first, in UTC (none before 1900)."""
        track = _track(self.cron, self.zone)
        known = track.known
        index = bisect_right(known.slots, moment)
        back = min(self.gap, DAY) * min(count, 8)
        while not (known.start <= moment < known.end) or (index < count and known.start > EARLIEST):
            known = track.learn(moment - back, moment + min(24 * self.gap, DAY))
            index = bisect_right(known.slots, moment)
            back *= 2
        return tuple(reversed(known.slots[max(0, index - count) : index]))

    def next_after(self, moment: datetime) -> datetime:
        """The first slot after `moment`, in UTC."""
        track = _track(self.cron, self.zone)
        known = track.known
        index = bisect_right(known.slots, moment)
        times = 1
        while not (known.start <= moment < known.end) or index == len(known.slots):
            known = track.learn(moment, moment + times * min(24 * self.gap, DAY))
            index = bisect_right(known.slots, moment)
            times *= 2
        return known.slots[index]


@lru_cache(maxsize=4096)
def parse_schedule(text: str, zone: str) -> Schedule:
    """Reads cron, `hourly`, `every 6h`, `daily 02:00`, `mon-fri 02:00`, `weekly sun 03:00`, `monthly 1 04:00`.

    Raises ValueError that says what would be right.
    """
    _check_zone(zone)
    cron = cron_of(text)
    gap = _longest_gap(text, cron)
    cadence = _cadence(gap)
    return Schedule(text=text, cron=cron, zone=zone, cadence=cadence, slack=_slack(cadence, gap), gap=gap)


def _cadence(gap: timedelta) -> Cadence:
    """By the longest gap: working days are daily in spirit, and twice a week or every other day as well."""
    if gap == HOUR:
        return "hourly"
    if gap < DAY:
        return "sub-daily"
    if gap < 7 * DAY:
        return "daily"
    return "weekly" if gap < 28 * DAY else "monthly"


def _slack(cadence: Cadence, gap: timedelta) -> timedelta:
    match cadence:
        case "hourly":
            return HOUR
        case "sub-daily":
            return gap / 2
        case "daily":
            return 2 * HOUR
        case "weekly" | "monthly":
            return DAY


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        raise ValueError(
            f"{zone!r} is not a time zone; write an IANA name such as Asia/Singapore, Europe/Berlin or UTC"
        ) from None


def _longest_gap(text: str, cron: str) -> timedelta:
    """The longest time between two slots, from the times within a day and the days that have any."""
    fields = cron.split()
    if len(fields) != 5:
        raise ValueError(
            f"schedule {text!r} has {len(fields)} fields; a cron has five: minute hour day month weekday, as in 0 2 * * *"
        )
    try:
        sim = CronSim(cron, datetime(2023, 1, 1, tzinfo=UTC))
        days = _longest_gap_in_days(*fields[2:])
    except CronSimError as error:
        raise ValueError(
            f"schedule {text!r}: {_explained(error)}; a cron is minute hour day month weekday, as in 0 2 * * *"
        ) from None
    if not days:
        raise ValueError(f"schedule {text!r} never happens: no month has such a day; name a day that comes, as in 0 2 28 * *")
    times = sorted(hour * 60 + minute for hour in sim.hours for minute in sim.minutes)
    overnight = times[0] + 24 * 60 * days - times[-1]
    return timedelta(minutes=max(overnight, *(after - before for before, after in pairwise(times)), 0))


def _explained(error: CronSimError) -> str:
    """The library says "Bad day-of-month", of 31 Feb too."""
    field = str(error).removeprefix("Bad ")
    return f"its {field} is wrong" + (", or a day that never comes" if field == "day-of-month" else "")


@lru_cache(maxsize=1024)
def _longest_gap_in_days(day: str, month: str, weekday: str) -> int:
    """The longest gap between two days with slots; 0 if there are none.

    Leap years and weekdays come round in 28 years: plain weeks show all in one month, frequent schedules in five years,
    rare ones in sixty. The library gives up after 50 empty years, so that the work is bounded.
    """
    start = datetime(2023, 1, 1, tzinfo=UTC)
    weeks = day == month == "*" and not {"#", "L"} & set(weekday.upper())
    longest, before, seen = 0, None, 0
    for slot in CronSim(f"0 0 {day} {month} {weekday}", start - timedelta(seconds=1)):
        if before is not None:
            longest = max(longest, (slot - before).days)
        before, seen = slot, seen + 1
        if slot > start + (31 if weeks else 5 * 366 if seen > 40 else 60 * 366) * DAY:
            break
    return longest


@dataclass(frozen=True, slots=True)
class _Known:
    """All slots from `start` to `end`, in order."""

    start: datetime
    end: datetime
    slots: list[datetime]


class _Track:
    """What is known of the slots of one cron in one zone: ten thousand jobs ask about a hundred schedules and one moment.

    `known` is replaced as a whole, never changed: two threads at worst both learn the same.
    """

    __slots__ = ("_as_time_passes", "_days", "_times", "_zone", "known")

    def __init__(self, cron: str, zone: str) -> None:
        sim = CronSim(cron, EARLIEST)
        self._days = sim
        self._times = [time(hour, minute) for hour in sorted(sim.hours) for minute in sorted(sim.minutes)]
        self._as_time_passes = cron.split()[1].startswith("*") and len(sim.hours) > 1
        self._zone = ZoneInfo(zone)
        self.known = _Known(EARLIEST, EARLIEST, [])

    def learn(self, start: datetime, end: datetime) -> _Known:
        """Knows the slots from `start` to `end`, and those it knew, unless that would be too many."""
        start, end = max(start, EARLIEST), max(end, EARLIEST)
        old = self.known
        if old.slots and start <= old.end and old.start <= end and len(old.slots) < KNOWN_MAX:
            before = self._between(start, old.start) if start < old.start else []
            after = self._between(old.end, end) if end > old.end else []
            self.known = new = _Known(min(start, old.start), max(end, old.end), [*before, *old.slots, *after])
        else:
            self.known = new = _Known(start, end, self._between(start, end))
        return new

    def _between(self, start: datetime, end: datetime) -> list[datetime]:
        """The slots with start <= slot < end: what the clock on the wall shows then, in UTC."""
        first, last = shown(start, self._zone), shown(end, self._zone)
        stray = STRAY_MAX + abs((last - first) - (end - start))
        slots: set[datetime] = set()
        for wall in self._walls((first - stray).date(), (last + stray).date()):
            slots.update(moments(wall, self._zone) if self._as_time_passes else (first_moment(wall, self._zone),))
        return sorted(slot for slot in slots if start <= slot < end)

    def _walls(self, first: date, last: date) -> Iterator[datetime]:
        """The slots of these days by the clock on the wall.

        Days are matched by cronsim, which knows what cron means by them; its own walk from slot to slot costs five times
        as much, and follows other rules where clocks change.
        """
        for number in range((last - first).days + 1):
            day = first + number * DAY
            if day.month in self._days.months and self._days.match_day(day):
                for at in self._times:
                    yield datetime.combine(day, at)


@lru_cache(maxsize=4096)
def _track(cron: str, zone: str) -> _Track:
    return _Track(cron, zone)
