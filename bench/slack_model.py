"""Slack and the queue in virtual time: limits, faults, and what a call costs, from one seed. Nothing here waits."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bolt_app.adapters.memory.ledger import MemoryLedger
from bolt_app.adapters.memory.messenger import MemoryMessenger
from infra.local.slack.limits import Bucket
from workflows.kernel.errors import RateLimited, Unanswered
from workflows.kernel.ports import Event, Member, Message

SLACK_SECONDS, TIMEOUT_SECONDS, AWS_SECONDS = 0.25, 5.0, 0.010
"""What a call takes: of Slack; where no answer comes; and of AWS, on the share of a CPU that 512 MB get."""

BURST, PER_SECOND = 5, 1.0
LIMITED, BROKEN, SILENT, LOST = 0.05, 0.02, 0.02, 0.01
"""Shares of the answers: 429; 5xx; none, and nothing done; none, though it was done."""

WORKERS, BATCH = 5, 5
"""So many invocations AWS begins with; with those it adds to them a storm is over no later."""

VISIBILITY = 60.0


@dataclass(slots=True)
class Clock:
    """Seconds since the beginning, as the invocation that is at work sees them."""

    seconds: float = 0.0
    begin: datetime = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)

    @property
    def now(self) -> datetime:
        return self.begin + timedelta(seconds=self.seconds)


class SlackModel(MemoryMessenger):
    """Slack as it is on a bad day."""

    def __init__(self, members: list[Member], clock: Clock, rng: Random) -> None:
        super().__init__(members, now=clock.now)
        self._clock, self._rng = clock, rng
        self._buckets: dict[str, Bucket] = {}
        self._found: dict[str, Member | None] = {}
        self._opened: dict[str, str] = {}
        self.limited = self.unanswered = 0
        self.loud = True

    def member_by_email(self, email: str) -> Member | None:
        """Remembered, as the real adapter does."""
        if email not in self._found:
            self._found[email] = super().member_by_email(email)
        return self._found[email]

    def open_dm(self, user_id: str) -> str:
        if user_id not in self._opened:
            self._opened[user_id] = super().open_dm(user_id)
        return self._opened[user_id]

    def post(self, channel: str, message: Message, *, message_id: str, thread_ts: str = "", broadcast: bool = False) -> str:
        at = self._clock.seconds
        bucket = self._buckets.setdefault(channel, Bucket(burst=BURST, per_second=PER_SECOND, left=BURST, at=at))
        wait = bucket.take(at) if self.loud else 0
        if wait:
            self._clock.seconds += SLACK_SECONDS
            self.limited += 1
            raise RateLimited(wait)
        return super().post(channel, message, message_id=message_id, thread_ts=thread_ts, broadcast=broadcast)

    def _begin(self, call: str) -> bool:
        self.calls.append(call)
        chance = self._rng.random() if self.loud else 1.0
        self._clock.seconds += SLACK_SECONDS
        self.now = self._clock.now
        if chance < LIMITED:
            self.limited += 1
            raise RateLimited(self._rng.choice([1, 2, 5]))
        if chance < LIMITED + BROKEN:
            self.unanswered += 1
            raise Unanswered("internal_error", "HTTP 503")
        if chance < LIMITED + BROKEN + SILENT + LOST:
            self._clock.seconds += TIMEOUT_SECONDS
            self.unanswered += 1
            if chance < LIMITED + BROKEN + SILENT:
                raise Unanswered("timeout")
            return True
        return False


class TimedLedger(MemoryLedger):
    """Leases overlap in virtual time, though one invocation is carried out after the other."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._busy_until: dict[str, float] = {}

    def take_lease(self, recipient: str, *, holder: str, now: datetime, seconds: int) -> bool:
        if self._busy_until.get(recipient, 0.0) > self._clock.seconds:
            return False
        return super().take_lease(recipient, holder=holder, now=now, seconds=seconds)

    def release_lease(self, recipient: str, *, holder: str) -> None:
        super().release_lease(recipient, holder=holder)
        self._busy_until[recipient] = self._clock.seconds


class Costing:
    """Any port of AWS: each call takes its time."""

    def __init__(self, port: object, clock: Clock) -> None:
        self._port, self._clock = port, clock

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        method = getattr(self._port, name)

        def called(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any call
            self._clock.seconds += AWS_SECONDS
            return method(*args, **kwargs)

        return called


@dataclass(slots=True)
class Queue:
    """The dispatch queue and its workers, which take five nudges at once. Implements `Nudges`, and the bus's way there."""

    clock: Clock
    follow: Callable[[Event], bool]
    waiting: list[tuple[float, int, Event]] = field(default_factory=list)
    came: int = 0
    invocations: int = 0
    spent: int = 0

    def later(self, event: Event, *, delay_seconds: int) -> None:
        self.put(event, self.clock.seconds + delay_seconds)

    def put(self, event: Event, at: float) -> None:
        self.came += 1
        heapq.heappush(self.waiting, (at, self.came, event))

    def run(self) -> float:
        """Until nothing is left; when the last invocation ended."""
        free = [0.0] * WORKERS
        while self.waiting:
            worker = min(range(WORKERS), key=free.__getitem__)
            self.clock.seconds = max(free[worker], self.waiting[0][0])
            batch: list[Event] = []
            while self.waiting and len(batch) < BATCH and self.waiting[0][0] <= self.clock.seconds:
                batch.append(heapq.heappop(self.waiting)[2])
            self.invocations += 1
            for event in batch:
                if not self.follow(event):
                    self.spent += 1
                    self.put(event, self.clock.seconds + VISIBILITY)
            free[worker] = self.clock.seconds
        return max(free)
