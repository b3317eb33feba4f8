"""Right size: empty, under the least size, shrunk, and the very same again and again."""

import pytest

from tests.unit.judged import COPY, HEARTBEAT, NOW, REPORT, S3, H, job, rules, run, verdict


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
    assert verdict(job(), run(74), run(50), run(26), run(2, size=20), baseline_from=NOW - 3 * H).level == "green"


# --- of each kind and target on its own ---


def test_an_empty_dump_is_not_hidden_by_a_later_one_of_another_kind() -> None:
    result = verdict(job(), run(2, size=0, kind="orders-#"), run(1, kind="users-#"))
    assert rules(result) == [("alert", "empty")]


def test_a_weekly_full_that_collapsed_is_not_hidden_by_the_next_increment() -> None:
    fulls = [run(24 * days, size=1000, kind="full") for days in (29, 22, 15, 8)]
    increments = [run(24 * days + 2, size=5, kind="inc") for days in range(7)]
    assert rules(verdict(job(), *fulls, run(25, size=10, kind="full"), *increments)) == [("alert", "shrank")]


def test_a_kind_that_others_overtook_two_of_its_gaps_ago_says_nothing() -> None:
    fulls = [run(24 * days, size=1000, kind="full") for days in (43, 36, 29, 22)]
    collapsed = run(24 * 15, size=10, kind="full")
    assert rules(verdict(job(), *fulls, run(24 * 13.9, size=10, kind="full"), run(2, kind="nightly"))) == [("alert", "shrank")]
    assert verdict(job(), *fulls, collapsed, run(2, kind="nightly")).level == "green"


def test_a_single_run_by_hand_says_nothing_two_periods_later() -> None:
    assert rules(verdict(job(), run(51, size=0, kind="test"), run(2))) == [("alert", "empty")]
    assert verdict(job(), run(53, size=0, kind="test"), run(2)).level == "green"


def test_the_least_size_is_tested_on_each_prefix_and_the_small_one_named() -> None:
    (finding,) = verdict(job(S3, COPY), run(2, size=600), run(2, size=10, target=COPY), min_size=500).findings
    assert (finding.level, finding.rule, finding.target) == ("alert", "under_min_size", COPY.text)
    assert finding.says == "The last backup in s3://acme-nas/orders/ is 10 B; it should be at least 500 B."


def test_beside_a_full_an_increment_has_no_least_size() -> None:
    assert verdict(job(), run(26, size=600, kind="full"), run(2, size=5, kind="inc"), min_size=500).level == "green"
    assert rules(verdict(job(), run(2, size=5, kind="inc"), min_size=500)) == [("alert", "under_min_size")]


def test_the_least_size_is_tested_on_the_heartbeat_where_no_object_tells_one_and_else_on_the_report() -> None:
    told = [run(2, size=10, target=HEARTBEAT), run(2, size=10, target=REPORT)]
    assert verdict(job(S3, HEARTBEAT, REPORT), run(2, size=600), *told, min_size=500).level == "green"
    for targets in ((REPORT, HEARTBEAT), (HEARTBEAT, REPORT)):
        (finding,) = verdict(job(*targets), *told, min_size=500).findings
        assert finding.target == "heartbeat"


# --- what is usual ---


def test_a_collapse_stays_said_however_many_small_ones_follow() -> None:
    usual = [run(24 * days, size=1000 + days) for days in range(20, 30)]
    collapsed = [run(24 * days + 1, size=10 + days) for days in range(20)]
    (finding,) = verdict(job(), *usual, *collapsed).findings
    assert (finding.level, finding.rule) == ("alert", "shrank")
    assert finding.says == "The last backup is 10 B; usually it is about 1.02 KB."


def test_a_collapse_is_over_when_sizes_recover_or_someone_says_that_the_size_is_right() -> None:
    usual = [run(24 * days, size=1000 + days) for days in range(20, 30)]
    collapsed = [run(24 * days + 1, size=10 + days) for days in range(20)]
    assert verdict(job(), *usual, *collapsed, run(0.5, size=900)).level == "green"
    assert verdict(job(), *usual, *collapsed, baseline_from=NOW - 20 * 24 * H).level == "green"


def test_a_smaller_shrinking_becomes_usual_in_time() -> None:
    usual = [run(24 * days, size=1000) for days in range(10, 20)]
    smaller = [run(24 * days + 1, size=500 + days) for days in range(5)]
    assert rules(verdict(job(), *usual, smaller[4], now=NOW - 4 * 24 * H)) == [("warn", "shrank")]
    assert verdict(job(), *usual, *smaller).level == "green"


def test_identical_bytes_keep_warning_however_often_they_come() -> None:
    varied = [run(24 * days, size=1000 + days, etag=f"{days}") for days in range(25, 28)]
    same = [run(24 * days + 1, size=1000, etag="e") for days in range(25)]
    (finding,) = verdict(job(), *varied, *same).findings
    assert (finding.rule, finding.says) == (
        "identical",
        "The last 25 backups are identical to the byte; before, sizes differed.",
    )
    assert verdict(job(), *varied, *same, run(0.5, size=1000, etag="new")).level == "green"


def test_a_size_that_was_said_once_says_nothing_of_later_runs_that_state_none() -> None:
    beats = job(HEARTBEAT)
    assert verdict(beats, run(50, size=0, target=HEARTBEAT), run(2, size=None, target=HEARTBEAT)).level == "green"


def test_of_a_repository_that_is_weighed_once_a_day_the_last_weight_counts() -> None:
    past = [run(age, kind="repository") for age in (98, 74, 50)]
    newer = run(2, kind="repository", size=None)
    assert rules(verdict(job(layout="restic"), *past, run(26, size=40, kind="repository"), newer)) == [("alert", "shrank")]


def test_the_least_size_is_meant_for_the_dump_and_not_for_the_log_beside_it() -> None:
    dumps = [run(24 * day + 2, size=1000, kind="dump-#.gz") for day in range(4)]
    logs = [run(24 * day + 1.9, size=3, kind="dump-#.log") for day in range(4)]
    assert verdict(job(), *dumps, *logs, min_size=500).level == "green"
    small = [*dumps[1:], run(2, size=400, kind="dump-#.gz")]
    assert rules(verdict(job(), *small, *logs, min_size=500))[0][1] in {"under_min_size", "shrank"}
