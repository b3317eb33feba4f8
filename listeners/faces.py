"""What a standing looks like: which of its conditions a person must see first, and in which words."""

from datetime import datetime
from typing import Literal

from listeners import texts, wording
from workflows.backup.evidence import Run
from workflows.backup.findings import Finding
from workflows.backup.standing import Standing

Face = Literal["fine", "waiting", "off_list", "unseen", "warn", "alert", "escalated", "not_fixed", "pending", "snoozed", "muted"]

EMOJI: dict[Face, str] = {
    "fine": ":large_green_circle:",
    "waiting": ":hourglass:",
    "off_list": ":white_circle:",
    "unseen": ":grey_question:",
    "warn": ":large_yellow_circle:",
    "alert": ":red_circle:",
    "escalated": ":rotating_light:",
    "not_fixed": ":red_circle:",
    "pending": ":hourglass_flowing_sand:",
    "snoozed": ":zzz:",
    "muted": ":no_bell:",
}


def face(standing: Standing, *, now: datetime) -> Face:
    """An answer that keeps a broken job quiet is seen before what is broken, but never before a later escalation."""
    match standing.state:
        case "all_green":
            return "fine"
        case "waiting" | "off_list":
            return standing.state
        case _:
            return _quiet_face(standing, now=now) or _broken_face(standing)


def _quiet_face(standing: Standing, *, now: datetime) -> Face | None:
    if standing.state == "escalate" and (standing.answer is None or standing.answer.at <= standing.since):
        return None
    if standing.muted:
        return "muted"
    if standing.state == "pending_fixed":
        return "pending"
    return "snoozed" if standing.snooze_until is not None and standing.snooze_until > now else None


def _broken_face(standing: Standing) -> Face:
    if standing.state == "escalate":
        return "escalated"
    if standing.state == "not_observed":
        return "unseen"
    if standing.answer is not None and standing.answer.kind == "fixed":
        return "not_fixed"
    return "warn" if standing.state == "warn" else "alert"


def title(standing: Standing) -> str:
    """The job's name, bold."""
    return f"*{texts.name(plain_title(standing))}*"


def plain_title(standing: Standing) -> str:
    """The job's name as it was typed; its id where the row has none."""
    return texts.tidy(standing.row.get("name", "")) or standing.job_id


def trouble(standing: Standing) -> str:
    """What is wrong, to be read after the job's name: the worst finding in a few words."""
    worst = findings(standing)[:1]
    if worst:
        return wording.trouble(worst[0])
    return "cannot be seen" if standing.unseen or standing.state == "not_observed" else "needs attention"


def findings(standing: Standing) -> tuple[Finding, ...]:
    """All findings, alerts first, otherwise in the order of the verdict."""
    return tuple(sorted(standing.findings, key=lambda finding: finding.level != "alert"))


def newest_good(standing: Standing) -> Run | None:
    return max((run for run in standing.runs if run.good), key=lambda run: run.at, default=None)


def newest(standing: Standing) -> Run | None:
    return max(standing.runs, key=lambda run: run.at, default=None)


def owner(standing: Standing) -> str:
    """The owner as a mention where the Slack id is known, else the e-mail address."""
    first = standing.recipients[0] if standing.recipients else standing.row.get("owner_email", "")
    if standing.owner_user:
        return texts.person(standing.owner_user)
    return _known(standing, first) if first else "the admin"


def told_beside_owner(standing: Standing) -> tuple[str, ...]:
    return tuple(_known(standing, recipient) for recipient in standing.recipients[1:])


def _known(standing: Standing, recipient: str) -> str:
    told = standing.told.get(recipient)
    return texts.person(told.user_id if told and told.user_id else recipient)
