"""Jobs and runs to be judged, in few words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from workflows.backup.evidence import Run, Unseen
from workflows.backup.findings import Verdict
from workflows.backup.job import Job, Target
from workflows.backup.thresholds import Thresholds
from workflows.backup.verdict import judge
from workflows.kernel.slots import parse_schedule

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
H = timedelta(hours=1)
S3 = Target("s3", "acme-backups", "orders/")
HEARTBEAT = Target("heartbeat")
REPORT = Target("report")
COPY = Target("s3", "acme-nas", "orders/")
LONG_AGO = NOW - timedelta(days=90)


def job(*targets: Target, schedule: str = "", critical: bool = False, layout: str = "files", zone: str = "UTC") -> Job:
    return Job(
        job_id="orders-db",
        name="Orders",
        targets=targets or (S3,),
        timezone=zone,
        layout=layout,
        schedule=parse_schedule(schedule, zone) if schedule else None,
        critical=critical,
    )


def run(hours_ago: float, *, size: int | None = 100, target: Target = S3, **changes: object) -> Run:
    at = NOW - hours_ago * H
    plain = Run(
        id=f"{target.text}@{hours_ago}",
        source="object" if target.kind == "s3" else target.kind,
        target=target.text,
        outcome="ok",
        finished=at,
        size=size,
        ref=f"run {hours_ago} h ago",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def going(started: datetime, *, target: Target = HEARTBEAT) -> Run:
    """A run that began then and has not ended."""
    return run(0, target=target, id=f"{started}", outcome="running", started=started, finished=None, size=None)


def verdict(
    watched: Job,
    *runs: Run,
    window: timedelta | None = 26 * H,
    now: datetime = NOW,
    first_seen: datetime = LONG_AGO,
    first_seen_of: Mapping[str, datetime] | None = None,
    unseen: Sequence[Unseen] = (),
    baseline_from: datetime | None = None,
    paced_from: datetime | None = None,
    **thresholds: object,
) -> Verdict:
    """The verdict on a watched job of 26 hours, on a day in November at noon."""
    numbers = Thresholds(window=window, **thresholds)  # type: ignore[arg-type]
    in_order = sorted(runs, key=lambda one: one.at)
    return judge(
        watched,
        numbers,
        runs=in_order,
        first_seen=first_seen,
        now=now,
        first_seen_of=first_seen_of,
        unseen=unseen,
        baseline_from=baseline_from,
        paced_from=paced_from,
    )


def rules(result: Verdict) -> list[tuple[str, str]]:
    return [(finding.level, finding.rule) for finding in result.findings]
