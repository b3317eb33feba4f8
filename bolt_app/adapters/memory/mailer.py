"""Mailboxes in memory: the same letters and failures, without a network."""

from dataclasses import dataclass

from bolt_app.adapters.memory.messenger import Fault
from workflows.kernel.errors import RateLimited, Refused, Unanswered
from workflows.kernel.ports import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One letter that was sent."""

    to: str
    letter: Letter
    message_id: str
    thread: str
    id: str


class MemoryMailer:
    """Mailer in memory. `faults` are used up by the next letters, one each; `closed` are mailboxes that take nothing."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.faults: list[Fault | None] = []
        self.closed: set[str] = set()

    def send(self, to: str, letter: Letter, *, message_id: str, thread: str = "") -> str:
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and fault.kind == "rate_limited":
            raise RateLimited(fault.retry_after_seconds)
        if to in self.closed or (fault is not None and fault.kind == "refused"):
            raise Refused("MessageRejected", to)
        if fault is not None and fault.kind == "lost":
            raise Unanswered("connection_refused")
        sent = Sent(to=to, letter=letter, message_id=message_id, thread=thread, id=f"ses-{len(self.sent) + 1}")
        self.sent.append(sent)
        if fault is not None:
            raise Unanswered("timeout", "carried out, but unanswered")
        return sent.id

    def sent_to(self, address: str) -> list[Letter]:
        return [sent.letter for sent in self.sent if sent.to == address]
