"""The list changes while a check is at work: what a newer check says of a row, an older one leaves alone."""

from collections.abc import Callable
from typing import Any

import pytest

from bolt_app.adapters.memory.documents import MemoryDocuments
from bolt_app.adapters.memory.messenger import MemoryDirectory
from bolt_app.adapters.memory.standings import MemoryStandings
from tests.flows.company import ANA, ORDERS, SAM, TEAM, Company
from workflows.backup.check import Memory, Mode, Order, Report
from workflows.backup.full_run import close_run, complete_run
from workflows.backup.let_go import let_go
from workflows.backup.standing import Standing
from workflows.kernel.errors import CannotLook
from workflows.kernel.ports import AuditEntry, Document
from workflows.kernel.proposals import Asker
from workflows.kernel.rights import Authority

OTHERS = [ORDERS.replace("orders", f"other-{number}").replace("Orders", f"Other {number}") for number in range(9)]
RULES = "[quiet hours]\nhours: none\nworking days: mon-sun\n"
NEW = ORDERS.replace("orders", "new").replace("Orders", "New")


class Changing(MemoryDocuments):
    """Once the three documents were read, something happens."""

    meanwhile: Callable[[], None] | None = None
    out_of_reach = False

    def read(self, key: str) -> Document | None:
        if self.out_of_reach:
            raise CannotLook("SlowDown", key)
        found = super().read(key)
        if key == "voice.txt" and self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        return found


class Contended(MemoryStandings):
    """Just before something is saved, something happens."""

    meanwhile: Callable[[], None] | None = None

    def save(self, standing: Standing, audit: AuditEntry | None, *, break_id: str | None = None) -> None:
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        super().save(standing, audit, break_id=break_id)


def company_of(*rows: str) -> tuple[Company, Changing, Contended]:
    """All of it landed, and was looked at, a day and three hours ago."""
    documents, standings = Changing({"rules.txt": RULES}), Contended()
    company = Company(documents=documents, standings=standings)
    company.list_jobs(*rows)
    company.land()
    company.check()
    company.pass_time(hours=27)
    company.land("other-0/2.dump")
    return company, documents, standings


def in_another_process(company: Company, happens: Callable[[], object]) -> None:
    """Which keeps a list of its own."""
    mine, company.memory = company.memory, Memory()
    happens()
    company.memory = mine


def another_check(company: Company, *rows: str, rules: str = "") -> Callable[[], None]:
    """What happens: the list is another one, and a check of another process looks at all of it, a second later."""

    def happens() -> None:
        company.list_jobs(*rows)
        if rules:
            company.documents.put("rules.txt", rules)
        company.sleep(seconds=1)
        in_another_process(company, company.check)

    return happens


def out_of_reach(company: Company) -> Report:
    """A check that cannot read the list again, and all that follows."""
    documents: Any = company.documents
    documents.out_of_reach = True
    report = company.check()
    documents.out_of_reach = False
    company.settle()
    return report


def noticed(company: Company) -> list[str]:
    return [posted.message.text for posted in company.messages(ANA)]


def test_a_row_that_was_just_added_does_not_leave() -> None:
    company, documents, _ = company_of(*OTHERS)
    documents.meanwhile = another_check(company, *OTHERS, NEW)
    company.check()
    company.settle()

    assert company.standing("new-db").state == "waiting"
    assert not [text for text in noticed(company) if "left the job list" in text]


def test_a_row_that_just_left_does_not_come_back() -> None:
    company, documents, _ = company_of(ORDERS, *OTHERS)
    documents.meanwhile = another_check(company, *OTHERS)
    company.check()
    assert company.standing().state == "off_list"
    company.look()

    assert company.standing().state == "off_list"
    assert len([text for text in noticed(company) if "left the job list" in text]) == 1


def test_a_row_that_just_came_back_does_not_leave() -> None:
    company, documents, _ = company_of(ORDERS, *OTHERS)
    company.list_jobs(*OTHERS)
    company.look()
    company.pass_time(hours=1)
    documents.meanwhile = another_check(company, ORDERS, *OTHERS)
    company.check()
    company.look()

    assert company.standing().state != "off_list"
    assert len([text for text in noticed(company) if "left the job list" in text]) == 1


def test_a_job_is_judged_by_its_newer_row() -> None:
    """Which allows it two days; by the older one it would be late."""
    company, documents, _ = company_of(ORDERS)
    documents.meanwhile = another_check(company, ORDERS.replace("26h", "2d"))
    company.check()
    company.settle()

    assert (company.standing().row["window"], company.standing().state) == ("2d", "all_green")
    assert company.messages(SAM) == []


def test_a_row_that_changes_while_its_job_is_looked_at_is_not_written_over() -> None:
    company, _, standings = company_of(ORDERS)
    standings.meanwhile = another_check(company, ORDERS.replace("26h", "2d"))
    company.check()
    company.settle()

    assert (company.standing().row["window"], company.standing().state) == ("2d", "all_green")
    assert company.messages(SAM) == []


def test_a_row_that_only_newer_rules_can_read_is_left_to_those_who_know_them() -> None:
    company, documents, _ = company_of(ORDERS)
    documents.meanwhile = another_check(company, ORDERS.replace("26h", ""), rules=f"{RULES}[defaults]\nwindow: 2d\n")
    company.check()

    assert company.standing().state == "all_green"


def test_what_was_seen_by_a_look_that_gives_way_is_looked_for_again() -> None:
    """An empty dump, whose name says nothing of its age, and which the newer check did not see."""
    company, _, standings = company_of(ORDERS)
    company.land("orders/zz.dump")
    company.check()
    company.pass_time(hours=3)

    def happens() -> None:
        company.objects.delete("acme", "orders/ab.dump")
        another_check(company, ORDERS.replace("26h", "25h"))()
        company.land("orders/ab.dump", size=0)

    company.land("orders/ab.dump", size=0)
    standings.meanwhile = happens
    company.check()
    assert company.standing().state == "all_green"
    company.sleep(minutes=5)
    company.check()
    assert company.standing().state == "alert"


@pytest.mark.parametrize("rows", [[*OTHERS, NEW], [*OTHERS, "wrong,,,nowhere,,,,"]], ids=["one more row", "a mistake"])
def test_with_the_list_out_of_reach_nothing_is_said_of_it_and_the_run_is_not_complete(rows: list[str]) -> None:
    company, _, _ = company_of(*OTHERS, "wrong,,,,,,,")
    another_check(company, *rows)()
    company.settle()
    before = noticed(company)
    company.pass_time(hours=1)
    report = out_of_reach(company)

    assert (report.looked, report.complete) == (9, False)
    assert noticed(company) == before


@pytest.mark.parametrize("fewer", [OTHERS, OTHERS[:4]], ids=["one row", "more than may vanish at once"])
def test_with_the_list_out_of_reach_no_row_is_missed_that_is_back_by_now(fewer: list[str]) -> None:
    """This process has read the list without it, for a job that somebody asked about; another saw the row since, unchanged."""
    company, _, _ = company_of(ORDERS, *OTHERS)
    company.list_jobs(*fewer)
    company.check(Order(mode="named", job_ids=("other-0-db",)))
    another_check(company, ORDERS, *OTHERS)()
    company.settle()
    before = noticed(company)
    company.pass_time(hours=1)
    out_of_reach(company)

    assert company.standing().state != "off_list"
    assert noticed(company) == before


def test_with_the_list_out_of_reach_rows_that_are_let_go_stay_let_go() -> None:
    company, _, _ = company_of(ORDERS, *OTHERS)
    another_check(company, *OTHERS[:4])()
    reply = let_go(
        company.standings.fleet()["held"]["mark"],
        Asker(user_id=ANA.user_id, team_id=TEAM),
        standings=company.standings,
        bus=company.bus,
        directory=MemoryDirectory(company.messenger),
        authority=Authority(team_id=TEAM, admin=ANA.email),
        now=company.now,
    )
    assert reply.kind == "done"
    company.pass_time(hours=1)
    out_of_reach(company)
    company.pass_time(hours=1)
    company.look()

    assert company.standing().state == "off_list"


def test_a_run_without_the_list_does_not_overtake_one_that_read_it() -> None:
    company, _, _ = company_of(*OTHERS)
    company.list_jobs(*OTHERS, "wrong,,,nowhere,,,,")
    began = company.now
    reports = list[Report]()
    in_another_process(company, lambda: reports.append(company.check(Order(mode="due", job_ids=("other-1-db",)))))
    company.sleep(seconds=5)
    out_of_reach(company)
    close_run("fast", reports[0], standings=company.standings, bus=company.bus, now=began)
    company.settle()

    assert any("mistake" in text for text in noticed(company))


def test_a_full_run_without_the_list_is_to_be_tried_again_and_counts_for_none() -> None:
    company, _, _ = company_of(*OTHERS)
    report, counted = out_of_reach(company), list[Mode]()
    with pytest.raises(CannotLook, match="as of 09:00 UTC: SlowDown"):
        complete_run("fast", report, standings=company.standings, bus=company.bus, completed=counted.append, now=company.now)
    assert counted == []

    complete_run("due", report, standings=company.standings, bus=company.bus, completed=counted.append, now=company.now)
    again = company.check()
    complete_run("fast", again, standings=company.standings, bus=company.bus, completed=counted.append, now=company.now)
    assert counted == ["fast"]


def test_the_next_check_that_can_read_it_goes_by_the_list_again() -> None:
    company, documents, _ = company_of(ORDERS, *OTHERS)
    documents.meanwhile = another_check(company, ORDERS.replace("26h", "2d"), *OTHERS)
    company.check()
    company.list_jobs(*OTHERS)
    company.sleep(minutes=5)
    report = company.check()
    company.settle()

    assert report.complete
    assert company.standing().state == "off_list"
