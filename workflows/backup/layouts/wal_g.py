"""`wal-g`: basebackups_005/<name>_backup_stop_sentinel.json, written last, ends the run <name>.

The prefix may be the storage's root or its basebackups folder. Deltas carry _D_ in their names. WAL under wal_005/ is never
looked at.
"""

import re

from workflows.backup.layouts.folders import Backup, sighting
from workflows.backup.layouts.sight import Sight, Sighting
from workflows.kernel.ports import Json, Object

_ROOT = re.compile(r"(?:^|/)basebackups_\d+/$")
_FOLDER = "basebackups_005/"
_SENTINEL = "_backup_stop_sentinel.json"


def look(sight: Sight, cursor: Json | None) -> Sighting:
    root = sight.root if _ROOT.search(sight.root) else sight.root + _FOLDER
    objects, folders, complete = sight.level(root)
    marks = {one.key.removesuffix(_SENTINEL) + "/": one for one in objects if one.key.endswith(_SENTINEL)}
    backups = [_backup(folder, marks.get(folder)) for folder in {*folders, *marks}]
    return sighting(sight, cursor, sorted(backups, key=_begun), {}, complete=complete)


def _begun(backup: Backup) -> tuple[bool, float, str]:
    """In the order of their ends (names start over when a timeline does), and those without one behind."""
    return backup.mark is None, backup.mark.modified.timestamp() if backup.mark else 0.0, backup.name


def _backup(folder: str, mark: Object | None) -> Backup:
    name = folder[folder.rfind("/", 0, -1) + 1 : -1]
    parts = folder + "tar_partitions/" if name.startswith("base_") else folder
    return Backup(name=folder, folder=parts, kind="delta" if "_D_" in name else "full", mark=mark)
