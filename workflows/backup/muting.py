"""A mute with an end and a reason: asked for before it begins, or offered once it has."""

from datetime import datetime

from workflows.backup.acknowledgement import REASON_MAX, said_muted
from workflows.backup.acting import Acting, NotAllowed, allowed, carry_out
from workflows.backup.answers import muted
from workflows.backup.ports import Standings
from workflows.backup.press import MuteChoice, MuteForm, Press, Reply
from workflows.backup.snoozing import morning_of
from workflows.backup.standing import Answer, Standing
from workflows.kernel.ports import Bus, Directory
from workflows.kernel.reply import person
from workflows.kernel.rights import Authority

MUTE_DAYS_MAX = 366
TOO_LONG = "At most a year ahead. Leave the date blank, and it stays muted until someone unmutes it."


def mute_form(
    press: Press, *, standings: Standings, bus: Bus, directory: Directory, authority: Authority, now: datetime
) -> MuteForm | Reply:
    """What the modal shows, to whoever may mute the job."""
    try:
        standing = allowed("mute", press, Acting(standings, bus, directory, authority, now))
    except NotAllowed as refused:
        return refused.reply
    answer = _mute_of(standing)
    return MuteForm(
        job_id=standing.job_id,
        break_id=standing.break_id,
        name=standing.row.get("name") or standing.job_id,
        muted=standing.muted,
        zone=standing.zone,
        until=answer.until if answer is not None else None,
        reason=answer.reason if answer is not None else "",
    )


def mute_with(
    press: Press,
    chosen: MuteChoice,
    *,
    standings: Standings,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply:
    """Mutes with an end and a reason, or gives them to a mute that stands; sent twice, the second changes nothing."""
    reason = chosen.reason.strip()[:REASON_MAX]

    def decide(standing: Standing) -> Standing | Reply:
        until = morning_of(chosen.date, standing, now, days_max=MUTE_DAYS_MAX, too_long=TOO_LONG) if chosen.date else None
        if isinstance(until, str):
            return Reply(kind="invalid", text=until)
        if chosen.muted and not standing.muted:
            return Reply(kind="stale", text=_unmuted_meanwhile(standing))
        answer = _mute_of(standing)
        if standing.muted and answer is not None and (answer.until, answer.reason) == (until, reason):
            return Reply(kind="already", text=said_muted(standing))
        if standing.muted and not (chosen.muted and _own(answer, press)):
            return Reply(kind="already", text=f"{said_muted(standing)} Nothing was changed.")
        return muted(standing, press.user_id, now, until=until, reason=reason)

    return carry_out("mute", press, decide, Acting(standings, bus, directory, authority, now), why=reason)


def _own(answer: Answer | None, press: Press) -> bool:
    """Nobody changes what another said of their mute: they can unmute, and mute themselves."""
    return answer is None or answer.by == press.user_id


def _mute_of(standing: Standing) -> Answer | None:
    return standing.answer if standing.muted and standing.answer is not None and standing.answer.kind == "mute" else None


def _unmuted_meanwhile(standing: Standing) -> str:
    answer = standing.answer
    by = f" by {person(answer.by)}" if answer is not None and answer.kind == "unmute" else ""
    return f"It was unmuted meanwhile{by}. Nothing was changed."
