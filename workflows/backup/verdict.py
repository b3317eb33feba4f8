"""Verdict: what one check concludes about one job. Three tests in plain code, and no model."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from workflows.backup.case import Case, open_case
from workflows.backup.claims import claims
from workflows.backup.evidence import Run, Unseen
from workflows.backup.findings import Finding, Level, Verdict, VerdictLevel
from workflows.backup.finished import finished
from workflows.backup.job import Job
from workflows.backup.recent import recent
from workflows.backup.right_size import right_size
from workflows.backup.thresholds import Thresholds

__all__ = ["Finding", "Level", "Verdict", "judge"]


def judge(
    job: Job,
    thresholds: Thresholds,
    *,
    runs: Sequence[Run],
    first_seen: datetime,
    now: datetime,
    first_seen_of: Mapping[str, datetime] | None = None,
    unseen: Sequence[Unseen] = (),
    doubts: Mapping[str, str] | None = None,
    baseline_from: datetime | None = None,
    paced_from: datetime | None = None,
) -> Verdict:
    """The worst of what the tests find, with every finding kept.

    Args:
        runs: all that is known, newest last.
        first_seen: since when the job is watched.
        first_seen_of: target text -> since when that target is, where it was added to the row later.
        unseen: targets that could not be read this time.
        doubts: target text -> why its listing cannot be trusted.
        baseline_from: sizes before this moment are not compared with.
        paced_from: slots before this moment are not asked for.
    """
    case = open_case(
        job,
        thresholds,
        runs=runs,
        first_seen=first_seen,
        now=now,
        first_seen_of=first_seen_of,
        unseen=unseen,
        doubts=doubts,
        baseline_from=baseline_from,
        paced_from=paced_from,
    )
    recency, good, missed = recent(case)
    opinions = (finished(case), recency, right_size(case), claims(case))
    findings = [finding for opinion in opinions for finding in opinion.findings]
    findings += [_doubt(target, why) for target, why in case.doubts.items()]
    findings.sort(key=_worst_first)
    moments = [moment for opinion in opinions for moment in opinion.moments if moment > now]
    return Verdict(
        level=_level(case, findings, good),
        findings=tuple(findings),
        changes_at=min(moments, default=None),
        newest_good=good.id if good else "",
        missed=missed,
    )


def _level(case: Case, findings: Sequence[Finding], good: Run | None) -> VerdictLevel:
    if findings:
        return findings[0].level
    if case.unseen:
        return "unseen"
    return "green" if good is not None else "waiting"


def _worst_first(finding: Finding) -> int:
    return 0 if finding.level == "alert" else 1


def _doubt(target: str, why: str) -> Finding:
    return Finding(
        test="look",
        level="warn",
        rule="unsure_listing",
        says=f"Unsure what is in {target}: {why}.",
        evidence=target,
        target=target,
    )
