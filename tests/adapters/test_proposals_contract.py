"""What every adapter of `Proposals` does alike: in memory, and on DynamoDB as moto plays it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mypy_boto3_dynamodb import DynamoDBClient

from bolt_app.adapters.dynamodb_proposals import REMEMBERED, DynamoProposals
from bolt_app.adapters.memory.bus import MemoryBus
from bolt_app.adapters.memory.proposals import MemoryProposals
from tests.adapters.conftest import Table
from tests.adapters.strategies import facts, json_values, words
from workflows.backup.proposing import propose_report
from workflows.backup.reports.report import Report
from workflows.kernel.errors import Conflict
from workflows.kernel.ports import AuditEntry
from workflows.kernel.proposal import Proposal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ID = "mail-0123456789abcdef"

Adapter = MemoryProposals | DynamoProposals
seen = st.lists(st.dictionaries(words, json_values, max_size=3), max_size=3).map(tuple)
any_proposal = facts(Proposal, seen=seen)


@pytest.fixture(params=["memory", "dynamodb"])
def proposals(request: pytest.FixtureRequest) -> Adapter:
    if request.param == "memory":
        return MemoryProposals()
    client: DynamoDBClient = request.getfixturevalue("dynamodb")
    table: Table = request.getfixturevalue("table")
    return DynamoProposals(client, table=table("proposals"), audit=table("audit"))


def one(proposal_id: str = ID, **special: Any) -> Proposal:
    return Proposal(
        **{"proposal_id": proposal_id, "lane": "mail", "key": "nightly", "cells": {"name": "Nightly"}, "created": NOON, **special}
    )


def entry(action: str = "proposed", at: datetime = NOON, **special: Any) -> AuditEntry:
    return AuditEntry(**{"subject": "nightly", "at": at, "action": action, "by": "mail", **special})


def kept(proposals: Adapter, proposal: Proposal) -> Proposal:
    """Saves it, and returns it as it is then stored."""
    proposals.save(proposal, None)
    stored = proposals.get(proposal.proposal_id)
    assert stored is not None
    return stored


def test_what_was_never_stored_is_not_there(proposals: Adapter) -> None:
    assert proposals.get(ID) is None
    assert proposals.open() == []
    assert proposals.due(NOON) == []
    assert not proposals.show(ID, rev=1, channel="C1", ts="1.2")
    assert not proposals.look_again(ID, rev=0, due=NOON)
    assert proposals.get(ID) is None


def test_a_saved_proposal_is_read_back_one_revision_later(proposals: Adapter) -> None:
    proposal = one(seen=({"id": "a", "at": NOON.isoformat(), "size": 3, "finished": None},), due=NOON, asked_at=NOON)
    assert kept(proposals, proposal) == replace(proposal, rev=1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(proposal=any_proposal)
def test_any_proposal_is_kept_whole_but_for_what_only_dispatch_writes(proposals: Adapter, proposal: Proposal) -> None:
    before = proposals.get("any")
    proposal = replace(proposal, proposal_id="any", rev=before.rev if before else 0)
    assert kept(proposals, proposal) == replace(proposal, rev=proposal.rev + 1, shown=0, channel="", ts="")


def test_of_two_writers_who_read_the_same_revision_exactly_one_wins(proposals: Adapter) -> None:
    read = kept(proposals, one())
    proposals.save(replace(read, state="approving"), entry("first"))
    with pytest.raises(Conflict):
        proposals.save(replace(read, state="discarded"), entry("second", NOON + MINUTE))
    stored = proposals.get(ID)
    assert stored is not None
    assert (stored.state, stored.rev) == ("approving", 2)
    assert [one.action for one in proposals.history("nightly")] == ["first"]


def test_of_two_first_saves_exactly_one_wins(proposals: Adapter) -> None:
    proposals.save(one(), entry("first"))
    with pytest.raises(Conflict):
        proposals.save(one(), entry("second", NOON + MINUTE))
    assert [one.action for one in proposals.history("nightly")] == ["first"]


def test_the_same_save_tried_again_is_told_apart_from_anothers(proposals: Adapter) -> None:
    proposals.save(one(), entry())
    with pytest.raises(Conflict):
        proposals.save(one(rev=7), entry("later", NOON + MINUTE))


def test_two_proposals_of_one_row_write_two_entries_in_one_moment(proposals: Adapter) -> None:
    proposals.save(one("mail-1"), entry("first"))
    proposals.save(one("mail-2"), entry("second"))
    assert sorted(one.action for one in proposals.history("nightly")) == ["first", "second"]


def test_a_refusal_is_recorded_and_changes_nothing(proposals: Adapter) -> None:
    read = kept(proposals, one())
    refusal = entry("refused", by="UGUS", after={"asked": "approve"}, why="Guests cannot do that.")
    proposals.record(refusal)
    assert proposals.history("nightly") == [refusal]
    assert proposals.get(ID) == read


def test_saving_never_touches_the_card_and_the_card_never_touches_the_rest(proposals: Adapter) -> None:
    read = kept(proposals, one(due=NOON))
    assert proposals.show(ID, rev=1, channel="C1", ts="1.2")
    again = kept(proposals, replace(read, learned="more", shown=9, channel="D9", ts="9.9"))
    assert (again.rev, again.learned, again.due, again.shown, again.channel, again.ts) == (2, "more", NOON, 1, "C1", "1.2")


def test_a_card_that_shows_more_is_not_taken_back(proposals: Adapter) -> None:
    kept(proposals, one())
    assert proposals.show(ID, rev=2, channel="C1", ts="1.2")
    assert not proposals.show(ID, rev=1, channel="C1", ts="1.1")
    assert proposals.show(ID, rev=2, channel="C2", ts="1.3")
    stored = proposals.get(ID)
    assert stored is not None
    assert (stored.shown, stored.channel, stored.ts) == (2, "C2", "1.3")


def test_open_are_those_that_nobody_has_decided_for_good_the_oldest_first(proposals: Adapter) -> None:
    for place, state in enumerate(["reading", "pending", "approving", "approved", "discarded"]):
        kept(proposals, one(state, state=state, created=NOON - place * MINUTE, decided_at=NOON))
    assert [one.proposal_id for one in proposals.open()] == ["approving", "pending", "reading"]
    first = proposals.get("pending")
    assert first is not None
    kept(proposals, replace(first, state="discarded"))
    assert [one.proposal_id for one in proposals.open()] == ["approving", "reading"]


def test_due_are_those_whose_card_must_be_looked_at_the_oldest_first(proposals: Adapter) -> None:
    for place, name in enumerate(["later", "now", "before"]):
        kept(proposals, one(name, due=NOON + MINUTE - place * MINUTE))
    kept(proposals, one("never"))
    assert proposals.due(NOON) == ["before", "now"]
    assert proposals.due(NOON + MINUTE) == ["before", "now", "later"]


def test_when_a_card_is_looked_at_again_is_settled_only_where_nothing_changed(proposals: Adapter) -> None:
    read = kept(proposals, one(due=NOON))
    assert proposals.look_again(ID, rev=1, due=NOON + MINUTE)
    assert proposals.due(NOON) == []
    assert proposals.due(NOON + MINUTE) == [ID]
    assert proposals.look_again(ID, rev=1, due=None)
    assert proposals.due(NOON + MINUTE) == []
    kept(proposals, replace(read, due=NOON))
    assert not proposals.look_again(ID, rev=1, due=None)
    assert proposals.due(NOON) == [ID]


def test_a_closed_proposal_is_forgotten_ninety_days_later_and_an_open_one_never(dynamodb: DynamoDBClient, table: Table) -> None:
    name = table("proposals")
    proposals = DynamoProposals(dynamodb, table=name, audit=table("audit"))

    def expires() -> Any:
        item = dynamodb.get_item(TableName=name, Key={"proposal_id": {"S": ID}})["Item"]
        return item.get("expires", {}).get("N")

    read = kept(proposals, one())
    assert expires() is None
    kept(proposals, replace(read, state="discarded", decided_at=NOON + MINUTE))
    assert expires() == str(int((NOON + MINUTE + REMEMBERED).timestamp()))


def test_one_item_that_cannot_be_read_harms_no_other(dynamodb: DynamoDBClient, table: Table) -> None:
    name = table("proposals")
    proposals = DynamoProposals(dynamodb, table=name, audit=table("audit"))
    kept(proposals, one())
    broken = {"proposal_id": {"S": "broken"}, "fleet": {"S": "bk"}, "open_since": {"S": "2026"}, "state": {"S": "pending"}}
    dynamodb.put_item(TableName=name, Item=broken)
    assert [one.proposal_id for one in proposals.open()] == [ID]


def test_the_fullest_proposal_there_can_be_fits_into_an_item(dynamodb: DynamoDBClient, table: Table) -> None:
    proposals = DynamoProposals(dynamodb, table=table("proposals"), audit=table("audit"))
    long = "🦊" * 5000
    report = Report(tool=long, status="success", job=long, host=long, what=long)
    for day in range(32):
        at = NOON + day * timedelta(days=1)
        sighting = {
            "id": f"{day}{long}",
            "at": at.isoformat(),
            "outcome": "ok",
            "ref": long,
            "tool": long,
            "host": long,
            "job": long,
        }
        propose_report(report, sighting, zone="UTC", candidates=[], proposals=proposals, bus=MemoryBus(), now=at)
    (stored,) = proposals.open()
    assert len(stored.seen) == 30
    assert len(repr(stored).encode()) < 300_000
