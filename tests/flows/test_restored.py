"""What people get after a table was put back to what it was: docs/operations.md promises it."""

import copy

from bolt_app.adapters.memory.ledger import MemoryLedger
from bolt_app.adapters.memory.standings import MemoryStandings
from tests.flows.company import ORDERS, SAM, Company


def company_before() -> Company:
    """All is green, and Sam was told of nothing."""
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    return company


def texts(company: Company) -> list[str]:
    return [posted.message.text for posted in company.messages(SAM)]


def test_what_was_told_after_the_point_in_time_is_not_told_again_while_the_ledger_is_whole() -> None:
    company = company_before()
    company.pass_time(hours=27)
    company.check()  # broken, and nobody told yet
    back = copy.deepcopy(company.standings)
    company.settle()
    assert len(company.messages(SAM)) == 1

    company.standings = back
    company.pass_time(minutes=5)
    company.look()
    company.look()

    assert len(company.messages(SAM)) == 1


def test_a_restored_ledger_posts_nothing_that_the_standings_know_as_told() -> None:
    company = company_before()
    back = copy.deepcopy(company.ledger)
    company.pass_time(hours=27)
    company.look()

    company.ledger = back
    company.pass_time(hours=1)
    company.look()

    assert len(company.messages(SAM)) == 1


def test_what_broke_after_the_point_in_time_is_told_a_second_time() -> None:
    company = company_before()
    back = copy.deepcopy(company.standings)
    company.pass_time(hours=27)
    company.look()
    old = company.standing().break_id

    company.standings = back
    company.pass_time(minutes=5)
    company.look()
    assert len(company.messages(SAM)) == 2
    assert company.standing().break_id != old

    assert company.press("mark_fixed", break_id=old).kind == "stale"  # the older message can do no harm
    company.land()
    company.look()
    older, newer = texts(company)
    assert "no fresh backup" in older
    assert "backed up again" in newer


def test_what_recovered_after_the_point_in_time_is_seen_to_be_fine_at_the_next_look() -> None:
    company = company_before()
    company.pass_time(hours=27)
    company.look()
    back = copy.deepcopy(company.standings)
    company.land()
    company.pass_time(minutes=5)
    company.look()

    company.standings = back
    company.pass_time(minutes=5)
    company.look()
    assert company.standing().state == "all_green"
    assert [text for text in texts(company) if "backed up again" in text] == texts(company)
    assert company.lines(SAM) == []


def test_only_where_both_were_put_back_is_the_same_break_told_twice() -> None:
    company = company_before()
    company.pass_time(hours=27)
    company.check()
    standings, ledger = copy.deepcopy(company.standings), copy.deepcopy(company.ledger)
    company.settle()

    company.standings, company.ledger = standings, ledger
    company.pass_time(minutes=5)
    company.look()

    assert len(company.messages(SAM)) == 2


def test_with_neither_table_what_is_broken_is_told_anew_and_what_is_fine_is_not() -> None:
    company = company_before()
    company.list_jobs(ORDERS, ORDERS.replace("orders", "letters"))
    company.land("letters/one.dump")
    company.look()
    company.pass_time(hours=27)
    company.land("letters/two.dump")
    company.look()

    company.standings, company.ledger = MemoryStandings(), MemoryLedger()
    company.pass_time(minutes=5)
    company.look()

    assert len(company.messages(SAM)) == 2
    assert company.standing("letters-db").state == "all_green"
