"""What one turn of telling has to do: who is told alone, who together, and what must wait.

A message that was begun is looked for before anything else is decided: it may stand in the conversation though nobody ever
heard so, and what is over by now must not stand there for good.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from workflows.kernel.delivery import Living, Saying, address_of, decide, message_id
from workflows.kernel.ports import Delivery
from workflows.kernel.posting import Writing, arrived
from workflows.kernel.storm import brewing, member_of

BEGUN_WITHIN = timedelta(days=14)
PUT_OFF, WAITING = frozenset({"defer", "edit_and_defer"}), "waiting"
_NEVER_ARRIVED = "it never arrived"


@dataclass(slots=True)
class Turn:
    """What is to be done with what a recipient is not yet told.

    Attributes:
        known: stands in a message already, and only has to be ticked off.
        waits: to be noted for later; noted: was, and all that makes no sound is done.
        alone: each has a message of its own. together: each group has one card. of_storms: what is new of a card's members.
    """

    known: list[Saying] = field(default_factory=list)
    waits: list[Saying] = field(default_factory=list)
    noted: list[Saying] = field(default_factory=list)
    alone: list[Saying] = field(default_factory=list)
    together: list[list[Saying]] = field(default_factory=list)
    of_storms: list[tuple[Delivery, list[Saying]]] = field(default_factory=list)


def living_id(saying: Saying, recipient: str, kind: str = "living", instead_of: str = "") -> str:
    """The id of the first message about this break, or of the one that replaces a message with this ts."""
    return message_id(saying.subject, saying.break_id, recipient, kind, instead_of)


def sort_out(sayings: Sequence[Saying], waiting: Sequence[Delivery], recipient: str, writing: Writing, now: datetime) -> Turn:
    """Sorts what this recipient is not yet told. `waiting`: the notes of what was put off.

    Raises Later while something that was begun may still arrive.
    """
    notes = {row.id: row for row in waiting}
    turn, fresh = Turn(), list[Saying]()
    storms = writing.ledger.storms(recipient)
    lost = {row.ts for row in storms if row.outcome == "failed"}
    cards = {row.ts: row for row in storms if row.ts and row.outcome != "failed"}
    naming = {member: row for row in reversed(storms) if row.outcome != "failed" for member in row.members}
    groups: dict[str, list[Saying]] = {}
    for saying in _looked_for(sayings, recipient, lost, writing, now):
        named_by = naming.get(member_of(saying)) if saying.living is None else None
        if named_by is not None and _stands(named_by, saying, naming, writing, now):
            groups.setdefault(named_by.id, []).append(saying)
        elif _is_noted(saying, notes.get(living_id(saying, recipient, WAITING))):
            turn.noted.append(saying)
        elif saying.living is not None and saying.living.ts in cards:
            groups.setdefault(saying.living.ts, []).append(saying)
        elif _card_of_another(saying, writing):
            continue  # whoever has it writes it anew, and that is then ticked off here
        elif decide(saying) == "post" and not saying.apart:
            fresh.append(saying)
        else:
            {"nothing": turn.known, "defer": turn.waits}.get(decide(saying), turn.alone).append(saying)
    turn.of_storms = [(cards[key], group) for key, group in groups.items() if key in cards]
    turn.together = [group for key, group in groups.items() if key not in cards]
    if brewing([living_id(saying, recipient) for saying in fresh], recipient, writing.ledger, now):
        turn.together.append(fresh)
    else:
        turn.alone += fresh
    return turn


def _is_noted(saying: Saying, note: Delivery | None) -> bool:
    """Whether all of it was put off already, until the very moment until which it has to be."""
    return note is not None and decide(saying) in PUT_OFF and note.say >= saying.say and note.tried_at == saying.alone_until


def _card_of_another(saying: Saying, writing: Writing) -> bool:
    """Whether two hold one message, it is a storm's card, and the storm is the other's, who is not yet told by it."""
    there = saying.others.get(saying.living.channel) if saying.living is not None else None
    if there is None or saying.living is None or there.ts != saying.living.ts or decide(saying) == "tick_off":
        return False
    return any(row.ts == there.ts for row in writing.ledger.storms(there.recipient))


def _looked_for(sayings: Sequence[Saying], recipient: str, lost: set[str], writing: Writing, now: datetime) -> Sequence[Saying]:
    """As they are told; one whose card is gone holds no message any more, one whose message was found holds that."""
    told = [replace(one, living=None) if one.living is not None and one.living.ts in lost else one for one in sayings]
    if all(saying.living is not None for saying in told):
        return told
    begun = writing.ledger.opened(recipient, now - BEGUN_WITHIN)
    return [
        found_if_begun(one, living_id(one, recipient), recipient, writing, now) if _unheld(one, recipient, begun) else one
        for one in told
    ]


def _unheld(saying: Saying, recipient: str, begun: frozenset[str]) -> bool:
    return saying.living is None and (saying.apart or living_id(saying, recipient) in begun)


def found_if_begun(saying: Saying, delivery_id: str, recipient: str, writing: Writing, now: datetime) -> Saying:
    """With the message of this id as the living one, where its sending was begun and it arrived."""
    row = writing.ledger.get(recipient, delivery_id)
    if row is None or row.outcome not in {"sending", "delivered"} or address_of(row.channel):
        return saying
    there = arrived(row, writing, now)
    if there is None:
        writing.ledger.put(replace(row, outcome="failed", why=_NEVER_ARRIVED))
        return saying
    return replace(saying, living=Living(channel=there.channel, ts=there.ts), said=max(saying.said, there.say))


def _stands(card: Delivery, saying: Saying, naming: dict[str, Delivery], writing: Writing, now: datetime) -> bool:
    """Whether this card is to speak of it: it is to be written now, or was begun and stands in the conversation."""
    if decide(saying) == "post":
        return True
    if address_of(card.channel):  # nobody can be asked about a letter
        return False
    if card.ts:
        return True
    there = arrived(card, writing, now)
    if there is None:
        writing.ledger.put(replace(card, outcome="failed", why=_NEVER_ARRIVED))
    for member in card.members:
        if there is None:
            naming.pop(member, None)
        else:
            naming[member] = there
    return there is not None
