"""What people decide about proposals: approve, discard, edit, try again, say which row is meant, or ask for a row themselves.

Every change of a row is a stored proposal before anything is done, so that nothing asked for is ever lost: state and audit
are one conditional write, and the events after it only make haste.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from workflows.kernel.deciding import (
    Asker,
    Ports,
    Rows,
    approving,
    carry_out,
    decided,
    done,
    entry_of,
    may_approve,
    may_ask,
    mistakes,
    nudges,
    refused,
    stuck,
)
from workflows.kernel.errors import Conflict
from workflows.kernel.ports import Bus, Directory, Json
from workflows.kernel.proposal import Proposal, Proposals
from workflows.kernel.propose import LEARNED_MAX, LOOK_AFTER, bounded, tell
from workflows.kernel.registered import ADDING_MAX, added, hindered
from workflows.kernel.reply import Reply
from workflows.kernel.rights import Authority

__all__ = [
    "ADDING_MAX",
    "Asker",
    "Rows",
    "added",
    "answer",
    "approve",
    "ask",
    "discard",
    "edit",
    "hindered",
    "retry",
]

SEEN_WITH_IT_MAX = 5


def approve(
    proposal_id: str,
    asker: Asker,
    *,
    proposals: Proposals,
    rows: Rows,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply:
    """Has the row added (or changed) as the proposal says."""

    def decide(proposal: Proposal) -> Proposal | Reply:
        if proposal.state != "pending":
            return decided(proposal, now)
        if proposal.candidates:
            return Reply(kind="invalid", text="Say first which row it is, or that it is a new one.")
        after = approving(proposal, asker, now)
        return mistakes(after, rows) or after

    return carry_out("approve", proposal_id, asker, decide, Ports(proposals, bus, directory, authority, now))


def discard(
    proposal_id: str,
    asker: Asker,
    *,
    proposals: Proposals,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply:
    """Closes it; it is not proposed again while it is remembered."""

    def decide(proposal: Proposal) -> Proposal | Reply:
        if proposal.state in {"pending", "reading"} or stuck(proposal, now):
            return replace(proposal, state="discarded", decided_by=asker.user_id, decided_at=now, why="", due=now + LOOK_AFTER)
        return decided(proposal, now)

    return carry_out("discard", proposal_id, asker, decide, Ports(proposals, bus, directory, authority, now))


def retry(
    proposal_id: str,
    asker: Asker,
    *,
    proposals: Proposals,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply:
    """Try again: asks anew for what was approved and is not done."""

    def decide(proposal: Proposal) -> Proposal | Reply:
        if not stuck(proposal, now):
            return decided(proposal, now)
        return replace(proposal, asked_at=now, why="", due=now + LOOK_AFTER)

    return carry_out("retry", proposal_id, asker, decide, Ports(proposals, bus, directory, authority, now))


def edit(
    proposal_id: str,
    asker: Asker,
    cells: Mapping[str, str],
    *,
    expected_old: Mapping[str, str] | None = None,
    proposals: Proposals,
    rows: Rows,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply:
    """The edited cells: of an approver they are approved, of anyone else they wait for one.

    Args:
        cells: column -> text of what the form showed; a blank one empties its cell.
        expected_old: where the proposal changes a row: what these columns held in it when the form was opened.
    """
    ports = Ports(proposals, bus, directory, authority, now)

    def decide(proposal: Proposal) -> Proposal | Reply:
        approves = not may_approve(asker, ports)
        if proposal.state != "pending" and not (approves and stuck(proposal, now)):
            return decided(proposal, now)
        if proposal.candidates:
            return Reply(kind="invalid", text="Say first which row it is, or that it is a new one.")
        edited = _edited(proposal, asker, cells, expected_old or {}, rows)
        mistake = mistakes(edited, rows)
        if mistake is not None:
            return mistake
        if approves:
            return approving(edited, asker, now)
        if edited == proposal:
            return Reply(kind="already", text="Nothing was changed. An approver can add it as it is.")
        return replace(edited, due=now + LOOK_AFTER)

    return carry_out("edit", proposal_id, asker, decide, ports, anyone=True)


def answer(
    proposal_id: str,
    asker: Asker,
    key: str,
    *,
    proposals: Proposals,
    rows: Rows,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply:
    """For a doubtful match: it is the row `key` (which is then changed, so that it is known next time); "" for a new row."""

    def decide(proposal: Proposal) -> Proposal | Reply:
        if proposal.state != "pending":
            return decided(proposal, now)
        if not proposal.candidates:
            return Reply(kind="already", text="That was answered already.")
        if not key:
            return replace(proposal, candidates=(), due=now + LOOK_AFTER)
        change = rows.this_one(proposal, key) if key in proposal.candidates else None
        if change is None:
            return Reply(kind="gone", text="That row is no longer on the list. Choose another, or a new one.")
        meant = replace(
            proposal,
            op="change",
            key=key,
            cells=bounded(change.cells),
            expected_old=bounded(change.expected_old),
            edited={},
            candidates=(),
        )
        return mistakes(meant, rows) or approving(meant, asker, now)

    return carry_out("answer", proposal_id, asker, decide, Ports(proposals, bus, directory, authority, now))


def ask(
    proposal_id: str,
    asker: Asker,
    cells: Mapping[str, str],
    *,
    op: Literal["add", "change"] = "add",
    key: str = "",
    expected_old: Mapping[str, str] | None = None,
    learned: str = "",
    seen: Sequence[Json] = (),
    proposals: Proposals,
    rows: Rows,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply:
    """A row, or a change of the row `key`, asked for in Slack: of an approver it is approved, of anyone else it waits for one.

    Args:
        proposal_id: made of the form or the message it was sent with: sent twice, it is asked once.
        expected_old: for a change: what these columns held when the form was opened.
        seen: sightings that came with it, such as the report it was made of.
    """
    ports = Ports(proposals, bus, directory, authority, now)
    known = proposals.get(proposal_id)
    if known is not None:
        return decided(known, now)
    why = may_ask(asker, ports)
    if why:
        return refused(why, "ask", key or rows.key(cells) or proposal_id, asker, ports)

    given = bounded(cells)
    row = given if op == "change" else {column: text for column, text in given.items() if text}
    asked = Proposal(
        proposal_id=proposal_id,
        lane="slack",
        op=op,
        key=key if op == "change" else rows.key(row),
        cells=row,
        expected_old=bounded(expected_old or {}),
        edited=dict.fromkeys(row, asker.user_id),
        seen=tuple(seen)[:SEEN_WITH_IT_MAX],
        learned=learned[:LEARNED_MAX],
        by=asker.user_id,
        created=now,
        due=now + LOOK_AFTER,
    )
    mistake = mistakes(asked, rows)
    if mistake is not None:
        return mistake
    if not may_approve(asker, ports):
        asked = approving(asked, asker, now)
    try:
        proposals.save(asked, entry_of("ask", asker, None, asked, now))
    except Conflict:  # the very same was sent a moment ago
        return Reply(kind="already", text="That is asked for already.")
    tell(nudges(asked, asker), bus)
    return done(asked)


def _edited(proposal: Proposal, asker: Asker, cells: Mapping[str, str], expected_old: Mapping[str, str], rows: Rows) -> Proposal:
    """The proposal with these cells; the same one where they say nothing new."""
    changed = {column: text for column, text in bounded(cells).items() if text != proposal.cells.get(column, "")}
    if not changed:
        return proposal
    by_hand = {**proposal.edited, **dict.fromkeys(changed, asker.user_id)}
    merged = {**proposal.cells, **changed}
    if proposal.op == "change":
        old = {column: text for column, text in bounded(expected_old).items() if column in changed}
        return replace(proposal, cells=merged, edited=by_hand, expected_old={**old, **proposal.expected_old})
    row = {column: text for column, text in merged.items() if text}
    return replace(proposal, cells=row, edited=by_hand, key=rows.key(row) or proposal.key)
