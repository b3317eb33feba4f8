"""A sheet, exported as CSV, as rows under known columns. Never raises: what cannot be read is a problem with its row."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from workflows.kernel.quantities import shown

TEXT_MAX = 20_000_000
ROWS_MAX = 20_000
CELL_MAX = 2_000
_BROKEN_ROWS_MAX = 20
# invisible marks that come along when cells are pasted, and the marks of the encoding
INVISIBLE = str.maketrans(dict.fromkeys("\ufeff\u200b\u2060\u200e\u200f\x00"))


class Row(NamedTuple):
    """One row: `number` as the sheet counts it (the header is row 1), `cells` trimmed, in the order of the header."""

    number: int
    cells: list[str]


class Problem(NamedTuple):
    """What cannot be read, where, and what would be right. `column` is "" when it is about the whole row."""

    row_number: int
    column: str
    problem: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a sheet holds.

    Attributes:
        columns: known column -> its place in `Row.cells`. others: header as typed -> place, of the columns not known.
        rows: every row that has something in it. A row of which a part is missing is filled up with "".
        problems: rows that could not be read, or a header that cannot be used; without a usable header there are no rows.
        readable: False when the table as a whole could not be read, which must never be taken for an empty one.
    """

    columns: Mapping[str, int]
    others: Mapping[str, int]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    readable: bool = True


def read_table(text: str, columns: Sequence[str]) -> Table:
    """Reads CSV (comma, semicolon or tab) whose first filled row names the columns, in any case, spacing and punctuation."""
    if len(text) > TEXT_MAX:
        return _unreadable(1, "", f"the list is {len(text):,} characters long", f"at most {TEXT_MAX:,}")
    problems: list[Problem] = []
    records = _records(text.translate(INVISIBLE) if not text.isascii() or "\x00" in text else text, problems)
    number, header = next((record for record in records if any(record[1])), (1, []))
    known = {key_of(column): column for column in columns}
    places, others = _places(header, known)
    double = next((column for column in places if [key_of(cell) for cell in header].count(key_of(column)) > 1), None)
    if not places:
        return _unreadable(number, "", "no row names the columns", f"a first row with {', '.join(columns)}")
    if double:
        return _unreadable(number, double, f"two columns are called {double}", "one column of each name")
    rows = tuple(_filled(records, len(header), problems))
    return Table(columns=places, others=others, rows=rows, problems=tuple(problems))


@lru_cache(maxsize=1024)
def key_of(name: str) -> str:
    """A column's name without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _places(header: Sequence[str], known: Mapping[str, str]) -> tuple[dict[str, int], dict[str, int]]:
    places: dict[str, int] = {}
    others: dict[str, int] = {}
    for place, cell in enumerate(header):
        column = known.get(key_of(cell))
        if column is not None:
            places.setdefault(column, place)
        elif cell:
            others.setdefault(cell, place)
    return places, others


def _filled(records: Iterator[tuple[int, list[str]]], width: int, problems: list[Problem]) -> Iterator[Row]:
    count = 0
    for number, cells in records:
        if not any(cells):
            continue
        count += 1
        if count > ROWS_MAX:
            problems.append(Problem(number, "", f"more than {ROWS_MAX:,} rows; this and all after it are not read", "fewer rows"))
            return
        if max(map(len, cells)) > CELL_MAX:
            problems.append(Problem(number, "", f"a cell is longer than {CELL_MAX:,} characters", "shorter texts"))
            continue
        if len(cells) < width:
            cells.extend([""] * (width - len(cells)))
        yield Row(number, cells)


def _records(text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Trimmed records with their row numbers. After a record that cannot be parsed, it goes on with the next line."""
    lines = list(io.StringIO(text, newline=""))
    delimiter = _delimiter(lines)
    start = number = 0
    for _ in range(_BROKEN_ROWS_MAX):
        reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
        done = 0
        try:
            for record in reader:
                number += 1
                done = reader.line_num
                yield number, [cell.strip() for cell in record]
        except csv.Error:  # quotation marks that do not pair, or one that runs on over the rest of the text
            number += 1
            start += done + 1
            begin = shown(lines[start - 1])
            problems.append(
                Problem(
                    number, "", f'its quotation marks do not pair: "{begin}"', "close the quotation, or export the sheet again"
                )
            )
        else:
            return
    problems.append(Problem(number, "", "too many broken rows; all after this one are not read", "export the sheet again"))


def _delimiter(lines: Sequence[str]) -> str:
    first = next((line for line in lines if line.strip(" \r\n,;\t")), "")
    return max(",;\t", key=first.count)


def _unreadable(number: int, column: str, problem: str, fix: str) -> Table:
    return Table(columns={}, others={}, rows=(), problems=(Problem(number, column, problem, fix),), readable=False)
