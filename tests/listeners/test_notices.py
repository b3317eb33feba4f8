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
    item = {"row": 7, "column": "window", "problem": "“26hours?” is no window", "fix": "26h, 2d or 1w", "name": "Orders"}
    text = lines({"about": "list_errors", "items": [item]})
    assert "*1 mistake* in the job list; every other row is watched" in text
    assert "• *row 7, Orders, window*: “26hours?” is no window; right would be _26h, 2d or 1w_" in text


def test_a_mistake_that_is_no_rows_has_no_row_number() -> None:
    item = {"row": 0, "column": "", "problem": "there is no job list at jobs.csv", "fix": "", "name": ""}
    assert "• there is no job list at jobs.csv" in lines({"about": "list_errors", "items": [item]})


def test_a_mistake_in_the_rules_is_shown_with_its_line() -> None:
    item = {"line": 4, "text": "quiet: maybe", "problem": "unknown key", "fix": "quiet_from or quiet_to"}
    assert "*line 4*: “quiet: maybe” unknown key; right would be _quiet_from or quiet_to_" in lines(
        {"about": "rules_errors", "items": [item]}
    )


def test_only_a_dozen_are_listed_and_the_rest_counted() -> None:
    items = [{"line": number, "problem": "unknown key"} for number in range(1, 21)]
    text = lines({"about": "rules_errors", "count": 24, "items": items})
    assert "*24 mistakes* in the rules" in text
    assert "*line 12*" in text
    assert "*line 13*" not in text
    assert "_and 12 more_" in text


def test_a_place_that_cannot_be_read_is_named_with_its_error_and_since_when() -> None:
    fact = {"name": "Orders", "target": "s3://acme/orders/", "error": "AccessDenied", "since": "2026-11-20T08:00:00+00:00"}
    text = lines({"v": 1, "about": "cannot_look", **fact})
    assert "*1 place* cannot be read" in text
    assert "*Orders*: `s3://acme/orders/` answers AccessDenied, since <!date^1795161600^" in text
    assert "|Fri 20 Nov, 08:00 UTC>" in text


def test_rows_that_vanished_at_once_are_held_and_named() -> None:
    text = lines({"v": 1, "about": "vanished_rows", "since": "2026-11-20", "count": 9, "rows": ["Alpha", "Beta"]})
    assert "*9 rows* vanished from the job list at once; that is held" in text
    assert "• *Beta*" in text
    assert "_and 7 more_" in text


def test_a_message_that_could_not_be_delivered_names_the_person() -> None:
    item = {"name": "Orders", "recipient": "sam@example.com", "why": "no account in this workspace"}
    assert "*Orders* to sam@example.com: no account in this workspace" in lines({"about": "delivery", "items": [item]})


def test_a_document_that_google_does_not_give_is_named_with_what_to_do() -> None:
    fact = {
        "document": "job list",
        "problem": "Google does not let the service account use it",
        "since": "2026-11-20T08:00:00+00:00",
    }
    text = lines({"v": 1, "about": "sheet", **fact, "fix": "share the job list with sentinel@example.com as Editor"})
    assert "*1 document* cannot be kept in step with Google; the last good copy stays in force" in text
    assert "*job list*: Google does not let the service account use it, since <!date^1795161600^" in text
    assert ". What to do: _share the job list with sentinel@example.com as Editor_" in text


def test_a_notice_of_another_kind_is_still_told() -> None:
    assert "*1 notice* about moon" in lines({"about": "moon", "phase": "full"})


ITEMS = st.lists(
    st.dictionaries(
        st.sampled_from(
            ["row", "line", "text", "column", "problem", "fix", "name", "target", "error", "since", "why", "recipient"]
        ),
        NASTY,
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["list_errors", "rules_errors", "voice_errors", "cannot_look", "vanished_rows", "sheet", "delivery"]) | NASTY,
    ITEMS,
)
def test_whatever_stands_in_a_notice_slack_takes_it(about: str, items: list[dict[str, str]]) -> None:
    assert problems_of_message(notice_message({"about": about, "items": items})) == []


def test_a_mail_that_could_not_be_read_is_shown_with_its_reason_and_its_place() -> None:
    link = "https://ap-southeast-1.console.aws.amazon.com/s3/object/bk-raw-mime-1?region=ap-southeast-1&prefix=m7"
    fact = {"key": "m7", "sender": "nas@example.com", "subject": "Backup <!channel>", "why": "no text", "link": link}
    text = lines({"v": 1, "about": "mail_unread", **fact})
    assert "*1 mail* could not be read as a backup report; it is kept" in text
    assert f"from nas@example.com: no text (<{link}|the mail>)" in text
    assert "<!channel>" not in text


def test_an_address_that_is_no_link_is_left_out() -> None:
    text = lines({"v": 1, "about": "mail_unread", "why": "no text", "link": "https://evil.example/|<!here>"})
    assert text.endswith("• *no subject* from unknown sender: no text")


def test_mail_of_strangers_says_what_to_do_when_it_should_count() -> None:
    text = lines({"v": 1, "about": "mail_strangers", "day": "2026-11-20", "sender": "x@spam.example", "why": "not allowed"})
    assert "*1 mail* did not count" in text
    assert "from x@spam.example: not allowed. If it should count: `mail_allow`" in text
