"""Figures 4 and 5: what a quiet check asks of AWS, and what it costs to look at 10,000 jobs.

Quiet is the second look at a fleet, within the day of its walk: nothing is new, nothing is written but the stamp of the run.
The check is the one that bk-checker runs, with real clients; a stand-in for AWS answers from another process.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from bench.deployment import ENVIRONMENT
from bench.figure import Figure, at_most, invalid, shown
from workflows.kernel.ports import Json

JOBS, HEARTBEAT_JOBS = 10_000, 1000
S3_DELAY_MS = 30
LAMBDA_SHARE = 0.29
"""Of a core, that a Lambda of 512 MB has."""

STAMP = ("PutItem",)
WRITES = ("TransactWriteItems", "UpdateItem", "PutEvents")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One check. `cpu` and `wall` in seconds; `asked_for`: how often each operation was called."""

    report: Json
    cpu: float
    wall: float
    rss_mb: float
    asked_for: Mapping[str, int]

    def trouble(self, jobs: int) -> str:
        """Why this was not the quiet check that it should have been; "" when it was."""
        quiet = {"mode": "fast", "looked": jobs, "changed": 0, "complete": True}
        wrote = {name: count for name, count in self.asked_for.items() if name in WRITES}
        return "" if self.report == quiet and not wrote else f"not a quiet check: {self.report}, wrote {wrote}"


def measure() -> list[Figure]:
    return [*_files(_checked("files", JOBS, delay_ms=S3_DELAY_MS)), *_heartbeats(_checked("heartbeats", HEARTBEAT_JOBS))]


def _files(checked: Checked) -> list[Figure]:
    trouble = checked.trouble(JOBS)
    if trouble:
        return [invalid("quiet check of 10,000 jobs", trouble)]
    share = checked.cpu / LAMBDA_SHARE
    return [
        at_most("AWS calls a files job and quiet check", _calls(checked) / JOBS, 1.1, "calls", note=_most_called(checked)),
        at_most("quiet check of 10,000 jobs, S3 +30 ms: CPU", checked.cpu, 25, "s", note="import and job list included"),
        at_most("  on a 512 MB Lambda's share of a core", share, 120, "s", note=f"CPU / {LAMBDA_SHARE}"),
        at_most("  wall", checked.wall, 45, "s"),
        at_most("  memory, at most", checked.rss_mb, 250, "MB"),
    ]


def _heartbeats(checked: Checked) -> list[Figure]:
    trouble = checked.trouble(HEARTBEAT_JOBS)
    if trouble:
        return [invalid("quiet check of heartbeat jobs", trouble)]
    calls = _calls(checked) / HEARTBEAT_JOBS
    return [
        at_most("AWS calls a heartbeat job and quiet check", calls, 0.05, "calls", note=_most_called(checked)),
        shown("  CPU of a check of 1,000 heartbeat jobs", checked.cpu, "s"),
    ]


def _calls(checked: Checked) -> int:
    return sum(checked.asked_for.values())


def _most_called(checked: Checked) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(checked.asked_for.items(), key=lambda item: -item[1]))


def _checked(kind: str, jobs: int, *, delay_ms: int = 0) -> Checked:
    asked_for: dict[str, int] = {}
    with _stand_in(kind, jobs, delay_ms, asked_for) as address:
        told = {**os.environ, **ENVIRONMENT, "AWS_ENDPOINT_URL": address}
        ran = subprocess.run(
            [sys.executable, "-m", "bench.measured_check"], env=told, stdout=subprocess.PIPE, text=True, check=True, timeout=300
        )
    return Checked(**json.loads(ran.stdout), asked_for=asked_for)


@contextmanager
def _stand_in(kind: str, jobs: int, delay_ms: int, asked_for: dict[str, int]) -> Iterator[str]:
    """Its address. What it was asked for is filled in at the end."""
    command = [sys.executable, "-m", "bench.stand_in", kind, str(jobs), str(delay_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        out = server.stdout
        assert out is not None  # noqa: S101 - for the types: a pipe was asked for
        try:
            yield f"http://127.0.0.1:{out.readline().strip()}"
        finally:
            server.terminate()
            asked_for.update(json.loads(out.readline() or "{}"))
