"""Figure 6: the CPU time to load each Lambda and build its clients, beside what its libraries alone take.

Each runs right before its floor, round after round, so that a slow moment of the machine is slow for both; what counts is the
median. "No .pyc" means none of ours and none of the libraries; Python's own library always has them.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Literal

from bench.deployment import ENVIRONMENT
from bench.figure import Figure, at_most, shown

Compiled = Literal["everything", "python-only"]
ROUNDS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`floor`: what it is measured against, as in `import_one`. `most_ms`: with .pyc files."""

    floor: str
    reads: str
    times: float
    most_ms: float


GOALS = {
    "bk-checker": Goal(floor="boto3", reads="boto3 and its clients", times=1.2, most_ms=400),
    "bk-ack-handler": Goal(floor="bolt", reads="a bare Bolt and its clients", times=1.25, most_ms=450),
}
OTHERS = ("bk-dispatch", "bk-heartbeat")


def measure() -> list[Figure]:
    return [*_figures(_rounds("everything"), with_goal=True), *_figures(_rounds("python-only"), with_goal=False)]


def _figures(took: dict[str, list[float]], *, with_goal: bool) -> list[Figure]:
    files = "with .pyc" if with_goal else "no .pyc"
    figures: list[Figure] = []
    for name, goal in GOALS.items():
        own, floor = took[name], took[goal.floor]
        times = median(mine / its for mine, its in zip(own, floor, strict=True))
        note = f"{median(floor):.0f} ms {goal.reads}"
        figures.append(at_most(f"load {name}, {files}: times its floor", times, goal.times, "x", note=note))
        figures.append(at_most("  CPU", median(own), goal.most_ms, "ms") if with_goal else shown("  CPU", median(own), "ms"))
    return figures + [shown(f"load {name}, {files}: CPU", median(took[name]), "ms") for name in OTHERS]


def _rounds(compiled: Compiled) -> dict[str, list[float]]:
    """Milliseconds by name, one a round."""
    names = [*(name for lambda_name, goal in GOALS.items() for name in (lambda_name, goal.floor)), *OTHERS]
    took: dict[str, list[float]] = {name: [] for name in names}
    with TemporaryDirectory() as folder:
        cache = Path(folder)
        for name in names:
            _load(name, cache, compiled)
        for _ in range(ROUNDS):
            for name in names:
                took[name].append(_load(name, cache) * 1000)
    return took


def _load(name: str, cache: Path, *then: str) -> float:
    """Seconds of CPU time. `then`: what to compile for later loads."""
    ran = subprocess.run(
        [sys.executable, "-X", f"pycache_prefix={cache}", "-m", "bench.import_one", name, *then],
        env={**os.environ, **ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    return float(ran.stdout)
