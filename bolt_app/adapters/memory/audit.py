"""The audit, kept in memory."""

from datetime import datetime

from workflows.kernel.ports import AuditEntry


class MemoryAudit:
    """Implements `Audit`. `entries` is everything, in order."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, datetime], AuditEntry] = {}

    @property
    def entries(self) -> list[AuditEntry]:
        return list(self._kept.values())

    def write(self, entry: AuditEntry) -> None:
        self._kept.setdefault((entry.subject, entry.at), entry)
