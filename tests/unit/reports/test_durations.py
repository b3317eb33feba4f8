from datetime import timedelta

import pytest

from workflows.backup.reports.durations import duration_of


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0:30:48", timedelta(minutes=30, seconds=48)),
        ("1 Hour 12 Minute", timedelta(hours=1, minutes=12)),
        ("1 Hour 12 Minute 4 Second(s)", timedelta(hours=1, minutes=12, seconds=4)),
        ("52 min", timedelta(minutes=52)),
        ("1d 3h", timedelta(days=1, hours=3)),
        ("4431ms", timedelta(milliseconds=4431)),
        ("1 Stunde 12 Minuten", timedelta(hours=1, minutes=12)),
        ("1 heure 4 minutes et 2 secondes", timedelta(hours=1, minutes=4, seconds=2)),
        ("25 分钟 10 秒", timedelta(minutes=25, seconds=10)),
        ("1.02:03:04", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("1 day, 2:03:04", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("1h12m3.5s", timedelta(hours=1, minutes=12, seconds=3.5)),
        ("(1.78 seconds)", timedelta(seconds=1.78)),
        ("00:12:31 hours", timedelta(minutes=12, seconds=31)),
    ],
)
def test_a_duration_is_read_in_any_spelling(text: str, length: timedelta) -> None:
    assert duration_of(text) == length


def test_two_numbers_mean_what_the_tool_means() -> None:
    assert duration_of("21:32") == timedelta(hours=21, minutes=32)
    assert duration_of("0:07", two="m:s") == timedelta(seconds=7)


@pytest.mark.parametrize("text", ["a few seconds", "Invalid date", "", "12", "3 minutes 2 hours", "12:3", "5 apples"])
def test_what_is_no_duration_is_none(text: str) -> None:
    assert duration_of(text) is None


def test_a_bare_number_is_seconds_only_where_the_tool_says_so() -> None:
    assert duration_of("12.5", bare=True) == timedelta(seconds=12.5)
