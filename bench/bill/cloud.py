"""The rest of AWS around the functions: schedules, rules and the queue of infra/template.yaml, and what running them uses.

The deployed handlers run, one invocation after the other, in the order of the simulated day.
"""

import gc
import heapq
import json
import logging
import math
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from bench.bill import clock
from bench.bill.meter import Meter, Waited
from bench.bill.prices import GB
from workflows.kernel.ports import Json

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
CORE_MB = 1769
"""So much memory comes with one core; less comes with its share of one."""

KEPT_WARM, ENVIRONMENT_LIVES = timedelta(minutes=10), timedelta(hours=2)
"""How long an idle environment is taken to be kept, and a busy one before AWS exchanges it. AWS promises neither."""

WIRED = frozenset({"_checker", "_dispatcher", "_drive_sync", "_front", "_heartbeat", "_intake", "_summary"})
"""What the handlers' modules keep for each environment. Pages of letters and tries of access are wired when asked for."""

THREADS = 32
LINE_BYTES = 26
"""What CloudWatch adds to each line."""

CRON = re.compile(r"cron\((\S+) (\S+) [*?] \* (\S+) \*\)")
RATE = re.compile(r"rate\((\d+) (minute|hour)s?\)")
DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


@dataclass(slots=True)
class Function:
    """One of the template.

    Attributes:
        cold_cpu: seconds that its import and wiring take on a whole core.
        runs, cold, seconds: invocations, how many of them began with a new environment, and billed seconds of all.
    """

    name: str
    memory_mb: int
    module: str
    cold_cpu: float
    born: datetime | None = None
    used: datetime | None = None
    runs: int = 0
    cold: int = 0
    cpu: float = 0.0
    seconds: float = 0.0
    logged: int = 0

    @property
    def gb_seconds(self) -> float:
        return self.seconds * self.memory_mb / 1024


@dataclass(slots=True)
class Printed:
    """Takes what functions print, in place of `sys.stdout`. Metrics are told by the lines they are made of."""

    bytes: int = 0
    metric_hours: set[tuple[str, int]] = field(default_factory=set)

    def write(self, text: str) -> int:
        for line in text.splitlines():
            self.bytes += len(line.encode()) + LINE_BYTES
            if line.startswith('{"_aws"'):
                told = json.loads(line)["_aws"]
                for metric in told["CloudWatchMetrics"][0]["Metrics"]:
                    self.metric_hours.add((metric["Name"], told["Timestamp"] // 3_600_000))
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


class JsonLog(logging.Handler):
    """Counts a line of the log as Lambda's JSON format writes it, and keeps what is worse than a warning."""

    def __init__(self, printed: Printed) -> None:
        super().__init__(logging.INFO)
        self._printed = printed
        self.troubles: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = {
            "timestamp": "2026-11-23T00:00:00Z",
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": "0" * 36,
        }
        self._printed.write(json.dumps(line))
        if record.levelno >= logging.ERROR:
            self.troubles.append(record.getMessage())


class Cloud:
    """Functions and what makes them run. `at` is the time of the simulated day."""

    def __init__(self, meter: Meter, printed: Printed, cold_cpu: dict[str, float]) -> None:
        self.meter = meter
        self.printed = printed
        self._serial = count()
        self._waiting: list[tuple[datetime, int, Callable[[], None]]] = []
        self.now = datetime(2026, 11, 23, tzinfo=UTC)
        self._renewed = 0
        resources = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))["Resources"]
        self._declared = {
            _name(one["Properties"]["FunctionName"]): one["Properties"]
            for one in resources.values()
            if one["Type"] == "AWS::Serverless::Function"
        }
        self.functions = {
            name: Function(name, one["MemorySize"], one["Handler"].rpartition(".")[0], cold_cpu.get(name, 0.0))
            for name, one in self._declared.items()
        }
        self.polled = list(_polled(self._declared))
        self.alarms = sum(one["Type"] == "AWS::CloudWatch::Alarm" for one in resources.values())
        self.secrets = sum(one["Type"] == "AWS::SecretsManager::Secret" for one in resources.values())
        self._rules = {kind: name for name, one in self._declared.items() for kind in _kinds(one)}
        nudges = resources["NudgesRule"]["Properties"]["EventPattern"]["detail-type"]
        self._nudges = frozenset(nudges)
        meter.on_event, meter.on_nudge, meter.on_schedule = self._event, self._nudge, self._appointment

    # --- time ------------------------------------------------------------------------------------

    def at(self, moment: datetime, work: Callable[[], None]) -> None:
        heapq.heappush(self._waiting, (moment, next(self._serial), work))

    def run_until(self, end: datetime) -> None:
        while self._waiting and self._waiting[0][0] < end:
            moment, _, work = heapq.heappop(self._waiting)
            self.now = max(self.now, moment)
            clock.turn_to(self.now)
            work()

    def schedules(self, begin: datetime, end: datetime) -> None:
        """Lays out what EventBridge Scheduler starts in this time."""
        for name, one in self._declared.items():
            for event in one.get("Events", {}).values():
                if event["Type"] == "ScheduleV2":
                    told = event["Properties"]
                    for moment in moments(told["ScheduleExpression"], begin, end):
                        self.at(moment, partial(self._scheduled, name, json.loads(told["Input"])))

    def _scheduled(self, name: str, event: Json) -> None:
        self._used("scheduler invocations", 1)
        self.invoke(name, event)

    def _used(self, priced: str, amount: float) -> None:
        if self.meter.counting:
            self.meter.used[priced] += amount

    # --- what one function tells another -----------------------------------------------------------

    def _event(self, entry: Json) -> None:
        event = {"source": entry["Source"], "detail-type": entry["DetailType"], "detail": json.loads(entry["Detail"])}
        found = False
        if entry["DetailType"] in self._nudges:
            self._used("sqs requests", 1)  # the bus puts it into the queue
            self._nudge(json.dumps(event), 0)
            found = True
        if entry["DetailType"] in self._rules:
            self.at(self.now + timedelta(seconds=1), lambda: self.invoke(self._rules[entry["DetailType"]], event))
            found = True
        if not found:
            raise SystemExit(f"no rule of the template takes {entry['DetailType']}")

    def _nudge(self, body: str, delay_seconds: float) -> None:
        def follow() -> None:
            self._used("sqs requests", 2)  # received and deleted, by AWS for the function
            record = {"messageId": "1", "body": body}
            answer = self.invoke("bk-dispatch", {"Records": [record]})
            if answer["batchItemFailures"]:
                raise SystemExit(f"a nudge could not be followed: {body[:300]}")

        self.at(self.now + timedelta(seconds=delay_seconds + 1), follow)

    def _appointment(self, expression: str, body: str) -> None:
        moment = datetime.fromisoformat(expression.removeprefix("at(").removesuffix(")")).replace(tzinfo=UTC)

        def keep() -> None:
            self._used("scheduler invocations", 1)
            self._used("sqs requests", 1)
            self._nudge(body, 0)

        self.at(moment, keep)

    # --- running -----------------------------------------------------------------------------------

    def invoke(self, name: str, event: Json) -> Any:  # noqa: ANN401 - each function has its own answer
        """Runs the deployed handler, and adds what AWS would charge for it."""
        one = self.functions[name]
        module = import_module(one.module)
        cold = one.used is None or one.born is None or self.now - one.used > KEPT_WARM or self.now - one.born > ENVIRONMENT_LIVES
        self.meter.waited = Waited()
        printed = self.printed.bytes
        if cold:
            one.born = self.now
            self._renew(module)
        one.used = self.now
        self.meter.waited.cpu_of_meter = 0.0
        began = time.process_time()
        answer = module.handler(event, _context(name))
        cpu = time.process_time() - began - self.meter.waited.cpu_of_meter
        self._charge(one, cpu, cold=cold, logged=self.printed.bytes - printed)
        if isinstance(answer, dict) and answer.get("statusCode", 200) >= 400:
            raise SystemExit(f"{name} answered {answer}")
        return answer

    def _renew(self, module: Any) -> None:  # noqa: ANN401 - a module
        """A new environment knows nothing. Its wiring asks AWS what it asks; what it computes stands in `cold_cpu`."""
        self._renewed += 1
        if self._renewed % 50 == 0:  # each wiring freezes what there is, and nothing would ever be let go
            gc.unfreeze()
            gc.collect()
        for made in vars(module).values():
            if hasattr(made, "cache_clear"):
                made.cache_clear()
        for name, made in vars(module).items():
            if hasattr(made, "cache_clear") and name in WIRED:
                made()

    def _charge(self, one: Function, cpu: float, *, cold: bool, logged: int) -> None:
        if not self.meter.counting:
            return
        share = min(1.0, one.memory_mb / CORE_MB)
        busy = max(cpu, 0.0) + (one.cold_cpu if cold else 0.0)
        took = math.ceil(1000 * (busy / share + self.meter.waited.seconds(THREADS))) / 1000
        one.runs += 1
        one.cold += cold
        one.cpu += busy
        one.seconds += took
        one.logged += logged + platform_bytes(one, took, cold=cold)
        self._used("lambda requests", 1)
        self._used("lambda GB-seconds", took * one.memory_mb / 1024)
        self._used("logs GB taken in", (logged + platform_bytes(one, took, cold=cold)) / GB)


def platform_bytes(one: Function, seconds: float, *, cold: bool) -> int:
    """Of the lines that Lambda itself writes of an invocation, in its JSON format at level INFO."""
    stamp, request = "2026-11-23T00:00:00.000Z", "0" * 36
    start = {"requestId": request, "version": "$LATEST"}
    metrics = {
        "durationMs": round(seconds * 1000, 3),
        "billedDurationMs": round(seconds * 1000),
        "memorySizeMB": one.memory_mb,
        "maxMemoryUsedMB": 120,
    }
    report = {"requestId": request, "metrics": metrics, "status": "success"}
    records = [("platform.start", start), ("platform.report", report)]
    if cold:
        began = {
            "initializationType": "on-demand",
            "phase": "init",
            "runtimeVersion": "python:3.14.v10",
            "runtimeVersionArn": "arn:aws:lambda:ap-southeast-1::runtime:" + "0" * 64,
            "functionName": one.name,
            "functionVersion": "$LATEST",
            "instanceId": "2026/11/23/" + one.name + "[$LATEST]" + "0" * 32,
            "instanceMaxMemory": one.memory_mb << 20,
        }
        records.insert(0, ("platform.initStart", began))
    lines = (json.dumps({"time": stamp, "type": kind, "record": record}) for kind, record in records)
    return sum(len(line) + LINE_BYTES for line in lines)


def moments(expression: str, begin: datetime, end: datetime) -> Iterator[datetime]:
    """When a schedule of the template fires. Knows the forms that stand there, and refuses others."""
    rate = RATE.fullmatch(expression)
    if rate:
        step = timedelta(minutes=int(rate[1]) * (60 if rate[2] == "hour" else 1))
        times = int((end - begin) / step)
        yield from (begin + step * place for place in range(times))
        return
    cron = CRON.fullmatch(expression)
    if not cron:
        raise SystemExit(f"the schedule {expression} is of no form that is known here")
    minutes, hours, days = _numbers(cron[1], 60), _numbers(cron[2], 24), cron[3]
    minute = begin.replace(second=0, microsecond=0)
    while minute < end:
        if minute.minute in minutes and minute.hour in hours and days in {"*", "?", DAYS[minute.weekday()]} and minute >= begin:
            yield minute
        minute += timedelta(minutes=1)


def _numbers(text: str, below: int) -> set[int]:
    if text == "*":
        return set(range(below))
    if "/" in text:
        first, step = map(int, text.split("/"))
        return set(range(first, below, step))
    low, _, high = text.partition("-")
    return set(range(int(low), int(high or low) + 1))


def _name(sub: Json) -> str:
    return str(sub["Fn::Sub"]).replace("${Prefix}", "bk")


def _kinds(function: Json) -> Iterator[str]:
    """Detail types of our own events that start this function."""
    for event in function.get("Events", {}).values():
        pattern = event["Properties"].get("Pattern", {}) if event["Type"] == "EventBridgeRule" else {}
        if pattern.get("source") != ["aws.s3"]:
            yield from pattern.get("detail-type", ())


def _polled(declared: Json) -> Iterator[bool]:
    """One for each queue that Lambda polls: whether its concurrency is limited."""
    for one in declared.values():
        for event in one.get("Events", {}).values():
            if event["Type"] == "SQS" and event["Properties"].get("Enabled", True) is True:
                yield "MaximumConcurrency" in event["Properties"].get("ScalingConfig", {})


def _context(name: str) -> Any:  # noqa: ANN401 - Lambda's context has no type
    return SimpleNamespace(
        function_name=name,
        invoked_function_arn=f"arn:aws:lambda:ap-southeast-1:123456789012:function:{name}",
        aws_request_id="0" * 36,
        get_remaining_time_in_millis=lambda: 110_000,
    )


def say(text: str) -> None:
    """To whoever runs the bench, past what functions print."""
    sys.__stderr__.write(text + "\n")  # type: ignore[union-attr] # it has one
