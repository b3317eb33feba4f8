"""`/backup`, typed in any way, through the front door."""

import json
from typing import Any

import pytest

from tests.listeners.block_limits import problems_of_blocks, problems_of_view
from tests.listeners.door import Door
from tests.listeners.made import orders
from tests.listeners.proposed import from_mail
from workflows.backup.row_form import RowForm
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
    for usage in ("status [job]", "add [name]", "edit job", "proposals", "key job", "help"):
        assert f"`/backup {usage}`" in json.dumps(told["blocks"])


@pytest.mark.parametrize(("typed", "meant"), [("stats", "status"), ("propsals x", "proposals"), ("keys", "key"), ("ad", "add")])
def test_a_word_it_does_not_know_is_answered_with_what_is_near(door: Door, typed: str, meant: str) -> None:
    told = said(door, typed)
    assert f"Did you mean `/backup {meant}`?" in told["text"]
    assert "It knows status, add, edit, proposals, key and help." in told["text"]
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
    assert "‹!channel›" in said(door, "key <!channel>")["text"]
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


def test_status_counts_and_names_what_is_wrong_first(door: Door) -> None:
    door.pressed.replies["board"] = (CRM, orders())
    told = said(door, "status")
    assert told["text"] == ":red_circle: 1 failing :large_green_circle: 1 fine"
    assert "*Orders database* has no fresh backup" in told["blocks"][1]["text"]["text"]
    assert len(told["blocks"]) == 2


def test_status_of_many_stays_within_one_message(door: Door) -> None:
    door.pressed.replies["board"] = tuple(orders(job_id=f"job-{number}") for number in range(40))
    assert "and 30 more that need attention" in json.dumps(said(door, "status")["blocks"])


def test_status_of_one_job_is_its_own_card(door: Door) -> None:
    door.pressed.replies["board"] = (CRM, orders())
    assert said(door, "status orders")["text"] == ":red_circle: Orders database has no fresh backup"


@pytest.mark.parametrize("text", ["status", "status x", "key orders-db"])
def test_a_guest_learns_nothing(door: Door, text: str) -> None:
    door.pressed.replies["board"] = REFUSED
    assert said(door, text)["text"] == REFUSED.text


def test_a_command_from_another_workspace_is_not_carried_out(door: Door) -> None:
    assert door.command("add x", team="T2")["statusCode"] == 200
    assert door.pressed.asked == []
