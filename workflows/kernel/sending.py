"""Sending one letter: once as far as that can be known, and never not at all.

A mail service cannot be asked whether it sent a letter whose answer was lost. Such a letter is sent again, each time after
twice as long: one that comes twice is better than one that never comes.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from workflows.kernel.delivery import LOOK_UP_AFTER_SECONDS, MAILBOX
from workflows.kernel.errors import RateLimited, Refused
from workflows.kernel.ports import Delivery, Ledger, Letter, Mailer
from workflows.kernel.posting import Later

EMAIL = "email"
SHUT = "mailbox_shut"
"""The reason of a Refused where letters came back from this mailbox, or its reader wants none; the admin has heard of it."""

PATIENCE_MAX = timedelta(minutes=15)


class Sending(Protocol):
    """The ports that sending needs. `mailer`: None where no mail is sent."""

    @property
    def ledger(self) -> Ledger: ...
    @property
    def mailer(self) -> Mailer | None: ...


def send_once(row: Delivery, address: str, letter: Letter, ports: Sending, now: datetime, *, thread: str) -> str:
    """Sends unless the ledger says that it was sent. Order: intent, letter, outcome. Raises what the mailer raises, and Later."""
    if ports.mailer is None:
        raise Refused("no_sender", "no address is set from which mail could be sent")
    if why := ports.ledger.shut_why(address, now):
        raise Refused(SHUT, why)  # also where this letter was taken before: who is told anew is told elsewhere
    known = ports.ledger.get(row.recipient, row.id)
    if known is not None and known.outcome == "delivered":
        return known.ts
    if known is not None and known.outcome == "sending":
        rest = _patience(known.tried) - (now - (known.tried_at or known.started))
        if rest > timedelta():
            raise Later(rest.total_seconds())
        row = replace(row, started=known.started, tried=known.tried + 1)
    row = replace(row, channel=MAILBOX + address, via=EMAIL, tried_at=now)
    ports.ledger.put(row)
    try:
        ts = ports.mailer.send(address, letter, message_id=row.id, thread=thread)
    except (RateLimited, Refused) as refusal:
        ports.ledger.put(replace(row, outcome="failed", why=str(refusal)))  # it was not taken: free to repeat
        raise
    ports.ledger.put(replace(row, outcome="delivered", ts=ts))
    return ts


def _patience(tried: int) -> timedelta:
    return min(timedelta(seconds=LOOK_UP_AFTER_SECONDS * 2 ** min(tried - 1, 10)), PATIENCE_MAX)
