"""How a decision about a proposal is carried out: who may, what is written with its audit entry, and what follows from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from workflows.kernel.errors import Conflict
from workflows.kernel.ports import AuditEntry, Bus, Directory, Event
from workflows.kernel.proposal import Proposal, Proposals
from workflows.kernel.propose import LOOK_AFTER, TRIES_MAX, Draft, drawn, outline, tell
from workflows.kernel.quantities import age_text
from workflows.kernel.registered import ADDING_MAX
from workflows.kernel.reply import Reply, person
from workflows.kernel.rights import Authority, Owners, refusal


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


@dataclass(frozen=True, slots=True)
class Ports:
    """What deciding needs."""

    proposals: Proposals
    bus: Bus
    directory: Directory
    authority: Authority
    now: datetime


def carry_out(
    action: str,
    proposal_id: str,
    asker: Asker,
    decide: Callable[[Proposal], Proposal | Reply],
    ports: Ports,
    *,
    anyone: bool = False,
) -> Reply:
    """Gather, decide, apply: state and audit first, events last."""
    for _ in range(TRIES_MAX):
        before = ports.proposals.get(proposal_id)
        if before is None:
            return Reply(kind="gone", text="This proposal is no longer remembered.")
        why = may_ask(asker, ports) if anyone else may_approve(asker, ports)
        if why:
            return refused(why, action, before.key, asker, ports)

        after = decide(before)
        if isinstance(after, Reply):
            return after

        try:
            ports.proposals.save(after, entry_of(action, asker, before, after, ports.now))
        except Conflict:
            continue
        tell(nudges(after, asker), ports.bus)
        return done(after) if anyone else Reply(kind="done")
    return Reply(kind="try_again", text="Someone else is changing this proposal right now. Nothing was changed; try again.")


def may_approve(asker: Asker, ports: Ports) -> str:
    """Why not, and who could; "" when they may. A proposal has no owner: the admin and approvers decide."""
    nobody = Owners(emails=())
    return refusal(asker.user_id, asker.team_id, owners=nobody, authority=ports.authority, directory=ports.directory)


def may_ask(asker: Asker, ports: Ports) -> str:
    """The same, for asking: whoever is of this workspace and no guest may, for what is asked for is theirs."""
    theirs = Owners(emails=(), user_ids=frozenset({asker.user_id}))
    return refusal(asker.user_id, asker.team_id, owners=theirs, authority=ports.authority, directory=ports.directory)


def refused(why: str, action: str, subject: str, asker: Asker, ports: Ports) -> Reply:
    """Said privately, and recorded."""
    ports.proposals.record(
        AuditEntry(subject=subject, at=ports.now, action="refused", by=asker.user_id, after={"asked": action}, why=why)
    )
    return Reply(kind="refused", text=why)


def mistakes(proposal: Proposal, rows: Rows) -> Reply | None:
    """What is wrong with its row; None if nothing is."""
    errors = dict(rows.errors(proposal))
    if not errors:
        return None
    text = "; ".join(f"{column}: {error}" for column, error in errors.items())
    return Reply(kind="invalid", text=f"It cannot be added as it is. {text}", errors=errors)


def approving(proposal: Proposal, asker: Asker, now: datetime) -> Proposal:
    return replace(
        proposal,
        state="approving",
        asked_at=now,
        decided_by=asker.user_id,
        decided_at=now,
        why="",
        due=now + LOOK_AFTER,
    )


def stuck(proposal: Proposal, now: datetime) -> bool:
    """Approved, but not done: something stands in the way, or nobody has answered for minutes."""
    return proposal.state == "approving" and (
        bool(proposal.why) or proposal.asked_at is None or now - proposal.asked_at >= ADDING_MAX
    )


def decided(proposal: Proposal, now: datetime) -> Reply:
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


def entry_of(action: str, asker: Asker, before: Proposal | None, after: Proposal, now: datetime) -> AuditEntry:
    return AuditEntry(
        subject=after.key,
        at=now,
        action=f"{action}_proposal",
        by=asker.user_id,
        before=outline(before) if before is not None else {},
        after=outline(after),
        why=after.learned,
    )


def nudges(after: Proposal, asker: Asker) -> list[Event]:
    """What was approved is asked for first; its card comes second."""
    card = drawn(after.proposal_id)
    if after.state != "approving":
        return [card]
    row = {"key": after.key, "cells": dict(after.cells), "expected_old": dict(after.expected_old)}
    detail = {"v": 1, "op": after.op, "rows": [row], "proposal_id": after.proposal_id, "by": asker.user_id}
    return [Event(kind="bk.register", detail=detail), card]


def done(after: Proposal) -> Reply:
    """What somebody hears who may ask, but not approve."""
    if after.state == "pending" and not after.candidates and after.edited:
        return Reply(kind="done", text="An approver must say yes first; it is on a card for them.")
    return Reply(kind="done")
