"""Something that runs without being on the list proposes itself, again and again, until a person decides.

One item for each thing. What it shows is drawn up anew from all that was seen, but for the cells that somebody edited.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from workflows.kernel.errors import Conflict, OutsideError
from workflows.kernel.ports import AuditEntry, Bus, Event, Json
from workflows.kernel.proposal import SEEN_MAX, Proposal, Proposals

TRIES_MAX = 12
"""As many as a night's first mails of one job that come at once: in each round one of them gets its turn."""
CELL_MAX = 2000
CELLS_MAX = 20
LEARNED_MAX = 300

LOOK_AFTER = timedelta(minutes=2)
"""A nudge that was lost is made good after so long."""

CLOSE = timedelta(minutes=1)
"""Two sightings this close, of one outcome, teach no more than one: whoever reports every second costs no more than that."""

Outcome = Literal["new", "again", "unchanged", "approving", "approved", "discarded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a proposal would say: the row's key and cells, one line of what was learned; for a change, what the cells hold now."""

    key: str
    cells: Mapping[str, str]
    learned: str = ""
    expected_old: Mapping[str, str] = field(default_factory=dict)


DrawUp = Callable[[Sequence[Json], str], Draft]
"""From all sightings, the oldest first, and the key that the proposal has already ("" at first)."""


def propose(
    proposal_id: str,
    sighting: Json,
    *,
    lane: str,
    draw_up: DrawUp,
    candidates: Sequence[str] = (),
    proposals: Proposals,
    bus: Bus,
    now: datetime,
) -> Outcome:
    """Adds a sighting, once for each `sighting["id"]`, and has the card drawn.

    Answers what became of it; "approved" and "discarded" are left as they are: whoever asks may then look at the list again.
    Raises Conflict when others keep writing, and OutsideError: then proposing the same again is right.
    """
    for _ in range(TRIES_MAX):
        before = proposals.get(proposal_id)
        if before is None:
            after = _begun(proposal_id, sighting, lane, draw_up, candidates, now)
        elif before.state in {"approved", "discarded"}:
            return "approved" if before.state == "approved" else "discarded"
        else:
            after = _refreshed(before, sighting, draw_up, now)
        outcome = _outcome(before, after)
        if after == before:
            return outcome
        try:
            proposals.save(after, _audit(before, after, now))
        except Conflict:
            continue
        tell([drawn(proposal_id)], bus)
        return outcome
    raise Conflict(f"others keep writing {proposal_id}")


def drawn(proposal_id: str) -> Event:
    """Has the card drawn."""
    return Event(kind="bk.proposal", detail={"v": 1, "proposal_id": proposal_id})


def tell(events: Sequence[Event], bus: Bus) -> None:
    """Publishes what is stored already: if that fails, `due` and the other side's own schedule make good for it."""
    try:
        bus.publish(events)
    except OutsideError:
        return


def bounded(cells: Mapping[str, str]) -> dict[str, str]:
    """Cells that one item can hold, whoever filled them in."""
    return {column: text.strip()[:CELL_MAX] for column, text in list(cells.items())[:CELLS_MAX]}


def outline(proposal: Proposal) -> Json:
    """What an audit entry keeps of a proposal."""
    outline: Json = {
        "proposal": proposal.proposal_id,
        "state": proposal.state,
        "op": proposal.op,
        "key": proposal.key,
        "cells": dict(proposal.cells),
    }
    if proposal.expected_old:
        outline["expected_old"] = dict(proposal.expected_old)
    if proposal.decided_by:
        outline["decided_by"] = proposal.decided_by
    return outline


def _begun(proposal_id: str, sighting: Json, lane: str, draw_up: DrawUp, candidates: Sequence[str], now: datetime) -> Proposal:
    draft = draw_up((sighting,), "")
    return Proposal(
        proposal_id=proposal_id,
        lane=lane,
        key=draft.key,
        cells=bounded(draft.cells),
        created=now,
        seen=(sighting,),
        learned=draft.learned[:LEARNED_MAX],
        candidates=tuple(candidates),
        by=lane,
        due=now + LOOK_AFTER,
    )


def _refreshed(before: Proposal, sighting: Json, draw_up: DrawUp, now: datetime) -> Proposal:
    if _teaches_nothing(sighting, before.seen):
        return before
    seen = tuple(sorted((*before.seen, sighting), key=_when)[-SEEN_MAX:])
    if sighting not in seen:
        return before
    after = replace(before, seen=seen)
    if before.state == "approving" or before.op != "add":
        return after  # it is decided; what is seen meanwhile is kept for whoever reads it again
    draft = draw_up(seen, before.key)
    by_hand = {column: before.cells.get(column, "") for column in before.edited}
    cells = {column: text for column, text in (bounded(draft.cells) | by_hand).items() if text}
    return replace(after, cells=cells, learned=draft.learned[:LEARNED_MAX], due=now + LOOK_AFTER)


def _teaches_nothing(sighting: Json, seen: Sequence[Json]) -> bool:
    when = datetime.fromisoformat(_when(sighting))
    return any(
        one["id"] == sighting["id"]
        or (one.get("outcome") == sighting.get("outcome") and abs(datetime.fromisoformat(_when(one)) - when) < CLOSE)
        for one in seen
    )


def _when(sighting: Json) -> str:
    """When what was seen ended, else when it was seen: ISO, UTC, so that text order is time order."""
    return str(sighting.get("finished") or sighting["at"])


def _outcome(before: Proposal | None, after: Proposal) -> Outcome:
    if before is None:
        return "new"
    if before.state == "approving":
        return "approving"
    return "unchanged" if after == before else "again"


def _audit(before: Proposal | None, after: Proposal, now: datetime) -> AuditEntry | None:
    """An entry where a person would ask; none for one more sighting that changes no cell."""
    if before is not None and before.cells == after.cells:
        return None
    return AuditEntry(
        subject=after.key,
        at=now,
        action="proposed" if before is None else "relearned",
        by=after.lane,
        before=outline(before) if before is not None else {},
        after=outline(after),
        why=after.learned,
    )
