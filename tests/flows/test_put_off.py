"""How long the outside has been putting off what is to be told: reported each time, and carried on by the nudge itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bolt_app.adapters.memory.messenger import Fault
from tests.flows.company import ANA, MONDAY, ORDERS, SAM, Company
from tests.flows.office import Office
from tests.flows.test_delivery import to_be_told
from tests.flows.test_quiet_hours import at_night, morning
from workflows.backup.check import Order
from workflows.kernel.ports import Event
from workflows.kernel.posting import FIRST_PUT_OFF, MARKS, first_put_off, when_due

LATE = 1800
"""Seconds after which the alarm is heard."""

SILENT, LIMITED = Fault(kind="lost"), Fault(kind="rate_limited", retry_after_seconds=120)
OUTAGES = pytest.mark.parametrize("fault", [SILENT, LIMITED], ids=["no answer", "rate"])
NOTICE = Event(kind="bk.notice", detail={"v": 1, "about": "sheet", "document": "jobs", "problem": "none"})


class Queue:
    """Follows a company's nudges when they are due, with the tick of each minute and the hourly check."""

    def __init__(self, company: Company, *nudges: Event) -> None:
        self.company = company
        self.waiting = [(company.now, nudge) for nudge in nudges]
        self.most = 0

    def run(self, minutes: int, before: Callable[[Event], object] = lambda _nudge: None) -> None:
        company = self.company
        for minute in range(minutes):
            company.pass_time(minutes=1)
            company.check(Order(mode="fast" if minute % 60 == 59 else "due"))
            self.waiting += [(company.now, event) for event in company.bus.take()]
            due = [nudge for at, nudge in self.waiting if at <= company.now]
            self.waiting = [(at, nudge) for at, nudge in self.waiting if at > company.now]
            for event in due:
                nudge = when_due(event, company.nudges, company.now)
                if nudge is not None:
                    before(nudge)
                    company.follow(nudge)
            self.waiting += [(company.now + timedelta(seconds=delay), nudge) for nudge, delay in company.nudges.take()]
            self.most = max(self.most, len(self.waiting))


def outage(company: Company, fault: Fault) -> Callable[[Event], object]:
    """From now on each call that any nudge makes ends so."""

    def begin(_: Event) -> None:
        company.messenger.faults = [fault] * 50

    return begin


@pytest.mark.thorough
@OUTAGES
def test_an_outage_of_an_hour_is_reported_longer_and_longer_and_all_is_told_once_when_it_ends(fault: Fault) -> None:
    company, nudge = to_be_told()
    queue = Queue(company, nudge, NOTICE)
    queue.run(70, outage(company, fault))

    assert company.delays[0] == 0
    assert LATE < max(company.delays) <= 70 * 60
    assert all(FIRST_PUT_OFF in nudge.detail for _, nudge in queue.waiting)
    assert queue.most < 20  # what the tick brings besides makes no flood

    company.messenger.faults = []
    company.delays.clear()
    queue.run(20)
    assert [len(company.messages(who)) for who in (SAM, ANA)] == [1, 1]
    assert company.delays == []
    assert queue.waiting == []
    assert company.standings.pending() == []


@pytest.mark.thorough
@OUTAGES
def test_each_quarter_of_an_hour_of_an_outage_has_its_report(fault: Fault) -> None:
    company, nudge = to_be_told()
    queue = Queue(company, nudge)
    for quarter in range(8):
        company.delays.clear()
        queue.run(16, outage(company, fault))
        assert max(company.delays) >= (quarter - 1) * 16 * 60


def test_what_the_oldest_nudge_knows_outlives_that_another_is_at_work_whenever_it_comes() -> None:
    company, nudge = to_be_told()
    queue = Queue(company, nudge)
    begin = outage(company, SILENT)

    def busy(nudge: Event) -> None:
        begin(nudge)
        since = first_put_off(nudge, company.now)
        if since is not None and company.now - since < timedelta(seconds=LATE):
            company.ledger.take_lease(SAM.email, holder="a fresh nudge", now=company.now, seconds=5)

    queue.run(60, busy)
    assert max(company.delays) > LATE
    assert queue.most < 20
    company.messenger.faults = []
    queue.run(20)
    assert len(company.messages(SAM)) == 1
    assert queue.waiting == []


def test_where_somebody_else_is_at_work_nothing_is_reported_and_the_older_one_comes_back_later() -> None:
    company, nudge = to_be_told()
    company.ledger.take_lease(SAM.email, holder="another", now=company.now, seconds=45)
    delays = []
    for minutes in (0, 2, 20, 200):
        since = (company.now - timedelta(minutes=minutes)).isoformat()
        marked = Event(kind=nudge.kind, detail=nudge.detail | {"only_for": SAM.email, "unfinished": True, FIRST_PUT_OFF: since})
        company.follow(marked)
        [(again, delay)] = company.nudges.take()
        assert again == marked
        delays.append(delay)

    assert delays == [5, 60, 600, 900]
    assert company.delays == []


@pytest.mark.parametrize("fault", [Fault(kind="lost"), Fault(kind="rate_limited", retry_after_seconds=5000)])
def test_a_look_for_what_may_have_arrived_and_a_wait_that_no_queue_holds_keep_the_mark(fault: Fault) -> None:
    company, nudge = to_be_told()
    since = company.now.isoformat()
    company.messenger.fail_next(None, None, fault)
    company.follow(nudge)
    [(again, _)] = company.nudges.take()
    company.pass_time(seconds=1)
    held = when_due(again, company.nudges, company.now)
    if held is not None:  # too early to look whether it arrived: it waits once more, and that is nobody's fault
        company.follow(held)
    [(last, _)] = company.nudges.take()

    assert (again.detail[FIRST_PUT_OFF], last.detail[FIRST_PUT_OFF]) == (since, since)
    assert company.delays == [0]


def test_a_card_that_is_put_off_is_reported_too() -> None:
    office = Office()
    office.beat()
    [nudge] = [event for event in office.bus.take() if event.kind == "bk.proposal"]
    for _ in range(14):
        office.messenger.faults = [SILENT] * 5
        office.draw(nudge)
        [(nudge, delay)] = office.nudges.take()
        office.pass_time(seconds=delay)
    assert office.delays == sorted(office.delays)
    assert max(office.delays) > LATE

    office.messenger.faults = []
    office.draw(nudge)
    assert len(office.cards()) == 1
    assert office.nudges.take() == []


def test_quiet_hours_report_nothing() -> None:
    company = at_night()
    queue = Queue(company)
    queue.run(120)
    morning(company)

    assert len(company.messages(SAM)) == 1
    assert company.delays == []


def test_what_is_refused_for_good_is_no_delay() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.messenger.closed["DSAM"] = "is_archived"
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()

    assert company.delays == []


@pytest.mark.parametrize(
    ("mark", "since"),
    [
        ("2026-11-16T08:00:00+00:00", MONDAY - timedelta(hours=1)),
        ("2026-11-16T10:00:00+02:00", MONDAY - timedelta(hours=1)),
        ("2026-11-16T09:30:00+00:00", MONDAY),  # the clock went backwards
        ("9999-12-31T23:59:59+00:00", MONDAY),
        ("2026-11-16T08:00:00", None),  # whose hour?
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (1789000000, None),
        (["2026-11-16T08:00:00+00:00"], None),
    ],
)
def test_a_mark_is_a_moment_with_its_zone_and_never_ahead_or_it_is_none(mark: object, since: datetime | None) -> None:
    company, nudge = to_be_told()
    company.now = company.messenger.now = MONDAY
    marked = Event(kind=nudge.kind, detail=nudge.detail | {FIRST_PUT_OFF: mark})
    found = first_put_off(marked, MONDAY)

    assert found == since
    assert found is None or found.tzinfo == UTC
    company.messenger.fail_next(SILENT)
    company.follow(marked)
    [(again, _)] = company.nudges.take()
    assert company.delays == [(MONDAY - (since or MONDAY)).total_seconds()]
    assert again.detail[FIRST_PUT_OFF] == (since or MONDAY).isoformat()


def test_the_mark_is_no_fact_of_a_nudge() -> None:
    assert FIRST_PUT_OFF in MARKS
