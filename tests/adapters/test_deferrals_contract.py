"""Appointments: the schedules that AWS keeps for us."""

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.stub import Stubber

from bolt_app.adapters.schedules import Schedules
from workflows.kernel.errors import Refused

OPENING = datetime(2026, 3, 2, 8, tzinfo=UTC)
SAM = "sam@example.com"


@pytest.fixture
def schedules(aws: boto3.Session) -> Schedules:
    client = aws.client("scheduler")
    for known in client.list_schedules()["Schedules"]:
        client.delete_schedule(Name=known["Name"])
    return Schedules(
        client, queue_arn="arn:aws:sqs:x:1:bk-dispatch", role_arn="arn:aws:iam::1:role/bk-appointments-role", prefix="bk"
    )


def test_an_appointment_is_one_schedule_that_removes_itself(schedules: Schedules, aws: boto3.Session) -> None:
    schedules.defer(SAM, OPENING)
    schedules.defer(SAM, OPENING)
    schedules.defer("kim@example.com", OPENING)

    client = aws.client("scheduler")
    names = [known["Name"] for known in client.list_schedules()["Schedules"]]
    assert len(names) == 2
    assert all(name.startswith("bk-defer-") and name.endswith("-20260302T0800") for name in names)
    made = [client.get_schedule(Name=name) for name in names]
    told = {json.loads(one["Target"]["Input"])["detail"]["recipient"] for one in made}
    assert told == {SAM, "kim@example.com"}
    assert {(one["ScheduleExpression"], one["ActionAfterCompletion"]) for one in made} == {("at(2026-03-02T08:00:00)", "DELETE")}


def test_a_moment_between_two_minutes_is_the_later_one(schedules: Schedules, aws: boto3.Session) -> None:
    schedules.defer(SAM, OPENING + timedelta(seconds=1))

    [known] = aws.client("scheduler").list_schedules()["Schedules"]
    assert known["Name"].endswith("-20260302T0801")


def test_appointments_lie_in_the_group_that_goes_with_the_stack(aws: boto3.Session) -> None:
    client = aws.client("scheduler")
    client.create_schedule_group(Name="bk-appointments")
    grouped = Schedules(
        client, queue_arn="arn:aws:sqs:x:1:q", role_arn="arn:aws:iam::1:role/r", prefix="bk", group="bk-appointments"
    )

    grouped.defer(SAM, OPENING)

    [known] = client.list_schedules(GroupName="bk-appointments")["Schedules"]
    assert known["Name"].startswith("bk-defer-")
    client.delete_schedule_group(Name="bk-appointments")


def test_a_refusal_is_told_in_our_words(aws: boto3.Session) -> None:
    client = aws.client("scheduler")
    with Stubber(client) as stub:
        stub.add_client_error("create_schedule", "AccessDeniedException", http_status_code=403)
        nowhere = Schedules(client, queue_arn="arn:aws:sqs:x:1:q", role_arn="arn:aws:iam::1:role/r", prefix="bk")

        with pytest.raises(Refused):
            nowhere.defer(SAM, OPENING)
