"""A check that somebody waits for, asked for by whoever may act on the jobs. Nobody waits in a Lambda: see `checked`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workflows.backup.acting import Acting, NotAllowed, allowed
from workflows.backup.ports import Standings
from workflows.backup.press import Press
from workflows.backup.standing import Standing
from workflows.kernel.deciding import Asker
from workflows.kernel.ports import Bus, Directory, Event, Member
from workflows.kernel.reply import Reply
from workflows.kernel.rights import Authority

JOBS_MAX = 25
"""So many are looked at for one request: it is answered in a message, and each of them costs a listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTo:
    """Where the answer goes.

    Attributes:
        response_url: of the request. id: the same when Slack sends the same request again.
        instead: the answer takes the place of the message that was pressed, which only the presser sees.
    """

    response_url: str
    id: str
    instead: bool = False


def check_jobs(
    job_ids: Sequence[str],
    asker: Asker,
    to: AnswerTo,
    *,
    standings: Standings,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply:
    """Has the jobs looked at within seconds, those of them that the asker may act on; changes nothing by itself."""
    ports = Acting(standings, bus, _Remembered(directory), authority, now)
    mine: list[Standing] = []
    refused: list[Reply] = []
    for job_id in tuple(dict.fromkeys(job_ids))[:JOBS_MAX]:
        try:
            mine.append(allowed("check_now", Press(job_id=job_id, user_id=asker.user_id, team_id=asker.team_id), ports))
        except NotAllowed as why:
            refused.append(why.reply)
    if not mine:
        return refused[0] if refused else Reply(kind="invalid", text="There is no job to look at.")
    reply = {"url": to.response_url, "id": to.id, "instead": to.instead, "at": now.isoformat()}
    ids = [standing.job_id for standing in mine]
    bus.publish(
        [Event(kind="bk.check", detail={"v": 1, "job_ids": ids, "why": "check_now", "by": asker.user_id, "reply": reply})]
    )
    left = len(set(job_ids)) - len(mine)
    besides = (
        f" {left} more {'is' if left == 1 else 'are'} left out: not yours, no longer listed, or too many at once." if left else ""
    )
    what = mine[0].row.get("name") or mine[0].job_id if len(mine) == 1 else f"{len(mine)} jobs"
    return Reply(kind="done", text=f"Looking at {what} now; what it finds comes here.{besides}")


class _Remembered:
    """A directory that is asked once for each group: the rights of one person are looked at for each of many jobs."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._groups: dict[str, frozenset[str]] = {}

    def member(self, user_id: str) -> Member | None:
        return self._directory.member(user_id)

    def group(self, group_id: str) -> frozenset[str]:
        if group_id not in self._groups:
            self._groups[group_id] = self._directory.group(group_id)
        return self._groups[group_id]
