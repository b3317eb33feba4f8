"""The documents: plain files in a folder, which one may edit while all runs."""

import csv
import io
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SHEET_ID: Final = "local-jobs-sheet"
RULES_ID: Final = "local-rules-doc"
VOICE_ID: Final = "local-voice-doc"
NAMES: Final = {SHEET_ID: "jobs.csv", RULES_ID: "rules.txt", VOICE_ID: "voice.txt"}

Cells = list[list[str]]


@dataclass(frozen=True, slots=True)
class Folder:
    """The files by their Google ids. `ours`: the versions that we wrote ourselves, not a person."""

    path: Path
    ours: dict[str, int] = field(default_factory=dict)

    def text(self, document_id: str) -> str | None:
        """None for a document that is not there."""
        name = NAMES.get(document_id)
        if name is None or not (self.path / name).exists():
            return None
        return (self.path / name).read_text(encoding="utf-8-sig", errors="replace")

    def version(self, document_id: str) -> int:
        """Grows with every change of the file."""
        return (self.path / NAMES[document_id]).stat().st_mtime_ns

    def editable(self, document_id: str) -> bool:
        """A file that its owner may not write is a document that was shared for reading alone."""
        return bool((self.path / NAMES[document_id]).stat().st_mode & stat.S_IWUSR)

    def cells(self, text: str) -> Cells:
        """The rows of the sheet, blank ones too, each as long as the longest."""
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
        width = max(map(len, rows), default=0)
        return [[*row, *[""] * (width - len(row))] for row in rows]

    def keep(self, document_id: str, cells: Cells) -> None:
        """Writes the sheet in one step, with the delimiter it had; rows are cut after their last cell that holds something."""
        written = io.StringIO()
        rows = [row[: max((place for place, cell in enumerate(row, 1) if cell), default=0)] for row in cells]
        csv.writer(written, delimiter=_delimiter(self.text(document_id) or ""), lineterminator="\n").writerows(rows)
        file = self.path / NAMES[document_id]
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        draft.write_text(written.getvalue(), encoding="utf-8")
        self.ours[document_id] = draft.stat().st_mtime_ns
        draft.replace(file)


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")
    return max(",;\t", key=first.count)


def as_exported(cells: Cells) -> str:
    """CSV as Google exports it: all rows of one width, ended by CR LF except the last."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(cells)
    return written.getvalue().removesuffix("\r\n")
