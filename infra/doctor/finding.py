"""What the doctor found: one line, and what to do where it is not well."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "wrong", "unsure"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One of the things looked at.

    Attributes:
        state: "unsure" is what could not be asked, what only a person can see, and what is not wrong yet.
        todo: an exact command or click; "" only where all is well.
    """

    state: State
    line: str
    todo: str = ""

    def __post_init__(self) -> None:
        if bool(self.todo) == (self.state == "ok"):
            raise ValueError(f"what is {self.state} {'needs no' if self.todo else 'needs a'} remedy: {self.line}")


def ok(line: str) -> Finding:
    return Finding("ok", line)


def wrong(line: str, todo: str) -> Finding:
    return Finding("wrong", line, todo)


def unsure(line: str, todo: str) -> Finding:
    return Finding("unsure", line, todo)


def few(items: list[str], most: int = 3) -> str:
    """The first of them, and how many more there are."""
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")
