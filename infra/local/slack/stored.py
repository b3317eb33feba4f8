"""How Slack keeps what it is sent: `& < >` as entities, generated ids, and the defaults of text objects."""

import copy
import re
from typing import Any

Json = dict[str, Any]

_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_LINK = re.compile(r"<(?:[@#!][^<>\s][^<>]*|(?:https?|mailto|tel):[^<>]*)>")
_WITH_ACTIONS = ("actions", "context_actions")


def entities(text: str) -> str:
    """The text with `& < >` escaped as Slack stores them; links, mentions and what is escaped already stay."""
    kept, at = [], 0
    for link in _LINK.finditer(text):
        kept += [_escaped(text[at : link.start()]), _AMPERSAND.sub("&amp;", link.group())]
        at = link.end()
    return "".join([*kept, _escaped(text[at:])])


def _escaped(text: str) -> str:
    return _AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def stored_blocks(blocks: list[Json], serial: int) -> list[Json]:
    """The blocks as Slack returns them; `serial` makes the generated ids unique in the workspace."""
    kept: list[Json] = copy.deepcopy(blocks)
    for index, block in enumerate(kept):
        block.setdefault("block_id", f"b{serial:x}.{index}")
        inside = block.get("elements", []) if block["type"] in _WITH_ACTIONS else []
        parts = [*inside, block.get("accessory"), block.get("element")]
        for place, part in enumerate(parts):
            if isinstance(part, dict) and part["type"] != "image":
                part.setdefault("action_id", f"a{serial:x}.{index}.{place}")
        _texts(block)
    return kept


def _texts(node: Any) -> None:  # noqa: ANN401 - any part of the JSON
    if isinstance(node, list):
        for entry in node:
            _texts(entry)
    elif isinstance(node, dict):
        if node.get("type") in ("plain_text", "mrkdwn") and isinstance(node.get("text"), str):
            node["text"] = entities(node["text"])
            node.setdefault(*(("emoji", True) if node["type"] == "plain_text" else ("verbatim", False)))
        for entry in node.values():
            _texts(entry)
