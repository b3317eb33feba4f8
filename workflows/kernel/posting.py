"""Writing one message once: one writer a recipient, and a repeat that finds what was already written.

Nothing here sleeps: whatever has to wait becomes a later nudge, so that no queue try is spent on it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import Protocol

from workflows.kernel.delivery import LOOK_UP_AFTER_SECONDS
from workflows.kernel.errors import RateLimited, Refused, Unanswered
from workflows.kernel.ports import Delivery, Event, Ledger, Message, Messenger, Nudges

GONE = frozenset({"message_not_found", "channel_not_found"})
LEASE_SECONDS = 45
"""Longer than any invocation lives, so that no lease runs out under a writer that is still at work."""

BUSY_SECONDS = 5


class Writing(Protocol):
    """The ports that writing needs. `holder`: this invocation."""

    @property
    def ledger(self) -> Ledger: ...
    @property
    def messenger(self) -> Messenger: ...
    @property
    def nudges(self) -> Nudges: ...
    @property
    def holder(self) -> str: ...


class Later(Exception):
    """What is to be done must wait for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def under_lease(recipient: str, nudge: Event, work: Callable[[], list[Refused]], ports: Writing, now: datetime) -> list[Refused]:
    """Does the work as the recipient's only writer; whatever has to wait becomes a later nudge."""
    if not ports.ledger.take_lease(recipient, holder=ports.holder, now=now, seconds=LEASE_SECONDS):
        ports.nudges.later(nudge, delay_seconds=BUSY_SECONDS)
        return []
    try:
        return work()
    except Later as wait:
        seconds = wait.seconds
    except RateLimited as limit:
        seconds = limit.retry_after_seconds
    except Unanswered:  # it may have been carried out: the ledger says `sending`, and the next look finds out
        seconds = LOOK_UP_AFTER_SECONDS
    finally:
        ports.ledger.release_lease(recipient, holder=ports.holder)
    ports.nudges.later(nudge, delay_seconds=ceil(seconds) + 1)
    return []


def post_once(
    row: Delivery, channel: str, message: Message, ports: Writing, now: datetime, *, thread_ts: str = "", broadcast: bool = True
) -> str:
    """Posts unless the ledger or the conversation shows that it was posted. Order: intent, message, outcome."""
    known = ports.ledger.get(row.recipient, row.id)
    if known is not None and known.outcome == "delivered":
        return known.ts
    if known is not None and known.outcome == "sending":
        waited = now - (known.tried_at or known.started)
        if waited < timedelta(seconds=LOOK_UP_AFTER_SECONDS):
            raise Later(LOOK_UP_AFTER_SECONDS - waited.total_seconds())
        found = ports.messenger.find(known.channel or channel, message_id=row.id, since=known.started, thread_ts=thread_ts)
        if found is not None:
            ports.ledger.put(replace(known, outcome="delivered", ts=found, why="found after a lost answer"))
            return found
        row = replace(row, started=known.started, tried=known.tried + 1)
    row = replace(row, channel=channel, tried_at=now)
    ports.ledger.put(row)
    try:
        ts = ports.messenger.post(
            channel, message, message_id=row.id, thread_ts=thread_ts, broadcast=bool(thread_ts) and broadcast
        )
    except RateLimited as limit:
        ports.ledger.put(replace(row, outcome="failed", why=str(limit)))  # refused before it was carried out: free to repeat
        raise
    except Refused as refusal:
        ports.ledger.put(replace(row, outcome="failed", why=str(refusal)))
        raise
    ports.ledger.put(replace(row, outcome="delivered", ts=ts))
    return ts


def edit_if_there(channel: str, ts: str, message: Message, messenger: Messenger) -> bool:
    """Rewrites a message; False when it is gone."""
    try:
        messenger.update(channel, ts, message)
    except Refused as gone:
        if gone.reason not in GONE:
            raise
        return False
    return True
