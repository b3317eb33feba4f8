"""What the sightings of a job teach: how often it runs, how large it is, and that in one honest line. Pure.

A schedule is only told where every slot since the first run would have been met with room to spare, by the same slack that
the job will be judged with. Where none fits, the window alone decides; where little was seen, a day is assumed, and said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil
from zoneinfo import ZoneInfo

from workflows.backup.learned_words import told
from workflows.kernel.ports import Json
from workflows.kernel.quantities import size_text, window_text
from workflows.kernel.slots import Schedule, parse_schedule

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RUNS_MIN, SPAN_MIN = 3, timedelta(hours=20)
"""So many good runs over so long a time say how often a job runs…"""
QUICK_RUNS_MIN, QUICK_SPAN_MIN = 6, timedelta(hours=2)
"""…and so many over less. Trying it out three times in a minute says nothing."""

ASSUMED = timedelta(hours=26)
ROOM = 0.75
"""Of a schedule's slack no more than this may have been needed so far."""
CROWD = 1.5
"""A schedule with many more runs than slots would miss most of what happens."""
WINDOW_MIN = HOUR
WINDOW_MAX = timedelta(days=400)
STEP_MINUTES = 5
SLOTS_MAX = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Cells as a row holds them, "" where nothing was learned, and the line for people."""

    schedule: str
    window: str
    min_size: str
    says: str


@dataclass(frozen=True, slots=True)
class _Good:
    """The good runs: when they ended, oldest first, and their sizes."""

    ends: list[datetime]
    sizes: list[int]


def learn(seen: Sequence[Json], *, zone: str, noun: str) -> Learned:
    """From sightings (see the project's `Proposal.seen`), in the company's zone. `noun`: what one of them is, "report"."""
    good = _good(seen)
    ends = good.ends
    enough = _enough(ends)
    schedule = _schedule(ends, zone) if enough else None
    window = _window(ends, schedule) if enough else max(ASSUMED, _roomy(_longest(ends)))
    return Learned(
        schedule=schedule.text if schedule is not None else "",
        window=window_text(min(window, WINDOW_MAX)),
        min_size=_least(good.sizes),
        says=told(seen, zone=zone, noun=noun, assumed=not enough and window == ASSUMED),
    )


def _good(seen: Sequence[Json]) -> _Good:
    good = [one for one in seen if one.get("outcome") in {"ok", "warning"} and one.get("size") != 0]
    return _Good(sorted(end_of(one) for one in good), [one["size"] for one in good if one.get("size")])


def end_of(sighting: Json) -> datetime:
    """When the run ended; when it was told of, where it does not say."""
    return datetime.fromisoformat(sighting.get("finished") or sighting["at"]).astimezone(UTC)


def _enough(ends: Sequence[datetime]) -> bool:
    span = ends[-1] - ends[0] if ends else timedelta(0)
    return (len(ends) >= RUNS_MIN and span >= SPAN_MIN) or (len(ends) >= QUICK_RUNS_MIN and span >= QUICK_SPAN_MIN)


def _longest(ends: Sequence[datetime]) -> timedelta:
    return max((later - earlier for earlier, later in pairwise(ends)), default=timedelta(0))


# --- the schedule --------------------------------------------------------------------------------


def _schedule(ends: Sequence[datetime], zone: str) -> Schedule | None:
    """The most frequent schedule that every run since the first would have met."""
    for text in _candidates([end.astimezone(ZoneInfo(zone)) for end in ends]):
        schedule = parse_schedule(text, zone)
        if _would_have_held(schedule, ends):
            return schedule
    return None


def _candidates(ends: Sequence[datetime]) -> Iterator[str]:
    """Schedules that might fit these ends by the clock on the wall, the most frequent first."""
    minute = _earliest([end.minute for end in ends], 60)
    yield "hourly" if minute < STEP_MINUTES else f"hourly :{minute:02}"
    for hours in (2, 3, 4, 6, 8, 12):
        yield f"every {hours}h"
    at = _earliest([_of_day(end) for end in ends], 24 * 60)
    yield f"daily {_clock(at)}"
    yield f"mon-fri {_clock(at)}"
    of_week = _earliest([end.weekday() * 24 * 60 + _of_day(end) for end in ends], 7 * 24 * 60)
    weekday, at = divmod(of_week, 24 * 60)
    yield f"weekly {('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')[weekday]} {_clock(at)}"
    day, at = divmod(min((end.day - 1) * 24 * 60 + _of_day(end) for end in ends), 24 * 60)
    yield f"monthly {day + 1 if day < 28 else 31} {_clock(at - at % STEP_MINUTES)}"


def _of_day(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _earliest(minutes: Sequence[int], circle: int) -> int:
    """The earliest of them on a clock that goes round, seen from the newest; on a full five minutes."""
    newest = minutes[-1]
    offset = min((one - newest + circle // 2) % circle - circle // 2 for one in minutes)
    first = (newest + offset) % circle
    return first - first % STEP_MINUTES


def _would_have_held(schedule: Schedule, ends: Sequence[datetime]) -> bool:
    """Whether each slot from the first run to the last was met within most of its slack, and hardly a run met none."""
    early, late = min(schedule.slack, schedule.gap) / 4, schedule.slack * ROOM
    met = 0
    for slot in _slots(schedule, ends[0] + early, ends[-1] + early):
        if any(slot - early <= end <= slot + late for end in ends):
            met += 1
        elif slot + late <= ends[-1]:
            return False
    return met >= RUNS_MIN and len(ends) <= CROWD * met


def _slots(schedule: Schedule, first: datetime, last: datetime) -> Iterator[datetime]:
    """The slots from the one before `first` to the last one before `last`; none where there would be too many."""
    (slot,) = schedule.slots_before(first, 1)
    for _ in range(SLOTS_MAX if (last - first) / schedule.gap < SLOTS_MAX else 0):
        if slot > last:
            return
        yield slot
        slot = schedule.next_after(slot)


# --- the window ----------------------------------------------------------------------------------


def _window(ends: Sequence[datetime], schedule: Schedule | None) -> timedelta:
    """How old the newest good run may be: never less than it was already, with room on top."""
    longest = _longest(ends)
    if schedule is None:
        return max(_roomy(longest), WINDOW_MIN)
    if longest <= schedule.gap + schedule.slack * ROOM:
        return schedule.gap + schedule.slack
    return _roomy(longest)


def _roomy(longest: timedelta) -> timedelta:
    """With the slack that a schedule with such gaps would have, on full hours."""
    slack = DAY if longest >= 6 * DAY else 2 * HOUR if longest >= 12 * HOUR else max(longest / 2, HOUR / 2)
    return ceil((longest + slack) / HOUR) * HOUR


# --- the size ------------------------------------------------------------------------------------


def _least(sizes: Sequence[int]) -> str:
    """Half of the smallest good one, in two digits that a row reads back; "" where none told its size."""
    half = min(sizes, default=0) // 2
    if half <= 0:
        return ""
    power = 10 ** max(len(str(half)) - 2, 0)
    return size_text(half - half % power)
