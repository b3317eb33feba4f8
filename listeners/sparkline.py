"""The last runs as one line of characters, oldest first."""

from workflows.backup.evidence import Run
from workflows.backup.standing import Standing

BARS = "▁▂▃▄▅▆▇"
FAILED = "✗"
UNSURE = "?"
NO_SIZE = "•"
RUNNING = "…"
RUNS_MAX = 14


def sparkline(standing: Standing) -> str:
    """One character a run: height is size, ✗ failed, empty or missed, ? unsure, • good without a size, … still running.

    Sizes are compared within one target only, so the line shows one target: that of the newest run with a size.
    """
    runs = _of_one_target(standing.runs)[-RUNS_MAX:]
    largest = max((run.size or 0 for run in runs), default=0)
    marks = [_mark(run, largest) for run in runs] + [FAILED] * _missed_besides(standing, runs)
    return "".join(marks[-RUNS_MAX:])


def _of_one_target(runs: tuple[Run, ...]) -> list[Run]:
    ordered = sorted(runs, key=lambda run: run.at)
    targets = [run.target for run in reversed(ordered) if run.size is not None] or [run.target for run in reversed(ordered)]
    return [run for run in ordered if run.target == targets[0]]


def _mark(run: Run, largest: int) -> str:
    if run.outcome == "running":
        return RUNNING
    if run.outcome == "unsure":
        return UNSURE
    if run.outcome == "failed" or run.size == 0:
        return FAILED
    if run.size is None or largest == 0:
        return NO_SIZE
    return BARS[min(run.size * len(BARS) // largest, len(BARS) - 1)]


def _missed_besides(standing: Standing, runs: list[Run]) -> int:
    """Runs that never came have no character of their own yet; those that came and were bad have one."""
    if standing.state in {"all_green", "waiting", "off_list"}:
        return 0
    newest_good = max((run.at for run in runs if run.good), default=None)
    bad_since = sum(1 for run in runs if newest_good is None or run.at > newest_good)
    return min(max(standing.missed - bad_since, 0), RUNS_MAX)
