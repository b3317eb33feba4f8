"""Who watches the watcher, read from the template: the local AWS judges neither missing data nor dimensions."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bolt_app.adapters.metrics import metric_line
from bolt_app.services.checker import RUN_COMPLETED
from bolt_app.services.dispatcher import DELIVERY_DELAY, DELIVERY_FAILED, count_delay
from bolt_app.services.heartbeat import CANARY_ARRIVED
from bolt_app.slack_front import SIGNATURE_FAILURE
from infra.local.stack import ROOT, read_template
from workflows.kernel.posting import DELAY_SECONDS_MAX

RESOURCES: dict[str, dict[str, Any]] = read_template()["Resources"]
ALARMS = {name: one["Properties"] for name, one in RESOURCES.items() if one["Type"] == "AWS::CloudWatch::Alarm"}
TROUBLE_LOGGED = "TroubleLogged"
FILTERS = {name: one["Properties"] for name, one in RESOURCES.items() if one["Type"] == "AWS::Logs::MetricFilter"}
QUEUES = {name for name, one in RESOURCES.items() if one["Type"] == "AWS::SQS::Queue"}


def watched_queue(alarm: dict[str, Any]) -> str:
    [dimension] = alarm["Dimensions"]
    name, attribute = dimension["Value"]["Fn::GetAtt"]
    assert (dimension["Name"], attribute) == ("QueueName", "QueueName")
    return str(name)


@pytest.mark.parametrize(
    ("name", "mode", "hours"), [("FastRunMissing", "fast", 1.5), ("SlowRunMissing", "slow", 25)], ids=["fast", "slow"]
)
def test_a_full_run_that_stays_away_pages(name: str, mode: str, hours: float) -> None:
    alarm = ALARMS[name]

    assert alarm["MetricName"] == RUN_COMPLETED[mode]
    assert alarm["Period"] * alarm["EvaluationPeriods"] == hours * 3600
    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Sum", "LessThanThreshold", 1)
    assert alarm["TreatMissingData"] == "breaching"
    assert "DatapointsToAlarm" not in alarm  # all of them


def test_silence_pages_only_where_there_is_always_something_to_hear() -> None:
    breaching = {name for name, alarm in ALARMS.items() if alarm["TreatMissingData"] == "breaching"}

    assert breaching == {"FastRunMissing", "SlowRunMissing"}
    assert {alarm["TreatMissingData"] for name, alarm in ALARMS.items() if name not in breaching} == {"notBreaching"}


def test_what_we_count_ourselves_is_watched_under_the_name_it_is_counted_by() -> None:
    own = [alarm for alarm in ALARMS.values() if alarm["Namespace"] == {"Ref": "Prefix"}]
    printed = json.loads(metric_line("bk", "Anything", 1, at=datetime(2026, 3, 1, tzinfo=UTC)))["_aws"]["CloudWatchMetrics"]

    assert {alarm["MetricName"] for alarm in own} == {
        *RUN_COMPLETED.values(), CANARY_ARRIVED, DELIVERY_DELAY, DELIVERY_FAILED, SIGNATURE_FAILURE, TROUBLE_LOGGED,
    }  # fmt: skip
    assert [(one["Namespace"], one["Dimensions"]) for one in printed] == [("bk", [[]])]
    assert not any("Dimensions" in alarm for alarm in own)  # or it would watch a metric that nobody counts


def test_every_alarm_watches_what_aws_counts_by_one_name_or_what_we_count_by_none() -> None:
    dimension = {"AWS/Lambda": "FunctionName", "AWS/SQS": "QueueName"}

    for alarm in ALARMS.values():
        named = [one["Name"] for one in alarm.get("Dimensions", ())]
        own = alarm["Namespace"] == {"Ref": "Prefix"}
        assert named == ([] if own else [dimension[alarm["Namespace"]]])


def test_no_alarm_looks_back_longer_than_cloudwatch_lets_it() -> None:
    for alarm in ALARMS.values():
        longest = 7 * 86400 if alarm["Period"] >= 3600 else 86400
        assert alarm["Period"] * alarm["EvaluationPeriods"] <= longest
        assert alarm["Period"] % 60 == 0


def test_errors_throttling_and_time_that_ran_out_are_counted_in_every_log_alike() -> None:
    logs = {name for name, one in RESOURCES.items() if one["Type"] == "AWS::Logs::LogGroup"}
    counted = {"MetricNamespace": {"Ref": "Prefix"}, "MetricName": TROUBLE_LOGGED, "MetricValue": "1", "Unit": "Count"}

    assert sorted(one["LogGroupName"]["Ref"] for one in FILTERS.values()) == sorted(logs)
    assert [one["MetricTransformations"] for one in FILTERS.values()] == [[counted]] * len(logs)
    [pattern] = {one["FilterPattern"] for one in FILTERS.values()}
    for word in ('$.level = "ERROR"', '$.level = "CRITICAL"', '$.record.status = "timeout"', '"*hrottl*"', '"*imed out*"'):
        assert word in pattern
    alarm = ALARMS["TroubleLogged"]
    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Sum", "GreaterThanThreshold", 5)
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 3600


def test_every_queue_where_something_was_given_up_pages_with_the_first() -> None:
    waiting = [alarm for alarm in ALARMS.values() if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"]

    assert {watched_queue(alarm) for alarm in waiting} == QUEUES - {"DispatchQueue", "CheckShards"}
    assert {(alarm["Threshold"], alarm["ComparisonOperator"]) for alarm in waiting} == {(0, "GreaterThanThreshold")}


def test_a_nudge_that_waits_for_its_turn_is_not_yet_late() -> None:
    alarm = ALARMS["DispatchBehind"]

    assert (alarm["MetricName"], watched_queue(alarm)) == ("ApproximateAgeOfOldestMessage", "DispatchQueue")
    assert alarm["Threshold"] >= 2 * DELAY_SECONDS_MAX


def test_what_the_outside_puts_off_for_half_an_hour_pages_by_the_line_that_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    alarm = ALARMS["DeliveriesLate"]
    count_delay(1801.5, namespace="bk")
    printed = json.loads(capsys.readouterr().out)
    [told] = printed["_aws"]["CloudWatchMetrics"]

    assert (alarm["Namespace"], told["Namespace"]) == ({"Ref": "Prefix"}, "bk")
    assert told["Metrics"] == [{"Name": alarm["MetricName"], "Unit": alarm["Unit"]}]
    assert printed[alarm["MetricName"]] == 1801.5 > alarm["Threshold"]
    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Maximum", "GreaterThanThreshold", 1800)


def test_tries_a_queues_longest_delay_apart_keep_that_alarm_lit() -> None:
    alarm = ALARMS["DeliveriesLate"]

    assert alarm["DatapointsToAlarm"] == 1
    assert alarm["Period"] * alarm["EvaluationPeriods"] > DELAY_SECONDS_MAX + alarm["Period"] - 1


def test_more_than_half_of_the_deliveries_refused_pages_and_one_that_goes_to_the_admin_instead_does_not() -> None:
    alarm = ALARMS["DeliveryFailing"]

    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Average", "GreaterThanThreshold", 0.5)


def test_a_sixth_wrong_signature_within_an_hour_pages() -> None:
    alarm = ALARMS["SignatureFailures"]

    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Sum", "GreaterThanThreshold", 5)
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 3600


def test_more_than_one_in_a_hundred_refused_within_a_day_pages_too() -> None:
    alarm = ALARMS["DeliveriesFailed"]

    assert alarm["MetricName"] == ALARMS["DeliveryFailing"]["MetricName"]
    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Average", "GreaterThanThreshold", 0.01)
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (86400, 1)


def test_any_check_that_failed_within_a_day_pages_once() -> None:
    alarm = ALARMS["CheckerErrors"]

    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "Errors")
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "Checker"}}]
    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Sum", "GreaterThanThreshold", 0)
    assert (alarm["Period"] * alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]) == (86400, 1)


@pytest.mark.parametrize("name", ALARMS)
def test_each_alarm_pages_past_the_sentinel_and_says_where_to_look(name: str) -> None:
    alarm = ALARMS[name]

    assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    assert "docs/operations.md" in alarm["AlarmDescription"]
    assert alarm["AlarmName"]["Fn::Sub"].startswith("${Prefix}-")


def test_an_alarm_reaches_a_person_and_a_channel_if_there_is_one() -> None:
    subscriptions = {name: one for name, one in RESOURCES.items() if one["Type"] == "AWS::SNS::Subscription"}

    assert {name: one["Properties"]["Endpoint"]["Ref"] for name, one in subscriptions.items()} == {
        "AlarmByMail": "AlarmEmail",
        "AlarmInChannel": "AlarmChannelEmail",
    }
    assert all(one["Properties"]["Protocol"] == "email" for one in subscriptions.values())
    assert "Condition" not in subscriptions["AlarmByMail"]
    assert "Default" not in read_template()["Parameters"]["AlarmEmail"]  # nobody deploys a watcher that nobody watches


def test_what_the_bill_may_be_is_watched_by_a_stack_of_its_own() -> None:
    resources = read_template(ROOT / "infra" / "budget.yaml")["Resources"]
    budget = resources["Budget"]["Properties"]
    heard = {name: one["Properties"]["Endpoint"] for name, one in resources.items() if one["Type"] == "AWS::SNS::Subscription"}
    assert heard == {"CostAlarmByMail": {"Ref": "AlarmEmail"}, "CostAlarmInChannel": {"Ref": "AlarmChannelEmail"}}
    assert resources["CostAlarm"]["Properties"]["TopicName"] == {"Fn::Sub": "${Prefix}-cost-alarm"}
    assert resources["CostAlarmInChannel"]["Condition"] == "HasAlarmChannel"
    [policy] = resources["CostAlarmPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert budget["Budget"]["BudgetLimit"] == {"Amount": {"Ref": "MonthlyDollars"}, "Unit": "USD"}
    assert read_template(ROOT / "infra" / "budget.yaml")["Parameters"]["MonthlyDollars"]["Default"] == 15
    told = [one["Notification"] for one in budget["NotificationsWithSubscribers"]]
    assert [(one["NotificationType"], one["Threshold"]) for one in told] == [("ACTUAL", 80), ("ACTUAL", 100)]
    assert all(
        one["Subscribers"] == [{"SubscriptionType": "SNS", "Address": {"Ref": "CostAlarm"}}]
        for one in budget["NotificationsWithSubscribers"]
    )
    assert policy["Principal"] == {"Service": "budgets.amazonaws.com"}
    assert policy["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
