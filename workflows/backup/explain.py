"""Explain: why this verdict, each rule with its threshold, its evidence, and what would make it green. Pure.

What is wrong is what the last check concluded; what is right is asked again, of the same evidence and the numbers now in force.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from workflows.backup.case import Case, open_case
from workflows.backup.compare import compared
from workflows.backup.explained import finished_points, look_points, recent_points, size_points
from workflows.backup.explanation import Explanation, Limit, Point, PointLevel
from workflows.backup.findings import Finding, Test
from workflows.backup.gather import watched_since
from workflows.backup.job import Job
from workflows.backup.joblist import job_from_cells
from workflows.backup.remedies import remedy
from workflows.backup.rules import Rules
from workflows.backup.standing import Standing
from workflows.backup.verdict import judge

TESTS: tuple[Test, ...] = ("look", "finished", "recent", "right_size")
_WORST_FIRST: tuple[PointLevel, ...] = ("alert", "warn", "unknown", "ok", "idle")


def explain(standing: Standing, *, rules: Rules, timezone: str, now: datetime) -> Explanation:
    """Why the job stands as it does.

    Args:
        rules: those in force. timezone: IANA name for rows that state none.
    """
    job = job_from_cells(standing.row, timezone=timezone, rules=rules) if standing.row else ()
    if not isinstance(job, Job):
        why = "; ".join(f"{error.column or 'row'}: {error.problem}" for error in job) or "its row is not known yet"
        points = tuple(_found(finding) for finding in standing.findings)
        return Explanation(
            standing=standing, points=points, remedies=_remedies(standing.findings), compared=compared(standing), trouble=why
        )
    case = _case(job, standing, rules, now)
    found = [*look_points(case), *finished_points(case), *recent_points(case), *size_points(case)]
    slot = job.schedule.next_after(now) if job.schedule else None
    return Explanation(
        standing=standing,
        points=tuple(_ordered(_doubtful(list(_with_findings(found, standing.findings))))),
        remedies=_remedies(standing.findings),
        expected=slot,
        latest=slot + job.schedule.slack if slot is not None and job.schedule is not None else None,
        changes_at=_changes_at(job, case, standing),
        compared=compared(standing),
    )


def _case(job: Job, standing: Standing, rules: Rules, now: datetime) -> Case:
    return open_case(
        job,
        rules.thresholds(job),
        runs=standing.runs,
        first_seen=standing.first_seen,
        first_seen_of=watched_since(standing),
        now=now,
        unseen=standing.unseen,
        baseline_from=standing.baseline_from,
        paced_from=standing.paced_from,
    )


def _changes_at(job: Job, case: Case, standing: Standing) -> datetime | None:
    verdict = judge(
        job,
        case.thresholds,
        runs=standing.runs,
        first_seen=standing.first_seen,
        first_seen_of=case.first_seen_of,
        now=case.now,
        unseen=standing.unseen,
        baseline_from=standing.baseline_from,
        paced_from=standing.paced_from,
    )
    return verdict.changes_at


def _with_findings(points: Sequence[Point], findings: Sequence[Finding]) -> Iterator[Point]:
    """Each finding stands where its rule was asked; one whose rule is not asked by now is told by itself."""
    left = list(findings)
    for point in points:
        mine = next((one for one in left if _is_about(one, point)), None)
        if mine is None:
            yield point
            continue
        left.remove(mine)
        limits = point.limits or _limits(mine)
        yield replace(point, rule=mine.rule, level=mine.level, finding=mine, limits=limits, holds_until=None, note="")
    yield from (_found(finding) for finding in left)


def _doubtful(points: Sequence[Point]) -> Iterator[Point]:
    """Where it is not sure that nothing came, nothing is said to be late by the other bounds either."""
    unsure = {point.target for point in points if point.finding is not None and point.finding.rule in {"unsure", "cannot_see"}}
    for point in points:
        late = point.test == "recent" and point.finding is None and point.level in {"warn", "alert"}
        yield replace(point, level="unknown") if late and point.target in unsure else point


SAME_QUESTION = {
    "with_warnings": "failed",
    "runs_long": "not_ended",
    "nothing_left": "too_old",
    "cannot_see": "too_old",
    "unsure": "too_old",
}
"""Rules that answer one question: which of them speaks depends on the answer."""


def _is_about(finding: Finding, point: Point) -> bool:
    """Of a test's points that ask the same, the first takes what was found: without a window it is the schedule's."""
    asked = {point.rule, SAME_QUESTION.get(point.rule, point.rule)}
    of_recency = finding.test == point.test == "recent" and finding.rule in {"nothing_left", "cannot_see", "unsure"}
    same_rule = of_recency or finding.rule in asked or SAME_QUESTION.get(finding.rule) in asked
    return same_rule and (not point.target or finding.target in {"", point.target})


def _found(finding: Finding) -> Point:
    """What was found, by itself."""
    return Point(
        test=finding.test,
        rule=finding.rule,
        level=finding.level,
        asks="",
        finding=finding,
        limits=_limits(finding),
        target=finding.target,
    )


def _limits(finding: Finding) -> tuple[Limit, ...]:
    return (Limit("limit", finding.threshold, finding.set_in),) if finding.threshold else ()


def _ordered(points: Iterator[Point]) -> list[Point]:
    return sorted(points, key=lambda point: (TESTS.index(point.test), _WORST_FIRST.index(point.level)))


def _remedies(findings: Sequence[Finding]) -> tuple[str, ...]:
    worst_first = sorted(findings, key=lambda finding: finding.level != "alert")
    return tuple(dict.fromkeys(remedy(finding) for finding in worst_first))
