"""Two invocations side by side, one for somebody without an account any more, one for the admin who is told in their place."""

from collections.abc import Callable

import pytest

from bolt_app.adapters.memory.messenger import Fault, FaultKind, MemoryMessenger
from tests.flows.company import ANA, AWAKE, MONDAY, SAM, Company
from workflows.kernel.ports import Event, Message


class Interrupted(MemoryMessenger):
    """Before the first message is there, somebody else gets their turn."""

    def __init__(self) -> None:
        super().__init__([ANA, SAM], now=MONDAY)
        self.meanwhile: list[Callable[[], None]] = []

    def post(self, channel: str, message: Message, *, message_id: str, thread_ts: str = "", broadcast: bool = False) -> str:
        if self.meanwhile:
            self.meanwhile.pop()()
        return super().post(channel, message, message_id=message_id, thread_ts=thread_ts, broadcast=broadcast)


def escalates(jobs: int) -> tuple[Company, Interrupted]:
    """Sam was told, and then left the company: as it escalates, the admin is to be told, and told in Sam's place."""
    messenger = Interrupted()
    company = Company(messenger=messenger)
    company.documents.put("rules.txt", AWAKE)
    company.list_jobs(*(f"job-{n},Job {n},{SAM.email},s3://acme/job-{n}/,,26h,,no" for n in range(jobs)))
    for number in range(jobs):
        company.land(f"job-{number}/a.dump")
    company.look()
    company.pass_time(hours=40)
    company.look()
    let_all_happen(company)
    assert len(company.messages(SAM)) == 1
    messenger.members.remove(SAM)
    company.pass_time(hours=25)
    company.check()
    assert company.standing("job-0").recipients == (SAM.email, ANA.email)
    assert company.messages(ANA) == []
    return company, messenger


def follow(events: list[Event], company: Company) -> None:
    for event in events:
        company.follow(event)


def let_all_happen(company: Company) -> None:
    for _ in range(5):
        company.settle()
        company.sleep(seconds=10)


@pytest.mark.parametrize("jobs", [1, 8], ids=["one job", "a storm"])
def test_the_admin_is_told_once_while_another_tells_them_in_somebodys_place(jobs: int) -> None:
    company, messenger = escalates(jobs)
    events = company.bus.take()
    messenger.meanwhile = [lambda: follow(events, company)]
    follow(events, company)
    let_all_happen(company)

    the_one_message(company)


@pytest.mark.parametrize("jobs", [1, 8], ids=["one job", "a storm"])
def test_nobody_is_told_by_way_of_the_admin_while_another_tells_the_admin(jobs: int) -> None:
    company, messenger = escalates(jobs)
    events = company.bus.take()
    assert company.ledger.take_lease(SAM.email, holder="somebody slow", now=company.now, seconds=600)

    def somebody_is_done() -> None:
        company.ledger.release_lease(SAM.email, holder="somebody slow")
        follow(events, company)

    messenger.meanwhile = [somebody_is_done]
    follow(events, company)
    let_all_happen(company)

    the_one_message(company)


@pytest.mark.parametrize("kind", ["answer_lost", "lost"])
@pytest.mark.parametrize("jobs", [1, 8], ids=["one job", "a storm"])
def test_whoever_comes_next_looks_for_what_was_begun_there_and_never_answered(jobs: int, kind: FaultKind) -> None:
    company, messenger = escalates(jobs)
    messenger.meanwhile = [lambda: messenger.fail_next(Fault(kind=kind))]
    follow(company.bus.take(), company)
    company.sleep(seconds=11)
    let_all_happen(company)

    the_one_message(company)


def test_a_shared_message_that_somebody_deletes_is_replaced_once_though_the_answer_is_lost() -> None:
    company, messenger = escalates(1)
    follow(company.bus.take(), company)
    let_all_happen(company)
    messenger.messages.clear()
    company.pass_time(hours=30)
    company.check()
    messenger.meanwhile = [lambda: messenger.fail_next(Fault(kind="answer_lost"))]
    follow(company.bus.take(), company)
    company.sleep(seconds=11)
    let_all_happen(company)

    the_one_message(company)


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["answer_lost", "lost"])
def test_a_card_for_two_is_finished_and_turns_green(kind: FaultKind) -> None:
    company, messenger = escalates(8)
    messenger.meanwhile = [lambda: messenger.fail_next(Fault(kind=kind))]
    follow(company.bus.take(), company)
    company.sleep(seconds=11)
    let_all_happen(company)
    assert len(company.lines(ANA)) == 1, "what is wrong with each"

    for number in range(8):
        company.land(f"job-{number}/b.dump")
    company.look()
    let_all_happen(company)
    assert "All 8 backups are fine again" in the_one_message(company)


def the_one_message(company: Company) -> str:
    """What the admin reads, once both are told by it."""
    about_jobs = [posted.message.text for posted in company.messages(ANA) if "cannot be told" not in posted.message.text]
    [message] = about_jobs
    standing = company.standing("job-0")
    assert standing.pending is None
    assert standing.told[SAM.email].ts == standing.told[ANA.email].ts
    assert {one.say for one in standing.told.values()} == {standing.say}
    return message
