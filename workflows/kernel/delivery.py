"""What is to be said to one recipient about one subject, and how: pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple

from workflows.kernel.ports import Delivery, Letter, Message

LOOK_UP_AFTER_SECONDS = 10
"""A message whose sending was never answered may still arrive; it is looked for after so long, and only then sent again."""


MAILBOX = "email:"
"""Where a conversation's id would stand, this and an address name a mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """The living message that this recipient holds of the present break; or the letters, if `channel` is a mailbox."""

    channel: str
    ts: str

    @property
    def address(self) -> str:
        """The mailbox; "" for a conversation."""
        return address_of(self.channel)


def address_of(channel: str) -> str:
    """The address of this mailbox; "" for a conversation."""
    return channel.removeprefix(MAILBOX) if channel.startswith(MAILBOX) else ""


def is_letter(row: Delivery) -> bool:
    """Whether this is a letter that the mail service took."""
    return row.outcome == "delivered" and row.channel.startswith(MAILBOX) and row.ts != ""


class There(NamedTuple):
    """The message about this break that another recipient holds, and what they were told by it. `card`: it is a storm's."""

    recipient: str
    ts: str
    said: int
    card: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """All that one recipient is not yet told about one subject, as it is now.

    Attributes:
        subject: the job (or task). break_id: the present break, or the last one. state: for people who read the tables.
        say: what they will have been told afterwards. loud: the newest say that notifies, kind: what it was.
        said: what they were told so far; 0 for nothing.
        living: their message of this break, if they hold one.
        former: their message of an earlier break that was never told it is over, and former_message: what it must say now.
        speaks: whether someone who holds no message is to get one (not when it is over, muted or snoozed).
        over: the break has ended.
        apart: it is told by itself, and counts for no storm.
        message: the living message as it should stand. line: what a thread says of it in one line.
        letter: draws the same as an e-mail to an address; None where none are sent.
        beside: the other recipients. others: where these were told of this break: conversation or mailbox -> their message.
        alone_until: until when this recipient must not be disturbed by it; None where they may be.
        user_id: the Slack id where it is known already.
    """

    subject: str
    break_id: str
    state: str
    say: int
    loud: int
    kind: str
    said: int
    living: Living | None
    speaks: bool
    message: Message
    line: Message
    user_id: str = ""
    former: Living | None = None
    former_message: Message | None = None
    alone_until: datetime | None = None
    over: bool = False
    apart: bool = False
    letter: Callable[[str], Letter] | None = None
    beside: tuple[str, ...] = ()
    others: Mapping[str, There] = field(default_factory=dict)


Step = Literal["post", "edit", "edit_and_reply", "write", "tick_off", "suppress", "defer", "edit_and_defer", "nothing"]


def decide(saying: Saying) -> Step:
    """Worse and reminders are an edit and a reply that notifies; better and answers a silent edit; a new break a message.

    What would disturb someone who is to be left alone waits; what makes no sound does not. Who is told by mail gets another
    letter for what notifies, and for the end, since none turns green by itself; the rest is ticked off as told. So is what
    another recipient of the same message was told.
    """
    if saying.said >= saying.say:
        return "nothing"
    if saying.living is None:
        return _decide_untold(saying)
    if _kept_for_another(saying, saying.living):
        return "tick_off"
    if saying.living.address:
        return _decide_by_mail(saying)
    if saying.loud <= saying.said:
        return "edit"
    return "edit_and_defer" if saying.alone_until else "edit_and_reply"


def _decide_untold(saying: Saying) -> Step:
    if not saying.speaks:
        return "suppress"
    return "defer" if saying.alone_until else "post"


def told_there(saying: Saying, channel: str) -> There | None:
    """The message in this place by which somebody else was told all that there is to say; None where there is none."""
    there = saying.others.get(channel)
    return there if there is not None and there.said >= saying.say else None


def _kept_for_another(saying: Saying, living: Living) -> bool:
    """Two hold one message, and the other one's turn has written it already."""
    there = told_there(saying, living.channel)
    return there is not None and there.ts == living.ts


def _decide_by_mail(saying: Saying) -> Step:
    if saying.loud <= saying.said and not saying.over:
        return "tick_off"
    return "defer" if saying.alone_until else "write"


def message_id(*parts: object) -> str:
    """The stable id of one message: the same over every retry, so that a repeat is recognised."""
    return sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:24]
