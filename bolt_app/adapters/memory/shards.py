"""Shards of a check, and the runs they belong to, kept in memory."""

import json
from dataclasses import replace

from workflows.backup.check import Mode
from workflows.backup.sharing import RUNS_KEPT, Run, Shard, message_of, read_shard
from workflows.kernel.errors import Conflict
from workflows.kernel.ports import Json


class MemoryRuns:
    """Implements `Runs`."""

    def __init__(self) -> None:
        self._runs: dict[Mode, dict[str, Run]] = {}

    def begin(self, run: Run) -> None:
        kept = self._runs.setdefault(run.mode, {})
        if run.id in kept:
            raise Conflict(f"there is a {run.mode} run of {run.id}")
        for old in sorted(kept)[: max(0, len(kept) + 1 - RUNS_KEPT)]:
            del kept[old]
        kept[run.id] = replace(run, head=_copy(run.head))

    def get(self, mode: Mode, run_id: str) -> Run | None:
        return self._runs.get(mode, {}).get(run_id)

    def unfinished(self, mode: Mode) -> list[Run]:
        return [run for _, run in sorted(self._runs.get(mode, {}).items())]

    def done(self, mode: Mode, run_id: str, number: int, said: Json) -> Run | None:
        run = self.get(mode, run_id)
        if run is not None and run.shards.get(number, {}) is None:
            run = self._runs[mode][run_id] = replace(run, shards={**run.shards, number: _copy(said)})
        return run

    def close(self, mode: Mode, run_id: str) -> None:
        self._runs.get(mode, {}).pop(run_id, None)


class MemoryShards:
    """Implements `ShardQueue`."""

    def __init__(self) -> None:
        self._messages: list[str] = []
        self.awake = False

    def wake(self) -> None:
        self.awake = True

    def hand_out(self, shard: Shard) -> None:
        self._messages.append(json.dumps(message_of(shard)))

    def take(self) -> list[Shard]:
        """All that was handed out, as it comes out of the queue; nothing while it sleeps."""
        if not self.awake:
            return []
        taken, self._messages = self._messages, []
        return [read_shard(json.loads(message)) for message in taken]


def _copy(value: Json) -> Json:
    copy: Json = json.loads(json.dumps(value))
    return copy
