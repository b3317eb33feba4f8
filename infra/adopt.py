"""Takes what a removed stack left behind into a new one: python -m infra.adopt [--stack NAME] [--prefix bk] [--region R].

Tables, buckets and secrets outlive their stack. Deployed again, it would fail, as their names are taken. This makes a stack of
just these, by CloudFormation's import, and `make deploy` then adds the rest. Nothing in them is read or changed.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from infra.local.stack import STACK, TEMPLATE, read_template
from infra.session import session_for
from infra.stopped import unless_stopped

CHANGE_SET = "adopt"
KEPT = "RetainExceptOnCreate"
GONE = frozenset({"ResourceNotFoundException", "404", "NoSuchBucket", "NoSuchBucketPolicy"})
Found = dict[str, dict[str, str]]
"""What is there: the logical name, and by what CloudFormation knows it, such as {"TableName": "bk-state"}."""


class AdoptError(Exception):
    """It cannot be done; the message says why, and what to do."""


def kept(template: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The resources that outlive the stack."""
    return {name: one for name, one in template["Resources"].items() if one.get("DeletionPolicy") == KEPT}


def name_of(resource: Mapping[str, Any], resources: Mapping[str, Any], *, prefix: str, account: str) -> str:
    """A table's, bucket's or secret's name; a policy is known by its bucket."""
    of = resource["Properties"]
    if resource["Type"] == "AWS::S3::BucketPolicy":
        return name_of(resources[of["Bucket"]["Ref"]], resources, prefix=prefix, account=account)
    pattern: str = (of.get("TableName") or of.get("BucketName") or of["Name"])["Fn::Sub"]
    return pattern.replace("${Prefix}", prefix).replace("${AWS::AccountId}", account)


def adoption(template: Mapping[str, Any], found: Found) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The template of what is there and nothing else, and what CloudFormation shall import."""
    there = {name: one for name, one in kept(template).items() if name in found}
    body = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": template["Description"],
        "Parameters": {"Prefix": template["Parameters"]["Prefix"]},
        "Resources": there,
    }
    return body, [
        {"LogicalResourceId": name, "ResourceType": one["Type"], "ResourceIdentifier": found[name]} for name, one in there.items()
    ]


def look(session: boto3.Session, template: Mapping[str, Any], *, prefix: str, account: str) -> Found:
    """Raises AdoptError for a secret that is about to be deleted."""
    resources = kept(template)
    found: Found = {}
    for logical, one in resources.items():
        name = name_of(one, resources, prefix=prefix, account=account)
        if identifier := _lookups(session)[one["Type"]](name):
            found[logical] = identifier
    return found


def _lookups(session: boto3.Session) -> dict[str, Callable[[str], dict[str, str] | None]]:
    dynamodb, s3, vault = session.client("dynamodb"), session.client("s3"), session.client("secretsmanager")

    def secret(name: str) -> dict[str, str] | None:
        known = _unless_gone(lambda: vault.describe_secret(SecretId=name))
        if known and known.get("DeletedDate"):
            raise AdoptError(
                f"The secret {name} is about to be deleted. To keep it: aws secretsmanager restore-secret --secret-id {name}"
            )
        return {"Id": known["ARN"]} if known else None

    return {
        "AWS::DynamoDB::Table": lambda name: _named("TableName", name, lambda: dynamodb.describe_table(TableName=name)),
        "AWS::S3::Bucket": lambda name: _named("BucketName", name, lambda: s3.head_bucket(Bucket=name)),
        "AWS::S3::BucketPolicy": lambda name: _named("Bucket", name, lambda: s3.get_bucket_policy(Bucket=name)),
        "AWS::SecretsManager::Secret": secret,
    }


def _named(key: str, name: str, ask: Callable[[], Any]) -> dict[str, str] | None:
    return {key: name} if _unless_gone(ask) else None


def _unless_gone(ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - answers of four services
    try:
        return ask()
    except ClientError as error:
        if error.response["Error"]["Code"] in GONE:
            return None
        raise


def adopt(session: boto3.Session, *, stack: str, prefix: str) -> list[str]:
    """Makes the stack; returns the names of what is in it. Raises AdoptError, and botocore's errors."""
    cloud = session.client("cloudformation")
    if status := _status(cloud, stack):
        raise AdoptError(f"There is a stack {stack} ({status}). {_what_now(status, stack)}")
    template = read_template(TEMPLATE)
    account: str = session.client("sts").get_caller_identity()["Account"]
    found = look(session, template, prefix=prefix, account=account)
    if not found:
        raise AdoptError(f"No stack left anything named {prefix}-… in account {account}, {session.region_name}: just deploy.")

    body, imports = adoption(template, found)
    take_in(cloud, stack, json.dumps(body), imports, prefix=prefix)
    return list(dict.fromkeys(next(iter(identifier.values())) for identifier in found.values()))


def take_in(cloud: Any, stack: str, body: str, imports: list[dict[str, Any]], *, prefix: str) -> None:  # noqa: ANN401 - as below
    """Raises AdoptError with CloudFormation's own reason, and botocore's errors."""
    cloud.create_change_set(
        StackName=stack,
        ChangeSetName=CHANGE_SET,
        ChangeSetType="IMPORT",
        TemplateBody=body,
        Parameters=[{"ParameterKey": "Prefix", "ParameterValue": prefix}],
        ResourcesToImport=imports,
    )
    try:
        cloud.get_waiter("change_set_create_complete").wait(
            StackName=stack, ChangeSetName=CHANGE_SET, WaiterConfig={"Delay": 2, "MaxAttempts": 60}
        )
    except WaiterError:  # which says no more than FAILED
        why = cloud.describe_change_set(StackName=stack, ChangeSetName=CHANGE_SET).get("StatusReason") or "it does not say why"
        raise AdoptError(f"CloudFormation does not take it in: {why}. {_what_now('REVIEW_IN_PROGRESS', stack)}") from None
    cloud.execute_change_set(StackName=stack, ChangeSetName=CHANGE_SET)
    try:
        cloud.get_waiter("stack_import_complete").wait(StackName=stack, WaiterConfig={"Delay": 2, "MaxAttempts": 150})
    except WaiterError:
        raise AdoptError(f"Taking it in was not completed. {_what_now('IMPORT_ROLLBACK_COMPLETE', stack)}") from None


def _status(cloud: Any, stack: str) -> str:  # noqa: ANN401 - boto3 makes its clients at run time
    try:
        status: str = cloud.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
        return ""
    return status


def _what_now(status: str, stack: str) -> str:
    if status.startswith("IMPORT_ROLLBACK"):
        return (
            f"See why: aws cloudformation describe-stack-events --stack-name {stack}. Then delete it and try again; what holds "
            f"data stays: aws cloudformation delete-stack --stack-name {stack}"
        )
    if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS"):
        return f"It was never deployed; delete it first: aws cloudformation delete-stack --stack-name {stack}"
    return "What it holds is its own already: make deploy"


def main(arguments: list[str]) -> int:
    """Exit status 0 when it is done, 1 when it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m infra.adopt", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--stack", default=STACK)
    parser.add_argument("--prefix", default="bk")
    parser.add_argument("--region")
    asked = parser.parse_args(arguments)
    try:
        names = adopt(session_for(asked.stack, asked.region), stack=asked.stack, prefix=asked.prefix)
    except (AdoptError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    listed = "".join(f"  {name}\n" for name in names)
    sys.stdout.write(f"The stack {asked.stack} holds what was left:\n{listed}Now deploy the rest: make deploy\n")
    return 0


if __name__ == "__main__":
    sys.exit(unless_stopped(lambda: main(sys.argv[1:])))
