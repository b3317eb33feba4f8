"""A hundred thousand moments, each asked twice: the rule, and somebody who looks at a clock on the wall every minute."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest

from workflows.backup.saying import left_alone_until
from workflows.backup.standing import Standing, State, Told
from workflows.kernel.calendar import BusinessHours
from workflows.kernel.days_off import DaysOff

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WEEK, AHEAD, EACH, WEEKS = 4 * 24 * 60, 10 * 24 * 60, 500, 200  # minutes that are asked about, and looked ahead; moments a week
ZONES = (
    "UTC",
    "Asia/Singapore",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Pacific/Apia",
)
COUNTRIES = ("", "", "DE", "SG", "US", "EG", "NP")
SAM = "sam@example.com"


class Wall:
    """What one clock shows, minute by minute, and whether anybody is at work by it. A time shown twice counts the first time."""

    def __init__(self, rng: random.Random) -> None:
        self.zone = rng.choice(ZONES)
        self.opens, self.closes = (time(rng.randrange(24), rng.choice((0, 15, 30, 45))) for _ in range(2))
        self.days = frozenset(rng.sample(range(7), rng.randint(1, 7)))
        self.country = rng.choice(COUNTRIES)
        self.start = datetime(2026, 1, 1, tzinfo=UTC) + rng.randrange(3 * 365) * DAY
        self.own = frozenset(self.start.date() + rng.randrange(12) * DAY for _ in range(rng.randrange(3)))
        years = range(self.start.year - 1, self.start.year + 2)
        self.public = frozenset(holidays.country_holidays(self.country, years=years)) if self.country else frozenset()
        self.open_at = self._look()

    @property
    def hours(self) -> BusinessHours:
        off = DaysOff(own=self.own, country=self.country)
        return BusinessHours(opens=self.opens, closes=self.closes, days=self.days, holidays=off, zone=self.zone)

    def _look(self) -> list[bool]:
        zone, before = ZoneInfo(self.zone), self.start - DAY
        furthest, shown = datetime.min, []  # noqa: DTZ901 - times on a wall have no zone
        for number in range(AHEAD + DAY // MINUTE):
            wall = (before + number * MINUTE).astimezone(zone).replace(tzinfo=None)
            furthest = max(furthest, wall)
            shown.append(furthest)
        return [self._at_work(wall) for wall in shown[DAY // MINUTE :]]

    def _at_work(self, wall: datetime) -> bool:
        today, yesterday = self._works(wall.date()), self._works(wall.date() - DAY)
        if self.closes > self.opens:
            return today and self.opens <= wall.time() < self.closes
        return (today and wall.time() >= self.opens) or (yesterday and wall.time() < self.closes)

    def _works(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.own and day not in self.public


def some_standing(rng: random.Random, now: datetime) -> tuple[Standing, bool]:
    """A standing, and whether telling Sam of it makes a sound that has to wait for business hours."""
    states: tuple[State, ...] = ("warn", "alert", "escalate", "all_green")
    state = rng.choice(states)
    critical, holds, louder, muted = (rng.random() < share for share in (0.3, 0.5, 0.5, 0.1))
    told = {SAM: Told(say=2, break_id="b", channel="D", ts="1", at=now)} if holds else {}
    standing = Standing(
        job_id="job", first_seen=now, since=now, state=state, break_id="b", critical=critical, muted=muted, told=told,
        recipients=(SAM,), say=3, loud=3 if louder else 2,
    )  # fmt: skip
    if state == "escalate" and critical:
        return standing, False
    if holds:
        return standing, louder
    return standing, state == "escalate" or (state in {"warn", "alert"} and not muted)


@pytest.mark.thorough
@pytest.mark.parametrize("part", range(4))
def test_nobody_is_disturbed_but_when_a_clock_on_the_wall_says_so(part: int) -> None:
    rng = random.Random(part)
    for _ in range(WEEKS // 4):
        wall = Wall(rng)
        hours = wall.hours
        for _ in range(EACH):
            minute = rng.randrange(WEEK)
            now = wall.start + minute * MINUTE
            standing, waits = some_standing(rng, now)
            opening = next((ahead for ahead in range(minute, len(wall.open_at)) if wall.open_at[ahead]), None)
            if opening is None:  # nobody works within the days that were looked at
                continue
            expected = wall.start + opening * MINUTE if waits and opening > minute else None

            assert left_alone_until(standing, SAM, {SAM: hours}.__getitem__, now) == expected, (wall.__dict__, now)
