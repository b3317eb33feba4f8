"""From check-ins and reports to runs: starts and ends are paired, repeats and late arrivals do no harm."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from workflows.backup.evidence import Outcome, Run, Source
from workflows.backup.ports import CheckIn

NOTE_LENGTH_MAX = 300
"""A check-in may carry a log; of a run no more than its end is kept, where it says why it failed: thirty of them are one item."""

_OUTCOME: dict[str, Outcome] = {"ok": "ok", "warning": "warning", "failed": "failed", "unsure": "unsure"}


def claimed_runs(stored: Sequence[Run], check_ins: Iterable[CheckIn]) -> tuple[Run, ...]:
    """The stored runs with what these check-ins add, in order of time. Check-ins that were taken in before change nothing.

    A run's `id` is its run id where the tool gives one, else the key of its first check-in; its `ref` is the key of the last.
    """
    runs = list(stored)
    for check_in in sorted(check_ins, key=_order):
        source: Source = "report" if check_in.source == "report" else "heartbeat"
        if any(run.target == source and check_in.sk in {run.id, run.ref} for run in runs):
            continue
        if check_in.outcome == "start":
            _start(runs, check_in, source)
        elif check_in.outcome in _OUTCOME:
            _end(runs, check_in, source)
    return tuple(sorted(runs, key=lambda run: (run.at, run.outcome == "failed", run.id)))


def _order(check_in: CheckIn) -> tuple[datetime, bool, str]:
    """By time; signed moments are whole seconds, and within one a failure comes last, so that no success hides it."""
    return check_in.at, check_in.outcome == "failed", check_in.sk


def _start(runs: list[Run], check_in: CheckIn, source: Source) -> None:
    run_id = _run_id(check_in)
    if not any(run.id == run_id and run.target == source for run in runs):  # else its end came first
        runs.append(
            Run(
                id=run_id,
                source=source,
                target=source,
                outcome="running",
                started=check_in.ran_at or check_in.at,
                ref=check_in.sk,
            )
        )


def _end(runs: list[Run], check_in: CheckIn, source: Source) -> None:
    open_run = _open_run(runs, check_in, source)
    ended = check_in.ran_at or check_in.at
    run = Run(
        id=open_run.id if open_run else _run_id(check_in),
        source=source,
        target=source,
        outcome=_OUTCOME[check_in.outcome],
        started=open_run.started if open_run else None,
        finished=ended,
        size=check_in.size,
        ref=check_in.sk,
        note=_brief(check_in.note),
    )
    if open_run is not None:
        runs.remove(open_run)
    runs[:] = [other for other in runs if not (other.id == run.id and other.target == source)]
    runs.append(replace(run, started=None) if run.started is not None and run.started > ended else run)


def _brief(note: str) -> str:
    """On one line, its end where it is long, since it stands in a message."""
    line = " ".join(note[-4 * NOTE_LENGTH_MAX :].split())
    return line if len(line) <= NOTE_LENGTH_MAX else "…" + line[1 - NOTE_LENGTH_MAX :]


def _open_run(runs: Sequence[Run], check_in: CheckIn, source: Source) -> Run | None:
    """The start this end belongs to: the one with its run id, or else the newest open one that has none.

    A start that another end followed was that one's, and came in late: nothing later belongs to it.
    """
    mine = [run for run in runs if run.target == source]
    if check_in.rid:
        return next((run for run in mine if run.outcome == "running" and run.id == _run_id(check_in)), None)
    ended = check_in.ran_at or check_in.at
    unnamed = [run for run in mine if run.outcome == "running" and not run.id.startswith("rid:") and run.at <= ended]
    newest = max(unnamed, key=lambda run: run.at, default=None)
    if newest is None or any(run.finished is not None and newest.at < run.finished < ended for run in mine):
        return None
    return newest


def _run_id(check_in: CheckIn) -> str:
    return f"rid:{check_in.rid}" if check_in.rid else check_in.sk
