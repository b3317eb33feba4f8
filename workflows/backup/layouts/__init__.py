"""Layouts: how each tool's keys tell a run, its end and its bytes."""

from collections.abc import Callable

from workflows.backup.layouts import files
from workflows.backup.layouts.listed import look_at_list
from workflows.backup.layouts.sight import Sight, Sighting
from workflows.kernel.ports import Json

Layout = Callable[[Sight, Json | None], Sighting]


def layout_named(name: str) -> Layout:
    """The layout that a row names. Raises ValueError for an unknown name."""
    match name:
        case "files":
            return lambda sight, cursor: look_at_list(sight, cursor, files.read)
    raise ValueError(f"unknown layout {name!r}")
