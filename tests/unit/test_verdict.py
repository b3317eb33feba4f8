"""The verdict as a whole: claims against objects, what cannot be read, and when it may next change."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.judged import COPY, HEARTBEAT, LONG_AGO, NOW, REPORT, S3, H, going, job, rules, run, verdict
from workflows.backup.evidence import Run, Unseen
from workflows.backup.job import Job, Target
from workflows.backup.thresholds import Thresholds
from workflows.backup.verdict import judge

# --- claims against objects ---


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


def test_a_heartbeat_that_was_added_today_is_not_missed_yet() -> None:
    added = {S3.text: LONG_AGO, "heartbeat": NOW - 5 * H}
    assert verdict(both(), run(10), first_seen_of=added).level == "green"
    waiting = verdict(both(), run(4), first_seen_of=added)
    assert (waiting.level, waiting.changes_at) == ("green", NOW + 21 * H)
    assert rules(verdict(both(), run(4), first_seen_of=added, now=NOW + 21 * H)) == [("warn", "landed_not_said")]


def test_what_was_said_before_a_prefix_was_watched_need_not_have_landed_there() -> None:
    added = {S3.text: NOW - H, "heartbeat": LONG_AGO}
    assert verdict(both(), run(5, target=HEARTBEAT), first_seen_of=added).level == "waiting"
    assert rules(verdict(both(), run(0, target=HEARTBEAT), first_seen_of=added, now=NOW + 3 * H)) == [("warn", "said_not_landed")]


def test_a_report_that_never_came_is_missed_once_a_period_has_passed() -> None:
    assert verdict(job(S3, REPORT), run(20), first_seen=NOW - 25 * H).level == "green"
    assert rules(verdict(job(S3, REPORT), run(20))) == [("warn", "landed_not_said")]


def test_green_heartbeats_over_an_empty_backup_are_not_green() -> None:
    assert verdict(both(), run(2, size=0), run(2, target=HEARTBEAT, size=0)).level == "alert"


def test_a_sync_of_unchanged_files_lands_nothing_new_and_is_fine() -> None:
    landing = run(300, outcome="unsure", kind="landing", size=None)
    assert verdict(job(S3, HEARTBEAT, layout="sync"), landing, run(2, target=HEARTBEAT)).level == "green"
    assert rules(verdict(job(S3, HEARTBEAT, layout="kopia"), landing, run(5, target=HEARTBEAT))) == [("warn", "said_not_landed")]


# --- cannot look ---


def test_what_cannot_be_read_is_never_green_and_past_its_deadline_says_cannot_see() -> None:
    blind = Unseen(target=S3.text, error="AccessDenied", since=NOW - H)
    numbers = Thresholds(window=26 * H)
    early = judge(job(), numbers, runs=[run(20)], first_seen=LONG_AGO, now=NOW, unseen=[blind])
    late = judge(job(), numbers, runs=[run(40)], first_seen=LONG_AGO, now=NOW, unseen=[replace(blind, checks=2)])
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


# --- when it may next change ---

HOURS = st.floats(0, 100).map(lambda hours: round(hours, 1))


def _object(age: float, size: int, *, gone: bool, copy: bool) -> Run:
    return run(age, size=size, gone=gone, target=COPY if copy else S3)


def _beat(age: float, outcome: str, took: float) -> Run:
    if outcome == "running":
        return going(NOW - age * H)
    return run(age, target=HEARTBEAT, outcome=outcome, size=None, started=NOW - (age + took) * H)


OBJECTS = st.builds(_object, HOURS, st.sampled_from([0, 10, 100, 110]), gone=st.booleans(), copy=st.booleans())
BEATS = st.builds(_beat, HOURS, st.sampled_from(["ok", "failed", "running"]), st.sampled_from([0.5, 5.0]))
WORSE = {"green": 0, "waiting": 0, "warn": 1, "alert": 2}


@settings(max_examples=150, deadline=None)
@given(
    runs=st.lists(OBJECTS | BEATS, max_size=10, unique_by=lambda one: one.id),
    schedule=st.sampled_from(["", "daily 02:00", "every 6h", "weekly sun 03:00"]),
    window=st.sampled_from([None, 26 * H]),
    targets=st.sampled_from([(S3,), (S3, COPY), (HEARTBEAT,), (S3, HEARTBEAT)]),
    first_seen=st.sampled_from([LONG_AGO, NOW - 5 * H]),
    share=st.floats(0.01, 0.99),
)
def test_without_new_evidence_nothing_gets_worse_before_it_is_foreseen(
    runs: list[Run], schedule: str, window: timedelta | None, targets: tuple[Target, ...], first_seen: datetime, share: float
) -> None:
    watched = job(*targets, schedule=schedule)
    window = window if schedule else 26 * H
    now = verdict(watched, *runs, window=window, first_seen=first_seen)
    horizon = now.changes_at or NOW + 400 * H
    assert horizon > NOW
    between = verdict(watched, *runs, window=window, first_seen=first_seen, now=NOW + (horizon - NOW) * share)
    assert WORSE[between.level] <= WORSE[now.level]
