"""Whatever a sheet holds and whatever is proposed: nothing raises, and nothing is written where it does not belong."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.backup.joblist import COLUMNS
from workflows.backup.rules import Rules
from workflows.backup.sheet_rows import SheetRows
from workflows.kernel.sheet import Grid, as_csv
from workflows.kernel.sheet_mirror import cut_short
from workflows.kernel.sheet_plan import Append, Write, holds, plan_add, plan_change, plan_keys
from workflows.kernel.sheet_repair import put_back
from workflows.kernel.table import read_table

pytestmark = pytest.mark.thorough
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "200"))
ROWS = SheetRows(rules=Rules(), timezone="UTC")
TEXT = st.text(max_size=12) | st.sampled_from(
    [
        "heartbeat",
        "report",
        "26h",
        "daily 02:00",
        "orders-db",
        "Orders",
        "=1+1",
        "-",
        '"',
        "a\nb",
        "s3://b/p/",
        "#fleet",
        "\ud800",
        ",",
    ]
)
HEADER = st.lists(st.sampled_from([*COLUMNS, "Notes", "Job ID", ""]), max_size=12)
GRID = st.tuples(HEADER, st.lists(st.lists(TEXT, max_size=12), max_size=8)).map(
    lambda pair: tuple(tuple(row) for row in (pair[0], *pair[1]))
)
CELLS = st.dictionaries(st.sampled_from([*COLUMNS, "notes", "\x00"]), TEXT, max_size=8)


def encodable(grid: Grid) -> Grid:
    """A sheet holds what Google sent, which is UTF-8; what is proposed may be anything."""
    return tuple(tuple(cell.encode("utf-8", "replace").decode() for cell in row) for row in grid)


@settings(max_examples=EXAMPLES, deadline=None)
@given(GRID, CELLS, CELLS, TEXT)
def test_a_plan_touches_its_own_row_and_columns_alone(grid: Grid, cells: dict[str, str], old: dict[str, str], key: str) -> None:
    grid = encodable(grid)
    known = read_table(as_csv(grid), COLUMNS).columns
    added = plan_add(grid, key, cells, ROWS)
    if isinstance(added, Append):
        others = [text for place, text in enumerate(added.cells) if place not in known.values()]
        assert not any(others)
        assert holds(as_csv((*grid, added.cells)), {added.after["job_id"]: {}}, ROWS)
        as_csv((added.cells,)).encode()
    changed = plan_change(grid, key, cells, old, ROWS)
    if isinstance(changed, Write):
        assert len({cell.row for cell in changed.cells}) == 1
        assert {cell.column for cell in changed.cells} <= set(known.values())
        assert not any(text.startswith(tuple("=+-@\t\r\n")) for text in changed.cells.values())


@settings(max_examples=EXAMPLES, deadline=None)
@given(GRID, GRID)
def test_an_id_goes_into_a_blank_cell_and_nothing_is_put_back_that_was_not_there(grid: Grid, other: Grid) -> None:
    grid, other = encodable(grid), encodable(other)
    plan = plan_keys(grid, ROWS)
    for cell in plan:
        row = grid[cell.row - 1]
        assert cell.column >= len(row) or not row[cell.column].strip()
    held = {"", *(text for row in grid for text in row)}
    assert set(put_back(plan, grid, other).values()) <= held


@settings(max_examples=EXAMPLES, deadline=None)
@given(GRID)
def test_a_whole_export_is_never_taken_for_one_that_broke_off(grid: Grid) -> None:
    grid = encodable(grid)
    width = max(map(len, grid), default=0)
    assert not cut_short(as_csv(tuple((*row, *[""] * (width - len(row))) for row in grid)))
