"""Lengths of time, sizes and shares, as typed and as read."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.kernel.quantities import (
    SIZE_MAX,
    WINDOW_MAX,
    UnreadableError,
    age_text,
    number,
    parse_share,
    parse_size,
    parse_window,
    shown,
    size_text,
    whole_number,
    window_text,
)

bounded = settings(max_examples=150, deadline=None)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("2m", timedelta(minutes=2)),
        ("90m", timedelta(minutes=90)),
        ("90 min", timedelta(minutes=90)),
        ("26h", timedelta(hours=26)),
        ("26 hours", timedelta(hours=26)),
        (" 26 H ", timedelta(hours=26)),
        ("1.5h", timedelta(minutes=90)),
        ("1,5 h", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("1d 12h", timedelta(hours=36)),
        ("1d12h", timedelta(hours=36)),
        ("1 day and 12 hours", timedelta(hours=36)),
        ("1 day, 12 hours", timedelta(hours=36)),
        ("1w", timedelta(weeks=1)),
        ("week", timedelta(weeks=1)),
        ("1mo", timedelta(days=30)),
        ("month", timedelta(days=30)),
        ("2\u00a0weeks", timedelta(weeks=2)),
        ("２６ｈ", timedelta(hours=26)),
    ],
)
def test_a_window_is_read_as_people_type_it(text: str, length: timedelta) -> None:
    assert parse_window(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "26",
        "h 26",
        "26hours?",
        "-2h",
        "1h 1h",
        "2 d h",
        "d 2h",
        "26h,",
        "26h and",
        "10s",
        "nan",
        "inf h",
        "1e3h",
        "0h",
        "0.5m",
        "5000d",
        "9" * 400,
    ],
)
def test_a_window_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        parse_window(text)


def test_the_refusal_says_first_what_would_be_right() -> None:
    with pytest.raises(UnreadableError, match=r'^26h, 2d or 1w; you wrote "26hours\?"$'):
        parse_window("26hours?")
    with pytest.raises(UnreadableError, match=r"between 1 minute and 1100 days"):
        parse_window("4 years".replace("years", "mo") + " 1100d")


@given(st.integers(1, int(WINDOW_MAX.total_seconds()) // 60).map(lambda minutes: timedelta(minutes=minutes)))
@bounded
def test_a_window_written_out_reads_back_as_the_same(length: timedelta) -> None:
    assert parse_window(window_text(length)) == length


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(minutes=2), "2 min"),
        (timedelta(minutes=90), "90 min"),
        (timedelta(hours=26), "26 h"),
        (timedelta(minutes=150), "2 h 30 min"),
        (timedelta(hours=72), "72 h"),
        (timedelta(days=7), "7 d"),
        (timedelta(hours=84), "3 d 12 h"),
    ],
)
def test_a_window_is_written_in_hours_up_to_three_days(length: timedelta, text: str) -> None:
    assert window_text(length) == text


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=-5), "under 1 min"),
        (timedelta(seconds=59), "under 1 min"),
        (timedelta(minutes=119, seconds=59), "119 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=52, minutes=40), "52 h"),
        (timedelta(hours=72), "72 h"),
        (timedelta(hours=72, minutes=1), "3 d"),
        (timedelta(days=41), "41 d"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_that_matters(age: timedelta, text: str) -> None:
    assert age_text(age) == text


@given(st.tuples(st.integers(60, 10**8), st.integers(60, 10**8)))
@bounded
def test_an_older_age_never_reads_younger(pair: tuple[int, int]) -> None:
    younger, older = sorted(pair)
    assert parse_window(age_text(timedelta(seconds=younger % 90_000_000))) <= timedelta(seconds=younger)
    if older < 90_000_000:
        assert parse_window(age_text(timedelta(seconds=younger))) <= parse_window(age_text(timedelta(seconds=older)))


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("500", 500),
        ("500 bytes", 500),
        ("500MB", 500_000_000),
        ("500 mb", 500_000_000),
        ("1.2 GiB", 1_288_490_189),
        ("1,5 GB", 1_500_000_000),
        ("1,234,567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("1 234 567 B", 1_234_567),
        ("1'234'567", 1_234_567),
        ("1_000", 1000),
        ("1,500 MB", 1_500_000_000),
        ("0,500 GB", 500_000_000),
        ("1.500 GB", 1_500_000_000),
        ("1,234.5 MB", 1_234_500_000),
        ("1.234,5 MB", 1_234_500_000),
        ("2K", 2000),
        ("2KiB", 2048),
        ("1TB", 10**12),
        ("1 EB", 10**18),
    ],
)
def test_a_size_is_read_as_people_type_it(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MB",
        "-5 MB",
        "−5 MB",
        "nan",
        "inf",
        "Infinity GB",
        "1e9",
        "1.5",
        "1.500",
        "1,5",
        "1,23,456",
        "1.2.3 GB",
        "5 XB",
        "5 MBs",
        "2 EB",
        "9" * 99,
        "500 M B",
    ],
)
def test_a_size_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"500MB, 1\.2 GiB or 1,234,567"):
        parse_size(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 KB"),
        (999_499, "999 KB"),
        (999_500, "1 MB"),
        (412_300_000, "412 MB"),
        (1_200_000_000, "1.2 GB"),
        (1_234_000_000, "1.23 GB"),
        (99_950_000, "100 MB"),
        (9_995_000_000_000_000_000_000, "9995 EB"),
        (-2_000_000, "−2 MB"),
    ],
)
def test_a_size_is_told_with_three_digits(size: int, text: str) -> None:
    assert size_text(size) == text


@given(st.integers(0, SIZE_MAX))
@bounded
def test_a_size_told_reads_back_within_half_a_percent(size: int) -> None:
    assert abs(parse_size(size_text(size)) - size) <= size * 0.005


@given(st.integers(0, SIZE_MAX), st.integers(0, SIZE_MAX))
@bounded
def test_a_larger_size_never_reads_smaller(one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert parse_size(size_text(small)) <= parse_size(size_text(large))


@given(st.integers(0, SIZE_MAX))
@bounded
def test_thousands_marks_change_nothing(size: int) -> None:
    for mark in ",_' ":
        assert parse_size(f"{size:,}".replace(",", mark)) == size


@pytest.mark.parametrize(
    ("text", "share"), [("0.3", 0.3), ("0,3", 0.3), ("30 %", 0.3), ("30%", 0.3), ("1", 1.0), ("100 %", 1.0), ("0", 0.0)]
)
def test_a_share_is_a_fraction_or_a_percentage(text: str, share: float) -> None:
    assert parse_share(text) == pytest.approx(share)


@pytest.mark.parametrize("text", ["", "30", "1.5", "101 %", "-0.1", "nan", "a third"])
def test_a_share_above_the_whole_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"0\.3 or 30 %"):
        parse_share(text)


def test_plain_numbers_keep_to_their_bounds() -> None:
    assert whole_number(1, 9)(" 9 ") == 9
    assert number(1, 9)("2,5") == 2.5
    for text in ("0", "10", "1.5", "", "x"):
        with pytest.raises(UnreadableError, match="a whole number from 1 to 9"):
            whole_number(1, 9)(text)
    with pytest.raises(UnreadableError, match=r"a number from 1 to 9\.5"):
        number(1, 9.5)("9.6")


@given(st.text(max_size=120))
@bounded
@pytest.mark.parametrize("read", [parse_window, parse_size, parse_share, whole_number(0, 9), number(0, 9)])
def test_any_text_is_read_or_refused_in_one_short_line(read: Callable[[str], object], text: str) -> None:
    refusals = []
    try:
        read(text)
    except UnreadableError as refusal:
        refusals.append(str(refusal))

    assert all(len(refusal) < 200 and refusal.isprintable() for refusal in refusals)


def test_what_was_typed_is_shown_on_one_line() -> None:
    assert shown("a\n\tb\x00c") == "a b c"
    assert len(shown("x" * 500)) == 60
