"""Look: from the keys under one target to runs, at the price of what is new."""

from datetime import datetime, timedelta

from workflows.backup.history import keep_recent, merge_runs
from workflows.backup.job import Target
from workflows.backup.layouts import layout_named
from workflows.backup.layouts.sight import Kept, Sight, Sighting
from workflows.kernel.ports import Json, Objects

__all__ = ["Kept", "Sighting", "keep_recent", "look", "merge_runs"]


def look(
    target: Target,
    layout: str,
    cursor: Json | None,
    *,
    objects: Objects,
    now: datetime,
    window: timedelta,
    thorough: bool,
    kept: Kept | None = None,
) -> Sighting:
    """What one target's keys tell now that the cursor does not know.

    `thorough` walks in full, as must be done before anything bad is said. `kept` spares walks within one process; hand
    the same dict to every look. Raises CannotLook.
    """
    sight = Sight(target=target, objects=objects, now=now, window=window, thorough=thorough, kept={} if kept is None else kept)
    read = layout_named(layout)
    if cursor is None:
        return read(sight, None)
    try:
        return read(sight, cursor)
    except (KeyError, TypeError):  # a bookmark of another time or version: one full walk makes a new one
        return read(sight, None)
