"""What an owner answers: fixed, snooze, mute, unmute, check now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflows.backup.answers import fixed, muted, snoozed, unmuted
from workflows.backup.audit import outline
from workflows.backup.ports import Standings
from workflows.backup.press import Press, Reply, SnoozeChoice, SnoozeForm
from workflows.backup.saying import broken
from workflows.backup.snoozing import next_run, snooze_end
from workflows.backup.standing import Standing
from workflows.kernel.errors import Conflict
from workflows.kernel.ports import AuditEntry, Bus, Directory, Event
from workflows.kernel.rights import Authority, Owners, refusal

TRIES_MAX = 3
REASON_MAX = 500
DOUBLE_CLICK = timedelta(minutes=2)

__all__ = [
    "Press",
    "Reply",
    "SnoozeChoice",
    "SnoozeForm",
    "board",
    "check_now",
    "mark_fixed",
    "may",
    "mute",
    "snooze",
    "snooze_form",
    "unmute",
]


class _Refusal(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


def mark_fixed(
    press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime
) -> Reply:
    """Says fixed. It is checked at once, and stays pending until a run decides."""

    def decide(standing: Standing) -> Standing | Reply:
        if standing.state == "pending_fixed" and standing.answer is not None:
            return Reply(kind="already", text=f"{_person(standing.answer.by)} has marked it fixed already; a new run decides.")
        return (
            _of_this_break(press, standing)
            or _one_too_many(standing, fixed_before=standing.fixes > 0)
            or fixed(standing, press.user_id, now)
        )

    return _carry_out("mark_fixed", press, decide, _Ports(standings, bus, directory, authority, now), check="mark_fixed")


def snooze(
    press: Press,
    chosen: SnoozeChoice,
    *,
    standings: Standings,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply:
    """Quiet until the chosen moment; the snooze after the last one allowed escalates instead."""

    def decide(standing: Standing) -> Standing | Reply:
        stale = _of_this_break(press, standing)
        if stale is not None:
            return stale
        until = snooze_end(standing, chosen, now)
        if isinstance(until, str):
            return Reply(kind="invalid", text=until)
        if standing.critical and not chosen.reason.strip():
            return Reply(kind="invalid", text="This job is critical: say why it may wait.")
        if _same_snooze(standing, press, until):
            return Reply(kind="already", text="It is snoozed already.")
        over = _one_too_many(standing, fixed_before=True)
        if over is not None:
            return over
        return snoozed(standing, press.user_id, until, chosen.reason.strip()[:REASON_MAX], now)

    ports = _Ports(standings, bus, directory, authority, now)
    return _carry_out("snooze", press, decide, ports, why=chosen.reason.strip()[:REASON_MAX])


def mute(press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime) -> Reply:
    """Says nothing until someone unmutes; it is still checked."""

    def decide(standing: Standing) -> Standing | Reply:
        if standing.muted:
            return Reply(kind="already", text=f"It is muted already{_by(standing)}.")
        return muted(standing, press.user_id, now)

    return _carry_out("mute", press, decide, _Ports(standings, bus, directory, authority, now))


def unmute(press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime) -> Reply:
    """Speaks again, and is checked at once."""

    def decide(standing: Standing) -> Standing | Reply:
        return unmuted(standing, press.user_id, now) if standing.muted else Reply(kind="already", text="It is not muted.")

    return _carry_out("unmute", press, decide, _Ports(standings, bus, directory, authority, now), check="check_now")


def check_now(
    press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime
) -> Reply:
    """Has the job looked at within seconds; changes nothing by itself."""
    ports = _Ports(standings, bus, directory, authority, now)
    try:
        _allowed("check_now", press, ports)
    except _Refusal as refused:
        return refused.reply
    bus.publish([_check(press, "check_now")])
    return Reply(kind="done", text="Looking now.")


def may(
    action: str, press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime
) -> Standing | Reply:
    """The job, for those who may act on it; else why not, which is then audited."""
    try:
        return _allowed(action, press, _Ports(standings, bus, directory, authority, now))
    except _Refusal as refused:
        return refused.reply


def snooze_form(
    press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime
) -> SnoozeForm | Reply:
    """What the modal must say before anyone snoozes."""
    try:
        standing = _allowed("snooze", press, _Ports(standings, bus, directory, authority, now))
    except _Refusal as refused:
        return refused.reply
    stale = _of_this_break(press, standing)
    if stale is not None:
        return stale
    return SnoozeForm(
        job_id=standing.job_id,
        break_id=standing.break_id,
        name=standing.row.get("name") or standing.job_id,
        critical=standing.critical,
        taken=standing.snoozes,
        allowed=standing.snoozes_max,
        next_run=next_run(standing, now),
        zone=standing.zone,
    )


def board(
    user_id: str, team_id: str, *, standings: Standings, directory: Directory, authority: Authority
) -> tuple[Standing, ...] | Reply:
    """All jobs, for anyone of the workspace who is no guest."""
    if team_id != authority.team_id:
        return Reply(kind="refused", text="This board is for people of another workspace.")
    member = directory.member(user_id)
    if member is None or member.guest:
        return Reply(kind="refused", text="Guests do not see the backups of this workspace.")
    return tuple(standings.every())


# --- how each of them is carried out ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ports:
    standings: Standings
    bus: Bus
    directory: Directory
    authority: Authority
    now: datetime


def _carry_out(
    action: str,
    press: Press,
    decide: Callable[[Standing], Standing | Reply],
    ports: _Ports,
    *,
    check: str = "",
    why: str = "",
) -> Reply:
    """Gather, decide, apply: state and audit first, nudges last; what a lost nudge would have started, `due` starts too."""
    for _ in range(TRIES_MAX):
        try:
            before = _allowed(action, press, ports)
        except _Refusal as refused:
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


def _allowed(action: str, press: Press, ports: _Ports) -> Standing:
    standing = ports.standings.get(press.job_id)
    if standing is None or standing.state == "off_list":
        raise _Refusal(Reply(kind="gone", text="This job is no longer on the job list."))
    why = refusal(press.user_id, press.team_id, owners=owners_of(standing), authority=ports.authority, directory=ports.directory)
    if not why:
        return standing
    entry = AuditEntry(subject=press.job_id, at=ports.now, action="refused", by=press.user_id, after={"asked": action}, why=why)
    _record(entry, standing, ports)
    raise _Refusal(Reply(kind="refused", text=why))


def _record(entry: AuditEntry, standing: Standing, ports: _Ports) -> None:
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


def _one_too_many(standing: Standing, *, fixed_before: bool) -> Reply | None:
    """The snooze after the last one allowed escalates, once; after that there is nothing left to ask for."""
    if fixed_before and standing.escalated and standing.snoozes >= standing.snoozes_max:
        told = " and ".join(standing.escalation) or "the admin"
        return Reply(kind="already", text=f"It has escalated: {told} was told. A new good run will turn it green.")
    return None


def _of_this_break(press: Press, standing: Standing) -> Reply | None:
    """None when the press is about what is broken now."""
    if press.break_id and press.break_id != standing.break_id:
        return Reply(kind="stale", text="That message is about an earlier break, which is over.")
    if not broken(standing):
        return Reply(kind="already", text="Nothing to answer: this job is fine.")
    return None


def _same_snooze(standing: Standing, press: Press, until: datetime) -> bool:
    """The same person asking for the same time again: a double click, not a second snooze."""
    answer = standing.answer
    return (
        answer is not None
        and answer.kind == "snooze"
        and answer.by == press.user_id
        and standing.snooze_until is not None
        and abs(standing.snooze_until - until) < DOUBLE_CLICK
    )


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
    return [answered, _check(press, check)] if check else [answered]


def _check(press: Press, why: str) -> Event:
    return Event(kind="bk.check", detail={"v": 1, "job_ids": [press.job_id], "why": why, "by": press.user_id})


def _person(user_id: str) -> str:
    return f"<@{user_id}>" if not user_id or "@" not in user_id else user_id


def _by(standing: Standing) -> str:
    return f" by {_person(standing.answer.by)}" if standing.answer is not None and standing.answer.kind == "mute" else ""
