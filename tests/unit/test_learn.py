"""What is learned of a job that nobody listed: always a sound row, and one that would not have alarmed so far."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.backup.evidence import Run
from workflows.backup.job import Job
from workflows.backup.joblist import job_from_cells
from workflows.backup.learn import Learned, learn
from workflows.backup.rules import Rules
from workflows.backup.verdict import judge
from workflows.kernel.ports import Json

START = datetime(2026, 11, 11, 1, 40, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))


def seen(end: datetime, **more: Any) -> Json:
    finished = end.isoformat()
    return {"id": finished, "at": finished, "outcome": "ok", "size": None, "started": None, "finished": finished, **more}


def every(step: timedelta, count: int, start: datetime = START, **more: Any) -> list[Json]:
    return [seen(start + number * step, **more) for number in range(count)]


def learned(sightings: Sequence[Json], zone: str = "UTC") -> Learned:
    return learn(sightings, zone=zone, noun="report")


# --- how often -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "count", "schedule", "window"),
    [
        (HOUR, 6, "hourly :40", "2 h"),
        (2 * HOUR, 12, "", "3 h"),  # 01:40, 03:40 … is too late for every 2h, which means the even hours
        (12 * HOUR, 6, "every 12h", "18 h"),
        (DAY, 3, "daily 01:40", "26 h"),
        (WEEK, 3, "weekly wed 01:40", "8 d"),
        (2 * DAY, 5, "", "50 h"),
        (3 * DAY, 5, "", "3 d 2 h"),
    ],
)
def test_a_steady_job_is_read_off_its_runs(step: timedelta, count: int, schedule: str, window: str) -> None:
    found = learned(every(step, count))
    assert (found.schedule, found.window) == (schedule, window)


def test_a_monthly_job_is_known_after_three_months() -> None:
    months = [seen(datetime(2026, month, 1, 4, 3, tzinfo=UTC)) for month in (1, 2, 3)]
    assert learned(months).schedule == "monthly 1 04:00"
    ends = [seen(datetime(2026, month, day, 22, tzinfo=UTC)) for month, day in ((1, 31), (2, 28), (3, 31))]
    assert learned(ends).schedule in {"", "monthly 31 22:00"}


def test_a_job_of_working_days_is_not_expected_at_weekends() -> None:
    days = [seen(START + number * DAY) for number in range(14) if (START + number * DAY).weekday() < 5]
    found = learned(days)
    assert (found.schedule, found.window) == ("mon-fri 01:40", "3 d 2 h")


def test_the_clock_on_the_wall_is_the_companys_also_when_it_is_changed() -> None:
    zone = ZoneInfo("Europe/Berlin")
    nights = [seen(datetime(2026, 10, day, 3, 30, tzinfo=zone).astimezone(UTC)) for day in range(20, 31)]
    assert learned(nights, "Europe/Berlin").schedule == "daily 03:30"


def test_ends_around_midnight_are_one_time_of_day() -> None:
    nights = [
        seen(START.replace(hour=23, minute=50) + number * DAY + (number % 2) * timedelta(minutes=25)) for number in range(6)
    ]
    assert learned(nights).schedule == "daily 23:50"


def test_runs_at_odd_times_have_a_window_and_no_schedule() -> None:
    hours = (0, 20, 51, 60, 95, 130)
    found = learned([seen(START + hour * HOUR) for hour in hours])
    assert (found.schedule, found.window) == ("", "37 h")


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_trying_it_out_says_nothing_about_how_often_it_runs(count: int) -> None:
    found = learned(every(timedelta(seconds=70), count))
    assert (found.schedule, found.window) == ("", "26 h")
    assert found.says.endswith("; assumed daily until more is known")


def test_two_runs_a_week_apart_are_not_taken_for_a_daily_job() -> None:
    found = learned(every(WEEK, 2))
    assert (found.schedule, found.window) == ("", "8 d")
    assert "assumed" not in found.says


def test_what_failed_or_was_empty_teaches_no_rhythm_and_no_size() -> None:
    failed = every(DAY, 5, outcome="failed", size=7)
    assert learned(failed) == learned(failed)
    assert (learned(failed).schedule, learned(failed).min_size) == ("", "")
    assert learned(every(DAY, 5, size=0)).schedule == ""


# --- how large -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sizes", "least"), [((1000, 900), "450 B"), ((3_210_000_000_000,), "1.6 TB"), ((1,), ""), ((), "")])
def test_the_least_size_is_half_of_the_smallest(sizes: tuple[int, ...], least: str) -> None:
    assert learned([seen(START + number * DAY, size=size) for number, size in enumerate(sizes)]).min_size == least


# --- in words --------------------------------------------------------------------------------------


def test_many_runs_are_told_in_one_line() -> None:
    nights = [
        seen(
            START + number * DAY + number * timedelta(minutes=3),
            started=(START + number * DAY - timedelta(hours=3, minutes=40 - number)).isoformat(),
            size=3_100_000_000_000 + number * 20_000_000_000,
        )
        for number in range(9)
    ]
    says = "Learned from 9 reports, 11–19 Nov: started 22:00–22:08, ended 01:40–02:04, took 4 h, 3.1–3.26 TB"
    assert learned(nights).says == says


def test_one_run_is_told_as_one() -> None:
    assert learned([seen(START, size=412_000_000)]).says == (
        "Seen once, Wed 11 Nov 01:40, 412 MB; assumed daily until more is known"
    )


def test_what_went_wrong_is_told() -> None:
    says = learned([*every(DAY, 4), seen(START + 4 * DAY, outcome="failed"), seen(START + 5 * DAY, outcome="unknown")]).says
    assert says.startswith("Learned from 6 reports (1 failed, 1 without an outcome), 11–16 Nov")


def test_runs_all_round_the_clock_have_no_time_of_day() -> None:
    assert "ended at all hours" in learned(every(HOUR, 20)).says


# --- whatever was seen -----------------------------------------------------------------------------

STEPS = st.one_of(
    st.sampled_from([timedelta(minutes=10), HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, WEEK, 30 * DAY]),
    st.timedeltas(min_value=timedelta(minutes=1), max_value=45 * DAY),
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"])


@st.composite
def histories(draw: st.DrawFn) -> list[Json]:
    """Runs that are more or less regular, with some that failed; the oldest first."""
    step, start = draw(STEPS), draw(st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
    jitter = draw(st.sampled_from([0.0, 0.02, 0.3]))
    made = []
    for number in range(draw(st.integers(1, 30))):
        end = start + number * step + draw(st.floats(0, jitter)) * step
        outcome = draw(st.sampled_from(["ok", "ok", "ok", "ok", "warning", "failed", "unknown"]))
        made.append(seen(end, outcome=outcome, size=draw(st.none() | st.integers(0, 10**13))))
    return sorted(made, key=lambda one: str(one["finished"]))


def row(found: Learned, zone: str) -> Job:
    cells = {"name": "Nightly", "target": "report", "schedule": found.schedule, "window": found.window}
    cells |= {"min_size": found.min_size, "timezone": zone}
    job = job_from_cells({column: text for column, text in cells.items() if text}, timezone="UTC", rules=Rules())
    assert isinstance(job, Job), job
    return job


def runs_of(sightings: Sequence[Json]) -> list[Run]:
    good = [one for one in sightings if one["outcome"] in {"ok", "warning"} and one["size"] != 0]
    return [
        Run(
            id=one["id"],
            source="report",
            target="report",
            outcome="ok",
            finished=datetime.fromisoformat(one["finished"]),
            size=one["size"],
        )
        for one in good
    ]


@settings(max_examples=40, deadline=None)
@given(sightings=histories(), zone=ZONES)
def test_what_is_learned_is_a_sound_row_that_would_not_have_alarmed(sightings: list[Json], zone: str) -> None:
    hold_to_it(sightings, zone)


@pytest.mark.thorough
@settings(max_examples=EXAMPLES, deadline=None)
@given(sightings=histories(), zone=ZONES)
def test_it_holds_for_many_more(sightings: list[Json], zone: str) -> None:
    hold_to_it(sightings, zone)


def hold_to_it(sightings: list[Json], zone: str) -> None:
    found = learned(sightings, zone)
    assert len(found.says) <= 300
    job, runs = row(found, zone), runs_of(sightings)
    thresholds = Rules().thresholds(job)
    for number, later in enumerate(runs[1:], start=1):
        known, now = runs[:number], later.at - timedelta(seconds=1)
        if now <= known[-1].at:
            continue
        verdict = judge(job, thresholds, runs=known, first_seen=runs[0].at, now=now)
        wrong = [finding.rule for finding in verdict.findings if finding.test == "recent" or finding.rule == "under_min_size"]
        assert wrong == [], (job.cells, now, [str(run.at) for run in runs])
