"""Did the newest run of each kind end, and end well? A success of one kind never clears a failure of another."""

from workflows.backup.case import Case, Opinion, Series
from workflows.backup.evidence import Run
from workflows.backup.findings import Finding, Level
from workflows.backup.going import must_end, usual_time
from workflows.kernel.quantities import age_text


def finished(case: Case) -> Opinion:
    opinion = Opinion()
    for of_target in case.series.values():
        for series in of_target:
            _judge_ended(case, series, opinion)
            _judge_running(case, series, opinion)
    return opinion


def _judge_ended(case: Case, series: Series, opinion: Opinion) -> None:
    newest = next((run for run in series.runs if run.outcome not in {"running", "unsure"}), None)
    if newest is None or newest.outcome == "ok":
        return
    level: Level
    level, rule, says = "warn", "with_warnings", f"The last run{case.named(series.target)} completed with warnings"
    if newest.outcome == "failed":
        level, rule, says = "alert", "failed", f"The last run{case.named(series.target)} failed"
    says = f"{says}: {newest.note}" if newest.note else f"{says}."
    opinion.findings.append(
        Finding(
            test="finished",
            level=level,
            rule=rule,
            says=says,
            evidence=newest.ref,
            target=series.target,
            at=newest.at,
        )
    )


def _judge_running(case: Case, series: Series, opinion: Opinion) -> None:
    """A run that started and has not ended; anything that ended later of the same kind has overtaken it."""
    newest = series.runs[0] if series.runs else None
    if newest is None or newest.outcome != "running" or newest.started is None:
        return
    going = age_text(case.now - newest.started)
    deadline = must_end(case, series, newest.started)
    if case.now >= deadline:
        says = f"A run{case.named(series.target)} started {going} ago and has not ended."
        opinion.findings.append(_about(newest, "alert", "not_ended", says))
        return
    opinion.moments.append(deadline)
    usual = usual_time(series)
    if usual is None:
        return
    long = newest.started + usual * case.thresholds.running_factor
    if case.now < long:
        opinion.moments.append(long)
        return
    limit = f"{case.thresholds.running_factor:g} times {age_text(usual)}"
    says = f"A run{case.named(series.target)} has been going for {going}; it usually takes {age_text(usual)}."
    opinion.findings.append(_about(newest, "warn", "runs_long", says, limit, case.thresholds.where("running_factor")))


def _about(run: Run, level: Level, rule: str, says: str, threshold: str = "", set_in: str = "") -> Finding:
    return Finding(
        test="finished",
        level=level,
        rule=rule,
        says=says,
        threshold=threshold,
        set_in=set_in,
        evidence=run.ref,
        target=run.target,
        at=run.started,
    )
