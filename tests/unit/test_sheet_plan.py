"""What is written into the sheet, and what is not: judged from what it holds, on the sentinel's own rows."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.backup.joblist import COLUMNS
from workflows.backup.rules import Rules
from workflows.backup.sheet_rows import SheetRows
from workflows.kernel.sheet import Cell, Grid, as_csv, plain
from workflows.kernel.sheet_plan import Append, Hindered, There, Write, holds, plan_add, plan_change, plan_keys
from workflows.kernel.table import read_table

ROWS = SheetRows(rules=Rules(), timezone="UTC")
HEADER = ("Job ID", "Name", "Notes", "Target", "Window")
ORDERS = ("orders-db", "Orders", "ask Sam", "heartbeat", "26h")
NAS = {"name": "NAS sync", "target": "heartbeat", "window": "2h"}


def sheet(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Grid:
    return (header, *rows)


def add(grid: Grid, key: str = "nas-sync", **cells: str) -> Append | There | Hindered:
    return plan_add(grid, key, {**NAS, **cells}, ROWS)


def why(step: object) -> str:
    assert isinstance(step, Hindered), step
    return step.why


# --- a new row -----------------------------------------------------------------------------------


def test_a_new_row_goes_under_the_headers_whatever_their_order_and_spelling() -> None:
    step = add(sheet(ORDERS))
    assert isinstance(step, Append)
    assert step.cells == ("nas-sync", "NAS sync", "", "heartbeat", "2h")
    assert step.after == {**NAS, "job_id": "nas-sync"}


def test_a_row_that_is_there_is_done_whoever_wrote_it() -> None:
    assert add(sheet(("nas-sync", "typed by hand", "", "heartbeat", "1d"))) == There()


def test_a_row_whose_id_differs_only_by_case_is_another_one() -> None:
    step = add(sheet(("NAS-Sync", "typed by hand", "", "heartbeat", "1d")))
    assert isinstance(step, Hindered)
    assert "NAS-Sync" in step.why
    assert "only in upper and lower case" in step.why


def test_a_row_whose_id_follows_from_its_name_is_there_too() -> None:
    assert add(sheet(("", "NAS Sync", "", "heartbeat", "1d"))) == There()


def test_a_row_that_is_there_but_wrong_is_not_added_a_second_time() -> None:
    assert add(sheet(("nas-sync", "NAS", "", "", "soon"))) == There()


def test_a_column_that_the_sheet_lacks_is_named_instead_of_losing_the_cell() -> None:
    assert "the sheet has no column report_from; add it" in why(add(sheet(), report_from="Veeam · nas-02"))


def test_a_row_that_could_not_be_watched_is_not_written() -> None:
    assert why(add(sheet(), window="soon")).startswith('window: cannot read "soon"; right would be')


def test_a_row_is_written_under_the_key_that_was_approved_and_no_other() -> None:
    assert "is not what was approved" in ROWS.wrong("nas", {**NAS, "job_id": "sneaky"}, {})


def test_a_cell_too_long_to_be_read_back_is_refused() -> None:
    assert "name is longer than 2,000 characters" in why(add(sheet(), name="x" * 2_001))


def test_a_sheet_that_cannot_be_read_gets_no_row() -> None:
    assert "no row names the columns" in why(add(()))
    assert "two columns are called name" in why(add(sheet(header=("name", "Name", "target"))))


def test_no_cell_starts_a_formula() -> None:
    step = add(sheet(), name='=HYPERLINK("http://evil","x")', what="")
    assert isinstance(step, Append)
    assert step.cells[1] == 'HYPERLINK("http://evil","x")'


def test_cells_are_one_line_of_text_and_lose_the_signs_that_begin_a_formula() -> None:
    begun = {"=1+1": "1+1", "+SUM(A1)": "SUM(A1)", "-2": "2", "@cmd": "cmd", "\t=1": "1", "\r=1": "1", " =+-@x": "x", "＝1": "1"}
    assert {text: plain(text) for text in begun} == begun
    assert plain("a\nb\x00\ufeff\udc80c") == "a bc"
    assert plain("daily 02:00 - late") == "daily 02:00 - late"


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=40)), st.text(max_size=20))
def test_whatever_was_approved_either_reads_back_as_the_row_or_is_not_written(cells: dict[str, str], key: str) -> None:
    step = plan_add((COLUMNS,), key, cells, ROWS)
    if isinstance(step, Append):
        text = as_csv((COLUMNS, step.cells))
        assert holds(text, {key: step.after}, ROWS)
        assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in step.cells)
        assert len(read_table(text, COLUMNS).rows) == 1


# --- a change ------------------------------------------------------------------------------------


def change(grid: Grid, cells: dict[str, str], old: dict[str, str], key: str = "orders-db") -> Write | There | Hindered:
    return plan_change(grid, key, cells, old, ROWS)


def test_only_the_changed_cells_are_written_in_the_row_of_that_key() -> None:
    grid = sheet(("a", "A", "", "heartbeat", "1d"), ORDERS)
    step = change(grid, {"window": "30h", "name": "Orders"}, {"window": "26h", "name": "Orders"})
    assert isinstance(step, Write)
    assert step.cells == {Cell(3, 4): "30h"}
    assert (step.before, step.after) == ({"window": "26h"}, {"window": "30h"})


def test_a_newer_hand_edit_is_respected_and_named() -> None:
    step = change(sheet((*ORDERS[:4], "30h")), {"window": "2d", "name": "New"}, {"window": "26h", "name": "Orders"})
    assert why(step) == "someone changed window to “30h” meanwhile; it was “26h” when this was asked"
    step = change(sheet((*ORDERS[:4], "")), {"window": "2d"}, {"window": "26h"})
    assert why(step) == "someone changed window to nothing meanwhile; it was “26h” when this was asked"


def test_a_cell_that_holds_the_new_value_already_needs_no_writing() -> None:
    assert change(sheet(ORDERS), {"window": "26h"}, {"window": "1d"}) == There()


def test_a_row_that_is_gone_is_told() -> None:
    assert why(change(sheet(), {"window": "2d"}, {"window": "26h"})) == "the sheet has no row orders-db any more"


def test_a_change_that_breaks_the_row_is_not_written_but_an_old_mistake_does_not_stop_another_change() -> None:
    assert why(change(sheet(ORDERS), {"window": "soon"}, {"window": "26h"})).startswith('window: cannot read "soon"')
    broken = sheet(("orders-db", "Orders", "", "heartbeat", "soon"))
    assert isinstance(change(broken, {"name": "Orders 2"}, {"name": "Orders"}), Write)
    assert isinstance(change(broken, {"window": "1d"}, {"window": "soon"}), Write)


def test_a_change_of_a_row_whose_id_follows_from_its_name_writes_the_id_down() -> None:
    step = change(sheet(("", "Orders", "", "heartbeat", "1d")), {"name": "Sales"}, {"name": "Orders"}, key="orders")
    assert isinstance(step, Write)
    assert step.cells == {Cell(2, 1): "Sales", Cell(2, 0): "orders"}


def test_the_id_of_a_row_stays() -> None:
    step = change(sheet(ORDERS), {"job_id": "sales-db"}, {"job_id": "orders-db"})
    assert why(step) == "the job_id of a row stays what it is, so that its history stays with it"


def test_a_cell_may_be_emptied() -> None:
    grid = sheet((*ORDERS, "group a"), header=(*HEADER, "group"))
    step = change(grid, {"group": ""}, {"group": "group a"})
    assert isinstance(step, Write)
    assert step.cells == {Cell(2, 5): ""}


# --- ids -----------------------------------------------------------------------------------------


def test_ids_are_written_where_there_are_none_and_only_for_rows_that_are_sound() -> None:
    grid = sheet(
        ("", "Orders", "", "heartbeat", "1d"),
        ("typed", "Other", "", "heartbeat", "1d"),
        (),
        ("", "Half typed", "", "", ""),
        ("", "Orders", "", "heartbeat", "1d"),  # the same name: no id of its own
    )
    assert plan_keys(grid, ROWS) == {Cell(2, 0): "orders"}


def test_without_a_column_for_ids_none_are_written() -> None:
    assert plan_keys((("name", "target", "window"), ("Orders", "heartbeat", "1d")), ROWS) == {}


def test_a_list_holds_what_was_written_only_when_key_and_cells_are_there() -> None:
    text = as_csv(sheet(ORDERS))
    assert holds(text, {"ORDERS-DB": {"window": "26h"}}, ROWS)
    assert holds(text, {}, ROWS)
    assert not holds(text, {"orders-db": {"window": "30h"}}, ROWS)
    assert not holds(text, {"nas-sync": {}}, ROWS)


@pytest.mark.parametrize("cell", ["a\rb", "\r", "a\r\nb", "a\nb", 'a"b', "a,b", ""])
def test_whatever_ends_a_line_stays_within_its_cell(cell: str) -> None:
    """The same on every Python: a row that breaks in two would be two jobs, and an export that seems to break off."""
    grid = (("Name", "Note"), ("orders", cell), ("files", "x"))
    read = list(csv.reader(io.StringIO(as_csv(grid), newline=""), strict=True))

    assert [tuple(row) for row in read] == list(grid)
    assert as_csv((("", ""), ("a", "b"))) == ",\na,b\n"
