"""Waiting for what the local stack does, and looking at what it stored."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from tests.e2e.local_stack import LocalStack

T = TypeVar("T")


def until(seconds: float, look: Callable[[], T | None], what: str) -> T:
    """The first answer that is something, within so many seconds."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:g} s: {what}")


def item_of(stack: LocalStack, job_id: str) -> dict[str, Any]:
    found = stack.dynamodb.get_item(TableName="bk-state", Key={"job_id": {"S": job_id}}, ConsistentRead=True)
    return {name: next(iter(value.values())) for name, value in found.get("Item", {}).items()}


def state_of(stack: LocalStack, job_id: str) -> str | None:
    return item_of(stack, job_id).get("state")


def mirrored(stack: LocalStack) -> str:
    """The job list that is in force: an edit of the sheet is in it some time after."""
    return stack.s3.get_object(Bucket=stack.registry_bucket, Key="jobs.csv")["Body"].read().decode()


def actions(stack: LocalStack, job_id: str) -> list[str]:
    """What the audit says was done to this job, oldest first."""
    lines = stack.dynamodb.query(
        TableName="bk-audit", KeyConditionExpression="job_id = :job", ExpressionAttributeValues={":job": {"S": job_id}}
    )["Items"]
    return [line["action"]["S"] for line in lines]
