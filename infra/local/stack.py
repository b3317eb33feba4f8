"""Brings infra/template.yaml, as it is, into the local AWS: what `sam package` and `sam deploy` do for the real one."""

import hashlib
import io
import re
import time
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.exceptions import ClientError
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "infra" / "template.yaml"
OUR_SOURCE = ("bolt_app", "listeners", "workflows")
REGION: Final = "ap-southeast-1"
STACK = "backup-sentinel"
CODE_URI = re.compile(r"^      CodeUri: \.\./build/lambda/[a-z]+$", re.MULTILINE)
PATIENCE_SECONDS = 60


class DeploymentError(Exception):
    """The stack did not come up; the message says which resource and why."""


def read_template(path: Path = TEMPLATE) -> dict[str, Any]:
    """The template, with `!Ref x` as {"Ref": "x"} and so on. One for all who ask: nobody changes it."""
    return _parsed(path)


@cache
def _parsed(path: Path) -> dict[str, Any]:
    template: dict[str, Any] = yaml_parse(path.read_text(encoding="utf-8"))
    return template


def zip_source(root: Path = ROOT) -> bytes:
    """Our own source alone: locally, functions take libraries from the environment that runs the local AWS.

    The same source makes the same bytes, so that an unchanged program is not deployed again.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in OUR_SOURCE:
            for file in sorted((root / folder).rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    entry = zipfile.ZipInfo(file.relative_to(root).as_posix(), date_time=(1980, 1, 1, 0, 0, 0))
                    entry.external_attr = 0o644 << 16
                    archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def deploy(
    session: boto3.Session, *, account: str, parameters: Mapping[str, str], stack: str = STACK, source: bytes = b""
) -> dict[str, str]:
    """Creates or updates the stack of this name; returns its outputs. Raises DeploymentError.

    Args:
        source: the zipped program; empty: what lies here.
    """
    bucket = f"{STACK}-artifacts-{account}"
    make_bucket(session, bucket)
    key = _upload(session, bucket, source or zip_source(), "zip")
    body, places = CODE_URI.subn(f"      CodeUri: s3://{bucket}/{key}", TEMPLATE.read_text(encoding="utf-8"))
    if places == 0:
        raise DeploymentError(f"{TEMPLATE.name} names no code; each function must, as `CodeUri: ../build/lambda/...`")

    cloud = session.client("cloudformation")
    # A template of more than 51,200 bytes is taken from a bucket alone, there and here.
    template = _upload(session, bucket, body.encode(), "yaml")
    _start(cloud, f"https://s3.{REGION}.amazonaws.com/{bucket}/{template}", parameters, stack)
    settled = _settled(cloud, stack)
    _set_expiry(session, stack_id=settled["StackId"])
    return {output["OutputKey"]: output["OutputValue"] for output in settled["Outputs"]}


def _upload(session: boto3.Session, bucket: str, content: bytes, kind: str) -> str:
    """New content is a new key: only then does the stack change."""
    key = f"{hashlib.sha256(content).hexdigest()}.{kind}"
    session.client("s3").put_object(Bucket=bucket, Key=key, Body=content)
    return key


def make_bucket(session: boto3.Session, bucket: str) -> None:
    """Makes the bucket, unless it is there."""
    s3 = session.client("s3")
    if bucket not in {known["Name"] for known in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})


def _start(cloud: Any, template_url: str, parameters: Mapping[str, str], stack: str) -> None:  # noqa: ANN401 - boto3 makes its clients at run time
    wanted = {
        "StackName": stack,
        "TemplateURL": template_url,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    try:
        cloud.update_stack(**wanted)
    except ClientError as error:
        message = error.response["Error"]["Message"]
        if "does not exist" in message:
            cloud.create_stack(**wanted)
        elif "No updates" not in message:
            raise DeploymentError(f"the local AWS refused the template: {message}") from error


def _settled(cloud: Any, name: str) -> dict[str, Any]:  # noqa: ANN401 - boto3 makes its clients at run time
    for _ in range(PATIENCE_SECONDS * 10):
        stack: dict[str, Any] = cloud.describe_stacks(StackName=name)["Stacks"][0]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
        time.sleep(0.1)
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        steps = cloud.describe_stack_events(StackName=name)["StackEvents"]
        failed = [
            f"{step['LogicalResourceId']}: {step.get('ResourceStatusReason', '')}"
            for step in steps
            if "FAILED" in step["ResourceStatus"]
        ]
        raise DeploymentError("\n".join([f"the stack is {stack['StackStatus']}", *failed]))
    return stack


def _set_expiry(session: boto3.Session, *, stack_id: str) -> None:
    """The local AWS leaves out the template's time to live; its own call takes it."""
    cloud = session.client("cloudformation")
    dynamodb = session.client("dynamodb")
    for name, resource in read_template()["Resources"].items():
        if expiry := resource.get("Properties", {}).get("TimeToLiveSpecification"):
            found = cloud.describe_stack_resource(StackName=stack_id, LogicalResourceId=name)
            table = found["StackResourceDetail"]["PhysicalResourceId"]
            now = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
            if now.get("TimeToLiveStatus") != "ENABLED":
                dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=expiry)
