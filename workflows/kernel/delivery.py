"""What is to be said to one recipient about one subject, and how: pure."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from workflows.kernel.ports import Message

LOOK_UP_AFTER_SECONDS = 10
"""A message whose sending was never answered may still arrive; it is looked for after so long, and only then sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """The living message that this recipient holds of the present break."""

    channel: str
    ts: str


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
        message: the living message as it should stand. line: what a thread says of it in one line.
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


Step = Literal["post", "edit", "edit_and_reply", "suppress", "defer", "edit_and_defer", "nothing"]


def decide(saying: Saying) -> Step:
    """Worse and reminders are an edit and a reply that notifies; better and answers a silent edit; a new break a message.

    What would disturb someone who is to be left alone waits; what makes no sound does not.
    """
    if saying.said >= saying.say:
        return "nothing"
    if saying.living is None:
        if not saying.speaks:
            return "suppress"
        return "defer" if saying.alone_until else "post"
    if saying.loud <= saying.said:
        return "edit"
    return "edit_and_defer" if saying.alone_until else "edit_and_reply"


def message_id(*parts: object) -> str:
    """The stable id of one message: the same over every retry, so that a repeat is recognised."""
    return sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:24]
