"""A run that is going: the slot it is for, how long such a run usually takes, and when it must have ended."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

from workflows.backup.case import Case, Series, Stream
from workflows.backup.evidence import Run
from workflows.kernel.slots import Schedule

USUAL_RUNS_MIN = 3
"""Fewer finished runs with a known start say nothing about how long one usually takes."""


def usual_time(series: Series, runs_min: int = USUAL_RUNS_MIN) -> timedelta | None:
    """The median time that good runs took, where enough of them state their start."""
    took = [
        (run.finished - run.started).total_seconds()
        for run in series.runs
        if run.good and run.started is not None and run.finished is not None and run.finished > run.started
    ]
    return timedelta(seconds=median(took)) if len(took) >= runs_min else None


def must_end(case: Case, series: Series, started: datetime) -> datetime:
    """When a run that started must have ended.

    By its slot's slack or within the window, but never before "runs long" has been said: one usual time later than that.
    A single run is enough to know by that such runs are long. Where nothing is known at all, the first run has a period.
    """
    slot = slot_of(case.job.schedule, started)
    if case.job.schedule is None or not any(run.good for run in series.runs):
        deadline = started + case.period
    else:
        deadline = max(slot or started, started) + case.job.schedule.slack
    usual = usual_time(series, runs_min=1)
    return deadline if usual is None else max(deadline, started + usual * (case.thresholds.running_factor + 1))


def slot_of(schedule: Schedule | None, started: datetime) -> datetime | None:
    """The slot that a run which started then is for."""
    slots = schedule.slots_before(started + early(schedule), 1) if schedule is not None else ()
    return slots[0] if slots else None


def early(schedule: Schedule) -> timedelta:
    """How much earlier than its slot a run may end, or begin, and still be the one for it."""
    return min(schedule.slack, schedule.gap) / 4


def slot_under_way(case: Case, stream: Stream) -> tuple[datetime | None, datetime | None]:
    """The slot that a run newer than any good one is at work for, and when that run must have ended.

    A claim that it began is enough, also where an object is awaited. A run that began when its slot was missed already, or
    that should have ended by now, covers nothing.
    """
    schedule = case.job.schedule
    if schedule is None or (stream.runs and stream.runs[0].good and not case.claims):
        return None, None
    for run in _going(case, stream):
        if run.started is None:
            continue
        slot = slot_of(schedule, run.started)
        (series,) = [one for one in case.series[run.target] if one.kind == run.kind]
        deadline = must_end(case, series, run.started)
        if slot is not None and run.started <= slot + schedule.slack and case.now < deadline:
            return slot, deadline
    return None, None


def _going(case: Case, stream: Stream) -> Iterator[Run]:
    """Of this stream, and of each claim, the newest run that is going on."""
    for runs in (stream.runs, *(case.runs[claim] for claim in case.claims if claim not in stream.targets)):
        for run in runs:
            if run.good:
                break
            if run.outcome == "running":
                yield run
                break
