"""Layouts whose runs can be told from the keys alone: how often to walk, and when a bookmark is enough.

Where a full walk saw that the runs' keys follow their dates, a look starts after the last key before the newest known run:
one small page, in which that run itself must stand first. Where it does not stand there, or time and names no longer agree,
the look becomes a full walk. Otherwise every look is a full walk, kept for a tenth of the window (an hour when it is long).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workflows.backup.evidence import Run
from workflows.backup.layouts.sight import Sight, Sighting, epoch, newest_runs
from workflows.kernel.ports import Json, Object

TAIL_KEYS = 20
"""Decoding costs by the key: a bookmarked look asks for few."""

TAIL_PAGES_MAX = 10
LONG_WALK_PAGES = 10
LONG_WALK_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a reader may know besides the keys. `whole`: the objects are all there are, not only the newest."""

    target: str
    prefix: str
    now: datetime
    window: timedelta
    whole: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One run, and the stretch of keys it was read from. `group`: names the stretch, however the run in it changes."""

    run: Run
    group: str
    last_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a layout makes of a listing.

    Attributes:
        found: in key order where `ordered`.
        ordered: the stretches follow each other in key order and in time.
        memory: what the layout must be handed again to read the next listing alike; small.
        also: ids of runs known from earlier that no key shows any more, though they are not gone.
    """

    found: Sequence[Found]
    ordered: bool
    memory: Json = field(default_factory=dict)
    also: frozenset[str] = frozenset()


Reader = Callable[[Sequence[Object], Json, Scope], Reading]


def look_at_list(sight: Sight, cursor: Json | None, read: Reader) -> Sighting:
    if cursor is None or sight.thorough:
        return _walk(sight, cursor, read)
    if not cursor["ordered"]:
        kept = sight.walked_within(_kept_for(sight, cursor))
        return _sighting(sight, cursor) if kept else _walk(sight, cursor, read)
    if cursor["day"] != sight.day:
        return _walk(sight, cursor, read)
    return _after_bookmark(sight, cursor, read) or _walk(sight, cursor, read)


def _after_bookmark(sight: Sight, cursor: Json, read: Reader) -> Sighting | None:
    """What is new behind the bookmark; None when only a full walk can tell."""
    tail = _tail(sight, cursor["after"])
    if tail is None:
        return None
    reading = read(tail, cursor["memory"], _scope(sight, whole=False))
    found = reading.found
    if not found and not cursor["group"]:
        return _sighting(sight, cursor)
    if not found or found[0].group != cursor["group"] or not reading.ordered:
        return None
    known = found[0].run
    changed = _mark(known) != cursor["mark"]
    if not changed and len(found) == 1:
        return _sighting(sight, cursor)
    gone = frozenset([cursor["newest"]]) if known.id != cursor["newest"] else frozenset[str]()
    runs = [one.run for one in (found if changed else found[1:])]
    after = found[-2].last_key if len(found) > 1 else cursor["after"]
    moved = {**cursor, **_bookmark(found[-1], after), "memory": reading.memory}
    return _sighting(sight, moved, runs=newest_runs(runs), gone=gone)


def _tail(sight: Sight, after: str) -> list[Object] | None:
    page = sight.page(sight.target.prefix, start_after=after, max_keys=TAIL_KEYS)
    tail = list(page.objects)
    while page.token:
        if sight.pages > TAIL_PAGES_MAX:
            return None
        page = sight.page(sight.target.prefix, start_after=after, token=page.token)
        tail += page.objects
    return tail


def _walk(sight: Sight, cursor: Json | None, read: Reader) -> Sighting:
    before = sight.pages
    objects, complete = sight.walk(sight.target.prefix)
    pages = sight.pages - before
    reading = read(objects, (cursor or {}).get("memory", {}), _scope(sight, whole=True))
    runs = newest_runs([one.run for one in reading.found])
    sight.remember_walk()
    walked = _walked(sight, cursor, reading, pages, complete=complete)
    if not complete:
        return _sighting(sight, walked, runs=runs)
    return _sighting(sight, walked, runs=runs, present=reading.also.union(one.run.id for one in reading.found))


def _walked(sight: Sight, cursor: Json | None, reading: Reading, pages: int, *, complete: bool) -> Json:
    """The cursor after a full walk. The number of pages is refreshed once a day: a number that drifts is nothing new."""
    walked: Json = {"day": sight.day, "ordered": complete and reading.ordered, "memory": reading.memory}
    if not complete:
        walked["unsure"] = f"There are more than {pages} pages of keys under {sight.target.text}; the rest was not seen."
    elif walked["ordered"]:
        found = reading.found
        newest = found[-1] if found else None
        walked |= _bookmark(newest, found[-2].last_key if len(found) > 1 else "")
    elif pages > LONG_WALK_PAGES:
        same_day = cursor is not None and cursor.get("day") == sight.day
        walked["pages"] = cursor["pages"] if cursor is not None and same_day and "pages" in cursor else pages
    return cursor if walked == cursor and cursor is not None else walked


def _bookmark(newest: Found | None, after: str) -> Json:
    if newest is None:
        return {"after": "", "group": "", "newest": "", "mark": ""}
    return {"after": after, "group": newest.group, "newest": newest.run.id, "mark": _mark(newest.run)}


def _mark(run: Run) -> str:
    """What would be different about the run if anything were."""
    return f"{run.id} {run.outcome} {run.size} {epoch(run.at)}"


def _kept_for(sight: Sight, cursor: Json) -> timedelta:
    long = "pages" in cursor or "unsure" in cursor
    return max(sight.window / 10, LONG_WALK_KEPT) if long else sight.window / 10


def _scope(sight: Sight, *, whole: bool) -> Scope:
    return Scope(target=sight.target.text, prefix=sight.target.prefix, now=sight.now, window=sight.window, whole=whole)


def _sighting(
    sight: Sight,
    cursor: Json,
    *,
    runs: tuple[Run, ...] = (),
    present: frozenset[str] | None = None,
    gone: frozenset[str] = frozenset(),
) -> Sighting:
    warnings: tuple[str, ...] = ()
    if "pages" in cursor:
        warnings = (
            f"Under {sight.target.text} name order does not follow time: its {cursor['pages']} pages of keys are walked hourly.",
        )
    return Sighting(
        target=sight.target.text,
        runs=runs,
        present=present,
        gone=gone,
        cursor=cursor,
        unsure=cursor.get("unsure", ""),
        warnings=warnings,
        pages=sight.pages,
    )
