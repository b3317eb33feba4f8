"""Faults from one seed: every port call may be the last thing a process does, may fail, or may succeed and lose its answer."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workflows.kernel.errors import CannotLook, RateLimited, Unanswered


class Killed(BaseException):
    """The process died here. No handler of ours may catch it."""


@dataclass(slots=True)
class Faults:
    """How often what goes wrong, for each port call."""

    rng: random.Random
    kill_before: float = 0.004
    kill_after: float = 0.004
    lost: float = 0.006
    answer_lost: float = 0.006
    rate_limited: float = 0.02
    on: bool = True


@dataclass(slots=True)
class Invocation:
    """One run of one Lambda. Once it is killed, nothing more that it asks for happens."""

    faults: Faults
    switch: Callable[[], None] = lambda: None
    dead: bool = False
    calls: list[str] = field(default_factory=list)

    def call(self, port: str, name: str, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.switch()
        if self.dead:
            raise Killed
        self.calls.append(f"{port}.{name}")
        chance = self.faults.rng.random() if self.faults.on else 1.0
        bounds = iter(_bounds(self.faults, port, name))
        if chance < next(bounds):
            self._die()
        if chance < next(bounds):
            raise _failure(port)
        if chance < next(bounds):
            raise RateLimited(self.faults.rng.choice([1, 3, 10]))
        answer = method(*args, **kwargs)
        if chance < next(bounds):
            raise _failure(port)
        if chance < next(bounds):
            self._die()
        return answer

    def _die(self) -> None:
        self.dead = True
        raise Killed


def _bounds(faults: Faults, port: str, name: str) -> list[float]:
    limited = faults.rate_limited if (port, name) in {("messenger", "post"), ("messenger", "update")} else 0.0
    total, bounds = 0.0, []
    for share in (faults.kill_before, faults.lost, limited, faults.answer_lost, faults.kill_after):
        total += share
        bounds.append(total)
    return bounds


def _failure(port: str) -> CannotLook | Unanswered:
    return CannotLook("SlowDown", "simulated") if port in {"objects", "documents"} else Unanswered("timeout", "simulated")


class Through:
    """A port seen through one invocation: the same methods, each of which may go wrong."""

    def __init__(self, port: str, target: object, invocation: Invocation) -> None:
        self._port, self._target, self._invocation = port, target, invocation

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._target, name)

        def called(*args: Any, **kwargs: Any) -> Any:
            return self._invocation.call(self._port, name, method, *args, **kwargs)

        return called


class SideBySide:
    """Two invocations at once: at every port call the seed decides who goes on."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._turn = threading.Condition()
        self._current = 0
        self._done = [False, False]

    def run(self, works: tuple[Callable[[Callable[[], None]], None], Callable[[Callable[[], None]], None]]) -> None:
        failures: list[BaseException] = []
        threads = [threading.Thread(target=self._work, args=(index, work, failures)) for index, work in enumerate(works)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def _work(self, me: int, work: Callable[[Callable[[], None]], None], failures: list[BaseException]) -> None:
        self._wait(me)
        try:
            work(lambda: self._switch(me))
        except BaseException as error:  # noqa: BLE001 - handed to whoever joins the threads
            failures.append(error)
        finally:
            with self._turn:
                self._done[me] = True
                self._current = 1 - me
                self._turn.notify_all()

    def _switch(self, me: int) -> None:
        if self._rng.random() < 0.5:
            return
        with self._turn:
            if not self._done[1 - me]:
                self._current = 1 - me
                self._turn.notify_all()
        self._wait(me)

    def _wait(self, me: int) -> None:
        with self._turn:
            self._turn.wait_for(lambda: self._current == me or self._done[1 - me])
