"""The few Block Kit shapes we use, each kept within Slack's limits. Texts arrive as safe mrkdwn (see `texts`)."""

from listeners.texts import plain
from workflows.kernel.ports import Json

BUTTON_LENGTH_MAX = 75


def header(text: str) -> Json:
    return {"type": "header", "text": plain_text(text, 150)}


def section(text: str) -> Json:
    return {"type": "section", "text": mrkdwn(text)}


def fields(*pairs: tuple[str, str]) -> Json:
    """Pairs of a label and a value, shown in two columns; at most ten."""
    return {"type": "section", "fields": [mrkdwn(f"*{label}*\n{value}") for label, value in pairs]}


def context(*texts: str) -> Json:
    """Small print; empty texts are left out. At least one must remain."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text]}


def divider() -> Json:
    return {"type": "divider"}


def actions(*buttons: Json) -> Json:
    return {"type": "actions", "elements": list(buttons)}


def button(action_id: str, text: str, value: str, *, primary: bool = False, confirm: Json | None = None) -> Json:
    element: Json = {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(text, BUTTON_LENGTH_MAX),
        "value": value,
    }
    if primary:
        element["style"] = "primary"
    if confirm:
        element["confirm"] = confirm
    return element


def confirmation(title: str, text: str, *, yes: str, no: str) -> Json:
    return {
        "title": plain_text(title, 100),
        "text": plain_text(text, 300),
        "confirm": plain_text(yes, 30),
        "deny": plain_text(no, 30),
    }


def plain_text(text: str, length_max: int) -> Json:
    return {"type": "plain_text", "text": plain(text, length_max)}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}
