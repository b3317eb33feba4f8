"""A bucket of another account, opened by infra/watched.yaml: the checker's role looks into its prefix, and nobody else."""

import json
from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.stack import ROOT
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import until

pytestmark = pytest.mark.e2e
OTHER, BUCKET = "111111111111", "watched-elsewhere"
GRANT = {
    "Effect": "Allow",
    "Action": ["s3:ListBucket", "s3:GetObject"],
    "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
}


@pytest.fixture(scope="module", autouse=True)
def _opened(stack: LocalStack) -> Iterator[None]:
    """The watched account, with its stack; in ours, two roles with the checker's grant, of which one bears its name."""
    theirs = boto3.Session(OTHER, "test", region_name=stack.region)
    s3, cloud = theirs.client("s3", endpoint_url=stack.aws), theirs.client("cloudformation", endpoint_url=stack.aws)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
    for key in ("databases/one", "letters/one"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"bytes")
    told = {"SentinelAccountId": stack.account, "Prefix": "zz", "BucketName": BUCKET, "KeyPrefix": "databases/"}
    cloud.create_stack(
        StackName="watched",
        TemplateBody=(ROOT / "infra" / "watched.yaml").read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in told.items()],
    )
    until(20, lambda: cloud.describe_stacks(StackName="watched")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE", "it is there")
    iam = stack.session.client("iam", endpoint_url=stack.aws)
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{stack.account}:root"}, "Action": "sts:AssumeRole"}
    for role in ("zz-checker-role", "zz-summary-role"):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
        iam.put_role_policy(
            RoleName=role, PolicyName="use", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [GRANT]})
        )
    yield
    cloud.delete_stack(StackName="watched")


def test_the_checker_sees_the_prefix_and_nothing_beside_it(stack: LocalStack) -> None:
    s3 = stack.session_of("zz-checker-role").client("s3", endpoint_url=stack.aws)

    assert [one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET, Prefix="databases/")["Contents"]] == ["databases/one"]
    assert s3.get_object(Bucket=BUCKET, Key="databases/one")["Body"].read() == b"bytes"
    for prefix in ("", "letters/"):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.get_object(Bucket=BUCKET, Key="letters/one")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=BUCKET, Key="databases/two", Body=b"")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=BUCKET, Key="databases/one")


def test_another_role_of_the_sentinels_account_sees_nothing(stack: LocalStack) -> None:
    s3 = stack.session_of("zz-summary-role").client("s3", endpoint_url=stack.aws)

    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_objects_v2(Bucket=BUCKET, Prefix="databases/")
