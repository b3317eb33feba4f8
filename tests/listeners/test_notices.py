"""Notices for the admin."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from listeners.notices import notice_message
from tests.listeners.block_limits import problems_of_message
from tests.listeners.made import NASTY


def lines(detail: dict[str, Any]) -> str:
    return "\n".join(block["text"]["text"] for block in notice_message(detail).blocks)


def test_a_bad_row_is_named_with_its_column_what_is_wrong_and_what_would_be_right() -> None:
    item = {"row": 7, "column": "window", "problem": "“26hours?” is not a time.", "fix": "26h, 2d or 1w"}
    text = lines({"about": "list_errors", "items": [item]})
    assert "*1 mistake* in the job list; every other row is watched" in text
    assert "• *row 7, window*: “26hours?” is not a time. 26h, 2d or 1w" in text


def test_only_a_dozen_are_listed_and_the_rest_counted() -> None:
    items = [{"line": number, "problem": "unknown key"} for number in range(24)]
    text = lines({"about": "rules_errors", "items": items})
    assert "*24 mistakes* in the rules" in text
    assert "*line 11*" in text
    assert "*line 12*" not in text
    assert "_and 12 more_" in text


def test_a_place_that_cannot_be_read_is_named_with_its_error_and_since_when() -> None:
    item = {"name": "Orders", "target": "s3://acme/orders/", "error": "AccessDenied", "since": "Fri 08:00"}
    assert "*Orders*: `s3://acme/orders/` answers AccessDenied, since Fri 08:00" in lines(
        {"about": "cannot_look", "items": [item]}
    )


def test_rows_that_vanished_at_once_are_held_and_it_says_so() -> None:
    items = [{"name": "A"}, {"name": "B"}]
    assert "the old list stays in force" in lines({"about": "vanished_rows", "items": items, "held": True})
    assert "not watched any more" in lines({"about": "vanished_rows", "items": items})


def test_a_message_that_could_not_be_delivered_names_the_person() -> None:
    item = {"name": "Orders", "recipient": "sam@example.com", "why": "no account in this workspace"}
    assert "*Orders* to sam@example.com: no account in this workspace" in lines({"about": "delivery", "items": [item]})


def test_an_empty_list_says_that_it_is_over() -> None:
    assert "no mistakes any more" in lines({"about": "list_errors", "items": []})


ITEMS = st.lists(
    st.dictionaries(
        st.sampled_from(["row", "line", "column", "problem", "fix", "name", "target", "error", "why", "recipient"]), NASTY
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["list_errors", "rules_errors", "voice_errors", "cannot_look", "vanished_rows", "delivery"]) | NASTY, ITEMS
)
def test_whatever_stands_in_a_notice_slack_takes_it(about: str, items: list[dict[str, str]]) -> None:
    assert problems_of_message(notice_message({"about": about, "items": items})) == []
