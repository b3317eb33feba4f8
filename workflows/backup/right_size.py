"""Is the newest run of each kind as large as it should be? Compared within one target and one kind only."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise, takewhile
from statistics import median

from workflows.backup.baseline import WELL, runs_before, runs_to_compare, sizes_before, usual_sizes
from workflows.backup.case import Case, Opinion, Series
from workflows.backup.evidence import Run
from workflows.backup.findings import Finding, Level
from workflows.kernel.quantities import size_text

INCREMENTS = frozenset({"inc", "incr", "diff", "delta"})
"""The kinds that hold what changed since the last run: how much that was says nothing about how well it was kept."""

REPOSITORY = "repository"
"""The kind whose size is a whole repository's: it shrinks a little with every prune, so only a collapse counts.

Such sizes come once a day, with the full walk: the last one known counts.
"""


def right_size(case: Case) -> Opinion:
    """The least size is tested on every watched prefix; where none tells a size on the heartbeat, else the report."""
    opinion = Opinion()
    told = False
    for target in case.objects:
        told |= _judge(case, target, opinion, least=True)
    for target in sorted(case.claims):
        told |= _judge(case, target, opinion, least=not told)
    return opinion


def _judge(case: Case, target: str, opinion: Opinion, *, least: bool) -> bool:
    """Adds what is wrong with the newest run of each kind; returns whether any tells its size."""
    sized = [(series, run) for series in _living(case, target) if (run := _newest_sized(series)) is not None]
    main = _main(sized)
    for series, run in sized:
        if run.size == 0:
            says = f"The last backup{case.named(target)} is empty (0 bytes)."
            opinion.findings.append(_finding("alert", "empty", says, run))
            continue
        if least and series is main:
            opinion.findings.extend(_under_min(case, run))
        opinion.findings.extend(_against_baseline(case, series, run))
    return bool(sized)


def _main(sized: Sequence[tuple[Series, Run]]) -> Series | None:
    """The kind that the least size is meant for: the one that is usually the largest.

    A log or a list of roles beside a dump is small by nature, and so is an increment beside a full.
    """
    if len(sized) == 1:
        return sized[0][0]
    return max((series for series, _ in sized), key=_usual_size, default=None)


def _usual_size(series: Series) -> float:
    return median([run.size for run in series.history if run.size is not None] or [0])


def _living(case: Case, target: str) -> Sequence[Series]:
    """Without kinds that were overtaken long ago: a series that was renamed, or a run that someone made by hand."""
    every = case.series[target]
    return every if len(every) == 1 else [series for series in every if series.runs and not _overtaken(case, series, every)]


def _overtaken(case: Case, series: Series, every: Sequence[Series]) -> bool:
    newest = series.runs[0]
    age = case.now - newest.at
    if age <= 2 * case.period or not any(other.runs and other.runs[0].at > newest.at for other in every):
        return False
    gaps = [(later.at - earlier.at).total_seconds() for later, earlier in pairwise(series.history)]
    return not gaps or age > 2 * timedelta(seconds=median(gaps))


def _newest_sized(series: Series) -> Run | None:
    """The newest run that ended well, if it tells its size: what one said long ago is no news of the last."""
    for run in series.runs:
        if run.outcome in WELL and (run.size is not None or series.kind != REPOSITORY):
            return run if run.size is not None else None
    return None


def _under_min(case: Case, run: Run) -> list[Finding]:
    least = case.thresholds.min_size
    if least is None or run.size is None or run.size >= least:
        return []
    level: Level = "alert" if run.size < least / 2 else "warn"
    says = f"The last backup{case.named(run.target)} is {size_text(run.size)}; it should be at least {size_text(least)}."
    return [_finding(level, "under_min_size", says, run, size_text(least), case.thresholds.where("min_size"))]


def _against_baseline(case: Case, series: Series, newest: Run) -> list[Finding]:
    if newest.size is None or series.kind in INCREMENTS:
        return []
    thresholds = case.thresholds
    runs = runs_to_compare(case, series)
    before = sizes_before(newest, runs)
    sizes = usual_sizes(before, thresholds)
    if len(sizes) < thresholds.baseline_runs_min:
        return []
    usual = median(sizes)
    shrank = 1 - newest.size / usual
    level: Level | None = None
    if shrank >= thresholds.shrink_alert:
        level, name, limit = "alert", "shrink_alert", thresholds.shrink_alert
    elif shrank >= thresholds.shrink_warn and series.kind != REPOSITORY:
        level, name, limit = "warn", "shrink_warn", thresholds.shrink_warn
    if level is None:
        return _frozen(case, newest, runs) if before[0] == newest.size else []
    says = f"The last backup{case.named(newest.target)} is {size_text(newest.size)}; usually it is about {size_text(int(usual))}."
    return [_finding(level, "shrank", says, newest, f"{limit:.0%} smaller", thresholds.where(name))]


def _frozen(case: Case, newest: Run, runs: Sequence[Run]) -> list[Finding]:
    """The very same bytes again and again, where sizes used to differ: the dump may be of something that stands still."""
    past = runs_before(newest, runs)
    if not newest.etag or past[0].etag != newest.etag:
        return []
    same = sum(1 for _ in takewhile(lambda run: run.etag == newest.etag and run.size == newest.size, past))
    count = case.thresholds.same_size_runs
    if same + 1 < count or len({run.size for run in past[same:]}) < 2:
        return []
    says = f"The last {same + 1} backups{case.named(newest.target)} are identical to the byte; before, sizes differed."
    return [_finding("warn", "identical", says, newest, f"{count} in a row", case.thresholds.where("same_size_runs"))]


def _finding(level: Level, rule: str, says: str, run: Run, threshold: str = "", set_in: str = "") -> Finding:
    return Finding(
        test="right_size",
        level=level,
        rule=rule,
        says=says,
        threshold=threshold,
        set_in=set_in,
        evidence=run.ref,
        target=run.target,
        at=run.at,
    )
