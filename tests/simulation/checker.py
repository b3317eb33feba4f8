"""bk-checker in the simulated world: whole runs, ticks, named checks, and the shards of a list that is too long for one."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from bolt_app.adapters.memory.shards import MemoryRuns, MemoryShards
from tests.simulation.clockwork import Queued, Work
from tests.simulation.faults import Invocation, Through
from workflows.backup.check import Mode, Order, check
from workflows.backup.examine import Done, Look
from workflows.backup.full_run import complete_run
from workflows.backup.shard import look_at_shard
from workflows.backup.sharing import Shard, Sharing, message_of, read_shard
from workflows.backup.words import Sources
from workflows.kernel.ports import Event

if TYPE_CHECKING:
    from tests.simulation.world import World

SHARING, JOBS_PER_CHECK = 0.3, 2
"""So many companies have a list that is too long for one check."""


class Checker:
    """Remembers, for the invariants, which jobs each full run looked at: `looked` by its beginning; `counted` are the runs whose
    metric was written.
    """

    def __init__(self, world: "World", sources: Sources) -> None:
        self._world, self._sources = world, sources
        self.runs: Any = world.plant("runs", MemoryRuns())
        self.queue = MemoryShards()
        self.waiting: list[Queued] = []
        self.above = JOBS_PER_CHECK if world.rng.random() < SHARING else 1000
        self.looked: dict[datetime, set[str]] = {}
        self.counted: list[datetime] = []

    def carry_out(self, order: Order, through: Invocation) -> None:
        now = self._world.now
        ports = self._ports(through, now)
        sharing = Sharing(runs=self._seen("runs", through), queue=self._seen("queue", through), above=self.above)
        report = check(order, sharing=sharing, **ports)
        completed = partial(self._count, now, through)
        complete_run(order.mode, report, standings=ports["standings"], bus=ports["bus"], completed=completed, now=now)

    def full_run(self, item: Queued) -> Work:
        """Of the schedule: tried once more when it fails, then given up."""
        return self._world.brought_again(item, self._world.checks, partial(self.carry_out, Order(mode="fast")), times=2)

    def named(self, item: Queued) -> Work:
        order = Order(mode="named", job_ids=tuple(item.event.detail["job_ids"]), why=item.event.detail["why"])
        return self._world.brought_again(item, self._world.checks, partial(self.carry_out, order), times=2)

    def bring_shards(self) -> None:
        """What was handed out is brought within half a minute."""
        for shard in self.queue.take():
            late = timedelta(seconds=self._world.rng.choice([0, 2, 30]))
            self.waiting.append(Queued(self._world.now + late, Event(kind="shard", detail=message_of(shard))))

    def shards(self) -> list[Work]:
        """What is to be looked at now of what was brought, in any order."""
        return [self._shard(item) for item in self._world.taken(self.waiting)]

    def _shard(self, item: Queued) -> Work:
        return self._world.brought_again(item, self.waiting, partial(self._look_at, read_shard(item.event.detail)))

    def _look_at(self, shard: Shard, through: Invocation) -> None:
        begun = datetime.fromisoformat(shard.run)
        ports = self._ports(through, begun)
        look_at_shard(shard, runs=self._seen("runs", through), completed=partial(self._count, begun, through), **ports)

    def _seen(self, port: str, through: Invocation) -> Any:
        return Through(port, getattr(self, port), through)

    def _ports(self, through: Invocation, begun: datetime) -> dict[str, Any]:
        world = self._world
        names = ("standings", "documents", "check_ins", "objects")
        return {
            **{name: Through(name, getattr(world, name), through) for name in names},
            "bus": world.bus(through),
            "concurrently": partial(self._one_by_one, begun),
            "sources": self._sources,
            "memory": world.process(),
            "time_left": lambda: timedelta(minutes=2),
            "now": world.now,
        }

    def _one_by_one(self, begun: datetime, work: Callable[[Look], Done], looks: Iterable[Look]) -> list[Done]:
        results = [work(look) for look in looks]
        self.looked.setdefault(begun, set()).update(done.job_id for done in results if not done.failed)
        return results

    def _count(self, begun: datetime, through: Invocation, _: Mode) -> None:
        through.call("metrics", "count", self.counted.append, begun)
