"""What people decide about proposals: approve, discard, edit, try again, say which row is meant, or ask for a row themselves.

Every change of a row is a stored proposal before anything is done, so that nothing asked for is ever lost: state and audit
are one conditional write, and the events after it only make haste.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol

from workflows.kernel.errors import Conflict
from workflows.kernel.ports import AuditEntry, Bus, Directory, Event, Json
from workflows.kernel.proposal import Proposal, Proposals
from workflows.kernel.propose import LEARNED_MAX, LOOK_AFTER, TRIES_MAX, Draft, bounded, drawn, outline, tell
from workflows.kernel.quantities import age_text
from workflows.kernel.registered import ADDING_MAX, added, hindered
from workflows.kernel.reply import Reply, person
from workflows.kernel.rights import Authority, Owners, refusal

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who pressed or sent something: a Slack user id, and the workspace it came from."""

    user_id: str
    team_id: str


class Rows(Protocol):
    """What the product knows of the rows that proposals are about."""

    def errors(self, proposal: Proposal) -> Mapping[str, str]:
        """What is wrong with the row that approving would make: column -> the mistake and what would be right; {} if nothing."""
        ...

    def key(self, cells: Mapping[str, str]) -> str:
        """The key that a row with these cells has; "" where they give none."""
        ...

    def this_one(self, proposal: Proposal, key: str) -> Draft | None:
        """The change of the row `key` that makes it the one this proposal is about; None where there is no such row now."""
        ...


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
            return _decided(proposal, now)
        if proposal.candidates:
            return Reply(kind="invalid", text="Say first which row it is, or that it is a new one.")
        after = _approving(proposal, asker, now)
        return _sound(after, rows) or after

    return _carry_out("approve", proposal_id, asker, decide, _Ports(proposals, bus, directory, authority, now))


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
        if proposal.state in {"pending", "reading"} or _stuck(proposal, now):
            return replace(proposal, state="discarded", decided_by=asker.user_id, decided_at=now, why="", due=now + LOOK_AFTER)
        return _decided(proposal, now)

    return _carry_out("discard", proposal_id, asker, decide, _Ports(proposals, bus, directory, authority, now))


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
        if not _stuck(proposal, now):
            return _decided(proposal, now)
        return replace(proposal, asked_at=now, why="", due=now + LOOK_AFTER)

    return _carry_out("retry", proposal_id, asker, decide, _Ports(proposals, bus, directory, authority, now))


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
    ports = _Ports(proposals, bus, directory, authority, now)

    def decide(proposal: Proposal) -> Proposal | Reply:
        may_approve = _may_approve(asker, ports) == ""
        if proposal.state != "pending" and not (may_approve and _stuck(proposal, now)):
            return _decided(proposal, now)
        if proposal.candidates:
            return Reply(kind="invalid", text="Say first which row it is, or that it is a new one.")
        edited = _edited(proposal, asker, cells, expected_old or {}, rows)
        mistake = _sound(edited, rows)
        if mistake is not None:
            return mistake
        if may_approve:
            return _approving(edited, asker, now)
        if edited == proposal:
            return Reply(kind="already", text="Nothing was changed. An approver can add it as it is.")
        return replace(edited, due=now + LOOK_AFTER)

    return _carry_out("edit", proposal_id, asker, decide, ports, anyone=True)


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
            return _decided(proposal, now)
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
        return _sound(meant, rows) or _approving(meant, asker, now)

    return _carry_out("answer", proposal_id, asker, decide, _Ports(proposals, bus, directory, authority, now))


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
    ports = _Ports(proposals, bus, directory, authority, now)
    known = proposals.get(proposal_id)
    if known is not None:
        return _decided(known, now)
    why = _may_ask(asker, ports)
    if why:
        return _refused(why, "ask", key or rows.key(cells) or proposal_id, asker, ports)

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
    mistake = _sound(asked, rows)
    if mistake is not None:
        return mistake
    if not _may_approve(asker, ports):
        asked = _approving(asked, asker, now)
    try:
        proposals.save(asked, _audit("ask", asker, None, asked, now))
    except Conflict:  # the very same was sent a moment ago
        return Reply(kind="already", text="That is asked for already.")
    tell(_nudges(asked, asker), bus)
    return _done(asked)


# --- how each of them is carried out ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ports:
    proposals: Proposals
    bus: Bus
    directory: Directory
    authority: Authority
    now: datetime


def _carry_out(
    action: str,
    proposal_id: str,
    asker: Asker,
    decide: Callable[[Proposal], Proposal | Reply],
    ports: _Ports,
    *,
    anyone: bool = False,
) -> Reply:
    """Gather, decide, apply: state and audit first, events last."""
    for _ in range(TRIES_MAX):
        before = ports.proposals.get(proposal_id)
        if before is None:
            return Reply(kind="gone", text="This proposal is no longer remembered.")
        why = _may_ask(asker, ports) if anyone else _may_approve(asker, ports)
        if why:
            return _refused(why, action, before.key, asker, ports)

        after = decide(before)
        if isinstance(after, Reply):
            return after

        try:
            ports.proposals.save(after, _audit(action, asker, before, after, ports.now))
        except Conflict:
            continue
        tell(_nudges(after, asker), ports.bus)
        return _done(after)
    return Reply(kind="try_again", text="Someone else is changing this proposal right now. Nothing was changed; try again.")


def _may_approve(asker: Asker, ports: _Ports) -> str:
    nobody = Owners(emails=())
    return refusal(asker.user_id, asker.team_id, owners=nobody, authority=ports.authority, directory=ports.directory)


def _may_ask(asker: Asker, ports: _Ports) -> str:
    """Everybody may ask for a row who is of this workspace and no guest: what is asked for belongs to whoever asks."""
    theirs = Owners(emails=(), user_ids=frozenset({asker.user_id}))
    return refusal(asker.user_id, asker.team_id, owners=theirs, authority=ports.authority, directory=ports.directory)


def _refused(why: str, action: str, subject: str, asker: Asker, ports: _Ports) -> Reply:
    ports.proposals.record(
        AuditEntry(subject=subject, at=ports.now, action="refused", by=asker.user_id, after={"asked": action}, why=why)
    )
    return Reply(kind="refused", text=why)


def _sound(proposal: Proposal, rows: Rows) -> Reply | None:
    errors = dict(rows.errors(proposal))
    if not errors:
        return None
    text = "; ".join(f"{column}: {error}" for column, error in errors.items())
    return Reply(kind="invalid", text=f"It cannot be added as it is. {text}", errors=errors)


def _approving(proposal: Proposal, asker: Asker, now: datetime) -> Proposal:
    return replace(
        proposal,
        state="approving",
        asked_at=now,
        decided_by=asker.user_id,
        decided_at=now,
        why="",
        due=now + LOOK_AFTER,
    )


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


def _stuck(proposal: Proposal, now: datetime) -> bool:
    """Approved, but not done: something stands in the way, or nobody has answered for minutes."""
    return proposal.state == "approving" and (
        bool(proposal.why) or proposal.asked_at is None or now - proposal.asked_at >= ADDING_MAX
    )


def _decided(proposal: Proposal, now: datetime) -> Reply:
    """Why there is nothing left to decide, in words for whoever came second."""
    who = person(proposal.decided_by) if proposal.decided_by else "Someone"
    match proposal.state:
        case "approving":
            return Reply(kind="already", text=f"{who} approved it {_ago(proposal.decided_at, now)}; it is being added.")
        case "approved":
            return Reply(kind="already", text=f"{who} approved it {_ago(proposal.decided_at, now)}; it is on the list.")
        case "discarded":
            return Reply(kind="already", text=f"{who} discarded it {_ago(proposal.decided_at, now)}.")
        case "reading":
            return Reply(kind="already", text="Its report is still being read; look again in a minute.")
        case "pending":
            return Reply(kind="already", text="It is waiting for an approver.")


def _ago(moment: datetime | None, now: datetime) -> str:
    age = now - moment if moment is not None else timedelta(0)
    if age < timedelta(minutes=1):
        return "just now"
    return "a minute ago" if age < timedelta(minutes=2) else f"{age_text(age)} ago"


def _audit(action: str, asker: Asker, before: Proposal | None, after: Proposal, now: datetime) -> AuditEntry:
    return AuditEntry(
        subject=after.key,
        at=now,
        action=f"{action}_proposal",
        by=asker.user_id,
        before=outline(before) if before is not None else {},
        after=outline(after),
        why=after.learned,
    )


def _nudges(after: Proposal, asker: Asker) -> list[Event]:
    """What was approved is asked for first; its card comes second."""
    card = drawn(after.proposal_id)
    if after.state != "approving":
        return [card]
    row = {"key": after.key, "cells": dict(after.cells), "expected_old": dict(after.expected_old)}
    detail = {"v": 1, "op": after.op, "rows": [row], "proposal_id": after.proposal_id, "by": asker.user_id}
    return [Event(kind="bk.register", detail=detail), card]


def _done(after: Proposal) -> Reply:
    if after.state == "pending" and not after.candidates and after.edited:
        return Reply(kind="done", text="An approver must say yes first; it is on a card for them.")
    return Reply(kind="done")
