"""What the writer of the sheet remembers, kept in memory."""

import json

from workflows.kernel.ports import Json


class MemoryNotebook:
    """Implements `Notebook`. `saves` counts."""

    def __init__(self) -> None:
        self._notes = "{}"
        self.saves = 0

    def read(self) -> Json:
        notes: Json = json.loads(self._notes)
        return notes

    def save(self, notes: Json) -> None:
        self.saves += 1
        self._notes = json.dumps(notes)
