"""The list changes while a check is at work: what a newer check says of a row, an older one leaves alone."""

from collections.abc import Callable

import pytest

from bolt_app.adapters.memory.documents import MemoryDocuments
from bolt_app.adapters.memory.standings import MemoryStandings
from tests.flows.company import ANA, ORDERS, SAM, Company
from workflows.backup.check import Memory
from workflows.backup.standing import Standing
from workflows.kernel.errors import CannotLook
from workflows.kernel.ports import AuditEntry, Document

OTHERS = [ORDERS.replace("orders", f"other-{number}").replace("Orders", f"Other {number}") for number in range(9)]
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
    documents, standings = Changing({"rules.txt": "[quiet hours]\nhours: none\nworking days: mon-sun\n"}), Contended()
    company = Company(documents=documents, standings=standings)
    company.list_jobs(*rows)
    company.land()
    company.check()
    company.pass_time(hours=27)
    company.land("other-0/2.dump")
    return company, documents, standings


def another_check(company: Company, *rows: str) -> Callable[[], None]:
    """What happens: the list is another one, and a check of another process looks at all of it, a second later."""

    def happens() -> None:
        mine, company.memory = company.memory, Memory()
        company.list_jobs(*rows)
        company.sleep(seconds=1)
        company.check()
        company.memory = mine

    return happens


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


@pytest.mark.parametrize("rows", [[*OTHERS, NEW], [*OTHERS, "wrong,,,nowhere,,,,"]], ids=["one more row", "a mistake"])
def test_with_the_list_out_of_reach_nothing_is_said_of_it_and_the_run_is_not_complete(rows: list[str]) -> None:
    company, documents, _ = company_of(*OTHERS, "wrong,,,,,,,")
    another_check(company, *rows)()
    company.settle()
    before = noticed(company)
    company.pass_time(hours=1)
    documents.out_of_reach = True
    report = company.check()
    documents.out_of_reach = False
    company.settle()

    assert (report.looked, report.complete) == (9, False)
    assert noticed(company) == before


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
