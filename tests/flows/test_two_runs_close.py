"""Two runs that end within the same moment: neither loses what the other one has noted or stamped."""

from collections.abc import Callable, Sequence

import pytest

from bolt_app.adapters.memory.bus import MemoryBus
from tests.flows.company import ORDERS, Company
from workflows.backup.check import Mode, Order
from workflows.backup.full_run import close_run
from workflows.backup.gone import note
from workflows.kernel.ports import Event

OTHER = ORDERS.replace("orders", "other")


class Interrupted(MemoryBus):
    """While the first notice is published, somebody else gets their turn."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self._meanwhile = [meanwhile]

    def publish(self, events: Sequence[Event]) -> None:
        super().publish(events)
        if self._meanwhile:
            self._meanwhile.pop()()


def watched() -> Company:
    """Two jobs, and a row that is wrong, so that the end of each run has something to say."""
    company = Company()
    company.list_jobs(ORDERS, OTHER, "wrong,,,,,,,,,,")
    company.look()
    company.list_jobs(ORDERS, "wrong,,,nowhere,,,,,,,")
    company.pass_time(hours=1)
    return company


def interrupted(company: Company, meanwhile: Callable[[], None]) -> None:
    """A run ends, and somebody else writes between its notices and its stamp."""
    report = company.check(Order(mode="due", job_ids=("orders-db",)))
    close_run("fast", report, standings=company.standings, bus=Interrupted(meanwhile), now=company.now)


def test_a_row_that_is_noted_as_leaving_meanwhile_stays_noted() -> None:
    company = watched()
    leaving = company.standings.get("other-db")
    assert leaving is not None
    interrupted(company, lambda: note([leaving], company.standings))

    assert company.standings.fleet()["fast_at"] == company.now.isoformat()
    assert [one["job_ids"] for one in company.standings.fleet()["leaving"]] == [["other-db"]]


@pytest.mark.parametrize("closed_meanwhile", ["slow", "fast"])
def test_both_stamps_are_there_and_the_older_never_takes_back_the_newer(closed_meanwhile: Mode) -> None:
    company = watched()
    later = company.now.replace(microsecond=5)

    def close_another() -> None:
        report = company.check(Order(mode="due", job_ids=("orders-db",)))
        close_run(closed_meanwhile, report, standings=company.standings, bus=MemoryBus(), now=later)

    interrupted(company, close_another)

    fleet = company.standings.fleet()
    assert fleet[f"{closed_meanwhile}_at"] == later.isoformat()
    assert fleet["fast_at"] >= company.now.isoformat()


def test_what_is_held_meanwhile_can_still_be_let_go() -> None:
    company = watched()
    held = {"mark": "m", "job_ids": ["other-db"]}
    interrupted(company, lambda: company.standings.change_fleet(lambda fleet: fleet | {"held": held}))
    assert company.standings.fleet()["held"] == held
