"""From check-ins to runs: starts and ends are paired, repeats and late arrivals do no harm."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.backup.claimed import claimed_runs
from workflows.backup.evidence import Run
from workflows.backup.history import keep_recent
from workflows.backup.ports import CheckIn

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def check_in(minute: int, outcome: str = "ok", *, rid: str = "", size: int | None = None, source: str = "heartbeat") -> CheckIn:
    at = START + timedelta(minutes=minute)
    return CheckIn(job_id="job", sk=f"{at.isoformat()}#{outcome}{rid}", at=at, source=source, outcome=outcome, size=size, rid=rid)


def outline(runs: tuple[Run, ...]) -> list[tuple[str, int | None, int | None]]:
    """(outcome, minute it started, minute it ended) of each run."""

    def minute(moment: datetime | None) -> int | None:
        return None if moment is None else int((moment - START).total_seconds() // 60)

    return [(run.outcome, minute(run.started), minute(run.finished)) for run in runs]


def test_a_success_alone_is_a_run() -> None:
    (run,) = claimed_runs((), [check_in(5, size=1000)])
    assert (run.outcome, run.size, run.target, run.good) == ("ok", 1000, "heartbeat", True)


def test_a_start_runs_until_its_end() -> None:
    runs = claimed_runs((), [check_in(0, "start")])
    assert outline(runs) == [("running", 0, None)]
    assert outline(claimed_runs(runs, [check_in(0, "start"), check_in(30)])) == [("ok", 0, 30)]


def test_run_ids_tie_overlapping_runs_together() -> None:
    beats = [check_in(0, "start", rid="a"), check_in(5, "start", rid="b"), check_in(20, "failed", rid="a"), check_in(25, rid="b")]
    assert outline(claimed_runs((), beats)) == [("failed", 0, 20), ("ok", 5, 25)]


def test_an_end_that_arrives_before_its_start_is_not_undone_by_it() -> None:
    ended = claimed_runs((), [check_in(30, rid="a")])
    assert outline(claimed_runs(ended, [check_in(0, "start", rid="a")])) == [("ok", None, 30)]


def test_a_start_that_arrives_after_its_end_is_not_taken_for_that_of_the_next_night() -> None:
    ended = claimed_runs((), [check_in(30)])
    late = claimed_runs(ended, [check_in(0, "start")])
    assert outline(claimed_runs(late, [check_in(1470)])) == [("running", 0, None), ("ok", None, 30), ("ok", None, 1470)]


def test_a_failure_in_the_same_second_as_a_success_is_the_newer_one() -> None:
    for signatures in ("ab", "ba"):
        good, bad = (replace(check_in(5, outcome), sk=sk) for outcome, sk in zip(("ok", "failed"), signatures, strict=True))
        for together in ([good, bad], [bad, good]):
            assert claimed_runs((), together)[-1].outcome == "failed"
        assert keep_recent(claimed_runs(claimed_runs((), [bad]), [good]))[-1].outcome == "failed"


def test_a_log_is_no_run() -> None:
    assert claimed_runs((), [check_in(0, "log")]) == ()


def test_a_report_is_a_run_of_its_own_source() -> None:
    runs = claimed_runs((), [check_in(0), check_in(1, source="report")])
    assert [(run.source, run.target) for run in runs] == [("heartbeat", "heartbeat"), ("report", "report")]


def test_an_end_told_twice_under_one_run_id_keeps_its_place_when_it_is_read_again() -> None:
    beats = [check_in(0, rid="a"), check_in(1, "start"), check_in(1, rid="a")]
    once = claimed_runs((), beats)

    assert claimed_runs(once, beats) == once


BEATS = st.lists(
    st.builds(
        check_in,
        st.integers(0, 500),
        st.sampled_from(["start", "ok", "warning", "failed", "log"]),
        rid=st.sampled_from(["", "a", "b", "c"]),
    ),
    max_size=20,
    unique_by=lambda one: one.sk,
)


@settings(max_examples=80, deadline=None)
@given(BEATS, st.integers(0, 20))
def test_taking_the_same_check_ins_in_again_changes_nothing(beats: list[CheckIn], overlap: int) -> None:
    once = claimed_runs((), beats)
    in_order = sorted(beats, key=lambda one: (one.at, one.outcome == "failed", one.sk))
    assert claimed_runs(once, in_order[max(0, len(in_order) - overlap) :]) == once


@settings(max_examples=80, deadline=None)
@given(BEATS)
def test_the_newest_end_is_never_lost(beats: list[CheckIn]) -> None:
    runs = claimed_runs((), beats)
    ends = [one for one in beats if one.outcome in {"ok", "warning", "failed"}]
    if ends:
        newest = max(ends, key=lambda one: (one.at, one.outcome == "failed", one.sk))
        assert any(run.ref == newest.sk and run.outcome == newest.outcome for run in runs)
    assert len({(run.target, run.id) for run in runs}) == len(runs)


def test_of_a_long_log_a_run_keeps_the_end_on_one_line() -> None:
    log = "archiving\n" * 900 + "Error: repository is locked\n"
    (run,) = claimed_runs((), [replace(check_in(5, "failed"), note=log)])
    assert run.note.startswith("…")
    assert run.note.endswith("archiving Error: repository is locked")
    assert len(run.note) == 300
