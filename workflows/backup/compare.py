"""The last run that was as it should be, beside the one that is not: what is different. Pure."""

from collections.abc import Iterator

from workflows.backup.evidence import Run
from workflows.backup.explanation import Compared
from workflows.backup.findings import Finding
from workflows.backup.standing import Standing
from workflows.kernel.quantities import age_text, size_text

ABOUT_A_BAD_RUN = frozenset(
    {"failed", "with_warnings", "not_ended", "runs_long", "empty", "under_min_size", "shrank", "identical"}
)
NOTABLE_SHARE = 0.1
"""Sizes and times that differ by less are the same to a person."""

OUTCOMES = {
    "ok": "ended well",
    "warning": "ended with warnings",
    "failed": "failed",
    "running": "has not ended",
    "unsure": "cannot be told",
}


def compared(standing: Standing) -> Compared:
    """Of the run that the worst finding is about, the last sound one of its target and kind; else the newest sound one of all."""
    blamed = [(finding, run) for finding in standing.findings if (run := _run_of(finding, standing.runs)) is not None]
    ids = {run.id for _, run in blamed}
    sound = [run for run in standing.runs if run.good and run.id not in ids]
    if not blamed:
        newest = max(sound, key=lambda run: run.at, default=None)
        return Compared(sound=newest)
    _, bad = min(blamed, key=lambda pair: (pair[0].level != "alert", -pair[1].at.timestamp()))
    alike = [run for run in sound if (run.target, run.kind) == (bad.target, bad.kind) and run.at < bad.at]
    last = max(alike, key=lambda run: run.at, default=None)
    return Compared(sound=last, since=bad, differences=tuple(_differences(last, bad)) if last is not None else ())


def _run_of(finding: Finding, runs: tuple[Run, ...]) -> Run | None:
    """The run that a finding is about, where a run is to blame; of several with one reference the newest."""
    if finding.rule not in ABOUT_A_BAD_RUN:
        return None
    about = [run for run in runs if run.target == finding.target and run.ref == finding.evidence]
    at_its_moment = [run for run in about if finding.at in {run.started, run.finished}]
    return max(at_its_moment or about, key=lambda run: run.at, default=None)


def _differences(sound: Run, bad: Run) -> Iterator[str]:
    if bad.outcome != sound.outcome:
        why = f": {bad.note}" if bad.note else ""
        yield f"it {OUTCOMES[sound.outcome]}, this one {OUTCOMES[bad.outcome]}{why}"
    if sound.size is not None and bad.size is not None and sound.size != bad.size:
        yield f"it was {size_text(sound.size)}, this one is {size_text(bad.size)}{_change(sound.size, bad.size)}"
    elif sound.size is not None and bad.size is None and bad.outcome != "running":
        yield f"it was {size_text(sound.size)}, this one does not say its size"
    elif sound.size is not None and sound.size == bad.size and sound.etag and sound.etag == bad.etag:
        yield "nothing: they are the same to the byte"
    took, takes = _took(sound), _took(bad)
    if took and takes and abs(takes - took) > NOTABLE_SHARE * took:
        yield f"it took {_time(sound)}, this one {_time(bad)}"


def _change(before: int, after: int) -> str:
    if not before:
        return ""
    share = after / before - 1
    return f" ({abs(share):.0%} {'larger' if share > 0 else 'smaller'})" if abs(share) >= 0.01 else " (nearly the same)"


def _took(run: Run) -> float | None:
    return (run.finished - run.started).total_seconds() if run.started is not None and run.finished is not None else None


def _time(run: Run) -> str:
    return age_text(run.finished - run.started) if run.started is not None and run.finished is not None else "an unknown time"
