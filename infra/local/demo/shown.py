"""What the panel shows: each backup with what it does and what can be done to it, and what to try next. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.local.demo.runner import Record
from infra.local.demo.script import GOOD_RUNS_BEFORE_SHRINKING, Ill, Sample
from infra.local.slack.stored import Json
from workflows.backup.standing import Standing
from workflows.kernel.quantities import size_text

LABELS: dict[Ill, str] = {
    "stop": "Stop",
    "empty": "Empty file",
    "shrink": "Shrink",
    "hang": "Never end",
    "fail": "Report failure",
    "deny": "Deny access",
}
ILL_TEXTS: dict[Ill, str] = {
    "stop": "stopped",
    "empty": "making empty files",
    "shrink": "making files that are far too small",
    "hang": "stuck in a run that never ends",
    "fail": "reporting failure",
    "deny": "running, but hidden from the sentinel",
}
"""What it has been doing since it was broken."""

HEAL = "heal"
PEOPLE = {"ana@example.com": "Ana", "sam@example.com": "Sam", "kim@example.com": "Kim"}
STATE_WORDS = {
    "waiting": "waits for its first run",
    "all_green": "green",
    "warn": "warns",
    "alert": "alerts",
    "escalate": "escalated",
    "pending_fixed": "said to be fixed",
    "not_observed": "not observed",
}
TOLD_STATES = frozenset({"warn", "alert", "escalate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One backup as it is now; `standing` is None until the sentinel has looked at it."""

    sample: Sample
    record: Record
    standing: Standing | None


def panel(seen: Sequence[Seen], *, hint: str, now: float) -> Json:
    """The panel as the page draws it. `now`: seconds since 1970."""
    return {
        "title": "Backups you can break",
        "hint": hint,
        "items": [_item(one, now) for one in seen],
        "next": what_next(seen, now=now),
    }


def _item(one: Seen, now: float) -> Json:
    record = one.record
    breaks = [{"id": ill, "label": LABELS[ill]} for ill in one.sample.ills if ill != record.ill and _possible(ill, record)]
    heal = [{"id": HEAL, "label": "Heal"}] if record.ill else []
    name = f"{one.sample.name} · {owner(one.sample)}"
    return {"id": one.sample.id, "name": name, "state": _state(one, now), "actions": [*heal, *breaks]}


def _possible(ill: Ill, record: Record) -> bool:
    return ill != "shrink" or record.good_runs >= GOOD_RUNS_BEFORE_SHRINKING


def _state(one: Seen, now: float) -> str:
    record = one.record
    if record.trouble:
        does = f"trouble of its own: {record.trouble}"
    elif record.ill:
        does = f"{ILL_TEXTS[record.ill]} for {_long(now - record.changed)}"
    elif record.ended:
        does = f"runs every {one.sample.every:.0f} s; last {_long(now - record.ended)} ago, {size_text(record.size)}"
    else:
        does = "makes its first run"
    return f"{does} · sentinel: {_thinks(one.standing)}"


def _thinks(standing: Standing | None) -> str:
    if standing is None:
        return "has not looked yet"
    word = STATE_WORDS.get(standing.state, standing.state)
    if not _is_quiet(standing):
        return word
    return f"{word}, {'muted' if standing.muted else 'snoozed'}"


def _is_quiet(standing: Standing | None) -> bool:
    return standing is not None and (standing.muted or standing.snooze_until is not None)


def owner(sample: Sample) -> str:
    return PEOPLE[sample.row["owner_email"]]


def _long(seconds: float) -> str:
    whole = max(0, int(seconds))
    return f"{whole} s" if whole < 100 else f"{whole // 60} min" if whole < 7200 else f"{whole // 3600} h"


# --- what to try next ----------------------------------------------------------------------------


def what_next(seen: Sequence[Seen], *, now: float) -> str:
    """One thing to try, said from how the world is: what was done last, but what was answered after what was not."""
    by_change = sorted(seen, key=lambda one: (_is_quiet(one.standing), -one.record.changed))
    if any(one.standing is None or one.standing.state == "waiting" for one in seen):
        return "The first backups are being made. In a few seconds all is green, and silent."
    for one in by_change:
        if told := _of_broken(one, now) if one.record.ill else _of_healed(one):
            return told
    return _of_calm(by_change)


def _of_broken(one: Seen, now: float) -> str:
    state = one.standing.state if one.standing else ""
    who, name = owner(one.sample), one.sample.name
    if _is_quiet(one.standing) and state in TOLD_STATES:
        return f"{name} is quiet, and still broken; the sentinel goes on looking. Heal it, and see the message turn green."
    if state in TOLD_STATES:
        return (
            f"{who} has a message about {name}. Act as {who} and open the conversation with the app: press Mark fixed although "
            "it is still broken, or Snooze it. Then heal it here."
        )
    if state == "pending_fixed":
        return (
            f"{name} is said to be fixed. Heal it, and the same message turns green; or leave it, and see what the sentinel says."
        )
    if one.record.ill == "deny":
        return f"The sentinel may not look at {name}. Wait about two minutes: it will not take that for green, nor for missing."
    waited = f"{name} has been {ILL_TEXTS[one.record.ill]} for {_long(now - one.record.changed)}."
    return f"{waited} {_when_heard(one)} Meanwhile, look at App Home as {who}."


def _when_heard(one: Seen) -> str:
    at_once = "heartbeat" in one.sample.row["target"] and one.record.ill in {"fail", "empty", "shrink"}
    return f"{owner(one.sample)} hears of it {'within seconds' if at_once else 'in about two minutes'}."


def _of_healed(one: Seen) -> str:
    state = one.standing.state if one.standing else ""
    if state not in TOLD_STATES | {"pending_fixed", "not_observed"}:
        return ""
    button = "Check now" if state == "pending_fixed" else "Mark fixed"
    return (
        f"{one.sample.name} runs again. As {owner(one.sample)}, press {button}: it is looked at once, and the same message turns "
        "green. Or wait: the sentinel looks again by itself within two minutes."
    )


TRIALS: tuple[tuple[str, Ill, str], ...] = (
    ("orders-db", "stop", "Stop the Orders database, wait about two minutes, and answer as Sam."),
    ("shared-folder", "fail", "Let the Shared folder report failure: Kim hears of it within seconds."),
    (
        "crm-export",
        "hang",
        "Let the CRM export start and never end: a run that hangs is found without a failure ever being said.",
    ),
    ("laptop", "deny", "Deny access to Ana's laptop: what cannot be seen is neither green nor missing."),
    ("laptop", "stop", "Stop the backup of Ana's laptop: a restic repository stays full of files, and still gets old."),
)


def _of_calm(by_change: Sequence[Seen]) -> str:
    """All is green: the first trial that was not made yet."""
    known: Mapping[str, Record] = {one.sample.id: one.record for one in by_change}
    for job_id, _, text in TRIALS:
        if job_id in known and not known[job_id].broken_ever:
            return text
    return "All is green again. Break two at once, and look at App Home; or add a row of your own to the job list."
