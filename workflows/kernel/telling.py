"""What telling people needs: the product's answers, and the ports."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Protocol

from workflows.kernel.delivery import Saying
from workflows.kernel.ports import Bus, Deferrals, Delivery, Ledger, Letter, Mailer, Message, Messenger, Nudges
from workflows.kernel.storm import Drawing
from workflows.kernel.storm_letters import DrawingLetters


class Subjects(Drawing, DrawingLetters, Protocol):
    """What the product answers: what is not yet told, and is it still true?"""

    def recipients(self, subject: str) -> tuple[str, ...]:
        """Whom this subject is told to; empty for a subject that is gone."""
        ...

    def pending_for(self, recipient: str) -> list[str]:
        """The subjects about which this recipient must be told now, the oldest first."""
        ...

    def saying(self, subject: str, recipient: str) -> Saying | None:
        """What this recipient is not yet told, by a consistent read."""
        ...

    def sayings(self, subjects: Sequence[str], recipient: str) -> list[Saying]:
        """The same of many subjects, in their order."""
        ...

    def told(self, saying: Saying, recipient: str, *, channel: str, ts: str, user_id: str, at: datetime) -> None: ...

    def take_back(self, subject: str, recipient: str, *, channel: str, break_id: str) -> bool:
        """What was told there of this break never arrived: this recipient must be told anew. False where that is not so now."""
        ...

    def settle(self, subjects: Sequence[str], done: Collection[str]) -> None:
        """Takes these off the list of those that someone must be told about, where nobody must now.

        That is where everybody is told, or whoever is not has to wait, and is among `done`: their turn has noted that, and has
        kept true what they hold already.
        """
        ...

    def alone_until(self, recipient: str) -> datetime | None:
        """Until when this recipient must not be disturbed; None where they may be."""
        ...

    def came_and_went(self, recipient: str, waited: Sequence[Delivery]) -> Message | None:
        """One line about what of this began and ended while the recipient was left alone; None where nothing did."""
        ...

    def as_letter(self, message: Message) -> Letter:
        """A message that stands by itself, for those who are told by mail."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What delivering needs.

    Attributes:
        admin: the e-mail address that gets what cannot reach its recipient. holder: this invocation.
        mailer: None where no mail is sent. seconds_left: how long this invocation may still live.
        put_off: hears for how many seconds the outside has been putting off what is to be told, each time that it does.
        bus: takes findings about the telling itself; None where nobody is to hear of them. troubles: collects these.
    """

    subjects: Subjects
    ledger: Ledger
    messenger: Messenger
    nudges: Nudges
    deferrals: Deferrals
    admin: str
    holder: str
    mailer: Mailer | None = None
    seconds_left: Callable[[], float] = lambda: inf
    put_off: Callable[[float], object] = lambda _seconds: None
    bus: Bus | None = None
    troubles: set[tuple[str, str]] = field(default_factory=set)
