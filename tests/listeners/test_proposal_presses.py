"""Every button of a proposal's card, the form of a row, and the message shortcut, through the front door."""

import json
from typing import Any

import pytest

from listeners.row_form import row_modal
from tests.listeners.block_limits import problems_of_view
from tests.listeners.door import Door, press_in_message, shortcut_on, submission
from tests.listeners.made import ZONE
from tests.listeners.proposed import CELLS, from_mail
from workflows.backup.key_asking import KeyAsked
from workflows.backup.row_form import RowForm
from workflows.kernel.errors import Conflict
from workflows.kernel.proposals import Asker
from workflows.kernel.reply import Reply

SAM = Asker(user_id="U1", team_id="T1")
REFUSED = Reply(kind="refused", text="Only ana@example.com, or an approver, can do that.")


def whispered(door: Door) -> list[str]:
    return [said["text"] for said in door.outside.named("/response")]


@pytest.mark.parametrize("decision", ["approve", "discard", "retry"])
def test_a_decision_reaches_its_use_case_and_the_card_says_the_rest(door: Door, decision: str) -> None:
    answer = door.interact(press_in_message(door.outside, f"proposal_{decision}", value="mail-1"))
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert door.pressed.asked == [(decision, ("mail-1", SAM))]
    assert door.outside.calls == []


@pytest.mark.parametrize("decision", ["approve", "discard", "retry"])
def test_who_may_not_decide_is_told_so_in_private(door: Door, decision: str) -> None:
    door.pressed.replies[decision] = REFUSED
    assert door.interact(press_in_message(door.outside, f"proposal_{decision}", value="mail-1"))["statusCode"] == 200
    assert whispered(door) == [REFUSED.text]


def test_whoever_presses_second_hears_who_was_first(door: Door) -> None:
    door.interact(press_in_message(door.outside, "proposal_approve", value="mail-1"))
    door.pressed.replies["approve"] = Reply(kind="already", text="<@U0ANA> approved it just now; it is being added.")
    door.interact(press_in_message(door.outside, "proposal_approve", value="mail-1"))
    assert whispered(door) == ["<@U0ANA> approved it just now; it is being added."]


def test_a_press_from_another_workspace_decides_nothing(door: Door) -> None:
    assert door.interact(press_in_message(door.outside, "proposal_approve", value="mail-1", team="T2"))["statusCode"] == 200
    assert door.pressed.asked == []


def test_a_person_of_another_workspace_in_a_shared_channel_is_known_by_their_own_team(door: Door) -> None:
    payload = press_in_message(door.outside, "proposal_approve", value="mail-1")
    payload["user"]["team_id"] = "T9"
    door.interact(payload)
    assert door.pressed.asked == [("approve", ("mail-1", Asker(user_id="U1", team_id="T9")))]


def test_this_job_and_a_new_job_answer_what_was_doubtful(door: Door) -> None:
    door.interact(press_in_message(door.outside, "proposal_match", value="mail-1 orders-db"))
    door.interact(press_in_message(door.outside, "proposal_new", value="mail-1"))
    assert door.pressed.asked == [("match", ("mail-1", "orders-db", SAM)), ("match", ("mail-1", "", SAM))]


def test_a_job_chosen_in_the_menu_counts_as_its_button(door: Door) -> None:
    payload = press_in_message(door.outside, "proposal_match")
    payload["actions"][0] = {
        "type": "static_select", "action_id": "proposal_match", "block_id": "b", "action_ts": "1.2",
        "selected_option": {"text": {"type": "plain_text", "text": "CRM"}, "value": "mail-1 crm-db"},
    }  # fmt: skip
    door.interact(payload)
    assert door.pressed.asked == [("match", ("mail-1", "crm-db", SAM))]


def test_what_waits_is_listed_for_the_presser_alone(door: Door) -> None:
    door.pressed.replies["waiting"] = (from_mail(channel="C1", ts="1.000002"),)
    door.interact(press_in_message(door.outside, "proposals_show", value="all"))
    (said,) = door.outside.named("/response")
    assert said["response_type"] == "ephemeral"
    assert "https://acme.slack.com/archives/C1/p1000002" in json.dumps(said["blocks"])


def test_a_guest_is_not_told_what_waits(door: Door) -> None:
    door.pressed.replies["waiting"] = REFUSED
    door.interact(press_in_message(door.outside, "proposals_show", value="all"))
    assert whispered(door) == [REFUSED.text]


def test_vanished_rows_are_let_go_by_their_mark(door: Door) -> None:
    door.pressed.replies["let_go"] = Reply(kind="done", text="4 rows are let go.")
    door.interact(press_in_message(door.outside, "let_go", value="0123"))
    assert door.pressed.asked == [("let_go", ("0123", SAM))]
    assert whispered(door) == ["4 rows are let go."]


# --- keys -----------------------------------------------------------------------------------------


def test_a_key_is_asked_for_on_the_card_with_where_to_answer(door: Door) -> None:
    door.pressed.replies["key"] = Reply(kind="done", text="One moment.")
    door.interact(press_in_message(door.outside, "key_show", value="laptop-kim hb-1"))
    ((_, asked),) = door.pressed.asked
    url = f"{door.outside.url}response"
    assert asked == KeyAsked(
        job_id="laptop-kim", user_id="U1", team_id="T1", response_url=url, id="1.2.3", proposal_id="hb-1", action="show"
    )
    assert whispered(door) == ["One moment."]


def test_a_key_that_is_exchanged_twice_by_one_button_is_exchanged_once(door: Door) -> None:
    for trigger in ("1.2.3", "1.2.4"):
        door.interact(press_in_message(door.outside, "key_rotate", value="orders-db") | {"trigger_id": trigger})
    first, second = (asked for _, asked in door.pressed.asked)
    assert (first.action, first.job_id) == ("rotate", "orders-db")
    assert first.id == second.id


# --- the form -------------------------------------------------------------------------------------


def test_edit_opens_the_row_of_the_proposal(door: Door) -> None:
    door.pressed.replies["edit_form"] = RowForm(cells=CELLS, proposal_id="mail-1", approves=True)
    door.interact(press_in_message(door.outside, "proposal_edit", value="mail-1"))
    assert door.pressed.asked == [("edit_form", ("mail-1", SAM))]
    (opened,) = door.outside.named("views.open")
    assert opened["trigger_id"] == "1.2.3"
    assert opened["view"]["submit"]["text"] == "Approve"
    assert problems_of_view(opened["view"]) == []


def test_edit_of_what_is_decided_is_answered_instead(door: Door) -> None:
    door.pressed.replies["edit_form"] = Reply(kind="already", text="It was discarded already.")
    door.interact(press_in_message(door.outside, "proposal_edit", value="mail-1"))
    assert [path for path, _ in door.outside.calls] == ["/response"]


@pytest.mark.parametrize("error", ["expired_trigger_id", "exchanged_trigger_id"])
def test_a_form_that_opens_too_late_is_answered_in_words(door: Door, error: str) -> None:
    door.outside.answers["views.open"] = {"ok": False, "error": error}
    assert door.interact(press_in_message(door.outside, "proposal_edit", value="mail-1"))["statusCode"] == 200
    assert whispered(door) == ["That took too long to open. Try it once more."]


def values(**typed: str) -> dict[str, Any]:
    plain = {column: {column: {"type": "plain_text_input", "value": text or None}} for column, text in typed.items()}
    return {"critical": {"critical": {"type": "radio_buttons", "selected_option": {"value": "no"}}}} | plain


def send(door: Door, form: RowForm, **typed: str) -> dict[str, Any]:
    return door.interact(submission(row_modal(form, zone=ZONE), values(**typed)))


def test_a_sent_row_closes_its_form_when_its_card_says_the_rest(door: Door) -> None:
    answer = send(door, RowForm(cells=CELLS, proposal_id="mail-1"), name="Nightly VMs", window="2d")
    assert (answer["statusCode"], answer["body"]) == (200, "")
    ((name, row),) = door.pressed.asked
    assert name == "save_row"
    assert (row.asker, row.proposal_id, row.form_id) == (SAM, "mail-1", "V2")
    assert row.changed["window"] == "2d"


def test_what_is_wrong_stands_at_its_field(door: Door) -> None:
    says = "26h, 2d or 1w; you wrote “26hours?”"
    door.pressed.replies["save_row"] = Reply(kind="invalid", text="…", errors={"window": says, "job_id": "It is taken."})
    answer = json.loads(send(door, RowForm(key="laptop-kim"), name="x")["body"])
    assert answer == {"response_action": "errors", "errors": {"window": says, "name": "It is taken."}}


def test_a_form_sent_twice_is_told_that_it_is_asked_for_already(door: Door) -> None:
    send(door, RowForm(), name="x", target="report")
    door.pressed.replies["save_row"] = Reply(kind="already", text="<@U1> approved it just now; it is being added.")
    answer = json.loads(send(door, RowForm(), name="x", target="report")["body"])
    assert answer["response_action"] == "update"
    assert answer["view"]["blocks"][0]["text"]["text"] == "<@U1> approved it just now; it is being added."
    first, second = (row.form_id for _, row in door.pressed.asked)
    assert first == second


def test_a_failure_keeps_the_form_and_what_was_typed(door: Door) -> None:
    door.pressed.replies["save_row"] = Conflict("rev moved")
    answer = json.loads(send(door, RowForm(), name="x")["body"])
    assert answer["errors"] == {"name": "That did not work. Nothing was changed; try again."}


# --- a message becomes a row ----------------------------------------------------------------------


def test_a_message_is_read_after_its_form_has_opened(door: Door) -> None:
    door.outside.answers["views.open"] = {"ok": True, "view": {"id": "V7"}}
    door.pressed.replies["report_form"] = RowForm(cells=CELLS)
    payload = shortcut_on(door.outside, {"text": "*Status:* Success"})
    assert door.interact(payload)["statusCode"] == 200
    assert [path for path, _ in door.outside.calls] == ["views.open", "views.update"]
    (_, updated) = door.outside.calls[1]
    assert updated["view_id"] == "V7"
    assert updated["view"]["callback_id"] == "row"
    assert door.pressed.asked[0][1][0].text == "Status: Success"


def test_a_guest_cannot_register_a_report(door: Door) -> None:
    door.pressed.replies["may_add"] = REFUSED
    door.interact(shortcut_on(door.outside, {"text": "x"}))
    assert whispered(door) == [REFUSED.text]
    assert door.pressed.asked == []


def test_a_shortcut_that_opens_too_late_is_answered_in_words(door: Door) -> None:
    door.outside.answers["views.open"] = {"ok": False, "error": "expired_trigger_id"}
    door.interact(shortcut_on(door.outside, {"text": "x"}))
    assert whispered(door) == ["That took too long to open. Try it once more."]


def test_a_form_that_was_closed_while_it_was_read_is_left_alone(door: Door) -> None:
    door.outside.answers |= {
        "views.open": {"ok": True, "view": {"id": "V7"}},
        "views.update": {"ok": False, "error": "not_found"},
    }
    assert door.interact(shortcut_on(door.outside, {"text": "x"}))["statusCode"] == 200
    assert whispered(door) == []
