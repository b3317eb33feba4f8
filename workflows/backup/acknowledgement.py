"""What an owner answers: fixed, snooze, mute, unmute, check now."""

from datetime import datetime, timedelta

from workflows.backup.acting import Acting, NotAllowed, allowed, carry_out, check_event, owners_of, said_already, until_text
from workflows.backup.answers import fixed, muted, snoozed, unmuted
from workflows.backup.ports import Standings
from workflows.backup.press import Press, Reply, SnoozeChoice, SnoozeForm
from workflows.backup.saying import broken
from workflows.backup.snoozing import next_run, snooze_end
from workflows.backup.standing import Standing
from workflows.kernel.ports import Bus, Directory
from workflows.kernel.reply import person
from workflows.kernel.rights import Authority

REASON_MAX = 500
DOUBLE_CLICK = timedelta(minutes=2)

__all__ = [
    "Press",
    "Reply",
    "SnoozeChoice",
    "SnoozeForm",
    "check_now",
    "mark_fixed",
    "may",
    "mute",
    "owners_of",
    "snooze",
    "snooze_form",
    "unmute",
]


def mark_fixed(
    press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime
) -> Reply:
    """Says fixed. It is checked at once, and stays pending until a run decides."""

    def decide(standing: Standing) -> Standing | Reply:
        if standing.state == "pending_fixed" and standing.answer is not None:
            return Reply(kind="already", text=f"{person(standing.answer.by)} has marked it fixed already; a new run decides.")
        return (
            _of_this_break(press, standing)
            or _one_too_many(standing, fixed_before=standing.fixes > 0)
            or fixed(standing, press.user_id, now)
        )

    return carry_out("mark_fixed", press, decide, Acting(standings, bus, directory, authority, now), check="mark_fixed")


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
            return Reply(kind="already", text=said_already(standing))
        if chosen.taken is not None and chosen.taken != standing.snoozes:
            return Reply(kind="already", text=f"{said_already(standing)} Nothing was changed; snooze once more to change that.")
        once_too_often = _one_too_many(standing, fixed_before=True)
        return once_too_often or snoozed(standing, press.user_id, until, chosen.reason.strip()[:REASON_MAX], now)

    ports = Acting(standings, bus, directory, authority, now)
    return carry_out("snooze", press, decide, ports, why=chosen.reason.strip()[:REASON_MAX])


def mute(press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime) -> Reply:
    """Says nothing until someone unmutes; it is still checked."""

    def decide(standing: Standing) -> Standing | Reply:
        if standing.muted:
            return Reply(kind="already", text=said_muted(standing))
        return muted(standing, press.user_id, now)

    return carry_out("mute", press, decide, Acting(standings, bus, directory, authority, now))


def unmute(press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime) -> Reply:
    """Speaks again, and is checked at once."""

    def decide(standing: Standing) -> Standing | Reply:
        return unmuted(standing, press.user_id, now) if standing.muted else Reply(kind="already", text="It is not muted.")

    return carry_out("unmute", press, decide, Acting(standings, bus, directory, authority, now), check="check_now")


def check_now(
    press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime
) -> Reply:
    """Has the job looked at within seconds; changes nothing by itself."""
    ports = Acting(standings, bus, directory, authority, now)
    try:
        allowed("check_now", press, ports)
    except NotAllowed as refused:
        return refused.reply
    bus.publish([check_event(press, "check_now")])
    return Reply(kind="done", text="Looking now.")


def may(
    action: str, press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime
) -> Standing | Reply:
    """The job, for those who may act on it; else why not, which is then audited."""
    try:
        return allowed(action, press, Acting(standings, bus, directory, authority, now))
    except NotAllowed as refused:
        return refused.reply


def snooze_form(
    press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime
) -> SnoozeForm | Reply:
    """What the modal must say before anyone snoozes."""
    try:
        standing = allowed("snooze", press, Acting(standings, bus, directory, authority, now))
    except NotAllowed as refused:
        return refused.reply
    stale = _of_this_break(press, standing)
    return stale or form_of(standing, now)


def form_of(standing: Standing, now: datetime) -> SnoozeForm:
    """What somebody must know before they snooze this job."""
    return SnoozeForm(
        job_id=standing.job_id,
        break_id=standing.break_id,
        name=standing.row.get("name") or standing.job_id,
        critical=standing.critical,
        taken=standing.snoozes,
        allowed=standing.snoozes_max,
        next_run=next_run(standing, now),
        zone=standing.zone,
        snoozed=said_already(standing) if standing.snooze_until is not None and standing.snooze_until > now else "",
    )


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


def said_muted(standing: Standing) -> str:
    """By whom, and until when."""
    answer = standing.answer
    if answer is None or answer.kind != "mute":
        return "It is muted already."
    return f"It is muted already by {person(answer.by)}{until_text(answer.until, standing)}."
