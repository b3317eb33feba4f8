"""Proposals kept in memory, with the conditions of the stored ones."""

import json
from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from workflows.kernel.errors import Conflict
from workflows.kernel.ports import AuditEntry
from workflows.kernel.proposal import OPEN, Proposal


class MemoryProposals:
    """Implements `Proposals`. What goes in and what comes out are copies: nobody can change what is kept."""

    def __init__(self) -> None:
        self._items: dict[str, Proposal] = {}
        self._audit: dict[str, list[AuditEntry]] = defaultdict(list)

    def get(self, proposal_id: str) -> Proposal | None:
        item = self._items.get(proposal_id)
        return _copy(item) if item else None

    def save(self, proposal: Proposal, audit: AuditEntry | None) -> None:
        stored = self._items.get(proposal.proposal_id)
        if proposal.rev != (stored.rev if stored else 0):
            raise Conflict(f"{proposal.proposal_id} is no longer at revision {proposal.rev}")
        shown, channel, ts = (stored.shown, stored.channel, stored.ts) if stored else (0, "", "")
        kept = replace(_copy(proposal), rev=proposal.rev + 1, shown=shown, channel=channel, ts=ts)
        if audit is not None:
            self.record(audit)
        self._items[proposal.proposal_id] = kept

    def show(self, proposal_id: str, *, rev: int, channel: str, ts: str) -> bool:
        item = self._items.get(proposal_id)
        if item is None or item.shown > rev:
            return False
        self._items[proposal_id] = replace(item, shown=rev, channel=channel, ts=ts)
        return True

    def look_again(self, proposal_id: str, *, rev: int, due: datetime | None) -> bool:
        item = self._items.get(proposal_id)
        if item is None or item.rev != rev:
            return False
        self._items[proposal_id] = replace(item, due=due)
        return True

    def record(self, audit: AuditEntry) -> None:
        entry = replace(audit, before=json.loads(json.dumps(audit.before)), after=json.loads(json.dumps(audit.after)))
        self._audit[audit.subject].append(entry)

    def open(self) -> list[Proposal]:
        waiting = [item for item in self._items.values() if item.state in OPEN]
        return [_copy(item) for item in sorted(waiting, key=lambda item: (item.created, item.proposal_id))]

    def due(self, now: datetime) -> list[str]:
        found = sorted((item.due, item.proposal_id) for item in self._items.values() if item.due is not None)
        return [proposal_id for due, proposal_id in found if due <= now]

    # --- for those who look at the world ---------------------------------------------------------

    @property
    def next_due(self) -> datetime | None:
        """The earliest moment at which a card must be looked at."""
        return min((item.due for item in self._items.values() if item.due is not None), default=None)

    def every(self) -> list[Proposal]:
        return [_copy(self._items[proposal_id]) for proposal_id in sorted(self._items)]

    def history(self, subject: str) -> list[AuditEntry]:
        """The audit entries about one subject, oldest first."""
        return list(self._audit.get(subject, ()))


def _copy(item: Proposal) -> Proposal:
    seen = tuple(json.loads(json.dumps(one)) for one in item.seen)
    return replace(item, cells=dict(item.cells), expected_old=dict(item.expected_old), edited=dict(item.edited), seen=seen)
