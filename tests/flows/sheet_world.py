"""A company whose job list is a sheet, in memory, with a process that may be killed at any call it makes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bolt_app.adapters.memory.audit import MemoryAudit
from bolt_app.adapters.memory.bus import MemoryBus
from bolt_app.adapters.memory.documents import MemoryDocuments
from bolt_app.adapters.memory.google import MemoryGoogle
from bolt_app.adapters.memory.ledger import MemoryLedger
from bolt_app.adapters.memory.notebook import MemoryNotebook
from bolt_app.adapters.memory.proposals import MemoryProposals
from workflows.backup.rules import Rules
from workflows.backup.sheet_rows import SheetRows
from workflows.kernel.ports import Event
from workflows.kernel.proposal import Proposal
from workflows.kernel.sheet import Source
from workflows.kernel.sheet_run import Ports
from workflows.kernel.sheet_sync import Synced, register_now, sync

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
HEADER = ["job_id", "name", "owner_email", "target", "window", "report_from"]
ORDERS = ["orders-db", "Orders database", "sam@example.com", "heartbeat", "26h", ""]
NAS = {"job_id": "nas-sync", "name": "NAS sync", "target": "report", "window": "26h", "report_from": "Veeam · nas-02"}
TABLE = Source(id="the-jobs-sheet", key="jobs.csv", name="job list", kind="sheet")
RULES = Source(id="the-rules-doc", key="rules.txt", name="rules document", kind="text")


class Killed(BaseException):
    """The process is gone, at this very call: nothing catches that."""


class Mortal:
    """Any port; its calls are counted, and one of them is the last, before it is carried out or after."""

    def __init__(self, port: object, calls: "Calls") -> None:
        self._port = port
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._calls.counted(found) if callable(found) else found


@dataclass(slots=True)
class Calls:
    """`last` = the number of the call at which the process is killed; 0 = none. `after`: once it was carried out."""

    last: int = 0
    after: bool = False
    count: int = 0

    def revive(self) -> None:
        """Another process takes over."""
        self.last = self.count = 0

    def counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*args: object, **named: object) -> object:
            self.count += 1
            dying = 0 < self.last <= self.count  # what is dead does not even tidy up
            if dying and not (self.after and self.count == self.last):
                raise Killed
            answer = call(*args, **named)
            if dying:
                raise Killed
            return answer

        return counting


@dataclass(slots=True)
class SheetWorld:
    """Moves its own clock."""

    google: MemoryGoogle = field(
        default_factory=lambda: MemoryGoogle(TABLE.id, [HEADER, ORDERS], {RULES.id: "[defaults]\nwindow: 1d\n"})
    )
    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    notebook: MemoryNotebook = field(default_factory=MemoryNotebook)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    proposals: MemoryProposals = field(default_factory=MemoryProposals)
    audit: MemoryAudit = field(default_factory=MemoryAudit)
    bus: MemoryBus = field(default_factory=MemoryBus)
    calls: Calls = field(default_factory=Calls)
    now: datetime = MONDAY
    left: timedelta = timedelta(seconds=30)
    table: Source = TABLE
    runs: int = 0

    def ports(self) -> Ports:
        self.runs += 1
        google: Any = Mortal(self.google, self.calls)
        others: dict[str, Any] = {
            "mirror": Mortal(self.documents, self.calls),
            "notebook": Mortal(self.notebook, self.calls),
            "ledger": Mortal(self.ledger, self.calls),
            "proposals": Mortal(self.proposals, self.calls),
            "audit": Mortal(self.audit, self.calls),
            "bus": Mortal(self.bus, self.calls),
        }
        return Ports(
            table=self.table,
            sheet=google,
            drive=google,
            rows=SheetRows(rules=Rules(), timezone="UTC"),
            holder=f"run-{self.runs}",
            time_left=lambda: self.left,
            now=self.now,
            **others,
        )

    def sync(self) -> Synced:
        return sync((self.table, RULES), self.ports())

    def register(self, proposal_id: str = "mail-1") -> Synced:
        return register_now(proposal_id, self.ports())

    def pass_time(self, **amount: float) -> None:
        self.now += timedelta(**amount)

    def approve(self, proposal_id: str = "mail-1", **changes: Any) -> None:
        """A proposal that an approver has just approved."""
        proposal = Proposal(
            proposal_id=proposal_id,
            lane="mail",
            key="nas-sync",
            cells=NAS,
            created=self.now,
            state="approving",
            asked_at=self.now,
            decided_by="UANA",
            decided_at=self.now,
            seen=({"id": "m1", "at": self.now.isoformat(), "outcome": "ok", "ref": "in/m1"},),
        )
        self.proposals.save(replace(proposal, **changes), None)

    def proposal(self, proposal_id: str = "mail-1") -> Proposal:
        found = self.proposals.get(proposal_id)
        assert found is not None
        return found

    def mirrored(self, key: str = "jobs.csv") -> str:
        document = self.documents.read(key)
        return document.text if document else ""

    def ids(self) -> list[str]:
        """The first column of the sheet, below the header."""
        return [row[0] if row else "" for row in self.google.grid[1:]]

    def events(self, kind: str) -> list[Event]:
        return [event for event in self.bus.published if event.kind == kind]

    def notices(self) -> list[dict[str, Any]]:
        return [event.detail for event in self.events("bk.notice")]
