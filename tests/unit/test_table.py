"""A sheet exported as CSV, however it was typed."""

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.kernel.table import CELL_MAX, ROWS_MAX, TEXT_MAX, Table, read_table

COLUMNS = ("name", "owner_email", "min_size")


def cells(table: Table) -> list[dict[str, str]]:
    return [{column: row.cells[place] for column, place in table.columns.items()} for row in table.rows]


@pytest.mark.parametrize(
    "header",
    [
        "name,owner_email,min_size",
        "\ufeffName,Owner e-mail,MIN SIZE",
        " Name: ,owner-email,Min.Size",
        '"name","Owner\nE-Mail",minsize',
    ],
)
def test_headers_match_without_case_spaces_and_punctuation(header: str) -> None:
    table = read_table(f"{header}\nOrders,sam@acme.example,5MB\n", COLUMNS)

    assert cells(table) == [{"name": "Orders", "owner_email": "sam@acme.example", "min_size": "5MB"}]
    assert table.problems == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_line_end_and_delimiter_will_do(end: str, delimiter: str) -> None:
    text = end.join(delimiter.join(record) for record in (["name", "min_size"], ["Orders", "5MB"]))

    assert cells(read_table(text, COLUMNS)) == [{"name": "Orders", "min_size": "5MB"}]


def test_rows_are_numbered_as_the_sheet_counts_them() -> None:
    table = read_table('name,min_size\n"two\nlines",1\n,\n\nlast,2\n', COLUMNS)

    assert [(row.number, row.cells[0]) for row in table.rows] == [(2, "two\nlines"), (5, "last")]


def test_unknown_columns_are_kept_and_missing_cells_are_empty() -> None:
    table = read_table("name,Notes,min_size\nOrders\nLedger,by hand\n", COLUMNS)

    assert table.others == {"Notes": 1}
    assert [row.cells for row in table.rows] == [["Orders", "", ""], ["Ledger", "by hand", ""]]


def test_invisible_marks_and_hard_spaces_around_a_cell_are_not_part_of_it() -> None:
    assert cells(read_table("name\n\u200b\u00a0Orders \u200f\n", COLUMNS)) == [{"name": "Orders"}]


def test_two_columns_of_one_name_make_the_table_unreadable() -> None:
    table = read_table("name,Owner email,owner_email\nOrders,a@x.example,b@x.example\n", COLUMNS)

    assert not table.readable
    assert table.rows == ()
    assert table.problems[0].column == "owner_email"


@pytest.mark.parametrize("text", ["", "\n\n", ",,,\n", "colour,shape\nred,round\n", "x" * (TEXT_MAX + 1)])
def test_a_text_without_a_usable_header_is_unreadable_not_empty(text: str) -> None:
    table = read_table(text, COLUMNS)

    assert not table.readable
    assert len(table.problems) == 1


def test_a_quotation_never_closed_spoils_only_its_own_row() -> None:
    table = read_table('name,min_size\nOrders,1\n"Ledger,2\nFiles,3\n', COLUMNS)

    assert [(row.number, row.cells[0]) for row in table.rows] == [(2, "Orders"), (4, "Files")]
    assert [(problem.row_number, problem.problem) for problem in table.problems] == [
        (3, 'its quotation marks do not pair: ""Ledger,2"')
    ]


def test_a_text_after_a_closing_quotation_mark_spoils_only_its_own_row() -> None:
    table = read_table('name,min_size\n"Led"ger,2\nFiles,3\n', COLUMNS)

    assert [row.cells[0] for row in table.rows] == ["Files"]
    assert [problem.row_number for problem in table.problems] == [3 - 1]


def test_many_broken_rows_end_the_reading_soon() -> None:
    began = time.perf_counter()
    table = read_table("name\n" + '"x\n' * 5_000, COLUMNS)

    assert table.problems[-1].problem.startswith("too many broken rows")
    assert time.perf_counter() - began < 1


def test_an_overlong_cell_spoils_only_its_own_row() -> None:
    table = read_table(f"name\n{'x' * (CELL_MAX + 1)}\nFiles\n{'y' * 200_000}\nOrders\n", COLUMNS)

    assert [row.cells[0] for row in table.rows] == ["Files", "Orders"]
    assert [problem.row_number for problem in table.problems] == [2, 4]


@pytest.mark.thorough
def test_more_rows_than_the_limit_are_not_read_and_said_so() -> None:
    table = read_table("name\n" + "x\n" * (ROWS_MAX + 5), COLUMNS)

    assert len(table.rows) == ROWS_MAX
    assert [problem.row_number for problem in table.problems] == [ROWS_MAX + 2]


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=6))
@settings(max_examples=80, deadline=None)
def test_what_a_sheet_exports_is_read_back(rows: list[list[str]]) -> None:
    rows = [[cell.replace("\x00", "") for cell in row] for row in rows]
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *rows])

    table = read_table(text.getvalue(), COLUMNS)

    assert table.problems == ()
    assert [row.number for row in table.rows] == [number for number, row in enumerate(rows, start=2) if any(map(visible, row))]


def visible(cell: str) -> bool:
    return bool(cell.translate(dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u200e\u200f"))).strip())


@given(st.text(alphabet=st.one_of(st.sampled_from('",;\n\r\t \ufeff#name'), st.characters()), max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_explained(text: str) -> None:
    table = read_table("name,min_size\n" + text, COLUMNS)

    assert all(len(row.cells) >= 2 for row in table.rows)
    assert table.readable or table.problems
