"""The three tests, claim against object, cannot look, and waiting for the first run."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workflows.backup.evidence import Run, Unseen
from workflows.backup.findings import Verdict
from workflows.backup.job import Job, Target
from workflows.backup.thresholds import Thresholds
from workflows.backup.verdict import judge
from workflows.kernel.slots import parse_schedule

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
H = timedelta(hours=1)
S3 = Target("s3", "acme-backups", "orders/")
HEARTBEAT = Target("heartbeat")
REPORT = Target("report")
LONG_AGO = NOW - timedelta(days=90)


def job(*targets: Target, schedule: str = "", critical: bool = False, layout: str = "files", zone: str = "UTC") -> Job:
    return Job(
        job_id="orders-db",
        name="Orders",
        targets=targets or (S3,),
        timezone=zone,
        layout=layout,
        schedule=parse_schedule(schedule, zone) if schedule else None,
        critical=critical,
    )


def run(hours_ago: float, *, size: int | None = 100, target: Target = S3, **changes: object) -> Run:
    at = NOW - hours_ago * H
    plain = Run(
        id=f"{target.text}@{hours_ago}",
        source="object" if target.kind == "s3" else target.kind,
        target=target.text,
        outcome="ok",
        finished=at,
        size=size,
        ref=f"run {hours_ago} h ago",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def verdict(
    watched: Job,
    *runs: Run,
    window: timedelta | None = 26 * H,
    now: datetime = NOW,
    first_seen: datetime = LONG_AGO,
    **thresholds: object,
) -> Verdict:
    numbers = Thresholds(window=window, **thresholds)  # type: ignore[arg-type]
    in_order = sorted(runs, key=lambda one: one.at)
    return judge(watched, numbers, runs=in_order, first_seen=first_seen, now=now)


def rules(result: Verdict) -> list[tuple[str, str]]:
    return [(finding.level, finding.rule) for finding in result.findings]


# --- recent --------------------------------------------------------------------------------------------


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


def test_a_job_that_only_reports_speak_of_waits_while_nothing_takes_reports_in() -> None:
    assert verdict(job(REPORT), first_seen=LONG_AGO).level == "waiting"


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


# --- finished ------------------------------------------------------------------------------------------


def test_a_failed_run_alerts_until_a_later_one_of_its_kind_succeeds() -> None:
    beats = job(HEARTBEAT)
    assert rules(verdict(beats, run(20, target=HEARTBEAT), run(2, target=HEARTBEAT, outcome="failed", note="exit 1"))) == [
        ("alert", "failed")
    ]
    assert verdict(beats, run(3, target=HEARTBEAT, outcome="failed"), run(2, target=HEARTBEAT)).level == "green"


def test_a_success_of_another_kind_never_clears_a_failed_one() -> None:
    beats = job(HEARTBEAT)
    result = verdict(beats, run(9, target=HEARTBEAT, outcome="failed", kind="full"), run(2, target=HEARTBEAT, kind="inc"))
    assert rules(result) == [("alert", "failed")]


def test_completed_with_warnings_is_a_warning_and_still_a_backup() -> None:
    assert rules(verdict(job(HEARTBEAT), run(2, target=HEARTBEAT, outcome="warning"))) == [("warn", "with_warnings")]


def test_started_and_not_ended_by_its_deadline_alerts() -> None:
    nightly = job(HEARTBEAT, schedule="daily 02:00")
    started = run(
        0, target=HEARTBEAT, outcome="running", started=datetime(2026, 11, 21, 2, 5, tzinfo=UTC), finished=None, size=None
    )
    good = run(33.5, target=HEARTBEAT)
    before, after = datetime(2026, 11, 21, 3, 59, tzinfo=UTC), datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
    assert verdict(nightly, good, started, window=None, now=before).level == "green"
    assert ("alert", "not_ended") in rules(verdict(nightly, good, started, window=None, now=after))


def test_running_three_times_as_long_as_usual_warns() -> None:
    beats = job(HEARTBEAT)
    past = [run(age, target=HEARTBEAT, started=NOW - (age + 1) * H) for age in (80, 56, 32, 8)]
    going = run(0, target=HEARTBEAT, outcome="running", started=NOW - 3.5 * H, finished=None, size=None)
    result = verdict(beats, *past, going, window=48 * H)
    assert rules(result) == [("warn", "runs_long")]
    assert result.findings[0].threshold == "3 times 60 min"


# --- right size ----------------------------------------------------------------------------------------


def test_an_empty_backup_alerts_and_does_not_count_as_recent() -> None:
    assert rules(verdict(job(), run(30), run(2, size=0))) == [("alert", "empty"), ("warn", "too_old")]


@pytest.mark.parametrize(
    ("size", "expected"), [(500, []), (499, [("warn", "under_min_size")]), (249, [("alert", "under_min_size")])]
)
def test_under_the_smallest_size_warns_and_under_half_of_it_alerts(size: int, expected: list[tuple[str, str]]) -> None:
    assert rules(verdict(job(), run(2, size=size), min_size=500)) == expected


@pytest.mark.parametrize(
    ("size", "expected"), [(71, []), (70, [("warn", "shrank")]), (41, [("warn", "shrank")]), (40, [("alert", "shrank")])]
)
def test_shrinking_is_measured_against_the_median_of_its_kind(size: int, expected: list[tuple[str, str]]) -> None:
    assert rules(verdict(job(), run(74), run(50), run(26), run(2, size=size))) == expected


def test_fewer_than_three_runs_are_no_baseline() -> None:
    assert verdict(job(), run(50), run(26), run(2, size=1)).level == "green"


def test_an_incremental_is_not_compared_with_a_full() -> None:
    fulls = [run(24 * days, size=1000, kind="full") for days in (3, 4, 5, 6)]
    assert verdict(job(), *fulls, run(2, size=10, kind="inc")).level == "green"


def test_an_increment_may_be_as_small_as_what_changed_but_not_empty() -> None:
    increments = [run(24 * days, size=1000, kind="inc") for days in (3, 4, 5, 6)]
    assert verdict(job(), *increments, run(2, size=10, kind="inc")).level == "green"
    assert verdict(job(), *increments, run(2, size=0, kind="inc")).level == "alert"


def test_sizes_of_another_source_are_not_compared() -> None:
    beats = [run(age, target=HEARTBEAT, size=1000) for age in (74, 50, 26, 2)]
    assert verdict(job(S3, HEARTBEAT), *beats, run(2, size=10)).level == "green"


def test_a_repository_shrinks_with_every_prune_and_only_a_collapse_counts() -> None:
    past = [run(age, kind="repository") for age in (74, 50, 26)]
    assert verdict(job(layout="restic"), *past, run(2, size=60, kind="repository")).level == "green"
    assert rules(verdict(job(layout="restic"), *past, run(2, size=40, kind="repository"))) == [("alert", "shrank")]


def test_identical_bytes_three_times_warn_where_sizes_used_to_differ() -> None:
    same = [run(age, size=100, etag="e") for age in (50, 26, 2)]
    varied = [run(122, size=101, etag="a"), run(98, size=99, etag="b"), run(74, size=103, etag="c")]
    assert rules(verdict(job(), *varied, *same)) == [("warn", "identical")]
    always = [run(age, size=100, etag="e") for age in (122, 98, 74)]
    assert verdict(job(), *always, *same).level == "green"


def test_this_size_is_right_resets_the_baseline() -> None:
    runs = sorted([run(74), run(50), run(26), run(2, size=20)], key=lambda one: one.at)
    result = judge(job(), Thresholds(window=26 * H), runs=runs, first_seen=LONG_AGO, now=NOW, baseline_from=NOW - 3 * H)
    assert result.level == "green"


# --- claims against objects --------------------------------------------------------------------------------


def both() -> Job:
    return job(S3, HEARTBEAT)


def test_said_done_and_nothing_landed_warns_after_a_tenth_of_the_window_and_alerts_at_it() -> None:
    landed = run(30)
    assert ("warn", "said_not_landed") not in rules(verdict(both(), run(26), run(2.5, target=HEARTBEAT)))
    assert rules(verdict(both(), run(25), run(2.7, target=HEARTBEAT))) == [("warn", "said_not_landed")]
    assert ("alert", "said_not_landed") in rules(verdict(both(), landed, run(27, target=HEARTBEAT), window=26 * H, now=NOW))


def test_what_landed_within_half_an_hour_of_the_claim_belongs_to_it() -> None:
    assert verdict(both(), run(3.4), run(3, target=HEARTBEAT)).level == "green"
    assert rules(verdict(both(), run(3.6), run(3, target=HEARTBEAT))) == [("warn", "said_not_landed")]


def test_landed_and_never_said_is_only_ever_a_warning() -> None:
    assert rules(verdict(both(), run(20), run(50, target=HEARTBEAT))) == [("warn", "landed_not_said")]


def test_a_report_that_never_came_is_no_evidence_yet_and_no_finding() -> None:
    assert verdict(job(S3, REPORT), run(20)).level == "green"


def test_green_heartbeats_over_an_empty_backup_are_not_green() -> None:
    assert verdict(both(), run(2, size=0), run(2, target=HEARTBEAT, size=0)).level == "alert"


def test_a_sync_of_unchanged_files_lands_nothing_new_and_is_fine() -> None:
    landing = run(300, outcome="unsure", kind="landing", size=None)
    assert verdict(job(S3, HEARTBEAT, layout="sync"), landing, run(2, target=HEARTBEAT)).level == "green"
    assert rules(verdict(job(S3, HEARTBEAT, layout="kopia"), landing, run(5, target=HEARTBEAT))) == [("warn", "said_not_landed")]


# --- cannot look -------------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_never_green_and_past_its_deadline_says_cannot_see() -> None:
    blind = Unseen(target=S3.text, error="AccessDenied", since=NOW - H)
    numbers = Thresholds(window=26 * H)
    early = judge(job(), numbers, runs=[run(20)], first_seen=LONG_AGO, now=NOW, unseen=[blind])
    late = judge(job(), numbers, runs=[run(40)], first_seen=LONG_AGO, now=NOW, unseen=[blind])
    assert (early.level, early.findings) == ("unseen", ())
    assert rules(late) == [("alert", "cannot_see")]
    assert "AccessDenied" in late.findings[0].says


def test_a_listing_that_cannot_be_trusted_is_unsure_and_says_why() -> None:
    result = judge(
        job(), Thresholds(window=26 * H), runs=[run(2)], first_seen=LONG_AGO, now=NOW, doubts={S3.text: "more than 200 pages"}
    )
    assert rules(result) == [("warn", "unsure_listing")]
    assert "more than 200 pages" in result.findings[0].says


def test_changes_at_is_the_first_moment_at_which_more_could_be_wrong() -> None:
    result = verdict(both(), run(1), run(1, target=HEARTBEAT))
    assert result.changes_at is not None
    assert verdict(both(), run(1), run(1, target=HEARTBEAT), now=result.changes_at - timedelta(seconds=1)).level == "green"
    assert verdict(both(), run(1), run(1, target=HEARTBEAT), now=result.changes_at).level != "green"
