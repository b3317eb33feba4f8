"""Our limits beside those of another library that collects them: neither of us shall be wrong alone."""

import pytest
from slackblocks import _limits as theirs
from slackblocks import _surfaces as their_surfaces

from infra.local.slack.blocks import BLOCKS, Surface
from tests.unit.test_local_slack_blocks import COUNTS, LENGTHS

SAME = {
    "section text": "SECTION_TEXT_MAX_LENGTH",
    "section field": "SECTION_FIELDS_ITEM_MAX_LENGTH",
    "header": "HEADER_TEXT_MAX_LENGTH",
    "context text": "TEXT_MAX_LENGTH",
    "button text": "BUTTON_TEXT_MAX_LENGTH",
    "button value": "BUTTON_VALUE_MAX_LENGTH",
    "button url": "BUTTON_URL_MAX_LENGTH",
    "spoken label": "BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH",
    "action_id": "ACTION_ID_MAX_LENGTH",
    "block_id": "BLOCK_ID_MAX_LENGTH",
    "confirm title": "CONFIRMATION_TITLE_MAX_LENGTH",
    "confirm text": "CONFIRMATION_TEXT_MAX_LENGTH",
    "confirm yes": "CONFIRMATION_CONFIRM_MAX_LENGTH",
    "confirm no": "CONFIRMATION_DENY_MAX_LENGTH",
    "option text": "OPTION_TEXT_MAX_LENGTH",
    "option value": "OPTION_VALUE_MAX_LENGTH",
    "placeholder": "SELECT_PLACEHOLDER_MAX_LENGTH",
    "input label": "INPUT_LABEL_MAX_LENGTH",
    "input hint": "INPUT_HINT_MAX_LENGTH",
    "image alt_text": "IMAGE_ALT_TEXT_MAX_LENGTH",
    "markdown": "MARKDOWN_TEXT_MAX_LENGTH",
    "card body": "CARD_BODY_MAX_LENGTH",
    "section fields": "SECTION_FIELDS_MAX_ITEMS",
    "context elements": "CONTEXT_ELEMENTS_MAX_ITEMS",
    "actions": "ACTIONS_ELEMENTS_MAX_ITEMS",
    "select options": "SELECT_OPTIONS_MAX_ITEMS",
    "overflow options": "OVERFLOW_OPTIONS_MAX_ITEMS",
    "table rows": "TABLE_ROWS_MAX_ITEMS",
    "table columns": "TABLE_COLUMNS_MAX_ITEMS",
}
# Where the sources differ about a surface we leave it out: nothing of ours may lean on it.
LEFT_OUT = {"container", "data_table", "data_visualization"}


def test_every_limit_that_is_tested_has_one_to_be_compared_with() -> None:
    assert SAME.keys() == LENGTHS.keys() | COUNTS.keys()


@pytest.mark.parametrize("name", SAME)
def test_a_limit_is_the_same_elsewhere(name: str) -> None:
    ours, *_ = LENGTHS.get(name) or COUNTS[name]
    assert ours == getattr(theirs, SAME[name])


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_a_block_stands_where_others_let_it_stand(surface: Surface) -> None:
    ours = {name for name, (surfaces, _) in BLOCKS.items() if surface in surfaces}
    assert ours - LEFT_OUT == their_surfaces._BLOCK_TYPES_BY_SURFACE[surface] - LEFT_OUT  # noqa: SLF001 - it has no public name
    assert ours <= their_surfaces._BLOCK_TYPES_BY_SURFACE[surface]  # noqa: SLF001 - the same
