"""A job's heartbeat key, shown to whoever may have it, or exchanged for a new one.

Only bk-heartbeat can derive a key, so it is asked over the bus, and answers the asker privately by itself.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workflows.backup.acknowledgement import may
from workflows.backup.ports import Standings
from workflows.backup.press import Press
from workflows.kernel.ports import Bus, Directory, Event
from workflows.kernel.proposal import Proposals
from workflows.kernel.reply import Reply
from workflows.kernel.rights import Authority, Owners, refusal

KeyAction = Literal["show", "rotate", "path_off", "path_on"]

LOOKING = "One moment: the key comes in a message that only you see."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAsked:
    """Someone asks for the key of one job.

    Attributes:
        response_url: where the answer goes; good for half an hour. id: the same when Slack sends the same request again.
        proposal_id: set where it is asked on a proposal's card, whose job may not have been looked at yet.
    """

    job_id: str
    user_id: str
    team_id: str
    response_url: str
    id: str
    action: KeyAction = "show"
    proposal_id: str = ""


def ask_key(
    asked: KeyAsked,
    *,
    standings: Standings,
    proposals: Proposals,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply:
    """Has the key sent to the asker, if the job is theirs or they stand above its owner."""
    press = Press(job_id=asked.job_id, user_id=asked.user_id, team_id=asked.team_id)
    job = may("key", press, standings=standings, bus=bus, directory=directory, authority=authority, now=now)
    if isinstance(job, Reply):
        just_added = job.kind == "gone" and _added(asked, proposals)
        if not just_added:
            return job
        why = refusal(asked.user_id, asked.team_id, owners=Owners(emails=()), authority=authority, directory=directory)
        if why:
            return Reply(kind="refused", text=why)
    detail = {
        "v": 1,
        "job_id": asked.job_id,
        "action": asked.action,
        "response_url": asked.response_url,
        "by": asked.user_id,
        "id": asked.id,
    }
    bus.publish([Event(kind="bk.key", detail=detail)])
    return Reply(kind="done", text=LOOKING)


def _added(asked: KeyAsked, proposals: Proposals) -> bool:
    """Whether this job was just approved, and has no standing only because nobody has looked at it yet."""
    proposal = proposals.get(asked.proposal_id) if asked.proposal_id else None
    return proposal is not None and proposal.state == "approved" and proposal.key == asked.job_id
