"""Many breaks at once: one card for all of them, kept true, with the details in its thread.

The card is the living message of all its members. What it speaks of stands in its row of the ledger before it is written, so
that dying at any line ends in the same card.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from workflows.kernel.delivery import Saying, address_of, message_id
from workflows.kernel.ports import Delivery, Ledger, Message
from workflows.kernel.posting import Later, Writing, edit_if_there, post_once

STORM_ABOVE = 5
"""More breaks than this, opened for one recipient within the window, are told together."""

WINDOW = timedelta(minutes=10)
UNFINISHED_FOR = timedelta(hours=1)
"""What opens within this time joins a card whose sending was begun and not finished."""

DETAILS_EACH = 25
EDIT_EVERY = timedelta(seconds=5)


class Drawing(Protocol):
    """How the product draws a storm. Members are "<subject> <break id>"; each is read anew."""

    def storm(self, recipient: str, members: Sequence[str]) -> Message:
        """The card: how many need attention, the worst of them, how many are back."""
        ...

    def details(self, members: Sequence[str]) -> Message:
        """For its thread: what is wrong with each of at most 25."""
        ...

    def news(self, members: Sequence[str]) -> Message:
        """One line that notifies: what joined, became worse, or is reminded of."""
        ...


def member_of(saying: Saying) -> str:
    return f"{saying.subject} {saying.break_id}"


def brewing(ids: Collection[str], recipient: str, ledger: Ledger, now: datetime) -> bool:
    """Whether new breaks, whose messages would have these ids, are to be told together.

    They are by their number, with those opened just before them, or because a storm is already on.
    """
    if not ids:
        return False
    if storm_on(recipient, ledger, now) is not None:
        return True
    return len(ledger.opened(recipient, now - WINDOW) | set(ids)) > STORM_ABOVE


def tell_together(
    fresh: Sequence[Saying], recipient: str, channel: str, *, drawing: Drawing, writing: Writing, now: datetime
) -> Delivery:
    """Has one card speak of these breaks: the one that names them, that of a storm that is on, or a new one. Returns its row.

    What a card begun earlier speaks of is finished before more is added, so that each is told of once, wherever we died.
    """
    members = [member_of(saying) for saying in fresh]
    aloud = all(saying.alone_until is None for saying in fresh)
    storm = storm_on(recipient, writing.ledger, now, members)
    if storm is None or address_of(storm.channel):  # of one that is told by letters there is no card
        storm = storm_row(recipient, fresh[0], members, now)
    missing = [member for member in members if member not in storm.members]
    if storm.say < len(storm.members) or not missing:
        storm = _finish(storm, channel, aloud, drawing, writing, now)
    if missing:
        _wait_a_little(storm, now)
        storm = replace(storm, members=(*storm.members, *missing), tried_at=now)
        writing.ledger.put(storm)
        storm = _finish(storm, channel, aloud, drawing, writing, now)
    return storm


def keep_true(storm: Delivery, louder: Sequence[Saying], *, drawing: Drawing, writing: Writing, now: datetime) -> None:
    """Writes the card anew, at most once in five seconds, and tells aloud of those that are louder."""
    _wait_a_little(storm, now)
    writing.ledger.put(replace(storm, tried_at=now))
    _draw(storm, drawing, writing)
    if louder:
        what = sorted(f"{saying.subject} {saying.loud}" for saying in louder)
        row = storm_reply(storm, message_id(storm.id, "news", *what), now)
        news = drawing.news([member_of(saying) for saying in louder])
        post_once(row, storm.channel, news, writing, now, thread_ts=storm.ts)


def _finish(storm: Delivery, channel: str, aloud: bool, drawing: Drawing, writing: Writing, now: datetime) -> Delivery:
    """Its row names the members, and by `say` how many of them its thread has told of. Order: the card, the thread, `say`."""
    told, members = storm.say, storm.members
    if storm.ts:
        _draw(storm, drawing, writing)
    else:
        ts = post_once(storm, channel, drawing.storm(storm.recipient, members), writing, now)
        storm = replace(writing.ledger.get(storm.recipient, storm.id) or storm, ts=ts, tried_at=now)
    if told == len(members):
        return storm
    if told and aloud:  # the card itself has notified of the first ones
        row = storm_reply(storm, message_id(storm.id, "joined", told), now)
        post_once(row, storm.channel, drawing.news(members[told:]), writing, now, thread_ts=storm.ts)
    for first in range(told, len(members), DETAILS_EACH):
        row = storm_reply(storm, message_id(storm.id, "details", first), now)
        some = drawing.details(members[first : first + DETAILS_EACH])
        post_once(row, storm.channel, some, writing, now, thread_ts=storm.ts, broadcast=False)
    storm = replace(storm, say=len(members))
    writing.ledger.put(storm)
    return storm


def _draw(storm: Delivery, drawing: Drawing, writing: Writing) -> None:
    """Rewrites the card. Where it is gone, its members are told anew at the next turn, by another card if they are many."""
    if not edit_if_there(storm.channel, storm.ts, drawing.storm(storm.recipient, storm.members), writing.messenger):
        writing.ledger.put(replace(storm, outcome="failed", why="the card is gone, or its conversation is closed"))
        raise Later(0)


def storm_on(recipient: str, ledger: Ledger, now: datetime, members: Collection[str] = ()) -> Delivery | None:
    """The storm that speaks of any of these members; else the one that more breaks join: it began a short while ago."""
    storms = [row for row in ledger.storms(recipient) if row.outcome != "failed"]
    naming = next((row for row in storms if not set(members).isdisjoint(row.members)), None)
    if naming is not None or not storms:
        return naming
    newest = storms[0]
    return newest if newest.started >= now - (WINDOW if newest.ts else UNFINISHED_FOR) else None


def _wait_a_little(storm: Delivery, now: datetime) -> None:
    rest = EDIT_EVERY - (now - (storm.tried_at or storm.started))
    if rest > timedelta():
        raise Later(rest.total_seconds())


def storm_row(recipient: str, first: Saying, members: Sequence[str], now: datetime) -> Delivery:
    return Delivery(
        recipient=recipient,
        id="storm-" + message_id("storm", recipient, first.subject, first.break_id, now.isoformat()),
        subject="",
        break_id="",
        say=0,
        kind="storm",
        outcome="sending",
        started=now,
        members=tuple(members),
    )


def storm_reply(storm: Delivery, delivery_id: str, now: datetime) -> Delivery:
    return replace(
        storm, id=delivery_id, say=0, kind="storm_reply", outcome="sending", started=now, ts="", tried_at=None, why="", members=()
    )
