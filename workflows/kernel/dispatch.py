"""Dispatch: the one writer of living messages. A nudge says where to look; what is said is what is true when it is written.

Under the recipient's lease it writes everything that this recipient is not yet told. It never sleeps: whatever has to wait
becomes a later nudge, so that no queue try is spent on it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from workflows.kernel.delivery import Living, Saying, address_of, decide, message_id
from workflows.kernel.errors import Refused
from workflows.kernel.one_message import close_former, defer_all, say_alone, share, tell_one, tick_off
from workflows.kernel.places import Place, reach
from workflows.kernel.ports import Delivery, Event, Message
from workflows.kernel.posting import ONLY_FOR, SPEECHLESS, UNFINISHED, Later, facts_of, under_lease
from workflows.kernel.same_place import known_there
from workflows.kernel.storm import keep_true, tell_together
from workflows.kernel.storm_letters import keep_informed, write_together
from workflows.kernel.telling import Ports
from workflows.kernel.turn import PUT_OFF, sort_out

__all__ = ["Ports", "dispatch", "notice", "open_up"]

SUBJECTS_MAX = 500
ALONE_MAX = 25
"""So many subjects are read under one lease, and so many written in messages of their own; more wait for the next nudge."""

ENOUGH_SECONDS = 7
"""With less than this left nothing more is begun: one call may take five."""


def dispatch(nudge: Event, subject: str, *, ports: Ports, now: datetime) -> None:
    """Tells every recipient of `subject` all that they are not yet told. Safe to repeat at any time."""
    refusals: list[Refused] = []
    done: list[str] = []
    for recipient in _behind(nudge, subject, ports):
        theirs = replace(nudge, detail={**nudge.detail, ONLY_FOR: recipient})  # or two who wait would double each other's nudges
        again = replace(nudge, detail={**facts_of(nudge), ONLY_FOR: recipient, UNFINISHED: True})
        work = partial(_tell_all, recipient, subject, ports, now)
        refused = under_lease(recipient, theirs, work, ports, now, again=again)
        refusals += refused or []
        done += [recipient] if refused == [] else []
    ports.subjects.settle([subject], done)
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
        done = [recipient] if refusals == [] else []
        ports.subjects.settle(list(dict.fromkeys(row.subject for row in waiting)), done)
        _end(refusals or [], ports, now)


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
        say_alone(row, message, ports, now)
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
    refusals = _each(put_off, lambda these: defer_all(these, recipient, ports, now), recipient, ports)
    refusals += _each([turn.noted], lambda _: None, recipient, ports)
    refusals += _each(([saying] for saying in turn.known), lambda one: tick_off(one[0], recipient, ports, now), recipient, ports)
    refusals += _each(
        ([saying] for saying in turn.alone[:ALONE_MAX]), lambda one: tell_one(one[0], recipient, ports, now), recipient, ports
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
        ports.subjects.settle([saying.subject for saying in group], [recipient])
    return refusals


def _in_time(ports: Ports) -> None:
    """Nobody is killed in the middle of their work: with little time left, the rest is another turn's."""
    if ports.seconds_left() < ENOUGH_SECONDS:
        raise Later(0)


def _tell_together(fresh: list[Saying], recipient: str, ports: Ports, now: datetime) -> None:
    for saying in fresh:
        close_former(saying, ports)

    def tell(place: Place) -> None:
        known = known_there(fresh, recipient, place, ports, now)
        for saying in known:
            _in_time(ports)
            share(saying, recipient, place, ports, now)
        anew = [saying for saying in known if _is_new_there(saying, place)]
        if anew:
            storm = card(anew, place)
            for saying in anew:
                _in_time(ports)
                ports.subjects.told(saying, recipient, channel=storm.channel, ts=storm.ts, user_id=place.user_id, at=now)

    def card(anew: list[Saying], place: Place) -> Delivery:
        if place.address:
            return write_together(anew, recipient, place.address, drawing=ports.subjects, sending=ports, now=now)
        return tell_together(anew, recipient, place.channel, drawing=ports.subjects, writing=ports, now=now)

    reach(recipient, next((saying.user_id for saying in fresh if saying.user_id), ""), tell, ports, now)


def _is_new_there(saying: Saying, place: Place) -> bool:
    """What another holds in a conversation they write anew in their turn, and it is then shared; letters are not."""
    there = saying.others.get(place.channel)
    return there is None or (place.address != "" and there.said < saying.say)


def _keep_true(storm: Delivery, sayings: list[Saying], *, ports: Ports, now: datetime) -> None:
    """The card of a storm, and those of its members of which there is something new."""
    if not address_of(storm.channel):
        louder = [saying for saying in sayings if decide(saying) == "edit_and_reply"]
        keep_true(storm, louder, drawing=ports.subjects, writing=ports, now=now)
    elif not keep_informed(storm, sayings, drawing=ports.subjects, sending=ports, now=now):
        for saying in sayings:  # no letter is taken any more: each speaks for itself from now on
            tell_one(replace(saying, living=None), storm.recipient, ports, now, instead_of=storm.ts)
        return
    wait = [saying for saying in sayings if decide(saying) in PUT_OFF]
    defer_all(wait, storm.recipient, ports, now)
    for saying in sayings:
        _in_time(ports)
        if saying not in wait:
            tick_off(saying, storm.recipient, ports, now, living=Living(channel=storm.channel, ts=storm.ts))


def _end_waiting(recipient: str, waiting: Sequence[Delivery], ports: Ports, now: datetime) -> None:
    """Once they may be disturbed: one line for what came and went meanwhile, and nothing waits any more."""
    if not waiting or ports.subjects.alone_until(recipient) is not None:
        return
    message = ports.subjects.came_and_went(recipient, waiting)
    if message is not None:
        identity = message_id(recipient, "came_and_went", waiting[-1].id)  # the note that is taken away last
        row = replace(waiting[0], id=identity, kind="came_and_went", outcome="sending", started=now, why="")
        say_alone(row, message, ports, now)
    for row in waiting:
        ports.ledger.done_waiting(recipient, row.id)
