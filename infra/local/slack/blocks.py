"""The Block Kit checker: what Slack accepts as blocks of a message, a modal or the Home tab, and what it says otherwise."""

import json
from collections.abc import Iterator
from typing import Any, Literal

from infra.local.slack.checks import (
    Check,
    Problems,
    anything,
    boolean,
    found,
    integer,
    loose,
    many,
    one_of,
    record,
    string,
    tagged,
)
from infra.local.slack.elements import (
    ACCESSORY,
    ACTION,
    CONTEXT,
    CONTEXT_ACTION,
    FILE_INPUT,
    ID,
    INPUT,
    URL,
    plain,
    text,
)

Surface = Literal["message", "modal", "home"]
BLOCKS_MAX: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MESSAGE_CHARACTERS_MAX = 13_200
MARKDOWN_CHARACTERS_MAX = 12_000

EVERYWHERE: tuple[Surface, ...] = ("message", "modal", "home")
NOT_IN_MODALS: tuple[Surface, ...] = ("message", "home")
MESSAGES: tuple[Surface, ...] = ("message",)


def _block(required: dict[str, Check] | None = None, /, **optional: Check) -> Check:
    return record(required, block_id=ID, **optional)


def _loose_block(required: dict[str, Check] | None = None, /, **optional: Check) -> Check:
    return loose(required, block_id=ID, **optional)


_RICH_TEXT = many(
    tagged(dict.fromkeys(("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"), anything)), 100
)
_CELL = tagged(
    {
        "raw_text": record({"text": string(3000)}),
        "raw_number": loose({"value": anything}),
        "rich_text": record({"elements": _RICH_TEXT}),
    }
)
_ROW = many(_CELL, 20)
_INPUTS = tagged({**INPUT, "file_input": FILE_INPUT})

# type -> (where it may stand, what it must look like). Where the sources differ about a surface, it is left out.
BLOCKS: dict[str, tuple[tuple[Surface, ...], Check]] = {
    "section": (
        EVERYWHERE,
        _block(text=text(3000), fields=many(text(2000), 10), accessory=tagged(ACCESSORY), expand=boolean),
    ),
    "header": (EVERYWHERE, _block({"text": plain(150)}, level=integer(1, 6))),
    "context": (EVERYWHERE, _block({"elements": many(tagged(CONTEXT), 10)})),
    "actions": (EVERYWHERE, _block({"elements": many(tagged(ACTION), 25)})),
    "divider": (EVERYWHERE, _block()),
    "image": (EVERYWHERE, _block({"alt_text": string(2000)}, image_url=URL, slack_file=anything, title=plain(2000))),
    "input": (
        EVERYWHERE,
        _block({"label": plain(2000), "element": _INPUTS}, hint=plain(2000), optional=boolean, dispatch_action=boolean),
    ),
    "rich_text": (EVERYWHERE, _block({"elements": _RICH_TEXT})),
    "video": (
        EVERYWHERE,
        _loose_block({"alt_text": string(2000), "title": plain(200), "video_url": URL, "thumbnail_url": URL}),
    ),
    "card": (EVERYWHERE, _loose_block(title=text(150), subtitle=text(150), body=text(200), actions=many(anything, 3))),
    "carousel": (NOT_IN_MODALS, _block({"elements": many(tagged({"card": loose()}), 10)})),
    "table": (NOT_IN_MODALS, _block({"rows": many(_ROW, 100)}, column_settings=many(loose(), 20))),
    "alert": (("modal",), _block({"text": text(200)}, level=one_of("default", "info", "warning", "error", "success"))),
    "markdown": (MESSAGES, _block({"text": string(MARKDOWN_CHARACTERS_MAX)})),
    "context_actions": (MESSAGES, _block({"elements": many(tagged(CONTEXT_ACTION), 5)})),
    "plan": (MESSAGES, _loose_block({"title": anything}, tasks=many(anything, 50))),
    "task_card": (MESSAGES, _loose_block({"title": anything, "task_id": string(255)})),
    "file": (MESSAGES, _block({"external_id": string(255), "source": string(255)})),
    "container": (MESSAGES, _loose_block(title=anything, child_blocks=many(anything, 10))),
    "data_table": (
        MESSAGES,
        _loose_block({"caption": anything, "rows": many(many(anything, 20), 101, 2)}, page_size=integer(1, 100)),
    ),
    "data_visualization": (MESSAGES, _loose_block({"title": string(50)})),
}
AT_MOST_ONCE_OR_TWICE = {"table": 1, "data_visualization": 2}


def check_blocks(blocks: Any, surface: Surface, pointer: str = "/blocks") -> Problems:  # noqa: ANN401 - parsed JSON of any shape
    """Everything that is wrong with these blocks on this surface; empty when Slack would take them."""
    problems: Problems = []
    allowed = tagged({name: check for name, (surfaces, check) in BLOCKS.items() if surface in surfaces})
    many(allowed, BLOCKS_MAX[surface], 0 if surface == "message" else 1)(blocks, pointer, problems)
    if problems:
        return problems

    for index, block in enumerate(blocks):
        _beyond_fields(block, surface, f"{pointer}/{index}", problems)
    _unique_block_ids(blocks, pointer, problems)
    for kind, most in AT_MOST_ONCE_OR_TWICE.items():
        if sum(block["type"] == kind for block in blocks) > most:
            found(problems, pointer, f"only {most} {kind} block(s) allowed")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_CHARACTERS_MAX:
        found(problems, pointer, f"markdown blocks must be less than {MARKDOWN_CHARACTERS_MAX + 1} characters together")
    return problems


def too_long(blocks: list[Any]) -> bool:
    """Whether all blocks of a message are too long together.

    Undocumented; seen at about 13,200 characters, where a bare divider counted too: so their JSON is counted, which is a
    little stricter than Slack.
    """
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > MESSAGE_CHARACTERS_MAX


def elements(blocks: list[Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every interactive element with the block it stands in."""
    for block in blocks:
        inside = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        inside += block.get("actions", ()) if block["type"] == "card" else ()
        yield from ((block, part) for part in inside if isinstance(part, dict) and "action_id" in part)


def _beyond_fields(block: dict[str, Any], surface: Surface, pointer: str, problems: Problems) -> None:
    kind = block["type"]
    if kind == "section" and not ("text" in block or "fields" in block):
        found(problems, pointer, "missing required field: text or fields")
    if kind == "image" and ("image_url" in block) == ("slack_file" in block):
        found(problems, pointer, "must provide exactly one of image_url or slack_file")
    if kind == "input" and block["element"]["type"] == "file_input" and surface != "modal":
        found(problems, f"{pointer}/element/type", "unsupported type: file_input")
    if kind == "table" and len({len(row) for row in block["rows"]}) > 1:
        found(problems, f"{pointer}/rows", "all rows must have the same number of columns")

    seen = set()
    for _, element in elements([block]):
        if element["action_id"] in seen:
            found(problems, pointer, f'`action_id` "{element["action_id"]}" already exists within this block')
        seen.add(element["action_id"])
    parts = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
    for part in parts:
        if isinstance(part, dict) and part.get("type", "").endswith("static_select") and (
            ("options" in part) == ("option_groups" in part)
        ):  # fmt: skip
            found(problems, pointer, "must provide exactly one of options or option_groups")


def _unique_block_ids(blocks: list[Any], pointer: str, problems: Problems) -> None:
    seen = set()
    for block in blocks:
        name = block.get("block_id")
        if name is not None and name in seen:
            found(problems, pointer, f'`block_id` "{name}" already exists')
        seen.add(name)
