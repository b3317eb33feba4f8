"""Rows, rules and people change while jobs are watched, and answers come in any order."""

from datetime import timedelta

import pytest

from bolt_app.adapters.memory.messenger import Fault
from tests.flows.company import ANA, HEADER, KIM, ORDERS, SAM, Company, broken_company
from workflows.backup.check import Order
from workflows.kernel.ports import Event


def list_with(company: Company, *rows: str, header: str = HEADER) -> None:
    company.documents.put("jobs.csv", "\n".join([header, *rows]))


# --- rows --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["restic", "borg", "duplicity", "files", "marker:done"])
@pytest.mark.parametrize("after", ["restic", "borg", "pgbackrest", "files"])
def test_a_row_may_change_its_layout_without_stopping_the_watch_over_others(before: str, after: str) -> None:
    company = Company()
    header = f"{HEADER},layout"
    list_with(company, f"{ORDERS},{before}", f"{ORDERS.replace('orders', 'users')},files", header=header)
    company.land()
    company.land("users/1.dump")
    company.look()
    list_with(company, f"{ORDERS},{after}", f"{ORDERS.replace('orders', 'users')},files", header=header)
    company.pass_time(hours=27)
    company.look()
    assert company.standing("users-db").state == "warn"


def nightly(at: str, window: str = "") -> str:
    return f"orders-db,Orders database,sam@example.com,s3://acme/orders/,daily {at},{window},,no"


def ran_tonight() -> Company:
    """Noon; the backup of 02:00 ran in time."""
    company = Company()
    list_with(company, nightly("02:00"))
    for _ in range(2):
        company.now = company.messenger.now = company.now.replace(hour=2) + timedelta(days=1)
        company.land()
        company.look()
    company.pass_time(hours=10)
    company.look()
    return company


def test_a_schedule_moved_to_a_time_of_today_that_has_passed_asks_for_tomorrow() -> None:
    company = ran_tonight()
    list_with(company, nightly("09:00"))
    company.look()
    assert company.standing().state == "all_green"
    company.pass_time(hours=22, minutes=50)  # 10:50
    company.look()
    assert company.standing().state == "all_green"
    company.pass_time(minutes=15)
    company.look()
    assert company.standing().state == "warn"
    assert company.standing().missed == 1


def test_a_change_is_taken_once_however_often_it_is_looked_at() -> None:
    company = ran_tonight()
    list_with(company, nightly("09:00"))
    company.look()
    changed = company.standing().paced_from
    assert changed == company.now
    for row in (nightly("09:00"), nightly("09:00", window="3d")):  # a window has no slots
        list_with(company, row)
        company.pass_time(hours=1)
        company.look()
    assert company.standing().paced_from == changed


def test_a_new_schedule_does_not_mend_what_is_late() -> None:
    company = ran_tonight()
    company.pass_time(hours=20)
    company.look()
    assert company.standing().state == "warn"
    list_with(company, nightly("14:00"))
    company.look()
    assert company.standing().state == "warn"
    assert company.standing().paced_from is None


def test_slots_that_are_meant_in_another_zone_are_other_slots() -> None:
    company = ran_tonight()
    list_with(company, nightly("02:00") + ",America/New_York", header=f"{HEADER},timezone")  # 07:00 here
    company.look()
    assert company.standing().state == "all_green"


def test_the_last_row_is_never_taken_off_by_an_empty_list() -> None:
    company = broken_company()
    list_with(company)
    company.look()
    assert company.standing().state == "warn"
    assert "vanished" in company.messages(ANA)[0].message.text


def test_a_target_that_is_added_today_has_its_first_period_before_it() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    for _ in range(3):
        company.land()
        company.look()
        company.pass_time(hours=24)
    company.land()
    list_with(company, ORDERS.replace("orders/,", "orders/ s3://acme/copy/ heartbeat,"))
    company.look()
    assert company.standing().state in {"all_green", "waiting"}
    company.pass_time(hours=27)
    company.land()
    company.look()
    assert company.standing().state == "alert"


def test_a_job_that_comes_back_to_the_list_begins_anew() -> None:
    company = Company()
    other = ORDERS.replace("orders", "other")
    company.list_jobs(ORDERS, other)
    company.look()
    company.list_jobs(other)
    company.look()
    assert company.standing().state == "off_list"
    company.pass_time(days=30)
    company.list_jobs(ORDERS, other)
    company.look()
    assert company.standing().state == "waiting"


# --- rules -------------------------------------------------------------------------------------------------

RULES = "[defaults]\nwindow: 26h\n[job orders-db]\nmin_size: 500\n"


def test_a_mistake_in_the_rules_leaves_the_last_good_version_in_force() -> None:
    company = Company()
    company.documents.put("rules.txt", RULES)
    company.list_jobs(ORDERS.replace("26h", ""))
    company.land()
    company.look()
    company.documents.put("rules.txt", RULES.replace("26h", "soon").replace("500", "many"))
    company.memory.fleet = None  # a fresh environment
    company.pass_time(hours=1)
    company.land(size=10)
    company.look()
    assert [finding.rule for finding in company.standing().findings] == ["under_min_size"]
    assert "soon" in str([posted.message for posted in company.messages(ANA)])
    company.pass_time(hours=27)
    company.look()
    assert "too_old" in [finding.rule for finding in company.standing().findings]


def test_a_job_whose_rows_cannot_be_read_at_all_is_not_observed_and_not_due_every_minute() -> None:
    company = Company()
    company.documents.put("rules.txt", RULES)
    company.list_jobs(ORDERS.replace("26h", ""))
    company.land()
    company.look()
    company.documents.put("rules.txt", "")
    company.pass_time(hours=1)
    company.look()
    standing = company.standing()
    assert standing.state == "not_observed"
    assert standing.due is not None
    assert standing.due > company.now


# --- people ------------------------------------------------------------------------------------------------


def test_a_mistyped_slack_id_does_not_keep_an_alert_from_its_owner() -> None:
    company = Company()
    company.documents.put("voice.txt", "[people]\nsam@example.com: U0WRONG\n")
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    assert len(company.messages(SAM)) == 1


def test_a_former_owner_may_not_act_any_more() -> None:
    company = broken_company()
    company.list_jobs(ORDERS.replace("sam@", "kim@"))
    company.look()
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    assert company.press("mark_fixed", SAM).kind == "refused"
    assert company.press("mark_fixed", KIM).kind == "done"


def test_thirty_jobs_that_nobody_can_be_told_of_do_not_spin() -> None:
    company = Company()
    company.list_jobs(*(ORDERS.replace("orders", f"orders{number}") for number in range(30)))
    for number in range(30):
        company.land(f"orders{number}/1.dump")
    company.look()
    company.pass_time(hours=27)
    company.check()
    company.messenger.members.clear()
    for event in company.bus.take()[:3]:
        with pytest.raises(Exception, match="users_not_found"):
            company.follow(event)
    assert company.nudges.queued == []


# --- answers -----------------------------------------------------------------------------------------------


def test_mark_fixed_looks_even_where_it_looked_a_moment_ago() -> None:
    company = broken_company()
    company.land("orders/a.dump")  # names that do not follow time are walked rarely
    company.press("mark_fixed")
    (check,) = [event for event in company.bus.published if event.kind == "bk.check"]
    assert check.detail["why"] == "mark_fixed"
    company.settle()
    assert company.standing().state == "all_green"


def test_a_new_run_that_is_again_too_small_refutes_the_fix() -> None:
    company = Company()
    company.list_jobs(ORDERS.replace(",26h,,", ",26h,500,"))
    company.land(size=10)
    company.look()
    company.press("mark_fixed")
    company.settle()
    assert company.standing().state == "pending_fixed"
    company.pass_time(hours=1)
    company.land(size=20)
    company.look()
    assert (company.standing().state, company.standing().loud_kind) == ("alert", "not_fixed")


def test_a_mute_pressed_while_a_fix_is_pending_has_no_end() -> None:
    company = broken_company()
    company.press("mark_fixed")
    company.settle()
    company.press("mute")
    company.settle()
    company.pass_time(hours=30)
    company.look()
    assert company.standing().muted
    assert company.lines(SAM) == []


def test_what_got_worse_while_muted_is_said_aloud_once_it_is_unmuted() -> None:
    company = broken_company()
    company.press("mute")
    company.settle()
    company.pass_time(hours=13)
    company.look()
    company.press("unmute", ANA)
    company.settle()
    company.look()
    assert len(company.lines(SAM)) == 1


def test_a_break_first_told_by_an_unmute_is_told_once() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.press("mute", ANA)
    company.pass_time(hours=27)
    company.look()
    company.press("unmute", ANA)
    company.settle()
    company.look()
    assert (len(company.messages(SAM)), company.lines(SAM)) == (1, [])


def test_asking_again_after_the_snooze_too_many_says_that_it_has_escalated() -> None:
    company = broken_company()
    for _ in range(4):
        company.snooze()
        company.settle()
        company.pass_time(hours=25)
        company.look()
    lines = len(company.lines(SAM))
    assert company.snooze().kind == "already"
    company.settle()
    assert len(company.lines(SAM)) == lines
    assert company.standings.history("orders-db", 100)[-1].action.startswith("now_")
    assert [entry.action for entry in company.standings.history("orders-db", 100)].count("escalate") == 1


def test_a_message_whose_break_ended_unsaid_does_not_stay_red_when_the_next_one_opens() -> None:
    company = broken_company()
    company.land()
    company.check()
    company.bus.take()  # the nudge about the recovery is lost
    company.pass_time(hours=27)
    company.check()
    company.settle()
    first, second = company.messages(SAM)
    assert "over" in first.message.text
    assert "no fresh backup" in second.message.text


def test_a_failure_of_another_kind_is_shown_in_the_message() -> None:
    company = Company()
    list_with(company, ORDERS.replace("s3://acme/orders/", "heartbeat"))
    for hour, note in ((0, "disk full"), (24, "password expired")):
        company.pass_time(hours=hour)
        company.beat(outcome="failed", note=note)
        company.look()
    assert "password expired" in str(company.messages(SAM)[0].message)


def test_a_recovery_of_a_deleted_message_is_not_posted_anew() -> None:
    company = broken_company()
    company.messenger.messages.clear()
    company.land()
    company.look()
    assert company.messages(SAM) == []


def test_a_conversation_that_is_refused_falls_back_to_the_admin() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.check()
    company.messenger.fail_next(
        None, Fault(kind="refused", reason="user_disabled"), None, Fault(kind="refused", reason="user_disabled")
    )
    company.follow(company.bus.take()[0])
    assert len(company.messages(ANA)) == 1


def test_a_notice_that_was_refused_for_its_rate_is_told_later() -> None:
    company = Company()
    company.list_jobs(ORDERS.replace("26h", "soon"))
    company.check()
    (event,) = company.bus.take()
    company.messenger.fail_next(None, None, Fault(kind="rate_limited", retry_after_seconds=5))
    company.follow(event)
    assert company.messages(ANA) == []
    company.pass_time(seconds=10)
    company.settle()
    assert len(company.messages(ANA)) == 1


def test_a_nudge_about_nobody_does_no_harm() -> None:
    company = broken_company()
    company.follow(Event(kind="bk.alert", detail={"v": 1, "job_id": "unknown", "say": 9, "kind": "opened"}))
    company.check(Order(mode="named", job_ids=("unknown",)))
    assert len(company.messages(SAM)) == 1
