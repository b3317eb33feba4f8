"""The rest of AWS around the functions: schedules, rules and the queue of infra/template.yaml, and what running them uses.

The deployed handlers run, one invocation after the other, in the order of the simulated day.
"""

import gc
import heapq
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from itertools import count
from types import SimpleNamespace
from typing import Any

from bench.bill import clock
from bench.bill.logs import Printed, platform_bytes
from bench.bill.meter import Meter, Waited
from bench.bill.prices import GB
from bench.bill.template import declared
from workflows.kernel.ports import Json

CORE_MB = 1769
"""So much memory comes with one core; less comes with its share of one."""

KEPT_WARM, ENVIRONMENT_LIVES = timedelta(minutes=10), timedelta(hours=2)
"""How long an idle environment is taken to be kept, and a busy one before AWS exchanges it. AWS promises neither."""

WIRED = frozenset({"_checker", "_dispatcher", "_drive_sync", "_front", "_heartbeat", "_intake", "_summary"})
"""What the handlers' modules keep for each environment. Pages of letters and tries of access are wired when asked for."""

THREADS = 32


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


class Cloud:
    """Functions and what makes them run. `at` is the time of the simulated day."""

    def __init__(self, meter: Meter, printed: Printed, cold_cpu: dict[str, float]) -> None:
        self.meter = meter
        self.printed = printed
        self._serial = count()
        self._waiting: list[tuple[datetime, int, Callable[[], None]]] = []
        self.now = datetime(2026, 11, 23, tzinfo=UTC)
        self._renewed = 0
        self.declared = declared()
        self.functions = {
            name: Function(name, one["MemorySize"], one["Handler"].rpartition(".")[0], cold_cpu.get(name, 0.0))
            for name, one in self.declared.functions.items()
        }
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
        for moment, name, event in self.declared.starts(begin, end):
            self.at(moment, partial(self._scheduled, name, event))

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
        if entry["DetailType"] in self.declared.nudges:
            self._used("sqs requests", 1)  # the bus puts it into the queue
            self._nudge(json.dumps(event), 0)
            found = True
        if entry["DetailType"] in self.declared.rules:
            self.at(self.now + timedelta(seconds=1), lambda: self.invoke(self.declared.rules[entry["DetailType"]], event))
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
        logged += platform_bytes(one.name, one.memory_mb, took, cold=cold)
        one.logged += logged
        self._used("lambda requests", 1)
        self._used("lambda GB-seconds", took * one.memory_mb / 1024)
        self._used("logs GB taken in", logged / GB)


def _context(name: str) -> Any:  # noqa: ANN401 - Lambda's context has no type
    return SimpleNamespace(
        function_name=name,
        invoked_function_arn=f"arn:aws:lambda:ap-southeast-1:123456789012:function:{name}",
        aws_request_id="0" * 36,
        get_remaining_time_in_millis=lambda: 110_000,
    )
