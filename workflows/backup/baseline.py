"""What size is usual: the good runs before the newest, without those that had collapsed themselves."""

from collections import deque
from collections.abc import Sequence
from statistics import median

from workflows.backup.case import Case, Series
from workflows.backup.evidence import Run
from workflows.backup.thresholds import Thresholds

WELL = frozenset({"ok", "warning"})


def runs_before(case: Case, series: Series, newest: Run) -> list[Run]:
    """Those that state a size, newest first; sizes of objects that are gone by now still tell what is usual."""
    past = [run for run in series.history if run.size and run.outcome in WELL and run is not newest]
    since = case.baseline_from
    return past if since is None else [run for run in past if run.at >= since]


def usual_sizes(past: Sequence[Run], thresholds: Thresholds) -> list[int]:
    """The sizes to compare with, of runs that are newest first.

    A run that shrank so much that it was an alert never becomes what is usual: a collapse stays a collapse until sizes
    recover, or a person says that the size is right.
    """
    sizes = [run.size for run in past if run.size]
    kept_share = 1 - thresholds.shrink_alert
    if not sizes or min(sizes) > max(sizes) * kept_share:  # nearly always: none can have collapsed
        return sizes[: thresholds.baseline_runs]
    accepted: deque[int] = deque(maxlen=thresholds.baseline_runs)
    for size in reversed(sizes):
        if len(accepted) < thresholds.baseline_runs_min or size > median(accepted) * kept_share:
            accepted.append(size)
    return list(accepted)
