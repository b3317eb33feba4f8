from datetime import UTC, date, datetime, time

import pytest

from workflows.backup.rules import parse_rules
from workflows.kernel.calendar import BusinessHours, next_open
from workflows.kernel.days_off import DaysOff, check_place
from workflows.kernel.quantities import UnreadableError


def test_public_holidays_of_a_country_are_days_off() -> None:
    off = DaysOff(country="DE")

    assert date(2026, 12, 25) in off
    assert date(2026, 12, 23) not in off


def test_a_subdivision_has_holidays_of_its_own() -> None:
    epiphany = date(2027, 1, 6)

    assert epiphany in DaysOff(country="DE", subdivision="BY")
    assert epiphany not in DaysOff(country="DE")


def test_own_days_count_beside_them_and_without_a_country_there_are_no_others() -> None:
    party = date(2026, 6, 3)

    assert party in DaysOff(own=frozenset({party}), country="DE")
    assert date(2026, 12, 25) not in DaysOff(own=frozenset({party}))


def test_nobody_is_disturbed_on_a_public_holiday() -> None:
    hours = BusinessHours(opens=time(8), closes=time(18), days=frozenset(range(5)), holidays=DaysOff(country="AT"), zone="UTC")

    christmas_eve_night = datetime(2026, 12, 24, 20, tzinfo=UTC)  # a Thursday; Friday and Saturday are holidays
    assert next_open(hours, christmas_eve_night) == datetime(2026, 12, 28, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "subdivision", "right"), [("XX", "", "ISO country code"), ("DE", "ZZ", "BY"), ("SG", "Q", "none")]
)
def test_an_unknown_place_says_what_would_be_right(country: str, subdivision: str, right: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        check_place(country, subdivision)

    assert right in caught.value.right


def test_the_rules_name_the_line_of_a_place_whose_holidays_are_not_known() -> None:
    rules = parse_rules("[holidays]\ncountry: DE\nsubdivision: ZZ\n2026-06-03: party\n", config={})

    assert [(mistake.line, "DE-ZZ" in mistake.problem) for mistake in rules.mistakes] == [(3, True)]
    assert (rules.quiet_hours.country, date(2026, 6, 3) in rules.quiet_hours.days_off) == ("", True)


def test_a_place_of_the_configuration_is_checked_too() -> None:
    assert parse_rules("", config={"holidays": "QQ"}).mistakes
    assert not parse_rules("", config={"holidays": "DE-BY"}).mistakes
