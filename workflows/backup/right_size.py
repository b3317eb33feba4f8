"""Is the newest run as large as it should be? Compared within one target and one kind only."""

from collections.abc import Sequence
from statistics import median

from workflows.backup.case import Case, Opinion
from workflows.backup.evidence import Run
from workflows.backup.findings import Finding, Level
from workflows.kernel.quantities import size_text

INCREMENTS = frozenset({"inc", "incr", "diff", "delta"})
"""The kinds that hold what changed since the last run: how much that was says nothing about how well it was kept."""

REPOSITORY = "repository"
"""The kind whose size is a whole repository's: it shrinks a little with every prune, so only a collapse counts."""


def right_size(case: Case) -> Opinion:
    opinion = Opinion()
    min_size_tested = False
    for target in (*case.objects, *sorted(case.claims)):  # the least size is tested on the object, else heartbeat, else report
        newest = _newest_sized(case.runs[target])
        if newest is None:
            continue
        if newest.size == 0:
            opinion.findings.append(_finding("alert", "empty", "The last backup is empty (0 bytes).", newest))
            continue
        if not min_size_tested:
            min_size_tested = True
            opinion.findings.extend(_under_min(case, newest))
        opinion.findings.extend(_against_baseline(case, newest, case.history[target]))
    return opinion


def _newest_sized(runs: Sequence[Run]) -> Run | None:
    for run in runs:
        if run.size is not None and run.outcome in {"ok", "warning"}:
            return run
    return None


def _under_min(case: Case, run: Run) -> list[Finding]:
    least = case.thresholds.min_size
    if least is None or run.size is None or run.size >= least:
        return []
    level: Level = "alert" if run.size < least / 2 else "warn"
    says = f"The last backup is {size_text(run.size)}; it should be at least {size_text(least)}."
    return [_finding(level, "under_min_size", says, run, size_text(least), case.thresholds.where("min_size"))]


def _against_baseline(case: Case, newest: Run, history: Sequence[Run]) -> list[Finding]:
    if newest.size is None or newest.kind in INCREMENTS:
        return []
    thresholds = case.thresholds
    past = _baseline(case, newest, history)
    if len(past) < thresholds.baseline_runs_min:
        return []
    sizes = [run.size for run in past if run.size is not None][: thresholds.baseline_runs]
    usual = median(sizes)
    shrank = 1 - newest.size / usual if usual else 0.0
    level: Level | None = None
    if shrank >= thresholds.shrink_alert:
        level, name = "alert", "shrink_alert"
    elif shrank >= thresholds.shrink_warn and newest.kind != REPOSITORY:
        level, name = "warn", "shrink_warn"
    if level is not None:
        limit = thresholds.shrink_alert if level == "alert" else thresholds.shrink_warn
        says = f"The last backup is {size_text(newest.size)}; the last {len(sizes)} were about {size_text(int(usual))}."
        return [_finding(level, "shrank", says, newest, f"{limit:.0%} smaller", thresholds.where(name))]
    return _frozen(case, newest, past)


def _baseline(case: Case, newest: Run, history: Sequence[Run]) -> list[Run]:
    """The good runs before the newest, of its kind; sizes of objects that are gone by now still tell what is usual."""
    past: list[Run] = []
    for run in history:
        if run.kind != newest.kind or not run.size or run.outcome not in {"ok", "warning"} or run.id == newest.id:
            continue
        if case.baseline_from is not None and run.at < case.baseline_from:
            break
        past.append(run)
        if len(past) == case.thresholds.baseline_runs + case.thresholds.same_size_runs:
            break
    return past


def _frozen(case: Case, newest: Run, past: Sequence[Run]) -> list[Finding]:
    """The very same bytes again and again, where sizes used to differ: the dump may be of something that stands still."""
    count = case.thresholds.same_size_runs
    same = [newest, *past[: count - 1]]
    if not newest.etag or len(same) < count or any(run.size != newest.size or run.etag != newest.etag for run in same):
        return []
    earlier = [run.size for run in past[count - 1 :]]
    if len(set(earlier)) < 2:
        return []
    says = f"The last {count} backups are identical to the byte; before, no two were alike."
    return [_finding("warn", "identical", says, newest, f"{count} in a row", case.thresholds.where("same_size_runs"))]


def _finding(level: Level, rule: str, says: str, run: Run, threshold: str = "", set_in: str = "") -> Finding:
    return Finding(
        test="right_size", level=level, rule=rule, says=says, threshold=threshold, set_in=set_in, evidence=run.ref, at=run.at
    )
