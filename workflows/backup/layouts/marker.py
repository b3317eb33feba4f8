"""`marker:NAME`: a key of this name (or pattern, such as `*.done`) ends the run of its folder.

A run's bytes are the other keys of its folder, however deep, written since the folder's previous mark. Where one mark is
written again and again, as at the top of the prefix, its earlier times are remembered; the first of them has no known size.
Keys that no mark has ended are a run that goes on, as long as they are newer than every mark.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from itertools import pairwise

from workflows.backup.evidence import Run
from workflows.backup.layouts.listed import Found, Reading, Scope
from workflows.backup.layouts.names import kind_of
from workflows.backup.layouts.sight import epoch, object_id
from workflows.kernel.ports import Json, Object

AFTERTHOUGHT = timedelta(minutes=1)
"""Keys of the same folder that follow their mark this closely (a log, a checksum) begin no new run."""

MARKS_REMEMBERED = 8
FOLDERS_REMEMBERED = 8


@dataclass(slots=True)
class _Folder:
    path: str
    marks: list[Object] = field(default_factory=list)
    data: list[Object] = field(default_factory=list)
    last_key: str = ""


def read(name: str, objects: Sequence[Object], memory: Json, scope: Scope) -> Reading:
    folders = _folders(name, objects, scope.prefix)
    newest_mark = max((mark.modified for folder in folders for mark in folder.marks), default=None)
    known: dict[str, list[int]] = memory.get("marks", {})
    found: list[Found] = []
    for folder in folders:
        previous = known.get(folder.path, [])
        found += [Found(run, folder.path, folder.last_key) for run in _ended(folder, previous, scope)]
        going = _going_on(folder, newest_mark, scope)
        if going is not None:
            found.append(Found(going, folder.path, folder.last_key))
    marks = _remembered(folders, known, scope)
    return Reading(
        found=found, ordered=_ordered(found, scope), memory={"marks": marks} if marks else {}, also=_also(folders, marks)
    )


def _folders(name: str, objects: Sequence[Object], prefix: str) -> list[_Folder]:
    """The folders that hold a mark, and for keys outside of them the folders at the same depth, in key order."""
    marks = {stored.key for stored in objects if fnmatchcase(stored.key[stored.key.rfind("/") + 1 :], name)}
    marked = {key[: key.rfind("/") + 1] for key in marks}
    inside = [path.count("/") - prefix.count("/") for path in marked if len(path) > len(prefix)]
    depth = max(inside, default=0 if marked else 1)
    folders: dict[str, _Folder] = {}
    for stored in objects:
        path = _path(stored.key, marked, prefix, depth)
        folder = folders.get(path) or folders.setdefault(path, _Folder(path))
        folder.last_key = stored.key
        if stored.key in marks:
            folder.marks.append(stored)
        elif not (stored.key.endswith("/") and stored.size == 0):
            folder.data.append(stored)
    return [folder for folder in folders.values() if folder.marks or folder.data]


def _path(key: str, marked: set[str], prefix: str, depth: int) -> str:
    end = key.rfind("/") + 1
    while end > len(prefix):
        if key[:end] in marked:
            return key[:end]
        end = key.rfind("/", 0, end - 1) + 1
    top = prefix[: prefix.rfind("/") + 1]
    if top in marked:
        return top
    parts = key[len(top) :].split("/")[:-1]
    return top + "".join(part + "/" for part in parts[:depth])


def _ended(folder: _Folder, previous: Iterable[int], scope: Scope) -> list[Run]:
    at_top = len(folder.path) <= len(scope.prefix)
    runs: list[Run] = []
    for mark in sorted(folder.marks, key=lambda mark: (mark.modified, mark.key)):
        before = [at for at in (*previous, *(epoch(run.at) for run in runs)) if at < epoch(mark.modified)]
        since = max(before, default=None)
        data = [
            one
            for one in folder.data
            if one.modified <= mark.modified + AFTERTHOUGHT and (since is None or epoch(one.modified) > since)
        ]
        runs.append(
            Run(
                id=object_id(mark),
                source="object",
                target=scope.target,
                outcome="ok",
                started=min((one.modified for one in data), default=None) if since or not at_top else None,
                finished=mark.modified,
                size=sum(one.size for one in data) if since or not at_top else None,
                kind=kind_of(folder.path[len(scope.prefix) :]),
                ref=mark.key,
            )
        )
    return runs


def _going_on(folder: _Folder, newest_mark: datetime | None, scope: Scope) -> Run | None:
    own = max((mark.modified for mark in folder.marks), default=None)
    since = own + AFTERTHOUGHT if own else newest_mark
    data = [one for one in folder.data if since is None or one.modified > since]
    if not data or (newest_mark is not None and max(one.modified for one in data) <= newest_mark):
        return None
    return Run(
        id=f"{folder.path}#running",
        source="object",
        target=scope.target,
        outcome="running",
        started=min(one.modified for one in data),
        kind=kind_of(folder.path[len(scope.prefix) :]),
        ref=folder.path,
    )


def _remembered(folders: Sequence[_Folder], known: dict[str, list[int]], scope: Scope) -> dict[str, list[int]]:
    """When marks that are written again and again were written: those of folders whose name tells no time."""
    marks = {
        folder.path: sorted({*known.get(folder.path, ()), *(epoch(mark.modified) for mark in folder.marks)})[-MARKS_REMEMBERED:]
        for folder in folders
        if folder.marks and "#" not in kind_of(folder.path[len(scope.prefix) :])
    }
    newest = sorted(marks, key=lambda path: marks[path][-1])[-FOLDERS_REMEMBERED:]
    return {path: marks[path] for path in sorted(newest)}


def _also(folders: Sequence[_Folder], marks: dict[str, list[int]]) -> frozenset[str]:
    """Earlier times of a mark that is still there: their runs' data was not written over with it."""
    return frozenset(
        f"{mark.key}@{at}"
        for folder in folders
        for mark in folder.marks
        for at in marks.get(folder.path, ())
        if at <= epoch(mark.modified)
    )


def _ordered(found: Sequence[Found], scope: Scope) -> bool:
    """One run a folder, folders named by their time, and in its order."""
    return all("#" in kind_of(one.group[len(scope.prefix) :]) for one in found) and all(
        before.group != after.group and before.last_key < after.group and before.run.at <= after.run.at
        for before, after in pairwise(found)
    )
