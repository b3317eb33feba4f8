"""Logs whose lines are JSON objects (rclone --use-json-log, borg --log-json), as the plain text that they stand for."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from workflows.kernel.mail import Part

_LINE = re.compile(r'^\{"(?:level|time|msg|object|source|type|levelname|message)":', re.MULTILINE)
_LINE_MAX = 100_000

Told = Callable[[Mapping[str, Any]], str | None]
"""One line as plain text; None for an object that is no line of this log."""


def plain_log(part: Part, told: Told) -> Part:
    """The part with such lines told plainly; other lines stay as they are."""
    if not _LINE.search(part.text[:20_000]):
        return part
    return replace(part, text="\n".join(_line(line, told) for line in part.text.split("\n")))


def _line(line: str, told: Told) -> str:
    if not line.startswith("{") or len(line) > _LINE_MAX:
        return line
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return line
    plain = told(said) if isinstance(said, dict) else None
    return line if plain is None else plain
