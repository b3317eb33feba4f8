"""Who watches the watcher, read from the template: the local AWS judges neither missing data nor dimensions."""

from typing import Any

import pytest

from bolt_app.services.checker import RUN_COMPLETED
from bolt_app.services.dispatcher import DELIVERY_FAILED
from bolt_app.services.heartbeat import CANARY_ARRIVED
from bolt_app.slack_front import SIGNATURE_FAILURE
from infra.local.stack import ROOT, read_template
from workflows.kernel.posting import DELAY_SECONDS_MAX

RESOURCES: dict[str, dict[str, Any]] = read_template()["Resources"]
ALARMS = {name: one["Properties"] for name, one in RESOURCES.items() if one["Type"] == "AWS::CloudWatch::Alarm"}
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
    own = {alarm["MetricName"] for alarm in ALARMS.values() if alarm["Namespace"] == {"Ref": "Prefix"}}

    assert own == {*RUN_COMPLETED.values(), CANARY_ARRIVED, DELIVERY_FAILED, SIGNATURE_FAILURE}


def test_every_queue_where_something_was_given_up_pages_with_the_first() -> None:
    waiting = [alarm for alarm in ALARMS.values() if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"]

    assert {watched_queue(alarm) for alarm in waiting} == QUEUES - {"DispatchQueue", "CheckShards"}
    assert {(alarm["Threshold"], alarm["ComparisonOperator"]) for alarm in waiting} == {(0, "GreaterThanThreshold")}


def test_a_nudge_that_waits_for_its_turn_is_not_yet_late() -> None:
    alarm = ALARMS["DispatchBehind"]

    assert (alarm["MetricName"], watched_queue(alarm)) == ("ApproximateAgeOfOldestMessage", "DispatchQueue")
    assert alarm["Threshold"] >= 2 * DELAY_SECONDS_MAX


def test_more_than_half_of_the_deliveries_refused_pages_and_one_that_goes_to_the_admin_instead_does_not() -> None:
    alarm = ALARMS["DeliveryFailing"]

    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Average", "GreaterThanThreshold", 0.5)


def test_a_sixth_wrong_signature_within_an_hour_pages() -> None:
    alarm = ALARMS["SignatureFailures"]

    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Sum", "GreaterThanThreshold", 5)
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 3600


def test_checks_that_fail_again_and_again_page() -> None:
    alarm = ALARMS["CheckerErrors"]

    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "Errors")
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "Checker"}}]
    assert 1 < alarm["DatapointsToAlarm"] <= alarm["EvaluationPeriods"]


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
