"""What must be written into a sheet, judged from what it holds now. Columns are found by their header; others are not touched."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.kernel.quantities import shown
from workflows.kernel.sheet import Cell, Grid, Rows, as_csv, plain
from workflows.kernel.table import CELL_MAX, Table, read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """Nothing: the sheet holds it already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """A row of its own, in the order of the sheet's columns. `after`: the same by column name, blank cells left out."""

    cells: tuple[str, ...]
    after: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Cells of a row that is there. `before` and `after` by column name."""

    cells: Mapping[Cell, str]
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindered:
    """It cannot be written, and why, in words for the person who asked."""

    why: str


def plan_add(grid: Grid, key: str, cells: Mapping[str, str], rows: Rows) -> Append | There | Hindered:
    """A new row with this key; none where the sheet has a row of that key already, whoever wrote it."""
    text = as_csv(grid)
    table = read_table(text, rows.columns)
    if not table.readable:
        return _unreadable(table)
    keys = rows.keys(text)
    place = _place_of(key, keys)
    if place is not None and keys[place] != key:
        return Hindered(why=_only_by_case(key, keys[place]))
    if place is not None:
        return There()
    row = {column: value for column, value in ((name, plain(cell)) for name, cell in cells.items()) if value}
    row[rows.key_column] = plain(key)
    if why := _no_room(table, row) or rows.wrong(key, row, {}):
        return Hindered(why=why)
    line = [""] * (max(table.columns[column] for column in row) + 1)
    for column, value in row.items():
        line[table.columns[column]] = value
    return Append(cells=tuple(line), after=row)


def plan_change(
    grid: Grid, key: str, cells: Mapping[str, str], expected_old: Mapping[str, str], rows: Rows
) -> Write | There | Hindered:
    """New values for cells of the row with this key.

    A cell that holds neither what was expected nor the new value was changed by somebody meanwhile: then nothing is written.
    """
    text = as_csv(grid)
    table = read_table(text, rows.columns)
    if not table.readable:
        return _unreadable(table)
    number = _place_of(key, rows.keys(text))
    if number is None:
        return Hindered(why=f"the sheet has no row {shown(key)} any more")
    wanted = {column: plain(value) for column, value in cells.items()}
    before = _row(table, number)
    changed = {column: value for column, value in wanted.items() if before.get(column, "") != value}
    if changed.get(rows.key_column) == key:  # the same key, not written down yet
        del changed[rows.key_column]
    if why := _no_room(table, {**wanted, rows.key_column: key}) or _changed_meanwhile(changed, before, expected_old, rows):
        return Hindered(why=why)
    if not changed:
        return There()
    if not before.get(rows.key_column):  # a key that follows from other cells would change with them
        changed[rows.key_column] = key
    after = {column: value for column, value in {**before, **changed}.items() if value}
    if why := rows.wrong(key, after, before):
        return Hindered(why=why)
    return Write(
        cells={Cell(number, table.columns[column]): value for column, value in changed.items()},
        before={column: before.get(column, "") for column in changed},
        after=changed,
    )


def plan_keys(grid: Grid, rows: Rows) -> dict[Cell, str]:
    """The keys that are not written down yet, and where they belong. Never a cell that holds anything."""
    text = as_csv(grid)
    table = read_table(text, rows.columns)
    place = table.columns.get(rows.key_column)
    if place is None:
        return {}
    typed = {row.number for row in table.rows if row.cells[place]}
    return {Cell(number, place): key for number, key in rows.unkeyed(text).items() if number not in typed and plain(key) == key}


def holds(text: str, wanted: Mapping[str, Mapping[str, str]], rows: Rows) -> bool:
    """Whether this list has a row of each of these keys, with these cells."""
    if not wanted:
        return True
    table, keys = read_table(text, rows.columns), rows.keys(text)
    for key, cells in wanted.items():
        number = _place_of(key, keys)
        if number is None:
            return False
        row = _row(table, number) if cells else {}
        if any(row.get(column, "") != value for column, value in cells.items()):
            return False
    return True


def _changed_meanwhile(changed: Mapping[str, str], before: Mapping[str, str], expected_old: Mapping[str, str], rows: Rows) -> str:
    """Why these cells must not be written over; "" when they hold what was expected."""
    if rows.key_column in changed:
        return f"the {rows.key_column} of a row stays what it is, so that its history stays with it"
    for column in changed:
        was, now = expected_old.get(column, ""), before.get(column, "")
        if was.split() != now.split():
            typed = f"to “{shown(now)}”" if now else "to nothing"
            return f"someone changed {column} {typed} meanwhile; it was “{shown(was)}” when this was asked"
    return ""


def _place_of(key: str, keys: Mapping[int, str]) -> int | None:
    return next((number for number, known in keys.items() if known.casefold() == key.casefold()), None)


def _only_by_case(key: str, known: str) -> str:
    """What reports under the one would never count for the other, though a sheet and people take them for the same."""
    differs = f"{shown(key)} differs from it only in upper and lower case"
    return f"the sheet has {shown(known)}, and {differs}; one of them must be renamed"


def _row(table: Table, number: int) -> dict[str, str]:
    cells = next(row.cells for row in table.rows if row.number == number)
    return {column: cells[place] for column, place in table.columns.items() if cells[place]}


def _no_room(table: Table, cells: Mapping[str, str]) -> str:
    """Why these cells do not fit into the sheet; "" when they do."""
    missing = [column for column, value in cells.items() if value and column not in table.columns]
    if missing:
        return f"the sheet has no column {' and no column '.join(missing)}; add it to the row that names the columns"
    long = next((column for column, value in cells.items() if len(value) > CELL_MAX), None)
    return f"{long} is longer than {CELL_MAX:,} characters; shorten it" if long else ""


def _unreadable(table: Table) -> Hindered:
    problem = table.problems[0]
    return Hindered(why=f"the sheet cannot be read: {problem.problem}; right would be {problem.fix}")
