"""What dispatch asks of the sentinel: who is not yet told what, and is it still true?"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from workflows.backup.job_id import is_reserved
from workflows.backup.ports import Standings
from workflows.backup.saying import Hours, broken, left_alone_until, opens_for, speaks, untold
from workflows.backup.standing import Standing, Told
from workflows.kernel.calendar import next_open
from workflows.kernel.delivery import Living, Saying, There
from workflows.kernel.errors import Refused
from workflows.kernel.ports import Delivery, Letter, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class StormMember:
    """One break of a storm. `over`: it has ended (the standing may speak of a later one). No standing: the job is gone."""

    job_id: str
    standing: Standing | None
    over: bool


Render = Callable[[Standing, datetime], Message]
RenderMany = Callable[[Sequence[StormMember], datetime], Message]
RenderCard = Callable[[str, Sequence[StormMember], datetime], Message]
RenderGone = Callable[[Sequence[tuple[Delivery, Standing]], datetime], Message]


class Letters(Protocol):
    """Draws what is told by mail. May raise Refused or Unanswered: the key that signs its links is kept elsewhere."""

    def of_job(self, standing: Standing, address: str, at: datetime) -> Letter: ...

    def of_storm(self, members: Sequence[StormMember], news: Sequence[StormMember], address: str, at: datetime) -> Letter:
        """`news`: those of the members of which it speaks first; empty for all."""
        ...

    def of_message(self, message: Message) -> Letter: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """The kernel's port `Subjects`, answered from `bk-state`.

    Attributes:
        living, line: draw the living message, and its thread reply.
        over: draws what stands in the message of an earlier break that was never told it is over.
        card, details_of, news_of: draw a storm: its card, what is wrong with some members, and one line about some.
        gone: draws the line about what came and went while someone was left alone.
        hours: when each person may be disturbed.
        letters: draws letters; None where no mail is sent.
    """

    standings: Standings
    living: Render
    line: Render
    over: Render
    card: RenderCard
    details_of: RenderMany
    news_of: RenderMany
    gone: RenderGone
    hours: Hours
    now: datetime
    letters: Letters | None = None

    def recipients(self, subject: str) -> tuple[str, ...]:
        standing = self.standings.get(subject)
        if standing is None:
            return ()
        holders = [who for who in standing.recipients if _holds(standing, who)]  # first: their message may do for another, too
        return tuple(dict.fromkeys((*holders, *standing.recipients)))

    def pending_for(self, recipient: str) -> list[str]:
        stored = self.standings.get_many(self.standings.pending())
        waiting = [standing for standing in stored.values() if recipient in untold(standing)]
        waiting.sort(key=lambda standing: (standing.pending or self.now, standing.job_id))
        return [standing.job_id for standing in waiting]

    def saying(self, subject: str, recipient: str) -> Saying | None:
        standing = self.standings.get(subject)
        return self._saying(standing, recipient) if standing is not None and recipient in untold(standing) else None

    def sayings(self, subjects: Sequence[str], recipient: str) -> list[Saying]:
        stored = self.standings.get_many(subjects, consistent=True)
        behind = [stored[one] for one in subjects if one in stored and recipient in untold(stored[one])]
        return [self._saying(standing, recipient) for standing in behind]

    def _saying(self, standing: Standing, recipient: str) -> Saying:
        told = standing.told.get(recipient)
        of_this_break = told is not None and told.break_id == standing.break_id
        apart = is_reserved(standing.job_id)
        return Saying(
            subject=standing.job_id,
            break_id=standing.break_id,
            state=standing.state,
            say=standing.say,
            loud=standing.loud,
            kind="canary" if apart else standing.loud_kind,
            said=told.say if told is not None else 0,
            living=_held(told) if of_this_break else None,
            former=_held(told) if not of_this_break and told is not None and told.say < standing.ended_say else None,
            former_message=self.over(standing, self.now),
            speaks=speaks(standing, self.now),
            alone_until=left_alone_until(standing, recipient, self.hours, self.now),
            message=self.living(standing, self.now),
            line=self.line(standing, self.now),
            user_id=_user_id(standing, recipient, told),
            over=not broken(standing),
            apart=apart,
            letter=partial(self._letter, standing),
            beside=tuple(who for who in standing.recipients if who != recipient),
            others=_others(standing, recipient),
        )

    def _letter(self, standing: Standing, address: str) -> Letter:
        return self._drawn().of_job(standing, address, self.now)

    def _drawn(self) -> Letters:
        if self.letters is None:
            raise Refused("no_letters", "nothing here draws letters")
        return self.letters

    def told(self, saying: Saying, recipient: str, *, channel: str, ts: str, user_id: str, at: datetime) -> None:
        told = Told(say=saying.say, break_id=saying.break_id, channel=channel, ts=ts, at=at, user_id=user_id)
        self.standings.tell(saying.subject, recipient, told, state=saying.state)

    def take_back(self, subject: str, recipient: str, *, channel: str, break_id: str) -> bool:
        return self.standings.take_back(subject, recipient, channel=channel, break_id=break_id, at=self.now)

    def settle(self, subjects: Sequence[str], done: Collection[str]) -> None:
        for standing in self.standings.get_many(subjects, consistent=True).values():
            behind = untold(standing)
            opens = opens_for(standing, self.hours, self.now) if standing.pending is not None else None
            if opens is not None and set(behind) <= set(done):
                self.standings.defer(standing.job_id, standing.say, until=opens)
            elif standing.pending is not None and not behind:
                self.standings.settle(standing.job_id, standing.say)

    def storm(self, recipient: str, members: Sequence[str]) -> Message:
        return self.card(recipient, self._members(members), self.now)

    def details(self, members: Sequence[str]) -> Message:
        return self.details_of(self._members(members), self.now)

    def news(self, members: Sequence[str]) -> Message:
        return self.news_of(self._members(members), self.now)

    def storm_letter(self, address: str, members: Sequence[str], news: Sequence[str] = ()) -> Letter:
        drawn = self._members(members)
        named = [one for member, one in zip(members, drawn, strict=True) if member in news]
        return self._drawn().of_storm(drawn, named, address, self.now)

    def all_over(self, members: Sequence[str]) -> bool:
        return all(member.over for member in self._members(members))

    def as_letter(self, message: Message) -> Letter:
        return self._drawn().of_message(message)

    def _members(self, members: Sequence[str]) -> list[StormMember]:
        """As they are now, by consistent reads: nothing would correct a card that was drawn from an older state."""
        parts = [member.rsplit(" ", 1) for member in members]
        stored = self.standings.get_many([job_id for job_id, _ in parts], consistent=True)
        return [_member(job_id, break_id, stored.get(job_id)) for job_id, break_id in parts]

    def alone_until(self, recipient: str) -> datetime | None:
        opens = next_open(self.hours(recipient), self.now)
        return opens if opens > self.now else None

    def came_and_went(self, recipient: str, waited: Sequence[Delivery]) -> Message | None:
        gone = []
        for row in waited:
            standing = self.standings.get(row.subject)
            if standing is not None and not is_reserved(row.subject) and _went(standing, row, recipient):
                gone.append((row, standing))
        return self.gone(gone, self.now) if gone else None


def _member(job_id: str, break_id: str, standing: Standing | None) -> StormMember:
    over = standing is None or standing.break_id != break_id or not broken(standing)
    return StormMember(job_id=job_id, standing=standing, over=over)


def _went(standing: Standing, row: Delivery, recipient: str) -> bool:
    """This break is over, and the recipient never saw a message of it."""
    told = standing.told.get(recipient)
    saw = told is not None and told.break_id == row.break_id and told.ts != ""
    over = standing.break_id != row.break_id or not (broken(standing) or standing.state == "off_list")
    return not saw and over


def _holds(standing: Standing, recipient: str) -> bool:
    told = standing.told.get(recipient)
    return told is not None and told.break_id == standing.break_id and told.ts != ""


def _others(standing: Standing, recipient: str) -> dict[str, There]:
    """Who else holds a message of this break, by its place; of two in one place the one who knows more."""
    others: dict[str, There] = {}
    for who, told in sorted(standing.told.items(), key=lambda one: one[1].say):
        if who != recipient and told.break_id == standing.break_id and told.ts:
            others[told.channel] = There(who, told.ts, told.say)
    return others


def _held(told: Told | None) -> Living | None:
    return Living(channel=told.channel, ts=told.ts) if told is not None and told.ts else None


def _user_id(standing: Standing, recipient: str, told: Told | None) -> str:
    if told is not None and told.user_id:
        return told.user_id
    return standing.owner_user if recipient == standing.recipients[0] else ""
