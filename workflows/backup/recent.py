"""Is the newest good run recent enough? Slots for a schedule, age for a window; the earlier of both warns."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from workflows.backup.case import NO_END_MARK, Case, Opinion, Stream, newest_good
from workflows.backup.evidence import Run
from workflows.backup.findings import Level
from workflows.backup.going import early, slot_under_way
from workflows.backup.lateness import Bound, late, nothing_left
from workflows.kernel.slots import Schedule

MISSED_MAX = 100
"""Slots are counted up to here; "more than a hundred missed" needs no exact number."""


def recent(case: Case) -> tuple[Opinion, Run | None, int]:
    """Judges every stream of evidence that tells when a run ended; returns also the newest good run and the runs missed."""
    opinion, best, missed = Opinion(), None, 0
    for target in case.objects:
        if case.history[target] and not case.runs[target]:
            opinion.findings.append(nothing_left(target, case.history[target][0]))
    for stream in _streams(case):
        good = newest_good(stream.runs)
        missed = max(missed, _judge(case, stream, good, opinion))
        if good is not None and (best is None or good.at > best.at):
            best = good
    return opinion, best, missed


def bounds_of(case: Case) -> Iterator[tuple[Stream, Run | None, list[Bound]]]:
    """Of each stream the run that its bounds are about, and the bounds, passed or not: to explain them."""
    for stream in _streams(case):
        last = newest_good(stream.runs) or _last_kept(stream.history)
        yield stream, last, _bounds(case, stream, last, slot_under_way(case, stream)[0])


def _streams(case: Case) -> list[Stream]:
    """What ends are told by: each watched prefix on its own, or else all claims together."""
    if case.objects and case.job.layout not in NO_END_MARK:
        return [Stream((text,), case.runs[text], case.history[text]) for text in case.objects]
    if len(case.claims) == 1:
        return [Stream(case.claims, case.runs[case.claims[0]], case.history[case.claims[0]])]
    runs = sorted((run for text in case.claims for run in case.runs[text]), key=lambda run: run.at, reverse=True)
    return [Stream(case.claims, runs, runs)] if case.claims else []


def _judge(case: Case, stream: Stream, good: Run | None, opinion: Opinion) -> int:
    """Adds what the bounds of the newest good run say; returns how many runs were missed, once it is late."""
    last = good or _last_kept(stream.history)
    under_way, its_deadline = slot_under_way(case, stream)
    if stream.history and not stream.runs:
        return _missed(case, stream, last, under_way)  # that nothing is left was said
    bounds = _bounds(case, stream, last, under_way)
    moments = [moment for bound in bounds for moment in (bound.warn_at, bound.alert_at)]
    if its_deadline is not None:
        moments.append(its_deadline)
    opinion.moments += [moment for moment in moments if moment > case.now]
    passed = [bound for bound in bounds if bound.warn_at <= case.now]
    if not passed:
        return 0
    opinion.findings.append(late(case, stream, good, last, *_worst(passed, case.now)))
    return _missed(case, stream, last, under_way)


def _last_kept(history: Sequence[Run]) -> Run | None:
    """Where no good run is left, the newest of those that were: nothing is late before it would be."""
    return next((run for run in history if run.gone and run.outcome in {"ok", "warning"} and run.size != 0), None)


def _worst(passed: Sequence[Bound], now: datetime) -> tuple[Bound, Level]:
    """The bound to explain it by: the first that made it as bad as it is."""
    alerts = [bound for bound in passed if bound.alert_at <= now]
    if alerts:
        return min(alerts, key=lambda bound: bound.alert_at), "alert"
    return min(passed, key=lambda bound: bound.warn_at), "warn"


def _bounds(case: Case, stream: Stream, last: Run | None, under_way: datetime | None) -> list[Bound]:
    """When the newest good run (or its absence) becomes a warning and an alert."""
    if last is None:
        return _first_due(case, stream, under_way)
    bounds = []
    if case.thresholds.window is not None:
        warn_at = last.at + case.thresholds.window
        bounds.append(Bound("too_old", warn_at, warn_at + min(case.thresholds.window / 2, case.thresholds.late_alert_max)))
    if case.job.schedule is not None:
        bounds.append(_slot_bound(case, case.job.schedule, last, under_way))
    return [Bound(bound.rule, bound.warn_at, bound.warn_at) for bound in bounds] if case.job.critical else bounds


def _slot_bound(case: Case, schedule: Schedule, last: Run, under_way: datetime | None) -> Bound:
    """The first slot that `last` does not cover, and the second; the alert never waits longer than `late_alert_max` for it."""
    first = _slot_after(schedule, case.paced(last.at + early(schedule)), under_way)
    second = _slot_after(schedule, first, under_way)
    warn_at = first + schedule.slack
    return Bound("slot_missed", warn_at, min(second + schedule.slack, warn_at + case.thresholds.late_alert_max))


def _slot_after(schedule: Schedule, moment: datetime, under_way: datetime | None) -> datetime:
    slot = schedule.next_after(moment)
    return schedule.next_after(slot) if slot == under_way else slot


def _first_due(case: Case, stream: Stream, under_way: datetime | None) -> list[Bound]:
    """Where no good run was ever seen, one period is given from when it was first watched; a slot late in it, its slack."""
    since = case.paced(case.seen_since(*stream.targets))
    deadline = since + case.period
    if case.job.schedule is not None:
        deadline = max(deadline, _slot_after(case.job.schedule, since, under_way) + case.job.schedule.slack)
    return [Bound("never_ran", deadline, deadline)]


def _missed(case: Case, stream: Stream, last: Run | None, under_way: datetime | None) -> int:
    """How many expected runs have not come since the newest good one (or since it was first watched)."""
    since = last.at if last else case.seen_since(*stream.targets)
    schedule = case.job.schedule
    if schedule is None:
        return int((case.now - since) / case.period)
    uncovered = case.paced(since + early(schedule))
    slots = schedule.slots_before(case.now - schedule.slack, MISSED_MAX)
    return sum(1 for slot in slots if slot > uncovered and slot != under_way)
