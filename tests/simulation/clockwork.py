"""What every simulated world is driven by: queues that bring things again, invocations that may die, and two at once."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.simulation.faults import Faults, Invocation, Killed, SideBySide
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Event

VISIBILITY = timedelta(seconds=60)
RECEIVES_MAX = 5
TWICE = 0.05
"""So often something is delivered, or started, twice."""

Work = Callable[[Invocation], None]


@dataclass(slots=True)
class Queued:
    """One message in a queue, or one asynchronous call."""

    at: datetime
    event: Event
    received: int = 0


class Clockwork:
    """One seed decides the faults and the order of everything."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.seed = seed
        self.now = start
        self.rng = random.Random(seed)
        self.faults = Faults(random.Random(seed + 1))
        self.log: list[str] = []
        self.dead_letters: list[Event] = []
        self.holders = 0

    def process_ends(self) -> None:
        """What a process kept in memory goes with it."""

    def holder(self) -> str:
        self.holders += 1
        return f"invocation-{self.holders}"

    def taken(self, items: list[Queued]) -> list[Queued]:
        ready = [item for item in items if item.at <= self.now]
        items[:] = [item for item in items if item.at > self.now]
        return ready

    def brought_again(self, item: Queued, queue: list[Queued], work: Work, times: int = RECEIVES_MAX) -> Work:
        """The work on something that comes back after a crash or an error, so many times in all."""

        def tried(through: Invocation) -> None:
            try:
                work(through)
            except (Killed, OutsideError):
                if item.received + 1 < times:
                    queue.append(Queued(self.now + VISIBILITY, item.event, item.received + 1))
                else:
                    self.dead_letters.append(item.event)
                raise

        return tried

    def carry_out(self, works: list[Work]) -> None:
        """In an order that the seed decides, some of them side by side, some of them twice."""
        if works and self.rng.random() < TWICE:
            works.append(self.rng.choice(works))
        self.rng.shuffle(works)
        while works:
            if len(works) > 1 and self.rng.random() < 0.5:
                first, second = works.pop(), works.pop()
                SideBySide(self.rng).run((self._invoking(first), self._invoking(second)))
            else:
                self._invoking(works.pop())(lambda: None)

    def _invoking(self, work: Work) -> Callable[[Callable[[], None]], None]:
        def invoked(switch: Callable[[], None]) -> None:
            try:
                work(Invocation(self.faults, switch))
            except Killed:
                self.process_ends()
                self.log.append(f"{self.now} killed")
            except OutsideError as error:
                self.log.append(f"{self.now} failed: {error}")

        return invoked


class SimBus:
    """The bus: each event goes to its queue; late, and not in order."""

    def __init__(self, world: Clockwork, queue_of: Callable[[Event], list[Queued]], through: Invocation) -> None:
        self._world, self._queue_of, self._through = world, queue_of, through

    def publish(self, events: Sequence[Event]) -> None:
        self._through.call("bus", "publish", self._deliver, events)

    def _deliver(self, events: Sequence[Event]) -> None:
        for event in events:
            late = timedelta(seconds=self._world.rng.choice([0, 0, 1, 5, 40]))
            self._queue_of(event).append(Queued(self._world.now + late, event))


class SimNudges:
    """The dispatch queue's own delayed messages."""

    def __init__(self, world: Clockwork, queue: list[Queued], through: Invocation) -> None:
        self._world, self._queue, self._through = world, queue, through

    def later(self, event: Event, *, delay_seconds: int) -> None:
        at = self._world.now + timedelta(seconds=delay_seconds)
        self._through.call("nudges", "later", self._queue.append, Queued(at, event))
