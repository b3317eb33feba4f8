"""Every look of the doctor, at an outside that is shut, silent or talks nonsense: findings, and never a traceback."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from infra.doctor.dns import MemoryDns
from infra.doctor.examined import GROUPS, examined
from infra.doctor.look.stack import look_at_stack
from infra.doctor.world import Resource, Stack, World
from infra.local.stack import ROOT, read_template

pytestmark = pytest.mark.thorough

NOWHERE = "http://127.0.0.1:9/"
PREFIX = "bk"


def denied() -> Any:
    refused: Any = {"Error": {"Code": "AccessDenied", "Message": "not authorized"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    raise ClientError(refused, "Any")


def unreachable() -> Any:
    raise EndpointConnectionError(endpoint_url=NOWHERE)


class Outside:
    """A session, its clients, their paginators and all their answers."""

    region_name = "eu-west-1"

    def __init__(self, answer: Callable[[], Any]) -> None:
        self._answer = answer

    def client(self, _name: str, **_config: object) -> "Outside":
        return self

    def get_paginator(self, _call: str) -> "Outside":
        return self

    def paginate(self, **_told: object) -> Any:
        return [self._answer()]

    def __getattr__(self, _call: str) -> Callable[..., Any]:
        return lambda **_told: self._answer()


def world(answer: Callable[[], Any], *, told: bool) -> World:
    """With a stack that is known. `told`: so are the settings, as the template gives them."""
    template = read_template()
    kinds = {"AWS::Serverless::Function": "AWS::Lambda::Function"}
    resources = [
        Resource(logical=name, kind=kinds.get(one["Type"], one["Type"]), physical=f"bk-{name}", status="CREATE_COMPLETE")
        for name, one in template["Resources"].items()
    ]
    now = datetime.now(UTC)
    session: Any = Outside(answer)
    made = World(
        session,
        stack="s",
        environ={"SLACK_API_URL": NOWHERE, "GOOGLE_API_URL": NOWHERE, "AWS_ENDPOINT_URL": NOWHERE},
        dns=MemoryDns(),
        now=now,
    )
    outputs = {"SlackUrl": "https://a.example.com/", "HeartbeatUrl": "https://b.example.com/"}
    made.__dict__["stack"] = Stack(
        name="s",
        account="1",
        status="CREATE_COMPLETE",
        created=now,
        updated=now,
        parameters={"Prefix": PREFIX, "WatchedBuckets": "acme"},
        outputs=outputs,
        resources=tuple(resources),
    )
    if told:
        names = template["Globals"]["Function"]["Environment"]["Variables"]
        made.__dict__["variables"] = dict.fromkeys(names, "https://name")
        ids = dict.fromkeys(("jobs_sheet_id", "rules_doc_id", "voice_doc_id"), "0123456789abc")
        made.__dict__["parameters"] = {"admin_owner": "ana@example.com", "team_id": "T123", "sender": "s@example.com", **ids}
    return made


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(
    "answer",
    [denied, unreachable, dict, list, lambda: None, lambda: "text", lambda: {"Rules": 7, "Parameters": [None], "Item": []}],
)
def test_every_group_tells_something_whatever_is_answered(answer: Callable[[], Any], *, told: bool) -> None:
    groups = dict(examined(world(answer, told=told)))

    assert list(groups) == [group.title for group in GROUPS]
    assert all(groups.values())


def test_what_the_operator_may_not_see_is_unsure_and_never_wrong() -> None:
    found = [one for title, found in examined(world(denied, told=True)) if title != "Stack" for one in found]

    assert {one.state for one in found} <= {"ok", "unsure"}
    assert sum("your credentials need" in one.todo for one in found) >= 10


class Deployed(Outside):
    """CloudFormation, some time after a choice was taken back, and tables were taken in from a stack before."""

    def describe_stacks(self, **_: object) -> Any:
        now = datetime.now(UTC)
        return {
            "Stacks": [{"StackId": "arn:aws:cloudformation:r:1:stack/s/x", "StackStatus": "UPDATE_COMPLETE", "CreationTime": now}]
        }

    def paginate(self, **_: object) -> Any:
        parts = (
            ("AlarmTopic", "AWS::SNS::Topic", "CREATE_COMPLETE"),
            ("StateTable", "AWS::DynamoDB::Table", "IMPORT_COMPLETE"),
            ("SummaryChannelSetting", "AWS::SSM::Parameter", "DELETE_COMPLETE"),
            ("OldQueue", "AWS::SQS::Queue", "DELETE_SKIPPED"),
        )
        return [
            {
                "StackResourceSummaries": [
                    dict(zip(("LogicalResourceId", "ResourceType", "ResourceStatus"), one, strict=True)) for one in parts
                ]
            }
        ]


def test_what_an_update_took_away_is_no_part_of_the_stack() -> None:
    session: Any = Deployed(dict)
    world = World(session, stack="s", environ={}, dns=MemoryDns(), now=datetime.now(UTC))

    assert [one.logical for one in world.stack.resources] == ["AlarmTopic", "StateTable"]
    assert next(look_at_stack(world)).state == "ok"


def test_every_permission_that_is_asked_for_is_documented() -> None:
    policy = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").partition("## The doctor")[2]
    asked = (one.todo.partition("your credentials need ")[2] for _, found in examined(world(denied, told=True)) for one in found)
    needed = {action for todo in asked for action in re.findall(r"\b[a-z0-9]+:[A-Z][A-Za-z]+", todo)}

    assert {"cloudwatch:DescribeAlarms", "secretsmanager:GetSecretValue"} <= needed
    assert [action for action in sorted(needed) if f'"{action}"' not in policy] == []
