"""Writing one message once: one writer a recipient, and a repeat that finds what was already written.

Nothing here sleeps: whatever has to wait becomes a later nudge, so that no queue try is spent on it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Protocol

from workflows.kernel.delivery import LOOK_UP_AFTER_SECONDS, message_id
from workflows.kernel.errors import OutsideError, RateLimited, Refused, Unanswered
from workflows.kernel.ports import Delivery, Event, Json, Ledger, Message, Messenger, Nudges

CLOSED = frozenset(
    {
        "access_denied",
        "cannot_dm_bot",
        "channel_is_limited_access",
        "channel_not_found",
        "is_archived",
        "messages_tab_disabled",
        "not_in_channel",
        "restricted_action",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
    }
)
"""What is answered where nothing can be written any more: the person left, the conversation or channel is closed to us."""

GONE = CLOSED | {"cant_update_message", "edit_window_closed", "message_not_found", "thread_not_found"}
"""What is answered for a message that cannot be rewritten any more."""

SPEECHLESS = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""What is answered where we ourselves may not speak: no other place would help, and nobody can be told of it there."""

LEASE_SECONDS = 45
"""Longer than any invocation lives, so that no lease runs out under a writer that is still at work."""

BUSY_SECONDS = 5
FIRST_AGAIN_SECONDS = 2
"""After no answer, then twice as long each time. What may have been carried out is waited for besides, by its row."""

DELAY_SECONDS_MAX = 900
"""The longest that a queue holds a message back. Who has to wait longer is held back again, without asking anybody."""

JITTER_SECONDS_MAX = 30
NOT_BEFORE, ONLY_FOR, UNFINISHED, UNANSWERED = "not_before", "only_for", "unfinished", "unanswered"
"""Marks in a nudge to ourselves: when it is due; whom alone it is for; that their turn was begun; how often no answer came."""
FIRST_PUT_OFF = "first_put_off"
"""One more: when it was first put off because the outside did not answer, or refused for its rate."""
MARKS = frozenset({NOT_BEFORE, ONLY_FOR, UNFINISHED, UNANSWERED, FIRST_PUT_OFF})


class Posting(Protocol):
    """The ports that posting one message needs."""

    @property
    def ledger(self) -> Ledger: ...
    @property
    def messenger(self) -> Messenger: ...


class Writing(Posting, Protocol):
    """The ports that writing needs.

    Attributes:
        holder: this invocation.
        put_off: hears, each time the outside did not answer or refused for its rate, for how many seconds that has gone on.
    """

    @property
    def nudges(self) -> Nudges: ...
    @property
    def holder(self) -> str: ...
    @property
    def put_off(self) -> Callable[[float], object]: ...


class Later(Exception):
    """What is to be done must wait for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def under_lease(
    recipient: str,
    nudge: Event,
    work: Callable[[], list[Refused]],
    ports: Writing,
    now: datetime,
    *,
    again: Event | None = None,
) -> list[Refused] | None:
    """Does the work as the recipient's only writer; whatever has to wait becomes a later nudge, and None is returned.

    `again`: the nudge with which work that was begun is taken up again, if that is another one. It keeps since when the outside
    has been putting it off, which nothing else remembers: each later nudge is a new message of the queue.
    """
    since, again = first_put_off(nudge, now), again or nudge
    try:
        if not ports.ledger.take_lease(recipient, holder=ports.holder, now=now, seconds=LEASE_SECONDS):
            _stand_back(nudge, since, ports.nudges, now)
            return None
        try:
            return work()
        finally:
            _release(recipient, ports)
    except Later as wait:
        seconds = ceil(wait.seconds) + 1
    except RateLimited as limit:
        since = _tell_put_off(since, ports, now)
        seconds = ceil(limit.retry_after_seconds) + 1 + _jitter(limit.retry_after_seconds, ports.holder)
    except Unanswered:  # it may have been carried out: the ledger says `sending`, and the next look finds out
        since = _tell_put_off(since, ports, now)
        times = _times(nudge)
        seconds = min(FIRST_AGAIN_SECONDS * 2**times, DELAY_SECONDS_MAX - 1) + 1
        again = replace(again, detail={**again.detail, UNANSWERED: times + 1})
    if since is not None:
        again = replace(again, detail={**again.detail, FIRST_PUT_OFF: since.isoformat()})
    _nudge_later(again, seconds, ports.nudges, now)
    return None


class Leasing(Protocol):
    """What taking a lease needs. `holder`: this invocation."""

    @property
    def ledger(self) -> Ledger: ...
    @property
    def holder(self) -> str: ...


@contextmanager
def only_writer(channel: str, ports: Leasing, now: datetime, *, seconds: int = LEASE_SECONDS) -> Iterator[None]:
    """Holds the lease of a place in which several may want to write, for so long at most. Raises Later while another has it."""
    if not ports.ledger.take_lease(channel, holder=ports.holder, now=now, seconds=seconds):
        raise Later(BUSY_SECONDS)
    try:
        yield
    finally:
        _release(channel, ports)


def facts_of(nudge: Event) -> Json:
    """What the nudge is about, without the marks that it was given on its way."""
    return {key: value for key, value in nudge.detail.items() if key not in MARKS}


def first_put_off(nudge: Event, now: datetime) -> datetime | None:
    """When the outside first put it off, in UTC and never after `now`; None where it did not, or where the mark is no moment."""
    marked = nudge.detail.get(FIRST_PUT_OFF)
    try:
        moment = datetime.fromisoformat(marked) if isinstance(marked, str) else None
        return min(moment.astimezone(UTC), now) if moment is not None and moment.tzinfo is not None else None
    except (OverflowError, ValueError):
        return None


def when_due(nudge: Event, nudges: Nudges, now: datetime) -> Event | None:
    """The nudge, as it was at first; None where it had to be held back longer than a queue can, and is so once more."""
    until = nudge.detail.get(NOT_BEFORE)
    first = Event(kind=nudge.kind, detail={key: value for key, value in nudge.detail.items() if key != NOT_BEFORE})
    rest = datetime.fromisoformat(until) - now if isinstance(until, str) else timedelta()
    if rest <= timedelta():
        return first
    _nudge_later(first, ceil(rest.total_seconds()), nudges, now)
    return None


def post_once(
    row: Delivery, channel: str, message: Message, ports: Posting, now: datetime, *, thread_ts: str = "", broadcast: bool = True
) -> str:
    """Posts unless the ledger or the conversation shows that it was posted. Order: intent, message, outcome."""
    known = ports.ledger.get(row.recipient, row.id)
    if known is not None and known.outcome in {"delivered", "sending"}:
        found = arrived(known, ports, now, thread_ts=thread_ts)
        if found is not None:
            return found.ts
        row = replace(row, started=known.started)
    row = replace(row, channel=channel, tried=known.tried + 1 if known is not None else 1, tried_at=now)
    ports.ledger.put(row)
    try:
        ts = ports.messenger.post(
            channel, message, message_id=row.id, thread_ts=thread_ts, broadcast=bool(thread_ts) and broadcast
        )
    except (RateLimited, Refused) as refusal:
        ports.ledger.put(replace(row, outcome="failed", why=str(refusal)))  # not carried out: free to repeat
        raise
    ports.ledger.put(replace(row, outcome="delivered", ts=ts))
    return ts


def arrived(row: Delivery, ports: Posting, now: datetime, *, thread_ts: str = "") -> Delivery | None:
    """The row of a message that was begun, if it stands in its conversation, else None. Raises Later while it may still come."""
    if row.outcome == "delivered":
        return row
    waited = now - (row.tried_at or row.started)
    if waited < timedelta(seconds=LOOK_UP_AFTER_SECONDS):
        raise Later(LOOK_UP_AFTER_SECONDS - waited.total_seconds())
    try:
        ts = ports.messenger.find(row.channel, message_id=row.id, since=row.started, thread_ts=thread_ts)
    except Refused as refusal:
        if refusal.reason not in GONE:
            raise
        ts = None
    if ts is None:
        return None
    found = replace(row, outcome="delivered", ts=ts, why="found after a lost answer")
    ports.ledger.put(found)
    return found


def edit_if_there(channel: str, ts: str, message: Message, messenger: Messenger) -> bool:
    """Rewrites a message; False when it is gone, or its conversation is closed."""
    try:
        messenger.update(channel, ts, message)
    except Refused as gone:
        if gone.reason not in GONE:
            raise
        return False
    return True


def _tell_put_off(since: datetime | None, ports: Writing, now: datetime) -> datetime:
    """Says for how long that has gone on by now; since when."""
    begun = since or now
    ports.put_off((now - begun).total_seconds())
    return begun


def _stand_back(nudge: Event, since: datetime | None, nudges: Nudges, now: datetime) -> None:
    """Where somebody else holds the lease: they do this work too, or have a nudge of their own for the rest.

    So a turn that was begun is let go; but not one that the outside has put off, or a fresh nudge, of which the tick brings
    more and more, would take its place and nobody would know any more for how long. The older, the less often it asks.
    """
    if since is not None:
        patience = int((now - since).total_seconds() / 2)
        nudges.later(nudge, delay_seconds=min(max(patience, BUSY_SECONDS), DELAY_SECONDS_MAX))
    elif not nudge.detail.get(UNFINISHED):
        nudges.later(nudge, delay_seconds=BUSY_SECONDS)


def _times(nudge: Event) -> int:
    """Who is not answered at all is asked less and less often, so that an outage makes no flood of nudges."""
    times = nudge.detail.get(UNANSWERED)
    return min(times, 10) if isinstance(times, int) else 0


def _release(whose: str, ports: Leasing) -> None:
    try:
        ports.ledger.release_lease(whose, holder=ports.holder)
    except OutsideError:  # it runs out by itself; what was done is done
        return


def _nudge_later(nudge: Event, seconds: int, nudges: Nudges, now: datetime) -> None:
    if seconds <= DELAY_SECONDS_MAX:
        nudges.later(nudge, delay_seconds=seconds)
        return
    until = (now + timedelta(seconds=seconds)).isoformat()
    nudges.later(replace(nudge, detail={**nudge.detail, NOT_BEFORE: until}), delay_seconds=DELAY_SECONDS_MAX)


def _jitter(seconds: float, holder: str) -> int:
    """Spreads those who were refused together, by up to a quarter of the wait."""
    most = min(ceil(seconds / 4), JITTER_SECONDS_MAX)
    return int(message_id("jitter", holder)[:6], 16) % (most + 1)
