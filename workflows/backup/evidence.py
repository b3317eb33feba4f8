"""Evidence: what is known of the executions of one job, whoever said so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Source = Literal["object", "heartbeat", "report"]
Outcome = Literal["ok", "warning", "failed", "running", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One execution of a backup, as one source tells it.

    Attributes:
        id: the same for the same run however often it is seen: `key@epoch` of an object, the sort key of a check-in.
        target: the target it was seen on, as in the row: "s3://acme-backups/orders/", "heartbeat" or "report".
        started, finished: UTC; `finished` is None while it runs.
        size: bytes, or None where the source does not state any.
        kind: full, inc, diff, …; sizes are compared within one kind and target only.
        ref: what a person can open: an object key, a mail, a check-in.
        gone: its object was seen once and is no longer there: history, not a backup.
        note: in words, why it failed or why one cannot be sure.
    """

    id: str
    source: Source
    target: str
    outcome: Outcome
    started: datetime | None = None
    finished: datetime | None = None
    size: int | None = None
    kind: str = ""
    ref: str = ""
    etag: str = ""
    gone: bool = False
    note: str = ""

    @property
    def at(self) -> datetime:
        """When it ended, or began if it has not ended."""
        moment = self.finished or self.started
        if moment is None:
            raise ValueError(f"run {self.id} has neither a start nor an end")
        return moment

    @property
    def good(self) -> bool:
        """Finished, not empty, and still there. What size it has, and warnings, are findings of their own."""
        return self.outcome in {"ok", "warning"} and self.size != 0 and not self.gone and self.finished is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A target that could not be read: the other side's error, since when, and in how many checks running."""

    target: str
    error: str
    since: datetime
    checks: int = 1
