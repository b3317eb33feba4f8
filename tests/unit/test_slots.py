from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.kernel.slots import Schedule, parse_schedule

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
# one zone for every way in which clocks change: by one hour, by half an hour, by two, at midnight, over a date line, or never
ODD_ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Antarctica/Casey",
    "America/Havana",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Nuuk",
    "Atlantic/Azores",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Asia/Kathmandu",
    "UTC",
)
CRONS = (
    "0 * * * *",
    "30 2 * * *",
    "30 1,2 * * *",
    "0 0 * * *",
    "30 23 * * *",
    "*/30 * * * *",
    "0 */2 * * *",
    "15 */6 * * *",
    "*/20 1-3 * * *",
    "0 2 * * 1-5",
    "0 3 * * sun",
    "0 4 L * *",
    "0 4 31 * *",
    "0 0 29 2 *",
    "0 9-18 * * 1-5",
    "30 2 1 * mon",
    "0 0 * * sun#5",
)
# since 1972 every zone is whole minutes from UTC
moments = st.integers(5 * 365 * 86400, 70 * 365 * 86400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def between(schedule: Schedule, start: datetime, end: datetime) -> list[datetime]:
    slots = []
    slot = schedule.next_after(start)
    while slot < end:
        slots.append(slot)
        slot = schedule.next_after(slot)
    return slots


# --- what people write ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cron"),
    [
        ("0 2 * * *", "0 2 * * *"),
        ("  */15  *  * * * ", "*/15 * * * *"),
        ("30 2 * * Mon-Fri", "30 2 * * mon-fri"),
        ("hourly", "0 * * * *"),
        ("Hourly :15", "15 * * * *"),
        ("hourly at 15", "15 * * * *"),
        ("every 6h", "0 */6 * * *"),
        ("Every 6 Hours", "0 */6 * * *"),
        ("every hour", "0 * * * *"),
        ("every 30m", "*/30 * * * *"),
        ("every 1 min", "* * * * *"),
        ("every 120 minutes", "0 */2 * * *"),
        ("every 24h", "0 0 * * *"),
        ("daily 02:00", "0 2 * * *"),
        ("Daily at 2:00", "0 2 * * *"),
        ("daily 2am", "0 2 * * *"),
        ("daily 12 am", "0 0 * * *"),
        ("daily 12:30 p.m.", "30 12 * * *"),
        ("daily mon-fri 02:00", "0 2 * * 1-5"),
        ("mon-fri 02:00", "0 2 * * 1-5"),
        ("Mon – Fri 02:00", "0 2 * * 1-5"),
        ("weekdays 02:00", "0 2 * * 1-5"),
        ("weekends 02:00", "0 2 * * 0,6"),
        ("fri-mon 2:00", "0 2 * * 0,1,5,6"),
        ("weekly sun 03:00", "0 3 * * 0"),
        ("weekly on Sundays at 3 PM", "0 15 * * 0"),
        ("weekly tue, thu 03:00", "0 3 * * 2,4"),
        ("Thursday 03:00", "0 3 * * 4"),
        ("monthly 1 04:00", "0 4 1 * *"),
        ("monthly 15th 4:05", "5 4 15 * *"),
        ("monthly 31 04:00", "0 4 L * *"),
        ("monthly last 04:00", "0 4 L * *"),
    ],
)
def test_schedules_are_read_as_people_write_them(text: str, cron: str) -> None:
    assert parse_schedule(text, "Asia/Singapore").cron == cron


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "daily 02:00"),
        ("nightly", "daily 02:00"),
        ("daily", "daily 02:00"),
        ("daily 2", "daily 02:00"),
        ("daily 02:00 14:00", "one time of day"),
        ("daily 24:00", "00:00 to 23:59"),
        ("daily 14 pm", "1 to 12"),
        ("hourly :60", "hourly :15"),
        ("every 5h", "divide the day: every 1, 2, 3, 4, 6, 8, 12 or 24 hours"),
        ("every 45m", "divide the hour"),
        ("every 90m", "divide the hour"),
        ("every 0h", "divide the day"),
        ("every 2 days", "daily 02:00"),
        ("weekly 03:00", "weekly sun 03:00"),
        ("weekly son 03:00", "'son' is not a day"),
        ("mon-xyz 03:00", "'xyz' is not a day"),
        ("monthly 04:00", "monthly 1 04:00"),
        ("monthly 30 04:00", "31 for the last day"),
        ("monthly 32 04:00", "1 to 28"),
        ("0 2 * * * *", "a cron has five"),
        ("61 2 * * *", "minute is wrong"),
        ("0 2 * * ?", "day-of-week is wrong"),
        ("0 0 31 2 *", "never comes"),
        ("0 0 31 4,6,9,11 *", "never comes"),
        ("0 0 */8 * mon#5", "never happens"),
        ("1" * 5000 + " 2 * * *", "characters long"),
    ],
)
def test_an_unreadable_schedule_says_what_would_be_right(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match=r"schedule") as raised:
        parse_schedule(text, "UTC")
    assert hint in str(raised.value)
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize("zone", ["", "Asia/Singapur", "../etc/passwd", "/etc/passwd", "America", "a\0b"])
def test_an_unknown_zone_says_what_would_be_right(zone: str) -> None:
    with pytest.raises(ValueError, match="Asia/Singapore"):
        parse_schedule("hourly", zone)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.from_regex(r"(daily|weekly|monthly|every|hourly|mon)[ 0-9a-z:,#-]{0,20}", fullmatch=True),
        st.from_regex(r"[0-9*/,#LW-]{1,4}( [0-9*/,#LWa-c-]{1,4}){3,5}", fullmatch=True),
    )
)
def test_any_text_is_a_schedule_or_a_clear_error(text: str) -> None:
    try:
        schedule = parse_schedule(text, "UTC")
    except ValueError as error:
        assert "schedule" in str(error)  # noqa: PT017 - most texts are errors, some are not
    else:
        assert schedule.next_after(at("2026-01-01")) > at("2026-01-01")


@pytest.mark.parametrize(
    ("text", "cadence", "gap", "slack"),
    [
        ("hourly", "hourly", HOUR, HOUR),
        ("*/15 * * * *", "sub-daily", 15 * MINUTE, 7.5 * MINUTE),
        ("0,40 * * * *", "sub-daily", 40 * MINUTE, 20 * MINUTE),
        ("every 6h", "sub-daily", 6 * HOUR, 3 * HOUR),
        ("0 9-18 * * *", "sub-daily", 15 * HOUR, 7.5 * HOUR),
        ("daily 02:00", "daily", DAY, 2 * HOUR),
        ("mon-fri 02:00", "daily", 72 * HOUR, 2 * HOUR),
        ("0 9-18 * * 1-5", "daily", 63 * HOUR, 2 * HOUR),
        ("0 2 */2 * *", "daily", 2 * DAY, 2 * HOUR),
        ("weekly sun 03:00", "weekly", 7 * DAY, DAY),
        ("0 3 1,15 * *", "weekly", 17 * DAY, DAY),
        ("monthly 1 04:00", "monthly", 31 * DAY, DAY),
        ("monthly 31 04:00", "monthly", 31 * DAY, DAY),
        ("0 4 31 * *", "monthly", 61 * DAY, DAY),
        ("0 0 29 2 *", "monthly", 1461 * DAY, DAY),
        ("0 0 * 12 *", "monthly", 336 * DAY, DAY),
        ("0 2 1 1 *", "monthly", 366 * DAY, DAY),
    ],
)
def test_the_longest_gap_decides_cadence_and_slack(text: str, cadence: str, gap: timedelta, slack: timedelta) -> None:
    schedule = parse_schedule(text, "Europe/Berlin")

    assert (schedule.cadence, schedule.gap, schedule.slack) == (cadence, gap, slack)


# --- changes of clocks ---------------------------------------------------------------------------


def test_a_time_that_the_clock_jumps_over_is_one_slot_at_the_jump() -> None:
    berlin = parse_schedule("daily 02:30", "Europe/Berlin")

    assert berlin.slots_before(at("2026-03-30T12:00"), 3) == (
        at("2026-03-30T00:30"),
        at("2026-03-29T01:00"),
        at("2026-03-28T01:30"),
    )


def test_a_time_that_the_clock_shows_twice_is_one_slot_at_the_first() -> None:
    berlin = parse_schedule("daily 02:30", "Europe/Berlin")

    assert berlin.slots_before(at("2026-10-26T12:00"), 3) == (
        at("2026-10-26T01:30"),
        at("2026-10-25T00:30"),
        at("2026-10-24T00:30"),
    )


def test_several_times_within_the_jump_are_one_slot() -> None:
    berlin = parse_schedule("*/15 2 * * *", "Europe/Berlin")

    assert between(berlin, at("2026-03-29T00:00"), at("2026-03-29T12:00")) == [at("2026-03-29T01:00")]


def test_a_midnight_that_does_not_exist_is_one_slot() -> None:
    cairo = parse_schedule("daily 00:00", "Africa/Cairo")

    assert between(cairo, at("2026-04-23T12:00"), at("2026-04-25T12:00")) == [at("2026-04-23T22:00"), at("2026-04-24T21:00")]


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_hourly_is_one_slot_every_real_hour(zone: str) -> None:
    half_hours = {"Australia/Lord_Howe"}  # its clock changes by half an hour
    for change in changes_of(ZoneInfo(zone), 2026):
        slots = between(parse_schedule("hourly", zone), change - 2 * DAY, change + 2 * DAY)
        uneven = [slot for slot, after in pairwise(slots) if after - slot != HOUR]
        assert len(uneven) <= (zone in half_hours)
        assert 95 <= len(slots) <= 96


def test_every_two_hours_has_no_slot_at_an_hour_that_does_not_exist() -> None:
    """A cron with a starred hour does not run then: expecting it would be a false alarm once a year."""
    berlin = parse_schedule("every 2h", "Europe/Berlin")

    assert between(berlin, at("2026-03-28T22:30"), at("2026-03-29T03:00")) == [at("2026-03-28T23:00"), at("2026-03-29T02:00")]


@pytest.mark.thorough
def test_every_zone_has_one_slot_a_day_at_the_right_time_of_day() -> None:
    for zone in ZONES:
        clock = ZoneInfo(zone)
        schedule = parse_schedule("daily 01:30", zone)
        for change in changes_of(clock, 2026):
            shown = [slot.astimezone(clock) for slot in schedule.slots_before(change + 2 * DAY, 4)]
            assert [newer.date() - older.date() for older, newer in pairwise(reversed(shown))] == [DAY] * 3, zone
            assert all(slot.time() == time(1, 30) or off_by_a_clock_change(slot) for slot in shown), zone


def changes_of(clock: ZoneInfo, year: int) -> list[datetime]:
    """The days of a year on which a clock is changed, and one ordinary one."""
    days = [datetime(year, 1, 1, tzinfo=UTC) + count * DAY for count in range(366)]
    offsets = [day.astimezone(clock).utcoffset() for day in days]
    return [day for day, before, after in zip(days[1:], offsets, offsets[1:], strict=False) if before != after] + days[-1:]


def off_by_a_clock_change(slot: datetime) -> bool:
    before = (slot.astimezone(UTC) - timedelta(seconds=1)).astimezone(slot.tzinfo)
    return before.utcoffset() != slot.utcoffset()


@pytest.mark.parametrize("cron", CRONS)
@settings(max_examples=8, deadline=None)
@given(zone=st.sampled_from(ODD_ZONES) | st.sampled_from(ZONES), moment=moments)
def test_slots_are_ordered_whole_and_the_same_from_both_sides(cron: str, zone: str, moment: datetime) -> None:
    schedule = parse_schedule(cron, zone)
    last = schedule.slots_before(moment, 5)
    following = schedule.next_after(moment)

    assert last[0] <= moment < following
    assert all(newer > older for newer, older in pairwise(last))
    assert schedule.next_after(last[0]) == following
    assert [schedule.next_after(slot) for slot in last[1:]] == list(last[:-1])
    assert schedule.slots_before(last[-1], 1) == (last[-1],)
    assert schedule.slots_before(following, 6) == (following, *last)


@pytest.mark.parametrize("cron", [cron for cron in CRONS if cron != "0 0 29 2 *"])
@settings(max_examples=6, deadline=None)
@given(zone=st.sampled_from(ODD_ZONES) | st.sampled_from(ZONES), moment=moments)
def test_slots_are_those_of_a_slow_look_at_every_minute(cron: str, zone: str, moment: datetime) -> None:
    schedule = parse_schedule(cron, zone)
    start = moment.replace(second=0, microsecond=0)

    found = [slot for slot in between(schedule, start, start + DAY) if not off_by_a_clock_change(slot.astimezone(ZoneInfo(zone)))]

    assert found == minute_by_minute(cron, ZoneInfo(zone), start)


def minute_by_minute(cron: str, zone: ZoneInfo, start: datetime) -> list[datetime]:
    """Every minute of a day at which the clock shows what the cron says: the first time only, unless the hour is starred."""
    minutes, hours, *_ = fields = cron.split()
    walked = [(start - DAY - HOUR + count * MINUTE).astimezone(zone) for count in range(2 * 24 * 60 + 60)]
    shown: set[datetime] = set()
    found = []
    for moment in walked:
        wall = moment.replace(tzinfo=None, fold=0)
        fits = matches(minutes, wall.minute) and matches(hours, wall.hour) and day_matches(fields, wall.date())
        again = wall in shown and not hours.startswith("*")
        if fits and not again and moment > start and not off_by_a_clock_change(moment):
            found.append(moment.astimezone(UTC))
        shown.add(wall)
    return found


def matches(field: str, value: int) -> bool:
    """A cron field as plainly as can be."""
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        begin, end = (0, 59) if span == "*" else (int(first), int(last or first))
        if value in range(begin, end + 1, int(step or 1)):
            return True
    return False


def day_matches(fields: list[str], day: date) -> bool:
    names = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), range(1, 8), strict=True))
    of_month, of_week = fields[2], fields[4]
    in_month = (day + DAY).day == 1 if of_month == "L" else matches(of_month, day.day)
    weekday, _, nth = of_week.partition("#")
    in_week = weekday == "*" or matches(str(names.get(weekday, weekday)), day.isoweekday())
    in_week = in_week and (not nth or (day.day + 6) // 7 == int(nth))
    return (in_month and in_week) if "*" in (of_month, of_week) else (in_month or in_week)


@settings(max_examples=30, deadline=None)
@given(cron=st.sampled_from(CRONS), zone=st.sampled_from(ZONES), moment=moments)
def test_no_two_slots_are_further_apart_than_the_gap_and_a_change_of_clocks(cron: str, zone: str, moment: datetime) -> None:
    schedule = parse_schedule(cron, zone)
    after = schedule.next_after(moment)
    clock = ZoneInfo(zone)
    before = schedule.slots_before(moment, 1)[0]

    walls = [slot.astimezone(clock).replace(tzinfo=None) for slot in (before, after)]
    changed = abs((after - before) - (walls[1] - walls[0]))
    jumps_over_one = schedule.gap if cron.split()[1].startswith("*") and changed else timedelta()
    assert after - before <= schedule.gap + changed + jumps_over_one + (DAY if schedule.gap > 28 * DAY else timedelta())


# --- month ends and leap years -------------------------------------------------------------------


def test_monthly_31_falls_on_the_last_day_of_every_month() -> None:
    slots = between(parse_schedule("monthly 31 04:00", "UTC"), at("2027-12-01"), at("2028-05-15"))

    assert [f"{slot:%m-%d}" for slot in slots] == ["12-31", "01-31", "02-29", "03-31", "04-30"]


def test_a_cron_on_the_31st_skips_shorter_months() -> None:
    slots = between(parse_schedule("0 4 31 * *", "UTC"), at("2026-01-01"), at("2026-12-31"))

    assert [slot.month for slot in slots] == [1, 3, 5, 7, 8, 10]


def test_the_29th_of_february_comes_in_leap_years_only() -> None:
    slots = between(parse_schedule("0 0 29 2 *", "Asia/Tokyo"), at("1998-01-01"), at("2110-01-01"))

    assert [slot.year for slot in slots] == [*range(2000, 2100, 4), 2104, 2108]


# --- speed ---------------------------------------------------------------------------------------


def test_asking_again_about_a_known_schedule_costs_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = parse_schedule("17 5 * * *", "Europe/Oslo")
    now = at("2026-06-01T09:00")
    expected = [schedule.slots_before(now, 3), (schedule.next_after(now),)]

    monkeypatch.setattr("workflows.kernel.slots.shown", None)  # whoever searches now fails

    for minutes in range(120):
        moment = now + minutes * MINUTE
        assert [schedule.slots_before(moment, 3), (schedule.next_after(moment),)] == expected


@pytest.mark.thorough
def test_what_is_known_of_a_frequent_schedule_stays_bounded() -> None:
    from workflows.kernel.slots import KNOWN_MAX, _track

    schedule = parse_schedule("*/5 * * * *", "Europe/Oslo")
    for days in range(40):
        schedule.slots_before(at("2026-06-01") + days * DAY, 200)
    assert len(_track(schedule.cron, schedule.zone).known.slots) <= 2 * KNOWN_MAX
