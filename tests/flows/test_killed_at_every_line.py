"""One delivery, killed at each line that it executes: it is never lost, and never two messages."""

import copy
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest

from tests.flows.company import ORDERS, SAM, Company
from tests.flows.test_quiet_hours import NIGHT
from tests.flows.test_storm import storm
from workflows.kernel.ports import Event

WATCHED = (
    "/workflows/kernel/dispatch.py",
    "/workflows/kernel/one_message.py",
    "/workflows/kernel/places.py",
    "/workflows/kernel/posting.py",
    "/workflows/kernel/sending.py",
    "/workflows/kernel/one_message.py",
    "/workflows/kernel/places.py",
    "/workflows/kernel/storm.py",
    "/workflows/kernel/turn.py",
    "/workflows/kernel/storm_letters.py",
    "/workflows/backup/telling.py",
)


pytestmark = pytest.mark.thorough


class Killed(BaseException):
    """The process is gone: nothing that follows runs, no `except` and no `finally` matters any more."""


@contextmanager
def killed_at(line: int, company: Company) -> Iterator[Callable[[], int]]:
    """Kills at the line that is executed as this one, and with the process whatever it would have done on its way out.

    Gives how many lines were executed; line 0 kills nothing.
    """
    count = 0

    def step(_: FrameType, what: str, __: Any) -> Any:
        nonlocal count
        if what == "line":
            count += 1
            if count == line:
                sys.settrace(None)
                company.ledger.release_lease = lambda *_, **__: None  # type: ignore[method-assign]
                raise Killed
        return step

    def enter(frame: FrameType, _: str, __: Any) -> Any:
        return step if frame.f_code.co_filename.endswith(WATCHED) else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        yield lambda: count
    except Killed:
        del company.ledger.release_lease
    finally:
        sys.settrace(before)


def one_break() -> Company:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.check()
    return company


def many_breaks() -> Company:
    company = storm(6)
    company.check()
    return company


def worse() -> Company:
    company = one_break()
    company.settle()
    company.pass_time(hours=13)
    company.check()
    return company


def recovered() -> Company:
    company = many_breaks()
    company.settle()
    company.pass_time(minutes=1)
    company.land("j000/b.dump")
    company.check()
    return company


def joining() -> Company:
    """Two more break while a card is on."""
    company = storm(6)
    company.list_jobs(*(f"job-{n:03},Job {n},{SAM.email},s3://acme/j{n:03}/,,26h,,no" for n in range(8)))
    for number in range(6, 8):
        company.objects.put("acme", f"j{number:03}/a.dump", 1000, company.now - timedelta(hours=25, minutes=58))
    company.look()
    company.pass_time(minutes=5)
    company.check()
    return company


def deleted_card() -> Company:
    company = storm(6)
    company.look()
    company.messenger.messages = []
    company.pass_time(hours=13)  # all are an alert by now
    company.check()
    return company


def put_off() -> Company:
    """Two breaks in the night, of which nobody is told before eight; one that is told already becomes worse."""
    company = Company(now=NIGHT.replace(hour=9))
    company.documents.put("rules.txt", "")
    company.list_jobs(
        *(f"job-{n:03},Job {n},{SAM.email},s3://acme/j{n:03}/,,{w},,no" for n, w in enumerate(("8h", "14h", "14h")))
    )
    for number in range(3):
        company.land(f"j{number:03}/a.dump")
    company.look()
    company.pass_time(hours=8, minutes=10)
    company.look()  # the first is told before six
    company.pass_time(hours=6)
    company.check()
    return company


def opening() -> Company:
    """The morning after: one of them is over, the others are not."""
    company = put_off()
    company.settle()
    company.pass_time(hours=1)
    company.land("j001/b.dump")
    company.look()
    company.now = company.messenger.now = company.deferrals.next_at or company.now
    return company


def deliver(company: Company, nudges: list[Event]) -> None:
    """The queue brings what was not finished again, after its visibility timeout, and so do later nudges."""
    for _ in range(12):
        for nudge in nudges:
            company.follow(nudge)
        nudges = company.bus.take() + [event for event, _ in company.nudges.take()] + company.appointments()
        company.pass_time(seconds=61)
        if not nudges:  # the tick nudges what is pending, where a nudge died with us
            nudges = [Event(kind="bk.alert", detail={"job_id": job_id}) for job_id in company.standings.pending()]
        if not nudges:
            return
    raise AssertionError("it never settles")


@pytest.mark.parametrize(
    ("made", "top", "says"),
    [
        (one_break, 1, "has no fresh backup"),
        (many_breaks, 1, "6 of your backups need attention"),
        (worse, 1, "no fresh backup"),
        (recovered, 1, "1 of 6 are back"),
        (joining, 1, "8 of your backups need attention"),
        (deleted_card, 1, "6 of your backups need attention"),
        (put_off, 1, "no fresh backup"),
        (opening, 3, "no fresh backup"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_delivery_killed_at_any_line_is_one_message(made: Callable[[], Company], top: int, says: str) -> None:
    before = made()
    nudges = (before.bus.take() or before.appointments())[:1]  # one is enough to tell of all
    assert nudges
    whole = copy.deepcopy(before)
    with killed_at(0, whole) as executed:
        for nudge in nudges:
            whole.follow(nudge)
    deliver(whole, list(nudges))
    expected = [posted.message.text for posted in whole.messages(SAM)]
    lines = len(whole.lines(SAM))
    waiting = {row.id for row in whole.ledger.waiting(SAM.email)}
    assert len(expected) == top
    assert says in expected[0]

    # what these two share with the others is killed there, line by line
    for line in range(1, executed() + 1, 3 if made in {deleted_card, joining} else 1):
        company = copy.deepcopy(before)
        with killed_at(line, company):
            for nudge in nudges:
                company.follow(nudge)
        company.pass_time(seconds=61)
        deliver(company, list(nudges))

        assert [posted.message.text for posted in company.messages(SAM)] == expected, line
        assert len(company.lines(SAM)) == lines, line
        assert company.standings.pending() == [], line
        assert {row.id for row in company.ledger.waiting(SAM.email)} == waiting, line


def test_a_ledger_that_forgets_is_found_out() -> None:
    """A planted mistake: without the row that says `sending`, some line makes two messages."""
    before = one_break()
    nudges = before.bus.take()
    whole = copy.deepcopy(before)
    with killed_at(0, whole) as executed:
        for nudge in nudges:
            whole.follow(nudge)
    seen = set()
    for line in range(1, executed() + 1):
        company = copy.deepcopy(before)
        company.ledger.put = lambda delivery: None  # type: ignore[method-assign]  # noqa: ARG005 - as the port names it
        with killed_at(line, company):
            for nudge in nudges:
                company.follow(nudge)
        company.pass_time(seconds=61)
        for nudge in nudges:
            company.follow(nudge)
        seen.add(len(company.messages(SAM)))
    assert seen == {1, 2}
