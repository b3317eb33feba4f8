"""The role that deploys, set against what CloudFormation's own schemas say each resource of the core stack takes."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest

from infra.local.stack import ROOT, read_template

pytestmark = pytest.mark.thorough  # the schemas are large

ROLE: dict[str, Any] = read_template(ROOT / "infra" / "deploy-role.yaml")["Resources"]["DeployRole"]["Properties"]
MADE_BY_SAM = {
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Url",
    "AWS::Events::Rule",
    "AWS::Scheduler::Schedule",
}
HERE = "eu-west-1:123456789012"
ARNS = {
    "cloudwatch": f"arn:aws:cloudwatch:{HERE}:alarm:bk-x",
    "dynamodb": f"arn:aws:dynamodb:{HERE}:table/bk-x",
    "events": f"arn:aws:events:{HERE}:rule/bk-x",
    "iam": "arn:aws:iam::123456789012:role/bk-x-role",
    "lambda": f"arn:aws:lambda:{HERE}:function:bk-x",
    "logs": f"arn:aws:logs:{HERE}:log-group:/aws/lambda/bk-x",
    "s3": "arn:aws:s3:::bk-x-123456789012",
    "scheduler": f"arn:aws:scheduler:{HERE}:schedule/default/bk-x",
    "secretsmanager": f"arn:aws:secretsmanager:{HERE}:secret:bk/x-AbCdEf",
    "sns": f"arn:aws:sns:{HERE}:bk-x",
    "sqs": f"arn:aws:sqs:{HERE}:bk-x",
    "ssm": f"arn:aws:ssm:{HERE}:parameter/bk/config/timezone",
}
NO_SUCH_THING = "nothing of the core stack has one"
NOT_GRANTED = {
    "kms:*": "no key of our own",
    "ec2:*": NO_SUCH_THING,
    "elasticfilesystem:*": NO_SUCH_THING,
    "s3files:*": NO_SUCH_THING,
    "kinesis:*": NO_SUCH_THING,
    "firehose:*": NO_SUCH_THING,
    "s3tables:*": NO_SUCH_THING,
    "s3:*Metadata*": NO_SUCH_THING,
    "s3:REST.PUT.OBJECT": "no action at all: a word of S3's access log",
    "s3:GetObject*": "a table made from a file; the code itself lies with the artifacts",
    "s3:*Object": "what is in a bucket is not the deployment's",
    "s3:PutObjectAcl": "the same",
    "s3:DeleteBucket?*": "settings of a bucket are changed, not taken away",
    "dynamodb:*Item": "what is in a table is not the deployment's",
    "dynamodb:Query": "the same",
    "dynamodb:Scan": "the same",
    "dynamodb:*Replica": NO_SUCH_THING,
    "dynamodb:*KinesisStreamingDestination": NO_SUCH_THING,
    "dynamodb:ImportTable": NO_SUCH_THING,
    "dynamodb:PutResourcePolicy": NO_SUCH_THING,
    "dynamodb:DeleteResourcePolicy": NO_SUCH_THING,
    "dynamodb:UpdateContributorInsights": NO_SUCH_THING,
    "iam:CreateServiceLinkedRole": NO_SUCH_THING,
    "iam:*GroupPolicy": NO_SUCH_THING,
    "iam:*UserPolicy": NO_SUCH_THING,
    "iam:AttachRolePolicy": "no role has a managed policy, and none shall get one",
    "iam:DetachRolePolicy": "the same",
    "iam:DeleteRolePermissionsBoundary": "the ceiling is not taken off",
    "iam:UpdateRoleDescription": NO_SUCH_THING,
    "logs:*LogStream*": "a table's import writes one",
    "logs:PutLogEvents": "the same",
    "logs:CreateLogDelivery": NO_SUCH_THING,
    "logs:PutDataProtectionPolicy": NO_SUCH_THING,
    "logs:DeleteDataProtectionPolicy": NO_SUCH_THING,
    "logs:*tIndexPolicy": NO_SUCH_THING,
    "logs:DeleteIndexPolicy": NO_SUCH_THING,
    "logs:*tResourcePolicy": NO_SUCH_THING,
    "logs:DeleteResourcePolicy": NO_SUCH_THING,
    "logs:*KmsKey": "no key of our own",
    "logs:PutBearerTokenAuthentication": NO_SUCH_THING,
    "logs:PutLogGroupDeletionProtection": NO_SUCH_THING,
    "secretsmanager:GetSecretValue": "secrets are declared without a value, and never read by a deployment",
    "secretsmanager:GetRandomPassword": "no secret is made up",
    "secretsmanager:*Region*": NO_SUCH_THING,
}
OUR_OWN_STEPS = {
    "ssm:PutParameter",
    "ses:DescribeReceiptRuleSet",
    "ses:DescribeActiveReceiptRuleSet",
    "ses:SetActiveReceiptRuleSet",
    "s3:ListAllMyBuckets",
    "secretsmanager:DescribeSecret",
    "dynamodb:DescribeTable",
}
OF_SAM_ITSELF = {"s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetBucketLocation"}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def resolved(resource: Any) -> str:
    text: str = resource["Fn::Sub"] if isinstance(resource, dict) else resource
    known = {"AWS::Region": "eu-west-1", "AWS::AccountId": "123456789012", "Prefix": "bk", "StackName": "backup-sentinel"}
    return re.sub(r"\$\{([\w:]+)\}", lambda name: known[name[1]], text)


def allowing() -> Iterator[tuple[str, str]]:
    """Each granted action with each resource."""
    for policy in ROLE["Policies"]:
        for one in policy["PolicyDocument"]["Statement"]:
            if one["Effect"] == "Allow":
                yield from ((action, resolved(where)) for action in listed(one["Action"]) for where in listed(one["Resource"]))


GRANTS = list(allowing())


def granted(action: str, arn: str) -> bool:
    return any(fnmatchcase(action.lower(), one.lower()) and fnmatchcase(arn, where) for one, where in GRANTS)


@cache
def needed() -> dict[str, set[str]]:
    """What CloudFormation calls for each type of the core stack, by its schemas."""
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped] # ships no types; loads what is large

    resources = read_template()["Resources"].values()
    lasting = {one["Type"] for one in resources if one.get("DeletionPolicy", "Delete") != "Delete"}
    types = ({one["Type"] for one in resources} - {"AWS::Serverless::Function"}) | MADE_BY_SAM
    calls = {}
    for kind in sorted(types):
        handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", kind).schema["handlers"]
        used = {"create", "read", "update"} | ({"delete"} if kind not in lasting else set())
        calls[kind] = {action for name in used & handlers.keys() for action in handlers[name]["permissions"]}
    return calls


def test_the_role_may_do_what_cloudformation_does_for_each_resource() -> None:
    lacking = {
        (kind, action)
        for kind, actions in needed().items()
        for action in actions
        if not any(fnmatchcase(action, pattern) for pattern in NOT_GRANTED)
        and not granted(action, ARNS.get(action.split(":")[0], "?"))
    }

    assert lacking == set()


def test_each_exception_excepts_something_that_is_not_granted() -> None:
    asked = set().union(*needed().values())

    for pattern in NOT_GRANTED:
        matching = {action for action in asked if fnmatchcase(action, pattern)}
        assert matching, f"{pattern} excepts nothing"
        assert any(not granted(action, ARNS.get(action.split(":")[0], "?")) for action in matching), f"{pattern} is granted"


def test_the_role_may_do_nothing_that_neither_cloudformation_nor_our_own_steps_do() -> None:
    asked = set().union(*needed().values()) | OUR_OWN_STEPS | OF_SAM_ITSELF
    spare = {
        action
        for action, _ in GRANTS
        if not action.startswith("cloudformation:") and not any(fnmatchcase(one.lower(), action.lower()) for one in asked)
    }

    assert spare == set()


def test_our_own_steps_are_granted() -> None:
    for action in OUR_OWN_STEPS:
        assert granted(action, ARNS.get(action.split(":")[0], "*")), action


def test_the_stack_itself_may_be_tagged_as_the_example_does() -> None:
    stack = "arn:aws:cloudformation:eu-west-1:123456789012:stack/backup-sentinel/1a2b"

    assert 'tags = "' in (ROOT / "samconfig.example.toml").read_text(encoding="utf-8")
    assert granted("cloudformation:TagResource", stack)
    assert granted("cloudformation:UntagResource", stack)
