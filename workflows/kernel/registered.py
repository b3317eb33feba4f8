"""What became of an approved proposal, as whoever writes the rows reports it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from workflows.kernel.errors import Conflict
from workflows.kernel.ports import AuditEntry, Bus
from workflows.kernel.proposal import Proposal, Proposals, State
from workflows.kernel.propose import LOOK_AFTER, TRIES_MAX, drawn, outline, tell

ADDING_MAX = timedelta(minutes=5)
"""After so long without an answer the card says so, and offers to try again."""

WHY_MAX = 300
CLOSED_OR_UNASKED: frozenset[State] = frozenset({"approved", "discarded", "pending", "reading"})


def added(proposal_id: str, *, proposals: Proposals, bus: Bus, now: datetime, by: str = "drive-sync", note: str = "") -> bool:
    """Closes a proposal whose row is on the list, whatever was decided meanwhile: the row is there. False: it was closed before.

    `note` stands on the card, such as that the row was there already. Raises Conflict when others keep writing.
    """

    def close(proposal: Proposal) -> Proposal:
        decided_at = proposal.decided_at or now
        return replace(proposal, state="approved", decided_at=decided_at, why=note[:WHY_MAX], due=now + LOOK_AFTER)

    return _record(proposal_id, "added", close, proposals, bus, now, by, unless=frozenset({"approved"}))


def hindered(proposal_id: str, why: str, *, proposals: Proposals, bus: Bus, now: datetime, by: str = "drive-sync") -> bool:
    """Records what stands in the way of an approved row, for its card. False: nothing new, or it is no longer wanted."""

    def note(proposal: Proposal) -> Proposal:
        return proposal if proposal.why == why[:WHY_MAX] else replace(proposal, why=why[:WHY_MAX], due=now + LOOK_AFTER)

    return _record(proposal_id, "hindered", note, proposals, bus, now, by, unless=CLOSED_OR_UNASKED)


def _record(
    proposal_id: str,
    action: str,
    change: Callable[[Proposal], Proposal],
    proposals: Proposals,
    bus: Bus,
    now: datetime,
    by: str,
    *,
    unless: frozenset[State],
) -> bool:
    for _ in range(TRIES_MAX):
        before = proposals.get(proposal_id)
        if before is None or before.state in unless:
            return False
        after = change(before)
        if after == before:
            return False
        entry = AuditEntry(
            subject=after.key, at=now, action=action, by=by, before=outline(before), after=outline(after), why=after.why
        )
        try:
            proposals.save(after, entry)
        except Conflict:
            continue
        tell([drawn(proposal_id)], bus)
        return True
    raise Conflict(f"others keep writing {proposal_id}")
