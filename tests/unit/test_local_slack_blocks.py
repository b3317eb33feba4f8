"""The Block Kit checker of the local Slack: each limit holds at the limit and one beyond it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from infra.local.slack.blocks import MESSAGE_CHARACTERS_MAX, Surface, check_blocks, too_long
from infra.local.slack.views import check_view

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**more: object) -> Json:
    return {"type": "section", "text": mrkdwn("x"), **more}


def button(**more: object) -> Json:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "One", value: str = "1") -> Json:
    return {"text": plain(text), "value": value}


def select(count: int) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option(value=str(n)) for n in range(count)]}


def menu(**more: object) -> Json:
    return section(accessory=select(1) | more)


def image(**more: object) -> Json:
    return {"type": "image", "image_url": "https://example.com/i.png", "alt_text": "x", **more}


def overflow(count: int) -> Json:
    return {**select(count), "type": "overflow"}


def text_input(label: str = "Why", **more: object) -> Json:
    element = {"type": "plain_text_input", "action_id": "why", **more}
    return {"type": "input", "label": plain(label), "element": element}


def confirm(**more: str) -> Json:
    words = {"title": "Sure?", "text": "It says nothing more.", "confirm": "Mute", "deny": "No"} | more
    return actions(button(confirm={key: plain(text) for key, text in words.items()}))


def table(rows: int, columns: int = 1) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


LENGTHS: dict[str, tuple[int, str, Callable[[int], Json]]] = {
    "section text": (3000, "/blocks/0/text/text", lambda n: section(text=mrkdwn("x" * n))),
    "section field": (2000, "/blocks/0/fields/0/text", lambda n: section(fields=[mrkdwn("x" * n)])),
    "header": (150, "/blocks/0/text/text", lambda n: {"type": "header", "text": plain("x" * n)}),
    "context text": (3000, "/blocks/0/elements/0/text", lambda n: {"type": "context", "elements": [mrkdwn("x" * n)]}),
    "button text": (75, "/blocks/0/elements/0/text/text", lambda n: actions(button(text=plain("x" * n)))),
    "button value": (2000, "/blocks/0/elements/0/value", lambda n: actions(button(value="x" * n))),
    "button url": (3000, "/blocks/0/elements/0/url", lambda n: actions(button(url="x" * n))),
    "spoken label": (75, "/blocks/0/elements/0/accessibility_label", lambda n: actions(button(accessibility_label="x" * n))),
    "action_id": (255, "/blocks/0/elements/0/action_id", lambda n: actions(button(action_id="x" * n))),
    "block_id": (255, "/blocks/0/block_id", lambda n: section(block_id="x" * n)),
    "confirm title": (100, "/blocks/0/elements/0/confirm/title/text", lambda n: confirm(title="x" * n)),
    "confirm text": (300, "/blocks/0/elements/0/confirm/text/text", lambda n: confirm(text="x" * n)),
    "confirm yes": (30, "/blocks/0/elements/0/confirm/confirm/text", lambda n: confirm(confirm="x" * n)),
    "confirm no": (30, "/blocks/0/elements/0/confirm/deny/text", lambda n: confirm(deny="x" * n)),
    "option text": (75, "/blocks/0/accessory/options/0/text/text", lambda n: menu(options=[option("x" * n)])),
    "option value": (150, "/blocks/0/accessory/options/0/value", lambda n: menu(options=[option(value="x" * n)])),
    "placeholder": (150, "/blocks/0/accessory/placeholder/text", lambda n: menu(placeholder=plain("x" * n))),
    "input label": (2000, "/blocks/0/label/text", lambda n: text_input("x" * n)),
    "input hint": (2000, "/blocks/0/hint/text", lambda n: text_input() | {"hint": plain("x" * n)}),
    "image alt_text": (2000, "/blocks/0/alt_text", lambda n: image(alt_text="x" * n)),
    "markdown": (12_000, "/blocks/0/text", lambda n: {"type": "markdown", "text": "x" * n}),
    "card body": (200, "/blocks/0/body/text", lambda n: {"type": "card", "body": mrkdwn("x" * n)}),
}

COUNTS: dict[str, tuple[int, str, Callable[[int], Json]]] = {
    "section fields": (10, "/blocks/0/fields", lambda n: section(fields=[mrkdwn("x")] * n)),
    "context elements": (10, "/blocks/0/elements", lambda n: {"type": "context", "elements": [mrkdwn("x")] * n}),
    "actions": (25, "/blocks/0/elements", lambda n: actions(*(button(action_id=f"a{i}") for i in range(n)))),
    "select options": (100, "/blocks/0/accessory/options", lambda n: section(accessory=select(n))),
    "overflow options": (5, "/blocks/0/accessory/options", lambda n: section(accessory=overflow(n))),
    "table rows": (100, "/blocks/0/rows", table),
    "table columns": (20, "/blocks/0/rows/0", lambda n: table(1, n)),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_a_text_may_be_as_long_as_slack_allows_and_no_longer(name: str) -> None:
    most, pointer, made = LENGTHS[name]

    assert check_blocks([made(most)], "message") == []
    assert check_blocks([made(most + 1)], "message") == [f"must be less than {most + 1} characters [json-pointer:{pointer}]"]
    assert check_blocks([made(0)], "message") == [f"must be more than 0 characters [json-pointer:{pointer}]"]


@pytest.mark.parametrize("name", COUNTS)
def test_a_list_may_hold_as_many_as_slack_allows_and_no_more(name: str) -> None:
    most, pointer, made = COUNTS[name]

    assert check_blocks([made(most)], "message") == []
    assert f"no more than {most} items allowed [json-pointer:{pointer}]" in check_blocks([made(most + 1)], "message")
    assert check_blocks([made(0)], "message") != []


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_takes_so_many_blocks(surface: Surface, most: int) -> None:
    assert check_blocks([section()] * most, surface) == []
    assert check_blocks([section()] * (most + 1), surface) == [f"no more than {most} items allowed [json-pointer:/blocks]"]


@pytest.mark.parametrize(
    ("block", "surfaces"),
    [
        ({"type": "divider"}, {"message", "modal", "home"}),
        ({"type": "card", "title": plain("x")}, {"message", "modal", "home"}),
        (table(1), {"message", "home"}),
        ({"type": "alert", "text": plain("x")}, {"modal"}),
        ({"type": "markdown", "text": "x"}, {"message"}),
        ({"type": "data_table", "caption": "x", "rows": [[{}], [{}]]}, {"message"}),
        ({"type": "unheard_of"}, set()),
    ],
)
def test_a_block_stands_only_where_slack_draws_it(block: Json, surfaces: set[Surface]) -> None:
    for surface in ("message", "modal", "home"):
        problems = check_blocks([block], surface)
        assert problems == ([] if surface in surfaces else [f"unsupported type: {block['type']} [json-pointer:/blocks/0/type]"])


EMPTY_MENU = section(accessory={"type": "static_select", "action_id": "a"})
FILE = {"type": "input", "label": plain("x"), "element": {"type": "file_input"}}
RAGGED = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}], []]}


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({"type": "header", "text": mrkdwn("x")}, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"),
        ({"type": "section"}, "missing required field: text or fields [json-pointer:/blocks/0]"),
        ({"type": "section", "text": "x"}, "must provide an object [json-pointer:/blocks/0/text]"),
        (section(colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
        (actions(button(style="warning")), "value must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]"),
        (actions(button(), button()), '`action_id` "go" already exists within this block [json-pointer:/blocks/0]'),
        (actions(image()), "unsupported type: image [json-pointer:/blocks/0/elements/0/type]"),
        (actions({"type": "button", "action_id": "go"}), "missing required field: text [json-pointer:/blocks/0/elements/0]"),
        ({"text": plain("x")}, "missing required field: type [json-pointer:/blocks/0]"),
        ("divider", "must provide an object [json-pointer:/blocks/0]"),
        ({"type": "image", "alt_text": "a"}, "must provide exactly one of image_url or slack_file [json-pointer:/blocks/0]"),
        (EMPTY_MENU, "must provide exactly one of options or option_groups [json-pointer:/blocks/0]"),
        (text_input(max_length=3001), "must be between 1 and 3000 [json-pointer:/blocks/0/element/max_length]"),
        (FILE, "unsupported type: file_input [json-pointer:/blocks/0/element/type]"),
        (RAGGED, "no less than 1 items required [json-pointer:/blocks/0/rows/1]"),
    ],
)
def test_a_wrong_block_is_refused_with_the_place(block: object, problem: str) -> None:
    assert check_blocks([block], "message") == [problem]


def test_block_ids_are_unique_and_one_message_holds_one_table() -> None:
    assert check_blocks([section(block_id="a"), section(block_id="a")], "message") == [
        '`block_id` "a" already exists [json-pointer:/blocks]'
    ]
    assert check_blocks([table(1), table(1)], "message") == ["only 1 table block(s) allowed [json-pointer:/blocks]"]


def test_markdown_blocks_are_counted_together() -> None:
    assert check_blocks([{"type": "markdown", "text": "x" * 6000}] * 2, "message") == []
    assert check_blocks([{"type": "markdown", "text": "x" * 6001}] * 2, "message") != []


def test_all_blocks_together_have_a_limit_that_no_single_block_reaches() -> None:
    block = section(text=mrkdwn("x" * 2900))
    room = MESSAGE_CHARACTERS_MAX - len(json.dumps([block] * 4, separators=(",", ":"))) - len(',{"type":"divider"}')

    assert not too_long([block] * 4 + [{"type": "divider"}])
    assert too_long([block] * 4 + [section(text=mrkdwn("x" * room))])


def modal(**more: object) -> Json:
    return {"type": "modal", "title": plain("Snooze"), "blocks": [section()], **more}


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
        (modal(private_metadata="x" * 3001), "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
        (modal(callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
        (modal(blocks=[text_input()]), "missing required field: submit [json-pointer:/view]"),
        (modal(blocks=[]), "no less than 1 items required [json-pointer:/view/blocks]"),
        (modal(hash="1.2"), "invalid additional property: hash [json-pointer:/view]"),
        ({"type": "modal", "blocks": [section()]}, "missing required field: title [json-pointer:/view]"),
        ({"type": "home", "title": plain("x"), "blocks": []}, "invalid additional property: title [json-pointer:/view]"),
        ("{}", "must provide an object [json-pointer:/view]"),
    ],
)
def test_a_wrong_view_is_refused_with_the_place(view: object, problem: str) -> None:
    assert check_view(view) == [problem]


def test_a_view_at_all_its_limits_is_taken() -> None:
    view = modal(title=plain("x" * 24), submit=plain("x" * 24), private_metadata="x" * 3000, callback_id="x" * 255)

    assert check_view(view | {"blocks": [text_input()]}) == []
    assert check_view({"type": "home", "blocks": [section()]}, ("home",)) == []
    assert check_view({"type": "home", "blocks": [section()]}, ("modal",)) == ["unsupported type: home [json-pointer:/view/type]"]
