"""Figure 8: a click in Slack, from the start of a process of bk-ack-handler to its answer, and once it is warm; and Home.

The CPU time is that of the deployed handler with real clients, AWS answered in process and Slack played by a process beside it.
The wall clock is that of the whole local stack: the click is signed, goes to the Function URL, is verified, written with its
audit entry, and nudged on the bus, with the roles enforced.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench.bill.sent import home_opened
from bench.click_request import body, signed
from bench.deployment import ENVIRONMENT
from bench.figure import Figure, at_most, shown

PROCESSES, WARM = 7, 300
COLD_CPU_MS, WARM_CPU_MS = 550, 15
COLD_MS, WARM_MS = 2000, 300
HOME_JOBS, HOME_COLD_MS = 500, 3000
START_SECONDS = 90
FUNCTION = "bk-ack-handler"
ROWS = "job_id,name,owner_email,target,window\nclick-me,Click me,sam@example.com,heartbeat,26h\n"
SAM = "U0SAM"


def measure() -> list[Figure]:
    return [*_cpu(), *_wall()]


def _cpu() -> list[Figure]:
    item = _printed("bench.click_item")
    with _slack() as slack:
        told = {**os.environ, **ENVIRONMENT, "SLACK_API_URL": slack}
        ran = [json.loads(_printed("bench.click_worker", item, str(WARM), environ=told)) for _ in range(PROCESSES)]
    warm = ran[0]["warm"]
    return [
        at_most(f"{FUNCTION}: CPU of a cold process to its answer", median(one["cold"] for one in ran), COLD_CPU_MS, "ms"),
        at_most("  CPU of a warm click", median(warm), WARM_CPU_MS, "ms", note=f"p99 {warm[len(warm) * 99 // 100]:.1f} ms"),
    ]


def _wall() -> list[Figure]:
    with TemporaryDirectory() as folder, _stack(Path(folder)) as up:
        _furnish(up)
        cold = [_cold(up) for _ in range(PROCESSES)]
        warm = sorted(_click(up, action) for _ in range(WARM // 4) for action in ("mute", "unmute"))
        _fill(up)
        home = [_cold(up, _open_home) for _ in range(PROCESSES)]
        warm_home = median(_open_home(up) for _ in range(PROCESSES))
    p50, p99 = warm[len(warm) // 2], warm[len(warm) * 99 // 100]
    return [
        at_most("cold, local stack: a signed click to its answer", 1000 * median(cold), COLD_MS, "ms", note=_spread(cold)),
        at_most("  warm, p50", 1000 * p50, WARM_MS, "ms"),
        shown("  warm, p99", 1000 * p99, "ms"),
        at_most(f"  cold, Home of {HOME_JOBS} jobs", 1000 * median(home), HOME_COLD_MS, "ms", note=_spread(home)),
        shown("  warm, the same", 1000 * warm_home, "ms"),
    ]


def _spread(seconds: list[float]) -> str:
    return f"wall clock, {1000 * min(seconds):.0f} to {1000 * max(seconds):.0f} ms"


def _printed(module: str, *arguments: str, environ: dict[str, str] | None = None) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=True, timeout=120).stdout.strip()


@contextmanager
def _slack() -> Iterator[str]:
    with subprocess.Popen([sys.executable, "-m", "bench.click_stub"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None  # noqa: S101 - for the types: a pipe was asked for
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}/api/"
        finally:
            server.terminate()


# --- the local stack -------------------------------------------------------------------------------


@contextmanager
def _stack(run: Path) -> Iterator[dict[str, str]]:
    """`make up` in a folder of its own, on free ports; yields its addresses."""
    names = ("AWS_PORT", "SLACK_PORT", "PANEL_PORT", "GOOGLE_PORT", "MODEL_PORT", "LETTERS_PORT")
    told = {**os.environ, **{name: str(_free_port()) for name in names}, "RUN_DIR": str(run), "UP_JSON": str(run / "up.json")}
    with (run / "up.log").open("ab") as log:
        command = [sys.executable, "-m", "infra.local.tied", "infra.local.up"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=told)
    with process:
        try:
            yield _addresses(process, run)
        finally:
            process.terminate()
            process.wait(60)


def _addresses(process: "subprocess.Popen[bytes]", run: Path) -> dict[str, str]:
    for _ in range(START_SECONDS * 10):
        if (run / "up.json").exists():
            addresses: dict[str, str] = json.loads((run / "up.json").read_text(encoding="utf-8"))
            return addresses
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"the local stack did not come up:\n{(run / 'up.log').read_text(encoding='utf-8')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _client(up: dict[str, str], service: str) -> Any:  # noqa: ANN401 - any of boto3's
    import boto3

    session = boto3.Session("test", "test", region_name=up["region"])
    return session.client(service, endpoint_url=up["aws"])  # type: ignore[call-overload]


def _furnish(up: dict[str, str]) -> None:
    """One job to click at, looked at by the checker."""
    _client(up, "s3").put_object(Bucket=f"bk-registry-source-{up['account']}", Key="jobs.csv", Body=ROWS.encode())
    state = _client(up, "dynamodb")
    for _ in range(300):
        if "Item" in state.get_item(TableName="bk-state", Key={"job_id": {"S": "click-me"}}):
            return
        time.sleep(0.1)
    raise SystemExit("the job to click at was not looked at")


def _fill(up: dict[str, str]) -> None:
    """Jobs as they are stored after a month; no check is ever due for them."""
    state, stored = _client(up, "dynamodb"), json.loads(_printed("bench.click_item"))
    del stored["due"]
    for place in range(HOME_JOBS):
        state.put_item(TableName="bk-state", Item={**stored, "job_id": {"S": f"job-{place:04}"}})


def _cold(up: dict[str, str], use: Callable[[dict[str, str]], float] | None = None) -> float:
    """Seconds of the first click, or other use, after the function's code was put anew, which ends the process that was warm."""
    from infra.local.stack import zip_source

    functions = _client(up, "lambda")
    functions.update_function_code(FunctionName=FUNCTION, ZipFile=zip_source())
    functions.get_waiter("function_updated_v2").wait(FunctionName=FUNCTION)
    return use(up) if use else _click(up, "unmute")


def _click(up: dict[str, str], action: str) -> float:
    text = body(action, job_id="click-me", break_id="", user=SAM, team="T0LOCAL")
    return _sent(up, text, {})


def _open_home(up: dict[str, str]) -> float:
    return _sent(up, home_opened(SAM, 1), {"content-type": "application/json"})


def _sent(up: dict[str, str], text: str, headers: dict[str, str]) -> float:
    """Seconds from sending to the whole answer."""
    signature = signed(text, up["signing_secret"])
    request = urllib.request.Request(up["slack_url"], text.encode(), {**signature, **headers})  # noqa: S310 - our own
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
        answer.read()
        took = time.perf_counter() - began
    if answer.status != 200:
        raise SystemExit(f"it was answered {answer.status}")
    return took
