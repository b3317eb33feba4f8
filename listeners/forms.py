"""The modals, as pure builders."""

import json
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from listeners import block_kit, texts
from workflows.backup.press import MuteForm, SnoozeForm
from workflows.backup.storm_answer import SnoozeAllForm, SnoozedAll
from workflows.kernel.ports import Json

SNOOZE_FORM = "snooze"
SNOOZE_ALL_FORM = "snooze_all"
MUTE_FORM = "mute"
CHOICE, DATE, REASON = "choice", "date", "reason"
REASON_LENGTH_MAX = 500
REASONS_MAX, NAMES_MAX = 5, 5


def snooze_modal(form: SnoozeForm, *, now: datetime, home: str | None) -> Json:
    """Asks how long to be quiet. `home`: the board behind it (see `bodies.home_behind`), which is drawn anew afterwards.

    Block ids and action ids are the same: "choice", "date", "reason".
    """
    over = form.taken >= form.allowed
    metadata = {
        "job_id": form.job_id,
        "break_id": form.break_id,
        "critical": form.critical,
        "taken": form.taken,
        "home": home,
    }
    return {
        "type": "modal",
        "callback_id": SNOOZE_FORM,
        "private_metadata": json.dumps(metadata),
        "title": block_kit.plain_text("Snooze", 24),
        "submit": block_kit.plain_text("Escalate" if over else "Snooze", 24),
        "close": block_kit.plain_text("Keep telling me", 24),
        "blocks": [
            block_kit.section(_what_happens(form, over=over)),
            _choice(_next_run(form, now=now)),
            _until_date("Or until a date", hint="A date counts instead of the choice above; it wakes at 09:00."),
            _reason(critical=form.critical),
        ],
    }


def snooze_all_modal(form: SnoozeAllForm) -> Json:
    """Asks once how long all jobs of a storm card may be quiet. Block ids as in `snooze_modal`."""
    metadata = {"recipient": form.recipient, "storm_id": form.storm_id, "critical": form.critical > 0}
    return {
        "type": "modal",
        "callback_id": SNOOZE_ALL_FORM,
        "private_metadata": json.dumps(metadata),
        "title": block_kit.plain_text("Snooze all", 24),
        "submit": block_kit.plain_text("Snooze all", 24),
        "close": block_kit.plain_text("Keep telling me", 24),
        "blocks": [
            block_kit.section(_what_happens_to_all(form)),
            _choice(block_kit.option("Until each one's next run is due", "next_run") if form.scheduled else None),
            _until_date("Or until a date", hint="A date counts instead of the choice above; they wake at 09:00."),
            _reason(critical=form.critical > 0),
        ],
    }


def mute_modal(form: MuteForm, *, home: str | None) -> Json:
    """Before a mute, or once it stands: until when, and why. Block ids: "date", "reason"."""
    metadata = {"job_id": form.job_id, "break_id": form.break_id, "muted": form.muted, "home": home}
    day = f"{form.until.astimezone(ZoneInfo(form.zone)):%Y-%m-%d}" if form.until is not None else ""
    name = f"*{texts.name(form.name)}*"
    said = f"{name} is muted." if form.muted else f"Mute {name}?"
    return {
        "type": "modal",
        "callback_id": MUTE_FORM,
        "private_metadata": json.dumps(metadata),
        "title": block_kit.plain_text("Mute", 24),
        "submit": block_kit.plain_text("Save" if form.muted else "Mute", 24),
        "close": block_kit.plain_text("Leave it so" if form.muted else "Keep watching", 24),
        "blocks": [
            block_kit.section(f"{said} It is still checked and stays on the board, but says nothing."),
            _until_date("Until", hint="It speaks again at 09:00 of that day. Blank: until someone unmutes it.", day=day),
            _reason(critical=False, value=form.reason),
        ],
    }


def snoozed_all(done: SnoozedAll) -> str:
    """What happened to how many."""
    parts = [f"*{texts.counted(done.snoozed, 'backup')}* snoozed."] if done.snoozed else []
    if done.escalated:
        parts.append(f"*{done.escalated}* had no snooze left and escalated.")
    by_reason: dict[str, list[str]] = {}
    for name, why in done.not_done:
        by_reason.setdefault(why, []).append(texts.name(name, 60))
    for why, names in list(by_reason.items())[:REASONS_MAX]:
        more = f" and {len(names) - NAMES_MAX} more" if len(names) > NAMES_MAX else ""
        parts.append(f"Not {', '.join(f'*{name}*' for name in names[:NAMES_MAX])}{more}: {why}")
    return "\n".join(parts) or "Nothing was changed."


def answer_modal(text: str) -> Json:
    """A modal that only says something."""
    return list_modal("Backups", [block_kit.section(text[:2800] or "Nothing was changed.")])


def list_modal(title: str, blocks: Sequence[Json]) -> Json:
    """A modal that only shows something."""
    return {
        "type": "modal",
        "title": block_kit.plain_text(title, 24),
        "close": block_kit.plain_text("Close", 24),
        "blocks": list(blocks),
    }


def _what_happens(form: SnoozeForm, *, over: bool) -> str:
    name = f"*{texts.name(form.name)}*"
    if over:
        return (
            f":rotating_light:  {name} was snoozed {texts.counted(form.taken, 'time')} since it broke. "
            "One more is not granted: asking again escalates it at once."
        )
    count = f"This is snooze {form.taken + 1} of {form.allowed}."
    if form.snoozed:
        return f"{name}: {form.snoozed} A new one counts instead. {count}"
    return f"{name} is still checked, but says nothing until then. {count}"


def _what_happens_to_all(form: SnoozeAllForm) -> str:
    done = f"{texts.counted(form.done, 'backup')} done, {form.left} left. " if form.done else ""
    lines = [f"{done}*{texts.counted(form.left, 'backup')}* of this card will be checked on, but say nothing until then."]
    if form.over:
        had = "has had all its snoozes" if form.over == 1 else "have had all their snoozes"
        lines.append(f":rotating_light:  {form.over} of them {had}: asking again escalates at once.")
    if form.critical:
        is_critical = "is critical, so its" if form.critical == 1 else "are critical, so their"
        lines.append(f"{form.critical} of them {is_critical} reason is needed, and everyone can read it.")
    if form.others:
        lines.append(
            f"{texts.counted(form.others, 'other')} of the card: snoozed already, fine again, or not yours to answer for."
        )
    return "\n".join(lines)


def _next_run(form: SnoozeForm, *, now: datetime) -> Json | None:
    if form.next_run is None:
        return None
    when = texts.plain_moment(form.next_run, now=now, zone=form.zone)
    return block_kit.option(f"Until the next run is due ({when})", "next_run")


def _choice(first: Json | None) -> Json:
    days = [block_kit.option("1 day", "1d"), block_kit.option("3 days", "3d"), block_kit.option("7 days", "7d")]
    options = [first, *days] if first else days
    element = {"type": "radio_buttons", "action_id": CHOICE, "options": options, "initial_option": days[0]}
    return block_kit.input_block(CHOICE, "Quiet for", element)


def _until_date(label: str, *, hint: str, day: str = "") -> Json:
    return block_kit.input_block(DATE, label, block_kit.datepicker(DATE, day=day), optional=True, hint=hint)


def _reason(*, critical: bool, value: str = "") -> Json:
    hint = "What is critical may not wait without a reason that everyone can read." if critical else ""
    return block_kit.text_input(REASON, "Why", value=value, hint=hint, optional=not critical, length_max=REASON_LENGTH_MAX)
