"""What is told of a job: the end of the first line, after its name, and the lines below it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from listeners import faces, texts, wording
from listeners.faces import Face
from workflows.backup.evidence import Run
from workflows.backup.standing import Standing
from workflows.kernel.quantities import age_text, size_text
from workflows.kernel.slots import parse_schedule

FINDINGS_MAX = 4


def story(standing: Standing, shown: Face, *, now: datetime, zone: str) -> tuple[str, list[str]]:
    """The end of the first line, after the job's name, and the lines below it."""
    teller: dict[Face, Callable[..., tuple[str, list[str]]]] = {
        "fine": _fine,
        "waiting": _waiting,
        "off_list": _off_list,
        "escalated": _escalated,
        "not_fixed": _not_fixed,
        "pending": _pending,
        "snoozed": _snoozed,
        "muted": _muted,
    }
    return teller.get(shown, _broken)(standing, now=now, zone=zone)


def _broken(standing: Standing, *, now: datetime, zone: str) -> tuple[str, list[str]]:
    weight = " (warning)" if standing.state == "warn" else ""  # the same may be an alert later: a yellow dot is only a colour
    return f" {faces.trouble(standing)}{weight}", _what_is_wrong(standing, now=now, zone=zone)


def _escalated(standing: Standing, *, now: datetime, zone: str) -> tuple[str, list[str]]:
    since = f" since {texts.moment_text(standing.broke_at, now=now, zone=zone)}" if standing.broke_at else ""
    others = ", ".join(faces.told_beside_owner(standing)[:5])
    told = (
        f"Broken{since} and escalated: {others} told beside {faces.owner(standing)}."
        if others
        else f"Broken{since} and escalated."
    )
    return f" {faces.trouble(standing)}, escalated", [told, *_what_is_wrong(standing, now=now, zone=zone)]


def _not_fixed(standing: Standing, *, now: datetime, zone: str) -> tuple[str, list[str]]:
    answer, newest = standing.answer, faces.newest(standing)
    lines = _what_is_wrong(standing, now=now, zone=zone)
    if answer is None:
        return f" {faces.trouble(standing)}", lines
    said = f"{texts.person(answer.by)} had marked it fixed {texts.at_text(answer.at, now=now, zone=zone)}."
    if newest is not None and newest.at > answer.at:
        return f" ran {texts.at_text(newest.at, now=now, zone=zone)} and is still not right", [*lines, said]
    return f" still {faces.trouble(standing)}", [*lines, said]


def _pending(standing: Standing, *, now: datetime, zone: str) -> tuple[str, list[str]]:
    by = texts.person(standing.answer.by) if standing.answer else "someone"
    slot = _next_slot(standing, zone=zone)
    run = f"the {_soon(slot, now=now, zone=zone)} run" if slot else "the next run"
    good = faces.newest_good(standing)
    if standing.answer is None or standing.answer.until is None:
        return f": {by} says fixed, {run} decides", ["I am looking now."]
    if good is None:
        looked = "I looked at once: there is no good run yet."
    else:
        looked = f"I looked at once: the newest good run is still {run_text(good, now=now, zone=zone)}, {_age(good, now)} old."
    return f": {by} says fixed, {run} decides", [f"{looked} I look again as soon as that run is due."]


def _snoozed(standing: Standing, *, now: datetime, zone: str) -> tuple[str, list[str]]:
    until = texts.moment_text(standing.snooze_until, now=now, zone=zone) if standing.snooze_until else "later"
    return f" {faces.trouble(standing)}; quiet until {until}", _what_is_wrong(standing, now=now, zone=zone)


def _muted(standing: Standing, *, now: datetime, zone: str) -> tuple[str, list[str]]:
    answer = standing.answer
    until = (
        f" until {texts.moment_text(answer.until, now=now, zone=zone)}"
        if answer and answer.kind == "mute" and answer.until
        else ""
    )
    return f" {faces.trouble(standing)}; muted{until}", _what_is_wrong(standing, now=now, zone=zone)


def _fine(standing: Standing, *, now: datetime, zone: str) -> tuple[str, list[str]]:
    parts = []
    if standing.broke_at and standing.ended_at:
        missed = (
            f"; {texts.counted(standing.missed, 'run')} {'was' if standing.missed == 1 else 'were'} missed"
            if standing.missed
            else ""
        )
        parts.append(f"Back after *{age_text(standing.ended_at - standing.broke_at)}*{missed}.")
    good = faces.newest_good(standing)
    if good is not None:
        parts.append(f"Newest: {run_text(good, now=now, zone=zone)}.")
    return " is backed up again" if standing.break_id else " is backed up", [" ".join(parts)] if parts else []


def _waiting(standing: Standing, *, now: datetime, zone: str) -> tuple[str, list[str]]:
    slot = _next_slot(standing, zone=zone)
    due = f", due {texts.moment_text(slot, now=now, zone=zone)}" if slot else ""
    return f" waits for its first run{due}", []


def _off_list(standing: Standing, *, now: datetime, zone: str) -> tuple[str, list[str]]:  # noqa: ARG001 - one shape for all tellers
    return " is no longer on the job list", ["It is not watched any more."]


def _what_is_wrong(standing: Standing, *, now: datetime, zone: str) -> list[str]:
    lines = [wording.sentence(finding, now=now, zone=zone) for finding in faces.findings(standing)]
    if not lines:
        lines = [wording.unseen_sentence(unseen, now=now, zone=zone) for unseen in standing.unseen]
    shown = lines[:FINDINGS_MAX]
    if len(lines) > FINDINGS_MAX:
        shown.append(f"_and {len(lines) - FINDINGS_MAX} more_")
    return shown


def run_text(run: Run, *, now: datetime, zone: str) -> str:
    size = f" · {size_text(run.size)}" if run.size is not None else ""
    return f"{texts.moment_text(run.at, now=now, zone=zone)}{size}"


def _soon(moment: datetime, *, now: datetime, zone: str) -> str:
    near = timedelta() <= moment - now < timedelta(days=1)
    return texts.time_text(moment, zone=zone) if near else texts.moment_text(moment, now=now, zone=zone)


def _age(run: Run, now: datetime) -> str:
    return age_text(now - run.at)


def _next_slot(standing: Standing, *, zone: str) -> datetime | None:
    """When the run that decides is due: the first slot after the answer, or after the job was first seen."""
    after = standing.answer.at if standing.state == "pending_fixed" and standing.answer else standing.first_seen
    try:
        return parse_schedule(standing.row.get("schedule", ""), standing.row.get("timezone", "") or zone).next_after(after)
    except ValueError:
        return None  # no schedule, or one that the job list reports as wrong
