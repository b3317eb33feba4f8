"""Access denied, really: a bucket policy that forbids the checker to list one prefix, put beside whatever else it says."""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.local.demo.script import Sample

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CHECKER = "arn:aws:iam::{account}:role/bk-checker-role"


def deny(s3: "S3Client", sample: Sample, *, account: str) -> None:
    """The checker can no longer see where this backup lands."""
    if sample.prefix is not None:
        _change(s3, sample.prefix[0], sample.id, _statement(sample, *sample.prefix, account=account))


def allow(s3: "S3Client", sample: Sample) -> None:
    """Takes the denial back, if there is one."""
    if sample.prefix is not None:
        _change(s3, sample.prefix[0], sample.id, None)


def _statement(sample: Sample, bucket: str, prefix: str, *, account: str) -> dict[str, Any]:
    return {
        "Sid": _sid(sample.id),
        "Effect": "Deny",
        "Principal": {"AWS": CHECKER.format(account=account)},
        "Action": "s3:ListBucket",
        "Resource": f"arn:aws:s3:::{bucket}",
        "Condition": {"StringLike": {"s3:prefix": f"{prefix}*"}},
    }


def _sid(job_id: str) -> str:
    return "Demo" + "".join(part.capitalize() for part in job_id.split("-"))  # letters and digits alone are allowed


def _change(s3: "S3Client", bucket: str, job_id: str, statement: dict[str, Any] | None) -> None:
    policy = _policy(s3, bucket)
    others = [one for one in policy["Statement"] if one.get("Sid") != _sid(job_id)]
    if statement is None and len(others) == len(policy["Statement"]):
        return
    policy["Statement"] = [*others, *([statement] if statement else [])]
    if policy["Statement"]:
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    else:
        s3.delete_bucket_policy(Bucket=bucket)


def _policy(s3: "S3Client", bucket: str) -> dict[str, Any]:
    try:
        policy: dict[str, Any] = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucketPolicy":
            raise
        return {"Version": "2012-10-17", "Statement": []}
    return policy
