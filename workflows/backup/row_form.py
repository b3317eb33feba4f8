"""A row as a form holds it: what it starts with, and what was changed in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.kernel.proposals import Asker


@dataclass(frozen=True, slots=True, kw_only=True)
class RowForm:
    """What the form shows.

    Attributes:
        cells: canonical column -> text to begin with.
        key: the id of the row, where it is settled; "" where the form asks for one.
        proposal_id: the proposal that is edited; "" for a row that nobody proposed yet.
        change: the row is on the list already.
        approves: whoever opened it needs nobody's approval.
        said: a sentence on top, in our own words.
    """

    cells: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    proposal_id: str = ""
    change: bool = False
    approves: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSent:
    """What the form sent.

    Attributes:
        cells: column -> text, of every field; "" where it was left blank. began: what these fields held when it was opened.
        form_id: the same when the same form is sent again.
    """

    asker: Asker
    cells: Mapping[str, str]
    began: Mapping[str, str]
    form_id: str
    key: str = ""
    proposal_id: str = ""
    change: bool = False

    @property
    def changed(self) -> dict[str, str]:
        """What was typed: a field that was left alone says nothing, so that it undoes nothing that happened meanwhile."""
        return {column: text for column, text in self.cells.items() if text != self.began.get(column, "")}
