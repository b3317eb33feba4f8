"""The few Block Kit shapes we use, each kept within Slack's limits. Texts arrive as safe mrkdwn (see `texts`)."""

from collections.abc import Sequence

from listeners.texts import plain
from workflows.kernel.ports import Json

BUTTON_LENGTH_MAX = 75
OPTION_LENGTH_MAX = 75


def header(text: str) -> Json:
    return {"type": "header", "text": plain_text(text, 150)}


def section(text: str, *, accessory: Json | None = None) -> Json:
    block: Json = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def sections(lines: Sequence[str], *, length_max: int = 2800) -> list[Json]:
    """As few sections as take these lines whole. Each must be shorter than `length_max`."""
    packed: list[str] = []
    for line in lines:
        if packed and len(packed[-1]) + len(line) < length_max:
            packed[-1] += f"\n{line}"
        else:
            packed.append(line)
    return [section(text) for text in packed]


def fields(*pairs: tuple[str, str]) -> Json:
    """Pairs of a label and a value, shown in two columns; at most ten."""
    return {"type": "section", "fields": [mrkdwn(f"*{label}*\n{value}") for label, value in pairs]}


def context(*texts: str) -> Json:
    """Small print; empty texts are left out. At least one must remain."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text]}


def divider() -> Json:
    return {"type": "divider"}


def actions(*buttons: Json, block_id: str = "") -> Json:
    block: Json = {"type": "actions", "elements": list(buttons)}
    return block | {"block_id": block_id} if block_id else block


def button(
    action_id: str, text: str, value: str, *, primary: bool = False, danger: bool = False, confirm: Json | None = None
) -> Json:
    element: Json = {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(text, BUTTON_LENGTH_MAX),
        "value": value,
    }
    if primary or danger:
        element["style"] = "primary" if primary else "danger"
    if confirm:
        element["confirm"] = confirm
    return element


def confirmation(title: str, text: str, *, yes: str, no: str, danger: bool = False) -> Json:
    asked: Json = {
        "title": plain_text(title, 100),
        "text": plain_text(text, 300),
        "confirm": plain_text(yes, 30),
        "deny": plain_text(no, 30),
    }
    return asked | {"style": "danger"} if danger else asked


def select(action_id: str, placeholder: str, options: list[Json], *, chosen: str = "") -> Json:
    """A menu of at most 100 options; `chosen`: the value of the one that is chosen already."""
    element: Json = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain_text(placeholder, 150),
        "options": options,
    }
    now = next((option for option in options if option["value"] == chosen), None)
    return element | {"initial_option": now} if now else element


def overflow(action_id: str, options: list[Json]) -> Json:
    """The menu behind three dots; at most five options."""
    return {"type": "overflow", "action_id": action_id, "options": options}


def datepicker(action_id: str, *, day: str = "") -> Json:
    """`day`: as YYYY-MM-DD, or "" for none."""
    element: Json = {"type": "datepicker", "action_id": action_id}
    return element | {"initial_date": day} if day else element


def option(text: str, value: str) -> Json:
    return {"text": plain_text(text, OPTION_LENGTH_MAX), "value": value}


def text_input(
    name: str, label: str, *, value: str = "", placeholder: str = "", hint: str = "", optional: bool = True, length_max: int = 500
) -> Json:
    """An input block with one line of text; block id and action id are both `name`."""
    element: Json = {"type": "plain_text_input", "action_id": name, "max_length": length_max}
    if value:
        element["initial_value"] = value[:length_max]
    if placeholder:
        element["placeholder"] = plain_text(placeholder, 150)
    return input_block(name, label, element, hint=hint, optional=optional)


def input_block(name: str, label: str, element: Json, *, hint: str = "", optional: bool = False) -> Json:
    """An input block around an element; block id and action id are both `name`."""
    block: Json = {"type": "input", "block_id": name, "label": plain_text(label, 200), "element": element, "optional": optional}
    return block | ({"hint": plain_text(hint, 400)} if hint else {})


def plain_text(text: str, length_max: int) -> Json:
    return {"type": "plain_text", "text": plain(text, length_max)}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}
