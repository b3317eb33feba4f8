"""Many breaks at once: one card for all of them, kept true, with the details in its thread.

The card is the living message of all its members. What it speaks of stands in its row of the ledger before it is written, so
that dying at any line ends in the same card.
"""

from collections.abc import Sequence
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
"""A card whose sending was begun is finished within this time; what is older was told otherwise, or is over."""

DETAILS_EACH = 25
EDIT_EVERY = timedelta(seconds=5)
_DETAILS_TOLD = "details told"


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


def brewing(fresh: Sequence[Saying], recipient: str, ledger: Ledger, now: datetime) -> bool:
    """Whether these new breaks are to be told together: by their number, or because a storm is already on."""
    if not fresh:
        return False
    if storm_on(recipient, ledger, now) is not None:
        return True
    return len(fresh) + ledger.opened_since(recipient, now - WINDOW) > STORM_ABOVE


def tell_together(
    fresh: Sequence[Saying], recipient: str, channel: str, *, drawing: Drawing, writing: Writing, now: datetime
) -> Delivery:
    """Has one card speak of these breaks: a new one, or the one of a storm that is on. Returns its row."""
    members = [member_of(saying) for saying in fresh]
    storm = storm_on(recipient, writing.ledger, now)
    if storm is None or storm.outcome == "failed" or address_of(storm.channel):  # refused, so not written; or told by letters
        storm = storm_row(recipient, fresh[0], members, now)
    if not storm.ts:
        ts = post_once(storm, channel, drawing.storm(recipient, storm.members), writing, now)
        storm = replace(storm, ts=ts, channel=channel, outcome="delivered", tried_at=now)
    if storm.why != _DETAILS_TOLD:
        _tell_details(storm, storm.members, drawing=drawing, writing=writing, now=now)
        storm = replace(storm, why=_DETAILS_TOLD)
        writing.ledger.put(storm)
    missing = [member for member in members if member not in storm.members]
    return _join(storm, missing, drawing=drawing, writing=writing, now=now) if missing else storm


def keep_true(storm: Delivery, louder: Sequence[Saying], *, drawing: Drawing, writing: Writing, now: datetime) -> bool:
    """Writes the card anew, at most once in five seconds, and tells aloud of those that are louder. False: the card is gone."""
    _wait_a_little(storm, now)
    writing.ledger.put(replace(storm, tried_at=now))
    if not edit_if_there(storm.channel, storm.ts, drawing.storm(storm.recipient, storm.members), writing.messenger):
        return False
    if louder:
        what = sorted(f"{saying.subject} {saying.loud}" for saying in louder)
        row = storm_reply(storm, message_id(storm.id, "news", *what), now)
        news = drawing.news([member_of(saying) for saying in louder])
        post_once(row, storm.channel, news, writing, now, thread_ts=storm.ts)
    return True


def _join(storm: Delivery, members: Sequence[str], *, drawing: Drawing, writing: Writing, now: datetime) -> Delivery:
    """More of them: the card says so, and one line notifies. Order: the row, the card, the line."""
    joined = replace(storm, members=tuple(dict.fromkeys((*storm.members, *members))), tried_at=now)
    if joined.members != storm.members:
        writing.ledger.put(joined)
    edit_if_there(storm.channel, storm.ts, drawing.storm(storm.recipient, joined.members), writing.messenger)
    row = storm_reply(storm, message_id(storm.id, "joined", min(members)), now)
    post_once(row, storm.channel, drawing.news(members), writing, now, thread_ts=storm.ts)
    _tell_details(joined, members, drawing=drawing, writing=writing, now=now)
    return joined


def _tell_details(storm: Delivery, members: Sequence[str], *, drawing: Drawing, writing: Writing, now: datetime) -> None:
    for first in range(0, len(members), DETAILS_EACH):
        some = members[first : first + DETAILS_EACH]
        row = storm_reply(storm, message_id(storm.id, "details", some[0]), now)
        post_once(row, storm.channel, drawing.details(some), writing, now, thread_ts=storm.ts, broadcast=False)


def storm_on(recipient: str, ledger: Ledger, now: datetime) -> Delivery | None:
    """The storm that more breaks join, or whose card was begun and perhaps not written."""
    newest = next(iter(ledger.storms(recipient)), None)
    if newest is None:
        return None
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
        storm, id=delivery_id, kind="storm_reply", outcome="sending", started=now, ts="", tried_at=None, why="", members=()
    )
