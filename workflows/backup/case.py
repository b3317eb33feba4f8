"""The case before the judge: one job, its thresholds and its runs, sorted once for all three tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workflows.backup.evidence import Run, Unseen
from workflows.backup.findings import Finding
from workflows.backup.job import Job
from workflows.backup.thresholds import Thresholds

NO_END_MARK = frozenset({"kopia", "sync"})
"""Layouts whose keys tell that something landed, but never that a run ended."""


@dataclass(slots=True)
class Opinion:
    """What one test found, and the later moments at which it would find more."""

    findings: list[Finding] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Series:
    """The runs of one kind on one target, newest first. `history`: with those whose object is gone, to compare with."""

    target: str
    kind: str
    runs: Sequence[Run]
    history: Sequence[Run]


@dataclass(frozen=True, slots=True)
class Stream:
    """What tells when runs ended: one watched prefix, or all claims together. `runs`, `history`: as in a series."""

    targets: tuple[str, ...]
    runs: Sequence[Run]
    history: Sequence[Run]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One job's evidence, sorted.

    Attributes:
        first_seen: since when the job is watched; first_seen_of: target text -> the same, of one target.
        objects, claims: the texts of the job's targets of either sort.
        runs: target text -> its runs, newest first, without those whose object is gone.
        history: target text -> the same, with those that are gone: sizes to compare with.
        series: target text -> both, of each kind on its own.
        doubts: target text -> why its listing cannot be trusted.
        paced_from: since when the present schedule is in force; slots before it are asked of nobody.
    """

    job: Job
    thresholds: Thresholds
    now: datetime
    first_seen: datetime
    first_seen_of: Mapping[str, datetime]
    objects: tuple[str, ...]
    claims: tuple[str, ...]
    runs: Mapping[str, Sequence[Run]]
    history: Mapping[str, Sequence[Run]]
    series: Mapping[str, Sequence[Series]]
    unseen: Mapping[str, Unseen]
    doubts: Mapping[str, str]
    baseline_from: datetime | None
    paced_from: datetime | None

    @property
    def period(self) -> timedelta:
        """How long until another run may be expected: the window, else the longest gap of the schedule."""
        if self.thresholds.window is not None:
            return self.thresholds.window
        if self.job.schedule is None:
            raise ValueError(f"job {self.job.job_id} has neither a schedule nor a window")
        return self.job.schedule.gap

    def seen_since(self, *targets: str) -> datetime:
        """Since when these targets are watched: the first of them."""
        return min(self.first_seen_of.get(target, self.first_seen) for target in targets)

    def paced(self, moment: datetime) -> datetime:
        """After which slots count that are not covered since `moment`."""
        return moment if self.paced_from is None else max(moment, self.paced_from)

    def named(self, target: str) -> str:
        """Which prefix a sentence is about, where the job has several."""
        return f" in {target}" if len(self.objects) > 1 and target in self.objects else ""


def open_case(
    job: Job,
    thresholds: Thresholds,
    *,
    runs: Sequence[Run],
    first_seen: datetime,
    now: datetime,
    first_seen_of: Mapping[str, datetime] | None = None,
    unseen: Sequence[Unseen] = (),
    doubts: Mapping[str, str] | None = None,
    baseline_from: datetime | None = None,
    paced_from: datetime | None = None,
) -> Case:
    """Sorts the evidence of one job. `runs`: newest last."""
    newest_first = runs[::-1]
    objects = [target.text for target in job.targets if target.kind == "s3"]
    claims = [target.text for target in job.targets if target.kind != "s3"]
    history = {text: [run for run in newest_first if run.target == text] for text in objects + claims}
    present = {text: [run for run in of_target if not run.gone] for text, of_target in history.items()}
    return Case(
        job=job,
        thresholds=thresholds,
        now=now,
        first_seen=first_seen,
        first_seen_of=first_seen_of or {},
        objects=tuple(objects),
        claims=tuple(claims),
        runs=present,
        history=history,
        series={text: _series(text, present[text], of_target) for text, of_target in history.items()},
        unseen={item.target: item for item in unseen},
        doubts=doubts or {},
        baseline_from=baseline_from,
        paced_from=paced_from,
    )


def _series(target: str, present: Sequence[Run], history: Sequence[Run]) -> list[Series]:
    kinds = {run.kind for run in history}
    if len(kinds) == 1:
        return [Series(target, kind, present, history) for kind in kinds]
    return [
        Series(target, kind, [run for run in present if run.kind == kind], [run for run in history if run.kind == kind])
        for kind in sorted(kinds)
    ]


def newest_good(runs: Sequence[Run]) -> Run | None:
    """The newest good run of runs that are newest first."""
    for run in runs:
        if run.good:
            return run
    return None
