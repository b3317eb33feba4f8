"""The lines that alarms are made of, printed by the deployed functions, and the way from an alarm to its subscribers."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import until

pytestmark = pytest.mark.e2e


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


def test_a_delivery_is_counted_as_not_failed(stack: LocalStack) -> None:
    nudge = {"Source": "backup-sentinel", "DetailType": "bk.notice"}
    detail = {"v": 1, "about": "delivery", "recipient": "sam@example.com", "why": "self-watch", "day": "2026-01-01"}
    stack.bus.put_events(Entries=[{**nudge, "Detail": json.dumps(detail)}])  # type: ignore[typeddict-item]

    until(20, lambda: 0 in counted(stack, "bk-dispatch", "DeliveryFailed"), "the admin's notice is counted as delivered")


def test_an_alarm_reaches_who_hears_the_topic(stack: LocalStack) -> None:
    topics, alarms = (
        stack.session.client("sns", endpoint_url=stack.aws),
        stack.session.client("cloudwatch", endpoint_url=stack.aws),
    )
    topic = f"arn:aws:sns:{stack.region}:{stack.account}:bk-alarm"
    mailed = [one["Endpoint"] for one in topics.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]]
    assert mailed == ["ana@example.com"]

    queue = stack.queues.create_queue(QueueName="heard")["QueueUrl"]
    arn = f"arn:aws:sqs:{stack.region}:{stack.account}:heard"
    may = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    stack.queues.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    heard = topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)["SubscriptionArn"]
    try:
        for name in ("bk-fast-run-missing", "bk-dispatch-dead-letters"):
            alarms.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="tried")
            got = until(10, lambda: stack.queues.receive_message(QueueUrl=queue).get("Messages"), f"{name} is heard")
            assert json.loads(json.loads(got[0]["Body"])["Message"])["AlarmName"] == name
            stack.queues.delete_message(QueueUrl=queue, ReceiptHandle=got[0]["ReceiptHandle"])
            alarms.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="tried")
    finally:
        topics.unsubscribe(SubscriptionArn=heard)
        stack.queues.delete_queue(QueueUrl=queue)


def test_nothing_of_ours_is_read_over_plain_http_on_aws_and_only_the_post_may_put_a_mail(stack: LocalStack) -> None:
    for bucket in (stack.registry_bucket, stack.rules_bucket, f"bk-raw-mime-{stack.account}"):
        policy = json.loads(stack.s3.get_bucket_policy(Bucket=bucket)["Policy"])
        refused = [one for one in policy["Statement"] if one["Effect"] == "Deny"]
        assert [one["Condition"] for one in refused] == [{"Bool": {"aws:SecureTransport": "false"}}]

    checker = stack.session_of("bk-checker-role").client("s3", endpoint_url=stack.aws)
    with pytest.raises(ClientError, match="AccessDenied"):
        checker.put_object(Bucket=f"bk-raw-mime-{stack.account}", Key="forged", Body=b"")
