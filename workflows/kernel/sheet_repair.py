"""People insert, sort and delete rows while we write. What then landed in a row that it was not meant for is put back."""

from collections.abc import Mapping

from workflows.kernel.sheet import Cell, Grid


def put_back(written: Mapping[Cell, str], before: Grid, after: Grid) -> dict[Cell, str]:
    """What must be written to undo cells that landed in the wrong row; {} when all are where they belong.

    Args:
        before, after: the sheet as it was read just before and just after the writing. A row is known by all of its cells
            except those written. Where it was not there before, nobody knows what the cell held, and it is emptied.
    """
    columns = {cell.column for cell in written}
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    for row in before:
        known.setdefault(_others(row, columns), row)
    undo = {}
    for cell, text in written.items():
        now, then = _row(after, cell), _row(before, cell)
        if _at(now, cell) != text or _others(now, columns) == _others(then, columns):
            continue
        held = _at(known.get(_others(now, columns), ()), cell)
        if held != text:
            undo[cell] = held
    return undo


def _row(grid: Grid, cell: Cell) -> tuple[str, ...]:
    return grid[cell.row - 1] if cell.row <= len(grid) else ()


def _at(row: tuple[str, ...], cell: Cell) -> str:
    return row[cell.column] if cell.column < len(row) else ""


def _others(row: tuple[str, ...], columns: set[int]) -> tuple[str, ...]:
    """All cells but those in `columns`, without the blanks at the end, which come and go."""
    cells = ["" if place in columns else cell for place, cell in enumerate(row)]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)
