"""Rows that left the list are named to the admin, once each, whatever dies meanwhile."""

from contextlib import suppress

import pytest

from tests.flows.company import ANA, ORDERS, Company
from tests.flows.test_canary import DiesAfter
from tests.flows.test_killed_at_every_line import Killed

ROWS = [ORDERS, *(ORDERS.replace("orders", f"other-{number}").replace("Orders", f"Other {number}") for number in range(9))]


def watched() -> Company:
    company = Company()
    company.list_jobs(*ROWS)
    company.look()
    company.pass_time(hours=1)
    return company


def told(company: Company) -> list[str]:
    """What the admin was told, message by message, without markup."""
    return [
        "\n".join(block["text"]["text"] for block in posted.message.blocks if "text" in block) for posted in company.messages(ANA)
    ]


def test_two_that_leave_are_named_with_the_moment() -> None:
    company = watched()
    company.list_jobs(*ROWS[2:])
    company.look()

    (text,) = told(company)
    assert "*2 rows* left the job list; no longer watched" in text
    assert "*Orders database*" in text
    assert "*Other 0 database*" in text
    assert "Mon 16 Nov, 10:00 UTC" in text


def test_they_are_named_once_and_a_later_one_by_itself() -> None:
    company = watched()
    company.list_jobs(*ROWS[1:])
    for _ in range(3):
        company.look()
        company.pass_time(hours=1)
    company.list_jobs(*ROWS[2:])
    company.look()

    first, second = told(company)
    assert "*1 row*" in first
    assert "*Orders database*" in first
    assert "*Other 0 database*" in second
    assert "Orders" not in second


def test_one_that_comes_back_and_leaves_again_is_named_again() -> None:
    company = watched()
    for rows in (ROWS[1:], ROWS, ROWS[1:]):
        company.list_jobs(*rows)
        company.look()
        company.pass_time(hours=1)
    assert len(told(company)) == 2


def test_those_that_are_held_are_not_said_to_be_gone() -> None:
    company = watched()
    company.list_jobs(*ROWS[5:])
    company.look()
    assert ["vanished" in text for text in told(company)] == [True]


@pytest.mark.thorough
@pytest.mark.parametrize("calls", range(1, 16))
def test_killed_after_any_call_the_next_check_names_each_once(calls: int) -> None:
    company = watched()
    company.list_jobs(*ROWS[2:])
    standings, left = company.standings, [calls]
    company.standings = DiesAfter(standings, left)  # type: ignore[assignment]
    with suppress(Killed):
        company.check()
    company.standings = standings
    company.settle()
    company.pass_time(hours=1)
    company.look()

    texts = told(company)
    assert sum(text.count("*Orders database*") for text in texts) == 1
    assert sum(text.count("*Other 0 database*") for text in texts) == 1
