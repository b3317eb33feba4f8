"""What every adapter of `Ledger` does alike: in memory, and on DynamoDB as moto plays it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from mypy_boto3_dynamodb import DynamoDBClient

from bolt_app.adapters.dynamodb_ledger import DynamoLedger
from bolt_app.adapters.memory.ledger import MemoryLedger
from tests.adapters.conftest import Table
from tests.adapters.strategies import facts
from workflows.kernel.ports import Delivery, Ledger

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAM = "sam@example.com"
SECOND = timedelta(seconds=1)
ROW = Delivery(recipient=SAM, id="d1", subject="orders-db", break_id="b1", say=1, kind="opened", outcome="sending", started=NOON)


@pytest.fixture(params=["memory", "dynamodb"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    if request.param == "memory":
        return MemoryLedger()
    client: DynamoDBClient = request.getfixturevalue("dynamodb")
    table: Table = request.getfixturevalue("table")
    return DynamoLedger(client, table=table("deliveries"))


def take(ledger: Ledger, holder: str, *, after: int = 0, recipient: str = SAM) -> bool:
    return ledger.take_lease(recipient, holder=holder, now=NOON + after * SECOND, seconds=45)


def test_a_lease_has_one_holder_until_it_runs_out(ledger: Ledger) -> None:
    assert take(ledger, "one")
    assert not take(ledger, "two")
    assert not take(ledger, "two", after=45)
    assert take(ledger, "two", after=46)
    assert not take(ledger, "one", after=47)


def test_the_holder_may_take_the_lease_again_and_so_keeps_it_longer(ledger: Ledger) -> None:
    take(ledger, "one")
    assert take(ledger, "one", after=40)
    assert not take(ledger, "two", after=60)


def test_a_lease_given_back_is_free_at_once(ledger: Ledger) -> None:
    take(ledger, "one")
    ledger.release_lease(SAM, holder="one")
    assert take(ledger, "two")


def test_giving_back_a_lease_that_has_passed_on_is_harmless(ledger: Ledger) -> None:
    ledger.release_lease(SAM, holder="one")
    take(ledger, "one")
    take(ledger, "two", after=46)
    ledger.release_lease(SAM, holder="one")
    assert not take(ledger, "three", after=50)


def test_each_recipient_has_a_lease_of_their_own(ledger: Ledger) -> None:
    assert take(ledger, "one")
    assert take(ledger, "two", recipient="kim@example.com")


def test_a_row_is_read_back_as_it_was_last_written(ledger: Ledger) -> None:
    assert ledger.get(SAM, "d1") is None
    ledger.put(ROW)
    assert ledger.get(SAM, "d1") == ROW
    delivered = replace(ROW, outcome="delivered", channel="D1", ts="1.2", tried=2)
    ledger.put(delivered)
    assert ledger.get(SAM, "d1") == delivered
    assert ledger.get("kim@example.com", "d1") is None
    assert ledger.get(SAM, "d2") is None


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=facts(Delivery))
def test_any_row_is_kept_whole(ledger: Ledger, row: Delivery) -> None:
    row = replace(row, recipient=SAM)
    ledger.put(row)
    assert ledger.get(SAM, row.id) == row


def test_a_lease_is_no_row_and_a_row_is_no_lease(ledger: Ledger) -> None:
    take(ledger, "one")
    assert ledger.get(SAM, "lease") is None
    assert ledger.opened_since(SAM, NOON - SECOND) == 0
    ledger.put(replace(ROW, id="lease"))
    assert not take(ledger, "two")


def test_opened_since_counts_breaks_opened_for_this_recipient_from_that_moment_on(ledger: Ledger) -> None:
    ledger.put(replace(ROW, id="before", started=NOON - SECOND))
    ledger.put(replace(ROW, id="then", started=NOON))
    ledger.put(replace(ROW, id="after", started=NOON + SECOND, outcome="delivered"))
    ledger.put(replace(ROW, id="after", started=NOON + SECOND, outcome="delivered", ts="1.2"))
    ledger.put(replace(ROW, id="worse", started=NOON + SECOND, kind="worse"))
    ledger.put(replace(ROW, id="hers", recipient="kim@example.com"))
    assert ledger.opened_since(SAM, NOON) == 2
    assert ledger.opened(SAM, NOON) == {"then", "after"}
    assert ledger.opened_since(SAM, NOON + 2 * SECOND) == 0


def test_an_opening_that_is_begun_again_counts_once_whatever_its_id(ledger: Ledger) -> None:
    ledger.put(replace(ROW, id="a#b c~"))
    ledger.put(replace(ROW, id="a#b c~", started=NOON + SECOND))
    assert ledger.opened(SAM, NOON) == {"a#b c~"}
    assert ledger.opened(SAM, NOON + SECOND) == {"a#b c~"}


def test_what_waits_is_noted_once_and_taken_away_when_it_is_done(ledger: Ledger) -> None:
    later = replace(ROW, id="w2", outcome="waiting", started=NOON + SECOND)
    ledger.keep_waiting(later)
    ledger.keep_waiting(replace(ROW, id="w1", outcome="waiting"))
    ledger.keep_waiting(later)

    ledger.keep_waiting(replace(later, say=9))

    assert [row.id for row in ledger.waiting(SAM)] == ["w1", "w2"]
    assert ledger.waiting(SAM)[1] == replace(later, say=9)
    assert ledger.waiting("kim@example.com") == []
    assert ledger.get(SAM, "w1") is None
    ledger.done_waiting(SAM, "w1")
    ledger.done_waiting(SAM, "w1")
    assert [row.id for row in ledger.waiting(SAM)] == ["w2"]


def test_what_was_written_is_heard_of_once_it_is_there(dynamodb: DynamoDBClient, table: Table) -> None:
    heard: list[str] = []

    def hear(row: Delivery) -> None:
        there = noting.get(row.recipient, row.id)
        heard.append(there.outcome if there else "")

    noting = DynamoLedger(dynamodb, table=table("deliveries"), written=hear)
    noting.put(ROW)
    noting.put(replace(ROW, outcome="delivered"))

    assert heard == ["sending", "delivered"]


# --- letters that come back ----------------------------------------------------------------------

LETTER = replace(ROW, outcome="delivered", channel="email:sam@example.com", ts="ses-1", via="email")


def test_a_letter_is_found_by_what_the_mail_service_calls_it_as_it_is_now(ledger: Ledger) -> None:
    ledger.put(replace(LETTER, outcome="sending", ts=""))
    assert ledger.letter("ses-1") is None
    ledger.put(LETTER)
    assert ledger.letter("ses-1") == LETTER
    ledger.put(replace(LETTER, outcome="failed", why="bounced"))
    assert ledger.letter("ses-1") == replace(LETTER, outcome="failed", why="bounced")


def test_nothing_but_a_letter_is_found_so(ledger: Ledger) -> None:
    ledger.put(replace(ROW, outcome="delivered", channel="D1", ts="1794963600.000001"))
    for name in ("1794963600.000001", "", "ses-1", "d1", "x" * 500):
        assert ledger.letter(name) is None


def test_a_mailbox_is_shut_until_then_and_no_other_with_it(ledger: Ledger) -> None:
    assert ledger.shut_why(SAM, NOON) == ""
    ledger.shut(SAM, "delayed", until=NOON + SECOND)
    assert ledger.shut_why(SAM, NOON) == "delayed"
    assert ledger.shut_why(SAM, NOON + SECOND) == ""
    assert ledger.shut_why("kim@example.com", NOON) == ""


def test_what_shut_a_mailbox_longer_holds(ledger: Ledger) -> None:
    ledger.shut(SAM, "delayed", until=NOON + SECOND)
    ledger.shut(SAM, "bounced", until=NOON + 9 * SECOND)
    ledger.shut(SAM, "delayed", until=NOON + 2 * SECOND)
    assert ledger.shut_why(SAM, NOON + 8 * SECOND) == "bounced"
    ledger.shut(SAM, "complained", until=None)
    ledger.shut(SAM, "bounced", until=NOON + 9 * SECOND)
    ledger.shut(SAM, "complained", until=None)
    assert ledger.shut_why(SAM, NOON + timedelta(days=9999)) == "complained"
