"""One alert from end to end, on the memory adapters: it breaks, it is told, it is answered, it heals."""

from datetime import datetime, timedelta

import pytest

from bolt_app.adapters.memory.messenger import Fault
from tests.flows.company import ANA, GUS, KIM, MONDAY, ORDERS, SAM, Company, broken_company
from workflows.backup.check import Mode, Order
from workflows.backup.press import SnoozeChoice


def test_a_good_backup_is_green_and_silent() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    assert company.standing().state == "all_green"
    assert company.messenger.messages == []


def test_a_quiet_check_writes_nothing() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    rev = company.standing().rev
    company.pass_time(hours=1)
    assert company.check().changed == 0
    assert company.standing().rev == rev


def test_a_missing_backup_reaches_its_owner_once() -> None:
    company = broken_company()
    company.look()
    assert company.standing().state == "warn"
    assert len(company.messages(SAM)) == 1
    assert "Orders database" in company.messages(SAM)[0].message.text
    assert company.standing().pending is None


def test_the_tick_finds_it_within_a_minute_of_its_deadline() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=26)
    company.check(Order(mode="due"))
    company.settle()
    assert len(company.messages(SAM)) == 1


def test_worse_is_an_edit_and_one_line_that_notifies() -> None:
    company = broken_company()
    company.pass_time(hours=13)
    company.look()
    assert company.standing().state == "alert"
    assert len(company.messages(SAM)) == 1
    assert company.messages(SAM)[0].versions
    assert [line.broadcast for line in company.lines(SAM)] == [True]


def test_a_new_object_turns_the_same_message_green_and_notifies_nobody() -> None:
    company = broken_company()
    company.pass_time(hours=1)
    company.land()
    company.look()
    assert company.standing().state == "all_green"
    assert "backed up again" in company.messages(SAM)[0].message.text
    assert (len(company.messages(SAM)), company.lines(SAM)) == (1, [])


def test_a_new_break_is_a_new_message() -> None:
    company = broken_company()
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    assert len(company.messages(SAM)) == 2


def test_marked_fixed_while_still_broken_is_answered_at_once() -> None:
    company = broken_company()
    assert company.press("mark_fixed").kind == "done"
    company.settle()
    standing = company.standing()
    assert standing.state == "pending_fixed"
    assert standing.answer is not None
    assert standing.answer.until == company.now + timedelta(hours=26)
    assert "says fixed" in company.messages(SAM)[0].message.text
    assert company.lines(SAM) == []


def test_marked_fixed_and_a_good_run_is_green() -> None:
    company = broken_company()
    company.land()
    company.press("mark_fixed")
    company.settle()
    assert company.standing().state == "all_green"


def test_marked_fixed_and_a_new_bad_run_is_named() -> None:
    company = broken_company()
    company.press("mark_fixed")
    company.settle()
    company.pass_time(hours=1)
    company.land(size=0)
    company.look()
    standing = company.standing()
    assert (standing.state, standing.loud_kind) == ("alert", "not_fixed")
    assert len(company.lines(SAM)) == 1


def test_marked_fixed_and_nothing_came_goes_back_aloud() -> None:
    company = broken_company()
    company.press("mark_fixed")
    company.settle()
    company.pass_time(hours=27)
    company.look()
    standing = company.standing()
    assert (standing.state, standing.loud_kind) == ("alert", "not_fixed")


def test_fixed_a_second_time_counts_as_a_snooze() -> None:
    company = broken_company()
    for _ in range(2):
        company.press("mark_fixed")
        company.settle()
        company.pass_time(hours=27)
        company.look()
    assert (company.standing().fixes, company.standing().snoozes) == (2, 1)


def test_two_presses_of_the_same_button_are_one() -> None:
    company = broken_company()
    assert company.press("mark_fixed").kind == "done"
    assert company.press("mark_fixed").kind == "already"


def test_a_snoozed_job_says_nothing_until_the_snooze_ends_and_then_speaks() -> None:
    company = broken_company()
    assert company.snooze().kind == "done"
    company.settle()
    company.pass_time(hours=20)
    company.look()
    assert company.standing().state == "alert"
    assert company.lines(SAM) == []
    company.pass_time(hours=5)
    company.look()
    assert [line.broadcast for line in company.lines(SAM)] == [True]


def test_a_snoozed_job_that_heals_turns_green() -> None:
    company = broken_company()
    company.snooze()
    company.settle()
    company.land()
    company.look()
    assert "backed up again" in company.messages(SAM)[0].message.text
    assert company.standing().snooze_until is None


def test_the_fourth_snooze_is_not_granted_and_escalates() -> None:
    company = broken_company()
    for _ in range(3):
        assert company.snooze().kind == "done"
        company.settle()
        company.pass_time(hours=25)
        company.look()
    company.snooze()
    company.settle()
    standing = company.standing()
    assert (standing.state, standing.snooze_until) == ("escalate", None)
    assert len(company.messages(ANA)) == 1


def test_a_critical_job_cannot_be_snoozed_without_a_reason() -> None:
    company = Company()
    company.list_jobs(ORDERS.replace(",no", ",yes"))
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    assert company.snooze().kind == "invalid"
    assert company.snooze(SnoozeChoice(choice="1d", reason="the disk is on its way")).kind == "done"


def test_a_muted_job_is_still_tested_and_speaks_again_when_unmuted() -> None:
    company = broken_company()
    company.press("mute")
    company.settle()
    company.pass_time(hours=13)
    company.look()
    assert (company.standing().state, company.standing().muted, company.lines(SAM)) == ("alert", True, [])
    company.press("unmute")
    company.settle()
    assert not company.standing().muted
    assert "Orders database" in company.messages(SAM)[0].message.text


def test_a_job_that_breaks_while_muted_is_told_once_it_is_unmuted() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.press("mute", ANA)
    company.settle()
    company.pass_time(hours=27)
    company.look()
    assert company.messages(SAM) == []
    company.press("unmute", ANA)
    company.settle()
    assert len(company.messages(SAM)) == 1


def test_an_alert_nobody_acts_on_escalates_after_a_day_of_business_time() -> None:
    company = broken_company()  # Tuesday noon, a warning
    company.documents.put("rules.txt", "")  # the product's own quiet hours
    company.pass_time(hours=13)  # Wednesday 01:00, an alert
    company.look()
    told = company.now
    while company.standing().state == "alert":
        company.pass_time(hours=1)
        company.look()
        assert company.now < told + timedelta(days=7)
    assert company.standing().state == "escalate"
    assert company.now == datetime(2026, 11, 20, 12, 0, tzinfo=MONDAY.tzinfo)  # Wed 10 h, Thu 10 h, Fri 4 h
    assert len(company.messages(ANA)) == 1
    company.land()
    company.look()
    assert [line.message.text for line in company.lines(ANA)] != []  # it had escalated: the recovery is said aloud


def test_a_critical_alert_escalates_after_four_hours_of_the_night() -> None:
    company = Company(now=MONDAY + timedelta(hours=12))
    company.list_jobs(ORDERS.replace(",no", ",yes"))
    company.land()
    company.look()
    company.pass_time(hours=26)
    company.look()
    assert company.standing().state == "alert"
    company.pass_time(hours=4)
    company.look()
    assert company.standing().state == "escalate"


def test_an_unanswered_alert_is_said_again_until_someone_acts() -> None:
    company = broken_company()
    company.pass_time(hours=13)
    company.look()
    before = len(company.lines(SAM))
    for _ in range(24 * 8):  # escalated after three working days, said again after three more
        company.pass_time(hours=1)
        company.look()
    assert len(company.lines(SAM)) - before >= 2


# --- who may ---------------------------------------------------------------------------------------------


def test_a_stranger_is_refused_in_private_and_it_is_audited() -> None:
    company = broken_company()
    reply = company.press("mark_fixed", KIM)
    assert reply.kind == "refused"
    assert "sam@example.com" in reply.text
    assert company.standing().state == "warn"
    assert company.standings.history("orders-db", 1)[0].action == "refused"


def test_a_guest_and_another_workspace_are_refused() -> None:
    company = broken_company()
    assert company.press("mute", GUS).kind == "refused"


def test_the_admin_may_act_on_every_job() -> None:
    company = broken_company()
    assert company.press("mute", ANA).kind == "done"


def test_a_press_on_a_message_of_an_earlier_break_changes_nothing() -> None:
    company = broken_company()
    old = company.standing().break_id
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    assert company.press("mark_fixed", break_id=old).kind == "stale"
    assert company.standing().state == "warn"


def test_a_press_on_a_job_that_is_gone_says_so() -> None:
    assert Company().press("mute", job_id="nothing").kind == "gone"


# --- what goes wrong ---------------------------------------------------------------------------------------


def test_a_lost_answer_is_looked_up_and_not_repeated() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.check()
    company.messenger.fail_next(None, None, Fault(kind="answer_lost"))  # who, which conversation, and then the post
    company.follow(company.bus.take()[0])
    assert len(company.messages(SAM)) == 1
    company.pass_time(seconds=15)
    company.settle()
    assert len(company.messages(SAM)) == 1
    assert company.standing().pending is None


def test_a_rate_limit_becomes_a_later_nudge() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.check()
    company.messenger.fail_next(None, None, Fault(kind="rate_limited", retry_after_seconds=30))
    company.follow(company.bus.take()[0])
    (_, delay), *more = company.nudges.queued
    assert (delay >= 30, more, company.messages(SAM)) == (True, [], [])
    company.pass_time(seconds=31)
    company.settle()
    assert len(company.messages(SAM)) == 1


def test_whoever_has_no_account_is_told_through_the_admin() -> None:
    company = Company()
    company.list_jobs(ORDERS.replace("sam@", "gone@"))
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    assert len(company.messages(ANA)) == 1
    assert company.ledger.rows("gone@example.com")[0].why == "gone@example.com has no account here; the admin was told"


def test_a_deleted_message_is_replaced() -> None:
    company = broken_company()
    company.messenger.messages.clear()
    company.pass_time(hours=13)
    company.look()
    assert len(company.messages(SAM)) == 1


def test_a_message_that_replaced_a_deleted_one_is_known_though_its_answer_was_lost() -> None:
    company = broken_company()
    company.messenger.messages.clear()
    company.pass_time(hours=13)
    company.check()
    [nudge] = company.bus.take()
    company.messenger.fail_next(None, None, Fault(kind="answer_lost"))
    company.follow(nudge)
    assert company.standings.pending() == ["orders-db"]

    company.sleep(seconds=11)
    company.settle()
    [message] = company.messages(SAM)
    assert company.standing().told[SAM.email].ts == message.ts
    assert company.standings.pending() == []


def test_a_break_that_heals_before_it_was_said_is_never_said() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.check()
    company.bus.take()
    company.land()
    company.check()
    company.settle()
    assert company.messenger.messages == []
    assert company.standing().pending is None


def test_a_bucket_that_cannot_be_read_is_told_to_the_admin_after_two_checks_and_is_not_green() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.objects.errors["acme"] = "AccessDenied"
    company.pass_time(hours=1)
    company.look()
    assert company.messages(ANA) == []
    company.pass_time(hours=1)
    company.look()
    company.look()
    assert company.standing().state == "not_observed"
    assert len(company.messages(ANA)) == 1
    assert "AccessDenied" in str(company.messages(ANA)[0].message)
    company.pass_time(hours=25)
    company.look()
    assert company.standing().findings[0].rule == "cannot_see"
    assert len(company.messages(SAM)) == 1


def test_a_bad_row_stays_one_bad_row_and_the_job_is_judged_by_its_last_good_one() -> None:
    company = broken_company()
    company.list_jobs(ORDERS.replace("26h", "26hours?"), "other,Other,kim@example.com,s3://acme/other/,,1h,,no")
    company.land("other/1.dump")
    company.pass_time(hours=13)
    company.look()
    assert company.standing().state == "alert"
    assert company.standing("other").state != "waiting"
    assert any("26hours?" in str(posted.message) for posted in company.messages(ANA))


def test_the_same_list_errors_are_told_once() -> None:
    company = Company()
    company.list_jobs(ORDERS.replace("26h", "soon"))
    for _ in range(5):
        company.look()
        company.pass_time(hours=1)
    assert len(company.messages(ANA)) == 1


def test_a_row_that_left_the_list_is_no_longer_watched_and_its_message_says_so() -> None:
    company = broken_company()
    company.list_jobs("other,Other,kim@example.com,s3://acme/other/,,26h,,no")
    company.pass_time(hours=2)
    company.look()
    assert company.standing().state == "off_list"
    company.pass_time(minutes=3)
    company.check(Order(mode="due"))
    assert company.standing().due is None
    assert "no longer" in company.messages(SAM)[0].message.text


@pytest.mark.parametrize("mode", ["due", "fast"])
@pytest.mark.parametrize("text", [None, "", "<html>sign in</html>"])
def test_a_list_that_is_gone_or_unreadable_takes_nothing_off_the_watch(text: str | None, mode: Mode) -> None:
    company = broken_company()
    company.memory.fleet = None  # a fresh environment, which knows no earlier list
    company.documents.remove("jobs.csv")
    if text is not None:
        company.documents.put("jobs.csv", text)
    company.pass_time(hours=13)
    report = company.check(Order(mode=mode))
    company.settle()
    assert (company.standing().state, report.complete) == ("alert", False)
    assert mode == "due" or len(company.messages(ANA)) == 1


def test_many_rows_that_vanish_at_once_are_held_and_still_watched() -> None:
    company = Company()
    rows = [ORDERS.replace("orders", f"orders{number}") for number in range(6)]
    company.list_jobs(*rows)
    for number in range(6):
        company.land(f"orders{number}/1.dump")
    company.look()
    company.list_jobs(rows[0])
    company.pass_time(hours=27)
    company.look()
    company.check(Order(mode="due"))
    company.settle()
    assert {company.standing(f"orders{number}-db").state for number in range(6)} == {"warn"}
    assert "vanished" in company.messages(ANA)[0].message.text


def test_a_recovery_that_was_concluded_before_the_owner_was_told_still_turns_their_message_green() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.check()
    before_told = company.standing()
    company.settle()  # dispatch tells Sam, while a check still holds what it read before
    company.land()
    fresh = company.standings.get_many
    company.standings.get_many = lambda job_ids, *, consistent=False: (  # type: ignore[method-assign]
        fresh(job_ids, consistent=True) if consistent else {"orders-db": before_told}
    )
    company.check()
    company.settle()
    assert "backed up again" in company.messages(SAM)[0].message.text


def test_two_checkers_at_once_say_it_once() -> None:
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.check()
    company.check()
    company.settle()
    assert (len(company.messages(SAM)), company.standing().say) == (1, 1)


def test_a_new_owner_is_told_and_the_old_one_s_message_stays_true() -> None:
    company = broken_company()
    company.list_jobs(ORDERS.replace("sam@", "kim@"))
    company.pass_time(hours=1)
    company.look()
    assert len(company.messages(KIM)) == 1
    company.land()
    company.look()
    assert "backed up again" in company.messages(SAM)[0].message.text
    assert "backed up again" in company.messages(KIM)[0].message.text


@pytest.mark.parametrize("size", [0, 1])
def test_an_empty_dump_is_an_alert_at_the_next_look(size: int) -> None:
    company = Company()
    company.list_jobs(replace_min_size(ORDERS))
    company.land(size=1000)
    company.look()
    company.pass_time(hours=24)
    company.land(size=size)
    company.look()
    assert company.standing().state == "alert"


def replace_min_size(row: str) -> str:
    return row.replace(",26h,,", ",26h,500,")


def test_jobs_that_break_at_the_same_moment_each_have_a_message() -> None:
    company = Company()
    company.list_jobs(ORDERS, ORDERS.replace("orders", "crm").replace("Orders", "CRM"))
    company.land()
    company.land("crm/a.dump")
    company.look()
    company.pass_time(hours=27)
    company.look()

    assert company.standing("orders-db").break_id == company.standing("crm-db").break_id
    assert len(company.messages(SAM)) == 2
