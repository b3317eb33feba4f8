"""A proposal: a row that something suggests for the list, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from workflows.kernel.ports import AuditEntry, Json

SEEN_MAX = 30
"""So many sightings are kept, the newest ones."""

State = Literal["reading", "pending", "approving", "approved", "discarded"]
OPEN: frozenset[State] = frozenset({"reading", "pending", "approving"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One item of the proposals table.

    Attributes:
        proposal_id: the same for the same thing, however often it proposes itself.
        lane: where it came from: "mail", "heartbeat" or "slack". by: who or what proposed it (a Slack user id, or the lane).
        op: what approving does: add a row, or change the row `key`.
        key: id of the row (of the job, of the task).
        cells: canonical column -> text: the whole row for `add`, the changed cells for `change`.
        expected_old: for `change`: what these cells held when the change was made; a newer hand edit is respected.
        seen: what it was learned from, oldest first; each a JSON object with an `id` of its own, so that no repeat counts twice.
        learned: what `seen` says, in one line for people.
        edited: column -> who changed it by hand (a Slack user id); what is learned later leaves these cells alone.
        candidates: ids of rows that this may be already; asked on the card (*this job?* or *a new job*).
        asked_at: when `approving` last began. decided_by: a Slack user id.
        why: what stands in the way of adding it, or why it was closed; shown on the card.
        rev: grows with every change.
        shown: the rev that its card shows. channel, ts: the card. Dispatch alone writes these three.
        due: when its card must be looked at even if no nudge arrives; None when nothing is to be done.
    """

    proposal_id: str
    lane: str
    key: str
    cells: Mapping[str, str]
    created: datetime
    state: State = "pending"
    op: Literal["add", "change"] = "add"
    expected_old: Mapping[str, str] = field(default_factory=dict)
    seen: tuple[Json, ...] = ()
    learned: str = ""
    edited: Mapping[str, str] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()
    by: str = ""
    asked_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    why: str = ""
    rev: int = 0
    due: datetime | None = None
    shown: int = 0
    channel: str = ""
    ts: str = ""


class Proposals(Protocol):
    """The proposals table. What is forgotten (90 days after it was closed) is not there."""

    def get(self, proposal_id: str) -> Proposal | None:
        """One proposal, by a consistent read."""
        ...

    def save(self, proposal: Proposal, audit: AuditEntry | None) -> None:
        """Writes it as rev + 1 if the stored rev is still `proposal.rev` (0 = none stored); in one transaction with the audit.

        Never touches `shown`, `channel` nor `ts`. A closed one expires 90 days after `decided_at`. Raises Conflict.
        """
        ...

    def show(self, proposal_id: str, *, rev: int, channel: str, ts: str) -> bool:
        """Records that the card shows this rev, unless it shows a newer one already (then False). Dispatch only."""
        ...

    def look_again(self, proposal_id: str, *, rev: int, due: datetime | None) -> bool:
        """Sets when its card must be looked at next, unless it has changed since this rev (then False). Dispatch only."""
        ...

    def record(self, audit: AuditEntry) -> None:
        """Writes an audit entry about something that changed nothing, such as a refusal."""
        ...

    def open(self) -> list[Proposal]:
        """All that are reading, pending or approving, the oldest first."""
        ...

    def due(self, now: datetime) -> list[str]:
        """Ids of those whose card must be looked at by now, the oldest first."""
        ...
