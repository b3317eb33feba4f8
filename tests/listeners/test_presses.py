"""Every button and form, through the front door."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest

from listeners.forms import snooze_modal
from tests.listeners.block_limits import problems_of_view
from tests.listeners.door import Door, home_opened, press_in_home, press_in_message, request, snooze_form, submission
from tests.listeners.made import NOW, ZONE, orders
from workflows.backup.checking import AnswerTo
from workflows.backup.press import Press, Reply, SnoozeChoice
from workflows.kernel.errors import Conflict, Unanswered
from workflows.kernel.proposals import Asker

PRESS = Press(job_id="orders-db", break_id="b1", user_id="U1", team_id="T1")
REFUSED = Reply(kind="refused", text="Only <@U123> or an admin may do that.")


@pytest.mark.parametrize(("action_id", "use_case"), [("mark_fixed", "mark_fixed"), ("unmute", "unmute")])
def test_a_press_reaches_its_use_case_and_says_nothing_more_when_it_is_done(door: Door, action_id: str, use_case: str) -> None:
    answer = door.interact(press_in_message(door.outside, action_id))
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert door.pressed.asked == [(use_case, PRESS)]
    assert door.outside.calls == []


@pytest.mark.parametrize("private", [False, True])
def test_a_check_is_answered_where_it_was_pressed_and_never_in_the_place_of_what_others_see(door: Door, private: bool) -> None:
    press = press_in_message(door.outside, "check")
    press["container"]["is_ephemeral"] = private
    door.interact(press)
    to = AnswerTo(response_url=f"{door.outside.url}response", id="1.2.3", instead=private)
    assert door.pressed.asked == [("check", (("orders-db",), Asker(user_id="U1", team_id="T1"), to))]
    (said,) = door.outside.named("/response")
    assert said == {"text": "Looking at it now.", "response_type": "ephemeral", "replace_original": private}


def test_a_check_from_the_board_has_nobody_to_whisper_to(door: Door) -> None:
    door.interact(press_in_home(door.outside, "check"))
    assert ("check_now", PRESS) in door.pressed.asked


def test_a_refusal_is_told_privately_and_leaves_the_message_alone(door: Door) -> None:
    door.pressed.replies["mute"] = REFUSED
    answer = door.interact(press_in_message(door.outside, "mute"))
    assert answer["statusCode"] == 200
    (said,) = door.outside.named("/response")
    assert said == {"text": REFUSED.text, "response_type": "ephemeral", "replace_original": False}


def test_a_double_press_is_answered_both_times(door: Door) -> None:
    door.interact(press_in_message(door.outside, "mute"))
    door.pressed.replies["mute"] = Reply(kind="already", text="It is muted already by <@U1>.")
    assert door.interact(press_in_message(door.outside, "mute"))["statusCode"] == 200
    assert [said["text"] for said in door.outside.named("/response")] == ["It is muted already by <@U1>."]


def test_a_person_of_another_workspace_in_a_shared_channel_is_named_with_their_own_team(door: Door) -> None:
    payload = press_in_message(door.outside, "mute")
    payload["user"]["team_id"] = "T9"
    door.interact(payload)
    assert door.pressed.asked[0][1].team_id == "T9"


def test_a_button_without_a_break_is_read_as_one(door: Door) -> None:
    door.interact(press_in_message(door.outside, "unmute", value="orders-db "))
    assert door.pressed.asked[0][1] == Press(job_id="orders-db", user_id="U1", team_id="T1")


def test_a_button_of_an_earlier_version_is_answered_politely(door: Door) -> None:
    answer = door.interact(press_in_message(door.outside, "acknowledge"))
    assert answer["statusCode"] == 200
    assert door.outside.named("/response")[0]["text"] == "This button is no longer in use. Nothing was changed."
    assert door.pressed.asked == []


def test_another_command_is_answered_politely(door: Door) -> None:
    answer = door.send(request("token=x&team_id=T1&user_id=U1&command=%2Fother&text=status&channel_id=D1"))
    assert answer["statusCode"] == 200
    assert "Nothing was changed" in answer["body"]


# --- snooze ---------------------------------------------------------------------------------------


def test_snooze_opens_a_form_for_this_job_and_break(door: Door) -> None:
    door.pressed.replies["snooze_form"] = snooze_form(next_run=NOW + timedelta(hours=12))
    assert door.interact(press_in_message(door.outside, "snooze"))["statusCode"] == 200
    (opened,) = door.outside.named("views.open")
    assert opened["trigger_id"] == "1.2.3"
    view = opened["view"]
    assert json.loads(view["private_metadata"]) == {
        "job_id": "orders-db",
        "break_id": "b1",
        "critical": False,
        "taken": 0,
        "home": None,
    }
    assert problems_of_view(view) == []
    options = view["blocks"][1]["element"]["options"]
    assert [option["value"] for option in options] == ["next_run", "1d", "3d", "7d"]
    assert view["blocks"][1]["element"]["initial_option"]["value"] == "1d"


def test_the_next_run_is_offered_only_where_it_is_known() -> None:
    view = snooze_modal(snooze_form(), now=NOW, home=None)
    assert [option["value"] for option in view["blocks"][1]["element"]["options"]] == ["1d", "3d", "7d"]


def test_a_critical_job_needs_a_reason() -> None:
    view = snooze_modal(snooze_form(critical=True), now=NOW, home=None)
    assert view["blocks"][3]["optional"] is False
    assert snooze_modal(snooze_form(), now=NOW, home=None)["blocks"][3]["optional"] is True


def test_one_snooze_too_many_is_announced_before_it_escalates() -> None:
    view = snooze_modal(snooze_form(taken=3), now=NOW, home=None)
    assert "asking again escalates it at once" in view["blocks"][0]["text"]["text"]
    assert view["submit"]["text"] == "Escalate"
    assert problems_of_view(view) == []


@pytest.mark.parametrize("name", ["", "<!channel>" * 300, "&" * 5000, "שלום"])
def test_slack_takes_the_form_whatever_the_job_is_called(name: str) -> None:
    assert problems_of_view(snooze_modal(snooze_form(name=name, next_run=NOW), now=NOW, home="")) == []


def test_who_may_not_snooze_is_told_so_instead_of_a_form(door: Door) -> None:
    door.pressed.replies["snooze_form"] = REFUSED
    door.interact(press_in_message(door.outside, "snooze"))
    assert [path for path, _ in door.outside.calls] == ["/response"]


def test_a_form_that_opens_too_late_is_answered_in_words(door: Door) -> None:
    door.pressed.replies["snooze_form"] = snooze_form()
    door.outside.answers["views.open"] = {"ok": False, "error": "expired_trigger_id"}
    assert door.interact(press_in_message(door.outside, "snooze"))["statusCode"] == 200
    assert "Press Snooze once more" in door.outside.named("/response")[0]["text"]


def values(choice: str = "3d", *, date: str | None = None, reason: str | None = None) -> dict[str, Any]:
    return {
        "choice": {"choice": {"type": "radio_buttons", "selected_option": {"value": choice}}},
        "date": {"date": {"type": "datepicker", "selected_date": date}},
        "reason": {"reason": {"type": "plain_text_input", "value": reason}},
    }


def sent(door: Door, chosen: dict[str, Any], **form: Any) -> dict[str, Any]:
    home = form.pop("home", None)
    return door.interact(submission(snooze_modal(snooze_form(**form), now=NOW, home=home), chosen))


def test_a_sent_form_snoozes_and_closes(door: Door) -> None:
    answer = sent(door, values("3d", reason=" new disk "))
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert door.pressed.asked == [("snooze", (PRESS, SnoozeChoice(choice="3d", reason="new disk", taken=0)))]


def test_a_date_counts_instead_of_the_days(door: Door) -> None:
    sent(door, values("1d", date="2026-12-01"))
    assert door.pressed.asked[0][1][1] == SnoozeChoice(choice="date", date="2026-12-01", taken=0)


@pytest.mark.parametrize(("date", "field"), [("2026-01-01", "date"), (None, "choice")])
def test_what_is_wrong_stands_at_its_field(door: Door, date: str | None, field: str) -> None:
    door.pressed.replies["snooze"] = Reply(kind="invalid", text="Choose a day after today.")
    answer = sent(door, values(date=date))
    assert json.loads(answer["body"]) == {"response_action": "errors", "errors": {field: "Choose a day after today."}}


def test_a_blank_reason_for_a_critical_job_is_asked_for_at_its_field(door: Door) -> None:
    answer = sent(door, values(reason="   "), critical=True)
    assert json.loads(answer["body"])["errors"].keys() == {"reason"}
    assert door.pressed.asked == []


def test_a_form_sent_twice_says_that_it_is_done_already(door: Door) -> None:
    sent(door, values())
    door.pressed.replies["snooze"] = Reply(kind="already", text="It is snoozed already.")
    answer = json.loads(sent(door, values())["body"])
    assert answer["response_action"] == "update"
    assert problems_of_view(answer["view"]) == []
    assert answer["view"]["blocks"][0]["text"]["text"] == "It is snoozed already."


def test_a_form_of_an_earlier_version_changes_nothing(door: Door) -> None:
    answer = door.interact(submission({"type": "modal", "callback_id": "old", "private_metadata": "", "blocks": []}, {}))
    assert answer["statusCode"] == 200
    assert "Nothing was changed" in answer["body"]


def test_a_closed_form_is_heard(door: Door) -> None:
    payload = submission({"type": "modal", "callback_id": "snooze", "private_metadata": "", "blocks": []}, {})
    assert door.interact(payload | {"type": "view_closed", "is_cleared": False})["statusCode"] == 200


# --- App Home -------------------------------------------------------------------------------------


def test_opening_app_home_draws_the_board_of_this_person(door: Door) -> None:
    door.pressed.replies["board"] = (orders(),)
    assert door.hear(home_opened())["statusCode"] == 200
    assert door.pressed.asked == [("board", ("U1", "T1"))]
    (published,) = door.outside.named("views.publish")
    assert published["user_id"] == "U1"
    assert problems_of_view(published["view"]) == []
    assert "Orders database" in json.dumps(published["view"])


def test_the_messages_tab_draws_nothing(door: Door) -> None:
    assert door.hear(home_opened(tab="messages"))["statusCode"] == 200
    assert door.outside.calls == []


def test_a_guest_sees_why_there_is_no_board(door: Door) -> None:
    door.pressed.replies["board"] = Reply(kind="refused", text="Guests do not see the backups of this workspace.")
    door.hear(home_opened())
    (published,) = door.outside.named("views.publish")
    assert "Guests do not see" in published["view"]["blocks"][0]["text"]["text"]


def test_a_press_in_app_home_draws_the_board_anew_with_the_answer_on_top(door: Door) -> None:
    door.pressed.replies |= {"mute": REFUSED, "board": (orders(),)}
    door.interact(press_in_home(door.outside, "mute"))
    (published,) = door.outside.named("views.publish")
    assert published["view"]["blocks"][1]["text"]["text"] == f":information_source:  {REFUSED.text}"
    assert [path for path, _ in door.outside.calls] == ["views.publish"]


def test_a_snooze_from_app_home_draws_the_board_anew(door: Door) -> None:
    door.pressed.replies["board"] = (orders(),)
    sent(door, values(), home="")
    assert [path for path, _ in door.outside.calls] == ["views.publish"]


# --- when it goes wrong ---------------------------------------------------------------------------


def test_a_failure_is_logged_with_its_trace_and_told_to_the_presser(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    door.pressed.replies["mute"] = Conflict("rev moved")
    with caplog.at_level(logging.ERROR):
        answer = door.interact(press_in_message(door.outside, "mute"))
    assert answer["statusCode"] == 200
    assert door.outside.named("/response")[0]["text"] == "That did not work. Nothing was changed; try again."
    assert any(record.exc_info and record.exc_info[0] is Conflict for record in caplog.records)


def test_a_lost_answer_is_not_called_a_failure(door: Door) -> None:
    door.pressed.replies["mute"] = Unanswered("timeout")
    door.interact(press_in_message(door.outside, "mute"))
    assert "not clear whether that worked" in door.outside.named("/response")[0]["text"]


def test_a_failure_in_a_form_stands_at_its_first_field_and_keeps_what_was_typed(door: Door) -> None:
    door.pressed.replies["snooze"] = Conflict("rev moved")
    answer = sent(door, values())
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["errors"] == {"choice": "That did not work. Nothing was changed; try again."}


def test_a_failure_in_app_home_is_told_in_a_modal(door: Door) -> None:
    door.pressed.replies["mute"] = Conflict("rev moved")
    assert door.interact(press_in_home(door.outside, "mute"))["statusCode"] == 200
    (opened,) = door.outside.named("views.open")
    assert opened["view"]["blocks"][0]["text"]["text"] == "That did not work. Nothing was changed; try again."


def test_a_failure_that_cannot_be_told_is_left_to_slacks_own_sign(door: Door) -> None:
    door.pressed.replies["mute"] = Conflict("rev moved")
    payload = press_in_message(door.outside, "mute") | {"response_url": "http://127.0.0.1:9/gone"}
    assert door.interact(payload)["statusCode"] == 500


def test_slack_sends_a_home_opening_again_when_it_could_not_be_drawn(door: Door) -> None:
    door.pressed.replies["board"] = Unanswered("timeout")
    assert door.hear(home_opened())["statusCode"] == 500


def test_the_zone_of_the_form_is_the_owners() -> None:
    form = snooze_form(next_run=NOW + timedelta(hours=12), zone=ZONE)
    text = snooze_modal(form, now=NOW, home=None)["blocks"][1]["element"]["options"][0]["text"]["text"]
    assert text == "Until the next run is due (Sun 22 Nov, 02:11)"
