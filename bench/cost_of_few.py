"""Figure 9 without its largest fleet, whose day takes ten minutes: `python -m bench cost` has that too."""

from bench.cost import GOALS, figures
from bench.figure import Figure

FEW = [jobs for jobs in GOALS if jobs < 2000]


def measure() -> list[Figure]:
    return figures(FEW)
