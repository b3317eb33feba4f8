"""Two recipients who are told in one place, as where the admin stands in for a person: it is not written there twice.

All of it is asked under the lease of the place: what another wrote there meanwhile, or began to write and never heard of, is
then known. Of letters nobody can be asked whether they arrived.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from workflows.kernel.delivery import Saying, There
from workflows.kernel.places import Place
from workflows.kernel.ports import Delivery
from workflows.kernel.posting import arrived
from workflows.kernel.storm import member_of
from workflows.kernel.telling import Ports
from workflows.kernel.turn import living_id

BEGUN_WITHIN = timedelta(hours=1)
"""A card that another began longer ago, and never finished, keeps nobody from being told."""


def known_there(
    sayings: Sequence[Saying], recipient: str, place: Place, ports: Ports, now: datetime, *, gone: str = ""
) -> list[Saying]:
    """The same, with what others hold in this place by now, and the cards that they have begun there.

    `gone`: the ts of a message there that somebody deleted. Raises Later while a card may still arrive.
    """
    fresh = {(one.subject, one.break_id): one for one in ports.subjects.sayings([one.subject for one in sayings], recipient)}
    known = [_with_others_of(fresh.get((one.subject, one.break_id), one), one) for one in sayings]
    if place.address:
        return known
    cards = _cards_of_others(known, place, ports, now)
    return [_with_card(saying, cards, place, now, gone) for saying in known]


def known_there_alone(saying: Saying, recipient: str, place: Place, ports: Ports, now: datetime, *, gone: str = "") -> Saying:
    """As `known_there`, and with a message about this alone that another began there."""
    [known] = known_there([saying], recipient, place, ports, now, gone=gone)
    if place.address or _stands(known, place, gone) is not None:
        return known
    held = {there.recipient: there.ts for there in known.others.values()}
    for other in known.beside:
        row = ports.ledger.get(other, living_id(known, other, instead_of=held.get(other, "")))
        if row is None or row.outcome == "failed" or row.channel != place.channel:
            continue
        found = arrived(row, ports, now)
        if found is not None:
            return _with(known, There(other, found.ts, found.say), place)
    return known


def _cards_of_others(sayings: Sequence[Saying], place: Place, ports: Ports, now: datetime) -> list[Delivery]:
    """The storms' cards that stand in this place, of all who are told of these subjects besides, or were."""
    others = {who for saying in sayings for who in (*saying.beside, *(there.recipient for there in saying.others.values()))}
    members = {member_of(saying) for saying in sayings}
    cards = []
    for row in [row for who in sorted(others) for row in ports.ledger.storms(who)]:
        if row.channel != place.channel or row.outcome == "failed":
            continue
        if row.ts:
            cards.append(row)
        elif _is_recent(row, now) and not members.isdisjoint(row.members):
            found = arrived(row, ports, now)
            cards += [found] if found is not None else []
    return cards


def _with_card(saying: Saying, cards: Sequence[Delivery], place: Place, now: datetime, gone: str) -> Saying:
    there = _stands(saying, place, gone)
    if there is not None:
        return _with(saying, there._replace(card=any(card.ts == there.ts for card in cards)), place)
    holders = {there.recipient for there in saying.others.values()}
    for card in cards:
        if card.recipient not in holders and member_of(saying) in card.members and _is_recent(card, now):
            return _with(saying, There(card.recipient, card.ts, 0, card=True), place)
    return saying


def _stands(saying: Saying, place: Place, gone: str) -> There | None:
    there = saying.others.get(place.channel)
    return there if there is not None and there.ts != gone else None


def _with_others_of(fresh: Saying, saying: Saying) -> Saying:
    return replace(saying, beside=fresh.beside, others=fresh.others)


def _with(saying: Saying, there: There, place: Place) -> Saying:
    return replace(saying, others={**saying.others, place.channel: there})


def _is_recent(card: Delivery, now: datetime) -> bool:
    return now - (card.tried_at or card.started) < BEGUN_WITHIN
