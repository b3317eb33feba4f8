"""A list too long for one check is shared out: each message of a queue has some of its jobs looked at.

A run that was shared out is one attribute of a small item: which of its shards are still open, and what the others said.
Order: the run is opened, then its shards are handed out. Dying in between leaves a run that never completes and harms nobody:
the check is tried again as a run of its own, and runs never mix.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, cast

from workflows.kernel.ports import Json

if TYPE_CHECKING:
    from workflows.backup.check import Mode, Report

JOBS_PER_CHECK = 5000
"""So many are looked at in one go, well within the time of one check."""

JOBS_PER_SHARD = 250
"""Few enough that they are looked at in time even where listings are slow, and that looking again costs little."""

WARNINGS_MAX, WARNING_WORDS_MAX = 200, 250
"""What a run keeps of odd prefixes, until the notice is written; the rest is counted."""

RUNS_KEPT = 4
"""Runs of one mode at a time; more than one only where they are begun faster than they are done."""

DUE_AGAIN = timedelta(minutes=15)
"""What a tick shared out is not shared out again by the next one, until it is done or this has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Some jobs of one run. `number`: from 0."""

    mode: "Mode"
    run: str
    number: int
    job_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A check that was shared out.

    Attributes:
        id: when it began, which no two of a mode have in common.
        head: what the check itself did and said, before it shared out the rest.
        shards: what each shard said, by its number; None while it is open.
    """

    mode: "Mode"
    id: str
    head: Json
    shards: Mapping[int, Json | None]

    @property
    def started(self) -> datetime:
        return datetime.fromisoformat(self.id)

    @property
    def open(self) -> bool:
        return any(said is None for said in self.shards.values())


class Runs(Protocol):
    """The runs that are not closed yet, a few of each mode: a newer one pushes out the oldest."""

    def begin(self, run: Run) -> None:
        """Raises Conflict where there is one of this mode and moment."""
        ...

    def get(self, mode: "Mode", run_id: str) -> Run | None:
        """By a consistent read; None where it is closed, or was pushed out."""
        ...

    def unfinished(self, mode: "Mode") -> list[Run]:
        """All of this mode, the oldest first."""
        ...

    def done(self, mode: "Mode", run_id: str, number: int, said: Json) -> Run | None:
        """Closes one shard, if it is open, and gives the run as it is then; None as above. What was said first stands.

        Of two that close the last two shards at once, one alone is given a run with no shard open.
        """
        ...

    def close(self, mode: "Mode", run_id: str) -> None:
        """Forgets the run; harmless when it is gone."""
        ...


class ShardQueue(Protocol):
    def wake(self) -> None:
        """Sees to it that what is handed out is taken: a queue that nobody needs is not asked, for that costs. Raises Refused."""
        ...

    def hand_out(self, shard: Shard) -> None:
        """Raises Refused or Unanswered: then it may have been handed out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How a check shares out what is too much for it. `above`: so many jobs it looks at itself."""

    runs: Runs
    queue: ShardQueue
    above: int = JOBS_PER_CHECK


def share_out(mode: "Mode", job_ids: Sequence[str], head: "Report", sharing: Sharing, now: datetime) -> None:
    """Opens a run of these jobs and hands out its shards. A tick does neither while an earlier one's run is still under way."""
    if mode == "due" and any(run.open and now - run.started < DUE_AGAIN for run in sharing.runs.unfinished("due")):
        return
    size = min(JOBS_PER_SHARD, sharing.above)
    parts = [tuple(job_ids[start : start + size]) for start in range(0, len(job_ids), size)]
    run = Run(mode=mode, id=now.isoformat(), head=said_by(head, shards=len(parts)), shards=dict.fromkeys(range(len(parts))))
    sharing.queue.wake()
    sharing.runs.begin(run)
    for number, part in enumerate(parts):
        sharing.queue.hand_out(Shard(mode=mode, run=run.id, number=number, job_ids=part))


def said_by(report: "Report", *, shards: int) -> Json:
    """What a run keeps of one report; `shards`: among how many it divides what it keeps of warnings."""
    named = report.warnings[: max(1, WARNINGS_MAX // shards)]
    return {
        "looked": report.looked,
        "changed": report.changed,
        "complete": report.complete,
        "warnings": [[job_id, text[:WARNING_WORDS_MAX]] for job_id, text in named],
        "more_warnings": report.more_warnings + len(report.warnings) - len(named),
    }


def message_of(shard: Shard) -> Json:
    return {"v": 1, "mode": shard.mode, "run": shard.run, "shard": shard.number, "job_ids": list(shard.job_ids)}


def read_shard(message: Json) -> Shard:
    """Raises ValueError that says what is wrong."""
    try:
        mode, run = str(message["mode"]), datetime.fromisoformat(message["run"])
        if mode not in {"fast", "slow", "due"} or run.tzinfo is None:
            raise ValueError(f"no run is of mode {mode!r} and moment {message['run']!r}")
        job_ids = tuple(str(job_id) for job_id in message["job_ids"])
        return Shard(mode=cast("Mode", mode), run=message["run"], number=int(message["shard"]), job_ids=job_ids)
    except (KeyError, TypeError) as error:
        raise ValueError(f"a shard lacks {error}") from error
