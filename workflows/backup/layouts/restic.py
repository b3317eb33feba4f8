"""`restic`: a new key under snapshots/, written last, ends a run. Its size is the whole repository's, seen at most daily.

An unchanged source adds a snapshot and next to no data: the repository's total does not shrink. forget and prune delete
snapshots and rewrite data, but add no snapshot: no run. What keys cannot tell (`restic tag` and `rewrite` write a snapshot
anew) wants a heartbeat beside it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zlib import crc32

from workflows.backup.evidence import Run
from workflows.backup.layouts.sight import REPOSITORY, Sight, Sighting, epoch, newest_runs, object_id
from workflows.kernel.ports import Json, Object

DATA_PAGES_MAX = 100
WEIGHED_EVERY = timedelta(hours=20)
"""Once a day, whatever minute the daily run ends at."""

LOCK_FRESH = timedelta(minutes=30)
"""restic renews its lock every five minutes, and takes it for stale after thirty."""

NAME_CHARS = 64


def look(sight: Sight, cursor: Json | None) -> Sighting:
    snapshots, complete = sight.walk(sight.root + "snapshots/")
    snapshots = sorted((one for one in snapshots if _is_hash(one.key)), key=lambda one: (one.modified, one.key))
    newest = snapshots[-1].modified if snapshots else None
    going = _going_on(sight, newest)
    seen: Json = {"snapshots": _digest(snapshots), "newest": epoch(newest) if newest else 0}
    if going is not None:
        seen["running"] = going.id
    last = cursor or {}
    if {name: last.get(name) for name in ("snapshots", "newest", "running")} == {"running": None, **seen} and not sight.thorough:
        return Sighting(target=sight.target.text, cursor=last, unsure=_unsure(complete=complete, sight=sight), pages=sight.pages)
    size = None
    weighed = last.get("weighed", 0)
    if newest and epoch(newest) > last.get("newest", 0) and epoch(sight.now) - weighed >= WEIGHED_EVERY.total_seconds():
        size = _weigh(sight)
        weighed = epoch(sight.now)
    runs = [_run(one, sight.target.text, size if one is snapshots[-1] else None) for one in snapshots]
    present = frozenset(run.id for run in runs)
    return Sighting(
        target=sight.target.text,
        runs=newest_runs([*runs, *([going] if going else ())]),
        present=(present | {going.id} if going else present) if complete else None,
        cursor={**seen, "weighed": weighed},
        unsure=_unsure(complete=complete, sight=sight),
        pages=sight.pages,
    )


def _run(snapshot: Object, target: str, size: int | None) -> Run:
    return Run(
        id=object_id(snapshot),
        source="object",
        target=target,
        outcome="ok",
        finished=snapshot.modified,
        size=size,
        kind=REPOSITORY,
        ref=snapshot.key,
    )


def _going_on(sight: Sight, newest: datetime | None) -> Run | None:
    """A lock that is kept fresh, and data written since the last snapshot: a run goes on (or, for a while, a prune)."""
    locks = sight.page(sight.root + "locks/").objects
    fresh = [lock.modified for lock in locks if sight.now - lock.modified <= LOCK_FRESH]
    if not fresh:
        return None
    data = sight.page(sight.root + "data/").objects  # names are hashes: a page of them is a fair sample
    new = [one.modified for one in data if newest is None or one.modified > newest]
    new = [moment for moment in new if moment >= min(fresh) - LOCK_FRESH]
    if not new:
        return None
    return Run(
        id=f"{sight.root}locks/#running",
        source="object",
        target=sight.target.text,
        outcome="running",
        started=min(new),
        kind=REPOSITORY,
        ref=f"{sight.root}locks/",
    )


def _weigh(sight: Sight) -> int | None:
    """The repository's bytes, or None when it is too large to be listed."""
    data, complete = sight.walk(sight.root + "data/", pages_max=DATA_PAGES_MAX)
    return sum(one.size for one in data if _is_hash(one.key)) if complete else None


def _is_hash(key: str) -> bool:
    """Whether this is a finished file of the repository, not a temporary one."""
    return len(key) - key.rfind("/") - 1 == NAME_CHARS


def _digest(snapshots: Sequence[Object]) -> int:
    return crc32("\n".join(object_id(one) for one in snapshots).encode())


def _unsure(*, complete: bool, sight: Sight) -> str:
    return "" if complete else f"There are more snapshots in {sight.target.text} than {sight.pages} pages; the rest was not seen."
