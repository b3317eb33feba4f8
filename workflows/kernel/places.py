"""Where somebody can be told: in their conversation, in their mailbox, and at last by way of the admin."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from workflows.kernel.delivery import MAILBOX, address_of
from workflows.kernel.errors import Refused
from workflows.kernel.ports import Mailer, Messenger

T = TypeVar("T")

NO_CONVERSATION = frozenset(
    {"user_not_found", "users_not_found", "user_disabled", "account_inactive", "cannot_dm_bot", "user_not_visible"}
)


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


class Reaching(Protocol):
    """What is needed to reach people. `mailer`: None where no mail is sent."""

    @property
    def messenger(self) -> Messenger: ...
    @property
    def mailer(self) -> Mailer | None: ...
    @property
    def admin(self) -> str: ...


def reach(recipient: str, user_id: str, tell: Callable[[Place], T], ports: Reaching) -> T:
    """Tells at the first place that takes it. `user_id`: the recipient's, where it was written down. Raises Refused."""
    own = _conversation_with(recipient, user_id, ports)
    if own is not None:
        try:
            return tell(own)
        except Refused as refusal:
            if refusal.reason not in NO_CONVERSATION:
                raise
    why = f"{recipient} has no account here"
    if ports.mailer is not None:
        try:
            return tell(Place(channel=MAILBOX + recipient, why=why))
        except Refused as refusal:
            why = f"{why}, and mail was refused ({refusal.reason})"
    return _by_way_of_the_admin(recipient, f"{why}; the admin was told", tell, ports)


def _by_way_of_the_admin(recipient: str, why: str, tell: Callable[[Place], T], ports: Reaching) -> T:
    admin = ports.messenger.member_by_email(ports.admin)
    if admin is not None:
        return tell(Place(channel=ports.messenger.open_dm(admin.user_id), why=why))
    if ports.mailer is not None and recipient != ports.admin:
        return tell(Place(channel=MAILBOX + ports.admin, why=why))
    raise Refused("users_not_found", f"neither {recipient} nor the admin {ports.admin} can be told")


def _conversation_with(email: str, user_id: str, ports: Reaching) -> Place | None:
    for known in (user_id, ""):  # an id that was written down may be mistyped or outdated: the address decides then
        found = known or _user_id_of(email, ports)
        try:
            if found:
                return Place(channel=ports.messenger.open_dm(found), user_id=found)
        except Refused as refusal:
            if refusal.reason not in NO_CONVERSATION:
                raise
    return None


def _user_id_of(email: str, ports: Reaching) -> str:
    member = ports.messenger.member_by_email(email)
    return member.user_id if member is not None and not member.guest else ""
