"""The details of one job: all of it, with all that can be done, whatever it is called."""

import json
from datetime import timedelta
from typing import Any

from hypothesis import given, settings

from infra.local.slack.views import check_view
from listeners.details import details_modal
from tests.listeners.block_limits import problems_of_view
from tests.listeners.made import NOW, STANDINGS, ZONE, answered, job_view, orders, run
from workflows.backup.evidence import Unseen
from workflows.backup.findings import Finding
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json


def drawn(standing: Standing, *, may: bool = True, **how: Any) -> Json:
    view = details_modal(job_view(standing, may=may), now=NOW, zone=ZONE, **how)
    assert problems_of_view(view) == []
    assert check_view(view) == []
    return view


def text(view: Json) -> str:
    parts = [block["text"]["text"] for block in view["blocks"] if "text" in block]
    parts += [field["text"] for block in view["blocks"] for field in block.get("fields", ())]
    parts += [element["text"] for block in view["blocks"] if block["type"] == "context" for element in block["elements"]]
    return "\n".join(parts)


def buttons(view: Json) -> list[str]:
    return [button["action_id"] for block in view["blocks"] if block["type"] == "actions" for button in block["elements"]]


def finding(rule: str, says: str, **other: Any) -> Finding:
    return Finding(test="right_size", level="alert", rule=rule, says=says, at=NOW, **other)


def test_every_finding_is_told_with_its_limit_and_where_that_was_set() -> None:
    wrong = (
        finding("shrank", "It is 80 MB; usually it is about 400 MB.", threshold="60% smaller", set_in="[group database]"),
        finding("under_min_size", "It is 80 MB; it should be at least 100 MB.", threshold="100 MB", set_in="row"),
    )
    said = text(drawn(orders(findings=wrong)))
    assert "usually it is about 400 MB" in said
    assert "_The limit is 60% smaller, set in [group database]._" in said
    assert "_The limit is 100 MB, set in its row._" in said


def test_the_last_runs_stand_in_columns_the_newest_first() -> None:
    said = text(drawn(orders(runs=(run(3), run(2, outcome="failed", size=None), run(1, 0), run(0.5, 1000)))))
    lines = said.split("```")[1].split("\n")
    assert [line.split()[-1] for line in lines] == ["ok", "empty", "failed", "ok"]
    assert all(len(line) < 45 for line in lines)
    assert "400 MB" in lines[-1]


def test_who_answered_and_since_when_stands_below() -> None:
    said = text(drawn(orders(snooze_until=NOW + timedelta(days=1), answer=answered("snooze", reason="new disk"))))
    assert "broken since" in said
    assert "snoozed by" in said
    assert "new disk" in said


def test_the_numbers_say_what_is_expected() -> None:
    row = {"name": "Orders", "schedule": "daily 02:00", "min_size": "100MB", "group": "database", "what": "nightly dump"}
    said = text(drawn(orders(row=row)))
    for fact in ("daily 02:00", "100MB", "database", "nightly dump", "*Next run by*", "*Owner*", "`orders-db`"):
        assert fact in said


def test_all_that_can_be_done_is_offered_to_those_who_may() -> None:
    shrank = orders(findings=(finding("shrank", "It shrank."),))
    assert buttons(drawn(shrank)) == ["mark_fixed", "snooze", "check", "mute", "explain", "history", "size_right", "job_edit"]
    assert buttons(drawn(shrank, may=False)) == ["explain", "history", "job_edit"]
    assert buttons(drawn(orders(muted=True)))[:4] == ["mark_fixed", "snooze", "check", "unmute"]
    assert buttons(drawn(orders(state="all_green", findings=())))[:2] == ["check", "mute"]


def test_a_place_that_cannot_be_read_is_told() -> None:
    unseen = (Unseen(target="s3://acme/x/", error="AccessDenied", since=NOW),)
    assert "AccessDenied" in text(drawn(orders(state="not_observed", findings=(), unseen=unseen)))


def test_the_whole_of_a_long_name_is_here() -> None:
    name = "Orders " * 40
    assert name.strip() in text(drawn(orders(row={"name": name})))


def test_it_remembers_its_job_and_the_board_behind_it() -> None:
    view = drawn(orders(), home='{"s": "alert"}', notice="Looking now.")
    assert json.loads(view["private_metadata"]) == {"job_id": "orders-db", "home": '{"s": "alert"}'}
    assert view["blocks"][0]["text"]["text"] == ":information_source:  Looking now."


@settings(max_examples=10, deadline=None)
@given(STANDINGS)
def test_whatever_a_sheet_or_a_tool_says_slack_takes_the_details(standing: Standing) -> None:
    drawn(standing)
    drawn(standing, may=False)
