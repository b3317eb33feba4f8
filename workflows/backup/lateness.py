"""How it is said that no good run is recent enough, or that none is left."""

from dataclasses import dataclass
from datetime import datetime

from workflows.backup.case import Case, Stream
from workflows.backup.evidence import Run
from workflows.backup.findings import Finding, Level
from workflows.kernel.quantities import window_text

SURE_AFTER_CHECKS = 2
"""A target that could not be read once may have had a hiccup: what is known of it counts as before."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One bound on the newest good run: when it is a warning to be past it, when an alert, and the rule that says so."""

    rule: str
    warn_at: datetime
    alert_at: datetime


def nothing_left(target: str, newest: Run) -> Finding:
    """Every run that was ever seen on the target is gone. `newest`: the last of them."""
    says = f"Nothing is left in {target}: every backup that was there is gone."
    return Finding(test="recent", level="alert", rule="nothing_left", says=says, evidence=newest.ref, target=target, at=newest.at)


def late(case: Case, stream: Stream, good: Run | None, last: Run | None, bound: Bound, level: Level) -> Finding:
    """The finding about a bound that has passed. `last`: the newest good run, or where none is left the last that was."""
    target = stream.targets[0]
    limit, set_in = _limit(case, bound.rule)
    level, rule, says, about = _explained(case, stream, good, last, bound.rule, level, limit)
    return Finding(
        test="recent",
        level=level,
        rule=rule,
        says=says,
        threshold=limit,
        set_in=set_in,
        evidence=about.ref if about else target if case.named(target) else "",
        target=target if len(stream.targets) == 1 else "",
        at=about.at if about else case.seen_since(*stream.targets),
    )


def _explained(
    case: Case, stream: Stream, good: Run | None, last: Run | None, rule: str, level: Level, limit: str
) -> tuple[Level, str, str, Run | None]:
    """Level, rule and sentence, and the run they are about."""
    target, unseen = stream.targets[0], case.unseen.get(stream.targets[0])
    if unseen is not None and unseen.checks >= SURE_AFTER_CHECKS:
        return level, "cannot_see", f"It cannot be seen whether a backup landed: {target} answers {unseen.error}.", last
    doubt = next((run for run in stream.runs if run.outcome == "unsure" and (good is None or run.at > good.at)), None)
    if doubt is not None:  # something did happen: a listing that cannot tell what is no reason to cry wolf
        says = f"Unsure whether a backup ran{case.named(target)}"
        return "warn", "unsure", f"{says}: {doubt.note}" if doubt.note else f"{says}.", doubt
    if last is None:
        says = f"No good run has ever been seen{case.named(target)}."
    elif good is None:
        rule, says = "nothing_left", f"No good backup is left{case.named(target)}."
    elif rule == "slot_missed":
        says = f"A run was due{case.named(target)}, and no good one has come."
    else:
        says = f"The newest good run{case.named(target)} is older than {limit}."
    if unseen is not None:
        says += f" Just now {target} could not be read: {unseen.error}."
    return level, rule, says, last


def _limit(case: Case, rule: str) -> tuple[str, str]:
    """The bound as a person reads it, and where it was set. Without any run yet, the window explains it, else the schedule."""
    schedule = case.job.schedule
    if case.thresholds.window is not None and (rule != "slot_missed" or schedule is None):
        return window_text(case.thresholds.window), case.thresholds.where("window")
    return (f"{schedule.text} and {window_text(schedule.slack)}", "row") if schedule else ("", "")
