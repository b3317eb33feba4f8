"""One figure: what was measured, and the goal beside it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import process_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table.

    Attributes:
        name: what was measured. value: what came of it, with its unit.
        goal: as a reader wants it; "" where there is none. met: None without a goal.
        note: what the figure stands on.
    """

    name: str
    value: str
    goal: str = ""
    met: bool | None = None
    note: str = ""

    @property
    def line(self) -> str:
        verdict = "" if self.met is None else "met" if self.met else "MISSED"
        return f"{self.name:<58}{self.value:>16}  {self.goal:<19}{verdict:<8}{self.note}".rstrip()


def at_least(name: str, value: float, goal: float, unit: str, *, note: str = "") -> Figure:
    return Figure(name=name, value=f"{_text(value)} {unit}", goal=f"at least {_text(goal)}", met=value >= goal, note=note)


def at_most(name: str, value: float, goal: float, unit: str, *, note: str = "") -> Figure:
    return Figure(name=name, value=f"{_text(value)} {unit}", goal=f"at most {_text(goal)}", met=value <= goal, note=note)


def shown(name: str, value: float, unit: str, *, note: str = "") -> Figure:
    """A figure without a goal."""
    return Figure(name=name, value=f"{_text(value)} {unit}", note=note)


def invalid(name: str, why: str) -> Figure:
    """What was run did not do what it should have: its cost says nothing."""
    return Figure(name=name, value="INVALID", met=False, note=why)


def cpu_seconds(work: Callable[[], object], *, times: int) -> float:
    """The median CPU time of so many rounds."""
    return median(_one(work) for _ in range(times))


def table(figures: Iterable[Figure]) -> str:
    return "\n".join(figure.line for figure in figures)


def _one(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def _text(number: float) -> str:
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"
