"""A sheet that people edit and to which we add, and the documents beside it: what is asked of Google and of the product.

Every method of `Sheet` and `Drive` raises Refused with a reason of `sheet_trouble`, RateLimited or Unanswered.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from workflows.kernel.ports import Documents, Json
from workflows.kernel.table import INVISIBLE

Grid = tuple[tuple[str, ...], ...]
"""The cells of a sheet as people see them, row by row from the first; rows may be of different lengths."""


class Cell(NamedTuple):
    """A place in a sheet: `row` as people count (the first is 1), `column` as a grid does (the first is 0)."""

    row: int
    column: int


class Sheet(Protocol):
    """The first tab of the sheet. What is written is text, whatever it looks like: nothing in it is ever computed."""

    def read(self) -> Grid: ...

    def append(self, cells: Sequence[str]) -> None:
        """Adds a row below the last one that holds anything; overwrites nothing. Unanswered: it may have been added."""
        ...

    def write(self, cells: Mapping[Cell, str]) -> None:
        """Writes these cells, all or none; "" empties one. Unanswered: they may have been written."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One document of Google's that is mirrored.

    Attributes:
        id: Google's; "" where none is set up. key: of the object that mirrors it. name: for people, such as "job list".
        kind: "sheet" is mirrored as CSV, "text" as plain text.
    """

    id: str
    key: str
    name: str
    kind: Literal["sheet", "text"]


class Drive(Protocol):
    """Where the documents lie. `account`: the e-mail address that they must be shared with."""

    @property
    def account(self) -> str: ...

    def version(self, source: Source) -> str:
        """Changes with every change of the document, and perhaps without one."""
        ...

    def export(self, source: Source) -> str:
        """The document as text, without the mark of its encoding."""
        ...


class Mirror(Documents, Protocol):
    """The mirrored documents, to be written."""

    def put(self, key: str, text: str) -> None: ...


class Notebook(Protocol):
    """What the one writer of the sheet remembers from run to run, as one JSON object; {} at first. Its lease guards it."""

    def read(self) -> Json: ...

    def save(self, notes: Json) -> None: ...


class Fault(NamedTuple):
    """What is wrong with a document, and what would be right."""

    problem: str
    fix: str


class Rows(Protocol):
    """What the product knows of the rows of its sheet. `text` is always the whole sheet as CSV."""

    @property
    def columns(self) -> Sequence[str]: ...

    @property
    def key_column(self) -> str: ...

    def keys(self, text: str) -> Mapping[int, str]:
        """Row number -> key, of every row that has a key of its own, typed or derived, whatever else is wrong with it."""
        ...

    def unkeyed(self, text: str) -> Mapping[int, str]:
        """Row number -> the key to be written into it, of every sound row whose key is not typed."""
        ...

    def unusable(self, text: str) -> Fault | None:
        """Why this cannot be the sheet at all, such as a column that is missing."""
        ...

    def wrong(self, key: str, cells: Mapping[str, str], before: Mapping[str, str]) -> str:
        """What is wrong with the row `cells` that was not wrong with it as `before` ({}: a new row); "" when nothing is."""
        ...


_STARTS_A_FORMULA = "=+-@＝＋－＠ "
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def plain(text: str) -> str:
    """Text as it goes into a cell: one line, and never the start of a formula.

    We write text that is not computed; but the list is exported and opened in other programs, which would. A cell that begins
    with = + - @ (or their wide forms) loses these signs: a quotation mark before them would stay in ids and addresses for good.
    """
    encodable = text.encode("utf-8", "ignore").decode()
    return " ".join(_CONTROL.sub("", encodable.translate(INVISIBLE)).split()).lstrip(_STARTS_A_FORMULA)


def as_csv(grid: Grid) -> str:
    """The grid as the list is read everywhere: its rows keep their numbers."""
    return "".join(map(_csv_line, grid))


def _csv_line(row: Sequence[str]) -> str:
    """A sign of the line's end is quoted within a cell; before Python 3.13 the writer did that for none but its own."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(row)
    return written.getvalue().removesuffix("\r\n") + "\n"
