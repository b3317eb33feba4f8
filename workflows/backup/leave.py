"""Jobs whose row has left the list: no longer watched, and their message says so. Too many at once are held instead."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from workflows.backup.audit import outline
from workflows.backup.examine import Done, Ports
from workflows.backup.fleet import Fleet, job_as_last_listed
from workflows.backup.job import Job
from workflows.backup.nudge import nudge_about
from workflows.backup.saying import mark_pending
from workflows.backup.standing import Standing
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import AuditEntry, Event

HELD_ABOVE, HELD_SHARE = 3, 0.2
"""More than so many rows, or more than this share of the list, do not vanish at once by intention."""

NAMED_MAX = 20
AGAIN = timedelta(minutes=2)


def leaving(due: Sequence[Standing], fleet: Fleet, now: datetime) -> tuple[list[Standing], list[Job], list[Done]]:
    """Of the jobs that are due: those that leave, those that stay though their row is gone, and what the admin hears of it."""
    if not fleet.readable:
        return [], [], []
    vanished = [standing for standing in due if standing.job_id not in fleet.jobs and standing.job_id not in fleet.broken_rows]
    fresh = [standing for standing in vanished if standing.state != "off_list"]
    if len(fresh) <= max(HELD_ABOVE, HELD_SHARE * (len(fleet.jobs) + len(fresh))):
        return vanished, [], []
    jobs = [job for standing in fresh if (job := job_as_last_listed(fleet, standing))]
    names = sorted(standing.row.get("name") or standing.job_id for standing in fresh)
    detail = {"v": 1, "about": "vanished_rows", "since": now.date().isoformat(), "count": len(names), "rows": names[:NAMED_MAX]}
    return [], jobs, [Done(job_id="", nudges=(Event(kind="bk.notice", detail=detail),))]


def take_off(standing: Standing, ports: Ports) -> Done:
    """Takes one job off the watch. It stays due while someone must still be told."""
    after = _off(standing, ports.now)
    if after == standing:
        return Done(job_id=standing.job_id)
    changed = after.state != standing.state
    entry = AuditEntry(
        subject=standing.job_id,
        at=ports.now,
        action="left_the_list",
        by="checker",
        before=outline(standing),
        after=outline(after),
        why="its row is no longer on the job list",
    )
    try:
        ports.standings.save(after, entry if changed else None)
    except OutsideError as error:  # a conflict too: whoever wrote first is looked at again, it is still due
        return Done(job_id=standing.job_id, failed=str(error))
    return Done(job_id=standing.job_id, changed=changed, nudges=(nudge_about(after),) if after.pending is not None else ())


def _off(standing: Standing, now: datetime) -> Standing:
    if standing.state != "off_list":
        say = standing.say + 1 if standing.break_id else standing.say  # dispatch knows whether anyone was told, and of what
        ended = standing.ended_at or now
        standing = replace(standing, state="off_list", since=now, ended_at=ended, say=say, pending=None, snooze_until=None)
    after = mark_pending(standing, now)
    return replace(after, due=now + AGAIN if after.pending is not None else None)
