"""Repositories that keep a folder for each backup: list the folders, look into those that are new or not yet ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from workflows.backup.evidence import Run
from workflows.backup.layouts.sight import RUNS_MAX, Sight, Sighting, epoch, newest_runs, total
from workflows.kernel.ports import Json, Object

CLOSELY = 8
"""So many of the newest backups are weighed at first sight, and looked into again by a thorough look."""

WEIGH_PAGES_MAX = 100
SAMPLE_KEYS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup of the repository, in the order they were begun.

    Attributes:
        name: names it for good, and its run.
        folder: where its bytes lie; kind: full, incr, …
        mark: the key that ends it, when it was listed already; `mark_key`: where to look for it otherwise.
    """

    name: str
    folder: str
    kind: str
    mark: Object | None = None
    mark_key: str = ""


@dataclass(slots=True)
class _Seen:
    """What a look into the folders found. `ended`: when the newest backup ended, in epoch seconds."""

    ended: int
    runs: list[Run] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    known: list[int] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


def sighting(sight: Sight, cursor: Json | None, backups: Sequence[Backup], extra: Json, *, complete: bool) -> Sighting:
    """The sighting of these backups, oldest first. `extra` is what the layout itself must find in the next cursor."""
    unsure = _unsure(sight, complete=complete)
    now: Json = {**extra, "names": _digest(backups)}
    if cursor is not None and not cursor["open"] and {**cursor, **now} == cursor and not sight.thorough:
        return Sighting(target=sight.target.text, cursor=cursor, pages=sight.pages, unsure=unsure)
    seen = _look_into(sight, backups, cursor or {})
    moved = {**now, "ended": seen.ended, "known": seen.known, "open": seen.open}
    if moved == cursor and not sight.thorough:
        return Sighting(target=sight.target.text, cursor=cursor, pages=sight.pages, unsure=unsure)
    return Sighting(
        target=sight.target.text,
        runs=newest_runs(seen.runs),
        present=frozenset(seen.present) if complete else None,
        cursor=moved,
        unsure=unsure,
        pages=sight.pages,
    )


def _look_into(sight: Sight, backups: Sequence[Backup], cursor: Json) -> _Seen:
    """Newest first, so that the newest are weighed and what an ended backup has overtaken is not taken for running."""
    known = set(cursor.get("known", ()))
    seen = _Seen(ended=cursor.get("ended", 0))
    seen.present.update(one.name for one in backups[:-RUNS_MAX])
    unmarked = []
    for place, backup in enumerate(reversed(backups[-RUNS_MAX:])):
        closely = place < CLOSELY
        number = crc32(backup.name.encode())
        again = number in known
        mark = None if again and not (sight.thorough and closely) else backup.mark or _mark(sight, backup)
        if mark is not None:
            seen.runs.append(_ended(sight, backup, mark, _weigh(sight, backup) if closely and not again else None))
            seen.ended = max(seen.ended, epoch(mark.modified))
        elif not again or (sight.thorough and closely):
            unmarked.append(backup)
            continue
        seen.present.add(backup.name)
        seen.known.append(number)
    for backup in unmarked:
        run = _going_on(sight, backup, seen.ended)
        if run is not None:
            seen.runs.append(run)
            seen.present.add(backup.name)
            seen.open.append(backup.name)
    return seen


def _mark(sight: Sight, backup: Backup) -> Object | None:
    if not backup.mark_key:
        return None
    listed = sight.page(backup.mark_key, max_keys=1).objects
    return listed[0] if listed and listed[0].key == backup.mark_key else None


def _weigh(sight: Sight, backup: Backup) -> int | None:
    objects, complete = sight.walk(backup.folder, pages_max=WEIGH_PAGES_MAX)
    return total(objects) if complete else None


def _ended(sight: Sight, backup: Backup, mark: Object, size: int | None) -> Run:
    return Run(
        id=backup.name,
        source="object",
        target=sight.target.text,
        outcome="ok",
        finished=mark.modified,
        size=size,
        kind=backup.kind,
        ref=mark.key,
    )


def _going_on(sight: Sight, backup: Backup, ended: int) -> Run | None:
    """A backup without its mark, unless one that ended later has overtaken it."""
    objects = sight.page(backup.folder, max_keys=SAMPLE_KEYS).objects
    if not objects or epoch(max(one.modified for one in objects)) <= ended:
        return None
    return Run(
        id=backup.name,
        source="object",
        target=sight.target.text,
        outcome="running",
        started=min(one.modified for one in objects),
        kind=backup.kind,
        ref=backup.folder,
    )


def _digest(backups: Iterable[Backup]) -> int:
    return crc32("\n".join(f"{one.name} {one.mark is not None}" for one in backups).encode())


def _unsure(sight: Sight, *, complete: bool) -> str:
    return (
        "" if complete else f"There are more than {sight.pages} pages of backups in {sight.target.text}; the rest was not seen."
    )
