"""Recent: slots, windows, what never ran, what is under way, and what is gone."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.judged import COPY, HEARTBEAT, LONG_AGO, NOW, REPORT, S3, H, going, job, rules, run, verdict
from workflows.backup.evidence import Unseen
from workflows.backup.job import Target


def test_a_run_within_its_window_is_green_until_the_window_ends() -> None:
    result = verdict(job(), run(20))
    assert result.level == "green"
    assert result.changes_at == NOW + 6 * H


def test_older_than_the_window_warns_and_half_a_window_more_alerts() -> None:
    assert rules(verdict(job(), run(27))) == [("warn", "too_old")]
    assert rules(verdict(job(), run(38.9))) == [("warn", "too_old")]
    assert rules(verdict(job(), run(39.1))) == [("alert", "too_old")]


def test_half_a_window_more_is_never_longer_than_a_day() -> None:
    assert rules(verdict(job(), run(30 * 24 + 23.9), window=30 * 24 * H)) == [("warn", "too_old")]
    assert rules(verdict(job(), run(30 * 24 + 24.1), window=30 * 24 * H)) == [("alert", "too_old")]


def test_slots_before_the_schedule_was_changed_are_asked_of_nobody() -> None:
    moved, noon = job(schedule="daily 09:00"), datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # until noon it was daily 02:00
    tonight = run(9.8)
    assert rules(verdict(moved, tonight, window=None)) == [("warn", "slot_missed")]

    calm = verdict(moved, tonight, window=None, paced_from=noon)
    assert (calm.level, calm.missed) == ("green", 0)
    assert calm.changes_at == datetime(2026, 11, 22, 11, 0, tzinfo=UTC), "tomorrow at nine, and its slack"
    late = verdict(moved, tonight, window=None, paced_from=noon, now=noon + 23 * H)
    assert (rules(late), late.missed) == ([("warn", "slot_missed")], 1)
    assert rules(verdict(moved, tonight, window=None, paced_from=noon, now=noon + 47 * H)) == [("alert", "slot_missed")]


def test_a_run_after_the_change_is_what_counts_from_then_on() -> None:
    moved, long_ago = job(schedule="daily 02:00"), NOW - 10 * 24 * H
    assert rules(verdict(moved, run(33.8), window=None, paced_from=long_ago)) == [("warn", "slot_missed")]


def test_what_never_ran_is_given_its_period_from_the_change() -> None:
    watched, changed = NOW - 20 * H, NOW - 3 * H
    nightly = job(schedule="daily 08:00")
    assert verdict(nightly, window=None, first_seen=watched).changes_at == NOW + 4 * H
    assert verdict(nightly, window=None, first_seen=watched, paced_from=changed).changes_at == NOW + 22 * H


def test_a_critical_job_alerts_at_once() -> None:
    assert rules(verdict(job(critical=True), run(27))) == [("alert", "too_old")]


def test_a_slot_warns_when_its_slack_has_passed_and_a_second_one_alerts() -> None:
    nightly = job(schedule="daily 02:00")
    after_slack = datetime(2026, 11, 21, 4, 1, tzinfo=UTC)
    yesterday = run(33.8)  # 02:12 the day before
    assert verdict(nightly, yesterday, window=None, now=after_slack - timedelta(minutes=2)).level == "green"
    assert rules(verdict(nightly, yesterday, window=None, now=after_slack)) == [("warn", "slot_missed")]
    assert rules(verdict(nightly, yesterday, window=None, now=after_slack + 24 * H)) == [("alert", "slot_missed")]
    assert verdict(nightly, yesterday, window=None, now=after_slack + 24 * H).missed == 2


def test_a_run_a_little_early_covers_its_slot() -> None:
    nightly = job(schedule="daily 02:00")
    a_minute_early = run(10 + 1 / 60)
    assert verdict(nightly, a_minute_early, window=None, now=NOW).level == "green"
    assert rules(verdict(nightly, run(13), window=None, now=NOW)) == [("warn", "slot_missed")]


def test_a_monthly_job_alerts_a_day_after_its_slack_and_not_a_month_later() -> None:
    monthly = job(schedule="monthly 1 04:00")
    last = run(0, finished=datetime(2026, 10, 1, 4, 30, tzinfo=UTC))
    assert rules(verdict(monthly, last, window=None, now=datetime(2026, 11, 2, 5, tzinfo=UTC))) == [("warn", "slot_missed")]
    assert rules(verdict(monthly, last, window=None, now=datetime(2026, 11, 3, 5, tzinfo=UTC))) == [("alert", "slot_missed")]


def test_the_threshold_says_where_it_was_set() -> None:
    result = verdict(job(), run(40), set_in={"window": "[group database]"})
    assert (result.findings[0].threshold, result.findings[0].set_in) == ("26 h", "[group database]")


def test_a_job_that_never_ran_waits_one_period_and_then_alerts() -> None:
    seen = NOW - 20 * H
    waiting = verdict(job(), first_seen=seen)
    assert (waiting.level, waiting.changes_at) == ("waiting", seen + 26 * H)
    assert rules(verdict(job(), first_seen=NOW - 27 * H)) == [("alert", "never_ran")]


def test_a_scheduled_job_that_never_ran_is_given_one_period_and_its_slack() -> None:
    nightly = job(schedule="daily 02:00")
    seen = datetime(2026, 11, 20, 1, 59, tzinfo=UTC)
    assert verdict(nightly, window=None, first_seen=seen, now=seen + 24 * H - H).level == "waiting"
    assert rules(verdict(nightly, window=None, first_seen=seen, now=seen + 25 * H)) == [("alert", "never_ran")]


def test_a_job_that_only_reports_speak_of_is_missed_when_none_ever_comes() -> None:
    assert verdict(job(REPORT), first_seen=NOW - H).level == "waiting"
    assert rules(verdict(job(REPORT), first_seen=LONG_AGO)) == [("alert", "never_ran")]


def test_a_report_that_nobody_understands_is_never_green_and_says_why() -> None:
    unsure = run(3, target=REPORT, outcome="unsure", size=None, note="the mail also tells of a failure")
    assert rules(verdict(job(REPORT), run(60, target=REPORT), unsure)) == [("warn", "unsure")]


def test_a_run_whose_object_is_gone_is_no_backup() -> None:
    assert rules(verdict(job(), run(30), run(2, gone=True))) == [("warn", "too_old")]


def test_an_unsure_run_is_never_green_and_never_cries_wolf() -> None:
    result = verdict(job(), run(60), run(3, outcome="unsure", note="a prune looks the same"))
    assert rules(result) == [("warn", "unsure")]
    assert "a prune looks the same" in result.findings[0].says


def test_two_prefixes_are_both_to_be_recent() -> None:
    copy = Target("s3", "acme-nas", "orders/")
    both = job(S3, copy)
    assert verdict(both, run(2), run(2, target=copy)).level == "green"
    assert rules(verdict(both, run(2), run(30, target=copy))) == [("warn", "too_old")]


def test_what_is_late_on_one_of_several_prefixes_names_it() -> None:
    (finding,) = verdict(job(S3, COPY), run(2), run(30, target=COPY)).findings
    assert (finding.target, finding.says) == (COPY.text, "The newest good run in s3://acme-nas/orders/ is older than 26 h.")
    (finding,) = verdict(job(S3, COPY), run(2)).findings
    assert (finding.rule, finding.evidence, COPY.text in finding.says) == ("never_ran", COPY.text, True)
    (finding,) = verdict(job(), run(30)).findings
    assert (finding.target, finding.says) == (S3.text, "The newest good run is older than 26 h.")


# --- explained by the bound that was passed ---


def test_a_missed_slot_is_explained_by_the_slot_though_there_is_a_window_too() -> None:
    (finding,) = verdict(job(schedule="daily 02:00"), run(34), window=72 * H, set_in={"window": "[defaults]"}).findings
    assert (finding.rule, finding.threshold, finding.set_in) == ("slot_missed", "daily 02:00 and 2 h", "row")


@pytest.mark.parametrize(("window", "rule"), [(16 * H, "too_old"), (40 * H, "slot_missed")])
def test_an_alert_is_explained_by_the_bound_that_was_first_to_make_it_one(window: timedelta, rule: str) -> None:
    result = verdict(job(schedule="daily 02:00"), run(33.8), window=window, now=NOW + 27 * H)  # two slots missed by 04:00
    assert rules(result) == [("alert", rule)]


def test_a_window_that_was_passed_first_is_explained_by_the_window() -> None:
    (finding,) = verdict(job(schedule="weekly sun 03:00"), run(30), set_in={"window": "row"}).findings
    assert (finding.rule, finding.threshold, finding.set_in) == ("too_old", "26 h", "row")


# --- a run that is under way ---

TWO = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def test_the_slot_of_a_run_that_is_under_way_is_not_missed_before_that_run_must_have_ended() -> None:
    nightly = job(HEARTBEAT, schedule="daily 02:00")
    nights = [run(age, target=HEARTBEAT, started=NOW - (age + 5) * H) for age in (77, 53, 29)]  # 02:00 to 07:00
    tonight = going(TWO)
    result = verdict(nightly, *nights, tonight, window=None, now=TWO + 5 * H)
    assert (result.level, result.changes_at) == ("green", TWO + 15 * H)
    late = verdict(nightly, *nights, tonight, window=None, now=TWO + 20 * H)
    assert rules(late) == [("alert", "not_ended"), ("warn", "slot_missed")]


def test_a_start_that_is_claimed_also_covers_the_slot_of_what_is_to_land() -> None:
    nightly = job(S3, HEARTBEAT, schedule="daily 02:00")
    nights = [run(age, target=HEARTBEAT, started=NOW - (age + 5) * H) for age in (77, 53, 29)]
    assert verdict(nightly, run(29), *nights, going(TWO), window=None, now=TWO + 5 * H).level == "green"
    assert rules(verdict(nightly, run(29), *nights, window=None, now=TWO + 5 * H)) == [("warn", "slot_missed")]


def test_a_run_under_way_covers_its_own_slot_and_no_earlier_one() -> None:
    nightly = job(HEARTBEAT, schedule="daily 02:00")
    until_two_nights_ago = [run(age, target=HEARTBEAT, started=NOW - (age + 5) * H) for age in (101, 77, 53)]
    result = verdict(nightly, *until_two_nights_ago, going(TWO), window=None, now=TWO + 5 * H)
    assert (rules(result), result.missed) == ([("alert", "slot_missed")], 1)
    assert verdict(nightly, *until_two_nights_ago, window=None, now=TWO + 5 * H).missed == 2


def test_a_run_that_began_after_its_slot_was_missed_does_not_cover_it() -> None:
    nightly = job(HEARTBEAT, schedule="daily 02:00")
    nights = [run(age, target=HEARTBEAT, started=NOW - (age + 5) * H) for age in (77, 53, 29)]
    assert rules(verdict(nightly, *nights, going(TWO + 2.5 * H), window=None, now=TWO + 3 * H)) == [("warn", "slot_missed")]


def test_the_very_first_run_is_given_a_period_to_end() -> None:
    nightly = job(HEARTBEAT, schedule="daily 02:00")
    seen = TWO - H
    assert verdict(nightly, going(TWO), window=None, first_seen=seen, now=TWO + 23 * H).level == "waiting"
    hung = verdict(nightly, going(TWO), window=None, first_seen=seen, now=TWO + 24 * H)
    assert ("alert", "not_ended") in rules(hung)


# --- since when each target is watched ---


def test_a_prefix_that_was_added_today_is_given_one_period() -> None:
    added = {S3.text: LONG_AGO, COPY.text: NOW - 5 * H}
    waiting = verdict(job(S3, COPY), run(2), first_seen_of=added)
    assert (waiting.level, waiting.changes_at) == ("green", NOW + 21 * H)
    assert rules(verdict(job(S3, COPY), run(10), first_seen_of=added, now=NOW + 21 * H)) == [
        ("alert", "never_ran"),
        ("warn", "too_old"),
    ]


def test_a_target_in_place_of_another_is_given_one_period() -> None:
    assert verdict(job(COPY), run(2), first_seen_of={COPY.text: NOW}).level == "waiting"


@pytest.mark.parametrize("targets", [(REPORT, HEARTBEAT), (HEARTBEAT, REPORT)])
def test_a_heartbeat_that_never_came_alerts_though_reports_are_not_taken_in_yet(targets: tuple[Target, ...]) -> None:
    assert rules(verdict(job(*targets))) == [("alert", "never_ran")]


# --- what is gone, and what could not be read ---


def test_backups_that_were_all_deleted_are_an_alert_at_once_and_did_run() -> None:
    result = verdict(job(), run(26, gone=True), run(2, gone=True))
    assert rules(result) == [("alert", "nothing_left")]
    assert result.findings[0].says == "Nothing is left in s3://acme-backups/orders/: every backup that was there is gone."
    assert result.missed == 0


def test_backups_that_were_all_deleted_in_the_first_period_are_not_waited_for() -> None:
    assert rules(verdict(job(), run(2, gone=True), first_seen=NOW - 3 * H)) == [("alert", "nothing_left")]


def test_nothing_left_is_said_of_the_one_prefix_only() -> None:
    result = verdict(job(S3, COPY), run(2), run(3, target=COPY, gone=True))
    assert [(finding.rule, finding.target) for finding in result.findings] == [("nothing_left", COPY.text)]


def test_only_empty_ones_left_is_not_said_to_have_never_run() -> None:
    result = verdict(job(), run(40, gone=True), run(2, size=0))
    assert rules(result) == [("alert", "nothing_left"), ("alert", "empty")]
    assert result.findings[0].says == "No good backup is left."


def test_one_hiccup_changes_no_rule_and_says_that_there_was_one() -> None:
    once = Unseen(target=S3.text, error="SlowDown", since=NOW)
    (finding,) = verdict(job(), run(40), unseen=[once]).findings
    assert (finding.level, finding.rule) == ("alert", "too_old")
    assert finding.says.endswith("older than 26 h. Just now s3://acme-backups/orders/ could not be read: SlowDown.")


def test_what_could_not_be_read_twice_cannot_be_seen() -> None:
    twice = Unseen(target=S3.text, error="AccessDenied", since=NOW - timedelta(hours=1), checks=2)
    assert rules(verdict(job(), run(40), unseen=[twice])) == [("alert", "cannot_see")]
