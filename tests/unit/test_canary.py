"""The weekly test: which step is next, and what is remembered of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workflows.backup.canary import NOTES, News, canary_job, canary_thresholds, news
from workflows.backup.canary_flight import HELD_MAX, REST, TAKES_MAX, next_step
from workflows.backup.evidence import Run
from workflows.backup.job_id import CANARY
from workflows.backup.ports import CheckIn
from workflows.backup.standing import Standing, Told

TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
ADMIN = "ana@example.com"
WEEK = timedelta(days=7)


def said(outcome: str, at: datetime = TEN) -> CheckIn:
    return CheckIn(job_id=CANARY, sk=f"{at.isoformat()}#canary", at=at, source="heartbeat", outcome=outcome)


def broken(**changes: Any) -> Standing:
    plain = Standing(
        job_id=CANARY,
        first_seen=TEN - WEEK,
        since=TEN,
        state="alert",
        break_id="b2",
        say=3,
        recipients=(ADMIN,),
        pending=TEN,
    )
    return replace(plain, **changes)


def holding(ts: str = "1.2", *, break_id: str = "b2", at: datetime = TEN) -> dict[str, Told]:
    return {ADMIN: Told(say=3, break_id=break_id, channel="D1", ts=ts, at=at)}


def test_the_first_look_lets_it_fail() -> None:
    assert next_step([], None, TEN) == "begin"


def test_after_a_week_it_fails_again_and_on_the_same_day_it_rests() -> None:
    last_week = [said("failed", TEN - WEEK), said("ok", TEN - WEEK + TAKES_MAX)]
    assert next_step(last_week, None, TEN) == "begin"
    assert next_step(last_week, None, TEN - WEEK + REST - timedelta(minutes=1)) == "rest"


def test_what_has_just_failed_is_given_time() -> None:
    assert next_step([said("failed")], broken(), TEN + TAKES_MAX - timedelta(seconds=1)) == "wait"


def test_a_message_that_is_there_ends_it_at_once() -> None:
    assert next_step([said("failed")], broken(told=holding()), TEN + timedelta(minutes=1)) == "arrived"


@pytest.mark.parametrize(
    "standing",
    [
        None,
        broken(),
        broken(told=holding(ts="")),
        broken(told=holding(break_id="b1")),
        broken(told=holding(at=TEN - WEEK)),
        broken(state="all_green", pending=None),
    ],
    ids=["nobody looked", "not told", "suppressed", "of an earlier break", "of last week", "nobody saw it fail"],
)
def test_without_a_message_of_this_very_failure_it_is_missed(standing: Standing | None) -> None:
    assert next_step([said("failed")], standing, TEN + TAKES_MAX) == "missed"


def test_what_waits_for_business_hours_is_not_missed_and_at_last_has_no_result() -> None:
    put_off = broken(pending=None)
    assert next_step([said("failed")], put_off, TEN + HELD_MAX - timedelta(minutes=1)) == "wait"
    assert next_step([said("failed")], put_off, TEN + HELD_MAX) == "held_back"


def test_one_that_nobody_ended_is_ended_before_another_begins() -> None:
    left = [said("failed", TEN - WEEK)]
    assert next_step(left, broken(told=holding(at=TEN - WEEK)), TEN) == "arrived"
    ended = [*left, said("ok", TEN)]
    assert next_step(ended, broken(state="all_green"), TEN + timedelta(minutes=20)) == "begin"


def test_the_job_is_the_admins_and_neither_escalates_nor_reminds_within_weeks() -> None:
    job, numbers = canary_job(ADMIN, "Asia/Singapore"), canary_thresholds()

    assert (job.job_id, job.owner_email, job.timezone, job.critical) == (CANARY, ADMIN, "Asia/Singapore", False)
    assert [target.text for target in job.targets] == ["heartbeat"]
    assert min(numbers.escalate_after, numbers.remind_every) > 4 * WEEK
    assert numbers.window is not None
    assert numbers.window > 26 * WEEK, "weeks left out are no break"


def flight(began: datetime, note: str = "") -> tuple[Run, ...]:
    failed = Run(id=f"f{began}", source="heartbeat", target="heartbeat", outcome="failed", finished=began, note="on purpose")
    good = Run(id=f"g{began}", source="heartbeat", target="heartbeat", outcome="ok", finished=began + TAKES_MAX, note=note)
    return (failed, good) if note else (failed,)


def test_the_news_are_the_newest_result_and_when_one_last_arrived() -> None:
    weeks = flight(TEN - 2 * WEEK, NOTES["arrived"]) + flight(TEN - WEEK, NOTES["missed"])

    assert news(None) is None
    assert news(broken()) is None
    assert news(broken(runs=weeks)) == News(result="missed", at=TEN - WEEK + TAKES_MAX, last_arrived=TEN - 2 * WEEK + TAKES_MAX)
    flying = news(broken(runs=(*weeks, *flight(TEN))))
    assert flying == News(result=None, at=TEN, last_arrived=TEN - 2 * WEEK + TAKES_MAX)
    assert news(broken(runs=flight(TEN, NOTES["held_back"]))) == News(result="held_back", at=TEN + TAKES_MAX, last_arrived=None)
