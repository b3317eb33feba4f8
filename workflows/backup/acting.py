"""How what a person asks of one job is carried out: who may, what is written with its audit entry, and what follows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from workflows.backup.audit import outline
from workflows.backup.job_id import is_reserved
from workflows.backup.ports import Standings
from workflows.backup.press import Press, Reply
from workflows.backup.standing import Standing
from workflows.kernel.errors import Conflict
from workflows.kernel.ports import AuditEntry, Bus, Directory, Event
from workflows.kernel.reply import person
from workflows.kernel.rights import Authority, Owners, refusal

TRIES_MAX = 3


class NotAllowed(Exception):
    """Whoever asked may not; `reply` says why."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Acting:
    """The ports of every act, and its moment."""

    standings: Standings
    bus: Bus
    directory: Directory
    authority: Authority
    now: datetime


def carry_out(
    action: str,
    press: Press,
    decide: Callable[[Standing], Standing | Reply],
    ports: Acting,
    *,
    check: str = "",
    why: str = "",
) -> Reply:
    """Gather, decide, apply: state and audit first, nudges last; what a lost nudge would have started, `due` starts too."""
    for _ in range(TRIES_MAX):
        try:
            before = allowed(action, press, ports)
        except NotAllowed as refused:
            return refused.reply

        after = decide(before)
        if isinstance(after, Reply):
            return after

        try:
            ports.standings.save(after, _audit(action, press, before, after, ports.now, why), break_id=before.break_id or None)
        except Conflict:
            continue
        ports.bus.publish(_nudges(press, after, check))
        return Reply(kind="done")
    return Reply(kind="try_again", text="Someone else is changing this job right now. Nothing was changed; try again.")


def allowed(action: str, press: Press, ports: Acting) -> Standing:
    """The job, for whoever may act on it. Raises NotAllowed, after the refusal was audited."""
    standing = ports.standings.get(press.job_id)
    if standing is None or standing.state == "off_list" or is_reserved(press.job_id):
        raise NotAllowed(Reply(kind="gone", text="This job is no longer on the job list."))
    why = refusal(
        press.user_id,
        press.team_id,
        owners=owners_of(standing),
        authority=ports.authority,
        directory=ports.directory,
        by_link=press.by_link,
    )
    if not why:
        return standing
    entry = AuditEntry(subject=press.job_id, at=ports.now, action="refused", by=press.user_id, after={"asked": action}, why=why)
    _record(entry, standing, ports)
    raise NotAllowed(Reply(kind="refused", text=why))


def _record(entry: AuditEntry, standing: Standing, ports: Acting) -> None:
    """Writes the entry beside an unchanged standing. While others keep writing, the refusal matters more than its record."""
    current: Standing | None = standing
    for _ in range(TRIES_MAX):
        if current is None:
            return
        try:
            ports.standings.save(current, entry)
        except Conflict:
            current = ports.standings.get(entry.subject)
        else:
            return


def owners_of(standing: Standing) -> Owners:
    """Whoever is told of a job now may answer for it; who was told of it once, and no longer is, may not."""
    known = {standing.told[who].user_id for who in standing.recipients if who in standing.told} | {standing.owner_user}
    return Owners(emails=standing.recipients, user_ids=frozenset(known - {""}))


def _audit(action: str, press: Press, before: Standing, after: Standing, now: datetime, why: str) -> AuditEntry:
    return AuditEntry(
        subject=press.job_id,
        at=now,
        action="escalate" if after.state == "escalate" and before.state != "escalate" else action,
        by=press.user_id,
        before=outline(before),
        after=outline(after),
        why=why,
    )


def _nudges(press: Press, after: Standing, check: str) -> list[Event]:
    answered = Event(kind="bk.answered", detail={"v": 1, "job_id": press.job_id, "say": after.say})
    return [answered, check_event(press, check)] if check else [answered]


def check_event(press: Press, why: str) -> Event:
    return Event(kind="bk.check", detail={"v": 1, "job_ids": [press.job_id], "why": why, "by": press.user_id})


def said_already(standing: Standing) -> str:
    """What the newest answer was, by whom, and until when: for whoever comes second."""
    answer = standing.answer
    if answer is None:
        return "Somebody else has answered meanwhile."
    done = {"fixed": "marked fixed", "snooze": "snoozed", "mute": "muted", "unmute": "unmuted"}[answer.kind]
    return f"Already {done} by {person(answer.by)}{until_text(answer.until, standing)}."


def until_text(until: datetime | None, standing: Standing) -> str:
    """In the owner's zone, which is named: whoever reads it may be in another."""
    if until is None:
        return ""
    local = until.astimezone(ZoneInfo(standing.zone))
    return f", until {local:%a} {local.day} {local:%b}, {local:%H:%M} ({standing.zone})"
