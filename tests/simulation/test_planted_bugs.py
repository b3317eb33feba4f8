"""The invariants are worth nothing unless they notice: each planted bug must be caught within a few seeds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

import pytest

from bolt_app.adapters.memory.ledger import MemoryLedger
from bolt_app.adapters.memory.messenger import MemoryMessenger
from bolt_app.adapters.memory.standings import MemoryStandings
from tests.simulation.broken import Broken
from tests.simulation.invariants import Invariants
from tests.simulation.world import World
from workflows.backup.standing import Standing
from workflows.backup.telling import Telling
from workflows.kernel.calendar import BusinessHours
from workflows.kernel.delivery import Saying
from workflows.kernel.ports import AuditEntry, Delivery

SEEDS_MAX = 60


class LastWriterWins(MemoryStandings):
    """The condition `rev = :r` is dropped."""

    def save(self, standing: Standing, audit: AuditEntry | None, *, break_id: str | None = None) -> None:  # noqa: ARG002
        stored = self.get(standing.job_id)
        super().save(replace(standing, rev=stored.rev if stored else 0), audit)


class DeliveredBeforeSent(MemoryLedger):
    """Two writes are swapped: the ledger says delivered before the message is posted."""

    def put(self, delivery: Delivery) -> None:
        super().put(replace(delivery, outcome="delivered") if delivery.outcome == "sending" else delivery)


class LeaseForEveryone(MemoryLedger):
    """The lease is ignored."""

    def take_lease(self, recipient: str, *, holder: str, now: datetime, seconds: int) -> bool:
        super().take_lease(recipient, holder=holder, now=now, seconds=seconds)
        return True


class NoLookUp(MemoryMessenger):
    """After a lost answer nobody looks whether the message arrived."""

    def find(self, channel: str, *, message_id: str, since: datetime, thread_ts: str = "") -> str | None:  # noqa: ARG002
        return None


class SettledTooEarly(MemoryStandings):
    """`pending` is removed without asking whether there is more to say by now."""

    def settle(self, job_id: str, say: int) -> bool:  # noqa: ARG002
        stored = self._items[job_id]
        self._items[job_id] = replace(stored, pending=None)
        return True

    def tell(self, job_id: str, recipient: str, told: Any, *, state: str) -> bool:
        self.settle(job_id, told.say)
        return super().tell(job_id, recipient, told, state=state)


class EdgesOnly(MemoryStandings):
    """Only the change itself is told: what was not delivered when it happened is forgotten."""

    def save(self, standing: Standing, audit: AuditEntry | None, *, break_id: str | None = None) -> None:
        stored = self.get(standing.job_id)
        told_now = stored is None or standing.say > stored.say
        super().save(standing if told_now else replace(standing, pending=None), audit, break_id=break_id)


class NotesLost(MemoryLedger):
    """What waits for the morning is noted nowhere."""

    def keep_waiting(self, delivery: Delivery) -> None:
        pass


class NoName(str):
    """A subject that is no part of what it names: the ids of two jobs that break at once are the same."""

    __slots__ = ()

    def __str__(self) -> str:
        return ""

    def __format__(self, spec: str) -> str:
        return str.__str__(self)


class IdsWithoutTheJob:
    """The id of a message is made of break and recipient alone."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling

    def __getattr__(self, name: str) -> Any:
        return getattr(self._telling, name)

    def sayings(self, subjects: Sequence[str], recipient: str) -> list[Saying]:
        return [replace(one, subject=NoName(one.subject)) for one in self._telling.sayings(subjects, recipient)]


def always_open(telling: Telling) -> Telling:
    """The gate is ignored."""
    hours = BusinessHours(opens=time(0), closes=time(0), days=frozenset(range(7)), holidays=frozenset(), zone="UTC")
    return replace(telling, hours=lambda _: hours)


def forgets_the_last(telling: Telling) -> Telling:
    """The card of a storm leaves out the last of its members."""
    return replace(telling, card=lambda recipient, members, at: telling.card(recipient, members[:-1], at))


def swap(port: str, make: Callable[[Any], Any]) -> Callable[[str, Any], Any]:
    return lambda name, adapter: make(adapter) if name == port else adapter


BUGS: dict[str, Callable[[str, Any], Any]] = {
    "a dropped condition": swap("standings", lambda _: LastWriterWins()),
    "two writes swapped": swap("ledger", lambda _: DeliveredBeforeSent()),
    "the lease ignored": swap("ledger", lambda _: LeaseForEveryone()),
    "no look-up after a lost answer": swap("messenger", lambda adapter: NoLookUp(adapter.members, now=adapter.now)),
    "pending removed too early": swap("standings", lambda _: SettledTooEarly()),
    "edge instead of level": swap("standings", lambda _: EdgesOnly()),
    "the gate ignored": swap("subjects", always_open),
    "the notes of the night lost": swap("ledger", lambda _: NotesLost()),
    "a member of a storm forgotten": swap("subjects", forgets_the_last),
    "ids without the job": swap("subjects", IdsWithoutTheJob),
}


@pytest.mark.simulation
@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_caught(bug: str) -> None:
    for seed in range(SEEDS_MAX):
        try:
            World(seed, plant=BUGS[bug]).run(Invariants())
        except Broken:
            return
    pytest.fail(f"{bug} went unnoticed in {SEEDS_MAX} simulated companies")
