"""Layouts: how each tool's keys tell a run, its end and its bytes."""

from collections.abc import Callable
from functools import partial

from workflows.backup.layouts import borg, duplicity, files, landing, marker, pgbackrest, restic, wal_g
from workflows.backup.layouts.listed import Reader, look_at_list
from workflows.backup.layouts.sight import Sight, Sighting
from workflows.kernel.ports import Json

Layout = Callable[[Sight, Json | None], Sighting]

MARKER = "marker:"


def layout_named(name: str) -> Layout:
    """The layout that a row names. Raises ValueError for an unknown name."""
    if name.startswith(MARKER) and len(name) > len(MARKER):
        return _listed(partial(marker.read, name.removeprefix(MARKER)))
    if name not in LAYOUTS:
        raise ValueError(f"unknown layout {name!r}")
    return LAYOUTS[name]


def _listed(read: Reader) -> Layout:
    def look(sight: Sight, cursor: Json | None) -> Sighting:
        return look_at_list(sight, cursor, read)

    return look


LAYOUTS: dict[str, Layout] = {
    "files": _listed(files.read),
    "restic": restic.look,
    "borg": borg.look,
    "duplicity": _listed(duplicity.read),
    "pgbackrest": pgbackrest.look,
    "wal-g": wal_g.look,
    "kopia": _listed(landing.read_kopia),
    "sync": _listed(landing.read_sync),
}
