"""The sheet, by Google's Sheets API.

When we write, its tab is named by its id, and every value is a `stringValue`: a text that Google never takes for a formula, a
number or a date.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from bolt_app.adapters.google_account import GoogleAccount
from bolt_app.adapters.google_errors import translated
from workflows.kernel.errors import Refused, Unanswered
from workflows.kernel.ports import Json
from workflows.kernel.sheet import Cell, Grid
from workflows.kernel.sheet_trouble import NOT_GOOGLES

PROPERTIES = "sheets.properties(sheetId,title,index,sheetType,gridProperties(rowCount,columnCount))"


class GoogleSheet:
    """Implements `Sheet` for the first tab, which is also the one that Drive exports."""

    def __init__(self, account: GoogleAccount, *, sheet_id: str) -> None:
        self._account = account
        self._id = sheet_id

    def read(self) -> Grid:
        tab = self._tab()
        size = tab["gridProperties"]
        whole = f"{quoted(tab['title'])}!A1:{letters(size['columnCount'])}{size['rowCount']}"
        with translated(self._account):
            answer = (
                self._sheets.values()
                .get(spreadsheetId=self._id, range=whole, majorDimension="ROWS", valueRenderOption="FORMATTED_VALUE")
                .execute()
            )
        return tuple(tuple(str(cell) for cell in row) for row in _answered(answer).get("values", ()))

    def append(self, cells: Sequence[str]) -> None:
        row = {"values": [_value(text) for text in cells]}
        self._change({"appendCells": {"sheetId": self._tab()["sheetId"], "rows": [row], "fields": "userEnteredValue"}})

    def write(self, cells: Mapping[Cell, str]) -> None:
        tab_id = self._tab()["sheetId"]
        self._change(*(_update(tab_id, cell, text) for cell, text in cells.items()))

    def _tab(self) -> Json:
        with translated(self._account):
            answer = self._sheets.get(spreadsheetId=self._id, fields=PROPERTIES).execute()
        tabs = [sheet["properties"] for sheet in _answered(answer).get("sheets", ())]
        grids: list[Json] = [tab for tab in tabs if tab.get("sheetType", "GRID") == "GRID"]
        if not grids:
            raise Refused(NOT_GOOGLES, "it has no tab with cells")
        return min(grids, key=lambda tab: int(tab.get("index", 0)))

    def _change(self, *requests: Json) -> None:
        with translated(self._account):
            self._sheets.batchUpdate(spreadsheetId=self._id, body={"requests": list(requests)}).execute()

    @cached_property
    def _sheets(self) -> Any:  # noqa: ANN401 - googleapiclient makes its methods at run time
        return self._account.api("sheets", "v4").spreadsheets()


def quoted(title: str) -> str:
    """A tab's title as ranges name it."""
    return "'" + title.replace("'", "''") + "'"


def letters(number: int) -> str:
    """The name of the column that is the `number`th: 1 is A, 27 is AA."""
    name = ""
    while number:
        number, place = divmod(number - 1, 26)
        name = chr(ord("A") + place) + name
    return name


def _update(tab_id: int, cell: Cell, text: str) -> Json:
    start = {"sheetId": tab_id, "rowIndex": cell.row - 1, "columnIndex": cell.column}
    return {"updateCells": {"start": start, "rows": [{"values": [_value(text)]}], "fields": "userEnteredValue"}}


def _value(text: str) -> Json:
    """A cell that holds this text; without a value it is empty."""
    return {"userEnteredValue": {"stringValue": text}} if text else {}


def _answered(answer: object) -> Json:
    if not isinstance(answer, dict):
        raise Unanswered("BrokenAnswer", "Sheets answered no JSON object")
    return answer
