"""Cards of proposals on the local stack, with the roles enforced: drawn by the tick alone, and by a press."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bolt_app.adapters.dynamodb_proposals import DynamoProposals
from bolt_app.adapters.memory.bus import MemoryBus
from infra.local.furniture import CHANNEL
from infra.local.slack.testing import People
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import actions, mirrored, until
from workflows.backup.proposing import propose_heartbeat
from workflows.kernel.proposal import Proposal

pytestmark = pytest.mark.e2e

ADMIN, SAM = "U0ANA", "U0SAM"


@pytest.fixture(scope="module")
def people(stack: LocalStack) -> People:
    return People(stack.page)


def proposed(stack: LocalStack, job_id: str) -> tuple[DynamoProposals, Proposal]:
    """A heartbeat of an unknown job, whose nudge was lost."""
    proposals = DynamoProposals(stack.dynamodb, table="bk-proposals", audit="bk-audit")
    now = datetime.now(UTC)
    sighting = {"id": job_id, "at": now.isoformat(), "outcome": "ok", "size": 1_000_000}
    propose_heartbeat(job_id, sighting, zone="UTC", proposals=proposals, bus=MemoryBus(), now=now)
    (proposal,) = [one for one in proposals.open() if one.key == job_id]
    proposals.look_again(proposal.proposal_id, rev=proposal.rev, due=now)
    return proposals, proposal


def tick(stack: LocalStack) -> None:
    stack.functions.invoke(FunctionName="bk-checker", Payload=json.dumps({"mode": "due"}).encode())


def card(people: People, words: str) -> dict[str, Any] | None:
    return next((message for message in people.messages(channel=CHANNEL) if words in message["shown"]), None)


def test_a_card_whose_nudge_was_lost_is_drawn_by_the_tick_and_approved_once(stack: LocalStack, people: People) -> None:
    proposals, proposal = proposed(stack, "attic-nas")
    tick(stack)
    until(20, lambda: card(people, "attic-nas"), "the tick has the card drawn")
    until(5, lambda: current(proposals, proposal).due is None, "nothing more is due")

    posted = card(people, "attic-nas")
    assert posted is not None
    people.press(SAM, "proposal_approve", channel=CHANNEL, ts=posted["ts"])
    until(10, lambda: "refused" in actions(stack, "attic-nas"), "who may not approve is refused")
    people.press(ADMIN, "proposal_approve", channel=CHANNEL, ts=posted["ts"])
    until(30, lambda: current(proposals, proposal).state == "approved", "the admin approves it, and it is registered")
    until(20, lambda: "is watched from now on" in shown(people), "its card says so")
    assert mirrored(stack).count("\nattic-nas,") == 1


def current(proposals: DynamoProposals, proposal: Proposal) -> Proposal:
    found = proposals.get(proposal.proposal_id)
    assert found is not None
    return found


def shown(people: People) -> str:
    found = card(people, "attic-nas")
    return str(found["shown"]) if found else ""
