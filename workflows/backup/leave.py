"""Jobs whose row has left the list: no longer watched, and their message says so. Too many at once are held instead."""

from dataclasses import replace
from datetime import timedelta

from workflows.backup.audit import outline
from workflows.backup.examine import Done, Ports
from workflows.backup.fleet import Fleet
from workflows.backup.nudge import nudge_about
from workflows.backup.saying import mark_pending, was_told
from workflows.backup.standing import Standing
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import AuditEntry, Event

HELD_ABOVE, HELD_SHARE = 3, 0.2
HOLD = timedelta(hours=1)
AGAIN = timedelta(minutes=2)


def leave(vanished: list[Standing], fleet: Fleet, ports: Ports) -> list[Done]:
    """Takes them off the watch, unless so many vanished at once that the list itself is more likely wrong."""
    fresh = [standing for standing in vanished if standing.state != "off_list"]
    if len(fresh) > max(HELD_ABOVE, HELD_SHARE * (len(fleet.jobs) + len(fresh))) or not fleet.found:
        return _hold(vanished, fresh, ports)
    return [_save(standing, _left(standing, ports), "left_the_list", ports) for standing in vanished]


def _left(standing: Standing, ports: Ports) -> Standing:
    if standing.state == "off_list":
        waiting = mark_pending(standing, ports.now)
        return replace(waiting, due=ports.now + AGAIN if waiting.pending is not None else None)
    say = standing.say + 1 if was_told(standing) else standing.say
    after = replace(
        standing,
        state="off_list",
        since=ports.now,
        ended_at=standing.ended_at or ports.now,
        say=say,
        pending=None,
        snooze_until=None,
    )
    after = mark_pending(after, ports.now)
    return replace(after, due=ports.now + AGAIN if after.pending is not None else None)


def _hold(vanished: list[Standing], fresh: list[Standing], ports: Ports) -> list[Done]:
    done = [_save(standing, replace(standing, due=ports.now + HOLD), "", ports) for standing in vanished]
    if not fresh:
        return done
    names = sorted(standing.row.get("name") or standing.job_id for standing in fresh)
    day = ports.now.date().isoformat()
    notice = Event(
        kind="bk.notice", detail={"v": 1, "about": "vanished_rows", "since": day, "count": len(names), "rows": names[:20]}
    )
    return [*done, Done(job_id="", nudges=(notice,))]


def _save(before: Standing, after: Standing, action: str, ports: Ports) -> Done:
    if after == before:
        return Done(job_id=before.job_id)
    changed = after.state != before.state
    entry = AuditEntry(
        subject=before.job_id,
        at=ports.now,
        action=action,
        by="checker",
        before=outline(before),
        after=outline(after),
        why="row removed",
    )
    try:
        ports.standings.save(after, entry if changed else None)
    except OutsideError as error:  # a conflict too: whoever wrote first is looked at again, it is still due
        return Done(job_id=before.job_id, failed=str(error))
    return Done(job_id=before.job_id, changed=changed, nudges=(nudge_about(after),) if after.pending is not None else ())
