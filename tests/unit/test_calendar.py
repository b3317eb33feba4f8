from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workflows.kernel.calendar import BusinessHours, after_business, business_between, is_open, next_open

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WORKING_DAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
# days on which a clock is changed, and where
CHANGES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 29)),
    "Pacific/Apia": (date(2011, 12, 30), date(2011, 4, 2)),
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def office(
    opens: str = "08:00",
    closes: str = "18:00",
    *,
    days: frozenset[int] = WORKING_DAYS,
    holidays: frozenset[date] = frozenset(),
    zone: str = "Europe/Berlin",
) -> BusinessHours:
    return BusinessHours(
        opens=time.fromisoformat(opens), closes=time.fromisoformat(closes), days=days, holidays=holidays, zone=zone
    )


# --- by example ----------------------------------------------------------------------------------


def test_an_office_is_open_from_the_opening_minute_to_just_before_closing() -> None:
    assert not is_open(office(), at("2026-01-07T06:59:59"))
    assert is_open(office(), at("2026-01-07T07:00"))
    assert is_open(office(), at("2026-01-07T16:59:59"))
    assert not is_open(office(), at("2026-01-07T17:00"))


def test_after_work_on_friday_the_next_opening_is_monday() -> None:
    assert next_open(office(), at("2026-01-09T17:00")) == at("2026-01-12T07:00")


def test_a_holiday_is_passed_over() -> None:
    hours = office(holidays=frozenset({date(2026, 1, 12), date(2026, 1, 13)}))

    assert next_open(hours, at("2026-01-09T17:00")) == at("2026-01-14T07:00")
    assert business_between(hours, at("2026-01-09T16:00"), at("2026-01-14T08:00")) == 2 * HOUR


def test_a_day_of_business_time_takes_two_and_a_half_working_days() -> None:
    assert after_business(office(), at("2026-01-09T12:00"), 24 * HOUR) == at("2026-01-13T16:00")


def test_business_time_that_ends_at_closing_has_passed_at_closing() -> None:
    assert after_business(office(), at("2026-01-09T12:00"), 5 * HOUR) == at("2026-01-09T17:00")


def test_a_night_shop_stays_open_into_its_day_off() -> None:
    shop = office("20:00", "04:00")  # monday to friday nights

    assert is_open(shop, at("2026-01-10T02:59"))  # saturday
    assert not is_open(shop, at("2026-01-10T03:00"))
    assert not is_open(shop, at("2026-01-12T02:00"))  # monday before dawn belongs to sunday


def test_equal_hours_on_all_days_are_always_open() -> None:
    always = office("00:00", "00:00", days=EVERY_DAY)

    assert next_open(always, at("2026-03-29T01:00")) == at("2026-03-29T01:00")
    assert business_between(always, at("2026-01-01"), at("2027-01-01")) == 365 * DAY
    assert after_business(always, at("2026-01-01"), 365 * DAY) == at("2027-01-01")


def test_equal_hours_on_working_days_are_closed_at_the_weekend() -> None:
    assert next_open(office("00:00", "00:00"), at("2026-01-09T23:00")) == at("2026-01-11T23:00")


def test_a_night_with_a_clock_change_is_as_long_as_it_is() -> None:
    night = office("00:00", "06:00", days=EVERY_DAY)

    assert business_between(night, at("2026-03-28T20:00"), at("2026-03-29T20:00")) == 5 * HOUR
    assert business_between(night, at("2026-10-24T20:00"), at("2026-10-25T20:00")) == 7 * HOUR


def test_closing_at_a_time_that_comes_twice_closes_once() -> None:
    bar = office("20:00", "02:30", days=EVERY_DAY)

    assert is_open(bar, at("2026-10-25T00:29"))
    assert not is_open(bar, at("2026-10-25T00:30"))
    assert not is_open(bar, at("2026-10-25T01:15"))  # 02:15 again


def test_no_business_time_passes_backwards() -> None:
    assert business_between(office(), at("2026-01-09T12:00"), at("2026-01-09T10:00")) == timedelta()
    with pytest.raises(ValueError, match="cannot be taken back"):
        after_business(office(), at("2026-01-09T12:00"), -HOUR)


def test_more_business_time_than_the_calendar_has_is_a_clear_error() -> None:
    with pytest.raises(ValueError, match="no business hours after 9999"):
        after_business(office(), at("9999-12-01"), 9999 * HOUR)


@pytest.mark.parametrize(
    ("days", "zone", "hint"),
    [
        (frozenset(), "UTC", "name one at least"),
        (frozenset({7}), "UTC", "Monday 0 to Sunday 6"),
        (WORKING_DAYS, "Berlin", "IANA"),
    ],
)
def test_hours_that_are_never_open_cannot_be_made(days: frozenset[int], zone: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        office(days=days, zone=zone)


# --- against a slow and obvious clock ------------------------------------------------------------


@cache
def minutes_of(zone: str, around: date) -> list[tuple[datetime, datetime]]:
    """Every minute of some five days: the moment, and a clock on the wall that waits where the real one is set back."""
    start = datetime(around.year, around.month, around.day, tzinfo=UTC) - 3 * DAY
    shown = (start - 2 * DAY).replace(tzinfo=None)
    minutes = []
    for count in range(6 * 24 * 60):
        moment = start + count * MINUTE
        shown = max(shown, moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0))
        minutes.append((moment, shown))
    return minutes[DAY // MINUTE :]  # the first day only warms the clock up


def plainly_open(hours: BusinessHours, wall: datetime) -> bool:
    today, yesterday = wall.date(), wall.date() - DAY
    works_today, worked_yesterday = (day.weekday() in hours.days and day not in hours.holidays for day in (today, yesterday))
    if hours.closes > hours.opens:
        return works_today and hours.opens <= wall.time() < hours.closes
    return (works_today and wall.time() >= hours.opens) or (worked_yesterday and wall.time() < hours.closes)


times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45, 59)))
changes = st.sampled_from([(zone, day) for zone, days in CHANGES.items() for day in days])


@settings(max_examples=40, deadline=None)
@given(
    opens=times,
    closes=times,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    change=changes,
    day_off=st.integers(-2, 3),
    start=st.integers(0, 2 * 24 * 60),
    length=st.integers(0, 3 * 24 * 60 - 1),
)
@example(time(2, 30), time(2, 30), EVERY_DAY, ("Europe/Berlin", date(2026, 3, 29)), 3, 0, 4000)
@example(time(2, 15), time(2, 45), EVERY_DAY, ("Europe/Berlin", date(2026, 3, 29)), 3, 0, 4000)
@example(time(0), time(0, 15), frozenset({0, 4}), ("Africa/Cairo", date(2026, 4, 24)), 1, 0, 0)
@example(time(22), time(0, 30), EVERY_DAY, ("Africa/Cairo", date(2026, 4, 24)), 3, 0, 4000)
def test_hours_are_those_of_a_minute_by_minute_clock(
    opens: time, closes: time, days: frozenset[int], change: tuple[str, date], day_off: int, start: int, length: int
) -> None:
    zone, around = change
    hours = BusinessHours(opens=opens, closes=closes, days=days, holidays=frozenset({around + day_off * DAY}), zone=zone)
    minutes = minutes_of(zone, around)
    open_at = [plainly_open(hours, wall) for _, wall in minutes]
    end = start + length
    first, last = minutes[start][0], minutes[end][0]

    assert is_open(hours, first) == open_at[start]
    assert business_between(hours, first, last) == sum(open_at[start:end]) * MINUTE
    if any(open_at[start:]):
        assert next_open(hours, first) == minutes[open_at.index(True, start)][0]
    amount = sum(open_at[start:end]) * MINUTE
    if amount:
        last_open = max(index for index in range(start, end) if open_at[index])
        assert after_business(hours, first, amount) == minutes[last_open][0] + MINUTE


@settings(max_examples=60, deadline=None)
@given(
    opens=times,
    closes=times,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(1975, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    amount=st.timedeltas(timedelta(), timedelta(hours=40)),
)
def test_business_time_adds_up_in_every_zone(
    opens: time, closes: time, days: frozenset[int], zone: str, start: datetime, amount: timedelta
) -> None:
    hours = BusinessHours(opens=opens, closes=closes, days=days, holidays=frozenset(), zone=zone)

    end = after_business(hours, start, amount)
    following = next_open(hours, end)

    assert end >= start
    assert business_between(hours, start, end) == amount
    assert is_open(hours, following)
    assert business_between(hours, end, following) == timedelta()
    if amount:
        assert business_between(hours, start, end - timedelta(microseconds=1)) < amount


def test_a_long_row_of_holidays_is_passed_over() -> None:
    closed = frozenset(date(2026, 1, 1) + count * DAY for count in range(365))

    assert next_open(office(holidays=closed), at("2026-01-01T12:00")) == at("2027-01-01T07:00")
