"""Is the newest good run recent enough? Slots for a schedule, age for a window; the earlier of both warns."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from workflows.backup.case import NO_END_MARK, Case, Opinion, newest_good
from workflows.backup.evidence import Run
from workflows.backup.findings import Finding, Level
from workflows.kernel.quantities import window_text
from workflows.kernel.slots import Schedule

MISSED_MAX = 100
"""Slots are counted up to here; "more than a hundred missed" needs no exact number."""

LANES_WITHOUT_INTAKE = frozenset({"report"})
"""Claims that nothing takes in yet: where none ever came there is no evidence yet, and never an alert."""


def recent(case: Case) -> tuple[Opinion, Run | None, int]:
    """Judges every stream of evidence that tells when a run ended; returns also the newest good run and the runs missed."""
    opinion, best, missed = Opinion(), None, 0
    for target, runs in _streams(case):
        good = newest_good(runs)
        missed = max(missed, _judge(case, target, runs, good, opinion))
        if good is not None and (best is None or good.at > best.at):
            best = good
    return opinion, best, missed


def _streams(case: Case) -> list[tuple[str, Sequence[Run]]]:
    """What ends are told by: each watched prefix on its own, or else all claims together."""
    if case.objects and case.job.layout not in NO_END_MARK:
        return [(text, case.runs[text]) for text in case.objects]
    if len(case.claims) == 1:
        return [(case.claims[0], case.runs[case.claims[0]])]
    runs = sorted((run for text in case.claims for run in case.runs[text]), key=lambda run: run.at, reverse=True)
    return [(case.claims[0], runs)] if case.claims else []


def _judge(case: Case, target: str, runs: Sequence[Run], good: Run | None, opinion: Opinion) -> int:
    warn_at, alert_at = _deadlines(case, target, good)
    if warn_at is None or alert_at is None:
        return 0
    opinion.moments.extend(moment for moment in (warn_at, alert_at) if moment > case.now)
    if case.now < warn_at:
        return 0
    level: Level = "alert" if case.now >= alert_at else "warn"
    opinion.findings.append(_finding(case, target, runs, good, level))
    return _missed(case, good)


def _deadlines(case: Case, target: str, good: Run | None) -> tuple[datetime | None, datetime | None]:
    """When the newest good run (or its absence) becomes a warning and an alert."""
    if good is None:
        first = _first_due(case, target)
        return first, first
    warn_at, alert_at = _window_deadlines(case, good)
    if case.job.schedule is not None:
        slot_warn, slot_alert = _slot_deadlines(case.job.schedule, good, case.thresholds.late_alert_max)
        warn_at = slot_warn if warn_at is None else min(warn_at, slot_warn)
        alert_at = slot_alert if alert_at is None else min(alert_at, slot_alert)
    return warn_at, (warn_at if case.job.critical else alert_at)


def _first_due(case: Case, target: str) -> datetime | None:
    """A job that never had a good run is given one period from when it was first seen; a slot late in it, its slack."""
    if target in LANES_WITHOUT_INTAKE and not case.history[target]:
        return None
    deadline = case.first_seen + case.period
    schedule = case.job.schedule
    return deadline if schedule is None else max(deadline, schedule.next_after(case.first_seen) + schedule.slack)


def _window_deadlines(case: Case, good: Run) -> tuple[datetime | None, datetime | None]:
    window = case.thresholds.window
    if window is None:
        return None, None
    warn_at = good.at + window
    return warn_at, warn_at + min(window / 2, case.thresholds.late_alert_max)


def _slot_deadlines(schedule: Schedule, good: Run, late_max: timedelta) -> tuple[datetime, datetime]:
    """The first slot that `good` does not cover, and the second; the alert never waits longer than `late_max` for it."""
    first = schedule.next_after(good.at + early(schedule))
    second = schedule.next_after(first)
    warn_at = first + schedule.slack
    return warn_at, min(second + schedule.slack, warn_at + late_max)


def early(schedule: Schedule) -> timedelta:
    """How much earlier than its slot a run may end and still cover it."""
    return min(schedule.slack, schedule.gap) / 4


def _missed(case: Case, good: Run | None) -> int:
    """How many expected runs have not come since the newest good one (or since the job was first seen)."""
    since = good.at if good else case.first_seen
    schedule = case.job.schedule
    if schedule is None:
        return int((case.now - since) / case.period)
    uncovered = since + early(schedule)
    slots = schedule.slots_before(case.now - schedule.slack, MISSED_MAX)
    return sum(1 for slot in slots if slot > uncovered)


def _finding(case: Case, target: str, runs: Sequence[Run], good: Run | None, level: Level) -> Finding:
    limit, set_in = _limit(case)
    if target in case.unseen:
        error = case.unseen[target].error
        says = f"It cannot be seen whether a backup landed: {target} answers {error}."
        return _of(case, level, "cannot_see", says, limit, set_in, good)
    doubt = next((run for run in runs if run.outcome == "unsure" and (good is None or run.at > good.at)), None)
    if doubt is not None:  # something did happen: a listing that cannot tell what is no reason to cry wolf
        says = f"Unsure whether a backup ran: {doubt.note}" if doubt.note else "Unsure whether a backup ran."
        return _of(case, "warn", "unsure", says, limit, set_in, doubt)
    if good is None:
        return _of(case, level, "never_ran", "No good run has ever been seen.", limit, set_in, None)
    rule = "slot_missed" if case.job.schedule is not None and case.thresholds.window is None else "too_old"
    return _of(case, level, rule, f"The newest good run is older than {limit}.", limit, set_in, good)


def _of(case: Case, level: Level, rule: str, says: str, limit: str, set_in: str, run: Run | None) -> Finding:
    return Finding(
        test="recent",
        level=level,
        rule=rule,
        says=says,
        threshold=limit,
        set_in=set_in,
        evidence=run.ref if run else "",
        at=run.at if run else case.first_seen,
    )


def _limit(case: Case) -> tuple[str, str]:
    if case.thresholds.window is not None:
        return window_text(case.thresholds.window), case.thresholds.where("window")
    schedule = case.job.schedule
    return (f"{schedule.text} and {window_text(schedule.slack)}", "row") if schedule else ("", "")
