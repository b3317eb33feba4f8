"""What bk-dispatch draws the cards of proposals with."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bolt_app.settings import Settings
from listeners.proposal_cards import plain_title, proposal_card, waiting_card
from workflows.backup.ports import Standings
from workflows.kernel.card_place import CardPorts
from workflows.kernel.ports import Ledger, Message, Messenger, Nudges
from workflows.kernel.proposal import Proposal, Proposals


def card_ports(
    told: Settings,
    *,
    proposals: Proposals,
    standings: Standings,
    ledger: Ledger,
    messenger: Messenger,
    nudges: Nudges,
    holder: str,
    put_off: Callable[[float], object],
) -> CardPorts:
    def card(proposal: Proposal, now: datetime) -> Message:
        named = (*proposal.candidates, proposal.key) if proposal.candidates or proposal.op == "change" else ()
        known = standings.get_many(named) if named else {}
        names = {job_id: standing.row.get("name", "") for job_id, standing in known.items()}
        return proposal_card(proposal, now=now, zone=told.timezone, names=names)

    def waiting(some: Sequence[Proposal], count: int, now: datetime) -> Message:
        return waiting_card([plain_title(one) for one in some], count, now=now)

    return CardPorts(
        proposals=proposals,
        ledger=ledger,
        messenger=messenger,
        nudges=nudges,
        channel=told.proposals_channel,
        admin=told.admin_owner,
        card=card,
        waiting=waiting,
        holder=holder,
        put_off=put_off,
    )
