"""The lines that alarms are made of, printed by the deployed functions, and the way from an alarm to its subscribers."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from botocore.exceptions import ClientError

from infra.local.slack.testing import People
from infra.local.stack import read_template
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import until

pytestmark = pytest.mark.e2e

VISIBLE = "ApproximateNumberOfMessagesVisible"


def counted(stack: LocalStack, function: str, metric: str) -> list[float]:
    """The values that this function printed for this metric, in the namespace of the deployment."""
    found: list[float] = []
    for page in stack.logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{function}"):
        for event in page["events"]:
            for line in event["message"].splitlines():
                if not (line.startswith("{") and '"_aws"' in line):
                    continue
                printed: dict[str, Any] = json.loads(line)
                if metric in printed and printed["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "bk":
                    found.append(printed[metric])
    return found


@pytest.mark.parametrize(("mode", "metric"), [("fast", "FastRunCompleted"), ("slow", "SlowRunCompleted")])
def test_a_full_run_is_counted_when_it_is_completed_and_a_tick_never(stack: LocalStack, mode: str, metric: str) -> None:
    before = len(counted(stack, "bk-checker", metric))

    stack.functions.invoke(FunctionName="bk-checker", Payload=json.dumps({"mode": "due"}).encode())
    stack.functions.invoke(FunctionName="bk-checker", Payload=json.dumps({"mode": mode}).encode())

    until(10, lambda: len(counted(stack, "bk-checker", metric)) > before, f"the {mode} run is counted")


def tell_admin(stack: LocalStack, why: str) -> None:
    """Something that the admin is told, once."""
    nudge = {"Source": "backup-sentinel", "DetailType": "bk.notice"}
    detail = {"v": 1, "about": "delivery", "recipient": "sam@example.com", "why": why, "day": "2026-01-01"}
    stack.bus.put_events(Entries=[{**nudge, "Detail": json.dumps(detail)}])  # type: ignore[typeddict-item]


def average(values: list[float]) -> float:
    return sum(values) / len(values)


def deployed(stack: LocalStack) -> list[dict[str, Any]]:
    """The alarms as they are set there."""
    alarms = stack.session.client("cloudwatch", endpoint_url=stack.aws)
    found: Any = alarms.describe_alarms(AlarmNamePrefix="bk-", MaxRecords=100)["MetricAlarms"]
    return list(found)


def dimensions(alarm: dict[str, Any]) -> dict[str, str]:
    return {one["Name"]: one["Value"] for one in alarm.get("Dimensions", ())}


@contextmanager
def due_now(stack: LocalStack, name: str, state: Literal["DISABLED", "ENABLED"]) -> Iterator[None]:
    """A copy of this schedule, with its target and its words, that is due once, now."""
    schedules = stack.session.client("scheduler", endpoint_url=stack.aws)
    kept: Any = schedules.get_schedule(Name=name)
    now = f"at({datetime.now(UTC) - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S})"
    same = {field: kept[field] for field in ("FlexibleTimeWindow", "Target")}
    schedules.create_schedule(Name=f"{name}-copy", ScheduleExpression=now, State=state, **same)
    try:
        yield
    finally:
        schedules.delete_schedule(Name=f"{name}-copy")


def test_a_delivery_is_counted_as_not_failed(stack: LocalStack) -> None:
    tell_admin(stack, "self-watch")

    until(20, lambda: 0 in counted(stack, "bk-dispatch", "DeliveryFailed"), "the admin's notice is counted as delivered")


def test_where_slack_takes_our_token_no_more_deliveries_count_as_failed_and_the_rate_rises(stack: LocalStack) -> None:
    people = People(stack.page)
    until(20, lambda: counted(stack, "bk-dispatch", "DeliveryFailed"), "something was delivered before")
    before = counted(stack, "bk-dispatch", "DeliveryFailed")
    people.faults({"method": "*", "kind": "error:invalid_auth", "times": 1000})
    try:
        tell_admin(stack, "with a token that is revoked")
        until(20, lambda: sum(counted(stack, "bk-dispatch", "DeliveryFailed")) > sum(before), "the notice is counted as failed")
    finally:
        people.clear_faults()

    after = counted(stack, "bk-dispatch", "DeliveryFailed")
    assert average(after) > max(average(before), 0.01)  # what `bk-deliveries-failed` watches, and beyond what it lets pass
    assert set(after[len(before) :]) == {1}  # and of this quarter of an hour, what `bk-delivery-failing` watches


@pytest.mark.parametrize("fault", [{"kind": "503"}, {"kind": "429", "seconds": 1}], ids=["no answer", "rate"])
def test_what_slack_puts_off_is_told_by_how_long_and_delivered_once_it_answers(stack: LocalStack, fault: dict[str, Any]) -> None:
    people = People(stack.page)
    before = len(counted(stack, "bk-dispatch", "DeliveryDelay"))
    people.faults({"method": "*", "times": 1000, **fault})
    try:
        tell_admin(stack, f"put off by {fault['kind']}")
        until(30, lambda: max(counted(stack, "bk-dispatch", "DeliveryDelay")[before:], default=0) >= 1, "it is put off twice")
    finally:
        people.clear_faults()

    assert all(0 <= seconds < 60 for seconds in counted(stack, "bk-dispatch", "DeliveryDelay")[before:])
    arrived = f"put off by {fault['kind']}"
    until(40, lambda: arrived in json.dumps(people.messages(user="U0ANA")), "it arrives")


def test_a_schedule_that_is_stopped_brings_no_full_run_and_one_that_goes_does(stack: LocalStack) -> None:
    """Copies of the hourly and the daily schedule, both due now, the daily one stopped: real ones would take an hour."""
    fast, slow = (len(counted(stack, "bk-checker", f"{mode}RunCompleted")) for mode in ("Fast", "Slow"))
    with due_now(stack, "bk-slow-check", "DISABLED"), due_now(stack, "bk-hourly-check", "ENABLED"):
        until(20, lambda: len(counted(stack, "bk-checker", "FastRunCompleted")) > fast, "the hourly schedule brings a run")
        assert len(counted(stack, "bk-checker", "SlowRunCompleted")) == slow


def test_a_check_that_fails_is_an_error_of_the_function_that_the_alarm_names(stack: LocalStack) -> None:
    metrics = stack.session.client("cloudwatch", endpoint_url=stack.aws)
    [alarm] = [one for one in deployed(stack) if one["AlarmName"] == "bk-checker-errors"]
    watched: Any = {name: alarm[name] for name in ("Namespace", "MetricName", "Dimensions")}

    def errors() -> float:
        now = datetime.now(UTC)
        span: Any = {"StartTime": now - timedelta(hours=1), "EndTime": now + timedelta(minutes=5), "Period": 3600}
        points = metrics.get_metric_statistics(**watched, **span, Statistics=["Sum"])["Datapoints"]
        return float(sum(point["Sum"] for point in points))

    before = errors()
    answer = stack.functions.invoke(FunctionName="bk-checker", Payload=b'{"mode":"nonsense"}')
    assert answer.get("FunctionError")
    until(10, lambda: errors() == before + 1, "the error is counted")


def test_a_wrong_signature_is_counted_and_a_request_without_one_is_not(stack: LocalStack) -> None:
    def post(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(stack.slack_url, b"payload=%7B%7D", named)  # noqa: S310 - our own address
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - the same
                status: int = answer.status
                return status
        except urllib.error.HTTPError as refusal:
            return refusal.code

    before = len(counted(stack, "bk-ack-handler", "SlackSignatureFailure"))
    assert {post() for _ in range(3)} == {401}
    signed = {"x_slack_request_timestamp": str(int(time.time())), "x_slack_signature": "v0=" + "0" * 64}
    assert post(**signed) == 401
    until(10, lambda: len(counted(stack, "bk-ack-handler", "SlackSignatureFailure")) > before, "the wrong one is counted")
    assert counted(stack, "bk-ack-handler", "SlackSignatureFailure")[before:] == [1]  # and none of the three before it


def test_what_lies_in_a_failure_queue_is_what_its_alarm_counts(stack: LocalStack) -> None:
    """As `ApproximateNumberOfMessages`, which is what SQS gives CloudWatch; the local one is not given it."""
    queues = {dimensions(alarm).get("QueueName", "") for alarm in deployed(stack) if alarm["MetricName"] == VISIBLE}
    assert len(queues) >= 5

    for queue in sorted(queues):
        url = stack.queues.get_queue_url(QueueName=queue)["QueueUrl"]

        def lying(url: str = url) -> int:
            found = stack.queues.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
            return int(found["Attributes"]["ApproximateNumberOfMessages"])

        before = lying()
        stack.queues.send_message(QueueUrl=url, MessageBody="{}")
        assert lying() == before + 1 > 0
        stack.queues.purge_queue(QueueUrl=url)


def test_each_alarm_of_ours_watches_the_metric_that_moved(stack: LocalStack) -> None:
    """Of what was printed above: in the same namespace, under the same name, without a dimension."""
    own = {alarm["MetricName"]: alarm for alarm in deployed(stack) if alarm["Namespace"] == "bk"}
    printed = {
        "FastRunCompleted": "bk-checker",
        "SlowRunCompleted": "bk-checker",
        "DeliveryFailed": "bk-dispatch",
        "DeliveryDelay": "bk-dispatch",
        "SlackSignatureFailure": "bk-ack-handler",
    }
    for metric, function in printed.items():
        assert counted(stack, function, metric), metric
        assert dimensions(own[metric]) == {}
    assert set(own) - set(printed) == {"CanaryArrived", "TroubleLogged"}  # tried by its own flight; counted by CloudWatch alone


def test_every_alarm_reaches_who_hears_the_topic(stack: LocalStack) -> None:
    topics, alarms = (
        stack.session.client("sns", endpoint_url=stack.aws),
        stack.session.client("cloudwatch", endpoint_url=stack.aws),
    )
    topic = f"arn:aws:sns:{stack.region}:{stack.account}:bk-alarm"
    mailed = [one["Endpoint"] for one in topics.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]]
    assert mailed == ["ana@example.com"]

    names = [alarm["AlarmName"] for alarm in deployed(stack)]
    queue = stack.queues.create_queue(QueueName="heard")["QueueUrl"]
    arn = f"arn:aws:sqs:{stack.region}:{stack.account}:heard"
    may = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    stack.queues.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    heard = topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)["SubscriptionArn"]
    try:
        for name in names:
            alarms.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="tried")
            got = until(10, lambda: stack.queues.receive_message(QueueUrl=queue).get("Messages"), f"{name} is heard")
            assert json.loads(json.loads(got[0]["Body"])["Message"])["AlarmName"] == name
            stack.queues.delete_message(QueueUrl=queue, ReceiptHandle=got[0]["ReceiptHandle"])
            alarms.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="tried")
    finally:
        topics.unsubscribe(SubscriptionArn=heard)
        stack.queues.delete_queue(QueueUrl=queue)
    template = read_template()["Resources"].values()
    assert len(names) == sum(one["Type"] == "AWS::CloudWatch::Alarm" for one in template)


def test_nothing_of_ours_is_read_over_plain_http_on_aws_and_only_the_post_may_put_a_mail(stack: LocalStack) -> None:
    for bucket in (stack.registry_bucket, stack.rules_bucket, f"bk-raw-mime-{stack.account}"):
        policy = json.loads(stack.s3.get_bucket_policy(Bucket=bucket)["Policy"])
        refused = [one for one in policy["Statement"] if one["Effect"] == "Deny"]
        assert [one["Condition"] for one in refused] == [{"Bool": {"aws:SecureTransport": "false"}}]

    checker = stack.session_of("bk-checker-role").client("s3", endpoint_url=stack.aws)
    with pytest.raises(ClientError, match="AccessDenied"):
        checker.put_object(Bucket=f"bk-raw-mime-{stack.account}", Key="forged", Body=b"")
