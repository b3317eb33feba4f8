"""The runs that are remembered of one job: what a look adds to them, and what is let go."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from workflows.backup.evidence import Run
from workflows.backup.layouts.sight import REPOSITORY, Sighting

RUNS_KEPT = 30
OF_KIND_KEPT = 8
KINDS_KEPT = 12

USUAL_SHARE = 0.4
"""A run smaller than this share of the largest may be what is left after a collapse."""


def merge_runs(stored: tuple[Run, ...], sighting: Sighting) -> tuple[Run, ...]:
    """The stored runs (of all targets) with what a look found, newest last; the same tuple when nothing is new.

    A run that is no longer there stays as `gone`. One that was running and is no longer seen was no run of its own: the
    one that ended it stands in its place.
    """
    if not sighting.runs and not sighting.gone and sighting.present is None:
        return stored
    seen = {run.id: run for run in sighting.runs}
    merged: list[Run] = []
    for run in stored:
        if run.target != sighting.target:
            merged.append(run)
        elif run.id in seen:
            merged.append(_again(run, seen.pop(run.id)))
        elif not _vanished(run, sighting):
            merged.append(replace(run, gone=False) if run.gone and _present(run, sighting) else run)
        elif run.outcome != "running":
            merged.append(run if run.gone else replace(run, gone=True))
    kept = keep_recent((*merged, *seen.values()))
    return stored if kept == stored else kept


def keep_recent(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The newest 30, and of each target and kind what its newest run is judged by; newest last.

    That is the last 8 good, the last 8 that state a size, the last 8 as large as usual, however many small ones came since,
    and the last 8 unlike each other, however often the very same one came since.
    """
    newest_first = sorted(runs, key=_age, reverse=True)
    largest: dict[tuple[str, str], int] = {}
    for run in newest_first:
        largest[run.target, run.kind] = max(run.size or 0, largest.get((run.target, run.kind), 0))
    kept: set[int] = set()
    series: dict[tuple[str, str], _Series] = {}
    for place, run in enumerate(newest_first):
        if place < RUNS_KEPT:
            kept.add(place)
        kind = run.target, run.kind
        if kind not in series and len(series) == KINDS_KEPT:
            continue
        if series.setdefault(kind, _Series(largest[kind])).needs(run):
            kept.add(place)
    return tuple(newest_first[place] for place in sorted(kept, reverse=True))


@dataclass(slots=True)
class _Series:
    """What is needed of one target and kind: the newest few of every virtue."""

    largest: int
    counted: Counter[str] = field(default_factory=Counter)
    known: set[tuple[int | None, str]] = field(default_factory=set)

    def needs(self, run: Run) -> bool:
        virtues = self._virtues(run)
        self.counted.update(virtues)
        return any(self.counted[virtue] <= OF_KIND_KEPT for virtue in virtues)

    def _virtues(self, run: Run) -> list[str]:
        sized = bool(run.size) and run.outcome in {"ok", "warning"}
        large = sized and (run.size or 0) >= self.largest * USUAL_SHARE
        unlike = sized and (run.size, run.etag) not in self.known
        self.known.add((run.size, run.etag))
        holds = {"good": run.good, "sized": sized, "large": large, "unlike": unlike}
        return [virtue for virtue, has in holds.items() if has]


def _age(run: Run) -> tuple[object, ...]:
    return (run.at, run.outcome == "failed", run.id)  # of two in one second, a failure is the newer: no success may hide it


def _vanished(run: Run, sighting: Sighting) -> bool:
    return run.id in sighting.gone or (sighting.present is not None and run.id not in sighting.present)


def _present(run: Run, sighting: Sighting) -> bool:
    return sighting.present is not None and run.id in sighting.present


def _again(known: Run, seen: Run) -> Run:
    """The run as it is seen now. What an earlier look knew better (its size, that it was one at all) is kept."""
    if seen.outcome == "unsure" and known.outcome != "unsure":
        return replace(known, gone=False) if known.gone else known
    if known.size is not None and (seen.size is None or seen.kind == REPOSITORY):  # it was weighed when it was new
        return replace(seen, size=known.size)
    return seen
