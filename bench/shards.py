"""By hand: 20,000 jobs on the local stack, from the template that AWS gets, IAM enforced, looked at in shards.

Twice: the first look writes a standing for each job, the second finds nothing new. Wall clock says more of the local AWS,
which is one process on the same cores, than of the checker; calls and memory are the checker's own. It takes some minutes;
`JOBS=6000 python -m bench shards` tries less.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figure import Figure, at_most, invalid, shown
from tests.e2e.local_stack import LocalStack, running
from workflows.backup.sharing import JOBS_PER_SHARD

JOBS = int(os.environ.get("JOBS", "20000"))
BUCKETS = 20
"""The local S3 looks through all keys of a bucket for each listing; that of AWS does not."""

HEADER = "job_id,name,owner_email,target,layout,schedule,window,min_size,critical\n"
PATIENCE_SECONDS = 900
MEMORY_MB = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One full run. `wall`: from its start until it was counted. `calls`: of the checker, by action."""

    wall: float
    counted: int
    calls: Mapping[str, int]


def measure() -> list[Figure]:
    buckets = [f"acme-{number:02}" for number in range(BUCKETS)]
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), WATCHED_BUCKETS=",".join(buckets)) as stack,
    ):
        stack.session.client("scheduler", endpoint_url=stack.aws).delete_schedule(Name="bk-drive-sync")  # the sheet is empty
        _fill(stack, buckets)
        first = _run(stack, lambda: _list(stack, buckets))
        looked_at = _states(stack)
        quiet = _run(stack, lambda: _invoke(stack))
        memory = _memory_mb(folder)
        denied, dead = stack.denied(), _dead(stack)
    wrong: list[str] = [*map(str, denied[:1]), *([f"{dead} shards were given up"] if dead else [])]
    if sum(looked_at.values()) != JOBS:
        wrong.append(f"{sum(looked_at.values())} of {JOBS} jobs have a standing: {dict(looked_at)}")
    if wrong:
        return [invalid(f"{JOBS:,} jobs in shards", "; ".join(wrong))]
    return [
        shown(f"{JOBS:,} jobs, first look: wall", first.wall, "s", note=_called(first)),
        shown("  runs counted", first.counted, "", note=", ".join(f"{n:,} {state}" for state, n in looked_at.most_common())),
        shown("  nothing new: wall", quiet.wall, "s", note=_called(quiet)),
        at_most("  nothing new: AWS calls a job", sum(quiet.calls.values()) / JOBS, 1.1, "calls"),
        shown("  shards", quiet.calls.get("sqs:SendMessage", 0), "", note=f"of at most {JOBS_PER_SHARD} jobs"),
        at_most("  memory of a checker, at most", memory, MEMORY_MB * 0.7, "MB", note=f"of {MEMORY_MB}"),
    ]


def _fill(stack: LocalStack, buckets: list[str]) -> None:
    """A backup of each job, but for each twentieth."""
    _say("putting a backup of each job into its bucket")
    there = [(bucket, number) for number in range(JOBS) if number % 20 for bucket in [buckets[number % BUCKETS]]]

    def put(place: tuple[str, int]) -> None:
        bucket, number = place
        stack.s3.put_object(Bucket=bucket, Key=f"job-{number:05}/a.dump", Body=b"x" * 100)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(put, there))


def _list(stack: LocalStack, buckets: list[str]) -> None:
    rows = "".join(
        f"job-{number:05},Job {number},person{number % 30}@example.com,s3://{bucket}/job-{number:05}/,,,26h,,no\n"
        for number in range(JOBS)
        for bucket in [buckets[number % BUCKETS]]
    )
    stack.s3.put_object(Bucket=stack.registry_bucket, Key="jobs.csv", Body=(HEADER + rows).encode())


def _invoke(stack: LocalStack) -> None:
    stack.functions.invoke(FunctionName="bk-checker", InvocationType="Event", Payload=b'{"mode": "fast"}')


def _run(stack: LocalStack, start: Any) -> Ran:  # noqa: ANN401 - a callable without arguments
    before, seen = _counted(stack), len(stack.decisions())
    began = time.monotonic()
    start()
    while _counted(stack) == before or _open(stack):
        if time.monotonic() - began > PATIENCE_SECONDS:
            break
        _say(f"{time.monotonic() - began:4.0f} s: {_open(stack)} shards open")
        time.sleep(2)
    wall = time.monotonic() - began
    mine = [one for one in stack.decisions()[seen:] if "/bk-checker-role/" in one["principal"]]
    return Ran(wall=wall, counted=_counted(stack) - before, calls=Counter(one["action"] for one in mine))


def _counted(stack: LocalStack) -> int:
    pages = stack.logs.get_paginator("filter_log_events").paginate(logGroupName="/aws/lambda/bk-checker")
    return sum('"FastRunCompleted": 1}' in event["message"] for page in pages for event in page["events"])


def _open(stack: LocalStack) -> int:
    key = {"job_id": {"S": "#runs-fast"}}
    item = stack.dynamodb.get_item(TableName="bk-state", Key=key, ConsistentRead=True).get("Item", {})
    runs = [value["M"] for name, value in item.items() if name != "job_id"]
    return sum(one["S"] == "" for run in runs for one in run.values())


def _states(stack: LocalStack) -> Counter[str]:
    found: Counter[str] = Counter()
    for page in stack.dynamodb.get_paginator("scan").paginate(TableName="bk-state"):
        found.update(item["state"]["S"] for item in page["Items"] if item["job_id"]["S"].startswith("job-"))
    return found


def _dead(stack: LocalStack) -> int:
    url = stack.queues.get_queue_url(QueueName="bk-check-shards-dlq")["QueueUrl"]
    told = stack.queues.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(told["Attributes"]["ApproximateNumberOfMessages"])


def _memory_mb(folder: str) -> float:
    """The most that any of this stack's running checkers ever held."""
    return max((_peak(process, folder) for process in Path("/proc").glob("[0-9]*")), default=0.0)


def _peak(process: Path, folder: str) -> float:
    try:
        started = (process / "cmdline").read_bytes()
        if folder.encode() not in started or b"lambda-bk-checker-" not in started:
            return 0.0
        lines = (process / "status").read_text(encoding="ascii").splitlines()
    except OSError:  # it has ended meanwhile
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def _called(ran: Ran) -> str:
    return ", ".join(f"{count:,} {action}" for action, count in sorted(ran.calls.items(), key=lambda item: -item[1]))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
