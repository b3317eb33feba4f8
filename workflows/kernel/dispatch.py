"""Dispatch: the one writer of living messages. A nudge says where to look; what is said is what is true when it is written.

Under the recipient's lease it writes everything that this recipient is not yet told. It never sleeps: whatever has to wait
becomes a later nudge, so that no queue try is spent on it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from math import inf
from typing import Protocol

from workflows.kernel.delivery import Living, Saying, address_of, decide, message_id, told_there
from workflows.kernel.errors import Refused
from workflows.kernel.places import Place, reach
from workflows.kernel.ports import Bus, Deferrals, Delivery, Event, Ledger, Letter, Mailer, Message, Messenger, Nudges
from workflows.kernel.posting import ONLY_FOR, SPEECHLESS, UNFINISHED, Later, edit_if_there, facts_of, post_once, under_lease
from workflows.kernel.sending import send_once
from workflows.kernel.storm import Drawing, keep_true, tell_together
from workflows.kernel.storm_letters import DrawingLetters, keep_informed, write_together
from workflows.kernel.turn import PUT_OFF, WAITING, found_if_begun, living_id, sort_out

SUBJECTS_MAX = 500
ALONE_MAX = 25
"""So many subjects are read under one lease, and so many written in messages of their own; more wait for the next nudge."""

ENOUGH_SECONDS = 7
"""With less than this left nothing more is begun: one call may take five."""


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

    def settle(self, subjects: Sequence[str]) -> None:
        """Takes these off the list of those that someone must be told about, where everybody is told, or has to wait."""
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
    bus: Bus | None = None
    troubles: set[tuple[str, str]] = field(default_factory=set)


def dispatch(nudge: Event, subject: str, *, ports: Ports, now: datetime) -> None:
    """Tells every recipient of `subject` all that they are not yet told. Safe to repeat at any time."""
    refusals: list[Refused] = []
    for recipient in _behind(nudge, subject, ports):
        theirs = replace(nudge, detail={**nudge.detail, ONLY_FOR: recipient})  # or two who wait would double each other's nudges
        again = replace(nudge, detail={**facts_of(nudge), ONLY_FOR: recipient, UNFINISHED: True})
        work = partial(_tell_all, recipient, subject, ports, now)
        refusals += under_lease(recipient, theirs, work, ports, now, again=again)
    ports.subjects.settle([subject])
    _end(refusals, ports, now)


def _behind(nudge: Event, subject: str, ports: Ports) -> list[str]:
    """Those who are not yet told of the subject; of a turn that was not finished, whoever it was for."""
    only = nudge.detail.get(ONLY_FOR)
    if isinstance(only, str) and nudge.detail.get(UNFINISHED):
        return [only]
    wanted = [only] if isinstance(only, str) else ports.subjects.recipients(subject)
    sayings = {recipient: ports.subjects.saying(subject, recipient) for recipient in wanted}
    return [recipient for recipient, saying in sayings.items() if saying is not None and decide(saying) != "nothing"]


def open_up(nudge: Event, recipient: str, *, ports: Ports, now: datetime) -> None:
    """An appointment has come: what waited for this recipient is told, as far as it is still true."""
    waiting = ports.ledger.waiting(recipient)
    if waiting:
        refusals = under_lease(recipient, nudge, partial(_tell_all, recipient, waiting[0].subject, ports, now), ports, now)
        ports.subjects.settle(list(dict.fromkeys(row.subject for row in waiting)))
        _end(refusals, ports, now)


def _end(refusals: Sequence[Refused], ports: Ports, now: datetime) -> None:
    """Whoever could be told has been. The admin hears of what could not, once a day for each reason, and the queue's alarm."""
    if ports.troubles and ports.bus is not None:
        found = [{"recipient": who, "why": why, "day": f"{now:%Y-%m-%d}"} for who, why in sorted(ports.troubles)]
        ports.bus.publish([Event(kind="bk.notice", detail={"v": 1, "about": "delivery", **one}) for one in found])
    if refusals:
        raise refusals[0]


def notice(nudge: Event, message: Message, identity: tuple[object, ...], *, ports: Ports, now: datetime) -> None:
    """Tells the admin something about the sentinel itself, once for each `identity`."""
    delivery_id = message_id("notice", *identity)
    row = Delivery(
        recipient=ports.admin,
        id=delivery_id,
        subject="",
        break_id="",
        say=0,
        kind="notice",
        outcome="sending",
        started=now,
    )

    def tell() -> list[Refused]:
        _say_alone(row, message, ports, now)
        return []

    known = ports.ledger.get(ports.admin, delivery_id)
    if known is None or known.outcome != "delivered":  # one that was refused for its rate is still to be told
        under_lease(ports.admin, nudge, tell, ports, now)


def _tell_all(recipient: str, first: str, ports: Ports, now: datetime) -> list[Refused]:
    """Writes what is not yet told, the nudged subject first. One that is refused does not keep back the others."""
    waiting = ports.ledger.waiting(recipient)
    subjects = list(dict.fromkeys((first, *ports.subjects.pending_for(recipient), *(row.subject for row in waiting))))
    sayings = ports.subjects.sayings(subjects[:SUBJECTS_MAX], recipient)
    behind = [saying for saying in sayings if decide(saying) != "nothing"]
    turn = sort_out(behind, waiting, recipient, ports, now)

    put_off = [turn.waits] if turn.waits else []
    refusals = _each(put_off, lambda these: _defer_all(these, recipient, ports, now), recipient, ports)
    refusals += _each([turn.noted], lambda _: None, recipient, ports)
    refusals += _each(([saying] for saying in turn.known), lambda one: _tick_off(one[0], recipient, ports, now), recipient, ports)
    refusals += _each(
        ([saying] for saying in turn.alone[:ALONE_MAX]), lambda one: _tell(one[0], recipient, ports, now), recipient, ports
    )
    refusals += _each(turn.together, lambda these: _tell_together(these, recipient, ports, now), recipient, ports)
    for storm, its in turn.of_storms:
        refusals += _each([its], partial(_keep_true, storm, ports=ports, now=now), recipient, ports)
    told = len(behind) > len(refusals)  # where nobody can be told, another turn ends like this one
    if told and (len(subjects) > SUBJECTS_MAX or len(turn.alone) > ALONE_MAX):
        raise Later(0)
    if not refusals:
        _end_waiting(recipient, waiting, ports, now)
    return refusals


def _each(groups: Iterable[list[Saying]], tell: Callable[[list[Saying]], None], recipient: str, ports: Ports) -> list[Refused]:
    """Tells of each group (often one saying alone), and ticks off what was told. Raises Refused where we may not speak at all."""
    refusals = []
    for group in groups:
        _in_time(ports)
        try:
            tell(group)
        except Refused as refusal:
            if refusal.reason in SPEECHLESS:
                raise
            ports.troubles.add((recipient, f"refused: {refusal.reason}"))
            refusals.append(refusal)
            continue
        _in_time(ports)
        ports.subjects.settle([saying.subject for saying in group])
    return refusals


def _in_time(ports: Ports) -> None:
    """Nobody is killed in the middle of their work: with little time left, the rest is another turn's."""
    if ports.seconds_left() < ENOUGH_SECONDS:
        raise Later(0)


def _tell_together(fresh: list[Saying], recipient: str, ports: Ports, now: datetime) -> None:
    for saying in fresh:
        _close_former(saying, ports)

    def tell(place: Place) -> tuple[Delivery | None, Place]:
        anew = [saying for saying in fresh if told_there(saying, place.channel) is None]
        if not anew:
            return None, place
        if place.address:
            return write_together(anew, recipient, place.address, drawing=ports.subjects, sending=ports, now=now), place
        return tell_together(anew, recipient, place.channel, drawing=ports.subjects, writing=ports, now=now), place

    storm, place = reach(recipient, next((saying.user_id for saying in fresh if saying.user_id), ""), tell, ports)
    for saying in fresh:
        _in_time(ports)
        if storm is None or told_there(saying, place.channel) is not None:
            _share(saying, recipient, place, ports, now)
        else:
            ports.subjects.told(saying, recipient, channel=storm.channel, ts=storm.ts, user_id=place.user_id, at=now)


def _keep_true(storm: Delivery, sayings: list[Saying], *, ports: Ports, now: datetime) -> None:
    """The card of a storm, and those of its members of which there is something new."""
    if not address_of(storm.channel):
        louder = [saying for saying in sayings if decide(saying) == "edit_and_reply"]
        keep_true(storm, louder, drawing=ports.subjects, writing=ports, now=now)
    elif not keep_informed(storm, sayings, drawing=ports.subjects, sending=ports, now=now):
        for saying in sayings:  # no letter is taken any more: each speaks for itself from now on
            _tell(replace(saying, living=None), storm.recipient, ports, now, instead_of=storm.ts)
        return
    wait = [saying for saying in sayings if decide(saying) in PUT_OFF]
    _defer_all(wait, storm.recipient, ports, now)
    for saying in sayings:
        _in_time(ports)
        if saying not in wait:
            _tick_off(saying, storm.recipient, ports, now, living=Living(channel=storm.channel, ts=storm.ts))


def _end_waiting(recipient: str, waiting: Sequence[Delivery], ports: Ports, now: datetime) -> None:
    """Once they may be disturbed: one line for what came and went meanwhile, and nothing waits any more."""
    if not waiting or ports.subjects.alone_until(recipient) is not None:
        return
    message = ports.subjects.came_and_went(recipient, waiting)
    if message is not None:
        identity = message_id(recipient, "came_and_went", waiting[-1].id)  # the note that is taken away last
        row = replace(waiting[0], id=identity, kind="came_and_went", outcome="sending", started=now, why="")
        _say_alone(row, message, ports, now)
    for row in waiting:
        ports.ledger.done_waiting(recipient, row.id)


def _tell(saying: Saying, recipient: str, ports: Ports, now: datetime, *, instead_of: str = "") -> None:
    step = decide(saying)
    if step == "nothing":
        return
    _close_former(saying, ports)
    if step in PUT_OFF:
        _defer(saying, recipient, ports, now)
        return
    if step == "suppress":
        _suppress(saying, recipient, ports, now)
        return
    if step == "tick_off":
        _tick_off(saying, recipient, ports, now)
        return
    if step == "post" or saying.living is None:
        _tell_anew(saying, recipient, ports, now, instead_of=instead_of)
        return
    keep = _write if saying.living.address else _edit
    if not keep(saying, saying.living, recipient, ports, now):
        _replace_lost(saying, saying.living, recipient, ports, now)
        return
    _tick_off(saying, recipient, ports, now)


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
    if anew.living is not None:
        _tell(anew, recipient, ports, now)
    elif saying.speaks:
        _tell_anew(anew, recipient, ports, now, instead_of=lost.ts)
    else:
        _suppress(anew, recipient, ports, now)


def _defer(saying: Saying, recipient: str, ports: Ports, now: datetime) -> None:
    """A message that is there already is kept true meanwhile, without a sound."""
    if saying.living is not None and not saying.living.address:
        edit_if_there(saying.living.channel, saying.living.ts, saying.message, ports.messenger)
    _defer_all([saying], recipient, ports, now)


def _defer_all(sayings: Sequence[Saying], recipient: str, ports: Ports, now: datetime) -> None:
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


def _tick_off(saying: Saying, recipient: str, ports: Ports, now: datetime, *, living: Living | None = None) -> None:
    held = living or saying.living
    if held is not None:
        ports.subjects.told(saying, recipient, channel=held.channel, ts=held.ts, user_id=saying.user_id, at=now)


def _close_former(saying: Saying, ports: Ports) -> None:
    """The message of an earlier break must not go on claiming what is over; repeating the edit does no harm. A letter stays."""
    if saying.former is not None and saying.former_message is not None and not saying.former.address:
        edit_if_there(saying.former.channel, saying.former.ts, saying.former_message, ports.messenger)


def _suppress(saying: Saying, recipient: str, ports: Ports, now: datetime) -> None:
    """It is over, or quiet, before it was said: nothing untrue is sent, and the ledger says why."""
    row = _row(saying, recipient, message_id(saying.subject, saying.break_id, recipient, "suppressed", saying.say), now)
    ports.ledger.put(replace(row, outcome="suppressed", why=f"{saying.state} before it was said"))
    ports.subjects.told(saying, recipient, channel="", ts="", user_id=saying.user_id, at=now)


def _share(saying: Saying, recipient: str, place: Place, ports: Ports, now: datetime) -> None:
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
        if told_there(saying, place.channel) is not None:
            _share(saying, recipient, place, ports, now)
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
        reach(recipient, saying.user_id, tell, ports)
    except Refused as refusal:
        _note_failed(_row(saying, recipient, living_id(saying, recipient, "living", instead_of), now), refusal, ports)
        raise


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


def _say_alone(row: Delivery, message: Message, ports: Ports, now: datetime) -> None:
    """Something that belongs to no break."""

    def tell(place: Place) -> str:
        if place.address:
            letter = ports.subjects.as_letter(message)
            return send_once(replace(row, why=place.why), place.address, letter, ports, now, thread=row.id)
        return post_once(replace(row, why=place.why), place.channel, message, ports, now)

    reach(row.recipient, "", tell, ports)


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
