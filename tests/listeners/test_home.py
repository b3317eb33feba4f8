"""App Home: what is wrong first, filtered, paged, within Slack's limits."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.slack.views import check_view
from listeners import board_choice
from listeners.board_choice import Choice, mark
from listeners.home import BYTES_MAX, home_view, notice_view
from tests.listeners.block_limits import problems_of_view
from tests.listeners.made import ANA, NOW, SAM, STANDINGS, ZONE, answered, board, orders, run
from tests.listeners.proposed import PROPOSALS
from workflows.backup.board import Board
from workflows.backup.findings import Finding
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json
from workflows.kernel.rights import Viewer


def fine(name: str = "Website", **changes: Any) -> Standing:
    row = {"name": name, **changes.pop("row", {})}
    usual: dict[str, Any] = {"state": "all_green", "level": "green", "findings": (), "break_id": "", "runs": (run(0.25),)}
    return orders(job_id=name.replace(" ", "-"), row=row, **(usual | changes))


def drawn(seen: Board, choice: Choice | None = None, *, notice: str = "") -> Json:
    view = home_view(seen, choice or Choice(), now=NOW, zone=ZONE, notice=notice)
    assert problems_of_view(view) == []
    assert check_view(view) == []
    return view


def texts(*standings: Standing, choice: Choice | None = None, notice: str = "", viewer: Viewer = SAM) -> list[str]:
    return said(drawn(board(*standings, viewer=viewer), choice, notice=notice))


def said(view: Json) -> list[str]:
    return [block["text"]["text"] for block in view["blocks"] if "text" in block]


def jobs(view: Json) -> list[str]:
    return [text for text in said(view) if text.startswith(":") and not text.partition("  ")[2].find("*")]


def elements(view: Json) -> Iterator[Json]:
    for block in view["blocks"]:
        yield from block.get("elements", ()) if block["type"] == "actions" else ()
        yield from [block["accessory"]] if "accessory" in block else ()


def menu_of(view: Json, action_id: str) -> Json:
    return next(element for element in elements(view) if element.get("action_id") == action_id)


def test_it_counts_first_and_then_tells_what_is_wrong_before_what_is_fine() -> None:
    lines = texts(fine(), orders())
    assert lines[:3] == ["Backups", ":red_circle: *1* failing    :large_green_circle: *1* fine", "Needs attention"]
    assert lines[3].startswith(":red_circle:  *Orders database* has no fresh backup\n")
    assert lines[4] == "Fine"
    assert lines[5].startswith(":large_green_circle:  *Website*  6 h ago · 400 MB")


def test_what_is_wrong_tells_its_finding_its_last_runs_its_age_size_and_owner() -> None:
    first, finding, small = texts(orders())[3].split("\n")
    assert first.endswith("has no fresh backup")
    assert "never be older than 26 h" in finding
    for fact in ("✗✗", "3 d old", "410 MB", "<@U123>", "since "):
        assert fact in small


def test_the_worst_comes_first_and_muted_jobs_are_not_hidden() -> None:
    muted = orders(job_id="m", row={"name": "Muted"}, muted=True, answer=answered("mute"))
    worst = orders(job_id="e", row={"name": "Zebra"}, state="escalate")
    lines = "\n".join(texts(muted, orders(), worst))
    assert lines.index("*Zebra*") < lines.index("*Orders database*") < lines.index("*Muted*")


def test_only_jobs_that_need_an_answer_have_buttons() -> None:
    view = drawn(board(fine(), orders(), orders(job_id="m", muted=True)))
    offered = [[button["action_id"] for button in block["elements"]] for block in view["blocks"] if block["type"] == "actions"]
    assert offered == [["board_refresh"], ["mark_fixed", "snooze", "mute"], ["unmute"]]


def test_what_somebody_may_not_do_is_not_offered() -> None:
    kim = replace(SAM, member=replace(SAM.member, user_id="U5", email="kim@example.com"))
    view = drawn(board(orders(), viewer=kim))
    assert [block["elements"][0]["action_id"] for block in view["blocks"] if block["type"] == "actions"] == ["board_refresh"]
    options = [option["text"]["text"] for option in menu_of(view, "job_menu")["options"]]
    assert options == ["Details", "Why this verdict", "History", "Edit…"]


def test_an_approver_may_act_on_every_job() -> None:
    assert "mark_fixed" in [element.get("action_id") for element in elements(drawn(board(orders(), viewer=ANA)))]


def test_the_three_dots_hold_what_has_no_button_beside_the_job() -> None:
    def options(standing: Standing) -> list[str]:
        return [option["text"]["text"] for option in menu_of(drawn(board(standing)), "job_menu")["options"]]

    assert options(fine()) == ["Details", "Why this verdict", "Check now", "Mute…", "Edit…"]
    assert options(orders()) == ["Details", "Why this verdict", "Check now", "Edit…", "History"]
    shrank = Finding(test="right_size", level="alert", rule="shrank", says="It shrank.", at=NOW)
    assert "This size is right" in options(orders(findings=(shrank,)))


def test_a_muted_job_that_is_fine_can_still_be_unmuted() -> None:
    assert "unmute" in [element.get("action_id") for element in elements(drawn(board(fine(muted=True))))]


def test_a_job_that_never_ran_is_waiting_and_not_counted_fine() -> None:
    lines = texts(fine(), replace(fine("New"), state="waiting", runs=()))
    assert lines[1] == ":hourglass: *1* waiting for a first run    :large_green_circle: *1* fine"


def test_an_answer_stands_on_top() -> None:
    assert texts(orders(), notice="Only <@U1> may.")[1] == ":information_source:  Only <@U1> may."


def test_the_view_for_a_guest_is_one_slack_takes() -> None:
    assert problems_of_view(notice_view("Guests see nothing.")) == []
    assert problems_of_view(notice_view("")) == []


def test_a_snooze_that_is_over_counts_as_failing_again() -> None:
    assert "*1* failing" in texts(orders(snooze_until=NOW - timedelta(hours=1)))[1]


def test_while_nothing_is_watched_it_says_how_the_first_backup_gets_in() -> None:
    view = home_view(board(), now=NOW, zone=ZONE, sheet_url="https://docs.google.com/spreadsheets/d/1x/edit")
    lines = "\n".join(said(view))
    for way in ("No backup is watched yet", "docs.google.com/spreadsheets/d/1x", "By mail", "heartbeat", "/backup key"):
        assert way in lines
    assert menu_of(view, "job_add")["style"] == "primary"
    assert check_view(view) == []


def test_what_waits_for_approval_is_named_with_the_way_to_it() -> None:
    waiting = tuple(PROPOSALS.values())[:5]
    view = drawn(board(orders(), proposals=waiting))
    (line,) = [text for text in said(view) if text.startswith(":inbox_tray:")]
    assert line.startswith(":inbox_tray:  *5 backups wait for approval*")
    assert line.endswith("and 2 more")
    assert view_action(view, "See them")


def view_action(view: Json, words: str) -> str:
    return str(next(element["action_id"] for element in elements(view) if element.get("text", {}).get("text") == words))


def test_proposals_that_cannot_be_read_do_not_hide_the_jobs() -> None:
    view = drawn(board(orders(), proposals=None))
    assert "could not be read" in json.dumps(view)
    assert jobs(view)


# --- menus, search, pages --------------------------------------------------------------------------


def fleet() -> list[Standing]:
    database = {"group": "Database"}
    return [
        orders(row={"name": "Orders database", **database}),
        orders(job_id="crm", row={"name": "CRM", **database}, state="warn", recipients=("kim@example.com",)),
        *(fine(f"Website {number}", row={"group": "Web"}, recipients=("kim@example.com",)) for number in range(6)),
        orders(job_id="old", row={"name": "Old"}, state="off_list"),
    ]


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        (Choice(state="alert"), ["Orders database"]),
        (Choice(state="warn"), ["CRM"]),
        (Choice(state="attention"), ["Orders database", "CRM"]),
        (Choice(owner="mine"), ["Orders database"]),
        (Choice(group=mark("database")), ["Orders database", "CRM"]),
        (Choice(owner=mark("KIM@example.com"), group=mark("database")), ["CRM"]),
        (Choice(words="site 3"), ["Website 3"]),
        (Choice(words="nothing like it"), []),
        (Choice(state="off_list"), ["Old"]),
    ],
)
def test_the_board_is_narrowed_by_state_owner_group_and_words(choice: Choice, names: list[str]) -> None:
    view = drawn(board(*fleet()), choice)
    assert [line.split("*")[1] for line in jobs(view)] == names
    assert any(text.startswith(f":mag:  {len(names)} of 8 backups") for text in said(view))
    assert view_action(view, "Show all") == "board_everything"
    assert board_choice.read(view["private_metadata"]) == choice


def test_menus_say_how_many_there_are_and_what_is_chosen() -> None:
    view = drawn(board(*fleet()), Choice(state="alert", owner="mine"))
    state, owner, group = (menu_of(view, name) for name in ("board_state", "board_owner", "board_group"))
    labels = [option["text"]["text"] for option in state["options"]]
    assert labels == ["Any state", "Needs attention (2)", "Failing (1)", "Warning (1)", "Fine (6)", "No longer listed (1)"]
    assert state["initial_option"]["value"] == "alert"
    assert [option["text"]["text"] for option in owner["options"]][:3] == ["Anyone's", "Mine (1)", "kim@example.com (7)"]
    assert owner["initial_option"]["value"] == "mine"
    assert [option["text"]["text"] for option in group["options"]] == ["Any group", "Web (6)", "Database (2)"]


def test_a_new_choice_has_new_menus_or_slack_would_show_the_old_one() -> None:
    def block_id(choice: Choice) -> str:
        view = drawn(board(*fleet()), choice)
        return str(next(block["block_id"] for block in view["blocks"] if block.get("block_id", "").startswith("menus")))

    assert block_id(Choice()) != block_id(Choice(state="alert"))
    assert block_id(Choice(state="alert")) == block_id(Choice(state="alert"))


def test_few_jobs_need_no_menus() -> None:
    ids = [element.get("action_id") for element in elements(drawn(board(orders(), fine())))]
    assert "board_state" not in ids
    assert "board_refresh" in ids


def test_the_metadata_of_an_earlier_version_is_no_choice() -> None:
    for metadata in ("", "{", "[]", "null", '{"s": "x", "f": "y"}', '{"f": -3}', None, 7):
        assert board_choice.read(metadata) == Choice()


@pytest.mark.thorough
def test_five_hundred_jobs_are_turned_through_page_by_page_and_none_is_left_out() -> None:
    seen = board(
        *(orders(job_id=f"t{number}", row={"name": f"Broken {number:03}"}) for number in range(60)),
        *(fine(f"Fine {number:03}") for number in range(440)),
    )
    names, choice, pages = [], Choice(), 0
    while True:
        view = home_view(seen, choice, now=NOW, zone=ZONE)
        pages += 1
        names += [line.split("*")[1] for line in jobs(view)]
        later = [element for element in elements(view) if element.get("action_id") == "board_later"]
        if not later:
            break
        choice = replace(choice, first=int(later[0]["value"]))
    assert names == [f"Broken {number:03}" for number in range(60)] + [f"Fine {number:03}" for number in range(440)]
    assert pages == 12
    assert check_view(view) == []
    earlier = next(element for element in elements(view) if element.get("action_id") == "board_earlier")
    assert int(earlier["value"]) < choice.first


def test_a_page_that_is_no_longer_there_is_the_last_one() -> None:
    view = drawn(board(*(fine(f"Fine {number:03}") for number in range(60))), Choice(first=9999))
    assert [line.split("*")[1] for line in jobs(view)] == [f"Fine {number:03}" for number in range(50, 60)]


@pytest.mark.parametrize("character", ["👩", *(pytest.param(one, marks=pytest.mark.thorough) for one in "ש&x∗")])
def test_the_longest_names_in_any_alphabet_stay_below_what_slack_takes(character: str) -> None:
    long = character * 300
    finding = Finding(test="recent", level="alert", rule="other", says=long, at=NOW)
    worst = [
        orders(
            job_id=f"{character if character == 'ש' else 'x'}" * 76 + f"{number:03}",
            row={"name": f"{long}{number}", "group": f"{long}{number}", "owner_email": long},
            recipients=(f"{long}{number}",),
            findings=(finding,),
        )
        for number in range(80)
    ]
    troubles = tuple(
        {"about": about, "count": 30, "items": [{"row": 1, "line": 1, "problem": long[:200], "fix": long[:200]}] * 8}
        for about in ("list_errors", "rules_errors", "voice_errors")
    )
    view = drawn(board(*worst, viewer=ANA, troubles=troubles), Choice(words="", first=30), notice=long * 9)
    assert len(json.dumps(view)) <= BYTES_MAX
    assert len(jobs(view)) >= 10


# --- the foot --------------------------------------------------------------------------------------


def small_print(view: Json) -> str:
    return " ".join(element["text"] for block in view["blocks"] if block["type"] == "context" for element in block["elements"])


def test_the_foot_tells_the_last_check_and_the_next_deadline() -> None:
    seen = board(
        fine(due=NOW + timedelta(hours=3)), orders(due=NOW + timedelta(minutes=1)), checked_at=NOW - timedelta(minutes=11)
    )
    small = small_print(drawn(seen))
    assert "last check of all at" in small
    assert "next deadline at" in small
    assert "*Website*" in small
    assert "2 backups" in small
    assert "never checked yet" in small_print(drawn(board(fine())))


def test_a_span_that_nobody_observes_is_said_at_once() -> None:
    spans = ({"mode": "fast", "from": NOW.isoformat()}, {"mode": "slow", "from": NOW.isoformat()})
    lines = "\n".join(said(drawn(board(fine(), blind=spans))))
    assert "*Nobody looks.* The last check of all backups was" in lines
    assert "weekly and monthly backups" in lines


def test_mistakes_in_the_list_are_told_in_full_to_those_who_can_mend_them() -> None:
    detail = {"about": "list_errors", "count": 1, "items": [{"row": 4, "column": "window", "problem": "26hours?", "fix": "26h"}]}
    lines = "\n".join(said(drawn(board(fine(), viewer=ANA, troubles=(detail,)))))
    assert "*1 mistake* in the job list" in lines
    assert "row 4, window" in lines
    assert "26h" in lines


def drawn_by_chance(standings: list[Standing], state: Any, words: str) -> None:
    unique = [replace(standing, job_id=f"job-{number}") for number, standing in enumerate(standings)]
    drawn(board(*unique), Choice(state=state, words=board_choice.tidied(words)))


BY_CHANCE = given(st.lists(STANDINGS, max_size=4), st.sampled_from(["", "attention", "muted", "off_list"]), st.text(max_size=30))


@settings(max_examples=4, deadline=None)
@BY_CHANCE
def test_whatever_a_sheet_or_a_tool_says_slack_takes_the_board(standings: list[Standing], state: Any, words: str) -> None:
    drawn_by_chance(standings, state, words)


@pytest.mark.thorough
@settings(max_examples=int(os.environ.get("FUZZ_EXAMPLES", "60")), deadline=None)
@BY_CHANCE
def test_whatever_comes_in_its_place_slack_takes_the_board_too(standings: list[Standing], state: Any, words: str) -> None:
    drawn_by_chance(standings, state, words)
