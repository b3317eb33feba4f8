"""Sheets, v4: spreadsheets.get, values.get and spreadsheets.batchUpdate, for one sheet with one tab. It keeps text only."""

import re
from typing import Any

from infra.local.google.errors import ApiError
from infra.local.google.files import SHEET_ID, Cells, Folder

TAB_ID, TITLE = 0, "Jobs"
ROWS, COLUMNS = 1000, 26
FIELDS = "sheets.properties(sheetId,title,index,sheetType,gridProperties(rowCount,columnCount))"


def get(folder: Folder, sheet_id: str, fields: str) -> dict[str, Any]:
    cells = _cells(folder, sheet_id)
    if fields != FIELDS:
        raise ApiError(400, f"Request contains an invalid argument: fields={fields}")
    rows, columns = _size(cells)
    grid = {"rowCount": rows, "columnCount": columns}
    return {
        "sheets": [{"properties": {"sheetId": TAB_ID, "title": TITLE, "index": 0, "sheetType": "GRID", "gridProperties": grid}}]
    }


def values(folder: Folder, sheet_id: str, span: str, query: dict[str, str]) -> dict[str, Any]:
    """The cells as people see them; blank rows and cells at the ends are left out."""
    cells = _cells(folder, sheet_id)
    match = re.fullmatch(r"'(.+)'!A1:([A-Z]+)(\d+)", span)
    if match is None or match[1].replace("''", "'") != TITLE:
        raise ApiError(400, f"Unable to parse range: {span}")
    rows, columns = _size(cells)
    if int(match[3]) > rows or _number(match[2]) > columns:
        raise ApiError(400, f"Range ({span}) exceeds grid limits. Max rows: {rows}, max columns: {columns}")
    if query.get("majorDimension") != "ROWS" or query.get("valueRenderOption") != "FORMATTED_VALUE":
        raise ApiError(400, "this stand-in answers rows of formatted values only")
    while cells and not any(cells[-1]):
        cells.pop()
    trimmed = [row[: max((place for place, cell in enumerate(row, 1) if cell), default=0)] for row in cells]
    return {"range": f"{TITLE}!A1:{match[2]}{match[3]}", "majorDimension": "ROWS", **({"values": trimmed} if trimmed else {})}


def batch_update(folder: Folder, sheet_id: str, body: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON from outside
    """Carries out appendCells and updateCells, all or none."""
    cells = _cells(folder, sheet_id)
    if not folder.editable(sheet_id):
        raise ApiError(403, "The caller does not have permission", "PERMISSION_DENIED")
    requests = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(requests, list) or not requests:
        raise ApiError(400, "Must specify at least one request.")
    for number, request in enumerate(requests):
        match request:
            case {"appendCells": {"sheetId": 0, "rows": [{"values": added}], "fields": "userEnteredValue"}}:
                _append(cells, [_text(cell, number) for cell in added])
            case {
                "updateCells": {
                    "start": {"sheetId": 0, "rowIndex": int(row), "columnIndex": int(column)},
                    "rows": [{"values": [cell]}],
                    "fields": "userEnteredValue",
                }
            }:
                _update(cells, row, column, _text(cell, number), number)
            case _:
                raise ApiError(400, f"Invalid requests[{number}]: {request}")
    folder.keep(sheet_id, cells)
    return {"spreadsheetId": sheet_id, "replies": [{} for _ in requests]}


def _cells(folder: Folder, sheet_id: str) -> Cells:
    text = folder.text(sheet_id) if sheet_id == SHEET_ID else None
    if text is None:
        raise ApiError(404, "Requested entity was not found.")
    return folder.cells(text)


def _append(cells: Cells, row: list[str]) -> None:
    while cells and not any(cells[-1]):
        cells.pop()
    cells.append(row)


def _update(cells: Cells, row: int, column: int, text: str, number: int) -> None:
    rows, columns = _size(cells)
    if not (0 <= row < rows and 0 <= column < columns):
        raise ApiError(400, f"Invalid requests[{number}].updateCells: Attempting to write outside of the grid.")
    while len(cells) <= row:
        cells.append([])
    cells[row].extend([""] * (column + 1 - len(cells[row])))
    cells[row][column] = text


def _text(cell: Any, number: int) -> str:  # noqa: ANN401 - JSON from outside
    match cell:
        case {"userEnteredValue": {"stringValue": str(text), **others}} if not others:
            return text
        case {**nothing} if not nothing:
            return ""
    raise ApiError(400, f"Invalid requests[{number}]: this stand-in keeps text only, as a stringValue; {cell} is something else")


def _size(cells: Cells) -> tuple[int, int]:
    return max(ROWS, len(cells)), max(COLUMNS, *map(len, cells), 0)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
