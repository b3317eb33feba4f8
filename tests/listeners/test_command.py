"""`/backup`, typed in any way, through the front door."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from listeners import command_answers
from tests.listeners.block_limits import problems_of_blocks, problems_of_view
from tests.listeners.door import MUTE_FORM, Door, press_in_message, snooze_form
from tests.listeners.made import NOW, board, explained, orders
from tests.listeners.proposed import from_mail
from workflows.backup.checking import AnswerTo
from workflows.backup.row_form import RowForm
from workflows.backup.viewing import History
from workflows.kernel.ports import AuditEntry, Member
from workflows.kernel.proposals import Asker
from workflows.kernel.reply import Reply

SAM = Asker(user_id="U1", team_id="T1")
REFUSED = Reply(kind="refused", text="Guests do not see the backups of this workspace.")
CRM = orders(job_id="crm-db", row={"name": "Customer database", "schedule": "daily 02:00"}, state="all_green", findings=())


def said(door: Door, text: str, **who: str) -> dict[str, Any]:
    """What the asker sees. Every answer is private, and taken by Slack."""
    answer = door.command(text, **who)
    assert answer["statusCode"] == 200
    if not answer["body"]:
        return {}
    told: dict[str, Any] = json.loads(answer["body"])
    assert told.get("response_type") == "ephemeral"
    assert problems_of_blocks(told["blocks"], "message") == [] if "blocks" in told else told["text"]
    return told


@pytest.mark.parametrize("text", ["", "help", " HELP ", "?"])
def test_help_says_all_that_it_knows(door: Door, text: str) -> None:
    told = said(door, text)
    for usage in command_answers.KNOWN:
        assert f"`/backup {usage}`" in json.dumps(told["blocks"])


@pytest.mark.parametrize(("typed", "meant"), [("stats", "status"), ("propsals x", "proposals"), ("keys", "key"), ("ad", "add")])
def test_a_word_it_does_not_know_is_answered_with_what_is_near(door: Door, typed: str, meant: str) -> None:
    told = said(door, typed)
    assert f"Did you mean `/backup {meant}`?" in told["text"]
    assert "It knows status, check, explain, history, snooze, mute, unmute, add, edit, proposals, key and help." in told["text"]
    assert door.pressed.asked == []


def test_a_word_like_nothing_it_knows_is_said_back_harmlessly(door: Door) -> None:
    told = said(door, "<!channel>*`zzz")
    assert "<!channel>" not in json.dumps(told)
    assert "Did you mean" not in told["text"]


def test_add_opens_an_empty_form_with_the_name(door: Door) -> None:
    door.pressed.replies["add_form"] = RowForm(cells={"name": "New NAS"})
    assert said(door, "add  New   NAS") == {}
    assert door.pressed.asked == [("add_form", ("New NAS", SAM))]
    (opened,) = door.outside.named("views.open")
    assert opened["trigger_id"] == "1.2.3"
    assert problems_of_view(opened["view"]) == []


def test_edit_opens_the_row_of_the_job(door: Door) -> None:
    assert said(door, "edit orders") == {}
    assert door.pressed.asked == [("change_form", ("orders", SAM))]


def test_a_form_that_opens_too_late_is_said_in_words(door: Door) -> None:
    door.outside.answers["views.open"] = {"ok": False, "error": "expired_trigger_id"}
    assert said(door, "add")["text"] == "That took too long to open. Try it once more."


def test_who_may_not_ask_gets_no_form(door: Door) -> None:
    door.pressed.replies["add_form"] = REFUSED
    assert said(door, "add")["text"] == REFUSED.text
    assert door.outside.calls == []


def test_proposals_lists_what_waits(door: Door) -> None:
    door.pressed.replies["waiting"] = (from_mail(channel="C1", ts="1.000002"),)
    told = said(door, "proposals")
    assert told["text"] == ":inbox_tray: 1 backup waits for approval"
    assert "https://acme.slack.com/archives/C1/p1000002" in json.dumps(told["blocks"])
    assert said(Door(door.outside, door.pressed, door.front, door.lines), "Proposals")["text"] == told["text"]


def test_a_key_is_asked_for_by_any_name_of_the_job(door: Door) -> None:
    door.pressed.replies |= {"board": (orders(), CRM), "key": Reply(kind="done", text="One moment.")}
    for typed in ("key orders-db", "key Orders Database", "key ord", "key customer"):
        assert said(door, typed)["text"] == "One moment."
    asked = [fact for name, fact in door.pressed.asked if name == "key"]
    assert [one.job_id for one in asked] == ["orders-db", "orders-db", "orders-db", "crm-db"]
    assert {(one.response_url, one.id, one.action) for one in asked} == {(f"{door.outside.url}response", "1.2.3", "show")}


def test_a_job_that_is_meant_by_nobody_or_by_several_is_asked_for_again(door: Door) -> None:
    door.pressed.replies["board"] = (orders(), CRM)
    assert "Did you mean orders-db?" in said(door, "key odrers-db")["text"]
    assert "could be crm-db or orders-db" in said(door, "key database")["text"].replace(
        "orders-db or crm-db", "crm-db or orders-db"
    )
    assert "Say which job" in said(door, "key")["text"]
    assert "“!channel”" in said(door, "key <!channel>")["text"]
    assert [name for name, _ in door.pressed.asked if name == "key"] == []


def test_rotating_a_key_asks_once_more_before_anything_happens(door: Door) -> None:
    door.pressed.replies["board"] = (orders(),)
    (_, actions) = said(door, "key orders-db rotate")["blocks"]
    (button,) = actions["elements"]
    assert (button["action_id"], button["value"], button["style"]) == ("key_rotate", "orders-db", "danger")
    assert "Check-ins with the old key are refused" in button["confirm"]["text"]["text"]
    assert [name for name, _ in door.pressed.asked if name == "key"] == []


@pytest.mark.parametrize(("words", "action"), [("path off", "path_off"), ("PATH ON", "path_on")])
def test_the_address_of_a_job_is_switched_off_and_on(door: Door, words: str, action: str) -> None:
    door.pressed.replies["board"] = (orders(),)
    said(door, f"key orders-db {words}")
    assert [fact.action for name, fact in door.pressed.asked if name == "key"] == [action]


# --- status ------------------------------------------------------------------------------------------


def test_status_counts_and_names_what_is_wrong_first_with_what_would_mend_it(door: Door) -> None:
    door.pressed.replies["board"] = (CRM, orders())
    told = said(door, "status")
    assert told["text"] == ":red_circle: 1 failing :large_green_circle: 1 fine"
    wrong = told["blocks"][1]["text"]["text"]
    assert "*Orders database* has no fresh backup" in wrong
    assert wrong.endswith("What would make it green: a good run.")
    assert len(told["blocks"]) == 3


def test_status_says_how_many_proposals_wait(door: Door) -> None:
    door.pressed.replies["home"] = board(CRM, proposals=(from_mail(),))
    told = said(door, "status")
    assert "1 backup waiting for approval: `/backup proposals`" in json.dumps(told["blocks"])
    assert "Nothing needs attention." in json.dumps(told["blocks"])


def test_status_of_many_stays_within_one_message(door: Door) -> None:
    door.pressed.replies["board"] = tuple(orders(job_id=f"job-{number}") for number in range(40))
    assert "and 30 more: `/backup status wrong`" in json.dumps(said(door, "status")["blocks"])
    told = said(door, "status failing")
    assert told["text"] == "40 backups failing"
    assert "and 10 more; App Home has them all" in json.dumps(told["blocks"])


def test_status_of_one_job_tells_all_of_it_with_the_buttons_that_its_viewer_may_press(door: Door) -> None:
    door.pressed.replies["board"] = (CRM, orders())
    told = said(door, "status orders")
    assert told["text"] == ":red_circle: Orders database has no fresh backup"
    pressable = {element["action_id"] for block in told["blocks"] if block["type"] == "actions" for element in block["elements"]}
    assert {"explain", "history"} <= pressable
    assert "Last runs" in json.dumps(told["blocks"])


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("failing", {"Orders database"}),
        ("RED", {"Orders database"}),
        ("needs attention", {"Orders database"}),
        ("fine", {"Customer database"}),
        ("database", {"Orders database", "Customer database"}),
        ("Database", {"Orders database", "Customer database"}),
        ("@sam", {"Orders database"}),
        ("sam@example.com", {"Orders database"}),
        ("<mailto:sam@example.com|sam@example.com>", {"Orders database"}),
        ("<@U123|sam>", {"Orders database"}),
        ("all", {"Orders database", "Customer database"}),
    ],
)
def test_status_of_a_state_a_group_or_an_owner_lists_just_those(door: Door, typed: str, shown: set[str]) -> None:
    row = {"schedule": "daily 02:00", "group": "database"}
    jobs = (
        orders(row={**row, "name": "Orders database"}),
        replace(CRM, row={**row, "name": "Customer database"}, owner_user="U9"),
    )
    door.pressed.replies["board"] = (jobs[0], replace(jobs[1], recipients=("kim@example.com",)))
    told = said(door, f"status {typed}")
    drawn = json.dumps(told["blocks"])
    assert {name for name in ("Orders database", "Customer database") if name in drawn} == shown
    assert told["text"].startswith(f"{len(shown)} backup")


def test_a_person_is_known_by_their_address_where_nobody_wrote_their_id_down(door: Door) -> None:
    door.pressed.replies |= {
        "board": (orders(owner_user=""),),
        "person": Member(user_id="U77", email="sam@example.com", name="Sam"),
    }
    assert said(door, "status <@U77>")["text"] == "1 backup of <@U77>"
    door.pressed.replies["person"] = None
    assert "owns no backup" in said(door, "status <@U78>")["text"]


def test_an_owner_who_is_several_people_is_asked_for(door: Door) -> None:
    jobs = (orders(recipients=("sam@example.com",)), replace(CRM, recipients=("sam@other.example",)))
    door.pressed.replies["board"] = jobs
    told = said(door, "status @sam")
    assert [button["value"] for button in told["blocks"][1]["elements"]] == ["status sam@example.com", "status sam@other.example"]


def test_a_job_that_is_called_like_a_state_is_the_job(door: Door) -> None:
    door.pressed.replies["board"] = (orders(job_id="fine"), CRM)
    assert said(door, "status fine")["text"] == ":red_circle: Orders database has no fresh backup"


def test_a_group_that_is_mistyped_is_offered(door: Door) -> None:
    door.pressed.replies["board"] = (orders(row={"name": "Orders", "group": "finance"}),)
    told = said(door, "status finnance")
    assert "Did you mean finance?" in told["text"]
    assert [button["value"] for button in told["blocks"][1]["elements"]] == ["status finance"]


# --- one job -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["explain", "history", "status", "check", "snooze", "mute", "unmute", "key"])
def test_a_name_that_several_have_is_asked_for_with_a_button_for_each(door: Door, word: str) -> None:
    door.pressed.replies["board"] = (orders(), CRM)
    told = said(door, f"{word} data")
    assert "could be" in told["text"]
    (_, actions) = told["blocks"]
    assert {button["value"] for button in actions["elements"]} == {f"{word} orders-db", f"{word} crm-db"}
    assert [name for name, _ in door.pressed.asked if name != "board"] == []


def test_pressing_what_was_meant_goes_on_with_the_command_in_the_questions_place(door: Door) -> None:
    door.pressed.replies["board"] = (orders(), CRM)
    press = press_in_message(door.outside, "meant_1", value="status crm-db")
    press["container"]["is_ephemeral"] = True
    assert door.interact(press)["statusCode"] == 200
    (answer,) = door.outside.named("/response")
    assert "Customer database" in answer["text"]
    assert answer["replace_original"] is True


def test_a_key_that_was_to_be_exchanged_still_is_once_it_is_clear_whose(door: Door) -> None:
    door.pressed.replies["board"] = (orders(), CRM)
    values = [button["value"] for button in said(door, "key data rotate")["blocks"][1]["elements"]]
    assert values == ["key orders-db rotate", "key crm-db rotate"]


def test_what_was_meant_opens_its_form_with_the_press(door: Door) -> None:
    door.pressed.replies |= {"board": (orders(),), "snooze_form": snooze_form()}
    door.interact(press_in_message(door.outside, "meant_0", value="snooze orders-db"))
    (opened,) = door.outside.named("views.open")
    assert opened["view"]["callback_id"] == "snooze"
    assert door.outside.named("/response") == []


@pytest.mark.parametrize(("typed", "callback"), [("snooze orders", "snooze"), ("mute orders-db", "mute")])
def test_quiet_is_asked_for_by_the_same_forms_as_of_the_buttons(door: Door, typed: str, callback: str) -> None:
    door.pressed.replies |= {"board": (orders(),), "snooze_form": snooze_form(), "mute_form": MUTE_FORM}
    assert said(door, typed) == {}
    (opened,) = door.outside.named("views.open")
    assert opened["view"]["callback_id"] == callback
    assert problems_of_view(opened["view"]) == []


@pytest.mark.parametrize("word", ["snooze", "mute"])
def test_who_may_not_silence_a_job_is_told_who_could(door: Door, word: str) -> None:
    no = Reply(kind="refused", text="Only sam@example.com, or an approver, can do that.")
    door.pressed.replies |= {"board": (orders(),), "snooze_form": no, "mute_form": no}
    assert said(door, f"{word} orders-db")["text"] == no.text


def test_unmute_says_that_it_speaks_again(door: Door) -> None:
    door.pressed.replies["board"] = (orders(muted=True),)
    assert said(door, "unmute orders-db")["text"] == "It speaks again, and is looked at now."
    ((_, press),) = [fact for fact in door.pressed.asked if fact[0] == "unmute"]
    assert (press.job_id, press.user_id, press.break_id) == ("orders-db", "U1", "")


def test_explain_says_why_and_offers_the_history(door: Door) -> None:
    door.pressed.replies |= {"board": (orders(),), "explain": explained(orders())}
    for word in ("explain", "why"):
        told = said(door, f"{word} orders")
        assert told["text"] == ":red_circle: Orders database has no fresh backup"
        assert "Is it recent?* no" in json.dumps(told["blocks"])
    assert ("explain", ("orders-db", SAM)) in door.pressed.asked


def test_history_lists_runs_and_acts_and_turns_its_pages_in_place(door: Door) -> None:
    acts = tuple(AuditEntry(subject="orders-db", at=NOW - timedelta(days=day), action="snooze", by="U123") for day in range(20))
    door.pressed.replies |= {"board": (orders(),), "history": History(standing=orders(), acts=acts)}
    told = said(door, "history orders")
    assert "page 1 of 2" in json.dumps(told["blocks"])
    (older,) = told["blocks"][-1]["elements"]
    press = press_in_message(door.outside, older["action_id"], value=older["value"])
    press["container"]["is_ephemeral"] = True
    door.interact(press)
    (answer,) = door.outside.named("/response")
    assert "page 2 of 2" in json.dumps(answer["blocks"])
    assert answer["replace_original"] is True


# --- check -------------------------------------------------------------------------------------------


def test_check_asks_for_a_look_whose_answer_comes_by_the_same_way(door: Door) -> None:
    door.pressed.replies["board"] = (orders(), CRM)
    assert said(door, "check orders")["text"] == "Looking at it now."
    ((_, (job_ids, asker, to)),) = [fact for fact in door.pressed.asked if fact[0] == "check"]
    assert (job_ids, asker) == (("orders-db",), SAM)
    assert to == AnswerTo(response_url=f"{door.outside.url}response", id="1.2.3")


def test_check_of_a_group_asks_for_those_that_are_the_askers(door: Door) -> None:
    jobs = [orders(job_id=f"job-{number}", row={"name": f"Job {number}", "group": "finance"}) for number in range(3)]
    door.pressed.replies["board"] = (*jobs[:2], replace(jobs[2], recipients=("kim@example.com",), owner_user="U9"))
    door.pressed.replies["home"] = board(*door.pressed.replies["board"])
    said(door, "check finance")
    ((_, (job_ids, _, _)),) = [fact for fact in door.pressed.asked if fact[0] == "check"]
    assert job_ids == ("job-0", "job-1")


def test_check_alone_asks_what_to_look_at(door: Door) -> None:
    assert said(door, "check")["text"].startswith("Say what to look at")


@pytest.mark.parametrize("text", ["status", "status x", "key orders-db"])
def test_a_guest_learns_nothing(door: Door, text: str) -> None:
    door.pressed.replies["board"] = REFUSED
    assert said(door, text)["text"] == REFUSED.text


def test_a_command_from_another_workspace_is_not_carried_out(door: Door) -> None:
    assert door.command("add x", team="T2")["statusCode"] == 200
    assert door.pressed.asked == []
