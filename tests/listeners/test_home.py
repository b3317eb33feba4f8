"""App Home as a plain list."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from listeners.home import home_view, notice_view
from tests.listeners.block_limits import problems_of_view
from tests.listeners.made import NOW, STANDINGS, ZONE, answered, orders, run
from workflows.backup.standing import Standing


def fine(name: str = "Website", **changes: Any) -> Standing:
    return orders(job_id=name, row={"name": name}, state="all_green", findings=(), break_id="", runs=(run(0.25),), **changes)


def texts(*standings: Standing, notice: str = "") -> list[str]:
    view = home_view(standings, now=NOW, zone=ZONE, notice=notice)
    return [block["text"]["text"] for block in view["blocks"] if "text" in block]


def test_it_counts_first_and_then_tells_what_is_wrong_before_what_is_fine() -> None:
    lines = texts(fine(), orders())
    assert lines[:3] == ["Backups", ":red_circle: *1* failing    :large_green_circle: *1* fine", "Needs attention"]
    assert lines[3].startswith(":red_circle:  *Orders database* has no fresh backup\n")
    assert lines[4] == "Fine"
    assert lines[5].startswith(":large_green_circle:  *Website*  6 h ago · 400 MB")


def test_the_worst_comes_first_and_muted_jobs_are_not_hidden() -> None:
    muted = orders(job_id="m", row={"name": "Muted"}, muted=True, answer=answered("mute"))
    worst = orders(job_id="e", row={"name": "Zebra"}, state="escalate")
    lines = "\n".join(texts(muted, orders(), worst))
    assert lines.index("*Zebra*") < lines.index("*Orders database*") < lines.index("*Muted*")


def test_only_jobs_that_need_an_answer_have_buttons() -> None:
    view = home_view([fine(), orders(), orders(muted=True)], now=NOW, zone=ZONE)
    offered = [[button["action_id"] for button in block["elements"]] for block in view["blocks"] if block["type"] == "actions"]
    assert offered == [["mark_fixed", "snooze", "mute"], ["unmute"]]


def test_a_muted_job_that_is_fine_can_still_be_unmuted() -> None:
    view = home_view([fine(muted=True)], now=NOW, zone=ZONE)
    offered = [button["action_id"] for block in view["blocks"] if block["type"] == "actions" for button in block["elements"]]
    assert offered == ["unmute"]


def test_a_job_that_never_ran_is_waiting_and_not_counted_fine() -> None:
    assert texts(fine(), replace(fine("New"), state="waiting", runs=()))[1] == (
        ":hourglass: *1* waiting for a first run    :large_green_circle: *1* fine"
    )


def test_without_jobs_it_says_where_they_come_from() -> None:
    assert "No jobs yet" in texts()[1]


def test_a_thousand_jobs_fit_on_one_page_and_the_rest_is_counted() -> None:
    troubled = [orders(job_id=f"t{number}") for number in range(400)]
    calm = [fine(f"f{number}") for number in range(600)]
    view = home_view(troubled + calm, now=NOW, zone=ZONE)
    assert problems_of_view(view) == []
    said = [block["elements"][0]["text"] for block in view["blocks"] if block["type"] == "context"]
    assert said == ["and 365 more that need attention", "and 400 more"]


def test_an_answer_stands_on_top() -> None:
    assert texts(orders(), notice="Only <@U1> may.")[1] == ":information_source:  Only <@U1> may."


def test_the_view_for_a_guest_is_one_slack_takes() -> None:
    assert problems_of_view(notice_view("Guests see nothing.")) == []
    assert problems_of_view(notice_view("")) == []


def test_a_snooze_that_is_over_counts_as_failing_again() -> None:
    assert "*1* failing" in texts(orders(snooze_until=NOW - timedelta(hours=1)))[1]


@settings(max_examples=25, deadline=None)
@given(st.lists(STANDINGS, max_size=5))
def test_whatever_a_sheet_or_a_tool_says_slack_takes_the_board(standings: list[Standing]) -> None:
    assert problems_of_view(home_view(standings, now=NOW, zone=ZONE)) == []
