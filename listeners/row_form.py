"""The form of a row of the job list: one field a column. Pure.

Block id and action id of each field are the column's name. The columns are those of the sheet, so that who knows one knows the
other; an owner is an e-mail address in both, because not every owner has an account here.
"""

import html
import json
from collections.abc import Mapping
from typing import NamedTuple

from listeners import block_kit, texts
from workflows.backup.row_form import RowForm, RowSent
from workflows.kernel.ports import Json
from workflows.kernel.proposals import Asker

ROW_FORM = "row"
NAME_LENGTH_MAX = 150
CELL_LENGTH_MAX = 500

NO, YES = "no", "yes"
_YES = frozenset({"yes", "y", "true", "t", "x", "1", "on", "✓", "✔", "✅", "☑", "critical"})


class _Field(NamedTuple):
    """One line of text for one column."""

    column: str
    label: str
    placeholder: str = ""
    hint: str = ""
    optional: bool = True


_NAME = _Field("name", "Name", optional=False)
_ID = _Field("job_id", "Id", "orders-db", "Never changes; scripts check in with it. Blank: made of the name.")
_FIRST = (
    _Field("what", "What is saved", "nightly dump of the shop's database"),
    _Field(
        "target",
        "Lands in, or is told by",
        "s3://acme-backups/orders/ heartbeat",
        "s3://bucket/prefix, heartbeat or report; several with a space between.",
        optional=False,
    ),
    _Field("schedule", "Runs", "daily 02:00", "hourly, every 6h, daily 02:00, weekly sun 03:00, monthly 1 04:00, or a cron."),
    _Field("window", "Late after", "26h", "How old the newest good run may be. Needed where nothing says when it runs."),
    _Field("min_size", "At least", "500MB", "The smallest size that can be right."),
)
_MORE = (
    _Field(
        "layout",
        "Layout",
        "files",
        "files, restic, borg, duplicity, pgbackrest, wal-g, marker:NAME, kopia or sync. Blank: files.",
    ),
    _Field("report_from", "Reports as", "Veeam · nas-02 · Nightly VMs", "Tool, host and job as its reports name them."),
)


def row_modal(form: RowForm, *, zone: str) -> Json:
    """The form. `zone`: the IANA name that counts where a row states none."""
    named = [_text(form, _NAME)] if form.key else [_text(form, _NAME), _text(form, _ID)]
    group = _Field("group", "Group", "database", "Jobs of a group share rules and an owner.")
    timezone = _Field("timezone", "Time zone", zone, f"Of the schedule. Blank: {zone}.")
    metadata = {"key": form.key, "proposal_id": form.proposal_id, "change": form.change}
    return {
        "type": "modal",
        "callback_id": ROW_FORM,
        "private_metadata": json.dumps(metadata),
        "title": block_kit.plain_text("Change a backup" if form.change else "Watch a backup", 24),
        "submit": block_kit.plain_text(_submit(form), 24),
        "close": block_kit.plain_text("Cancel", 24),
        "blocks": [
            *_said(form),
            *named,
            *(_text(form, field) for field in _FIRST),
            _email(form),
            _text(form, group),
            _critical(form),
            _text(form, timezone),
            *(_text(form, field) for field in _MORE),
        ],
    }


def reading_modal() -> Json:
    """What stands there while a report is read: a trigger is good for three seconds only."""
    return {
        "type": "modal",
        "title": block_kit.plain_text("Watch a backup", 24),
        "close": block_kit.plain_text("Cancel", 24),
        "blocks": [block_kit.section("Reading the report…")],
    }


def sent_row(view: Json, asker: Asker) -> RowSent:
    """What a submitted form holds, and what it held when it was opened."""
    metadata = json.loads(view["private_metadata"])
    values = view["state"]["values"]
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    typed = {column: _typed(values.get(column, {}).get(column) or {}) for column in fields}
    began = {column: _began(element) for column, element in fields.items()}
    return RowSent(
        asker=asker,
        cells=typed,
        began={column: typed[column] if html.unescape(text) == typed[column] else text for column, text in began.items()},
        form_id=str(view["id"]),
        key=metadata["key"],
        proposal_id=metadata["proposal_id"],
        change=metadata["change"],
    )


def at_fields(errors: Mapping[str, str], view: Json) -> dict[str, str]:
    """Errors by block id. What is wrong with a column that this form does not ask for stands at the name."""
    asked = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    placed: dict[str, str] = {}
    for column, text in errors.items():
        placed.setdefault(column if column in asked else "name", texts.plain(text, 500))
    return placed


def _submit(form: RowForm) -> str:
    """What pressing it does: it asks an approver, or it is done."""
    if not form.approves:
        return "Ask for it"
    return "Approve" if form.proposal_id else "Change" if form.change else "Add"


def _said(form: RowForm) -> list[Json]:
    settled = f"Its id is {texts.code(form.key, 100)} and stays so." if form.key else ""
    said = " ".join(part for part in (form.said, settled) if part)
    return [block_kit.section(said)] if said else []


def _text(form: RowForm, field: _Field) -> Json:
    return block_kit.text_input(
        field.column,
        field.label,
        value=texts.tidy(form.cells.get(field.column, "")),
        placeholder=field.placeholder,
        hint=field.hint,
        optional=field.optional,
        length_max=NAME_LENGTH_MAX if field.column == "name" else CELL_LENGTH_MAX,
    )


def _email(form: RowForm) -> Json:
    element: Json = {"type": "email_text_input", "action_id": "owner_email"}
    if value := texts.tidy(form.cells.get("owner_email", "")):
        element["initial_value"] = value[:500]
    hint = "Who is told, and may answer. Blank: the group's owner, else the admin."
    return block_kit.input_block("owner_email", "Owner's e-mail", element, hint=hint, optional=True)


def _critical(form: RowForm) -> Json:
    options = [block_kit.option("No", NO), block_kit.option("Yes: tighter bounds, and it may ring at night", YES)]
    chosen = form.cells.get("critical", "").strip().lower() in _YES
    element = {
        "type": "radio_buttons",
        "action_id": "critical",
        "options": options,
        "initial_option": options[1 if chosen else 0],
    }
    return block_kit.input_block("critical", "Critical", element, optional=True)


def _typed(field: Json) -> str:
    chosen = field.get("selected_option")
    text = chosen.get("value") if isinstance(chosen, dict) else field.get("value")
    return " ".join(str(text or "").split())


def _began(element: Json) -> str:
    chosen = element.get("initial_option") or {}
    return " ".join(str(chosen.get("value") or element.get("initial_value") or "").split())
