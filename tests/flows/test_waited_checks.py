"""`check`: asked for in words, looked at by the checker, told by dispatch to the one who asked, and once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bolt_app.adapters.memory.messenger import MemoryDirectory
from bolt_app.lambdas.checker import order_of
from listeners.status_view import checked_message
from tests.flows.company import ANA, GUS, KIM, ORDERS, SAM, TEAM, Company
from workflows.backup.checked import CHECKED, Checked, answer_check, done_event, read_checked
from workflows.backup.checking import JOBS_MAX, AnswerTo, check_jobs
from workflows.kernel.errors import Unanswered
from workflows.kernel.ports import Event, Json, Member, Message
from workflows.kernel.proposals import Asker
from workflows.kernel.reply import Reply
from workflows.kernel.rights import Authority

URL = "https://hooks.slack.com/commands/T1/1/x"
TO = AnswerTo(response_url=URL, id="trigger-1")


@dataclass
class Heard:
    """Implements `Whispers`."""

    told: list[tuple[str, bool, Message]] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    def to(self, response_url: str, *, instead: bool = False) -> Callable[[Message], None]:
        def whisper(message: Message) -> None:
            if self.faults:
                raise self.faults.pop(0)
            self.told.append((response_url, instead, message))

        return whisper


class Counting(MemoryDirectory):
    """Keeps which groups it was asked for."""

    asked: list[str]

    def group(self, group_id: str) -> frozenset[str]:
        self.asked.append(group_id)
        return super().group(group_id)


@dataclass
class Desk:
    """One company, and somebody who asks for checks. `groups`: of people who stand above the owners."""

    company: Company
    heard: Heard = field(default_factory=Heard)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    asked_for: list[str] = field(default_factory=list)

    def ask(self, *job_ids: str, member: Member = SAM, to: AnswerTo = TO) -> Reply:
        directory = Counting(self.company.messenger, self.groups)
        directory.asked = self.asked_for
        return check_jobs(
            job_ids,
            Asker(user_id=member.user_id, team_id=TEAM),
            to,
            standings=self.company.standings,
            bus=self.company.bus,
            directory=directory,
            authority=Authority(team_id=TEAM, admin=ANA.email, approvers=tuple(self.groups)),
            now=self.company.now,
        )

    def look(self) -> Event | None:
        """The checker follows what is on the bus, and says what it must."""
        said = None
        for event in self.company.bus.take():
            if event.kind == "bk.check":
                order = order_of({"detail-type": event.kind, "detail": event.detail})
                report = self.company.check(order)
                said = done_event(order.job_ids, order.reply, by=order.by, failed=report.failed)
            else:
                self.company.follow(event)
        self.company.settle()
        return said

    def tell(self, event: Event | None) -> bool:
        assert event is not None
        assert event.kind == CHECKED
        return answer_check(
            read_checked(event.detail),
            standings=self.company.standings,
            ledger=self.company.ledger,
            whispers=self.heard,
            say=lambda found, failed: checked_message(found, failed, now=self.company.now, zone="UTC"),
            now=self.company.now,
        )


@pytest.fixture
def desk() -> Desk:
    company = Company()
    company.list_jobs(ORDERS, ORDERS.replace("orders-db,Orders", "crm-db,Customers").replace("/orders/", "/crm/"))
    company.land()
    company.look()
    return Desk(company)


def test_whoever_asks_is_told_what_the_check_found_and_that_it_is_new(desk: Desk) -> None:
    desk.company.sleep(hours=40)
    assert desk.ask("orders-db") == Reply(kind="done", text="Looking at Orders database now; what it finds comes here.")
    assert desk.tell(desk.look())
    ((url, instead, message),) = desk.heard.told
    assert (url, instead) == (URL, False)
    assert message.text == ":red_circle: Orders database has no fresh backup, looked just now"


def test_the_answer_is_given_once_however_often_it_is_asked_to_be(desk: Desk) -> None:
    desk.ask("orders-db")
    event = desk.look()
    assert [desk.tell(event), desk.tell(event)] == [True, False]
    assert len(desk.heard.told) == 1


def test_an_answer_that_did_not_arrive_is_given_again(desk: Desk) -> None:
    desk.ask("orders-db")
    event = desk.look()
    desk.heard.faults.append(Unanswered("timeout"))
    with pytest.raises(Unanswered):
        desk.tell(event)
    assert desk.tell(event)


def test_after_half_an_hour_nobody_takes_it_any_more(desk: Desk) -> None:
    desk.ask("orders-db")
    event = desk.look()
    desk.company.sleep(minutes=30)
    assert not desk.tell(event)
    assert desk.heard.told == []


def test_of_a_group_only_what_the_asker_may_act_on_is_looked_at_and_the_rest_is_named(desk: Desk) -> None:
    desk.company.list_jobs(ORDERS, "crm-db,Customers,kim@example.com,s3://acme/crm/,,26h,,no")
    desk.company.look()
    reply = desk.ask("orders-db", "crm-db")
    assert reply.text.startswith("Looking at Orders database now")
    assert "1 more is left out" in reply.text
    event = desk.look()
    assert event is not None
    assert event.detail["job_ids"] == ["orders-db"]


@pytest.mark.parametrize(("member", "says"), [(KIM, "Only sam@example.com or ana@example.com"), (GUS, "Guests cannot do that")])
def test_who_may_act_on_none_of_them_is_refused_and_nothing_is_looked_at(desk: Desk, member: Member, says: str) -> None:
    reply = desk.ask("orders-db", member=member)
    assert reply.kind == "refused"
    assert says in reply.text
    assert desk.company.bus.take() == []
    assert desk.company.standings.history("orders-db", 1)[0].action == "refused"


def test_the_group_of_the_approvers_is_asked_for_once_however_many_jobs_there_are(desk: Desk) -> None:
    desk.groups = {"S1": frozenset({KIM.user_id})}
    assert desk.ask("orders-db", "crm-db", member=KIM).kind == "done"
    assert desk.asked_for == ["S1"]


def test_too_many_at_once_are_left_out_and_said(desk: Desk) -> None:
    rows = (f"job-{place},Job {place},sam@example.com,s3://acme/{place}/,,26h,,no" for place in range(30))
    desk.company.list_jobs(*rows)
    desk.company.look()
    reply = desk.ask(*(f"job-{place}" for place in range(30)))
    assert reply.text.startswith(f"Looking at {JOBS_MAX} jobs now")
    assert "5 more are left out" in reply.text


def test_a_job_that_left_the_list_is_gone(desk: Desk) -> None:
    assert desk.ask("never").kind == "gone"


def test_the_way_back_stands_what_it_cannot_read(desk: Desk) -> None:
    desk.ask("orders-db", to=AnswerTo(response_url=URL, id="t2", instead=True))
    event = desk.look()
    assert event is not None
    assert read_checked(event.detail).instead
    reply = event.detail["reply"]
    wrongs: list[Json] = [{"reply": None}, {"reply": {**reply, "at": "noon"}}, {"job_ids": None}, {"reply": {}}]
    for wrong in wrongs:
        with pytest.raises(ValueError):  # noqa: PT011 - what it says differs
            read_checked({**event.detail, **wrong})
    naive = {**reply, "at": "2026-11-16T09:00:00"}
    with pytest.raises(ValueError, match="no zone"):
        read_checked({**event.detail, "reply": naive})


def test_what_could_not_be_looked_at_is_told_with_its_reason(desk: Desk) -> None:
    checked = Checked(
        job_ids=("orders-db",), by=SAM.user_id, response_url=URL, id="t3", at=desk.company.now, failed={"orders-db": "Throttled"}
    )
    answer_check(
        checked,
        standings=desk.company.standings,
        ledger=desk.company.ledger,
        whispers=desk.heard,
        say=lambda found, failed: checked_message(found, failed, now=desk.company.now, zone="UTC"),
        now=desk.company.now + timedelta(minutes=1),
    )
    ((_, _, message),) = desk.heard.told
    assert "could not be looked at: Throttled" in str(message.blocks)
