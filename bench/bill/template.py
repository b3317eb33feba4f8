"""What infra/template.yaml declares of what the simulated day runs and counts."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

from bench.bill.schedule import moments
from workflows.kernel.ports import Json

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """All of it, with the prefix bk.

    Attributes:
        functions: name -> its properties. rules: detail type of our own events -> the function it starts.
        nudges: detail types that go into dispatch's queue.
        polled: one for each queue that Lambda polls: whether its concurrency is limited.
        alarms, secrets: how many there are. tables: as CreateTable takes them.
    """

    functions: Mapping[str, Json]
    rules: Mapping[str, str]
    nudges: frozenset[str]
    polled: tuple[bool, ...]
    alarms: int
    secrets: int
    tables: tuple[Json, ...]

    def starts(self, begin: datetime, end: datetime) -> Iterator[tuple[datetime, str, Json]]:
        """When EventBridge Scheduler starts which function in this time, and with what."""
        for name, one in self.functions.items():
            for event in one.get("Events", {}).values():
                if event["Type"] == "ScheduleV2":
                    told = event["Properties"]
                    for moment in moments(told["ScheduleExpression"], begin, end):
                        yield moment, name, json.loads(told["Input"])


def declared() -> Declared:
    resources = list(yaml_parse(TEMPLATE.read_text(encoding="utf-8"))["Resources"].items())
    of: dict[str, list[Json]] = {}
    for _, one in resources:
        of.setdefault(one["Type"], []).append(one["Properties"])
    functions = {_name(one["FunctionName"]): one for one in of["AWS::Serverless::Function"]}
    return Declared(
        functions=functions,
        rules={kind: name for name, one in functions.items() for kind in _kinds(one)},
        nudges=frozenset(dict(resources)["NudgesRule"]["Properties"]["EventPattern"]["detail-type"]),
        polled=tuple(_polled(functions)),
        alarms=len(of["AWS::CloudWatch::Alarm"]),
        secrets=len(of["AWS::SecretsManager::Secret"]),
        tables=tuple(_table(one) for one in of["AWS::DynamoDB::Table"]),
    )


def _table(told: Json) -> Json:
    parts = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    return {"TableName": _name(told["TableName"]), **{part: told[part] for part in parts if part in told}}


def _name(sub: Json) -> str:
    return str(sub["Fn::Sub"]).replace("${Prefix}", "bk")


def _kinds(function: Json) -> Iterator[str]:
    """Detail types of our own events that start this function."""
    for event in function.get("Events", {}).values():
        pattern = event["Properties"].get("Pattern", {}) if event["Type"] == "EventBridgeRule" else {}
        if pattern.get("source") != ["aws.s3"]:
            yield from pattern.get("detail-type", ())


def _polled(functions: Mapping[str, Json]) -> Iterator[bool]:
    for one in functions.values():
        for event in one.get("Events", {}).values():
            if event["Type"] == "SQS" and event["Properties"].get("Enabled", True) is True:
                yield "MaximumConcurrency" in event["Properties"].get("ScalingConfig", {})
