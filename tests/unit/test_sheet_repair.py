"""Rows that moved while we wrote: what landed elsewhere is put back."""

from workflows.kernel.sheet import Cell, Grid
from workflows.kernel.sheet_repair import put_back

HEADER = ("id", "name")
BEFORE: Grid = (HEADER, ("", "Orders"), ("kept", "Files"))


def test_what_is_where_it_belongs_stays() -> None:
    assert put_back({Cell(2, 0): "orders"}, BEFORE, (HEADER, ("orders", "Orders"), ("kept", "Files"))) == {}


def test_a_row_inserted_after_the_writing_moves_it_along() -> None:
    assert put_back({Cell(2, 0): "orders"}, BEFORE, (HEADER, ("", "New"), ("orders", "Orders"), ("kept", "Files"))) == {}


def test_a_row_inserted_before_the_writing_took_the_text_and_is_emptied() -> None:
    after: Grid = (HEADER, ("orders", "New"), ("", "Orders"), ("kept", "Files"))
    assert put_back({Cell(2, 0): "orders"}, BEFORE, after) == {Cell(2, 0): ""}


def test_a_row_that_moved_up_gets_back_what_it_held() -> None:
    assert put_back({Cell(2, 0): "orders"}, BEFORE, (HEADER, ("orders", "Files"))) == {Cell(2, 0): "kept"}


def test_a_sheet_that_became_shorter_holds_nothing_to_put_back() -> None:
    assert put_back({Cell(3, 1): "x"}, BEFORE, (HEADER,)) == {}
