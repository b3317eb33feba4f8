"""Slack's limits on what we send, counted on escaped text, for the few blocks we use. Stricter than Slack where it is unclear."""

import json
from typing import Any

from workflows.kernel.ports import Json, Message

SURFACES = {
    "message": {"section", "context", "actions", "divider", "header"},
    "modal": {"section", "context", "actions", "divider", "header", "input"},
    "home": {"section", "context", "actions", "divider", "header", "input"},
}
BLOCKS_MAX = {"message": 50, "modal": 100, "home": 100}


def escaped(text: str) -> int:
    """As Slack counts it: what is an entity already stays one."""
    plain = text.replace("&amp;", "&").replace("&lt;", "\0").replace("&gt;", "\0")
    return len(plain) + 4 * plain.count("&") + 3 * plain.count("\0")


def problems_of_message(message: Message) -> list[str]:
    found = problems_of_blocks(list(message.blocks), "message")
    if not 1 <= escaped(message.text) <= 4000:
        found.append(f"text is {escaped(message.text)} long")
    if len(json.dumps(message.blocks, ensure_ascii=False)) > 13_000:
        found.append("all blocks together are too long")
    return found


def problems_of_view(view: Json) -> list[str]:
    found = problems_of_blocks(view["blocks"], view["type"])
    for key in ("title", "submit", "close"):
        if key in view:
            found += _text(view[key], 24, f"view.{key}", "plain_text")
    if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
        found.append("private_metadata or callback_id is too long")
    if any(block["type"] == "input" for block in view["blocks"]) and view["type"] == "modal" and "submit" not in view:
        found.append("a modal with inputs needs a submit")
    return found


def problems_of_blocks(blocks: list[Json], surface: str) -> list[str]:
    found = [f"{block['type']} is not for {surface}" for block in blocks if block["type"] not in SURFACES[surface]]
    if not 1 <= len(blocks) <= BLOCKS_MAX[surface]:
        found.append(f"{len(blocks)} blocks")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)) or any(not 1 <= len(name) <= 255 for name in ids):
        found.append(f"block ids {ids}")
    for index, block in enumerate(blocks):
        found += [f"{surface}[{index}] {problem}" for problem in _BLOCKS[block["type"]](block)]
    return found


def _section(block: Json) -> list[str]:
    found = _text(block["text"], 3000, "text") if "text" in block else []
    found += _element(block["accessory"]) if "accessory" in block else []
    fields = block.get("fields", [])
    if not 0 <= len(fields) <= 10 or not (fields or "text" in block):
        found.append("fields")
    return found + [problem for field in fields for problem in _text(field, 2000, "field")]


def _context(block: Json) -> list[str]:
    found = [] if 1 <= len(block["elements"]) <= 10 else ["elements"]
    return found + [problem for element in block["elements"] for problem in _text(element, 2000, "context")]


def _actions(block: Json) -> list[str]:
    elements = block["elements"]
    ids = [element["action_id"] for element in elements]
    found = [] if 1 <= len(elements) <= 25 and len(set(ids)) == len(ids) else ["elements"]
    return found + [problem for element in elements for problem in _element(element)]


def _element(element: Json) -> list[str]:
    found = [] if 1 <= len(element["action_id"]) <= 255 else ["action_id"]
    if element["type"] == "button":
        found += _text(element["text"], 75, "button", "plain_text")
        found += [] if 1 <= len(element["value"]) <= 2000 else ["value"]
        found += [] if element.get("style") in {None, "primary", "danger"} else ["style"]
        if confirm := element.get("confirm"):
            found += _text(confirm["title"], 100, "confirm.title", "plain_text") + _text(confirm["text"], 300, "confirm.text")
            found += _text(confirm["confirm"], 30, "confirm", "plain_text") + _text(confirm["deny"], 30, "deny", "plain_text")
    if element["type"] in {"static_select", "radio_buttons", "overflow"}:
        options = element["options"]
        most = {"radio_buttons": 10, "overflow": 5}.get(element["type"], 100)
        found += [] if 1 <= len(options) <= most else ["options"]
        found += [problem for option in options for problem in _text(option["text"], 75, "option", "plain_text")]
        found += ["option value" for option in options if not 1 <= len(option["value"]) <= 150]
        found += ["options alike"] if len({option["value"] for option in options}) != len(options) else []
        found += [] if element.get("initial_option") in [None, *options] else ["initial_option"]
    if element["type"] in {"plain_text_input", "email_text_input"}:
        typed, most = element.get("initial_value"), element.get("max_length", 3000)
        found += [] if typed is None or 1 <= len(typed) <= min(most, 3000) else ["initial_value"]
    if "placeholder" in element:
        found += _text(element["placeholder"], 150, "placeholder", "plain_text")
    return found


def _input(block: Json) -> list[str]:
    found = _text(block["label"], 2000, "label", "plain_text") + _element(block["element"])
    return found + (_text(block["hint"], 2000, "hint", "plain_text") if "hint" in block else [])


def _text(text: Json, length_max: int, where: str, kind: str = "") -> list[str]:
    found = [] if text["type"] in ({kind} if kind else {"plain_text", "mrkdwn"}) else [f"{where}: {text['type']}"]
    length = escaped(text["text"])
    if not 1 <= length <= length_max or not text["text"].strip():
        found.append(f"{where} is {length} long")
    return found + _markup(text["text"], where) if text["type"] == "mrkdwn" else found


def _markup(text: str, where: str) -> list[str]:
    """Only our own markup may open with "<": mentions, dates and links."""
    allowed = (
        "<@U",
        "<@W",
        "<!date^",
        "<https://s3.console.aws.amazon.com/",
        "<https://acme.slack.com/archives/",
        "<slack://app?",
        "<https://docs.google.com/spreadsheets/d/",
    )
    at = [index for index, character in enumerate(text) if character == "<"]
    return [f"{where}: foreign markup {text[index : index + 20]!r}" for index in at if not text.startswith(allowed, index)]


_BLOCKS: dict[str, Any] = {
    "section": _section,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "divider": lambda _: [],
    "header": lambda block: _text(block["text"], 150, "header", "plain_text"),
}
