"""The ceiling of the core's roles where GitHub deploys: high enough for every grant they have, and no higher."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import pytest

from infra.local.stack import ROOT, read_template

CORE, WATCHED_HERE, DEPLOY = (
    read_template(ROOT / "infra" / f"{name}.yaml") for name in ("template", "watched-here", "deploy-role")
)
BOUNDARY = DEPLOY["Resources"]["Boundary"]["Properties"]
DEPLOYER = {
    one["Sid"]: one for one in DEPLOY["Resources"]["DeployRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
}
MOST_CHARACTERS = 6144
"""That IAM takes in a managed policy, blanks not counted."""

SETTLED = {
    "AWS::Region": "eu-west-1",
    "AWS::AccountId": "123456789012",
    "ModelId": "global.anthropic.claude",
    "SenderAddress": "sentinel@example.com",
    "BucketName": "acme",
    "KeyPrefixes": "databases/",
    "CheckerShards": "0a1b",
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One action on one resource; conditions: (operator, key) -> values."""

    of: str
    action: str
    resource: str
    conditions: Mapping[tuple[str, str], tuple[str, ...]]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Settled:
    """What the intrinsic functions of a template make of it, for one prefix."""

    def __init__(self, template: Mapping[str, Any], prefix: str, **parameters: str) -> None:
        self.resources = template["Resources"]
        self.values = SETTLED | {"Prefix": prefix} | parameters
        self.is_bk = prefix == "bk"

    def all(self, value: Any) -> list[str]:
        """Raises KeyError for what it does not know."""
        if isinstance(value, list):
            return [text for one in value for text in self.all(one)]
        if not isinstance(value, dict):
            return [str(value)]
        [(function, told)] = value.items()
        if function == "Fn::Split":
            return self.all(told[1])[0].split(told[0])
        if function == "Fn::If":
            assert told[0] == "IsBk"
            return self.all(told[1] if self.is_bk else told[2])
        return [self._one(function, told)]

    def _one(self, function: str, told: Any) -> str:
        if function == "Ref":
            return self.values[told] if told in self.values else self._arn(told)
        if function == "Fn::GetAtt":
            return self._arn(told[0])
        if function == "Fn::Join":
            return str(told[0].join(",".join(self.all(told[1])).split(",")))
        if function == "Fn::Select":
            return self.all(told[1])[int(told[0])]
        assert function == "Fn::Sub", function
        text, own = told if isinstance(told, list) else (told, {})
        return re.sub(r"\$\{([\w:.]+)\}", lambda name: self._named(name[1], own), text)

    def _named(self, name: str, own: Mapping[str, Any]) -> str:
        if name in own:
            return self.all(own[name])[0]
        return self.values[name] if name in self.values else self._one("Ref", name.removesuffix(".Arn"))

    def _arn(self, name: str) -> str:
        kind, told, here = self.resources[name]["Type"], self.resources[name]["Properties"], "eu-west-1:123456789012"
        named = {
            "AWS::S3::Bucket": ("BucketName", "arn:aws:s3:::"),
            "AWS::DynamoDB::Table": ("TableName", f"arn:aws:dynamodb:{here}:table/"),
            "AWS::SQS::Queue": ("QueueName", f"arn:aws:sqs:{here}:"),
            "AWS::Serverless::Function": ("FunctionName", f"arn:aws:lambda:{here}:function:"),
            "AWS::Logs::LogGroup": ("LogGroupName", f"arn:aws:logs:{here}:log-group:"),
            "AWS::SecretsManager::Secret": ("Name", f"arn:aws:secretsmanager:{here}:secret:"),
            "AWS::Scheduler::ScheduleGroup": ("Name", ""),
            "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", "arn:aws:iam::123456789012:policy/"),
        }
        attribute, begins = named[kind]
        ends = {"AWS::Logs::LogGroup": ":*", "AWS::SecretsManager::Secret": "-AbCdEf"}
        return begins + self.all(told[attribute])[0] + ends.get(kind, "")

    def grants(self, of: str, statements: list[Any]) -> Iterator[Grant]:
        for one in statements:
            if one["Effect"] == "Allow":
                asked = {
                    (operator, key): tuple(self.all(values))
                    for operator, keys in one.get("Condition", {}).items()
                    for key, values in keys.items()
                }
                for action in listed(one["Action"]):
                    yield from (Grant(of, action, where, asked) for where in self.all(one["Resource"]))


def granted(prefix: str) -> list[Grant]:
    """All that the core's roles may do, and what a watched prefix adds."""
    found: list[Grant] = []
    for template in (CORE, WATCHED_HERE):
        settled = Settled(template, prefix, WatchedBuckets="acme-backups,acme-nas")
        for name, one in template["Resources"].items():
            told = one["Properties"]
            policies = {"AWS::IAM::Role": told.get("Policies", []), "AWS::IAM::Policy": [told]}.get(one["Type"], [])
            for policy in policies:
                found += settled.grants(name, policy["PolicyDocument"]["Statement"])
    return found


def ceiling(prefix: str, **parameters: str) -> list[Grant]:
    told = {"MayWatch": "*", "MaySendFrom": "*", **parameters}
    return list(Settled(DEPLOY, prefix, **told).grants("Boundary", BOUNDARY["PolicyDocument"]["Statement"]))


def covers(limit: Grant, grant: Grant) -> bool:
    """Whatever the grant allows, the limit does: also what the limit asks, the grant has asked, of no more values."""
    asked = {(operator == "Null", key): values for (operator, key), values in grant.conditions.items()}
    return (
        fnmatchcase(grant.action, limit.action)
        and fnmatchcase(grant.resource, limit.resource)
        and all(
            all(any(fnmatchcase(value, one) for one in values) for value in asked.get((operator == "Null", key), [""]))
            for (operator, key), values in limit.conditions.items()
        )
    )


@pytest.mark.parametrize("prefix", ["bk", "acme-test"])
def test_the_ceiling_is_above_every_grant_of_every_role(prefix: str) -> None:
    limits, grants = ceiling(prefix), granted(prefix)

    assert len({one.of for one in grants}) > 9
    assert [one for one in grants if not any(covers(limit, one) for limit in limits)] == []


def test_the_ceiling_is_no_higher_than_some_grant_of_some_role() -> None:
    grants = granted("bk")
    spare = {limit.action for limit in ceiling("bk") if not any(covers(limit, one) for one in grants)}

    assert spare == {"kms:Decrypt", "kms:GenerateDataKey"}  # never granted: what Amazon's own keys allow anyway


def test_what_is_named_narrows_the_ceiling() -> None:
    limits = ceiling("bk", MayWatch="acme-*", MaySendFrom="*@example.org")
    above = [one for one in granted("bk") if not any(covers(limit, one) for limit in limits)]

    assert {(one.action, one.resource) for one in above if not one.action.startswith("ses:")} == {
        ("s3:ListBucket", "arn:aws:s3:::acme")
    }
    assert {one.of for one in above if one.action.startswith("ses:")} == {"SendLetters"}


def test_under_the_ceiling_nobody_makes_rights_becomes_another_or_reads_a_backup() -> None:
    limits = ceiling("bk")
    actions = {one.action for one in limits}

    assert not [one for one in actions if "*" in one or one.startswith("sts:")]
    assert {one for one in actions if one.startswith("iam:")} == {"iam:PassRole"}
    [lent] = [one for one in limits if one.action == "iam:PassRole"]
    assert lent.resource == "arn:aws:iam::123456789012:role/bk-appointments-role"
    assert lent.conditions == {("StringEquals", "iam:PassedToService"): ("scheduler.amazonaws.com",)}
    for one in limits:
        if one.action in {"s3:GetObject", "s3:PutObject"}:
            bucket = one.resource.removeprefix("arn:aws:s3:::").partition("/")[0]
            assert bucket in {f"bk-{name}-123456789012" for name in ("registry-source", "rules-source", "raw-mime")}
        if one.action.startswith("kms:"):
            assert ("StringEquals", "kms:ViaService") in one.conditions
            assert any("kms:EncryptionContext" in key for _operator, key in one.conditions)


def test_iam_takes_a_policy_of_this_length() -> None:
    statements = [
        {**one, "Resource": Settled(DEPLOY, "b" * 16, MayWatch="*").all(one["Resource"])}
        for one in BOUNDARY["PolicyDocument"]["Statement"]
    ]
    written = json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))

    assert len(written) < MOST_CHARACTERS - 500  # some buckets by name shall fit


def test_each_role_of_the_core_stands_under_it_where_one_is_named() -> None:
    roles = [one["Properties"] for one in CORE["Resources"].values() if one["Type"] == "AWS::IAM::Role"]

    assert len(roles) > 8
    for one in roles:
        assert one["PermissionsBoundary"] == {"Fn::If": ["HasBoundary", {"Ref": "PermissionsBoundary"}, {"Ref": "AWS::NoValue"}]}
    assert CORE["Parameters"]["PermissionsBoundary"]["Default"] == ""
    assert re.fullmatch(
        CORE["Parameters"]["PermissionsBoundary"]["AllowedPattern"], "arn:aws:iam::123456789012:policy/bk-boundary"
    )


def test_the_deploying_role_makes_and_widens_roles_under_the_ceiling_alone() -> None:
    widening = {
        "iam:CreateRole",
        "iam:PutRolePolicy",
        "iam:AttachRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:*",
        "iam:Put*",
        "*",
    }
    for sid, one in DEPLOYER.items():
        if one["Effect"] == "Allow" and widening & set(listed(one["Action"])):
            assert sid == "RolesUnderTheCeiling"
            assert one["Condition"] == {"StringEquals": {"iam:PermissionsBoundary": {"Ref": "Boundary"}}}


def test_the_deploying_role_changes_neither_the_ceiling_nor_itself() -> None:
    denied = {sid: one for sid, one in DEPLOYER.items() if one["Effect"] == "Deny"}

    assert denied["CeilingIsNotTakenOff"]["Action"] == "iam:DeleteRolePermissionsBoundary"
    assert denied["CeilingIsNotTakenOff"]["Resource"] == "*"
    assert denied["NorChangedNorThisRole"]["Action"] == "iam:*"
    itself = f"role/{DEPLOY['Resources']['DeployRole']['Properties']['RoleName']['Fn::Sub']}"
    boundary, role = denied["NorChangedNorThisRole"]["Resource"]
    assert (boundary, role["Fn::Sub"].rpartition(":")[2]) == ({"Ref": "Boundary"}, itself)
    assert denied["NorThisStack"]["Resource"] == {"Ref": "AWS::StackId"}
    assert not any("Condition" in one for sid, one in denied.items() if sid.startswith(("Ceiling", "Nor")))
