"""Where somebody can be told: in their conversation, in their mailbox, and at last by way of the admin."""

from collections.abc import Callable, MutableSet
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from workflows.kernel.delivery import MAILBOX, address_of
from workflows.kernel.errors import Refused
from workflows.kernel.ports import Mailer, Messenger
from workflows.kernel.posting import CLOSED, Leasing, only_writer
from workflows.kernel.sending import SHUT

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place. `user_id`: of the recipient, if it is their own conversation. `why`: for the ledger, if it is not."""

    channel: str
    user_id: str = ""
    why: str = ""

    @property
    def address(self) -> str:
        """The mailbox; "" for a conversation."""
        return address_of(self.channel)


class Reaching(Leasing, Protocol):
    """What is needed to reach people.

    `mailer`: None where no mail is sent. `troubles`: takes (recipient, why) for each place that is closed, or refused a letter.
    """

    @property
    def messenger(self) -> Messenger: ...
    @property
    def mailer(self) -> Mailer | None: ...
    @property
    def admin(self) -> str: ...
    @property
    def troubles(self) -> MutableSet[tuple[str, str]]: ...


def reach(recipient: str, user_id: str, tell: Callable[[Place], T], ports: Reaching, now: datetime) -> T:
    """Tells at the first place that takes it. `user_id`: the recipient's, where it was written down. Raises Refused and Later.

    Under the lease of the place: two recipients may be told in one, and side by side would tell the same there twice.
    """

    def tell_there(place: Place) -> T:
        with only_writer(place.channel, ports, now):
            return tell(place)

    why = f"{recipient} has no account here"
    try:
        own = _conversation_with(recipient, user_id, ports)
        if own is not None:
            return tell_there(own)
    except Refused as refusal:
        if refusal.reason not in CLOSED:
            raise
        why = f"the conversation with {recipient} is closed ({refusal.reason})"
        ports.troubles.add((recipient, why))
    if ports.mailer is not None:
        try:
            return tell_there(Place(channel=MAILBOX + recipient, why=why))
        except Refused as refusal:
            why = f"{why}, and mail was refused ({refusal.reason})"
            if refusal.reason != SHUT:
                ports.troubles.add((recipient, why))
    return _by_way_of_the_admin(recipient, f"{why}; the admin was told", tell_there, ports)


def _by_way_of_the_admin(recipient: str, why: str, tell: Callable[[Place], T], ports: Reaching) -> T:
    if recipient != ports.admin:
        try:
            theirs = _conversation_with(ports.admin, "", ports)
            if theirs is not None:
                return tell(Place(channel=theirs.channel, why=why))
        except Refused as refusal:
            if refusal.reason not in CLOSED:
                raise
            ports.troubles.add((ports.admin, f"the conversation with the admin is closed ({refusal.reason})"))
        if ports.mailer is not None:
            return tell(Place(channel=MAILBOX + ports.admin, why=why))
    raise Refused("users_not_found", f"neither {recipient} nor the admin {ports.admin} can be told")


def _conversation_with(email: str, user_id: str, ports: Reaching) -> Place | None:
    """None where they have no account. Raises Refused where the account that they have, or had, is closed to us."""
    refused: Refused | None = None
    for known in (user_id, ""):  # an id that was written down may be mistyped or outdated: the address decides then
        found = known or _user_id_of(email, ports)
        try:
            if found:
                return Place(channel=ports.messenger.open_dm(found), user_id=found)
        except Refused as refusal:
            if refusal.reason not in CLOSED:
                raise
            refused = refusal
    if refused is not None:
        raise refused
    return None


def _user_id_of(email: str, ports: Reaching) -> str:
    member = ports.messenger.member_by_email(email)
    return member.user_id if member is not None and not member.guest else ""
