"""`kopia` and `sync`: they leave no end mark. What a listing tells is only that something landed, and when.

The one run is "unsure", of kind "landing": never a backup by itself, it stands against what a heartbeat or report claims.
"""

from collections.abc import Sequence

from workflows.backup.evidence import Run
from workflows.backup.layouts.listed import Found, Reading, Scope
from workflows.backup.layouts.sight import object_id
from workflows.kernel.ports import Json, Object

LANDING = "landing"


def read_sync(objects: Sequence[Object], memory: Json, scope: Scope) -> Reading:
    return _newest([stored for stored in objects if not stored.key.endswith("/")], memory, scope)


def read_kopia(objects: Sequence[Object], memory: Json, scope: Scope) -> Reading:
    """Packs of data and of metadata ("p…", "q…") and indexes ("xn…"); logs ("_log…") and settings ("kopia.…") are none.

    A snapshot of unchanged files writes no data, but always its manifest, which lies in a "q" pack. Upkeep and checkpoints
    write packs as well: that something landed does not contradict a claim, and proves nothing more.
    """
    landed = [stored for stored in objects if stored.key[stored.key.rfind("/") + 1 :].startswith(("p", "q", "xn"))]
    return _newest(landed, memory, scope)


def _newest(objects: Sequence[Object], memory: Json, scope: Scope) -> Reading:
    newest = max(objects, key=lambda stored: (stored.modified, stored.key), default=None)
    if newest is None:
        return Reading(found=(), ordered=False, memory=memory)
    run = Run(
        id=object_id(newest),
        source="object",
        target=scope.target,
        outcome="unsure",
        finished=newest.modified,
        kind=LANDING,
        ref=newest.key,
        note="something landed; this layout leaves no end mark that would tell whether a run finished",
    )
    return Reading(found=[Found(run, newest.key, newest.key)], ordered=False, memory=memory)
