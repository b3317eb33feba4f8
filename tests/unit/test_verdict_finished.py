"""Finished: what failed, what goes on too long, and what never ended."""

from datetime import UTC, datetime

from tests.unit.judged import COPY, HEARTBEAT, NOW, S3, H, going, job, rules, run, verdict


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


def test_too_long_is_said_before_it_is_said_not_to_have_ended() -> None:
    nightly = job(HEARTBEAT, schedule="daily 02:00")
    two = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    past = [run(age, target=HEARTBEAT, started=NOW - (age + 1) * H) for age in (81, 57, 33)]  # 02:00 to 03:00
    said = {hours: rules(verdict(nightly, *past, going(two), window=None, now=two + hours * H)) for hours in (2.9, 3, 3.9, 4)}
    assert said == {
        2.9: [],
        3: [("warn", "runs_long")],
        3.9: [("warn", "runs_long")],
        4: [("alert", "not_ended"), ("warn", "slot_missed")],
    }


def test_the_second_night_may_already_take_as_long_as_the_first() -> None:
    nightly = job(HEARTBEAT, schedule="daily 02:00")
    two = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    first_night = run(29, target=HEARTBEAT, started=NOW - 34 * H)
    assert verdict(nightly, first_night, going(two), window=None, now=two + 5 * H).level == "green"


def test_a_run_that_does_not_end_on_one_of_several_prefixes_names_it() -> None:
    endless = run(0, target=COPY, outcome="running", started=NOW - 30 * H, finished=None)
    (finding,) = verdict(job(S3, COPY), run(2), run(40, target=COPY), endless, window=30 * H).findings[:1]
    assert (finding.rule, finding.target) == ("not_ended", COPY.text)
    assert finding.says == "A run in s3://acme-nas/orders/ started 30 h ago and has not ended."
