"""The enrolment key: with it a job that is on no list yet checks in, and proposes itself.

Every new script may carry the same key, so that it can be rolled out before anyone has typed a row. Once its job is on the list
it shall use its own key: the shared one counts for two weeks more, and says so each time.

Import this late: it brings along what learns schedules, which a check-in with a job's own key never needs.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workflows.backup.heartbeat_record import ENDED, Declined, Taken, record
from workflows.backup.ports import CheckIn, CheckIns, Standings
from workflows.backup.proposing import heartbeat_id, propose_heartbeat
from workflows.kernel.ports import Bus, Json
from workflows.kernel.proposal import Proposals

COUNTS_FOR = timedelta(days=14)
"""So long after a job came on the list does the enrolment key count for it."""


def enrol(
    check_in: CheckIn,
    create: bool,
    *,
    zone: str,
    check_ins: CheckIns,
    standings: Standings,
    proposals: Proposals,
    bus: Bus,
    now: datetime,
) -> Taken | Declined:
    """Records a check-in that came with the enrolment key; one of a job that nobody knows proposes that job, if `create`.

    The proposal follows the record, and a repeat proposes again: whoever died between the two makes it good when sent again.
    `zone` is the company's, IANA. Raises OutsideError; sending it again is then right.
    """
    place = place_of(check_in.job_id, standings=standings, proposals=proposals, now=now)
    if place.over:
        says = f"this job is on the list for longer than {COUNTS_FOR.days} days: use its own key, which /backup key shows"
        return Declined(why="over", says=says)
    if place.unknown and not create:
        return Declined(why="unknown", says="not found; ?create=1 proposes a new job")

    taken = record(check_in, check_ins=check_ins, bus=bus, now=now, check=not place.unknown)
    if place.unknown and (check_in.outcome in ENDED or not place.proposed):  # a start proposes it once; ends teach something
        propose_heartbeat(check_in.job_id, sighting_of(check_in), zone=zone, proposals=proposals, bus=bus, now=now)
    return replace(taken, note=_note(check_in.job_id, place))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a job stands that checks in with the enrolment key.

    Attributes:
        unknown: it is on no list, and nobody has just approved it. proposed: but its proposal is there, whatever became of it.
        until: how long the key counts for a job that is on the list. over: that time has passed.
    """

    unknown: bool = False
    proposed: bool = False
    until: datetime | None = None
    over: bool = False


def place_of(job_id: str, *, standings: Standings, proposals: Proposals, now: datetime) -> Place:
    """A job that was taken off the list is unknown again. One that was just approved may not have been looked at yet."""
    standing = standings.get(job_id)
    listed = standing.first_seen if standing is not None and standing.state != "off_list" else None
    if listed is not None and now - listed <= COUNTS_FOR:
        return Place(until=listed + COUNTS_FOR)

    proposal = proposals.get(heartbeat_id(job_id))
    approved = proposal.decided_at if proposal is not None and proposal.state == "approved" else None
    if approved is not None and now - approved <= COUNTS_FOR:
        return Place(until=approved + COUNTS_FOR)
    return Place(unknown=listed is None, proposed=proposal is not None, over=listed is not None)


def sighting_of(check_in: CheckIn) -> Json:
    """As `Proposal.seen` holds it."""
    ended = check_in.outcome in ENDED
    moment = (check_in.ran_at or check_in.at).isoformat()
    return {
        "id": check_in.sk,
        "at": check_in.at.isoformat(),
        "outcome": check_in.outcome if ended else "unknown",
        "size": check_in.size,
        "started": None if ended else moment,
        "finished": moment if ended else None,
        "ref": check_in.sk,
        "tool": "",
        "host": "",
        "job": check_in.job_id,
    }


def _note(job_id: str, place: Place) -> str:
    """For the sender."""
    if place.until is not None:
        return f"use this job's own key, which /backup key {job_id} shows; this one counts until {place.until:%Y-%m-%d}"
    return "recorded; the job is not on the list yet"
