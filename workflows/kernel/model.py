"""A language model, asked for one thing: to fill in a form. What it fills in is as hostile as what it was given to read."""

from dataclasses import dataclass
from typing import Protocol

from workflows.kernel.ports import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The one tool that is offered: its name, what it is for, and the JSON schema of its input."""

    name: str
    purpose: str
    schema: Json


class Model(Protocol):
    """Reads a text that our own readers do not know."""

    def ask(self, instructions: str, text: str, form: Form) -> Json:
        """The form as the model filled it in; that it fits the schema is not promised.

        Args:
            instructions: what to do, in our words. text: data, which may hold anything, orders to the model too.

        Raises:
            RateLimited: try again later.
            Refused: it will not or cannot answer this: cut off, filtered, no form filled in, not allowed, too long.
            Unanswered: no answer came.
        """
        ...
