"""The living message of a break, in all its conditions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from listeners.cards import living_message, thread_line
from tests.listeners.block_limits import problems_of_message
from tests.listeners.made import NOW, STANDINGS, TARGET, ZONE, answered, orders, run, too_old
from workflows.backup.evidence import Unseen
from workflows.backup.findings import Finding
from workflows.backup.standing import Standing
from workflows.kernel.ports import Message


def shown(standing: Standing) -> Message:
    return living_message(standing, now=NOW, zone=ZONE)


def story(message: Message) -> str:
    return str(message.blocks[0]["text"]["text"])


def small_print(message: Message) -> str:
    return " | ".join(part["text"] for block in message.blocks if block["type"] == "context" for part in block["elements"])


def fields(message: Message) -> dict[str, str]:
    pairs = [field["text"].split("\n", 1) for block in message.blocks for field in block.get("fields", ())]
    return {label.strip("*"): value for label, value in pairs}


def buttons(message: Message) -> list[dict[str, Any]]:
    return [element for block in message.blocks if block["type"] == "actions" for element in block["elements"]]


def pressed(message: Message) -> list[str]:
    return [button["action_id"] for button in buttons(message)]


def test_an_alert_says_the_job_and_what_is_wrong_and_then_the_numbers() -> None:
    message = shown(orders())
    assert message.text == ":red_circle: Orders database has no fresh backup"
    assert story(message).startswith(":red_circle:  *Orders database* has no fresh backup\n")
    assert "The newest good one is *3 d old*. It should never be older than 26 h." in story(message)
    assert fields(message)["Runs"] == "daily 02:00 · 2 missed"
    assert fields(message)["Lands in"] == f"`{TARGET}`"
    assert fields(message)["Owner"] == "<@U123>"
    assert "Wed 18 Nov, 08:11> · 410 MB" in fields(message)["Last good run"]


@pytest.mark.parametrize(
    ("target", "told_by"),
    [("heartbeat", "its check-ins"), ("report", "its reports"), ("Heartbeat, report", "its check-ins and its reports")],
)
def test_what_is_only_told_of_lands_nowhere(target: str, told_by: str) -> None:
    message = shown(orders(row={"name": "Laptop", "target": target, "window": "26h"}))
    assert fields(message)["Told by"] == told_by
    assert "Lands in" not in fields(message)


def test_what_is_told_of_beside_what_lands_still_lands() -> None:
    message = shown(orders(row={"name": "Orders", "target": f"{TARGET} heartbeat"}))
    assert fields(message)["Lands in"] == f"`{TARGET} heartbeat`"


def test_the_age_is_counted_when_the_message_is_written_and_not_when_it_was_found() -> None:
    later = living_message(orders(), now=NOW + timedelta(days=2), zone=ZONE)
    assert "*5 d old*" in story(later)


def test_the_small_print_holds_the_last_runs_the_newest_file_and_when_it_looks_again() -> None:
    line = small_print(shown(orders()))
    assert "Last 14 runs  ▆▆▆▆▆▆▇▇▇▇▇▇✗✗" in line
    assert "<https://s3.console.aws.amazon.com/s3/object/acme-backups?prefix=orders%2F2026-11-18.dump|2026-11-18.dump>" in line
    assert "looks again at <!date^" in line
    assert "|15:11>" in line


def test_an_alert_offers_mark_fixed_first_then_snooze_and_mute_with_a_confirm() -> None:
    message = shown(orders())
    assert pressed(message) == ["mark_fixed", "snooze", "mute", "explain"]
    assert [button.get("style") for button in buttons(message)] == ["primary", None, None, None]
    assert buttons(message)[2]["confirm"]["title"]["text"] == "Mute Orders database?"
    assert {button["value"] for button in buttons(message)} == {"orders-db 20261120T0800-1"}


def test_an_escalation_names_who_is_told_beside_the_owner() -> None:
    message = shown(orders(state="escalate", escalated=True, recipients=("sam@example.com", "boss@example.com")))
    assert message.text == ":rotating_light: Orders database has no fresh backup, escalated"
    assert "boss@example.com told beside <@U123>" in story(message)


def test_an_escalation_is_said_even_over_an_earlier_mute_but_a_later_mute_is_shown() -> None:
    muted = orders(state="escalate", escalated=True, muted=True, answer=answered("mute"))
    assert shown(replace(muted, since=NOW)).text == ":rotating_light: Orders database has no fresh backup, escalated"
    assert pressed(shown(replace(muted, since=NOW))) == ["unmute", "explain"]
    assert shown(replace(muted, since=NOW - timedelta(days=1))).text == ":no_bell: Orders database has no fresh backup; muted"


def test_a_job_marked_fixed_says_who_said_so_and_which_run_decides() -> None:
    until = NOW + timedelta(hours=14)
    message = shown(orders(state="pending_fixed", answer=answered("fixed", until=until)))
    assert "*Orders database*: <@U123> says fixed, the <!date^" in story(message)
    assert "|02:00> run decides" in story(message)
    assert "I looked at once: the newest good run is still" in story(message)
    assert "marked fixed by <@U123> at" in small_print(message)
    assert pressed(message) == ["check", "snooze", "mute", "explain"]


def test_before_the_first_look_after_mark_fixed_it_does_not_claim_to_have_looked() -> None:
    message = shown(orders(state="pending_fixed", answer=answered("fixed")))
    assert "I am looking now." in story(message)
    assert "I looked at once" not in story(message)


def test_marked_fixed_but_a_new_bad_run_came_is_said_in_the_first_line() -> None:
    bad = run(0.01, 0, ref="orders/bad.dump")
    finding = Finding(test="right_size", level="alert", rule="empty", says="The last backup is empty (0 bytes).", at=bad.at)
    standing = orders(runs=(*orders().runs, bad), findings=(finding,), answer=answered("fixed"))
    message = shown(standing)
    assert "*Orders database* ran at" in story(message)
    assert "and is still not right" in story(message)
    assert "<@U123> had marked it fixed at" in story(message)
    assert "Run of" in story(message)


def test_a_backup_that_has_just_become_too_old_is_not_said_to_be_as_old_as_it_may_be() -> None:
    newest = run(26.01 / 24)
    message = shown(orders(runs=(newest,), findings=(too_old(newest),)))
    assert "The newest good one is *over 26 h old*, and 26 h is the limit." in story(message)


def test_what_a_script_says_of_its_failure_ends_before_our_own_words_begin() -> None:
    bad = run(0.01, 0, ref="orders/bad.dump")
    for note, told in (("disk full", "disk full. Run of"), ("Disk full!", "Disk full! Run of")):
        finding = Finding(test="finished", level="alert", rule="failed", says=f"The last run failed: {note}", at=bad.at)
        assert told in story(shown(orders(runs=(*orders().runs, bad), findings=(finding,))))


def test_marked_fixed_and_nothing_came_says_still() -> None:
    assert shown(orders(answer=answered("fixed"))).text == ":red_circle: Orders database still has no fresh backup"


def test_a_snooze_says_until_when_by_whom_and_why() -> None:
    message = shown(orders(snooze_until=NOW + timedelta(days=1), answer=answered("snooze", reason="new disk <tomorrow>")))
    assert "has no fresh backup; quiet until" in story(message)
    assert "snoozed by <@U123> at" in small_print(message)
    assert "“new disk &lt;tomorrow&gt;”" in small_print(message)
    assert pressed(message) == ["mark_fixed", "snooze", "mute", "explain"]


def test_a_snooze_that_is_over_is_not_shown_as_one() -> None:
    assert "quiet until" not in story(shown(orders(snooze_until=NOW - timedelta(seconds=1))))


def test_a_muted_job_still_says_that_it_is_broken_and_offers_only_unmute() -> None:
    message = shown(orders(muted=True, answer=answered("mute")))
    assert message.text == ":no_bell: Orders database has no fresh backup; muted"
    assert pressed(message) == ["unmute", "explain"]


def test_a_recovery_says_how_long_it_lasted_and_how_many_runs_were_missed() -> None:
    back = orders(state="all_green", findings=(), broke_at=NOW - timedelta(hours=54), ended_at=NOW, runs=(run(0.1, 418_000_000),))
    message = shown(back)
    assert message.text == ":large_green_circle: Orders database is backed up again"
    assert "Back after *54 h*; 2 runs were missed. Newest:" in story(message)
    assert "418 MB" in story(message)
    assert pressed(message) == []
    assert "1 run was missed" in story(shown(replace(back, missed=1)))


def test_a_place_that_cannot_be_read_is_never_called_missing() -> None:
    unseen = Unseen(target=TARGET, error="AccessDenied", since=NOW - timedelta(hours=3), checks=3)
    message = shown(orders(state="not_observed", level="unseen", findings=(), unseen=(unseen,)))
    assert message.text == ":grey_question: Orders database cannot be seen"
    assert f"`{TARGET}` answers AccessDenied, since" in story(message)


def test_every_finding_is_told_but_not_more_than_four() -> None:
    many = tuple(replace(too_old(run(3)), rule="failed", test="finished", says=f"Reason {number}.") for number in range(6))
    text = story(shown(orders(findings=many)))
    assert "Reason 3." in text
    assert "Reason 4." not in text
    assert "_and 2 more_" in text


def test_alerts_are_told_before_warnings() -> None:
    warning = Finding(test="right_size", level="warn", rule="shrank", says="It shrank.", at=NOW)
    text = story(shown(orders(findings=(warning, *orders().findings))))
    assert text.index("older than 26 h") < text.index("It shrank.")


def test_markup_in_a_job_name_stays_text() -> None:
    message = shown(orders(row={"name": "<!channel> *x* & `y` <https://evil|ok>"}))
    assert "<!channel>" not in story(message)
    assert "&lt;!channel&gt;" in story(message)


def test_a_long_name_is_cut_in_the_middle_and_keeps_its_end() -> None:
    message = shown(orders(row={"name": "Nightly " + "very " * 60 + "long name of server 7"}))
    assert "long name of server 7" in message.text
    assert len(message.text) < 160


def test_a_right_to_left_name_does_not_turn_the_sentence_around() -> None:
    assert "*\u2068גיבוי\u2069* has no fresh backup" in story(shown(orders(row={"name": "גיבוי\u202e"})))


def test_a_reminder_in_the_thread_says_still_and_since_when() -> None:
    line = thread_line(orders(loud_kind="reminder"), now=NOW, zone=ZONE)
    assert line.text == ":red_circle: Still: Orders database has no fresh backup, since Fri 20 Nov, 16:11"


def test_getting_worse_in_the_thread_is_one_line_with_its_number() -> None:
    line = thread_line(orders(loud_kind="worse"), now=NOW, zone=ZONE)
    assert line.text.startswith(":red_circle: Orders database has no fresh backup. The newest good one is 3 d old.")
    assert [block["type"] for block in line.blocks] == ["section"]
    assert "\n" not in story(line)


@settings(max_examples=60, deadline=None)
@given(STANDINGS)
def test_whatever_a_sheet_or_a_tool_says_slack_takes_the_message(standing: Standing) -> None:
    assert problems_of_message(living_message(standing, now=NOW, zone=ZONE)) == []
    assert problems_of_message(thread_line(standing, now=NOW, zone=ZONE)) == []
