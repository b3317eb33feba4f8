"""What was said against what landed: presence only, never bytes."""

from datetime import datetime, timedelta

from workflows.backup.case import Case, Opinion, newest_good
from workflows.backup.evidence import Run
from workflows.backup.findings import Finding, Level
from workflows.kernel.quantities import window_text


def claims(case: Case) -> Opinion:
    """Compares each kind of claim with what landed on the watched prefixes. A prefix that cannot be read is not compared."""
    opinion = Opinion()
    prefixes = [text for text in case.objects if text not in case.unseen] if case.claims else []
    if not prefixes:
        return opinion
    ended = [run for text in prefixes for run in case.runs[text] if run.outcome != "running"]
    landed = max(ended, key=lambda run: run.at, default=None)
    said = [good for text in case.claims if (good := newest_good(case.runs[text]))]
    newest = max(said, key=lambda run: run.at, default=None)
    if newest is not None and newest.at >= case.seen_since(*prefixes):  # before, it spoke of what landed elsewhere
        _said_but_not_landed(case, newest, landed, opinion)
    _landed_but_not_said(case, landed, opinion)
    return opinion


def _said_but_not_landed(case: Case, claim: Run, landed: Run | None, opinion: Opinion) -> None:
    began = claim.started or claim.at
    if landed is not None and (case.job.layout == "sync" or landed.at >= began - case.thresholds.claim_slack):
        return  # a sync of unchanged files writes nothing new; that anything is there must do
    warn_at, alert_at = claim.at + _patience(case), claim.at + case.period
    opinion.moments.extend(moment for moment in (warn_at, alert_at) if moment > case.now)
    if case.now < warn_at:
        return
    level: Level = "alert" if case.now >= alert_at else "warn"
    limit, name = (case.period, "window") if level == "alert" else (_patience(case), "claim_warn_min")
    opinion.findings.append(
        _finding(case, level, "said_not_landed", "It said it finished, but nothing landed.", limit, name, claim, claim.target)
    )


def _landed_but_not_said(case: Case, landed: Run | None, opinion: Opinion) -> None:
    if landed is None or not landed.good:
        return
    for claim in case.claims:
        heard = case.runs[claim]
        newest = max((run.at for run in heard), default=datetime.min.replace(tzinfo=landed.at.tzinfo))
        if newest >= landed.at - case.thresholds.claim_slack:
            continue
        since = case.seen_since(claim)
        if landed.at < since:
            continue  # nobody was to say so yet
        warn_at = landed.at + _patience(case) if heard else max(landed.at + _patience(case), since + case.period)
        if case.now < warn_at:
            opinion.moments.append(warn_at)
            continue
        said = "no check-in said so" if claim == "heartbeat" else "no report said so"
        says = f"A backup landed, but {said}."
        opinion.findings.append(_finding(case, "warn", "landed_not_said", says, _patience(case), "claim_warn_min", landed, claim))


def _patience(case: Case) -> timedelta:
    return max(case.thresholds.claim_warn_min, case.period * case.thresholds.claim_warn_share)


def _finding(case: Case, level: Level, rule: str, says: str, limit: timedelta, name: str, run: Run, target: str) -> Finding:
    return Finding(
        test="finished",
        level=level,
        rule=rule,
        says=says,
        threshold=window_text(limit),
        set_in=case.thresholds.where(name),
        evidence=run.ref,
        target=target,
        at=run.at,
    )
