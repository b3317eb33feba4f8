"""Many breaks at once: one card, nothing lost, nothing double."""

from datetime import datetime, timedelta

import pytest

from bolt_app.adapters.memory.messenger import Fault
from listeners.storm_cards import SNOOZE_ALL
from tests.flows.company import ANA, AWAKE, KIM, MONDAY, SAM, Company
from workflows.backup.check import Order
from workflows.kernel.errors import RateLimited, Unanswered
from workflows.kernel.ports import Delivery


def listed(company: Company, count: int, patience_of_last: str = "26h") -> None:
    """As many jobs of one owner, whose backups land now."""
    windows = ["26h"] * (count - 1) + [patience_of_last]
    company.list_jobs(*(f"job-{n:03},Job {n},{SAM.email},s3://acme/j{n:03}/,,{w},,no" for n, w in enumerate(windows)))
    for number in range(count):
        company.land(f"j{number:03}/a.dump")


def storm(count: int = 14, patience_of_last: str = "26h", *, now: datetime = MONDAY, rules: str = AWAKE) -> Company:
    """All of them break at once."""
    company = Company(now=now)
    company.documents.put("rules.txt", rules)
    listed(company, count, patience_of_last)
    company.look()
    company.pass_time(hours=27)
    return company


def test_six_breaks_at_once_are_one_card() -> None:
    company = storm(6)
    company.look()

    [card] = company.messages(SAM)
    assert "6 of your backups need attention" in card.message.text
    assert SNOOZE_ALL in str(card.message.blocks)
    assert len(company.lines(SAM)) == 1  # the details
    assert all(company.standing(f"job-{n:03}").pending is None for n in range(6))
    assert {company.standing(f"job-{n:03}").told[SAM.email].ts for n in range(6)} == {card.ts}


def test_five_breaks_are_five_messages() -> None:
    company = storm(5)
    company.look()

    assert len(company.messages(SAM)) == 5


def test_recoveries_edit_the_card() -> None:
    company = storm(14)
    company.look()
    company.pass_time(minutes=1)
    for number in range(9):
        company.land(f"j{number:03}/b.dump")
    company.look()

    [card] = company.messages(SAM)
    assert "9 of 14 are back" in card.message.text
    company.pass_time(minutes=1)
    for number in range(9, 14):
        company.land(f"j{number:03}/b.dump")
    company.look()
    assert "All 14 backups are fine again" in company.messages(SAM)[0].message.text
    assert len(company.messages(SAM)) == 1


def test_what_breaks_soon_after_joins_the_card_and_notifies_once() -> None:
    company = storm(14, patience_of_last="1622m")  # the last one is fine for two minutes more
    company.look()
    assert "13 of your backups" in company.messages(SAM)[0].message.text
    company.pass_time(minutes=5)
    company.look()

    [card] = company.messages(SAM)
    assert "14 of your backups need attention" in card.message.text
    aloud = [line for line in company.lines(SAM) if "Job 13" in line.message.text]
    assert len(aloud) == 1


def test_the_card_is_written_at_most_once_in_five_seconds() -> None:
    company = storm(8)
    company.look()
    company.pass_time(seconds=1)
    company.land("j000/b.dump")
    company.check()
    company.follow(next(event for event in company.bus.take() if event.kind == "bk.recovered"))

    [(later, delay)] = company.nudges.take()
    assert 1 <= delay <= 6
    company.pass_time(seconds=delay)
    company.follow(later)
    assert "1 of 8 are back" in company.messages(SAM)[0].message.text


def test_each_owner_has_a_card_of_their_own() -> None:
    company = Company()
    rows = [
        f"{who[:3]}-{n},Job {who[:3]} {n},{who},s3://acme/{who[:3]}{n}/,,26h,,no"
        for who in (SAM.email, KIM.email)
        for n in range(7)
    ]
    company.list_jobs(*rows)
    for who in ("sam", "kim"):
        for number in range(7):
            company.land(f"{who}{number}/a.dump")
    company.look()
    company.pass_time(hours=27)
    company.look()

    assert [len(company.messages(person)) for person in (SAM, KIM)] == [1, 1]


def test_a_card_that_somebody_deleted_gives_each_a_message_of_its_own() -> None:
    company = storm(6)
    company.look()
    company.messenger.messages = [posted for posted in company.messenger.messages if posted.thread_ts]
    company.pass_time(minutes=20)
    company.objects.put("acme", "j000/b.dump", 0, company.now)
    company.look()

    assert [message.message.text.count("Job 0") for message in company.messages(SAM)] == [1]


def settle_slowly(company: Company) -> None:
    """What has to wait waits."""
    for _ in range(30):
        later = company.nudges.take()
        for event in company.bus.take() + [event for event, _ in later]:
            company.follow(event)
        if not company.bus.published and not company.nudges.queued:
            return
        company.pass_time(seconds=max([delay for _, delay in company.nudges.queued], default=0))
    raise AssertionError("it never settles")


def test_a_card_that_was_deleted_is_replaced_by_one_card_when_many_still_speak() -> None:
    company = storm(9)
    company.look()
    company.messenger.messages = []
    company.pass_time(hours=13)  # all are an alert by now
    company.check()
    settle_slowly(company)

    [card] = company.messages(SAM)
    assert "9 of your backups need attention" in card.message.text
    assert {company.standing(f"job-{n:03}").told[SAM.email].ts for n in range(9)} == {card.ts}
    assert company.standings.pending() == []


def test_what_breaks_later_than_ten_minutes_speaks_for_itself() -> None:
    company = storm(7, patience_of_last="1640m")  # twenty minutes more
    company.look()
    company.pass_time(minutes=30)
    company.look()

    assert len(company.messages(SAM)) == 2
    assert "Job 6" in company.messages(SAM)[1].message.text


def test_those_that_are_back_before_the_card_is_written_are_not_on_it() -> None:
    company = storm(9)
    company.check()
    nudges = company.bus.take()
    company.land("j000/b.dump")
    company.check()
    for nudge in nudges:
        company.follow(nudge)
    company.settle()

    [card] = company.messages(SAM)
    assert "8 of your backups need attention" in card.message.text
    assert company.standings.pending() == []


def test_a_card_whose_answer_was_lost_and_that_is_over_by_then_turns_green() -> None:
    company = storm(9)
    company.check()
    nudge, *_ = company.bus.take()
    company.messenger.fail_next(None, None, Fault(kind="answer_lost"))
    company.follow(nudge)
    company.nudges.take()
    for number in range(9):
        company.land(f"j{number:03}/b.dump")
    company.pass_time(seconds=20)
    company.check()
    settle_slowly(company)

    [card] = company.messages(SAM)
    assert "All 9 backups are fine again" in card.message.text
    assert company.standings.pending() == []


def test_a_break_told_alone_is_not_told_again_by_a_card() -> None:
    company = storm(8, patience_of_last="26h")
    company.check()
    nudges = company.bus.take()
    tell = company.standings.tell
    company.standings.tell = lambda *_, **__: False  # type: ignore[method-assign]  # dies after the first message
    real = company.standings.pending
    company.standings.pending = lambda: ["job-003"]  # type: ignore[method-assign]  # the index lags behind
    company.follow(next(nudge for nudge in nudges if nudge.detail["job_id"] == "job-003"))
    company.standings.tell, company.standings.pending = tell, real  # type: ignore[method-assign]
    assert ["Job 3" in posted.message.text for posted in company.messages(SAM)] == [True]
    company.pass_time(seconds=61)
    company.nudges.take()
    for nudge in nudges:
        company.follow(nudge)

    alone, card = company.messages(SAM)
    assert "Job 3" in alone.message.text
    assert "7 of your backups need attention" in card.message.text
    details = "".join(str(line.message.blocks) for line in company.lines(SAM))
    assert "Job 3*" not in details


def test_a_storm_of_somebody_without_an_account_is_one_card_for_the_admin() -> None:
    company = storm(8)
    company.messenger.members = [ANA, KIM]
    company.look()

    [card] = company.messages(ANA)
    assert "8 of your backups need attention" in card.message.text
    company.land("j000/b.dump")
    company.pass_time(minutes=1)
    company.look()
    assert "1 of 8 are back" in card.message.text


def test_a_card_that_two_hold_is_never_overwritten_by_one_of_its_jobs() -> None:
    """Ana gets Sam's card, and is the target of the escalation too."""
    company = storm(8)
    company.documents.put("rules.txt", AWAKE + "[defaults]\nlate_alert_max: 1m\nescalate_after: 2h\n")
    company.messenger.members = [ANA, KIM]
    company.look()
    company.pass_time(minutes=2)
    company.look()
    company.pass_time(hours=3)
    company.look()
    assert ANA.email in company.standing("job-000").told
    company.pass_time(seconds=30)
    for number in range(2):
        company.land(f"j{number:03}/b.dump")
        company.check()
        settle_slowly(company)
        company.pass_time(seconds=1)
    for _ in range(4):
        company.pass_time(minutes=3)
        company.check(Order(mode="due"))
        settle_slowly(company)

    [card] = company.messages(ANA)
    assert "2 of 8 are back" in card.message.text
    assert not any("backed up again" in version.text for version in card.versions)
    assert company.standings.pending() == []


def test_a_lease_that_is_lost_in_the_middle_ends_in_the_same_card() -> None:
    company = storm(30)
    company.check()
    nudges = company.bus.take()
    put = company.ledger.put
    writes = iter(range(100))

    def dying(delivery: Delivery) -> None:
        if next(writes) == 3:
            raise Killed
        put(delivery)

    company.ledger.put = dying  # type: ignore[method-assign]
    release = company.ledger.release_lease
    company.ledger.release_lease = lambda *_, **__: None  # type: ignore[method-assign]
    with pytest.raises(Killed):
        company.follow(nudges[0])
    company.ledger.put, company.ledger.release_lease = put, release  # type: ignore[method-assign]
    for nudge in nudges[1:3]:
        company.follow(nudge)  # somebody else holds the lease, as far as they know
    assert [delay for _, delay in company.nudges.queued] == [5, 5]
    company.pass_time(seconds=61)
    for nudge in nudges:
        company.follow(nudge)
    company.settle()

    [card] = company.messages(SAM)
    assert "30 of your backups need attention" in card.message.text
    assert len([line for line in company.lines(SAM) if "one a line" in line.message.text]) == 2


@pytest.mark.thorough
def test_five_hundred_of_one_owner_are_one_card_and_twenty_texts() -> None:
    company = storm(500)
    company.check()
    settle_slowly(company)

    [card] = company.messages(SAM)
    assert "500 of your backups need attention" in card.message.text
    assert len([line for line in company.lines(SAM) if "one a line" in line.message.text]) == 20
    assert company.standings.pending() == []


class Killed(BaseException):
    """The process is gone."""


class Deaf:
    """A messenger that fails at one call, before or after doing it."""

    def __init__(self, real: object, fail_at: int, *, after: bool, error: Exception) -> None:
        self._real, self._left, self._after, self._error = real, fail_at, after, error

    def __getattr__(self, name: str) -> object:
        real = getattr(self._real, name)
        if name not in {"post", "update"}:
            return real

        def call(*args: object, **kwargs: object) -> object:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise self._error
            answer = real(*args, **kwargs)
            if self._left == 0:
                raise self._error
            return answer

        return call


@pytest.mark.parametrize("fail_at", range(1, 6))
@pytest.mark.parametrize(
    ("error", "after"),
    [(Unanswered("timeout"), False), (Unanswered("timeout"), True), (RateLimited(30), False)],
    ids=["not done", "done, and the answer lost", "rate"],
)
def test_whatever_fails_once_there_is_one_card_that_says_all(error: Exception, fail_at: int, *, after: bool) -> None:
    company = storm(8)
    real = company.messenger
    company.messenger = Deaf(real, fail_at, after=after, error=error)  # type: ignore[assignment]
    company.check()
    for _ in range(40):
        events = company.bus.take() + [event for event, _ in company.nudges.take()]
        if not events:
            break
        for event in events:
            company.follow(event)
        company.now += timedelta(seconds=11)
        real.now = company.now
    company.messenger = real

    [card] = company.messages(SAM)
    assert "8 of your backups need attention" in card.message.text
    assert all(company.standing(f"job-{n:03}").pending is None for n in range(8))
    details = [line for line in company.lines(SAM) if "one a line" in line.message.text]
    assert len(details) == 1
