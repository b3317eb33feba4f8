"""`pgbackrest`: backup/STANZA/<label>/backup.manifest ends the run <label>; while it runs there is only its .copy.

The prefix may be the repository, its backup/ folder, or one stanza in it. archive/ is never looked at: WAL arrives all day
and says nothing about backups. Labels sort by time: 20260105-020000F, 20260105-020000F_20260106-020000I.
"""

import re

from workflows.backup.layouts.folders import Backup, sighting
from workflows.backup.layouts.sight import Sight, Sighting
from workflows.kernel.ports import Json

_LABEL = re.compile(r"(?P<full>\d{8}-\d{6}F)(?:_(?P<at>\d{8}-\d{6})(?P<type>[DI]))?/$")
_KINDS = {"D": "diff", "I": "incr", None: "full"}


def look(sight: Sight, cursor: Json | None) -> Sighting:
    fresh = cursor is None or sight.thorough or cursor["day"] != sight.day
    stanzas = _stanzas(sight) if fresh or cursor is None else list(cursor["stanzas"])
    backups: list[tuple[str, Backup]] = []
    complete = True
    for stanza in stanzas:
        _, folders, whole = sight.level(stanza)
        complete = complete and whole
        backups += [(began, backup) for folder in folders for began, backup in _backup(folder)]
    ordered = [backup for _, backup in sorted(backups, key=lambda one: one[0])]
    return sighting(sight, cursor, ordered, {"stanzas": stanzas, "day": sight.day}, complete=complete)


def _stanzas(sight: Sight) -> list[str]:
    """The folders that hold labels: the prefix itself, or the stanzas under it or under its backup/."""
    root = sight.root
    _, folders, _ = sight.level(root)
    if any(_LABEL.search(folder) for folder in folders):
        return [root]
    if root + "backup/" in folders:
        _, folders, _ = sight.level(root + "backup/")
    elif root + "archive/" in folders or root.endswith("/archive/"):
        return []
    return folders or [root]


def _backup(folder: str) -> list[tuple[str, Backup]]:
    found = _LABEL.search(folder)
    if found is None:
        return []
    began = found["at"] or found["full"]
    return [
        (f"{began} {folder}", Backup(name=folder, folder=folder, kind=_KINDS[found["type"]], mark_key=folder + "backup.manifest"))
    ]
