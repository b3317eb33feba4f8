"""What every adapter of `CheckIns` does alike: in memory, and on DynamoDB as moto plays it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from bolt_app.adapters.dynamodb_check_ins import DynamoCheckIns
from bolt_app.adapters.memory.check_ins import MemoryCheckIns
from tests.adapters.conftest import Table
from workflows.backup.ports import CheckIn, CheckIns

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


class Clock:
    now = NOON


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "dynamodb"])
def check_ins(request: pytest.FixtureRequest, clock: Clock) -> CheckIns:
    if request.param == "memory":
        return MemoryCheckIns(lambda: clock.now)
    client: DynamoDBClient = request.getfixturevalue("dynamodb")
    table: Table = request.getfixturevalue("table")
    return DynamoCheckIns(client, table=table("heartbeats"), clock=lambda: clock.now)


def at(moment: datetime, job_id: str = "orders-db", sign: str = "sig", **special: Any) -> CheckIn:
    fields = {"job_id": job_id, "sk": f"{moment:%Y-%m-%dT%H:%M:%S}Z#{sign}", "at": moment, "source": "heartbeat", "outcome": "ok"}
    return CheckIn(**{**fields, **special})


def test_a_check_in_is_kept_whole(check_ins: CheckIns) -> None:
    whole = at(
        NOON,
        size=5,
        rid="r1",
        ran_at=NOON - DAY,
        ref="mail 7",
        source_ip="192.0.2.1",
        note="disk almost full",
        once="mail 7",
        weak=True,
    )
    bare = at(NOON + SECOND, sign="b")
    assert check_ins.record(whole, now=NOON)
    assert check_ins.record(bare, now=NOON)
    assert check_ins.since("orders-db", None) == [whole, bare]


def test_no_bytes_and_unknown_bytes_are_two_things(check_ins: CheckIns) -> None:
    check_ins.record(at(NOON, size=0), now=NOON)
    check_ins.record(at(NOON + SECOND, size=None), now=NOON)
    assert [one.size for one in check_ins.since("orders-db", None)] == [0, None]


def test_a_repeat_is_recorded_once_and_moves_nothing(check_ins: CheckIns) -> None:
    first, second = at(NOON), at(NOON + SECOND)
    assert check_ins.record(first, now=NOON)
    assert check_ins.record(second, now=NOON + SECOND)
    assert not check_ins.record(replace(first, outcome="failed"), now=NOON + 2 * SECOND)
    assert check_ins.since("orders-db", None) == [first, second]
    assert check_ins.latest(["orders-db"]) == {"orders-db": second.sk}


def test_latest_is_the_one_that_was_recorded_last_job_by_job(check_ins: CheckIns) -> None:
    assert check_ins.latest(["orders-db", "nas"]) == {}
    check_ins.record(at(NOON), now=NOON)
    check_ins.record(at(NOON, "nas"), now=NOON)
    check_ins.record(at(NOON + SECOND), now=NOON + SECOND)
    assert check_ins.latest(["orders-db", "nas", "other", "nas"]) == {
        "orders-db": at(NOON + SECOND).sk,
        "nas": at(NOON, "nas").sk,
    }


def test_one_that_arrives_out_of_order_still_moves_latest_so_that_a_check_sees_it(check_ins: CheckIns) -> None:
    newer, older = at(NOON + SECOND), at(NOON, outcome="failed")
    check_ins.record(newer, now=NOON + SECOND)
    assert check_ins.record(older, now=NOON), "a slower writer is no reason to lose a check-in"
    assert check_ins.latest(["orders-db"]) == {"orders-db": older.sk}
    assert check_ins.since("orders-db", None) == [older, newer]


def test_more_than_one_batch_of_jobs_is_read(check_ins: CheckIns) -> None:
    names = [f"job-{number:03}" for number in range(203)]
    stored = [names[0], names[100], names[202]]
    for name in stored:
        check_ins.record(at(NOON, name), now=NOON)
    assert sorted(check_ins.latest(names)) == stored


def test_since_is_from_that_moment_on_the_oldest_first(check_ins: CheckIns) -> None:
    for seconds in (3, 1, 2, 0):
        check_ins.record(at(NOON + seconds * SECOND), now=NOON + 3 * SECOND)
    check_ins.record(at(NOON + 9 * SECOND, "nas"), now=NOON)
    assert [one.at for one in check_ins.since("orders-db", NOON + SECOND)] == [NOON + seconds * SECOND for seconds in (1, 2, 3)]
    assert check_ins.since("orders-db", NOON + 4 * SECOND) == []
    assert check_ins.since("never-seen", None) == []


def test_within_one_second_the_order_is_that_of_the_moments(check_ins: CheckIns) -> None:
    late, early = NOON + timedelta(microseconds=9), NOON + timedelta(microseconds=1)
    check_ins.record(at(late, sign="a"), now=NOON)
    check_ins.record(at(early, sign="z"), now=NOON)
    assert [one.at for one in check_ins.since("orders-db", early)] == [early, late]
    assert [one.at for one in check_ins.since("orders-db", late)] == [late]


def test_many_check_ins_are_all_found(check_ins: CheckIns) -> None:
    for minute in range(55):
        check_ins.record(at(NOON + minute * timedelta(minutes=1)), now=NOON)
    assert len(check_ins.since("orders-db", NOON + timedelta(minutes=3))) == 52
    assert len(check_ins.since("orders-db", None)) == 55


def test_after_ninety_days_a_check_in_is_forgotten_though_latest_stays(check_ins: CheckIns, clock: Clock) -> None:
    check_ins.record(at(NOON), now=NOON)
    clock.now = NOON + 90 * DAY - SECOND
    assert len(check_ins.since("orders-db", None)) == 1
    clock.now = NOON + 90 * DAY
    assert check_ins.since("orders-db", None) == []
    assert check_ins.latest(["orders-db"]) == {"orders-db": at(NOON).sk}


def test_what_may_arrive_again_at_another_time_counts_once_for_its_job(check_ins: CheckIns) -> None:
    first = at(NOON, once="mail 7")
    assert check_ins.record(first, now=NOON)
    assert not check_ins.record(at(NOON + DAY, sign="again", once="mail 7"), now=NOON + DAY)
    assert check_ins.record(at(NOON + DAY, sign="another", once="mail 8"), now=NOON + DAY)
    assert check_ins.record(at(NOON + DAY, job_id="crm", once="mail 7"), now=NOON + DAY)

    assert [one.once for one in check_ins.since("orders-db", None)] == ["mail 7", "mail 8"]
    assert check_ins.latest(["orders-db"])["orders-db"].endswith("#another")
