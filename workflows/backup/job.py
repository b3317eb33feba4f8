"""One row of the job list, understood."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from workflows.kernel.slots import Schedule

TargetKind = Literal["s3", "heartbeat", "report"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a backup lands, or who tells of it. `text` is what the row says, normalised."""

    kind: TargetKind
    bucket: str = ""
    prefix: str = ""

    @property
    def text(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}" if self.kind == "s3" else self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One backup that is watched.

    Attributes:
        layout: "files", "restic", "borg", "duplicity", "pgbackrest", "wal-g", "kopia", "sync" or "marker:NAME".
        schedule: None when only the window counts.
        timezone: IANA name, never empty: the configured one where the row says none.
        window: how old the newest good run may be; None where the schedule alone decides.
        min_size: bytes, or None.
        cells: the row as it was typed (canonical column names), to keep as the last good one.
        warnings: what is odd about the row though it can be used, in words for the admin.
    """

    job_id: str
    name: str
    targets: tuple[Target, ...]
    timezone: str
    what: str = ""
    group: str = ""
    owner_email: str = ""
    layout: str = "files"
    schedule: Schedule | None = None
    window: timedelta | None = None
    min_size: int | None = None
    critical: bool = False
    report_from: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    row_number: int = 0

    @property
    def objects(self) -> tuple[Target, ...]:
        return tuple(target for target in self.targets if target.kind == "s3")

    @property
    def claims(self) -> tuple[Target, ...]:
        """The targets that only say so: check-ins and reports."""
        return tuple(target for target in self.targets if target.kind != "s3")
