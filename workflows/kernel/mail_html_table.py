"""Lines of text as they are collected from a page, and tables as lines."""

from dataclasses import dataclass, field

CELL_LINES_MAX = 12
SPAN_MAX = 30
COLUMNS_MAX = 60


@dataclass(slots=True)
class Flow:
    """Lines in the making: of the page, or of one cell."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Adds to the line, with single spaces."""
        words = " ".join(text.split())
        if not words:
            if text and self.line and not self.line[-1].endswith(" "):
                self.line.append(" ")
            return
        if text[0].isspace() and self.line:
            words = f" {words}"
        self.line.append(f"{words} " if text[-1].isspace() else words)

    def keep(self, text: str) -> None:
        """Adds text with its line ends and spaces as they are."""
        first, *others = text.split("\n")
        self.line.append(first)
        for other in others:
            self.end_line(always=True)
            self.line.append(other)

    def end_line(self, *, always: bool = False) -> None:
        text = "".join(self.line)
        self.line.clear()
        text = text.replace("  ", " ").strip() if not always or not text.startswith(" ") else text.rstrip()
        if text or always:
            self.lines.append(text)

    def gap(self) -> None:
        """An empty line, unless there is one."""
        self.end_line()
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def done(self) -> list[str]:
        """All lines; empty ones at the ends are left out."""
        self.end_line()
        lines = self.lines
        while lines and not lines[-1]:
            lines.pop()
        start = next((number for number, line in enumerate(lines) if line), 0)
        return lines[start:]


@dataclass(slots=True)
class Cell:
    flow: Flow
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Grid:
    """One table in the making."""

    rows: list[list[Cell]] = field(default_factory=list)

    def row(self) -> None:
        self.rows.append([])

    def cell(self, columns: int, rows: int) -> Flow:
        if not self.rows:
            self.row()
        flow = Flow()
        self.rows[-1].append(Cell(flow, min(max(columns, 1), SPAN_MAX), min(max(rows, 1), 1_000)))
        return flow

    def lines(self) -> list[str]:
        """Every row as one line, or as several where its cells hold several; columns that are empty throughout are left out."""
        placed = [_content(row) for row in _placed(self.rows)]
        used = {column for row in placed for column, lines in enumerate(row) if lines}
        return [line for row in placed for line in _row_lines([lines for column, lines in enumerate(row) if column in used])]


def _placed(rows: list[list[Cell]]) -> list[list[Cell | None]]:
    """Cells at their columns; None where a cell from the left or from above reaches."""
    below: dict[int, int] = {}  # column -> for how many more rows a cell from above reaches into it
    placed: list[list[Cell | None]] = []
    for cells in rows:
        row: list[Cell | None] = []
        pair = len(cells) == 2
        for cell in cells:
            while below.get(len(row), 0) > 0 and len(row) < COLUMNS_MAX:
                below[len(row)] -= 1
                row.append(None)
            if cell.rows > 1:
                below.update({len(row) + step: cell.rows - 1 for step in range(cell.columns)})
            # two cells are a label and its value, however wide
            row.extend([cell, *([None] * (0 if pair else cell.columns - 1))])
        placed.append(row)
    return placed


def _content(row: list[Cell | None]) -> list[list[str]]:
    return [[line for line in cell.flow.done() if line] if cell else [] for cell in row]


def _row_lines(cells: list[list[str]]) -> list[str]:
    filled = [lines for lines in cells if lines]
    most = max((len(lines) for lines in filled), default=0)
    if len(filled) <= 1:
        return filled[0] if filled else []
    if most == 1:
        return [_joined([lines[0] if lines else "" for lines in cells])]
    if all(len(lines) == most for lines in filled):
        return [_joined([lines[number] if lines else "" for lines in cells]) for number in range(most)]
    if most <= CELL_LINES_MAX and not any("\t" in line for lines in filled for line in lines):
        return [_joined([" ".join(lines) for lines in cells])]
    return _side_by_side(cells)


def _side_by_side(cells: list[list[str]]) -> list[str]:
    """Cells that are pages of their own, one after the other; short cells in a row share a line."""
    told: list[str] = []
    short: list[str] = []
    for lines in [*cells, []]:
        if len(lines) == 1:
            short.append(lines[0])
            continue
        if short:
            told.append(_joined(short))
            short = []
        told.extend(lines)
    return [*told, _joined(short)] if short else told


def _joined(cells: list[str]) -> str:
    return "\t".join(cells).rstrip("\t")
