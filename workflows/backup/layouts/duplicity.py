"""`duplicity`: a manifest ends the run of its timestamps; its bytes are the volumes of the same timestamps.

duplicity-full.20260105T020000Z.vol1.difftar.gpg, duplicity-inc.20260105T020000Z.to.20260106T020000Z.manifest.gpg, …
Volumes without a manifest are a run that goes on, unless a later manifest has overtaken them: then they are leftovers.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from workflows.backup.evidence import Run
from workflows.backup.layouts.listed import Found, Reading, Scope
from workflows.backup.layouts.sight import object_id
from workflows.kernel.ports import Json, Object

_STAMP = r"\d{8}T\d{6}Z"
_NAME = re.compile(
    rf"(?P<set>duplicity-(?P<kind>full|inc)\.(?:{_STAMP}\.to\.)?(?P<at>{_STAMP}))\.(?P<part>manifest|vol\d+\.difftar)"
)

NOTHING_CHANGED_BYTES = 512
"""The volume of an incremental run that found nothing to save is an empty archive, compressed or encrypted."""


class _Set:
    """The keys of one run."""

    def __init__(self, group: str, found: re.Match[str]) -> None:
        self.group = group
        self.kind = found["kind"]
        self.started = datetime.strptime(found["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        self.manifest: Object | None = None
        self.size = 0
        self.last_key = ""


def read(objects: Sequence[Object], memory: Json, scope: Scope) -> Reading:
    sets = _sets(objects)
    ended = max((one.started for one in sets if one.manifest), default=None)
    found = [
        Found(_run(one, scope.target), one.group, one.last_key)
        for one in sets
        if one.manifest or ended is None or one.started > ended
    ]
    return Reading(found=found, ordered=False, memory=memory)


def _sets(objects: Iterable[Object]) -> list[_Set]:
    sets: dict[str, _Set] = {}
    for stored in objects:
        at = stored.key.rfind("/") + 1
        found = _NAME.match(stored.key, at)
        if found is None:
            continue
        group = stored.key[:at] + found["set"]
        one = sets.get(group) or sets.setdefault(group, _Set(group, found))
        one.last_key = stored.key
        if found["part"] == "manifest":
            one.manifest = stored
        else:
            one.size += stored.size
    return list(sets.values())


def _run(one: _Set, target: str) -> Run:
    unchanged = one.kind == "inc" and one.size < NOTHING_CHANGED_BYTES
    if one.manifest is None:
        return Run(
            id=f"{one.group}#running",
            source="object",
            target=target,
            outcome="running",
            started=one.started,
            kind=one.kind,
            ref=one.group,
        )
    return Run(
        id=object_id(one.manifest),
        source="object",
        target=target,
        outcome="ok",
        started=one.started,
        finished=one.manifest.modified,
        size=None if unchanged else one.size,
        kind=one.kind,
        ref=one.manifest.key,
        note="nothing had changed" if unchanged else "",
    )
