"""The audit, read back: what was done lately, to whatever it was done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from workflows.kernel.ports import AuditEntry


class Journal(Protocol):
    """The audit by day."""

    def entries(self, since: datetime, until: datetime, *, entries_max: int) -> Sequence[AuditEntry]:
        """What was written from `since` on and before `until`, the newest first; the oldest are left out where there are more."""
        ...
