"""The cards of proposals: dispatch alone posts and edits them, as the one writer of their channel.

A card is posted once and edited as the proposal changes. More than ten new ones an hour wait for their turn, and one card
tells of them all. What the channel does not take goes to the admin instead.
"""

from datetime import datetime, timedelta
from functools import partial

from workflows.kernel.card_place import CardPorts, edit_card, post_card
from workflows.kernel.delivery import message_id
from workflows.kernel.errors import Refused
from workflows.kernel.ports import Bus, Event
from workflows.kernel.posting import under_lease
from workflows.kernel.proposal import OPEN, Proposal, Proposals
from workflows.kernel.propose import drawn
from workflows.kernel.registered import ADDING_MAX
from workflows.kernel.waiting_cards import full_until, wait, waiting_changed

__all__ = ["CardPorts", "nudge_cards", "show_proposal"]

REFUSED_AGAIN = timedelta(hours=1)
NUDGED_MAX = 100
"""So many cards are looked at for one tick; the rest wait for the next one."""


def show_proposal(nudge: Event, proposal_id: str, *, ports: CardPorts, now: datetime) -> None:
    """Has the card show what is now true of this proposal. Safe to repeat at any time."""
    proposal = ports.proposals.get(proposal_id)
    if proposal is None or not _to_be_drawn(proposal, now):
        return
    refusals = under_lease(ports.place, nudge, partial(_draw, proposal_id, ports, now), ports, now)
    if refusals:
        raise refusals[0]


def nudge_cards(*, proposals: Proposals, bus: Bus, now: datetime) -> int:
    """Has those cards drawn that a nudge was lost for, or whose time has come; how many."""
    due = proposals.due(now)[:NUDGED_MAX]
    if due:
        bus.publish([drawn(proposal_id) for proposal_id in due])
    return len(due)


def _to_be_drawn(proposal: Proposal, now: datetime) -> bool:
    return proposal.shown < proposal.rev or (proposal.due is not None and proposal.due <= now)


def _draw(proposal_id: str, ports: CardPorts, now: datetime) -> list[Refused]:
    """Under the lease. Order: the card, that it is shown, when to look again; dying between them only draws it once more."""
    proposal = ports.proposals.get(proposal_id)
    if proposal is None or not _to_be_drawn(proposal, now):
        return []
    try:
        due = _drawn(proposal, ports, now)
    except Refused as refusal:  # nobody can be told: the queue's tries and its alarm see it, and the tick not every minute
        ports.proposals.look_again(proposal_id, rev=proposal.rev, due=now + REFUSED_AGAIN)
        return [refusal]
    ports.proposals.look_again(proposal_id, rev=proposal.rev, due=due)
    return []


def _drawn(proposal: Proposal, ports: CardPorts, now: datetime) -> datetime | None:
    """Draws the card, or has it wait; when to look at it again."""
    if proposal.ts:
        _edit(proposal, ports, now)
    elif proposal.state == "discarded":  # before anybody saw a card: there is nothing to say
        waiting_changed(ports, now, without=proposal.proposal_id)
        ports.proposals.show(proposal.proposal_id, rev=proposal.rev, channel="", ts="")
    else:
        full = full_until(ports, now) if proposal.state == "pending" else None
        if full is not None and not _begun(proposal, ports):
            return wait(proposal, full, ports, now)
        _post(proposal, ports, now)
    return _next_look(proposal, now)


def _next_look(proposal: Proposal, now: datetime) -> datetime | None:
    """What is being added must say so when that takes too long; nothing else changes a card by itself."""
    if proposal.state != "approving" or proposal.why or proposal.asked_at is None:
        return None
    late = proposal.asked_at + ADDING_MAX
    return late if late > now else None


def _post(proposal: Proposal, ports: CardPorts, now: datetime, *, instead_of: str = "") -> None:
    """A new card. One that was posted before we died may show less than is now true, and is then edited.

    That it waits no longer is told before it counts as shown: whoever dies in between does all of it again.
    """
    identity = _identity(proposal, instead_of)
    row = post_card(identity, proposal.proposal_id, proposal.rev, "opened", ports.card(proposal, now), ports, now)
    if not instead_of:
        waiting_changed(ports, now, without=proposal.proposal_id)
    if row.say == proposal.rev or edit_card(row.channel, row.ts, ports.card(proposal, now), ports):
        ports.proposals.show(proposal.proposal_id, rev=proposal.rev, channel=row.channel, ts=row.ts)
    else:
        _post(proposal, ports, now, instead_of=row.ts)


def _begun(proposal: Proposal, ports: CardPorts) -> bool:
    """Whether its card was posted, or may have been, before we died: then it is one of those that fill the hour."""
    row = ports.ledger.get(ports.place, _identity(proposal))
    return row is not None and row.outcome in {"sending", "delivered"}


def _identity(proposal: Proposal, instead_of: str = "") -> str:
    return message_id("proposal", proposal.proposal_id, "card", instead_of)


def _edit(proposal: Proposal, ports: CardPorts, now: datetime) -> None:
    if edit_card(proposal.channel, proposal.ts, ports.card(proposal, now), ports) or proposal.state not in OPEN:
        ports.proposals.show(proposal.proposal_id, rev=proposal.rev, channel=proposal.channel, ts=proposal.ts)
    else:  # someone deleted it, or its channel is closed: a new one takes its place
        _post(proposal, ports, now, instead_of=proposal.ts)
