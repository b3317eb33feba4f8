"""Did the newest run of each kind end, and end well? A success of one kind never clears a failure of another."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median

from workflows.backup.case import Case, Opinion
from workflows.backup.evidence import Run
from workflows.backup.findings import Finding
from workflows.kernel.quantities import age_text

USUAL_RUNS_MIN = 3
"""Fewer finished runs with a known start say nothing about how long one usually takes."""


def finished(case: Case) -> Opinion:
    opinion = Opinion()
    for runs in case.runs.values():
        for of_kind in _by_kind(runs):
            _judge_ended(of_kind, opinion)
            _judge_running(case, of_kind, opinion)
    return opinion


def _by_kind(runs: Sequence[Run]) -> Iterable[Sequence[Run]]:
    names = {run.kind for run in runs}
    return (runs,) if len(names) == 1 else [[run for run in runs if run.kind == name] for name in sorted(names)]


def _judge_ended(runs: Sequence[Run], opinion: Opinion) -> None:
    newest = next((run for run in runs if run.outcome not in {"running", "unsure"}), None)
    if newest is None:
        return
    if newest.outcome == "failed":
        says = f"The last run failed: {newest.note}" if newest.note else "The last run failed."
        opinion.findings.append(
            Finding(test="finished", level="alert", rule="failed", says=says, evidence=newest.ref, at=newest.at)
        )
    elif newest.outcome == "warning":
        says = f"The last run completed with warnings: {newest.note}" if newest.note else "The last run completed with warnings."
        opinion.findings.append(
            Finding(test="finished", level="warn", rule="with_warnings", says=says, evidence=newest.ref, at=newest.at)
        )


def _judge_running(case: Case, runs: Sequence[Run], opinion: Opinion) -> None:
    """A run that started and has not ended; anything that ended later of the same kind has overtaken it."""
    newest = runs[0] if runs else None
    if newest is None or newest.outcome != "running" or newest.started is None:
        return
    usual = usual_time(runs)
    deadline = _deadline(case, newest.started, usual)
    if case.now >= deadline:
        says = f"A run started {age_text(case.now - newest.started)} ago and has not ended."
        opinion.findings.append(
            Finding(test="finished", level="alert", rule="not_ended", says=says, evidence=newest.ref, at=newest.started)
        )
        return
    opinion.moments.append(deadline)
    if usual is None:
        return
    long = newest.started + usual * case.thresholds.running_factor
    if case.now < long:
        opinion.moments.append(long)
        return
    limit = f"{case.thresholds.running_factor:g} times {age_text(usual)}"
    opinion.findings.append(
        Finding(
            test="finished",
            level="warn",
            rule="runs_long",
            says=f"A run has been going for {age_text(case.now - newest.started)}; it usually takes {age_text(usual)}.",
            threshold=limit,
            set_in=case.thresholds.where("running_factor"),
            evidence=newest.ref,
            at=newest.started,
        )
    )


def usual_time(runs: Sequence[Run]) -> timedelta | None:
    """The median time that good runs took, where enough of them state their start."""
    took = [
        (run.finished - run.started).total_seconds()
        for run in runs
        if run.good and run.started is not None and run.finished is not None and run.finished > run.started
    ]
    return timedelta(seconds=median(took)) if len(took) >= USUAL_RUNS_MIN else None


def _deadline(case: Case, started: datetime, usual: timedelta | None) -> datetime:
    """When a run that started must have ended: by its slot's slack or its window, and never sooner than it usually ends."""
    schedule = case.job.schedule
    if schedule is None:
        deadline = started + case.period
    else:
        slots = schedule.slots_before(started + min(schedule.slack, schedule.gap) / 4, 1)
        deadline = max(slots[0] if slots else started, started) + schedule.slack
    return max(deadline, started + usual * case.thresholds.running_factor) if usual is not None else deadline
