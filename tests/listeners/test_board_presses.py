"""What is pressed on the board, in the details of a job, and on the card of a storm, through the front door."""

import json
from dataclasses import replace
from typing import Any

import pytest

from listeners import board_choice
from listeners.board_choice import Choice
from listeners.details import details_modal
from listeners.forms import mute_modal, snooze_all_modal, snooze_modal
from tests.listeners.door import MUTE_FORM, Door, home_opened, press_in_home, press_in_message, snooze_form, submission
from tests.listeners.made import NOW, ZONE, board, job_view, orders
from tests.listeners.proposed import PROPOSALS
from workflows.backup.press import MuteChoice, Press, Reply, SnoozeChoice
from workflows.backup.row_form import RowForm
from workflows.backup.storm_answer import SnoozeAllForm, SnoozedAll, StormPress
from workflows.kernel.errors import Unanswered
from workflows.kernel.ports import Json
from workflows.kernel.proposals import Asker

PRESS = Press(job_id="orders-db", break_id="b1", user_id="U1", team_id="T1")
FAILING = board_choice.written(Choice(state="alert"))
REFUSED = Reply(kind="refused", text="Only <@U123> or an admin may do that.")


def on_home(door: Door, action_id: str, *, value: str = "orders-db b1", chosen: str = "", metadata: str = FAILING) -> Json:
    payload = press_in_home(door.outside, action_id, value=value)
    payload["view"]["private_metadata"] = metadata
    if chosen:
        payload["actions"][0] = {"type": "static_select", "action_id": action_id, "selected_option": {"value": chosen}}
    return payload


def on_details(door: Door, action_id: str, *, home: str | None = FAILING) -> Json:
    payload = press_in_home(door.outside, action_id)
    view = details_modal(job_view(), now=NOW, zone=ZONE, home=home)
    return payload | {"view": {"id": "V7", "hash": "1.a", "previous_view_id": None, **view}}


def published(door: Door) -> Json:
    view: Json = door.outside.named("views.publish")[-1]["view"]
    return view


def notice(view: Json) -> str:
    return str(view["blocks"][1]["text"]["text"])


# --- menus, search, pages ---------------------------------------------------------------------------


def test_the_board_is_opened_as_its_reader_left_it(door: Door) -> None:
    event = home_opened()
    event["event"]["view"] = {"type": "home", "private_metadata": FAILING}
    door.pressed.replies["board"] = tuple(orders(job_id=f"j{n}") for n in range(7))
    assert door.hear(event)["statusCode"] == 200
    assert published(door)["private_metadata"] == FAILING


@pytest.mark.parametrize(
    ("action_id", "chosen", "choice"),
    [
        ("board_state", "warn", Choice(state="warn")),
        ("board_state", "all", Choice()),
        ("board_state", "forged", Choice()),
        ("board_owner", "mine", Choice(state="alert", owner="mine")),
        ("board_group", "0123456789ab", Choice(state="alert", group="0123456789ab")),
    ],
)
def test_a_menu_narrows_the_board(door: Door, action_id: str, chosen: str, choice: Choice) -> None:
    assert door.interact(on_home(door, action_id, chosen=chosen))["statusCode"] == 200
    assert board_choice.read(published(door)["private_metadata"]) == choice


def test_pages_turn_refresh_stays_and_show_all_shows_all(door: Door) -> None:
    door.interact(on_home(door, "board_later", value="50"))
    assert board_choice.read(published(door)["private_metadata"]) == Choice(state="alert", first=50)
    door.interact(on_home(door, "board_refresh"))
    assert board_choice.read(published(door)["private_metadata"]) == Choice(state="alert")
    door.interact(on_home(door, "board_everything"))
    assert published(door)["private_metadata"] == "{}"


def test_search_asks_for_words_and_keeps_the_menus(door: Door) -> None:
    door.interact(on_home(door, "board_search"))
    (opened,) = door.outside.named("views.open")
    form = opened["view"]
    assert form["private_metadata"] == FAILING
    values = {"words": {"words": {"type": "plain_text_input", "value": "  nas \u202e02 "}}}
    answer = door.interact(submission(form, values))
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert board_choice.read(published(door)["private_metadata"]) == Choice(state="alert", words="nas 02")


# --- acts from the board ----------------------------------------------------------------------------


@pytest.mark.parametrize("action_id", ["mark_fixed", "unmute", "size_right"])
def test_after_an_act_the_board_is_drawn_as_its_reader_had_it_with_the_answer_on_top(door: Door, action_id: str) -> None:
    name = "accept_size" if action_id == "size_right" else action_id
    door.pressed.replies[name] = REFUSED
    assert door.interact(on_home(door, action_id))["statusCode"] == 200
    assert door.pressed.asked[0] == (name, PRESS)
    assert (published(door)["private_metadata"], notice(published(door))) == (FAILING, f":information_source:  {REFUSED.text}")


@pytest.mark.parametrize(("act", "name"), [("unmute", "unmute"), ("size_right", "accept_size"), ("job_details", "job")])
def test_the_three_dots_hand_on_to_the_button_of_that_name(door: Door, act: str, name: str) -> None:
    assert door.interact(on_home(door, "job_menu", chosen=f"{act} orders-db b1"))["statusCode"] == 200
    asked = dict(door.pressed.asked)
    assert asked[name] == (PRESS if name != "job" else ("orders-db", Asker(user_id="U1", team_id="T1")))


def test_an_entry_of_an_earlier_version_in_the_three_dots_changes_nothing(door: Door) -> None:
    assert door.interact(on_home(door, "job_menu", chosen="obliterate orders-db b1"))["statusCode"] == 200
    assert door.pressed.asked == []
    (opened,) = door.outside.named("views.open")
    assert "no longer in use" in opened["view"]["blocks"][0]["text"]["text"]


def test_details_open_over_the_board_and_remember_it(door: Door) -> None:
    door.interact(on_home(door, "job_menu", chosen="job_details orders-db b1"))
    (opened,) = door.outside.named("views.open")
    assert json.loads(opened["view"]["private_metadata"]) == {"job_id": "orders-db", "home": FAILING}


def test_an_act_in_the_details_draws_them_and_the_board_anew(door: Door) -> None:
    door.pressed.replies["mark_fixed"] = REFUSED
    assert door.interact(on_details(door, "mark_fixed"))["statusCode"] == 200
    (updated,) = door.outside.named("views.update")
    assert (updated["view_id"], updated["view"]["blocks"][0]["text"]["text"]) == ("V7", f":information_source:  {REFUSED.text}")
    assert published(door)["private_metadata"] == FAILING


def test_details_opened_elsewhere_leave_the_board_alone(door: Door) -> None:
    door.interact(on_details(door, "unmute", home=None))
    assert len(door.outside.named("views.update")) == 1
    assert door.outside.named("views.publish") == []


def test_details_of_a_job_that_is_gone_say_so(door: Door) -> None:
    door.pressed.replies["job"] = Reply(kind="gone", text="This job is no longer on the job list.")
    door.interact(on_details(door, "unmute"))
    (updated,) = door.outside.named("views.update")
    assert updated["view"]["blocks"][0]["text"]["text"] == "This job is no longer on the job list."


def test_a_failure_in_the_details_is_laid_over_them(door: Door) -> None:
    door.pressed.replies["unmute"] = Unanswered("timeout")
    assert door.interact(on_details(door, "unmute"))["statusCode"] == 200
    (pushed,) = door.outside.named("views.push")
    assert "not clear whether that worked" in pushed["view"]["blocks"][0]["text"]["text"]


def test_edit_and_add_open_the_form_of_a_row(door: Door) -> None:
    door.pressed.replies["change_form"] = RowForm(key="orders-db", change=True)
    door.interact(on_home(door, "job_menu", chosen="job_edit orders-db b1"))
    door.interact(on_details(door, "job_edit"))
    door.interact(on_home(door, "job_add", value="add"))
    assert [len(door.outside.named(method)) for method in ("views.open", "views.push")] == [2, 1]
    assert [name for name, _ in door.pressed.asked] == ["change_form", "change_form", "add_form"]
    assert door.pressed.asked[0][1] == ("orders-db", Asker(user_id="U1", team_id="T1"))


def test_what_waits_for_approval_is_shown_in_a_modal(door: Door) -> None:
    door.pressed.replies["waiting"] = tuple(PROPOSALS.values())
    door.interact(on_home(door, "proposals_show", value="waiting"))
    (opened,) = door.outside.named("views.open")
    assert "for approval" in opened["view"]["blocks"][0]["text"]["text"]


# --- mute -------------------------------------------------------------------------------------------


def test_a_mute_is_done_at_once_and_then_its_end_and_reason_are_asked_for(door: Door) -> None:
    assert door.interact(press_in_message(door.outside, "mute"))["statusCode"] == 200
    assert door.pressed.asked == [("mute", PRESS)]
    (opened,) = door.outside.named("views.open")
    assert "is muted" in opened["view"]["blocks"][0]["text"]["text"]
    assert json.loads(opened["view"]["private_metadata"])["home"] is None


def test_a_mute_that_was_refused_asks_for_nothing(door: Door) -> None:
    door.pressed.replies["mute"] = REFUSED
    door.interact(on_home(door, "mute"))
    assert door.outside.named("views.open") == []
    assert REFUSED.text in notice(published(door))


def test_a_trigger_that_is_too_old_for_the_question_leaves_the_mute_standing(door: Door) -> None:
    door.outside.answers["views.open"] = {"ok": False, "error": "expired_trigger_id"}
    assert door.interact(on_home(door, "mute"))["statusCode"] == 200
    assert len(door.outside.named("views.publish")) == 1


def test_mute_in_the_three_dots_asks_before_it_mutes(door: Door) -> None:
    door.pressed.replies["mute_form"] = replace(MUTE_FORM, muted=False)
    door.interact(on_home(door, "job_menu", chosen="mute_ask orders-db b1"))
    (opened,) = door.outside.named("views.open")
    assert (opened["view"]["submit"]["text"], door.pressed.asked) == ("Mute", [])


def test_mute_in_the_three_dots_of_a_muted_job_says_who_was_first(door: Door) -> None:
    door.pressed.replies["mute"] = Reply(kind="already", text="It is muted already by <@U2>.")
    door.interact(on_home(door, "job_menu", chosen="mute_ask orders-db b1"))
    assert "muted already by <@U2>" in notice(published(door))


def muting(door: Door, *, date: str | None = None, reason: str | None = None, home: str | None = FAILING, **view: Any) -> Json:
    form = mute_modal(MUTE_FORM, home=home) | view
    values = {
        "date": {"date": {"type": "datepicker", "selected_date": date}},
        "reason": {"reason": {"type": "plain_text_input", "value": reason}},
    }
    return door.interact(submission(form, values))


def test_the_end_and_the_reason_of_a_mute_are_kept_and_the_board_is_drawn_anew(door: Door) -> None:
    answer = muting(door, date="2026-12-01", reason=" new disk ")
    assert (answer["statusCode"], answer["body"]) == (200, "")
    choice = MuteChoice(date="2026-12-01", reason="new disk", muted=True)
    assert door.pressed.asked[0] == ("mute_with", (PRESS, choice))
    assert published(door)["private_metadata"] == FAILING


def test_an_end_that_cannot_be_stands_at_its_field(door: Door) -> None:
    door.pressed.replies["mute_with"] = Reply(kind="invalid", text="Choose a day after today.")
    assert json.loads(muting(door, date="2020-01-01")["body"])["errors"] == {"date": "Choose a day after today."}
    assert door.outside.named("views.publish") == []


def test_what_happened_meanwhile_takes_the_place_of_the_form(door: Door) -> None:
    door.pressed.replies["mute_with"] = Reply(kind="stale", text="It was unmuted meanwhile by <@U2>. Nothing was changed.")
    body = json.loads(muting(door)["body"])
    assert body["view"]["blocks"][0]["text"]["text"].startswith("It was unmuted meanwhile")


def test_a_form_over_the_details_draws_both_anew(door: Door) -> None:
    muting(door, previous_view_id="V7")
    (updated,) = door.outside.named("views.update")
    assert updated["view_id"] == "V7"
    assert published(door)["private_metadata"] == FAILING


def test_a_snooze_from_the_board_says_how_many_were_taken_and_keeps_the_board(door: Door) -> None:
    form = snooze_modal(snooze_form(taken=1), now=NOW, home=FAILING)
    door.interact(submission(form, {"choice": {"choice": {"selected_option": {"value": "3d"}}}}))
    assert door.pressed.asked[0] == ("snooze", (PRESS, SnoozeChoice(choice="3d", taken=1)))
    assert published(door)["private_metadata"] == FAILING


# --- the card of a storm ----------------------------------------------------------------------------

STORM = SnoozeAllForm(recipient="sam@example.com", storm_id="storm-1", left=14, over=2, critical=1, others=3)


def test_snooze_all_says_first_what_will_happen_to_how_many(door: Door) -> None:
    door.pressed.replies["snooze_all_form"] = STORM
    door.interact(press_in_message(door.outside, "snooze_all", value="sam@example.com job-000"))
    assert door.pressed.asked == [
        ("snooze_all_form", StormPress(recipient="sam@example.com", ts="1.1", user_id="U1", team_id="T1"))
    ]
    (opened,) = door.outside.named("views.open")
    said = opened["view"]["blocks"][0]["text"]["text"]
    for words in ("*14 backups*", "2 of them have had all their snoozes", "1 of them is critical", "3 others of the card"):
        assert words in said


def sent_for_all(door: Door, *, reason: str | None = "moving") -> Json:
    values = {
        "choice": {"choice": {"selected_option": {"value": "7d"}}},
        "reason": {"reason": {"type": "plain_text_input", "value": reason}},
    }
    answer: Json = json.loads(door.interact(submission(snooze_all_modal(STORM), values))["body"])
    return answer


def test_the_answer_says_what_happened_to_how_many(door: Door) -> None:
    done = SnoozedAll(snoozed=11, escalated=2, not_done=(("Old & new", "Nothing to answer: this job is fine."),))
    door.pressed.replies["snooze_all"] = done
    said = sent_for_all(door)["view"]["blocks"][0]["text"]["text"]
    assert said.split("\n") == [
        "*11 backups* snoozed.",
        "*2* had no snooze left and escalated.",
        "Not *Old &amp; new*: Nothing to answer: this job is fine.",
    ]
    press, choice = door.pressed.asked[0][1]
    assert (press.storm_id, choice.choice, choice.reason) == ("storm-1", "7d", "moving")


def test_what_there_was_no_time_for_is_asked_again_in_the_same_place(door: Door) -> None:
    rest = SnoozeAllForm(recipient="sam@example.com", storm_id="storm-1", left=200, done=300)
    door.pressed.replies["snooze_all"] = SnoozedAll(snoozed=300, escalated=0, form=rest)
    view = sent_for_all(door)["view"]
    assert view["blocks"][0]["text"]["text"].startswith("300 backups done, 200 left.")
    assert view["callback_id"] == "snooze_all"


def test_critical_ones_want_a_reason_and_a_second_press_is_told_so(door: Door) -> None:
    assert "critical" in sent_for_all(door, reason=None)["errors"]["reason"]
    assert door.pressed.asked == []
    door.pressed.replies["snooze_all"] = Reply(kind="already", text="Nothing of this card is left to snooze.")
    assert "Nothing of this card" in sent_for_all(door)["view"]["blocks"][0]["text"]["text"]


def test_open_my_board_draws_it_and_shows_the_way(door: Door) -> None:
    door.pressed.replies["home"] = board(orders())
    door.interact(press_in_message(door.outside, "open_board", value="sam@example.com job-000"))
    assert len(door.outside.named("views.publish")) == 1
    (said,) = door.outside.named("/response")
    assert "<slack://app?team=T1&id=A1&tab=home|Open it>" in said["text"]
