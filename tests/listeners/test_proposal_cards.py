"""The card of a proposal, in all that can become of it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listeners.proposal_cards import proposal_card, waiting_card
from listeners.waiting_list import waiting_list
from tests.listeners.block_limits import problems_of_message
from tests.listeners.made import NASTY, NOW, ZONE
from tests.listeners.proposed import HOSTILE, LEARNED, NAMES, PROPOSALS, change, decided, from_heartbeat, from_mail
from workflows.kernel.ports import Message
from workflows.kernel.proposal import Proposal


def shown(proposal: Proposal) -> Message:
    return proposal_card(proposal, now=NOW, zone=ZONE, names=NAMES)


def story(message: Message) -> str:
    return str(message.blocks[0]["text"]["text"])


def fields(message: Message) -> dict[str, str]:
    pairs = [field["text"].split("\n", 1) for block in message.blocks for field in block.get("fields", ())]
    return {label.strip("*"): value for label, value in pairs}


def small_print(message: Message) -> str:
    return " | ".join(part["text"] for block in message.blocks if block["type"] == "context" for part in block["elements"])


def elements(message: Message) -> list[dict[str, Any]]:
    accessories = [block["accessory"] for block in message.blocks if "accessory" in block]
    return accessories + [part for block in message.blocks if block["type"] == "actions" for part in block["elements"]]


def offered(message: Message) -> list[str]:
    return [element["action_id"] for element in elements(message)]


@pytest.mark.parametrize("name", PROPOSALS)
def test_slack_takes_each_card_and_its_text_is_one_line(name: str) -> None:
    card = shown(PROPOSALS[name])
    assert problems_of_message(card) == []
    assert card.text.strip()
    assert "\n" not in card.text


def test_a_proposal_shows_the_row_it_would_add_and_what_was_learned() -> None:
    card = shown(from_mail())
    assert card.text == ":inbox_tray: Watch Nightly VMs?"
    assert "A report from Veeam arrived; the job is not on the list." in story(card)
    assert fields(card) == {
        "Name": "Nightly VMs",
        "What": "14 virtual machines on esx-01",
        "Runs": "daily 22:00 (Asia/Singapore)",
        "Late after": "26 h",
        "At least": "1.5 TB",
        "Owner": "whoever owns group *servers*",
        "Told by": "its reports",
    }
    assert small_print(card) == LEARNED
    assert offered(card) == ["proposal_approve", "proposal_edit", "proposal_discard"]
    assert [element.get("style") for element in elements(card)] == ["primary", None, "danger"]
    assert {element["value"] for element in elements(card)} == {"mail-0123456789abcdef"}


def test_discard_asks_once_and_says_for_how_long() -> None:
    confirm = elements(shown(from_mail()))[2]["confirm"]
    assert confirm["title"]["text"] == "Discard Nightly VMs?"
    assert "90 days" in confirm["text"]["text"]


def test_a_heartbeat_names_the_id_it_came_with_and_who_is_told_while_it_has_no_owner() -> None:
    card = shown(from_heartbeat())
    assert "It checked in as `laptop-kim`, which is not on the list." in story(card)
    assert fields(card)["Owner"] == "the admin, until someone is named"
    assert fields(card)["Told by"] == "its check-ins"


def test_an_owner_who_is_named_is_shown_with_the_group() -> None:
    cells = {
        "name": "N",
        "target": "s3://acme/n/ heartbeat",
        "owner_email": "sam@example.com",
        "group": "servers",
        "window": "2d",
    }
    shown_fields = fields(shown(from_mail(cells=cells)))
    assert shown_fields["Owner"] == "sam@example.com (group *servers*)"
    assert shown_fields["Lands in"] == "`s3://acme/n/ heartbeat`"
    assert "Runs" not in shown_fields


def test_a_row_without_schedule_and_window_is_edited_before_it_is_approved() -> None:
    card = shown(PROPOSALS["without a rhythm"])
    assert fields(card)["Runs"] == "not known yet"
    assert offered(card)[:2] == ["proposal_edit", "proposal_approve"]
    assert elements(card)[0]["style"] == "primary"


def test_a_change_says_what_was_and_what_would_be() -> None:
    card = shown(change())
    assert card.text == ":inbox_tray: Change Orders database?"
    assert "<@U0KIM> asks for it." in story(card)
    assert fields(card) == {"Late after": "26h → *2d*", "At least": "400MB → _blank_", "Group": "_blank_ → *database*"}


def test_a_change_of_every_cell_shows_ten_and_counts_the_rest() -> None:
    many = {f"column {number}": "x" for number in range(13)}
    card = shown(change(cells=many, expected_old={}))
    assert len(fields(card)) == 10
    assert "and 3 more cells" in small_print(card)


def test_up_to_three_jobs_that_it_may_be_are_buttons() -> None:
    card = shown(PROPOSALS["perhaps one of three"])
    assert offered(card) == ["proposal_match"] * 3 + ["proposal_new", "proposal_discard"]
    assert elements(card)[0]["value"] == "mail-0123456789abcdef orders-db"
    assert card.blocks[3]["text"]["text"] == "*Orders database*  `orders-db`"
    assert fields(card)["Reports as"] == "Veeam · nas-02 · Nightly VMs"


def test_more_jobs_that_it_may_be_are_a_menu() -> None:
    card = shown(PROPOSALS["perhaps one of many"])
    assert offered(card) == ["proposal_match", "proposal_new", "proposal_discard"]
    menu = elements(card)[0]
    assert (menu["type"], len(menu["options"])) == ("static_select", 12)


def test_while_it_is_added_nothing_can_be_pressed_until_that_takes_too_long() -> None:
    adding, late = shown(PROPOSALS["adding"]), shown(PROPOSALS["adding for long"])
    assert adding.text == ":hourglass_flowing_sand: Adding… Nightly VMs"
    assert "Approved by <@U0ANA>, <!date^" in small_print(adding)
    assert offered(adding) == []
    assert late.text == ":warning: Still adding… Nightly VMs"
    assert "The sheet has not taken its row yet" in story(late)
    assert offered(late) == ["proposal_retry", "proposal_edit", "proposal_discard"]


def test_what_hinders_it_is_said_at_once() -> None:
    card = shown(PROPOSALS["hindered"])
    assert "The sheet has no column called target." in story(card)
    assert offered(card)[0] == "proposal_retry"


def test_a_pending_one_that_was_not_taken_says_why() -> None:
    assert ":warning:  Not done yet: A row with this id was typed" in story(shown(PROPOSALS["not taken"]))


def test_what_was_approved_says_by_whom_and_when_for_good() -> None:
    card = shown(PROPOSALS["added"])
    assert card.text == ":white_check_mark: Nightly VMs is watched from now on"
    assert "Added by <@U0ANA>, <!date^" in small_print(card)
    assert "|14:10>" in small_print(card)
    assert offered(card) == []


def test_a_job_that_checks_in_gets_its_key_from_the_card() -> None:
    (button,) = elements(shown(PROPOSALS["added with a key"]))
    assert (button["action_id"], button["value"]) == ("key_show", "laptop-kim hb-0123456789abcdef")
    assert offered(shown(decided(change(), "approved"))) == []


def test_what_was_discarded_stays_readable() -> None:
    card = shown(PROPOSALS["discarded"])
    assert card.text == ":wastebasket: Nightly VMs is not watched"
    assert "Discarded by <@U0ANA>" in small_print(card)
    assert "not proposed again for 90 days" in small_print(card)


def test_a_name_can_neither_mention_anyone_nor_open_markup_nor_turn_the_line_around() -> None:
    card = shown(from_mail(cells={"name": "<!channel> *x* \u202egnp", "target": "report", "window": "2d"}))
    assert "&lt;!channel&gt; ∗x∗ gnp" in story(card)
    assert "<!channel>" not in str([block for block in card.blocks if block["type"] != "actions"])
    assert "\u2068גיבוי\u2069" in story(shown(from_mail(cells={"name": "גיבוי"})))


# --- many at once ---------------------------------------------------------------------------------


def test_a_flood_is_one_card_that_names_some_and_counts_all() -> None:
    card = waiting_card([f"Job {number}" for number in range(20)], 314, now=NOW)
    assert card.text == ":inbox_tray: 314 more backups wait for approval"
    assert "_and 304 more_" in card.blocks[1]["text"]["text"]
    assert offered(card) == ["proposals_show"]


def test_the_card_of_a_flood_says_when_nobody_waits_any_more() -> None:
    card = waiting_card([], 0, now=NOW)
    assert "Nothing else waits" in card.text
    assert offered(card) == []


def test_what_waits_is_listed_with_the_way_to_each_card() -> None:
    posted = from_mail(channel="C1", ts="1700000000.000100")
    listed = waiting_list([posted, from_heartbeat(), decided(from_mail(), "approving")], domain="acme")
    lines = listed.blocks[1]["text"]["text"].split("\n")
    assert listed.text == ":inbox_tray: 3 backups wait for approval"
    assert "<https://acme.slack.com/archives/C1/p1700000000000100|its card>" in lines[0]
    assert "its card is on the way" in lines[1]
    assert "being added" in lines[2]
    assert waiting_list([], domain="acme").text == "Nothing waits for approval."


@settings(max_examples=25, deadline=None)
@given(HOSTILE)
def test_whatever_a_mail_says_slack_takes_the_card(proposal: Proposal) -> None:
    names = dict.fromkeys(proposal.candidates[:3], proposal.learned)
    card = proposal_card(proposal, now=NOW, zone=ZONE, names=names)
    assert problems_of_message(card) == []
    assert "\n" not in card.text
    assert problems_of_message(waiting_list([replace(proposal, channel="C1", ts="1.1")] * 30, domain="acme")) == []


@settings(max_examples=12, deadline=None)
@given(st.lists(NASTY, max_size=20), st.integers(0, 10**6))
def test_whatever_waits_is_called_slack_takes_the_card(names: list[str], count: int) -> None:
    assert problems_of_message(waiting_card(names, count, now=NOW)) == []
