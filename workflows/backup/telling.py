"""What dispatch asks of the sentinel: who is not yet told what, and is it still true?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workflows.backup.ports import Standings
from workflows.backup.saying import broken, quiet, untold
from workflows.backup.standing import Standing, Told
from workflows.kernel.delivery import Living, Saying
from workflows.kernel.ports import Message

Render = Callable[[Standing, datetime], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """The kernel's port `Subjects`, answered from `bk-state`.

    Attributes:
        living, line: draw the living message, and its thread reply.
        over: draws what stands in the message of an earlier break that was never told it is over.
    """

    standings: Standings
    living: Render
    line: Render
    over: Render
    now: datetime

    def recipients(self, subject: str) -> tuple[str, ...]:
        standing = self.standings.get(subject)
        return standing.recipients if standing is not None else ()

    def pending_for(self, recipient: str) -> list[str]:
        stored = self.standings.get_many(self.standings.pending())
        waiting = [standing for standing in stored.values() if recipient in untold(standing)]
        waiting.sort(key=lambda standing: (standing.pending or self.now, standing.job_id))
        return [standing.job_id for standing in waiting]

    def saying(self, subject: str, recipient: str) -> Saying | None:
        standing = self.standings.get(subject)
        if standing is None or recipient not in untold(standing):
            return None
        told = standing.told.get(recipient)
        of_this_break = told is not None and told.break_id == standing.break_id
        return Saying(
            subject=subject,
            break_id=standing.break_id,
            state=standing.state,
            say=standing.say,
            loud=standing.loud,
            kind=standing.loud_kind,
            said=told.say if told is not None else 0,
            living=_held(told) if of_this_break else None,
            former=_held(told) if not of_this_break and told is not None and told.say < standing.ended_say else None,
            former_message=self.over(standing, self.now),
            speaks=broken(standing) and (not quiet(standing, self.now) or standing.state == "escalate"),
            message=self.living(standing, self.now),
            line=self.line(standing, self.now),
            user_id=_user_id(standing, recipient, told),
        )

    def told(self, saying: Saying, recipient: str, *, channel: str, ts: str, user_id: str, at: datetime) -> None:
        told = Told(say=saying.say, break_id=saying.break_id, channel=channel, ts=ts, at=at, user_id=user_id)
        self.standings.tell(saying.subject, recipient, told, state=saying.state)

    def settle(self, subject: str) -> None:
        standing = self.standings.get(subject)
        if standing is not None and standing.pending is not None and not untold(standing):
            self.standings.settle(subject, standing.say)


def _held(told: Told | None) -> Living | None:
    return Living(channel=told.channel, ts=told.ts) if told is not None and told.ts else None


def _user_id(standing: Standing, recipient: str, told: Told | None) -> str:
    if told is not None and told.user_id:
        return told.user_id
    return standing.owner_user if recipient == standing.recipients[0] else ""
