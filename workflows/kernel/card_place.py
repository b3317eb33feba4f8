"""Where cards go: into their channel, else to the admin with a word why; once, however often it is tried."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from workflows.kernel.errors import Refused
from workflows.kernel.ports import Delivery, Ledger, Message, Messenger, Nudges
from workflows.kernel.posting import GONE, post_once
from workflows.kernel.proposal import Proposal, Proposals

CLOSED = GONE | {"is_archived", "not_in_channel", "cant_update_message", "edit_window_closed", "restricted_action"}
"""What Slack answers for a card that cannot be edited any more, by us or by anyone."""

ELSEWHERE = (
    "This belongs into the proposals channel, which cannot be written to. "
    "Name a channel in the settings, and invite the app to it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPorts:
    """What drawing cards needs.

    Attributes:
        channel: where cards go; "" where none was chosen. admin: the e-mail address of whoever gets them instead.
        card: draws one. waiting: draws the card of those that wait: some of them, the oldest first, and how many there are.
        holder: this invocation.
        put_off: hears for how many seconds the outside has been putting off a card, each time that it does.
    """

    proposals: Proposals
    ledger: Ledger
    messenger: Messenger
    nudges: Nudges
    channel: str
    admin: str
    card: Callable[[Proposal, datetime], Message]
    waiting: Callable[[Sequence[Proposal], int, datetime], Message]
    holder: str
    put_off: Callable[[float], object] = lambda _seconds: None

    @property
    def place(self) -> str:
        """Whose lease and whose rows of the ledger these are."""
        return self.channel or "proposals"


def post_card(identity: str, subject: str, say: int, kind: str, message: Message, ports: CardPorts, now: datetime) -> Delivery:
    """Posts once; the row of the ledger says where it is, and by `say` how much it tells. Raises what posting raises."""
    row = Delivery(
        recipient=ports.place,
        id=identity,
        subject=subject,
        break_id="",
        say=say,
        kind=kind,
        outcome="sending",
        started=now,
    )
    refused = "" if ports.channel else "no proposals channel was chosen"
    if not refused:
        try:
            post_once(row, ports.channel, message, ports, now)
        except Refused as refusal:
            refused = str(refusal)
    if refused:
        post_once(replace(row, why=refused), _admin(ports), noted(message), ports, now)
    return ports.ledger.get(ports.place, identity) or row


def edit_card(channel: str, ts: str, message: Message, ports: CardPorts) -> bool:
    """Rewrites a card; False where that can no longer be done."""
    try:
        ports.messenger.update(channel, ts, message if channel == ports.channel else noted(message))
    except Refused as refusal:
        if refusal.reason not in CLOSED:
            raise
        return False
    return True


def noted(message: Message) -> Message:
    """The card as the admin gets it, with the reason why it came to them."""
    note = {"type": "context", "elements": [{"type": "mrkdwn", "text": f":information_source:  {ELSEWHERE}"}]}
    return Message(text=message.text, blocks=(*message.blocks, note))


def _admin(ports: CardPorts) -> str:
    admin = ports.messenger.member_by_email(ports.admin)
    if admin is None:
        raise Refused("users_not_found", f"neither the proposals channel nor the admin {ports.admin} can be written to")
    return ports.messenger.open_dm(admin.user_id)
