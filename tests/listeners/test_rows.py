"""The form of a row, and what is read out of it and out of messages."""

import json
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.slack.views import check_view, values
from listeners.message_text import text_of_message
from listeners.proposal_cards import proposal_card
from listeners.row_form import at_fields, row_modal, sent_row
from tests.listeners.block_limits import problems_of_message, problems_of_view
from tests.listeners.made import NASTY, NOW, ZONE
from tests.listeners.proposed import CELLS, HOSTILE
from workflows.backup.joblist import COLUMNS
from workflows.backup.row_form import RowForm
from workflows.kernel.ports import Json
from workflows.kernel.proposal import Proposal
from workflows.kernel.proposals import Asker

SAM = Asker(user_id="U0SAM", team_id="T1")
FUZZ_EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))


def asked_for(view: Json) -> dict[str, Json]:
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def test_every_column_of_the_list_has_its_field_named_as_in_the_sheet() -> None:
    view = row_modal(RowForm(), zone=ZONE)
    assert set(asked_for(view)) == set(COLUMNS)
    assert all(block["element"]["action_id"] == name for name, block in asked_for(view).items())
    assert problems_of_view(view) == []


def test_the_id_of_a_job_that_has_one_is_shown_and_cannot_be_edited() -> None:
    view = row_modal(RowForm(cells=CELLS, key="nightly-vms", change=True), zone=ZONE)
    assert "`nightly-vms`" in view["blocks"][0]["text"]["text"]
    assert "job_id" not in asked_for(view)
    assert set(asked_for(view)) == set(COLUMNS) - {"job_id"}


def test_the_button_says_what_pressing_it_does() -> None:
    forms = [RowForm(), RowForm(approves=True), RowForm(approves=True, proposal_id="p"), RowForm(approves=True, change=True)]
    assert [row_modal(form, zone=ZONE)["submit"]["text"] for form in forms] == ["Ask for it", "Add", "Approve", "Change"]


def test_only_a_name_and_a_target_must_be_there() -> None:
    needed = [name for name, block in asked_for(row_modal(RowForm(), zone=ZONE)).items() if not block["optional"]]
    assert needed == ["name", "target"]


def test_the_form_begins_with_the_cells_and_critical_as_anyone_writes_it() -> None:
    fields = asked_for(row_modal(RowForm(cells={**CELLS, "critical": "Y", "owner_email": "sam@example.com"}), zone=ZONE))
    assert fields["window"]["element"]["initial_value"] == "26 h"
    assert fields["owner_email"]["element"]["initial_value"] == "sam@example.com"
    assert fields["critical"]["element"]["initial_option"]["value"] == "yes"
    assert "initial_value" not in fields["layout"]["element"]


def sent(form: RowForm, **typed: str) -> Any:
    """What arrives when only these fields were touched, as Slack sends it."""
    view = row_modal(form, zone=ZONE)
    state = values(view["blocks"])
    for column, text in typed.items():
        state[column][column]["value"] = text or None
    return sent_row({**view, "id": "V1", "state": {"values": state}}, SAM)


def test_a_field_that_was_left_alone_says_nothing() -> None:
    row = sent(RowForm(cells=CELLS, proposal_id="mail-1"), window=" 2d ", min_size="")
    assert row.changed == {"window": "2d", "min_size": ""}
    assert row.began["window"] == "26 h"
    assert row.cells["name"] == "Nightly VMs"
    assert row.cells["critical"] == "no"
    assert (row.proposal_id, row.key, row.change, row.form_id) == ("mail-1", "", False, "V1")


def test_errors_stand_at_their_fields_and_at_the_name_where_a_field_is_not_asked_for() -> None:
    view = row_modal(RowForm(key="orders-db", change=True), zone=ZONE)
    placed = at_fields({"window": "26h, 2d or 1w; you wrote “26hours?”", "job_id": "taken"}, view)
    assert placed == {"window": "26h, 2d or 1w; you wrote “26hours?”", "name": "taken"}


def test_what_the_form_remembers_is_small() -> None:
    metadata = row_modal(RowForm(cells=dict.fromkeys(COLUMNS, "x" * 2000), key="k" * 80, change=True), zone=ZONE)
    assert len(metadata["private_metadata"]) < 300
    assert json.loads(metadata["private_metadata"])["key"] == "k" * 80


ROWS = st.builds(
    RowForm,
    cells=st.dictionaries(st.sampled_from(COLUMNS), NASTY, max_size=13),
    key=st.just("") | NASTY.map(lambda text: text[:80]),
    proposal_id=st.just("mail-0123456789abcdef"),
    change=st.booleans(),
    approves=st.booleans(),
)


@settings(max_examples=12, deadline=None)
@given(ROWS)
def test_whatever_a_row_holds_slack_takes_the_form_and_untouched_it_changes_nothing(form: RowForm) -> None:
    view = row_modal(form, zone=ZONE)
    assert problems_of_view(view) == check_view(view) == []
    assert sent(form).changed.keys() <= {"critical"}


# --- messages -------------------------------------------------------------------------------------


def test_a_message_of_blocks_is_read_in_lines_and_without_marks() -> None:
    message = {
        "text": "fallback",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "Backup finished"}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "*Status:* Success &amp; verified\n<https://nas/x|log>"}},
            {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Size*\n1.2 GB"}]},
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "text", "text": "Job "}, {"type": "text", "text": "VMs"}],
                    },
                    {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a\nb"}]},
                ],
            },
            {"type": "table", "rows": [[{"type": "raw_text", "text": "vm-1"}, {"type": "raw_text", "text": "ok"}]]},
        ],
    }
    read = "Backup finished\nStatus: Success & verified\nlog\nSize\n1.2 GB\nJob VMs\na\nb\nvm-1\tok"
    assert text_of_message(message).text == read


def test_what_a_bot_attaches_is_read_below_its_text() -> None:
    attachment = {"pretext": "Nightly", "title": "Report", "text": "`ok`", "fields": [{"title": "Size", "value": "3 GB"}, {}]}
    message = {"text": "Done", "attachments": [attachment, {"fallback": "bare"}]}
    assert text_of_message(message).text == "Done\nNightly\nReport\nok\nSize: 3 GB\nbare"


def test_a_mail_sent_to_a_channel_keeps_its_subject_and_sender() -> None:
    mail = {"mode": "email", "plain_text": "Status: ok", "subject": "NAS", "from": [{"address": "nas@acme.example"}]}
    assert text_of_message({"text": "", "files": [mail]}) == ("Status: ok", "NAS", "nas@acme.example")


JSONISH = st.recursive(
    st.none() | st.booleans() | NASTY | st.sampled_from(["rich_text", "rich_text_section", "table", "section", "mrkdwn"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "elements", "fields", "rows", "blocks", "attachments", "files", "from", "title", "value"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
MESSAGES = st.dictionaries(st.sampled_from(["text", "blocks", "attachments", "files"]), JSONISH, max_size=4)


@settings(max_examples=25, deadline=None)
@given(MESSAGES)
def test_a_message_of_any_shape_is_read_without_stumbling(message: Json) -> None:
    assert isinstance(text_of_message(message).text, str)


@pytest.mark.thorough
@settings(max_examples=FUZZ_EXAMPLES, deadline=None)
@given(HOSTILE, ROWS, MESSAGES)
def test_many_more_of_each(proposal: Proposal, form: RowForm, message: Json) -> None:
    assert problems_of_message(proposal_card(proposal, now=NOW, zone=ZONE)) == []
    view = row_modal(form, zone=ZONE)
    assert problems_of_view(view) == check_view(view) == []
    text_of_message(message)
