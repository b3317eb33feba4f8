"""What could not be read while a mail was, in words for people."""

from dataclasses import dataclass, field

_MOST = 20


@dataclass(slots=True)
class Notes:
    """Collects in the order found, each once, and not without end.

    Attributes:
        problems: what may have held something and could not be read.
        others: what holds no text, such as pictures: told only where nothing else could be read.
    """

    problems: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def problem(self, text: str) -> None:
        _add(self.problems, text)

    def other(self, text: str) -> None:
        _add(self.others, text)


def _add(notes: list[str], text: str) -> None:
    if len(notes) < _MOST and text not in notes:
        notes.append(text)
