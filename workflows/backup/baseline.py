"""What size is usual: the good runs before the newest, without those that had collapsed themselves."""

from collections import deque
from collections.abc import Sequence
from statistics import median

from workflows.backup.case import Case, Series
from workflows.backup.evidence import Run
from workflows.backup.thresholds import Thresholds

WELL = frozenset({"ok", "warning"})


def runs_to_compare(case: Case, series: Series) -> Sequence[Run]:
    """Newest first; sizes of objects that are gone by now still tell what is usual."""
    since = case.baseline_from
    return series.history if since is None else [run for run in series.history if run.at >= since]


def runs_before(newest: Run, runs: Sequence[Run]) -> list[Run]:
    """The other runs that ended well and state a size."""
    return [run for run in runs if run.size and run.outcome in WELL and run is not newest]


def sizes_before(newest: Run, runs: Sequence[Run]) -> list[int]:
    """Their sizes alone; of every job at every check, so in one pass."""
    return [run.size for run in runs if run.size and run.outcome in WELL and run is not newest]


def usual_sizes(sizes: Sequence[int], thresholds: Thresholds) -> Sequence[int]:
    """Those to compare with, of the sizes before the newest, which are newest first.

    A run that shrank so much that it was an alert never becomes what is usual: a collapse stays a collapse until sizes
    recover, or a person says that the size is right.
    """
    kept_share = 1 - thresholds.shrink_alert
    if not sizes or min(sizes) > max(sizes) * kept_share:  # nearly always: none can have collapsed
        return sizes[: thresholds.baseline_runs]
    accepted: deque[int] = deque(maxlen=thresholds.baseline_runs)
    for size in reversed(sizes):
        if len(accepted) < thresholds.baseline_runs_min or size > median(accepted) * kept_share:
            accepted.append(size)
    return accepted
