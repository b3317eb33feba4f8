"""Letters that came back, or whose reader complained: what they told is told elsewhere, and nobody goes on writing there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from workflows.kernel.delivery import address_of, is_letter
from workflows.kernel.dispatch import dispatch
from workflows.kernel.errors import Refused
from workflows.kernel.ports import Delivery, Event, Ledger
from workflows.kernel.posting import under_lease
from workflows.kernel.telling import Ports

RETURNED = "bk.returned"
Kind = Literal["bounced", "complained", "delayed", "rejected"]
"""Nobody reads that address; its reader wants no letters; it took none for now; the mail service would not send this one."""

KINDS: tuple[Kind, ...] = get_args(Kind)
SHUT_FOR: dict[Kind, timedelta | None] = {
    "bounced": timedelta(days=30),
    "complained": None,
    "delayed": timedelta(days=1),
    "rejected": timedelta(days=1),
}
"""For so long no letter goes there, and the admin is told instead; None is for good."""

LOOK_AGAIN_SECONDS = 60
_SECOND_LOOK = "second_look"


def take_back(nudge: Event, *, ports: Ports, now: datetime) -> bool:
    """Follows a `bk.returned` {v:1, letter: the mail service's name for it, kind, why}. False where it names no letter of ours.

    Order: the mailbox is shut, what was told there is taken back, the admin hears of it, the ledger says so. Then it is told
    anew. So dying anywhere repeats, and the same news a second time does nothing. Raises ValueError on another kind.
    """
    said, letter = nudge.detail.get("kind"), str(nudge.detail.get("letter"))
    kind = next((one for one in KINDS if one == said), None)
    if kind is None:
        raise ValueError(f"a letter came back as {said!r}; known are {', '.join(KINDS)}")
    row = ports.ledger.letter(letter)
    if row is None:
        return _look_once_more(nudge, ports)

    def work() -> list[Refused]:
        known = ports.ledger.letter(letter)
        if known is not None and is_letter(known) and known.ts == letter:  # else it was noted, or another one was sent since
            _note(known, kind, str(nudge.detail.get("why", "")), ports, now)
        return []

    if under_lease(row.recipient, nudge, work, ports, now) is not None:
        for subject, _ in _spoken_of(row, ports.ledger):
            dispatch(nudge, subject, ports=ports, now=now)
    return True


def _look_once_more(nudge: Event, ports: Ports) -> bool:
    """The news may be quicker than we are with writing down how the letter is called."""
    if nudge.detail.get(_SECOND_LOOK):
        return False
    ports.nudges.later(replace(nudge, detail={**nudge.detail, _SECOND_LOOK: True}), delay_seconds=LOOK_AGAIN_SECONDS)
    return True


def _note(row: Delivery, kind: Kind, why: str, ports: Ports, now: datetime) -> None:
    address, lasts = address_of(row.channel), SHUT_FOR[kind]
    ports.ledger.shut(address, kind, until=now + lasts if lasts is not None else None)
    for subject, break_id in _spoken_of(row, ports.ledger):
        ports.subjects.take_back(subject, row.recipient, channel=row.channel, break_id=break_id)
    if ports.bus is not None:
        fact = {"v": 1, "about": "mail_returned", "address": address, "kind": kind, "day": f"{now:%Y-%m-%d}"}
        ports.bus.publish([Event(kind="bk.notice", detail=fact)])
    failed = f"{kind}: {why}" if why else kind
    storm = _storm_of(row, ports.ledger)
    if storm is not None:  # or its members would pass for told by it
        ports.ledger.put(replace(storm, outcome="failed", why=failed))
    ports.ledger.put(replace(row, outcome="failed", why=failed))


def _spoken_of(row: Delivery, ledger: Ledger) -> Sequence[tuple[str, str]]:
    """(subject, break id) of all that this letter told of; of a later letter of a storm, all that the storm's letters tell of."""
    if row.subject:
        return [(row.subject, row.break_id)]
    told_by = _storm_of(row, ledger) or row
    return [(subject, break_id) for subject, _, break_id in (member.rpartition(" ") for member in told_by.members)]


def _storm_of(row: Delivery, ledger: Ledger) -> Delivery | None:
    """The storm that this later letter belongs to; None where it is none."""
    if row.kind != "storm_reply":
        return None
    there = (storm for storm in ledger.storms(row.recipient) if storm.channel == row.channel and storm.started <= row.started)
    return next(there, None)
