"""Jobs whose row has left the list: no longer watched, and their message says so.

Too many at once are held instead, until the admin says that this was meant (see `let_go`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from workflows.backup.audit import outline
from workflows.backup.examine import Done, Ports
from workflows.backup.fleet import Fleet
from workflows.backup.nudge import nudge_about
from workflows.backup.saying import broken, mark_pending
from workflows.backup.standing import Standing
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import AuditEntry, Event, Json

HELD_ABOVE, HELD_SHARE = 3, 0.2
"""More than so many rows, or more than this share of the list, do not vanish at once by intention; nor does the last one."""

HELD_MAX = 1000
"""So many held rows can be let go with one tap; the rest with the next one."""

NAMED_MAX = 20
AGAIN = timedelta(minutes=2)
LATER = timedelta(hours=1)


def leaving(vanished: Sequence[Standing], fleet: Fleet) -> tuple[list[Standing], list[Standing]]:
    """Those whose job leaves now, and those that are held. Only a full run can tell: it sees them all."""
    fresh = [standing for standing in vanished if standing.state != "off_list"]
    meant = [standing for standing in fresh if standing.let_go]
    others = [standing for standing in fresh if not standing.let_go]
    allowed = max(HELD_ABOVE, HELD_SHARE * (len(fleet.jobs) + len(fresh))) if fleet.jobs else 0
    return (fresh, []) if len(others) <= allowed else (meant, others)


def held_notice(held: Sequence[Standing], now: datetime) -> Done:
    """What the admin hears of them; `held` is the mark by which exactly these can be let go."""
    names = sorted(standing.row.get("name") or standing.job_id for standing in held)
    detail = {
        "v": 1,
        "about": "vanished_rows",
        "since": now.date().isoformat(),
        "count": len(names),
        "rows": names[:NAMED_MAX],
        "held": mark_of([standing.job_id for standing in held]),
    }
    return Done(job_id="", nudges=(Event(kind="bk.notice", detail=detail),))


def mark_of(job_ids: Iterable[str]) -> str:
    """One short text for exactly these jobs, in whatever order."""
    return sha256("\n".join(sorted(job_ids)).encode()).hexdigest()[:16]


def kept_of_held(job_ids: Sequence[str]) -> Json:
    """What must be known of them when the admin says that they were meant to go."""
    return {"mark": mark_of(job_ids), "job_ids": list(job_ids[:HELD_MAX])}


def take_off(standing: Standing, fleet: Fleet, ports: Ports) -> Done:
    """Takes one job off the watch. It stays due while someone must still be told."""
    return _save(
        standing, _off(standing, fleet.read_at, ports.now), "left_the_list", "its row is no longer on the job list", ports
    )


def _off(standing: Standing, listed_at: datetime, now: datetime) -> Standing:
    if standing.state != "off_list":
        say = standing.say + 1 if standing.break_id else standing.say  # dispatch knows whether anyone was told, and of what
        ended = standing.ended_at or now
        standing = replace(
            standing,
            state="off_list",
            since=now,
            ended_at=ended,
            say=say,
            pending=None,
            snooze_until=None,
            let_go=False,
            listed_at=listed_at,
        )
    after = mark_pending(standing, now)
    return replace(after, due=now + AGAIN if after.pending is not None else None)


def lose_sight(standing: Standing, ports: Ports) -> Done:
    """A job that is watched, but whose rows, the present and the last good one, cannot be read: not observed, and never green."""
    state = standing.state if broken(standing) else "not_observed"
    since = standing.since if state == standing.state else ports.now
    level = standing.level if broken(standing) else "unseen"
    after = replace(standing, state=state, since=since, level=level, due=ports.now + LATER)
    return _save(standing, after, "now_not_observed", "neither its row nor its last good row can be read", ports)


def _save(before: Standing, after: Standing, action: str, why: str, ports: Ports) -> Done:
    """Writes what changed, with its audit entry where the state did, and nudges where someone must be told."""
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
        why=why,
    )
    try:
        ports.standings.save(after, entry if changed else None)
    except OutsideError as error:  # a conflict too: whoever wrote first is looked at again, it is still due
        return Done(job_id=before.job_id, failed=str(error))
    return Done(job_id=before.job_id, changed=changed, nudges=(nudge_about(after),) if after.pending is not None else ())
