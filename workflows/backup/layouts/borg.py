"""`borg`: each commit renews index.N. Whether it was a backup or maintenance is read from its segments, data/<d>/<n>.

A segment is 8 bytes of magic and its entries; a DELETE takes 41 bytes, a COMMIT 9. `create` ends
[archive][8+41: the old manifest deleted][manifest][8+9: commit]; prune and delete write a segment of nothing but DELETEs in
place of the archive, and compact moves what is left and ends otherwise. So a commit is

- a run when its last four segments have the shape of `create`, or when it wrote other data and took none away;
- a run when at least two new segments hold data and the repository grew though segments vanished (compacted);
- unsure when it did not grow: a backup with a compact behind it looks like a compact;
- unsure when segments lie behind it: a run goes on or was killed there, and the commit may be its checkpoint;
- nothing else. `borg rename` and `recreate`, and the checkpoint of a run that was told to stop, look like a run: that wants a
  heartbeat. Locks say nothing: `borg with-lock`, the way to copy a repository, copies its own.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from workflows.backup.evidence import Run
from workflows.backup.layouts.sight import REPOSITORY, Sight, Sighting, epoch, object_id
from workflows.kernel.ports import Json, Object

DATA_PAGES_MAX = 100
COMMIT_BYTES = 17
DELETE_ONE_BYTES = 49
MAGIC_BYTES, DELETE_BYTES = 8, 41
SMALL_BYTES = 128
"""Up to here a segment holds bookkeeping; an archive or a manifest is larger."""

_INDEX = re.compile(r"index\.(\d+)$")
_SEGMENT = re.compile(r"data/\d+/(\d+)$")

Commit = Literal["ok", "unsure", "unfinished", "maintenance"]

NOTES: dict[Commit, str] = {
    "unsure": "the repository's keys cannot tell whether this was a backup or only maintenance",
    "unfinished": "the repository was written to when it was copied; this may be the checkpoint of a run that was cut short",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Segment number -> bytes."""

    sizes: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.sizes.values())

    def until(self, number: int) -> "Segments":
        """What the commit that wrote index.`number` stands on: not what a run that goes on, or was cut, has added since."""
        return Segments(sizes={at: size for at, size in self.sizes.items() if at <= number})

    @property
    def empty(self) -> bool:
        """Nothing but a manifest: no archive is left."""
        return sum(1 for size in self.sizes.values() if size > SMALL_BYTES) < 2


def look(sight: Sight, cursor: Json | None) -> Sighting:
    index = _newest_index(sight.page(sight.root, delimiter="/").objects)
    if index is None:
        return Sighting(target=sight.target.text, present=frozenset(), cursor={"index": -1}, pages=sight.pages)
    number, stored = index
    known = cursor is not None and cursor["index"] == number and cursor["at"] == epoch(stored.modified)
    if cursor is not None and known and not sight.thorough:
        return Sighting(target=sight.target.text, cursor=cursor, pages=sight.pages)
    data, complete = sight.walk(sight.root + "data/", pages_max=DATA_PAGES_MAX)
    if not complete:
        return _too_large(sight, stored, number)
    segments = _segments(data)
    present = frozenset[str]() if segments.empty else None
    if cursor is not None and (known or number not in segments.sizes):  # or the index was copied before its segments
        return Sighting(target=sight.target.text, present=present, cursor=cursor, pages=sight.pages)
    commit = judge(number, segments, cursor if cursor is not None and -1 < cursor["index"] < number else None)
    committed = segments.until(number)
    moved = {
        "index": number,
        "at": epoch(stored.modified),
        "total": committed.total,
        "count": len(committed.sizes),
        "manifest": _manifest(number, committed.sizes),
    }
    runs = () if commit == "maintenance" else (_run(sight, stored, commit, committed.total),)
    return Sighting(target=sight.target.text, runs=runs, present=present, cursor=moved, pages=sight.pages)


def judge(number: int, segments: Segments, before: Json | None) -> Commit:
    """What the commit that wrote index.`number` was; `before`: the cursor of the commit seen last, None at first sight."""
    committed = segments.until(number)
    if committed.empty:
        return "maintenance"
    commit = _judge_committed(number, committed, before)
    return "unfinished" if commit == "ok" and len(committed.sizes) < len(segments.sizes) else commit


def _judge_committed(number: int, segments: Segments, before: Json | None) -> Commit:
    if _ends_like_create(number, segments.sizes, before):
        return "ok"
    return "unsure" if before is None else _judge_new(segments, before)


def _judge_new(segments: Segments, before: Json) -> Commit:
    """By what was written and taken away since the commit seen last, which may have been several commits."""
    sizes = segments.sizes
    new = {at: size for at, size in sizes.items() if at > before["index"]}
    vanished = len(sizes) - len(new) < before["count"]
    if not vanished:
        return "ok" if any(_is_archive(at, sizes) for at in new) else "maintenance"
    if sum(1 for at, size in new.items() if size > SMALL_BYTES and not _only_deletes(at, sizes)) < 2:
        return "maintenance"
    return "ok" if segments.total > before["total"] else "unsure"


def _ends_like_create(number: int, sizes: Mapping[int, int], before: Json | None) -> bool:
    manifest = _manifest(number, sizes)
    archive = sizes.get(number - 3, 0)
    if not manifest or archive <= SMALL_BYTES:
        return False
    # One archive in 41 is by chance as large as a number of DELETEs. Only `create` makes the manifest longer.
    return not _only_deletes(number - 3, sizes) or (before is not None and 0 < before["manifest"] < manifest)


def _manifest(number: int, sizes: Mapping[int, int]) -> int:
    """The manifest's bytes, where the commit ends as all but compact end; else 0."""
    plain = sizes.get(number) == COMMIT_BYTES and sizes.get(number - 2) == DELETE_ONE_BYTES
    manifest = sizes.get(number - 1, 0)
    return manifest if plain and manifest > SMALL_BYTES else 0


def _is_archive(number: int, sizes: Mapping[int, int]) -> bool:
    """Whether a segment holds more than bookkeeping: neither DELETEs nor the manifest, which follows the old one's DELETE."""
    size = sizes[number]
    return size > SMALL_BYTES and not _only_deletes(number, sizes) and sizes.get(number - 1) != DELETE_ONE_BYTES


def _only_deletes(number: int, sizes: Mapping[int, int]) -> bool:
    """Whether a segment may hold nothing but DELETEs: they take no more room than what they delete, which lies before them."""
    size = sizes[number]
    return (size - MAGIC_BYTES) % DELETE_BYTES == 0 and size <= sum(sizes[at] for at in sizes if at < number)


def _newest_index(objects: Iterable[Object]) -> tuple[int, Object] | None:
    found = [(int(match[1]), stored) for stored in objects if (match := _INDEX.search(stored.key))]
    return max(found, key=lambda one: one[0], default=None)


def _segments(objects: Iterable[Object]) -> Segments:
    return Segments(sizes={int(match[1]): stored.size for stored in objects if (match := _SEGMENT.search(stored.key))})


def _run(sight: Sight, index: Object, commit: Commit, total: int) -> Run:
    return Run(
        id=object_id(index),
        source="object",
        target=sight.target.text,
        outcome="unsure" if commit in NOTES else "ok",
        finished=index.modified,
        size=total,
        kind=REPOSITORY,
        ref=index.key,
        note=NOTES.get(commit, ""),
    )


def _too_large(sight: Sight, index: Object, number: int) -> Sighting:
    where = sight.target.text
    says = f"There are more than {DATA_PAGES_MAX} pages of segments in {where}; a backup cannot be told from maintenance."
    run = Run(
        id=object_id(index),
        source="object",
        target=sight.target.text,
        outcome="unsure",
        finished=index.modified,
        kind=REPOSITORY,
        ref=index.key,
        note=says,
    )
    cursor = {"index": number, "at": epoch(index.modified), "total": 0, "count": 0, "manifest": 0}
    return Sighting(target=sight.target.text, runs=(run,), cursor=cursor, unsure=says, pages=sight.pages)
