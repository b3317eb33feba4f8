"""One shard of a check that was shared out, and the end of its run: the one who closes the last shard closes the run.

Dying anywhere repeats, for the queue brings the shard again: jobs are looked at anew, a shard is closed once, and a run whose
shards are all closed is closed by whoever comes next. Only then it is forgotten, so that it is never lost; and what is told
or counted twice, because somebody died just before that, says the same.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from workflows.backup.check import Memory, Mode, Order, Report, check
from workflows.backup.examine import Done, Look
from workflows.backup.fleet import Fleet, Sources, insist_on_current, read_fleet
from workflows.backup.full_run import complete_run
from workflows.backup.ports import CheckIns, Standings
from workflows.backup.sharing import Run, Runs, Shard, said_by
from workflows.kernel.errors import Unanswered
from workflows.kernel.ports import Bus, Concurrently, Documents, Objects

NOTHING = Report()


def look_at_shard(
    shard: Shard,
    *,
    runs: Runs,
    documents: Documents,
    standings: Standings,
    check_ins: CheckIns,
    objects: Objects,
    bus: Bus,
    concurrently: Concurrently[Look, Done],
    sources: Sources,
    memory: Memory,
    time_left: Callable[[], timedelta],
    completed: Callable[[Mode], None],
    now: datetime,
) -> Report:
    """What was done. `completed` counts a full run.

    Raises Unanswered where the time did not suffice, and CannotLook where the list could not be read again: the shard is then
    brought again. Of a run that is closed, or was pushed out by newer ones, nothing is looked at any more: the newer ones do.
    """
    run = runs.get(shard.mode, shard.run)
    report = NOTHING
    if run is not None and run.shards.get(shard.number, {}) is None:
        report = check(
            Order(mode=shard.mode, job_ids=shard.job_ids, why="shard"),
            documents=documents,
            standings=standings,
            check_ins=check_ins,
            objects=objects,
            bus=bus,
            concurrently=concurrently,
            sources=sources,
            memory=memory,
            time_left=time_left,
            now=now,
        )
        if report.cut:
            raise Unanswered("OutOfTime", f"shard {shard.number} of the {shard.mode} run of {shard.run} was not looked at whole")
        insist_on_current(report.fleet)
        run = runs.done(shard.mode, shard.run, shard.number, said_by(report, shards=len(run.shards)))
    if run is None or run.open:
        return report

    fleet = read_fleet(documents, sources, kept=memory.fleet, last_good=lambda: standings.fleet().get("texts", {}), now=now)
    insist_on_current(fleet)
    complete_run(run.mode, joined(run, fleet), standings=standings, bus=bus, completed=completed, now=run.started)
    runs.close(run.mode, run.id)
    return report


def joined(run: Run, fleet: Fleet) -> Report:
    """The report of the whole run. What failed was told where it did."""
    said = [run.head, *(one for _, one in sorted(run.shards.items()) if one is not None)]
    return Report(
        looked=sum(one["looked"] for one in said),
        changed=sum(one["changed"] for one in said),
        complete=all(one["complete"] for one in said),
        fleet=fleet,
        warnings=tuple((job_id, text) for one in said for job_id, text in one["warnings"]),
        more_warnings=sum(one["more_warnings"] for one in said),
    )
