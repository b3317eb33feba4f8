"""Reports that machines write for machines: JSON, XML and CSV, as a body or an attachment, read directly.

Known shapes first (restic --json, borg --json, AWS events), then any tree or grid that says what ran and how it ended. What is no
well-formed document, nests too deep or carries a DTD is simply none of these.
"""

import json
import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from workflows.backup.reports import json_shapes
from workflows.backup.reports.backup_words import speaks_of_backup
from workflows.backup.reports.cron import cron_of
from workflows.backup.reports.grid import read_csv
from workflows.backup.reports.moments import order_of
from workflows.backup.reports.report import Report
from workflows.backup.reports.rows import Around, tells_all
from workflows.backup.reports.tree import DEPTH_MAX, from_tree
from workflows.kernel.mail import Part

CHARS_MAX = 3_000_000
LINES_MAX = 50_000
_START = re.compile(r"^[ \t\ufeff]*([{\[])", re.MULTILINE)
_STARTS_MAX = 20


def read_known(part: Part) -> tuple[Report, ...] | None:
    """JSON in one of the shapes that we know, also with other lines around it."""
    text = part.text.strip().removeprefix("\ufeff")[:CHARS_MAX]
    values = _json(text) if '"' in text else []
    return json_shapes.read(values, part) if values else None


def read(part: Part) -> tuple[Report, ...] | None:
    """Any tree or grid that says what ran and how it ended."""
    text = part.text.strip().removeprefix("\ufeff")[:CHARS_MAX]
    if not text:
        return None
    around = Around(order=order_of(text, part.sent), host=cron_of(part.subject).host)
    if text[0] == "<" and not part.html:
        return _xml(text, part, around)
    values = _json(text)
    if values:
        return (_of_a_backup(from_tree(values, around), part) or None) if text[0] in "{[" else None
    if part.name.lower().endswith((".csv", ".tsv")) or part.media_type in {"text/csv", "text/tab-separated-values"}:
        return read_csv(part, around) or None
    return None


def _json(text: str) -> list[Any]:
    """What JSON is in a text: the whole of it, lines of it, or a document with something above or below."""
    if "{" not in text:
        return []
    lines = [
        value for line in text.split("\n")[:LINES_MAX] if line.lstrip().startswith("{") and (value := _value(line)) is not None
    ]
    if lines:
        return lines
    for start in list(_START.finditer(text))[:_STARTS_MAX]:
        value = _value(text[start.start(1) :])
        if value is not None:
            return [value]
    return []


def _value(text: str) -> object | None:
    try:
        value, _ = json.JSONDecoder(object_pairs_hook=_object).raw_decode(text.strip())
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of a key that stands there twice all values, for the last one may only hide the first."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = [found[key], value] if key in found else value
    return found


def _of_a_backup(reports: tuple[Report, ...], part: Part) -> tuple[Report, ...]:
    """What does not speak of a backup must say all that a backup has: what, when and how much."""
    return reports if speaks_of_backup(part) or all(tells_all(report) for report in reports) else ()


def _xml(text: str, part: Part, around: Around) -> tuple[Report, ...] | None:
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    return _of_a_backup(from_tree({root.tag: _tree(root, 0)}, around), part) or None


def _tree(element: Element, depth: int) -> object:
    """Attributes and children as keys; children of one name as a list; an element without either as its text."""
    children = list(element)[:1000]
    if depth >= DEPTH_MAX or not (children or element.attrib):
        return (element.text or "").strip()
    found: dict[str, Any] = {str(name).rsplit("}", 1)[-1]: value for name, value in element.attrib.items()}
    for child in children:
        name = str(child.tag).rsplit("}", 1)[-1]
        value = _tree(child, depth + 1)
        known = found.get(name)
        found[name] = value if known is None else [*known, value] if isinstance(known, list) else [known, value]
    return found
