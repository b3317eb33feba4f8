"""Figure 9: what a month costs, by fleet: the calls of a simulated day as they are made, times list prices without free tiers.

Every handler runs as deployed, with its real clients, for each schedule, rule and message of the template; bench/bill tells how.
"""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

from bench.bill.lines import Line, apart, calls, core, total
from bench.bill.prices import AS_OF, REGION
from bench.deployment import ENVIRONMENT
from bench.figure import Figure, at_most, shown

GOALS = {30: 0.50, 60: 0.80, 200: 2.0, 2000: 15.0}
"""Dollars a month besides the secrets."""

FUNCTIONS = ("ack-handler", "checker", "dispatch", "drive-sync", "heartbeat", "intake-ses-parser", "summary")
STARTS = 3
DAY_SECONDS_MAX = 1400


def measure() -> list[Figure]:
    return figures(GOALS)


def figures(fleets: Collection[int]) -> list[Figure]:
    cold = {f"bk-{name}": _start_of(f"bk-{name}") for name in FUNCTIONS}
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 1))) as side_by_side:
        days = {day["jobs"]: day for day in side_by_side.map(lambda jobs: day_of(jobs, cold), sorted(fleets, reverse=True))}
    print(table(days), file=sys.stderr, flush=True)  # what goes to stdout are the figures
    return [*(_figure(jobs, days[jobs]) for jobs in sorted(fleets)), *_more(days)]


def day_of(jobs: int, cold: Mapping[str, float]) -> dict[str, Any]:
    """What the simulated day of so many jobs used."""
    command = [sys.executable, "-m", "bench.bill.day", str(jobs), json.dumps(cold)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=DAY_SECONDS_MAX)
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def _start_of(function: str) -> float:
    """Seconds of CPU to load and wire it."""
    command = [sys.executable, "-m", "bench.import_one", function]
    told = {**os.environ, **ENVIRONMENT}
    return median(
        float(subprocess.run(command, env=told, stdout=subprocess.PIPE, text=True, check=True).stdout) for _ in range(STARTS)
    )


def _figure(jobs: int, day: Mapping[str, Any]) -> Figure:
    note = f"{calls(day):,.0f} calls; beside it secrets, alarms, mail, model: {total(apart(day)):.2f}"
    return at_most(f"a month of {jobs:,} jobs", total(core(day)), GOALS[jobs], "$", note=note)


def _more(days: Mapping[int, Mapping[str, Any]]) -> list[Figure]:
    few, many = sorted(days)[-2:]
    each = (total(core(days[many])) - total(core(days[few]))) / (many - few)
    return [shown("  one job more", 100 * each, "cents", note=f"from {few} to {many:,}; {AS_OF}, {REGION}, no free tier")]


def table(days: Mapping[int, Mapping[str, Any]]) -> str:
    """A line for each price, the fleets beside each other."""
    fleets = sorted(days)
    head = f"{'':<28}" + "".join(f"{f'{jobs:,} jobs':>22}" for jobs in fleets)
    rows = [head, *_rows({jobs: core(days[jobs]) for jobs in fleets})]
    rows.append(f"{'in all':<28}" + "".join(f"{total(core(days[jobs])):>22.3f}" for jobs in fleets))
    rows.append("apart from it")
    return "\n".join([*rows, *_rows({jobs: apart(days[jobs]) for jobs in fleets})])


def _rows(lines: Mapping[int, list[Line]]) -> list[str]:
    return [
        f"{same[0].name:<28}" + "".join(f"{_amount(line.amount):>13}{line.dollars:>9.3f}" for line in same)
        for same in zip(*lines.values(), strict=True)
    ]


def _amount(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:.3f}"
