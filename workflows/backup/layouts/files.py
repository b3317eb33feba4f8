"""`files`: each object is a run; what lies together in the folder of its day, or in volumes of one archive, is one run.

A name without a date that is overwritten in place is a new run each time. Checksums, signatures and empty "folder/" keys are
none; a dump of 0 bytes is one, of size 0. Objects of one folder are a run that goes on until nothing was added for a
while (`SETTLED_AFTER`, at most a tenth of the window) or as many lie there as in the folder before.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from workflows.backup.evidence import Run
from workflows.backup.layouts.listed import Found, Reading, Scope
from workflows.backup.layouts.names import dated_folder, is_sidecar, kind_of, tells_its_own_time, without_part
from workflows.backup.layouts.sight import RUNS_MAX, object_id
from workflows.kernel.ports import Json, Object

SETTLED_AFTER = timedelta(minutes=10)
SAME_SERIES_RUNS_MIN = 6


def read(objects: Sequence[Object], memory: Json, scope: Scope) -> Reading:
    groups: dict[str, list[Object]] = {}
    for stored in objects:
        if not (stored.key.endswith("/") and stored.size == 0) and not is_sidecar(stored.key):
            groups.setdefault(_group(stored.key, scope.prefix), []).append(stored)
    parts = 0 if scope.whole else int(memory.get("parts", 0))
    found: list[Found] = []
    for group, members in groups.items():
        run = _run(group, members, parts, scope)
        if run.outcome == "ok":
            parts = len(members)
        found.append(Found(run, group, members[-1].key))
    one_series = _is_one_series(found, scope) if scope.whole else bool(memory.get("one_series"))
    if one_series:
        found = [replace(one, run=replace(one.run, kind="")) for one in found]
    return Reading(found=found, ordered=_ordered(found, scope), memory=_memory(parts, one_series=one_series))


def _group(key: str, prefix: str) -> str:
    """The key itself, or what it shares with the other objects of its run."""
    name = key[len(prefix) :]
    folder = dated_folder(name)
    if folder and not tells_its_own_time(name[name.rfind("/") + 1 :]):
        return prefix + folder
    return prefix + without_part(name)


def _run(group: str, members: Sequence[Object], parts: int, scope: Scope) -> Run:
    kind = kind_of(group[len(scope.prefix) :])
    last = members[-1]
    if last.key == group:
        return Run(
            id=object_id(last),
            source="object",
            target=scope.target,
            outcome="ok",
            finished=last.modified,
            size=last.size,
            kind=kind,
            ref=last.key,
            etag=last.etag,
        )
    newest = max(stored.modified for stored in members)
    settled = scope.now - newest >= min(SETTLED_AFTER, scope.window / 10) or 0 < parts <= len(members)
    return Run(
        id=group,
        source="object",
        target=scope.target,
        outcome="ok" if settled else "running",
        started=min(stored.modified for stored in members),
        finished=newest if settled else None,
        size=sum(stored.size for stored in members),
        kind=kind,
        ref=group,
    )


def _ordered(found: Sequence[Found], scope: Scope) -> bool:
    """Whether names follow time. Names without a number are written again in place: only a single one is trusted."""
    if scope.whole and len(found) > 1 and any("#" not in kind_of(one.group[len(scope.prefix) :]) for one in found):
        return False
    return all(before.last_key < after.group and before.run.at <= after.run.at for before, after in pairwise(found))


def _is_one_series(found: Sequence[Found], scope: Scope) -> bool:
    """Whether names are made up anew each time: nearly every run its own kind, about one a window.

    Thirty databases dumped each night also are thirty kinds, but they come together, and stay apart.
    """
    newest = sorted((one.run for one in found), key=lambda run: run.at)[-RUNS_MAX:]
    if len(newest) < SAME_SERIES_RUNS_MIN or len({run.kind for run in newest}) * 2 <= len(newest):
        return False
    return newest[-1].at - newest[0].at >= scope.window * (len(newest) - 1) / 3


def _memory(parts: int, *, one_series: bool) -> Json:
    memory: Json = {}
    if parts > 1:
        memory["parts"] = parts
    if one_series:
        memory["one_series"] = True
    return memory
