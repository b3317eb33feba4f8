"""Quiet hours, working days and holidays as people write them."""

from collections.abc import Callable
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.kernel.addresses import read_email, read_emails
from workflows.kernel.quantities import UnreadableError
from workflows.kernel.quiet import read_dates, read_days, read_hours, read_place


@pytest.mark.parametrize("text", ["18:00-08:00", "18-8", "18.00 - 8.00", "6pm to 8am", "6 PM – 8:00 am", "18:00 until 08:00"])
def test_quiet_hours_are_read_in_any_writing(text: str) -> None:
    assert read_hours(text) == (time(18), time(8))


def test_midnight_may_be_written_as_24_and_noon_as_12pm() -> None:
    assert read_hours("24:00-07:30") == (time(0), time(7, 30))
    assert read_hours("12pm-12am") == (time(12), time(0))


def test_no_quiet_hours_are_two_equal_times() -> None:
    begin, end = read_hours("none")

    assert begin == end


@pytest.mark.parametrize(
    "text", ["", "18:00", "18:00-25:00", "18:60-08:00", "13pm-8am", "0pm-1am", "08:00-08:00", "18-8-9", "evenings"]
)
def test_hours_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="18:00-08:00"):
        read_hours(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", range(5)),
        ("Monday to Friday", range(5)),
        ("sun-thu", (6, 0, 1, 2, 3)),
        ("Mo, We; fr", (0, 2, 4)),
        ("mon - wed, sat", (0, 1, 2, 5)),
        ("thurs", (3,)),
    ],
)
def test_working_days_are_spans_or_lists(text: str, days: tuple[int, ...]) -> None:
    assert read_days(text) == frozenset(days)


@pytest.mark.parametrize("text", ["", "m", "t-f", "mon-fri-sun", "monfri", "8", "-"])
def test_days_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="mon-fri"):
        read_days(text)


def test_days_off_are_dates_and_spans() -> None:
    assert read_dates("2026-05-01, 2026-12-31 to 2027-01-02") == {
        date(2026, 5, 1),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 2),
    }


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "24.12.2026", "2026-12-31 to 2026-12-24", "2026-01-01 to 2027-01-01", "2026-05-01,"]
)
def test_dates_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="2026-12-24"):
        read_dates(text)


@pytest.mark.parametrize(
    ("text", "place"), [("de", ("DE", "")), ("DE-BY", ("DE", "BY")), ("us, CA", ("US", "CA")), ("none", ("", ""))]
)
def test_a_place_is_a_country_with_or_without_a_subdivision(text: str, place: tuple[str, str]) -> None:
    assert read_place(text) == place


@pytest.mark.parametrize("text", ["Sam@Acme.example", " mailto:sam@acme.example", "Sam Lee <sam@acme.example>"])
def test_an_address_is_kept_in_lower_case(text: str) -> None:
    assert read_email(text) == "sam@acme.example"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sam",
        "sam@acme",
        "a@b@c.example",
        "sam@acme.example, ana@acme.example",
        "sam @acme.example",
        "<!channel>",
        "@acme.example",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="an e-mail address"):
        read_email(text)


def test_several_addresses_come_once_each() -> None:
    assert read_emails("a@x.example; B@x.example, a@x.example") == ("a@x.example", "b@x.example")


@given(st.text(alphabet=st.one_of(st.sampled_from("0123456789-:.,amp <>@torun\n"), st.characters()), max_size=40))
@settings(max_examples=150, deadline=None)
@pytest.mark.parametrize("read", [read_hours, read_days, read_dates, read_place, read_email, read_emails])
def test_any_text_is_read_or_refused(read: Callable[[str], object], text: str) -> None:
    try:
        read(text)
    except UnreadableError:
        return
