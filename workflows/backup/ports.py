"""What the sentinel asks of the outside, besides the kernel's ports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workflows.backup.standing import Standing, Told
from workflows.kernel.ports import AuditEntry, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """One item of `bk-heartbeats`: a heartbeat or a report, as it is stored.

    Attributes:
        sk: the sort key: `<signed ts>#<sig16>` for the signed form; unique for the job.
        at: when it was received (signed form: the signed moment).
        outcome: "start", "ok", "warning", "failed", "log", or "unsure": something ran, and nobody can tell how it ended.
        ran_at: when the run ended by its own word, if it said so.
        size: bytes, or None.
        rid: the run id that ties a start to its end; may be empty.
        once: what it was made of (a mail), where that may arrive again at another time: with this it is recorded only once
            for its job, whatever its sk.
        weak: nothing in it was signed: it came by an address that others may have seen.
    """

    job_id: str
    sk: str
    at: datetime
    source: str
    outcome: str
    size: int | None = None
    rid: str = ""
    ran_at: datetime | None = None
    ref: str = ""
    source_ip: str = ""
    note: str = ""
    once: str = ""
    weak: bool = False


class CheckIns(Protocol):
    """`bk-heartbeats`."""

    def record(self, check_in: CheckIn, *, now: datetime) -> bool:
        """Stores it together with the job's `latest` item, in one transaction.

        False: it was stored before, under this sk or as another one with the same `once`.
        """
        ...

    def latest(self, job_ids: Sequence[str]) -> dict[str, str]:
        """job_id -> sort key of the check-in recorded last; jobs without any are left out. Batches of 100.

        It changes with every record, even of one that arrives out of order: so a check sees that there is something to read.
        """
        ...

    def since(self, job_id: str, since: datetime | None) -> list[CheckIn]:
        """The check-ins received at or after `since` (all that are kept when None), oldest first."""
        ...


class Standings(Protocol):
    """`bk-state` with `bk-audit`: one item a job, and one reserved item for the fleet."""

    def get_many(self, job_ids: Sequence[str], *, consistent: bool = False) -> dict[str, Standing]:
        """Stored standings by job_id; those never stored are left out. Batches of 100, eventually consistent unless asked."""
        ...

    def get(self, job_id: str) -> Standing | None:
        """One standing, by a consistent read."""
        ...

    def due(self, now: datetime) -> list[str]:
        """Ids of the jobs that must be looked at by now, the longest overdue first (index `due`)."""
        ...

    def pending(self) -> list[str]:
        """Ids of the jobs about which someone must be told now, the oldest first (index `pending`)."""
        ...

    def every(self) -> list[Standing]:
        """All standings but the canary's, which is no backup: for boards, lists and counts; never used by a check."""
        ...

    def save(self, standing: Standing, audit: AuditEntry | None, *, break_id: str | None = None) -> None:
        """Writes the standing as rev + 1 if the stored rev is still `standing.rev` (0 = none stored), with its audit row.

        In one transaction; without an entry only for bookkeeping that no person would ask about, such as a moved `due`.
        With `break_id`, also only if that is still the stored break. Never touches `told` nor `last_dispatched_state`.
        Raises Conflict.
        """
        ...

    def tell(self, job_id: str, recipient: str, told: Told, *, state: str) -> bool:
        """Records what this recipient was told, unless they were told as much or more already (then False). Dispatch only."""
        ...

    def take_back(self, job_id: str, recipient: str, *, channel: str, break_id: str, at: datetime) -> bool:
        """What was told there of this break never arrived: it is as if this recipient was told nothing, and must be told now.

        It moves `rev` on, or a look that read the standing before would save that nobody has to be told. False where they were
        told of another break, or elsewhere. Dispatch only.
        """
        ...

    def settle(self, job_id: str, say: int) -> bool:
        """Removes `pending` if `say` is still what is to be said, and every recipient was told it; else False. Dispatch only."""
        ...

    def defer(self, job_id: str, say: int, *, until: datetime) -> bool:
        """Removes `pending` if `say` is still what is to be said, and has the job looked at by `until`; else False.

        For what all who are not yet told must wait for. Dispatch only.
        """
        ...

    def fleet(self) -> Json:
        """The reserved item: when the last full checks completed (`fast_at`, `slow_at`), open notices; {} at first."""
        ...

    def change_fleet(self, change: Callable[[Json], Json]) -> None:
        """Writes what `change` makes of the reserved item, if nobody wrote it meanwhile; else has it changed anew.

        So `change` may be called several times, and whatever it does besides must bear that. Raises what it raises, and
        Conflict when others keep writing. What stays the same is not written.
        """
        ...

    def history(self, job_id: str, limit: int) -> list[AuditEntry]:
        """The newest audit entries of one job, newest first."""
        ...
