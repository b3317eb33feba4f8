"""Many breaks at once, for somebody who is told by mail: one letter, few more while it lasts, and one when all is over.

As with a card, what the letters speak of stands in the storm's row of the ledger, so that dying at any line ends the same way.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from workflows.kernel.delivery import Saying, address_of, decide, message_id
from workflows.kernel.errors import Refused
from workflows.kernel.ports import Delivery, Letter
from workflows.kernel.posting import Later
from workflows.kernel.sending import Sending, send_once
from workflows.kernel.storm import member_of, storm_on, storm_reply, storm_row

LETTERS_APART = timedelta(minutes=5)


class DrawingLetters(Protocol):
    """How the product draws the letters of a storm. Members are "<subject> <break id>"; each is read anew."""

    def storm_letter(self, address: str, members: Sequence[str], news: Sequence[str] = ()) -> Letter:
        """What is wrong with all of them. `news`: those that joined, became worse or are reminded of, which come first."""
        ...

    def all_over(self, members: Sequence[str]) -> bool:
        """Whether all of these breaks have ended."""
        ...


def write_together(
    fresh: Sequence[Saying], recipient: str, address: str, *, drawing: DrawingLetters, sending: Sending, now: datetime
) -> Delivery:
    """Has one letter speak of these breaks: the first of a storm, or another one of a storm that is on. Returns its row."""
    members = [member_of(saying) for saying in fresh]
    storm = storm_on(recipient, sending.ledger, now, members)
    if storm is None or address_of(storm.channel) != address:
        storm = storm_row(recipient, fresh[0], members, now)
    if not storm.ts:
        letter = drawing.storm_letter(address, storm.members)
        send_once(storm, address, letter, sending, now, thread=storm.id)
        storm = sending.ledger.get(recipient, storm.id) or storm
    missing = [member for member in members if member not in storm.members]
    return _join(storm, missing, drawing=drawing, sending=sending, now=now) if missing else storm


def keep_informed(
    storm: Delivery, sayings: Sequence[Saying], *, drawing: DrawingLetters, sending: Sending, now: datetime
) -> bool:
    """A letter about those that are louder, or about the end of all; single recoveries send none. False: none is taken."""
    wanted = [saying for saying in sayings if decide(saying) == "write"]
    louder = [saying for saying in wanted if not saying.over]
    try:
        if louder:
            what = sorted(f"{saying.subject} {saying.loud}" for saying in louder)
            news = [member_of(saying) for saying in louder]
            _write(storm, message_id(storm.id, "news", *what), news, drawing=drawing, sending=sending, now=now)
        elif wanted and drawing.all_over(storm.members):
            _write(storm, message_id(storm.id, "over"), (), drawing=drawing, sending=sending, now=now)
    except Refused:
        return False
    return True


def _join(storm: Delivery, missing: Sequence[str], *, drawing: DrawingLetters, sending: Sending, now: datetime) -> Delivery:
    """More of them. Order: the letter, then the row: who dies between the two finds the letter sent, and writes the row."""
    joined = replace(storm, members=(*storm.members, *missing))
    _write(joined, message_id(storm.id, "joined", *missing), missing, drawing=drawing, sending=sending, now=now)
    return replace(joined, tried_at=now)


def _write(
    storm: Delivery, delivery_id: str, news: Sequence[str], *, drawing: DrawingLetters, sending: Sending, now: datetime
) -> None:
    """At least five minutes after the letter before it, unless that one was this one."""
    row = storm_reply(storm, delivery_id, now)
    known = sending.ledger.get(storm.recipient, delivery_id)
    rest = LETTERS_APART - (now - (storm.tried_at or storm.started))
    if known is None and rest > timedelta():
        raise Later(rest.total_seconds())
    address = address_of(storm.channel)
    send_once(row, address, drawing.storm_letter(address, storm.members, news), sending, now, thread=storm.id)
    sending.ledger.put(replace(storm, tried_at=now))
