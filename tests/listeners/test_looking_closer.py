"""Explanations, histories and answers to checks as people see them: within Slack's limits, and true, whatever a job is like."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listeners.board_choice import Choice
from listeners.explain_view import explain_message, explain_modal
from listeners.history_view import history_message, history_modal
from listeners.status_view import board_status, checked_message, job_status, list_status
from tests.listeners.block_limits import problems_of_message, problems_of_view
from tests.listeners.door import Door, press_in_home, press_in_message
from tests.listeners.made import MOMENTS, NASTY, NOW, STANDINGS, TARGET, ZONE, answered, board, explained, job_view, orders, run
from workflows.backup.evidence import Unseen
from workflows.backup.explain import explain
from workflows.backup.findings import Finding
from workflows.backup.rules import Rules, parse_rules
from workflows.backup.standing import Standing
from workflows.backup.viewing import History
from workflows.kernel.ports import AuditEntry
from workflows.kernel.proposals import Asker
from workflows.kernel.reply import Reply

ROW = {
    "name": "Orders database",
    "schedule": "daily 02:00",
    "window": "26h",
    "target": "s3://acme-backups/orders/",
    "timezone": ZONE,
}
UNSEEN = (Unseen(target=TARGET, error="AccessDenied", since=NOW),)
PENDING = orders(row=ROW, state="pending_fixed", fixed_until=NOW + timedelta(hours=14), answer=answered("fixed"))
ENTRIES = st.builds(
    AuditEntry,
    subject=st.just("orders-db"),
    at=MOMENTS,
    action=st.sampled_from(["opened", "snooze", "refused", "key_rotate", "something_new"]) | NASTY.filter(bool),
    by=st.sampled_from(["checker", "U123", "ana@example.com"]) | NASTY,
    after=st.sampled_from([{}, {"asked": "mute"}]),
    why=NASTY,
)
GOOD_ROWS = st.sampled_from(
    [
        ROW,
        {**ROW, "target": f"{TARGET} heartbeat", "layout": "restic"},
        {**ROW, "target": "heartbeat report", "schedule": "", "min_size": "5GB"},
        {**ROW, "critical": "yes"},
    ]
)


def drawn(blocks: Any) -> str:
    """All that is read, in one string."""
    return json.dumps(blocks, ensure_ascii=False)


def why(standing: Standing) -> str:
    return drawn(explain_message(explained(standing), now=NOW, zone=ZONE).blocks)


# --- whatever a job is like ---------------------------------------------------------------------------


@pytest.mark.thorough
@given(STANDINGS, GOOD_ROWS | st.just({}))
def test_every_explanation_fits_a_message_and_a_modal(standing: Standing, row: dict[str, str]) -> None:
    explanation = explain(replace(standing, row=row or standing.row), rules=Rules(), timezone=ZONE, now=NOW)
    assert problems_of_message(explain_message(explanation, now=NOW, zone=ZONE)) == []
    assert problems_of_view(explain_modal(explanation, now=NOW, zone=ZONE)) == []


@pytest.mark.thorough
@given(STANDINGS, st.lists(ENTRIES, max_size=40).map(tuple), st.integers(-3, 9))
def test_every_page_of_every_history_fits_a_message_and_a_modal(
    standing: Standing, acts: tuple[AuditEntry, ...], page: int
) -> None:
    history = History(standing=standing, acts=acts, more=len(acts) > 20)
    assert problems_of_message(history_message(history, now=NOW, zone=ZONE, page=page)) == []
    assert problems_of_view(history_modal(history, now=NOW, zone=ZONE, page=page)) == []


@pytest.mark.thorough
@settings(max_examples=50)
@given(st.lists(STANDINGS, max_size=4), st.dictionaries(NASTY.filter(bool), NASTY, max_size=3))
def test_every_status_and_every_answer_to_a_check_fits_a_message(standings: list[Standing], failed: dict[str, str]) -> None:
    jobs = [replace(one, job_id=f"job-{place}") for place, one in enumerate(standings)]
    seen = board(*jobs)
    for message in (
        board_status(seen, now=NOW, zone=ZONE),
        list_status(seen, Choice(), "all", now=NOW, zone=ZONE),
        checked_message(jobs, failed, now=NOW, zone=ZONE),
        *(job_status(job_view(one), now=NOW, zone=ZONE) for one in jobs[:1]),
    ):
        assert problems_of_message(message) == []


def test_five_hundred_jobs_are_one_message() -> None:
    seen = board(*(orders(job_id=f"job-{place}", row={**ROW, "name": "Ω" * 80}) for place in range(500)))
    for message in (board_status(seen, now=NOW, zone=ZONE), list_status(seen, Choice(), "all", now=NOW, zone=ZONE)):
        assert problems_of_message(message) == []


# --- what it says ------------------------------------------------------------------------------------


def test_it_answers_the_three_questions_by_their_names_before_anything_else() -> None:
    told = why(orders(row=ROW))
    assert [told.index(question) for question in ("Did it finish?", "Is it recent?", "Is it the right size?")] == sorted(
        told.index(question) for question in ("Did it finish?", "Is it recent?", "Is it the right size?")
    )
    assert "*Is it recent?* no" in told
    assert "*Did it finish?* yes" in told


def test_each_number_is_told_with_where_it_was_set() -> None:
    rules = parse_rules("[group database]\nmin_size: 100 MB\nshrink_warn: 20 %\n", config={})
    explanation = explain(orders(row={**ROW, "group": "database"}), rules=rules, timezone=ZONE, now=NOW)
    told = drawn(explain_message(explanation, now=NOW, zone=ZONE).blocks)
    assert "window 26 h (its row)" in told
    assert "min_size 100 MB (rules, `[group database]`)" in told
    assert "warning when 20% smaller (rules, `[group database]`)" in told
    assert "3 in a row, where sizes used to differ (built in)" in told


def test_the_evidence_is_told_with_its_time_and_its_size_to_the_byte_and_once_for_each_test() -> None:
    explanation = explained(orders(row=ROW))
    blocks = explain_message(explanation, now=NOW, zone=ZONE).blocks
    (asked,) = [place for place, block in enumerate(blocks) if "Is it recent?" in drawn(block)]
    recent = drawn(blocks[asked + 1])
    assert recent.count("410 MB (410,000,000 bytes)") == 1
    assert "3 d ago" in recent
    assert "`orders/2026-11-18.dump`" in recent


@pytest.mark.parametrize(
    ("standing", "says"),
    [
        (orders(row=ROW), "The next run is due"),
        (orders(row=ROW, state="all_green", findings=(), runs=(run(0.1),)), "*What keeps it green*"),
        (orders(row=ROW, state="waiting", findings=(), runs=()), "Its first good run."),
        (PENDING, "It is decided by"),
        (orders(row=ROW, snooze_until=NOW + timedelta(days=1), answer=answered("snooze")), "snoozed until"),
        (orders(row=ROW, muted=True, answer=answered("mute")), "muted: still tested, says nothing"),
        (
            orders(row=ROW, state="not_observed", findings=(), unseen=UNSEEN),
            "That it can be read again",
        ),
        (orders(row=ROW, state="off_list"), "no longer on the job list"),
        (orders(row=ROW, baseline_from=NOW - timedelta(days=2)), "its size was said to be right"),
    ],
)  # fmt: skip
def test_it_says_what_lies_over_the_verdict_and_what_comes_next(standing: Standing, says: str) -> None:
    assert says in why(standing)


def test_the_last_sound_run_stands_beside_the_one_that_is_not() -> None:
    small = run(0.1, 90_000_000)
    finding = Finding(
        test="right_size",
        level="alert",
        rule="shrank",
        says="Small.",
        threshold="60% smaller",
        evidence=small.ref,
        target=small.target,
        at=small.at,
    )
    told = why(orders(row=ROW, findings=(finding,), runs=(*orders().runs, small)))
    assert "It was 410 MB, this one is 90 MB (78% smaller)." in told


def test_a_row_that_cannot_be_read_any_more_is_said_first() -> None:
    assert "Its numbers cannot be told just now: window:" in why(orders(row={**ROW, "window": "soon"}))


def test_a_history_tells_who_did_what_and_when() -> None:
    acts = (
        AuditEntry(subject="orders-db", at=NOW, action="snooze", by="U123", why="new disk"),
        AuditEntry(subject="orders-db", at=NOW, action="refused", by="U777", after={"asked": "mark_fixed"}, why="Only Sam."),
        AuditEntry(subject="orders-db", at=NOW, action="opened", by="checker", why="Too old."),
    )  # fmt: skip
    told = drawn(history_message(History(standing=orders(), acts=acts), now=NOW, zone=ZONE).blocks)
    assert "<@U123> snoozed it: new disk" in told
    assert "<@U777> was refused (mark fixed): Only Sam." in told
    assert "The check found it broken: Too old." in told


def test_each_run_says_in_words_how_it_ended() -> None:
    runs = (run(5, outcome="failed", note="disk full"), run(4, 0), run(3, outcome="warning"), run(2, gone=True), run(1))
    told = drawn(history_message(History(standing=orders(runs=runs)), now=NOW, zone=ZONE).blocks)
    for words in ("failed  ", "empty  ", "with warnings  ", "no longer there", "ok  ", "disk full"):
        assert words in told


def test_the_kind_of_a_run_is_told_where_there_is_more_than_one() -> None:
    def told(*kinds: str) -> str:
        runs = tuple(run(days, kind=kind) for days, kind in enumerate(kinds, start=1))
        return drawn(history_message(History(standing=orders(runs=runs)), now=NOW, zone=ZONE).blocks)

    assert "full" in told("full", "inc")
    assert "orders-#.dump" not in told("orders-#.dump", "orders-#.dump")


def test_an_answer_to_a_check_of_one_job_has_its_buttons_and_of_several_their_counts() -> None:
    one = checked_message([orders()], {}, now=NOW, zone=ZONE)
    assert one.text == ":red_circle: Orders database has no fresh backup, looked just now"
    assert one.blocks[-1]["type"] == "actions"
    fine = orders(job_id="crm-db", state="all_green", findings=())
    both = checked_message([orders(), fine], {"nas": "Throttled"}, now=NOW, zone=ZONE)
    assert both.text == "Looked just now. :red_circle: 1 failing :large_green_circle: 1 fine"
    assert "*nas* could not be looked at: Throttled" in drawn(both.blocks)


def test_a_check_of_what_has_left_the_list_says_so() -> None:
    assert "Nothing of what was asked for" in drawn(checked_message([], {}, now=NOW, zone=ZONE).blocks)


# --- pressed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["explain", "history"])
def test_a_press_in_a_message_and_on_the_board_opens_a_modal(door: Door, action: str) -> None:
    door.pressed.replies |= {"explain": explained(orders()), "history": History(standing=orders())}
    door.interact(press_in_message(door.outside, action))
    door.interact(press_in_home(door.outside, action))
    assert [view["view"]["title"]["text"] for view in door.outside.named("views.open")] == [
        {"explain": "Why", "history": "History"}[action]
    ] * 2
    assert (action, ("orders-db", Asker(user_id="U1", team_id="T1"))) in door.pressed.asked


def test_a_press_in_a_modal_lays_another_over_it_and_at_three_takes_its_place(door: Door) -> None:
    door.pressed.replies["history"] = History(standing=orders())
    press = press_in_home(door.outside, "history")
    press["view"] |= {"type": "modal", "id": "V9"}
    door.interact(press)
    assert len(door.outside.named("views.push")) == 1
    door.outside.answers["views.push"] = {"ok": False, "error": "push_limit_reached"}
    door.interact(press)
    (updated,) = door.outside.named("views.update")
    assert updated["view_id"] == "V9"


def test_a_page_is_turned_within_its_modal(door: Door) -> None:
    acts = tuple(AuditEntry(subject="orders-db", at=NOW, action="mute", by="U1") for _ in range(31))
    door.pressed.replies["history"] = History(standing=orders(), acts=acts)
    press = press_in_home(door.outside, "history_older", value="orders-db 1")
    press["view"] |= {"type": "modal", "id": "V9"}
    door.interact(press)
    (updated,) = door.outside.named("views.update")
    assert "page 2 of 3" in drawn(updated["view"])
    assert [button["action_id"] for button in updated["view"]["blocks"][-1]["elements"]] == ["history_newer", "history_older"]


@pytest.mark.parametrize("action", ["explain", "history"])
def test_who_may_not_see_it_is_told_so(door: Door, action: str) -> None:
    door.pressed.replies[action] = Reply(kind="refused", text="Guests do not see the backups of this workspace.")
    door.interact(press_in_message(door.outside, action))
    (said,) = door.outside.named("/response")
    assert said["text"] == "Guests do not see the backups of this workspace."


def test_a_modal_that_opens_too_late_is_said_in_words(door: Door) -> None:
    door.pressed.replies["explain"] = explained(orders())
    door.outside.answers["views.open"] = {"ok": False, "error": "expired_trigger_id"}
    door.interact(press_in_message(door.outside, "explain"))
    (said,) = door.outside.named("/response")
    assert said["text"] == "That took too long to open. Try it once more."
