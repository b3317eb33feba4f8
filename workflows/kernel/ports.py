"""What the kernel asks of the outside. Adapters implement these; use cases name the ones they need.

Every method may raise `OutsideError` (see `errors`); what a method raises besides is said with it.
All datetimes are aware and in UTC.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

Json = dict[str, Any]
T = TypeVar("T")
R = TypeVar("R")


class Object(NamedTuple):
    """One stored object: `size` in bytes, `modified` in UTC (1 s resolution)."""

    key: str
    size: int
    modified: datetime
    etag: str = ""


class Page(NamedTuple):
    """One page of a listing, in key order. `token` continues it; empty at the end."""

    objects: tuple[Object, ...]
    prefixes: tuple[str, ...] = ()
    token: str = ""


class Objects(Protocol):
    """Sight of watched buckets: names, sizes and dates. Nothing is read or changed. Raises CannotLook where it may not look."""

    def page(
        self, bucket: str, prefix: str, *, start_after: str = "", delimiter: str = "", token: str = "", max_keys: int = 1000
    ) -> Page: ...


class Document(NamedTuple):
    """A mirrored text and its version (an ETag): the same version means the same text."""

    text: str
    version: str
    modified: datetime | None = None


class Documents(Protocol):
    """The mirrored job list, rules and voice, by object key."""

    def read(self, key: str) -> Document | None:
        """The document, or None when there is none yet."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One nudge on the bus. `kind` is the detail type, such as "bk.alert"."""

    kind: str
    detail: Json


class Bus(Protocol):
    def publish(self, events: Sequence[Event]) -> None:
        """Hands all events over; entries that the bus refused are tried again at once, then Unanswered is raised."""
        ...


class Nudges(Protocol):
    """The dispatch queue, for nudges to ourselves."""

    def later(self, event: Event, *, delay_seconds: int) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One write, by a person, a schedule or a program: what was done, what it changed, and why."""

    subject: str
    at: datetime
    action: str
    by: str
    before: Json = field(default_factory=dict)
    after: Json = field(default_factory=dict)
    why: str = ""


class Audit(Protocol):
    """The audit, for what is written elsewhere than in one of our tables."""

    def write(self, entry: AuditEntry) -> None:
        """Adds it. One of the same subject and moment that is there already is the same one, written before."""
        ...


# --- telling people ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is said: `text` is the first line in plain words (notifications, screen readers), `blocks` is Block Kit."""

    text: str
    blocks: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of the workspace. `guest` also covers people of other workspaces, bots and deactivated accounts."""

    user_id: str
    email: str
    name: str = ""
    guest: bool = False


class Messenger(Protocol):
    """Slack, as far as delivery needs it. Raises RateLimited, Refused or Unanswered."""

    def member_by_email(self, email: str) -> Member | None: ...

    def open_dm(self, user_id: str) -> str:
        """The channel id (D…) of the conversation with this person."""
        ...

    def post(self, channel: str, message: Message, *, message_id: str, thread_ts: str = "", broadcast: bool = False) -> str:
        """Posts, carrying `message_id` in the metadata; returns the ts."""
        ...

    def update(self, channel: str, ts: str, message: Message) -> None: ...

    def find(self, channel: str, *, message_id: str, since: datetime, thread_ts: str = "") -> str | None:
        """The ts of the message that carries `message_id`, if it is in the conversation."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One e-mail, twice the same: `text` is plain, `html` a whole document that asks for nothing from elsewhere."""

    subject: str
    text: str
    html: str


class Mailer(Protocol):
    """E-mail. Nobody can be asked later whether a letter was sent."""

    def send(self, to: str, letter: Letter, *, message_id: str, thread: str = "") -> str:
        """Hands the letter over; returns the other side's name for it.

        Raises RateLimited or Refused where it was not taken, and Unanswered where it may be on its way. `thread`: the
        message id that all letters of one story share, so that mail programs show them together.
        """
        ...


Outcome = Literal["sending", "delivered", "suppressed", "failed", "waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the ledger: a message that was, is being, or deliberately was not sent.

    Attributes:
        id: stable over retries: a hash of break, recipient and kind.
        channel: the conversation, or the mailbox as "email:<address>"; via: "slack" or "email".
        started: when it was first written as `sending`; look-ups after a lost answer start there.
        tried: how many times sending was started; tried_at: when it last was, or the message was last written anew; of a
            note of what waits: until when.
        members: of a storm's card: what it speaks of, each as "<subject> <break id>".
    """

    recipient: str
    id: str
    subject: str
    break_id: str
    say: int
    kind: str
    outcome: Outcome
    started: datetime
    channel: str = ""
    ts: str = ""
    via: str = "slack"
    tried: int = 1
    tried_at: datetime | None = None
    why: str = ""
    members: tuple[str, ...] = ()


class Ledger(Protocol):
    """`bk-deliveries`: one row a message, and one lease a recipient or place where several are told."""

    def take_lease(self, recipient: str, *, holder: str, now: datetime, seconds: int) -> bool:
        """True when `holder` now holds the recipient's lease until now + seconds; False when someone else does."""
        ...

    def release_lease(self, recipient: str, *, holder: str) -> None:
        """Gives the lease back; harmless when it has passed to someone else."""
        ...

    def get(self, recipient: str, delivery_id: str) -> Delivery | None: ...

    def put(self, delivery: Delivery) -> None:
        """Writes the row, whole; the recipient's lease guards it, and that of the place what others find there."""
        ...

    def storms(self, recipient: str) -> list[Delivery]:
        """The rows of the cards that speak of many subjects at once (their ids begin with "storm-"), the newest first."""
        ...

    def keep_waiting(self, delivery: Delivery) -> None:
        """Notes what this recipient will be told once they may be disturbed; the same id is one note."""
        ...

    def waiting(self, recipient: str) -> list[Delivery]:
        """What was noted so, the oldest first."""
        ...

    def done_waiting(self, recipient: str, delivery_id: str) -> None:
        """Takes the note away; harmless when it is gone."""
        ...

    def opened_since(self, recipient: str, since: datetime) -> int:
        """How many breaks were opened for this recipient (rows of kind "opened" started at or after `since`)."""
        ...

    def opened(self, recipient: str, since: datetime) -> frozenset[str]:
        """The ids of these rows. What is older than two weeks may be left out."""
        ...

    def letter(self, ts: str) -> Delivery | None:
        """The row of the letter that the mail service knows by this name, as it is now."""
        ...

    def shut(self, address: str, why: str, *, until: datetime | None) -> None:
        """No letter goes to this mailbox until then; None for never again. Never shortens what was said before."""
        ...

    def shut_why(self, address: str, now: datetime) -> str:
        """Why no letter may go to this mailbox now; "" where one may."""
        ...


class Deferrals(Protocol):
    """One-off appointments with ourselves."""

    def defer(self, recipient: str, until: datetime) -> None:
        """Has the dispatch queue told of this recipient at `until`, to the minute; asked for twice it is one appointment."""
        ...


Concurrently = Callable[[Callable[[T], R], Iterable[T]], list[R]]
"""Concurrently[T, R] runs a function over items, perhaps side by side; results in the order of the items."""

Strings = Mapping[str, str]


class Directory(Protocol):
    """Who a presser is. Raises RateLimited, Refused or Unanswered."""

    def member(self, user_id: str) -> Member | None: ...

    def group(self, group_id: str) -> frozenset[str]:
        """The user ids of a Slack user group."""
        ...
