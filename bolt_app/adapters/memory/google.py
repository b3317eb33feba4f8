"""Google's documents and the sheet among them, kept in memory, with what can go wrong there."""

from collections.abc import Callable, Mapping, Sequence

from workflows.kernel.errors import Refused
from workflows.kernel.sheet import Cell, Grid, Source, as_csv
from workflows.kernel.sheet_trouble import NOT_FOUND

Before = Callable[[str], None]
"""Called with the name of a call before it is carried out; may raise what the call would."""


class MemoryGoogle:
    """Implements `Sheet` and `Drive` over one sheet and any number of texts.

    `calls` is what was asked, in order. `before` and `after` are called around each call, so that a test can fail it, lose its
    answer, or edit the sheet meanwhile.
    """

    def __init__(self, sheet_id: str, rows: Sequence[Sequence[str]] = (), texts: Mapping[str, str] | None = None) -> None:
        self.grid = [list(row) for row in rows]
        self.texts = dict(texts or {})
        self.exports: dict[str, str] = {}
        self.calls: list[str] = []
        self.before: Before = lambda _call: None
        self.after: Before = lambda _call: None
        self._sheet_id = sheet_id
        self._versions: dict[str, tuple[str, int]] = {}

    @property
    def account(self) -> str:
        return "sentinel@example.iam.gserviceaccount.com"

    def read(self) -> Grid:
        self._begin("read")
        grid = tuple(tuple(row) for row in self.grid)
        self.after("read")
        return grid

    def append(self, cells: Sequence[str]) -> None:
        self._begin("append")
        while self.grid and not any(self.grid[-1]):
            self.grid.pop()
        self.grid.append(list(cells))
        self.after("append")

    def write(self, cells: Mapping[Cell, str]) -> None:
        self._begin("write")
        for cell, text in cells.items():
            while len(self.grid) < cell.row:
                self.grid.append([])
            row = self.grid[cell.row - 1]
            row.extend([""] * (cell.column + 1 - len(row)))
            row[cell.column] = text
        self.after("write")

    def version(self, source: Source) -> str:
        self._begin("version")
        text = self._text(source)
        known, number = self._versions.get(source.id, ("", 0))
        if text != known or not number:
            number += 1
        self._versions[source.id] = (text, number)
        self.after("version")
        return str(number)

    def export(self, source: Source) -> str:
        self._begin("export")
        text = self.exports.get(source.id, self._text(source))
        self.after("export")
        return text

    def _begin(self, call: str) -> None:
        self.calls.append(call)
        self.before(call)

    def _text(self, source: Source) -> str:
        if source.kind == "text" and source.id in self.texts:
            return self.texts[source.id]
        if source.kind == "sheet" and source.id == self._sheet_id:
            width = max(map(len, self.grid), default=0)
            return as_csv(tuple((*row, *[""] * (width - len(row))) for row in self.grid))
        raise Refused(NOT_FOUND, source.id)
