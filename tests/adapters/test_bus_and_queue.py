"""The bus and the queue: in memory, and as EventBridge and SQS take them."""

import json
from collections.abc import Sequence
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from bolt_app.adapters.eventbridge import EventBridge
from bolt_app.adapters.memory.bus import MemoryBus
from bolt_app.adapters.memory.nudges import MemoryNudges
from bolt_app.adapters.sqs import DispatchQueue
from workflows.kernel.errors import Refused, Unanswered
from workflows.kernel.ports import Event

ALERT = Event(kind="bk.alert", detail={"v": 1, "job_id": "orders-db", "say": 3, "kind": "opened", "name": "Aufträge"})
BUSY = {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}


def nudges(count: int) -> list[Event]:
    return [Event(kind="bk.alert", detail={"job_id": f"job-{number}"}) for number in range(count)]


class Wire:
    """EventBridge, answering as told; `expect` names the jobs that the next PutEvents must carry."""

    def __init__(self) -> None:
        client = boto3.client("events", region_name="ap-southeast-1")
        self._stub = Stubber(client)
        self._stub.activate()
        self.bus = EventBridge(client, bus="default")

    def expect(self, events: Sequence[Event], *, refused: Sequence[int] = ()) -> None:
        entries = [
            {"EventBusName": "default", "Source": "backup-sentinel", "DetailType": event.kind, "Detail": json.dumps(event.detail)}
            for event in events
        ]
        results: list[dict[str, Any]] = [BUSY if place in refused else {"EventId": str(place)} for place in range(len(events))]
        self._stub.add_response("put_events", {"FailedEntryCount": len(refused), "Entries": results}, {"Entries": entries})

    def fail(self, code: str, status: int) -> None:
        self._stub.add_client_error("put_events", code, http_status_code=status)

    def done(self) -> None:
        self._stub.assert_no_pending_responses()


@pytest.fixture
def wire() -> Wire:
    return Wire()


def test_events_go_out_ten_at_a_time(wire: Wire) -> None:
    events = nudges(23)
    for start in (0, 10, 20):
        wire.expect(events[start : start + 10])
    wire.bus.publish(events)
    wire.done()


def test_nothing_to_say_is_no_call(wire: Wire) -> None:
    wire.bus.publish([])
    wire.done()


def test_entries_that_were_refused_are_tried_again_at_once_and_only_those(wire: Wire) -> None:
    first, _, third = events = nudges(3)
    wire.expect(events, refused=[0, 2])
    wire.expect([first, third], refused=[1])
    wire.expect([third])
    wire.bus.publish(events)
    wire.done()


def test_entries_refused_three_times_are_said_to_be_unanswered(wire: Wire) -> None:
    for _ in range(3):
        wire.expect(nudges(1), refused=[0])
    with pytest.raises(Unanswered, match="ThrottlingException: 1 entries: slow down"):
        wire.bus.publish(nudges(1))
    wire.done()


def test_a_bus_that_denies_refuses_for_good(wire: Wire) -> None:
    wire.fail("AccessDeniedException", 400)
    with pytest.raises(Refused, match="AccessDeniedException"):
        wire.bus.publish(nudges(1))


def test_a_bus_that_breaks_is_unanswered(wire: Wire) -> None:
    wire.fail("InternalFailure", 500)
    with pytest.raises(Unanswered):
        wire.bus.publish(nudges(1))


def test_what_is_published_reaches_a_queue_in_the_shape_in_which_we_nudge_ourselves(aws: boto3.Session) -> None:
    events, sqs = aws.client("events"), aws.client("sqs")
    url = sqs.create_queue(QueueName="dispatch")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["backup-sentinel"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "queue", "Arn": arn}])
    EventBridge(events, bus="default").publish([ALERT])
    DispatchQueue(sqs, url=url).later(ALERT, delay_seconds=0)
    bodies = [json.loads(one["Body"]) for one in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]]
    assert len(bodies) == 2
    for body in bodies:
        assert (body["source"], body["detail-type"], body["detail"]) == ("backup-sentinel", ALERT.kind, ALERT.detail)


@pytest.mark.parametrize(("asked", "given"), [(-3, 0), (0, 0), (7, 7), (900, 900), (901, 900)])
def test_a_nudge_is_delayed_by_at_most_a_quarter_of_an_hour(asked: int, given: int) -> None:
    client = boto3.client("sqs", region_name="ap-southeast-1")
    body = json.dumps({"source": "backup-sentinel", "detail-type": "bk.alert", "detail": {"job_id": "job-0"}})
    with Stubber(client) as stub:
        stub.add_response("send_message", {}, {"QueueUrl": "https://q", "MessageBody": body, "DelaySeconds": given})
        DispatchQueue(client, url="https://q").later(nudges(1)[0], delay_seconds=asked)
        stub.assert_no_pending_responses()
    memory = MemoryNudges()
    memory.later(nudges(1)[0], delay_seconds=asked)
    assert memory.take() == [(nudges(1)[0], given)]
    assert memory.take() == []


def test_a_queue_that_is_gone_refuses() -> None:
    client = boto3.client("sqs", region_name="ap-southeast-1")
    with Stubber(client) as stub:
        stub.add_client_error("send_message", "AWS.SimpleQueueService.NonExistentQueue", http_status_code=400)
        with pytest.raises(Refused):
            DispatchQueue(client, url="https://q").later(ALERT, delay_seconds=5)


def test_the_bus_in_memory_keeps_what_was_said_then_and_gives_it_out_once() -> None:
    bus, detail = MemoryBus(), {"job_ids": ["a"]}
    bus.publish([Event(kind="bk.check", detail=detail)])
    detail["job_ids"].append("b")
    assert bus.take() == [Event(kind="bk.check", detail={"job_ids": ["a"]})]
    assert bus.published == []


def test_what_is_not_json_is_no_event_in_memory_either() -> None:
    with pytest.raises(TypeError):
        MemoryBus().publish([Event(kind="bk.check", detail={"job_ids": {"a"}})])
