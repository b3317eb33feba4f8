"""Figure 7: how many check-ins two processes of bk-heartbeat take, each with its record and its request to be checked.

The handler is the deployed one, with real clients. What AWS would answer comes from the process itself, so that the figure is
ours and botocore's alone, and then over a socket from a process beside it, which shares the two cores.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench.deployment import ENVIRONMENT
from bench.figure import Figure, at_least, at_most, shown

PROCESSES = 2
COUNT = 6000
IN_PROCESS_GOAL, SOCKET_GOAL, P99_MS_GOAL = 2000, 1000, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What all processes together did. Milliseconds are those of the slowest process."""

    a_second: float
    p50_ms: float
    p99_ms: float


def measure() -> list[Figure]:
    in_process = _load("signed", None)
    by_address = _load("by_address", None)
    with _stub() as address:
        by_socket = _load("signed", address)
    all_of_them = f"{PROCESSES} processes, {os.cpu_count()} cores, {COUNT:,} each"
    return [
        at_least("signed check-ins, AWS answered in process", in_process.a_second, IN_PROCESS_GOAL, "a second", note=all_of_them),
        at_most("  p99", in_process.p99_ms, P99_MS_GOAL, "ms", note=f"p50 {in_process.p50_ms:.2f} ms"),
        shown("  the same by address, with a log", by_address.a_second, "a second", note=f"p99 {by_address.p99_ms:.2f} ms"),
        at_least("signed check-ins, AWS behind a socket", by_socket.a_second, SOCKET_GOAL, "a second", note="and its process"),
        at_most("  p99", by_socket.p99_ms, P99_MS_GOAL, "ms", note=f"p50 {by_socket.p50_ms:.2f} ms"),
    ]


def _load(form: str, address: str | None) -> Load:
    told = {**os.environ, **ENVIRONMENT} | ({"AWS_ENDPOINT_URL": address} if address else {})
    command = [sys.executable, "-m", "bench.heartbeat_worker", form, str(COUNT)]
    with ExitStack() as running:
        workers = [
            running.enter_context(subprocess.Popen(command, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            for _ in range(PROCESSES)
        ]
        for worker in workers:
            assert worker.stdout is not None  # noqa: S101 - for the types: a pipe was asked for
            if worker.stdout.readline() != "ready\n":
                raise SystemExit("a worker did not come up; what it said stands above")
        said = [json.loads(out) for out, _ in _go(workers)]
    seconds = max(one["ended"] for one in said) - min(one["began"] for one in said)
    return Load(
        a_second=PROCESSES * COUNT / seconds,
        p50_ms=1000 * max(one["p50"] for one in said),
        p99_ms=1000 * max(one["p99"] for one in said),
    )


def _go(workers: "list[subprocess.Popen[str]]") -> list[tuple[str, str]]:
    """Starts them all, then waits for all."""
    for worker in workers:
        assert worker.stdin is not None  # noqa: S101 - for the types: a pipe was asked for
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return [worker.communicate(timeout=300) for worker in workers]


@contextmanager
def _stub() -> Iterator[str]:
    with subprocess.Popen([sys.executable, "-m", "bench.heartbeat_stub"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None  # noqa: S101 - for the types: a pipe was asked for
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.terminate()
