"""The modals, as pure builders."""

import json
from datetime import datetime

from listeners import block_kit, texts
from workflows.backup.press import SnoozeForm
from workflows.kernel.ports import Json

SNOOZE_FORM = "snooze"
CHOICE, DATE, REASON = "choice", "date", "reason"
REASON_LENGTH_MAX = 500


def snooze_modal(form: SnoozeForm, *, now: datetime, home: bool) -> Json:
    """Asks how long to be quiet. `home`: it was opened from App Home, which is drawn anew afterwards.

    Block ids and action ids are the same: "choice", "date", "reason".
    """
    over = form.taken >= form.allowed
    metadata = {"job_id": form.job_id, "break_id": form.break_id, "critical": form.critical, "home": home}
    return {
        "type": "modal",
        "callback_id": SNOOZE_FORM,
        "private_metadata": json.dumps(metadata),
        "title": block_kit.plain_text("Snooze", 24),
        "submit": block_kit.plain_text("Escalate" if over else "Snooze", 24),
        "close": block_kit.plain_text("Keep telling me", 24),
        "blocks": [block_kit.section(_what_happens(form, over=over)), _choice(form, now=now), _date(), _reason(form)],
    }


def answer_modal(text: str) -> Json:
    """A modal that only says something."""
    return {
        "type": "modal",
        "title": block_kit.plain_text("Backups", 24),
        "close": block_kit.plain_text("Close", 24),
        "blocks": [block_kit.section(text[:2800] or "Nothing was changed.")],
    }


def _what_happens(form: SnoozeForm, *, over: bool) -> str:
    name = f"*{texts.name(form.name)}*"
    if over:
        return (
            f":rotating_light:  {name} was snoozed {texts.counted(form.taken, 'time')} since it broke. "
            "One more is not granted: asking again escalates it at once."
        )
    return f"{name} is still checked, but says nothing until then. This is snooze {form.taken + 1} of {form.allowed}."


def _choice(form: SnoozeForm, *, now: datetime) -> Json:
    days = [block_kit.option("1 day", "1d"), block_kit.option("3 days", "3d"), block_kit.option("7 days", "7d")]
    options = list(days)
    if form.next_run is not None:
        when = texts.plain_moment(form.next_run, now=now, zone=form.zone)
        options.insert(0, block_kit.option(f"Until the next run is due ({when})", "next_run"))
    element = {"type": "radio_buttons", "action_id": CHOICE, "options": options, "initial_option": days[0]}
    return block_kit.input_block(CHOICE, "Quiet for", element)


def _date() -> Json:
    element = {"type": "datepicker", "action_id": DATE}
    return block_kit.input_block(
        DATE, "Or until a date", element, optional=True, hint="A date counts instead of the choice above; it wakes at 09:00."
    )


def _reason(form: SnoozeForm) -> Json:
    element = {"type": "plain_text_input", "action_id": REASON, "max_length": REASON_LENGTH_MAX}
    hint = "This job is critical, so everyone can read why it may wait." if form.critical else ""
    return block_kit.input_block(REASON, "Why", element, optional=not form.critical, hint=hint)
