"""A model in memory, which answers as it is told to."""

from collections.abc import Iterable

from workflows.kernel.errors import OutsideError
from workflows.kernel.model import Form
from workflows.kernel.ports import Json


class MemoryModel:
    """Implements `Model`. `answers` are used up, one a question; an error among them is raised instead.

    Attributes:
        asked: (instructions, text, form) of each question so far.
    """

    def __init__(self, answers: Iterable[Json | OutsideError] = ()) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, Form]] = []

    def ask(self, instructions: str, text: str, form: Form) -> Json:
        self.asked.append((instructions, text, form))
        if not self.answers:
            raise AssertionError(f"nobody told the model what to answer to:\n{text}")
        answer = self.answers.pop(0)
        if isinstance(answer, OutsideError):
            raise answer
        return answer
