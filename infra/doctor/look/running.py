"""What ran, what failed, and who is told."""

from collections.abc import Iterator
from datetime import timedelta

from botocore.exceptions import ClientError

from bolt_app.adapters.dynamodb_standings import DynamoStandings
from infra.doctor.asking import asking, reason_of
from infra.doctor.finding import Finding
from infra.doctor.judge.running import (
    judge_alarms,
    judge_calls,
    judge_canary,
    judge_checks,
    judge_logs,
    judge_model,
    judge_queues,
    judge_schedules,
    judge_subscriptions,
)
from infra.doctor.world import World
from workflows.backup.canary import news
from workflows.backup.job_id import CANARY

CALLS = (("the sync with the sheet", "drive-sync", timedelta(hours=1)), ("the summary", "summary", timedelta(hours=26)))
COUNTED_EVERY = timedelta(minutes=5)


def look_at_checks(world: World) -> Iterator[Finding]:
    told = world.settings
    standings = DynamoStandings(world.client("dynamodb"), state=told.state_table, audit=told.audit_table)
    with asking("the notes of the last checks", f"dynamodb:GetItem on {told.state_table}"):
        fleet, canary = standings.fleet(), standings.get(CANARY)
    yield from judge_checks(fleet, world.age, world.now, told.prefix)
    yield judge_canary(news(canary), world.age, world.now, told.prefix)


def look_at_calls(world: World) -> Iterator[Finding]:
    for what, part, within in CALLS:
        function = f"{world.stack.prefix}-{part}"
        counts = {}
        with asking(f"what Lambda counted of {function}", "cloudwatch:GetMetricStatistics"):
            for metric in ("Invocations", "Errors"):
                answer = world.client("cloudwatch").get_metric_statistics(
                    Namespace="AWS/Lambda",
                    MetricName=metric,
                    Dimensions=[{"Name": "FunctionName", "Value": function}],
                    StartTime=world.now - within,
                    EndTime=world.now,
                    Period=int(COUNTED_EVERY.total_seconds()),
                    Statistics=["Sum"],
                )
                counts[metric] = sum(point["Sum"] for point in answer["Datapoints"])
        yield judge_calls(what, function, within, counts["Invocations"], counts["Errors"], world.age)


def look_at_alarms(world: World) -> Iterator[Finding]:
    wanted = world.stack.of("AWS::CloudWatch::Alarm")
    alarms = []
    with asking("the alarms", "cloudwatch:DescribeAlarms"):
        pages = world.client("cloudwatch").get_paginator("describe_alarms")
        for page in pages.paginate(AlarmNamePrefix=f"{world.stack.prefix}-"):
            alarms += [alarm for alarm in page["MetricAlarms"] if alarm["AlarmName"] in wanted]
    yield from judge_alarms(wanted, alarms, world.age)


def look_at_queues(world: World) -> Iterator[Finding]:
    depths = {}
    for url in world.stack.of("AWS::SQS::Queue"):
        name = url.rpartition("/")[2]
        with asking(f"the queue {name}", "sqs:GetQueueAttributes"):
            answer = world.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
            depths[name] = int(answer["Attributes"]["ApproximateNumberOfMessages"])
    yield from judge_queues(depths)


def look_at_subscriptions(world: World) -> Iterator[Finding]:
    for topic in world.stack.of("AWS::SNS::Topic"):
        with asking(f"who hears {topic}", "sns:ListSubscriptionsByTopic"):
            pages = world.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
            subscriptions = [one for page in pages for one in page["Subscriptions"]]
        yield from judge_subscriptions(topic, subscriptions)


def look_at_schedules(world: World) -> Iterator[Finding]:
    stack, states = world.stack, {}
    for name in stack.of("AWS::Scheduler::Schedule"):
        with asking(f"the schedule {name}", "scheduler:GetSchedule"):
            states[name] = str(world.client("scheduler").get_schedule(Name=name)["State"])
    for name in stack.of("AWS::Events::Rule"):
        with asking(f"the rule {name}", "events:DescribeRule"):
            states[name] = str(world.client("events").describe_rule(Name=name)["State"])
    for uuid in stack.of("AWS::Lambda::EventSourceMapping"):
        with asking(f"the trigger {uuid}", "lambda:GetEventSourceMapping"):
            told = world.client("lambda").get_event_source_mapping(UUID=uuid)
        states[f"{told['EventSourceArn'].rpartition(':')[2]} -> {told['FunctionArn'].rpartition(':')[2]}"] = str(told["State"])
    yield from judge_schedules(states)


def look_at_model(world: World) -> Iterator[Finding]:
    """One word, answered with one: less than a thousandth of a cent."""
    model, reason, said = world.settings.model_id, "", ""
    with asking(f"the model {model}", "bedrock:InvokeModel"):
        try:
            world.client("bedrock-runtime").converse(
                modelId=model,
                messages=[{"role": "user", "content": [{"text": "Hello"}]}],
                inferenceConfig={"maxTokens": 1},
            )
        except ClientError as error:
            reason, said = reason_of(error), str(error.response.get("Error", {}).get("Message", ""))
    yield judge_model(model, reason, said)


def look_at_logs(world: World) -> Iterator[Finding]:
    groups: dict[str, int | None] = {}
    with asking("the log groups", "logs:DescribeLogGroups"):
        pages = world.client("logs").get_paginator("describe_log_groups")
        for page in pages.paginate(logGroupNamePrefix=f"/aws/lambda/{world.stack.prefix}-"):
            groups |= {one["logGroupName"]: one.get("retentionInDays") for one in page["logGroups"]}
    yield judge_logs(world.stack.of("AWS::Lambda::Function"), groups)
