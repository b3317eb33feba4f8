"""The check: row -> runs -> verdict -> standing -> conditional write with audit -> a nudge on the bus.

Dying anywhere repeats: state and audit are one write, a nudge that was lost is found again by `due`, and two checkers at
once are told apart by `rev`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Literal

from workflows.backup.canary import canary_thresholds
from workflows.backup.examine import Done, Look, Ports, examine
from workflows.backup.fleet import Fleet, Sources, job_of, knows_less, read_fleet
from workflows.backup.gone import note
from workflows.backup.job import Job
from workflows.backup.job_id import is_reserved
from workflows.backup.leave import held_notice, kept_of_held, leaving, lose_sight, take_off
from workflows.backup.look import Kept
from workflows.backup.ports import CheckIns, Standings
from workflows.backup.sharing import Sharing, share_out
from workflows.backup.standing import Standing
from workflows.kernel.ports import Bus, Concurrently, Documents, Json, Objects

Mode = Literal["fast", "slow", "due", "named"]

BATCH = 500
"""Jobs held in memory at once."""

SLOW_FROM = timedelta(days=3)
"""A job without a schedule belongs to the slow run when its window is longer than this."""

EVER = datetime.max.replace(tzinfo=UTC)
"""Every job that is watched is due some time: this names them all when the list cannot."""

WAITED_FOR = frozenset({"mark_fixed", "check_now"})
"""Why a look was asked for, where somebody waits for what it finds."""

ENOUGH_TIME = timedelta(seconds=15)
"""With less than this left no further batch is begun: what is left waits for the next run, and this one is not complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to look at, and why. `job_ids`: of a named check, or of one shard of another; else all that the mode is about."""

    mode: Mode
    job_ids: tuple[str, ...] = ()
    why: str = "schedule"
    by: str = "checker"
    reply: Json = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Memory:
    """What a warm environment may keep between runs; losing it costs time, never truth."""

    fleet: Fleet | None = None
    walks: Kept = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did.

    Attributes:
        looked: how many jobs, without notices that are of none. changed: how many of them were saved.
        complete: list, rules and voice could be read, every job it should look at was looked at, and saved where it changed.
        failed: job_id -> why it could not be looked at or saved; it is due again.
        fleet: the list it went by; None where nothing was due.
        warnings: (job_id, what is odd about its prefix though it can be used).
        more_warnings: how many more there were, which nobody kept.
        held: ids of jobs whose rows vanished, too many at once; None where the run did not look for such.
        cut: its time did not suffice. shared: its jobs are looked at by others, and it is not over yet.
    """

    looked: int = 0
    changed: int = 0
    complete: bool = True
    failed: dict[str, str] = field(default_factory=dict)
    fleet: Fleet | None = None
    warnings: tuple[tuple[str, str], ...] = ()
    more_warnings: int = 0
    held: tuple[str, ...] | None = None
    cut: bool = False
    shared: bool = False


def check(
    order: Order,
    *,
    documents: Documents,
    standings: Standings,
    check_ins: CheckIns,
    objects: Objects,
    bus: Bus,
    concurrently: Concurrently[Look, Done],
    sources: Sources,
    memory: Memory,
    time_left: Callable[[], timedelta],
    now: datetime,
    sharing: Sharing | None = None,
) -> Report:
    """Looks at the jobs that the order names, and tells the bus what must be said. Raises CannotLook without a job list.

    `sharing`: how it shares out a list that is too long for it; then what concerns the whole list is done here nevertheless.
    """
    due = standings.due(now) if order.mode == "due" and not order.job_ids else []
    if order.mode == "due" and not due and not order.job_ids:
        return Report()
    memory.fleet = fleet = read_fleet(
        documents, sources, kept=memory.fleet, last_good=lambda: standings.fleet().get("texts", {}), now=now
    )
    ports = Ports(standings=standings, check_ins=check_ins, objects=objects, walks=memory.walks, now=now)

    leave = order.mode == "fast" and fleet.current and not order.job_ids
    done, held = _take_leave(fleet, ports) if leave else ([], None)
    _publish(done, bus)
    ids = _ids(order, due, fleet, ports)
    if sharing is not None and not order.job_ids and len(ids) > sharing.above:
        return _shared(order, ids, _report(done, fleet, held, complete=fleet.current), sharing, ports)
    for batch in _batches(ids):
        if time_left() < ENOUGH_TIME:
            return _report(done, fleet, held, complete=False, cut=True)
        results = _check_batch(batch, order, fleet, ports, concurrently)
        done += results
        _publish(results, bus)
    return _report(done, fleet, held, complete=fleet.current)


def _shared(order: Order, ids: list[str], head: Report, sharing: Sharing, ports: Ports) -> Report:
    """What is held is kept at once: of that the shards know nothing."""
    if head.held is not None:
        held = kept_of_held(head.held)
        ports.standings.change_fleet(lambda fleet: {**fleet, "held": held})
    share_out(order.mode, ids, head, sharing, ports.now)
    return replace(head, complete=False, shared=True)


def _publish(results: list[Done], bus: Bus) -> None:
    events = [event for result in results for event in result.nudges]
    if events:
        bus.publish(events)


def _ids(order: Order, due: list[str], fleet: Fleet, ports: Ports) -> list[str]:
    if order.job_ids:
        return list(order.job_ids)
    match order.mode:
        case "due":
            return due
        case "named":
            return []
        case "fast" | "slow":
            return [*fleet.jobs, *fleet.broken_rows] if fleet.readable else ports.standings.due(EVER)


def _batches(ids: Sequence[str]) -> Iterator[list[str]]:
    source = iter(ids)
    while batch := list(islice(source, BATCH)):
        yield batch


def _report(done: list[Done], fleet: Fleet, held: tuple[str, ...] | None, *, complete: bool, cut: bool = False) -> Report:
    failed = {result.job_id: result.failed for result in done if result.failed}
    return Report(
        looked=sum(bool(result.job_id) for result in done),
        changed=sum(result.changed for result in done),
        complete=complete and not failed,
        failed=failed,
        fleet=fleet,
        warnings=tuple((result.job_id, warning) for result in done for warning in result.warnings),
        held=held,
        cut=cut,
    )


def _check_batch(ids: list[str], order: Order, fleet: Fleet, ports: Ports, concurrently: Concurrently[Look, Done]) -> list[Done]:
    stored = _stored(ids, order, ports)
    found = {job_id: job_of(fleet, job_id, stored.get(job_id)) for job_id in ids}
    jobs = [job for job_id, job in found.items() if job is not None and _belongs(job, stored.get(job_id), order.mode)]
    lost = [
        stored[job_id] for job_id, job in found.items() if job is None and job_id in stored and _may_say(fleet, stored[job_id])
    ]
    latest = ports.check_ins.latest([job.job_id for job in jobs if job.claims])
    looks = [
        Look(
            job=job,
            standing=stored.get(job.job_id),
            latest=latest.get(job.job_id, ""),
            fleet=fleet,
            thresholds=canary_thresholds() if is_reserved(job.job_id) else fleet.rules.thresholds(job),
            full=order.mode in {"fast", "slow"},
            thorough=order.why in WAITED_FOR,
        )
        for job in jobs
    ]

    results = concurrently(partial(examine, ports=ports), looks)
    off = (take_off(standing, fleet, ports) if standing.state == "off_list" else lose_sight(standing, ports) for standing in lost)
    return [*results, *off]


def _may_say(fleet: Fleet, standing: Standing) -> bool:
    """A newer row that these rules cannot read is for those to judge who know the newer rules."""
    return standing.state == "off_list" or not knows_less(fleet, standing)


def _take_leave(fleet: Fleet, ports: Ports) -> tuple[list[Done], tuple[str, ...]]:
    """What is watched but no longer listed leaves, or is held when it is too much at once; and the ids of what is held."""
    known = fleet.jobs.keys() | fleet.broken_rows.keys()
    ids = [job_id for job_id in ports.standings.due(EVER) if job_id not in known and not is_reserved(job_id)]
    stored = ports.standings.get_many(ids).values() if ids else ()
    vanished = [standing for standing in stored if not knows_less(fleet, standing)]
    leave, held = leaving(vanished, fleet)
    if leave:
        note(leave, ports.standings)
    done = [take_off(standing, fleet, ports) for standing in leave]
    return [*done, *([held_notice(held, ports.now)] if held else [])], tuple(standing.job_id for standing in held)


def _stored(ids: list[str], order: Order, ports: Ports) -> dict[str, Standing]:
    """Named jobs are read consistently: whoever named them has just written something."""
    if order.mode != "named":
        return ports.standings.get_many(ids)
    found = ((job_id, ports.standings.get(job_id)) for job_id in ids)
    return {job_id: standing for job_id, standing in found if standing is not None}


def _belongs(job: Job, standing: Standing | None, mode: Mode) -> bool:
    """Weekly and monthly jobs wait for the slow run, unless something is wrong with them or open."""
    if mode not in {"fast", "slow"}:
        return True
    slow = job.schedule.cadence in {"weekly", "monthly"} if job.schedule else (job.window or timedelta(0)) > SLOW_FROM
    return slow if mode == "slow" else not slow or standing is None or standing.state != "all_green"
