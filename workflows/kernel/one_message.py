"""Telling one recipient of one subject: by a new message, by rewriting theirs, by a letter, later, or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from workflows.kernel.delivery import Living, Saying, decide, message_id, told_there
from workflows.kernel.errors import Refused
from workflows.kernel.places import Place, reach
from workflows.kernel.ports import Delivery, Message
from workflows.kernel.posting import edit_if_there, post_once
from workflows.kernel.same_place import known_there_alone
from workflows.kernel.sending import send_once
from workflows.kernel.telling import Ports
from workflows.kernel.turn import PUT_OFF, WAITING, found_if_begun, living_id


def tell_one(saying: Saying, recipient: str, ports: Ports, now: datetime, *, instead_of: str = "") -> None:
    step = decide(saying)
    if step == "nothing":
        return
    close_former(saying, ports)
    if step in PUT_OFF:
        _defer(saying, recipient, ports, now)
        return
    if step == "suppress":
        _suppress(saying, recipient, ports, now)
        return
    if step == "tick_off":
        tick_off(saying, recipient, ports, now)
        return
    if step == "post" or saying.living is None:
        _tell_anew(saying, recipient, ports, now, instead_of=instead_of)
        return
    keep = _write if saying.living.address else _edit
    if not keep(saying, saying.living, recipient, ports, now):
        _replace_lost(saying, saying.living, recipient, ports, now)
        return
    tick_off(saying, recipient, ports, now)


def _edit(saying: Saying, living: Living, recipient: str, ports: Ports, now: datetime) -> bool:
    """Rewrites the message, and notifies where that is wanted. False: someone deleted it."""
    if not edit_if_there(living.channel, living.ts, saying.message, ports.messenger):
        return False
    if decide(saying) == "edit_and_reply":
        row = _row(saying, recipient, message_id(saying.subject, saying.break_id, recipient, "line", saying.loud), now)
        post_once(row, living.channel, saying.line, ports, now, thread_ts=living.ts)
    return True


def _write(saying: Saying, living: Living, recipient: str, ports: Ports, now: datetime) -> bool:
    """Another letter, where one is wanted. False: it is not taken any more."""
    if decide(saying) != "write":
        return True
    last = "over" if saying.over else saying.loud
    row = _row(saying, recipient, message_id(saying.subject, saying.break_id, recipient, "letter", last), now)
    try:
        _send(row, living.address, saying, ports, now)
    except Refused:
        return False
    return True


def _replace_lost(saying: Saying, lost: Living, recipient: str, ports: Ports, now: datetime) -> None:
    """A new message takes the place of one that is gone, if there is still something to say; one that was begun is kept true."""
    begun = living_id(saying, recipient, instead_of=lost.ts)
    anew = found_if_begun(replace(saying, living=None), begun, recipient, ports, now)
    if anew.living == lost:  # the one that is gone, found once more: or this would go round and round
        anew = replace(saying, living=None)
    if anew.living is not None and decide(anew) == "nothing":  # it arrived after all, and says all there is to say
        tick_off(anew, recipient, ports, now)
    elif anew.living is not None:
        tell_one(anew, recipient, ports, now)
    elif saying.speaks:
        _tell_anew(anew, recipient, ports, now, instead_of=lost.ts)
    else:
        _suppress(anew, recipient, ports, now)


def _defer(saying: Saying, recipient: str, ports: Ports, now: datetime) -> None:
    """A message that is there already is kept true meanwhile, without a sound."""
    if saying.living is not None and not saying.living.address:
        edit_if_there(saying.living.channel, saying.living.ts, saying.message, ports.messenger)
    defer_all([saying], recipient, ports, now)


def defer_all(sayings: Sequence[Saying], recipient: str, ports: Ports, now: datetime) -> None:
    """Makes one appointment, and notes what waits. Since when it waits stays as it was first noted.

    Order: the appointment, then the notes, so that what is noted is done. Where the appointment is lost, the subject's own
    `due` brings it back.
    """
    for until in {saying.alone_until for saying in sayings}:
        if until is not None:
            ports.deferrals.defer(recipient, until)
    since = {row.id: row.started for row in ports.ledger.waiting(recipient)} if sayings else {}
    for saying in sayings:
        row = _row(saying, recipient, living_id(saying, recipient, WAITING), now)
        row = replace(row, outcome="waiting", started=since.get(row.id, now), tried_at=saying.alone_until)
        ports.ledger.keep_waiting(replace(row, why=saying.message.text))


def tick_off(saying: Saying, recipient: str, ports: Ports, now: datetime, *, living: Living | None = None) -> None:
    held = living or saying.living
    if held is not None:
        ports.subjects.told(saying, recipient, channel=held.channel, ts=held.ts, user_id=saying.user_id, at=now)


def close_former(saying: Saying, ports: Ports) -> None:
    """The message of an earlier break must not go on claiming what is over; repeating the edit does no harm. A letter stays."""
    if saying.former is not None and saying.former_message is not None and not saying.former.address:
        edit_if_there(saying.former.channel, saying.former.ts, saying.former_message, ports.messenger)


def _suppress(saying: Saying, recipient: str, ports: Ports, now: datetime) -> None:
    """It is over, or quiet, before it was said: nothing untrue is sent, and the ledger says why."""
    row = _row(saying, recipient, message_id(saying.subject, saying.break_id, recipient, "suppressed", saying.say), now)
    ports.ledger.put(replace(row, outcome="suppressed", why=f"{saying.state} before it was said"))
    ports.subjects.told(saying, recipient, channel="", ts="", user_id=saying.user_id, at=now)


def share(saying: Saying, recipient: str, place: Place, ports: Ports, now: datetime) -> None:
    """Somebody else's message about it stands in this very place, as where the admin stands in for a person: one is enough."""
    there = told_there(saying, place.channel)
    if there is None:
        return
    row = _row(saying, recipient, message_id(saying.subject, saying.break_id, recipient, "shared"), now)
    why = f"{there.recipient} was told in the same place"
    ports.ledger.put(replace(row, outcome="suppressed", channel=place.channel, ts=there.ts, why=why))
    ports.subjects.told(saying, recipient, channel=place.channel, ts=there.ts, user_id=place.user_id, at=now)


def _tell_anew(saying: Saying, recipient: str, ports: Ports, now: datetime, *, instead_of: str = "") -> None:
    """The message, or the first letter, of this break."""

    def tell(place: Place) -> None:
        if _joins(saying, recipient, place, ports, now, gone=instead_of):
            return
        kind = "first letter" if place.address else "living"
        row = _row(saying, recipient, living_id(saying, recipient, kind, instead_of), now)
        opens = not instead_of and not saying.apart  # whatever it was, it opens for them; but what is told apart makes no storm
        row = replace(row, why=place.why, kind="opened" if opens else saying.kind)
        if place.address:
            ts = _send(row, place.address, saying, ports, now)
        else:
            ts = post_once(row, place.channel, saying.message, ports, now)
        ports.subjects.told(saying, recipient, channel=place.channel, ts=ts, user_id=place.user_id, at=now)

    try:
        reach(recipient, saying.user_id, tell, ports, now)
    except Refused as refusal:
        _note_failed(_row(saying, recipient, living_id(saying, recipient, "living", instead_of), now), refusal, ports)
        raise


def _joins(saying: Saying, recipient: str, place: Place, ports: Ports, now: datetime, *, gone: str) -> bool:
    """Whether another's message about it stands in this very place: it is shared, or becomes true first. `gone` does not."""
    known = known_there_alone(saying, recipient, place, ports, now, gone=gone)
    there = known.others.get(place.channel)
    if told_there(known, place.channel) is not None:
        share(known, recipient, place, ports, now)
    elif there is None or there.ts == gone or place.address:
        return False
    elif not there.card:  # a card is written anew by whoever has it, and is then shared
        theirs = Living(channel=place.channel, ts=there.ts)
        tell_one(replace(known, living=theirs, user_id=place.user_id), recipient, ports, now)
    return True


def _note_failed(row: Delivery, refusal: Refused, ports: Ports) -> None:
    """Nobody could be told: the ledger says why, also where it did not come so far as to try."""
    known = ports.ledger.get(row.recipient, row.id)
    if known is None or known.outcome == "failed":
        ports.ledger.put(replace(known or row, outcome="failed", why=str(refusal)))


def _send(row: Delivery, address: str, saying: Saying, ports: Ports, now: datetime) -> str:
    """All letters about one break to one recipient are one conversation."""
    if saying.letter is None:
        raise Refused("no_letters", "nothing here draws letters")
    thread = living_id(saying, row.recipient, "first letter")
    return send_once(row, address, saying.letter(address), ports, now, thread=thread)


def say_alone(row: Delivery, message: Message, ports: Ports, now: datetime) -> None:
    """Something that belongs to no break."""

    def tell(place: Place) -> str:
        if place.address:
            letter = ports.subjects.as_letter(message)
            return send_once(replace(row, why=place.why), place.address, letter, ports, now, thread=row.id)
        return post_once(replace(row, why=place.why), place.channel, message, ports, now)

    try:
        reach(row.recipient, "", tell, ports, now)
    except Refused as refusal:
        _note_failed(row, refusal, ports)
        raise


def _row(saying: Saying, recipient: str, delivery_id: str, now: datetime) -> Delivery:
    return Delivery(
        recipient=recipient,
        id=delivery_id,
        subject=saying.subject,
        break_id=saying.break_id,
        say=saying.say,
        kind=saying.kind,
        outcome="sending",
        started=now,
    )
