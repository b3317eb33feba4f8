"""Tables in a text: a head of columns that we know, and the rows under it, parted by tabs, by bars, or by where they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workflows.backup.reports.fields import field_of
from workflows.backup.reports.labels import LINES_MAX

ROWS_MAX = 1000
COLUMNS_MIN = 2
_CHUNK = re.compile(r"\S+(?: \S+)*")
_RULE = re.compile(r"[\s|+:=_-]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under their head; each row as wide as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(text: str) -> Iterator[Table]:
    """A table begins with a line of which at least two cells are labels that we know, and ends with an empty line.

    An empty cell stays where it stands; a line that is no row (a line of dashes, one cell alone) is passed over.
    """
    lines = iter(text.split("\n")[:LINES_MAX])
    for line in lines:
        head = _split(line)
        if len(head) < COLUMNS_MIN or sum(field_of(cell) is not None for cell in head) < 2 or ":" in line:
            continue
        rows: list[tuple[str, ...]] = []
        for below in lines:
            if not below.strip():
                if rows:
                    break
                continue
            if not _RULE.match(below[:300]) and len(rows) < ROWS_MAX and (row := _row(line, head, below[:2000])):
                rows.append(row)
        if rows:
            yield Table(head=head, rows=tuple(rows))


def _split(line: str) -> tuple[str, ...]:
    line = line[:2000]
    if "\t" in line:
        return tuple(cell.strip() for cell in line.strip("\r\n").split("\t"))
    if "|" in line:
        return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
    return tuple(_CHUNK.findall(line))


def _row(head_line: str, head: tuple[str, ...], line: str) -> tuple[str, ...]:
    """As many cells as the head has; () for a line that is no row."""
    row = _split(line)
    if len(row) < 2:
        return ()
    if len(row) > len(head):
        return (*row[: len(head) - 1], " ".join(row[len(head) - 1 :]))
    if len(row) == len(head) or "\t" in line or "|" in line:
        return row + ("",) * (len(head) - len(row))
    return _by_place(head_line, line)


def _by_place(head_line: str, line: str) -> tuple[str, ...]:
    """Each chunk in the column under whose head it stands, or nearest to."""
    columns = [found.span() for found in _CHUNK.finditer(head_line)]
    row = [""] * len(columns)
    for chunk in _CHUNK.finditer(line):
        at = min(range(len(columns)), key=lambda index: _distance(columns[index], chunk.span()))
        row[at] = f"{row[at]} {chunk.group()}".strip()
    return tuple(row)


def _distance(column: tuple[int, int], chunk: tuple[int, int]) -> int:
    """None where they overlap; else how far the one begins from the other, or how far their ends are."""
    if column[0] < chunk[1] and chunk[0] < column[1]:
        return 0
    return min(abs(column[0] - chunk[0]), abs(column[1] - chunk[1]))
