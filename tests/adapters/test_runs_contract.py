"""What every adapter of `Runs` does alike: in memory, and on DynamoDB as moto plays it; and the queue of shards on SQS."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import boto3
import pytest
from botocore.stub import Stubber
from mypy_boto3_dynamodb import DynamoDBClient

from bolt_app.adapters.dynamodb_runs import DynamoRuns
from bolt_app.adapters.dynamodb_standings import DynamoStandings
from bolt_app.adapters.event_source import EventSource
from bolt_app.adapters.memory.shards import MemoryRuns, MemoryShards
from bolt_app.adapters.sqs import CheckShards
from tests.adapters.conftest import Table
from workflows.backup.check import Report
from workflows.backup.job_id import JOB_ID_MAX
from workflows.backup.sharing import (
    JOBS_PER_SHARD,
    RUNS_KEPT,
    Run,
    Runs,
    Shard,
    ShardQueue,
    Sharing,
    message_of,
    read_shard,
    share_out,
)
from workflows.kernel.errors import Conflict, Refused

NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)
HEAD = {"looked": 2, "changed": 1, "complete": True, "warnings": [["orders-db", "odd – ünïcode"]], "more_warnings": 0}
SAID = {"looked": 3, "changed": 0, "complete": True, "warnings": [], "more_warnings": 4}
UUID = "0f9bfd8e-3c5a-4c5e-9a57-0a2a8a3c2f11"
SQS_BYTES_MAX = 262_144
"""What a queue took before August 2025, and what other ends of it may still hold to."""


def run(minutes: int = 0, shards: int = 2) -> Run:
    begun = NINE + timedelta(minutes=minutes, microseconds=minutes)
    return Run(mode="fast", id=begun.isoformat(), head=HEAD, shards=dict.fromkeys(range(shards)))


@pytest.fixture(params=["memory", "dynamodb"])
def runs(request: pytest.FixtureRequest) -> Runs:
    if request.param == "memory":
        return MemoryRuns()
    client: DynamoDBClient = request.getfixturevalue("dynamodb")
    table: Table = request.getfixturevalue("table")
    return DynamoRuns(client, table=table("state"))


def test_a_run_is_open_until_its_last_shard_is_done_and_keeps_what_each_said(runs: Runs) -> None:
    runs.begin(run(shards=12))
    for number in range(12):
        after = runs.done("fast", run().id, number, SAID | {"looked": number})
        assert after is not None
        assert after.open is (number < 11)
    after = runs.get("fast", run().id)
    assert after is not None
    assert after.head == HEAD
    assert [said["looked"] for said in after.shards.values() if said] == list(range(12))
    assert after.started == NINE


def test_what_a_shard_said_first_stands(runs: Runs) -> None:
    runs.begin(run())
    runs.done("fast", run().id, 0, SAID)
    after = runs.done("fast", run().id, 0, SAID | {"complete": False})
    assert after is not None
    assert after.shards == {0: SAID, 1: None}


def test_a_shard_that_the_run_does_not_have_changes_nothing(runs: Runs) -> None:
    runs.begin(run())
    assert runs.done("fast", run().id, 7, SAID) == run()


def test_of_two_that_are_last_at_once_one_alone_sees_the_run_closed(dynamodb: DynamoDBClient, table: Table) -> None:
    name = table("state")
    other = DynamoRuns(dynamodb, table=name)
    seen: list[Run | None] = []

    class Overtaken:
        """A client whose first write is followed by somebody else's, before its answer arrives."""

        def __getattr__(self, call: str) -> Any:
            return getattr(dynamodb, call)

        def update_item(self, **request: Any) -> Any:
            answer = dynamodb.update_item(**request)
            seen.append(other.done("fast", run().id, 1, SAID))
            return answer

    other.begin(run())
    seen.append(DynamoRuns(cast("DynamoDBClient", Overtaken()), table=name).done("fast", run().id, 0, SAID))
    assert [one.open for one in seen if one is not None] == [False, True]


def test_a_closed_run_is_gone_and_stays_so(runs: Runs) -> None:
    runs.close("fast", run().id)
    runs.begin(run())
    runs.close("fast", run().id)
    runs.close("fast", run().id)
    assert runs.get("fast", run().id) is None
    assert runs.done("fast", run().id, 0, SAID) is None
    assert runs.unfinished("fast") == []


def test_runs_do_not_mix(runs: Runs) -> None:
    runs.begin(run())
    runs.begin(run(1))
    runs.done("fast", run(1).id, 0, SAID)
    assert runs.get("fast", run().id) == run()
    assert runs.get("slow", run().id) is None
    assert [one.id for one in runs.unfinished("fast")] == [run().id, run(1).id]


def test_two_runs_of_one_moment_are_a_conflict_and_the_first_stands(runs: Runs) -> None:
    runs.begin(run())
    runs.done("fast", run().id, 0, SAID)
    with pytest.raises(Conflict):
        runs.begin(run(shards=5))
    kept = runs.get("fast", run().id)
    assert kept is not None
    assert kept.shards == {0: SAID, 1: None}


def test_a_new_run_pushes_out_the_oldest_of_too_many(runs: Runs) -> None:
    for minutes in range(RUNS_KEPT + 2):
        runs.begin(run(minutes))
    assert [one.id for one in runs.unfinished("fast")] == [run(minutes).id for minutes in range(2, RUNS_KEPT + 2)]
    assert runs.done("fast", run().id, 0, SAID) is None


def test_no_board_and_no_check_ever_takes_a_run_for_a_job(dynamodb: DynamoDBClient, table: Table) -> None:
    state = table("state")
    DynamoRuns(dynamodb, table=state).begin(run())
    standings = DynamoStandings(dynamodb, state=state, audit=table("audit"))
    assert standings.every() == []
    assert standings.due(NINE + timedelta(days=1)) == []


@pytest.mark.parametrize("where", ["memory", "sqs"])
def test_a_shard_comes_out_of_the_queue_as_it_went_in(aws: boto3.Session, where: str) -> None:
    shard = Shard(mode="slow", run=NINE.isoformat(), number=3, job_ids=("orders-db", "aufträge", "注文"))
    if where == "memory":
        memory = MemoryShards()
        _hand_out(memory, shard)
        assert memory.take() == [shard]
        assert memory.take() == []
        return
    client = aws.client("sqs")
    url = client.create_queue(QueueName="shards")["QueueUrl"]
    _hand_out(CheckShards(lambda: client, url=url, wake=lambda: None), shard)
    [message] = client.receive_message(QueueUrl=url)["Messages"]
    assert read_shard(json.loads(message["Body"])) == shard


def _hand_out(queue: ShardQueue, shard: Shard) -> None:
    queue.wake()
    queue.hand_out(shard)


@pytest.mark.parametrize("state", ["Disabled", "Enabled", "Enabling", "Updating"])
def test_an_event_source_is_woken_only_where_it_sleeps(state: str) -> None:
    client = boto3.client("lambda", region_name="ap-southeast-1")
    with Stubber(client) as stub:
        stub.add_response("get_event_source_mapping", {"UUID": UUID, "State": state}, {"UUID": UUID})
        if state == "Disabled":
            stub.add_response("update_event_source_mapping", {"UUID": UUID, "State": "Enabling"}, {"UUID": UUID, "Enabled": True})
        EventSource(lambda: client, uuid=UUID).wake()
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["ResourceInUseException", "ResourceConflictException"])
def test_an_event_source_that_another_check_wakes_just_now_is_woken(code: str) -> None:
    client = boto3.client("lambda", region_name="ap-southeast-1")
    with Stubber(client) as stub:
        stub.add_response("get_event_source_mapping", {"UUID": UUID, "State": "Disabled"}, {"UUID": UUID})
        stub.add_client_error("update_event_source_mapping", code, http_status_code=400)
        EventSource(lambda: client, uuid=UUID).wake()
        stub.assert_no_pending_responses()


def test_an_event_source_that_may_not_be_woken_is_said_so_before_anything_is_handed_out() -> None:
    client, runs = boto3.client("lambda", region_name="ap-southeast-1"), MemoryRuns()

    def never() -> None:
        raise AssertionError("a shard was handed out")

    with Stubber(client) as stub:
        stub.add_client_error("get_event_source_mapping", "AccessDeniedException", http_status_code=403)
        queue = CheckShards(never, url="https://q", wake=EventSource(lambda: client, uuid=UUID).wake)  # type: ignore[arg-type]
        with pytest.raises(Refused):
            share_out("fast", ["a", "b"], Report(), Sharing(runs=runs, queue=queue, above=1), NINE)
    assert runs.unfinished("fast") == []


def test_no_shard_is_too_long_for_a_message() -> None:
    longest = Shard(mode="fast", run=run(59).id, number=199, job_ids=("𝒳" * JOB_ID_MAX,) * JOBS_PER_SHARD)
    assert len(json.dumps(message_of(longest), ensure_ascii=False).encode()) < SQS_BYTES_MAX


def test_a_queue_that_is_gone_refuses_shards() -> None:
    client = boto3.client("sqs", region_name="ap-southeast-1")
    with Stubber(client) as stub:
        stub.add_client_error("send_message", "AWS.SimpleQueueService.NonExistentQueue", http_status_code=400)
        queue = CheckShards(lambda: client, url="https://q", wake=lambda: None)
        with pytest.raises(Refused):
            queue.hand_out(Shard(mode="fast", run=run().id, number=0, job_ids=("a",)))
