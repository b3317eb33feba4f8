"""Many rows vanish at once, and the admin says that this was meant."""

from bolt_app.adapters.memory.messenger import MemoryDirectory
from tests.flows.company import ANA, ORDERS, SAM, TEAM, Company
from workflows.backup.let_go import let_go as use_case
from workflows.kernel.ports import Member
from workflows.kernel.proposals import Asker
from workflows.kernel.reply import Reply
from workflows.kernel.rights import Authority

ROWS = [ORDERS.replace("orders", f"orders{number}") for number in range(10)]


def company_that_lost_rows(left: int = 2) -> Company:
    company = Company()
    company.list_jobs(*ROWS)
    company.look()
    company.list_jobs(*ROWS[:left])
    company.look()
    return company


def held_mark(company: Company) -> str:
    return str(company.standings.fleet()["held"]["mark"])


def let_go(company: Company, member: Member = ANA, mark: str = "") -> Reply:
    return use_case(
        mark or held_mark(company),
        Asker(user_id=member.user_id, team_id=TEAM),
        standings=company.standings,
        bus=company.bus,
        directory=MemoryDirectory(company.messenger),
        authority=Authority(team_id=TEAM, admin=ANA.email, approvers=(SAM.email,)),
        now=company.now,
    )


def watched(company: Company) -> int:
    return sum(standing.state != "off_list" for standing in company.standings.every())


def test_rows_that_the_admin_lets_go_leave_with_the_next_full_check() -> None:
    company = company_that_lost_rows()
    assert watched(company) == 10
    reply = let_go(company)
    assert (reply.kind, reply.text[:16]) == ("done", "8 rows are let g")
    company.look()
    assert watched(company) == 2
    assert company.standings.history("orders9-db", 2)[1].by == ANA.user_id


def test_the_notice_carries_the_mark_of_exactly_these_rows() -> None:
    company = company_that_lost_rows()
    company.look()
    (notice,) = company.messages(ANA)
    assert held_mark(company) in str(notice.message.blocks)


def test_only_the_admin_lets_rows_go_not_even_an_approver() -> None:
    company = company_that_lost_rows()
    assert let_go(company, SAM).kind == "refused"
    company.look()
    assert watched(company) == 10
    assert "refused" in [entry.action for entry in company.standings.history("orders2-db", 9)]


def test_pressing_twice_is_harmless_and_a_stale_mark_does_nothing() -> None:
    company = company_that_lost_rows()
    mark = held_mark(company)
    let_go(company)
    assert let_go(company).kind == "already"
    company.look()
    assert let_go(company, mark=mark).kind == "stale"


def test_a_row_that_came_back_stays_and_is_held_again_when_it_vanishes_once_more() -> None:
    company = company_that_lost_rows()
    let_go(company)
    company.list_jobs(*ROWS)
    company.look()
    assert watched(company) == 10
    company.list_jobs(*ROWS[:2])
    company.look()
    assert watched(company) == 10


def test_others_that_vanish_meanwhile_are_held_by_themselves() -> None:
    company = company_that_lost_rows(left=6)
    assert watched(company) == 10
    let_go(company)
    company.list_jobs(*ROWS[:1])
    company.look()
    assert watched(company) == 6
