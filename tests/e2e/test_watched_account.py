"""Prefixes of another account's bucket, and of one of our own: the checker looks into them, whatever tool writes there.

Nobody else does, and nobody at all writes there, deletes or reads what is in it: each role tries each way.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.stack import ROOT
from infra.watching import own_account_buckets
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import item_of, until
from tests.infra.test_template import of_type
from workflows.backup.layouts import LAYOUTS

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.e2e
OTHER = "111111111111"
ELSEWHERE, HERE = "watched-elsewhere", "watched-here"
OPENED = {ELSEWHERE: OTHER, HERE: ""}
WHOLE = "acme-nas"
KEY = "databases/files/one.dump"
FUNCTION = "AWS::Serverless::Function"
ROLES = sorted(role["RoleName"]["Fn::Sub"].replace("${Prefix}", "bk") for role in of_type("AWS::IAM::Role").values())
FUNCTION_ROLES = {f"{one['FunctionName']['Fn::Sub']}-role".replace("${Prefix}", "bk") for one in of_type(FUNCTION).values()}
KEYS = {
    "files": ["one.dump"],
    "restic": ["config", "snapshots/5f", "index/9a", "data/00/00ab", "locks/1"],
    "borg": ["README", "config", "index.4", "hints.4", "integrity.4", "data/0/4"],
    "duplicity": ["duplicity-full.20260105T020000Z.manifest.gpg", "duplicity-full.20260105T020000Z.vol1.difftar.gpg"],
    "pgbackrest": ["backup/main/20260105-020000F/backup.manifest", "backup/main/20260105-020000F/pg_data/base/1/112.gz"],
    "wal-g": ["basebackups_005/base_1_backup_stop_sentinel.json", "basebackups_005/base_1/tar_partitions/part_1.tar.lz4"],
    "kopia": ["p03abc", "q04abc", "xn0_05abc"],
    "sync": ["a/b", "c"],
    "marker:DONE": ["2026-01-05/a", "2026-01-05/DONE"],
}


def deploy(session: boto3.Session, stack: LocalStack, template: str, name: str, **told: str) -> None:
    cloud = session.client("cloudformation", endpoint_url=stack.aws)
    cloud.create_stack(
        StackName=name,
        TemplateBody=(ROOT / "infra" / f"{template}.yaml").read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in told.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    until(20, lambda: cloud.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE", f"{name} is there")


@pytest.fixture(scope="module", autouse=True)
def _opened(stack: LocalStack) -> None:
    """A bucket each, with what every tool leaves in it, and something beside that nobody opened."""
    theirs = boto3.Session(OTHER, "test", region_name=stack.region)
    for session, bucket in ((theirs, ELSEWHERE), (stack.session, HERE)):
        s3 = session.client("s3", endpoint_url=stack.aws)
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
        for key in ("letters/one", "mails/one"):
            s3.put_object(Bucket=bucket, Key=key, Body=b"bytes")
        for layout, keys in KEYS.items():
            for key in keys:
                s3.put_object(Bucket=bucket, Key=f"databases/{folder(layout)}/{key}", Body=b"x" * 2000)
        deploy(stack.session, stack, "watched-here", f"zz-{bucket}", BucketName=bucket, KeyPrefixes="databases/,mails/")
    told = {"SentinelAccountId": stack.account, "BucketName": ELSEWHERE, "KeyPrefixes": "databases/,mails/"}
    deploy(theirs, stack, "watched", "watched", **told)


def folder(layout: str) -> str:
    return layout.replace(":", "-").lower()


def asked_as(stack: LocalStack, role: str) -> "S3Client":
    """As this role, or as a twin with the same policies, where it is lent to another service than Lambda."""
    twin = role if role in FUNCTION_ROLES else twin_of(stack, role)
    return stack.session_of(twin).client("s3", endpoint_url=stack.aws)


def twin_of(stack: LocalStack, role: str) -> str:
    iam = stack.session.client("iam", endpoint_url=stack.aws)
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{stack.account}:root"}, "Action": "sts:AssumeRole"}
    twin = f"zz-{role}"
    iam.create_role(RoleName=twin, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        text = document if isinstance(document, str) else json.dumps(document)
        iam.put_role_policy(RoleName=twin, PolicyName=policy, PolicyDocument=text)
    return twin


@pytest.mark.parametrize("bucket", OPENED)
def test_the_checker_sees_both_prefixes_and_nothing_beside_them_and_reads_nothing(stack: LocalStack, bucket: str) -> None:
    s3 = asked_as(stack, "bk-checker-role")

    assert s3.list_objects_v2(Bucket=bucket, Prefix="databases/files/")["KeyCount"] == 1
    assert s3.list_objects_v2(Bucket=bucket, Prefix="mails/")["KeyCount"] == 1
    for prefix in ("", "letters/", "databases", "mails"):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.list_objects_v2(Bucket=bucket, Prefix=prefix)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_objects_v2(Bucket=bucket)
    for key in ("databases/files/one.dump", "mails/one", "letters/one"):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.get_object(Bucket=bucket, Key=key)


def test_whatever_tool_writes_there_is_watched_and_a_row_beside_the_prefix_says_that_it_cannot_be_read(
    stack: LocalStack,
) -> None:
    assert {layout.partition(":")[0] for layout in KEYS} == {*LAYOUTS, "marker"}
    rows = "job_id,name,owner_email,target,layout,window\n"
    jobs = {f"{bucket}-{folder(layout)}": (bucket, layout) for bucket in OPENED for layout in KEYS}
    for job, (bucket, layout) in jobs.items():
        rows += f"{job},{job},sam@example.com,s3://{bucket}/databases/{folder(layout)}/ heartbeat,{layout},26h\n"
    for bucket in OPENED:
        stack.tried.add(("bk-checker-role", "s3:ListBucket", f"arn:aws:s3:::{bucket}"))
        rows += f"{bucket}-beside,{bucket} beside,sam@example.com,s3://{bucket}/letters/,files,26h\n"
    stack.s3.put_object(Bucket=stack.registry_bucket, Key="jobs.csv", Body=rows.encode())

    until(30, lambda: all(item_of(stack, job).get("state") for job in jobs), "all of them were looked at")
    assert {job: item_of(stack, job)["unseen"] for job in jobs if item_of(stack, job).get("unseen", "[]") != "[]"} == {}
    until(10, lambda: "AccessDenied" in str(item_of(stack, f"{HERE}-beside")), "a place that is not opened is not observed")


def test_buckets_of_our_own_account_are_known_from_others(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", stack.aws)

    assert own_account_buckets(stack.session, [ELSEWHERE, WHOLE, HERE]) == [WHOLE, HERE]


def harms(s3: "S3Client", bucket: str, key: str, upload: str) -> dict[str, Any]:
    """Each way to change what lies in a bucket, or what becomes of it."""
    named: dict[str, Any] = {"Bucket": bucket, "Key": key}
    rule: Any = {"ID": "all", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}/*"}
    return {
        "PutObject": partial(s3.put_object, **named, Body=b""),
        "CopyObject": partial(s3.copy_object, **named, CopySource=f"{bucket}/{key}"),
        "DeleteObject": partial(s3.delete_object, **named),
        "DeleteObjectVersion": partial(s3.delete_object, **named, VersionId="null"),
        "DeleteObjects": partial(s3.delete_objects, Bucket=bucket, Delete={"Objects": [{"Key": key}]}),
        "CreateMultipartUpload": partial(s3.create_multipart_upload, **named),
        "AbortMultipartUpload": partial(s3.abort_multipart_upload, **named, UploadId=upload),
        "PutObjectTagging": partial(s3.put_object_tagging, **named, Tagging={"TagSet": []}),
        "PutObjectRetention": partial(s3.put_object_retention, **named, Retention={"Mode": "GOVERNANCE"}),
        "PutBucketPolicy": partial(s3.put_bucket_policy, Bucket=bucket, Policy=json.dumps({"Statement": [allow]})),
        "DeleteBucketPolicy": partial(s3.delete_bucket_policy, Bucket=bucket),
        "PutLifecycle": partial(s3.put_bucket_lifecycle_configuration, Bucket=bucket, LifecycleConfiguration={"Rules": [rule]}),
        "DeleteLifecycle": partial(s3.delete_bucket_lifecycle, Bucket=bucket),
        "PutBucketVersioning": partial(s3.put_bucket_versioning, Bucket=bucket, VersioningConfiguration={"Status": "Suspended"}),
        "DeleteReplication": partial(s3.delete_bucket_replication, Bucket=bucket),
        "DeleteBucket": partial(s3.delete_bucket, Bucket=bucket),
    }


@pytest.fixture(scope="module")
def unfinished(stack: LocalStack) -> Iterator[dict[str, str]]:
    """Watched buckets, one of each account, and an upload into each that is not finished."""
    stack.s3.put_object(Bucket=WHOLE, Key=KEY, Body=b"bytes")
    yield {bucket: owner.create_multipart_upload(Bucket=bucket, Key=KEY)["UploadId"] for bucket, owner in owners(stack).items()}
    stack.s3.delete_object(Bucket=WHOLE, Key=KEY)


def owners(stack: LocalStack) -> "dict[str, S3Client]":
    theirs = boto3.Session(OTHER, "test", region_name=stack.region)
    return {WHOLE: stack.s3, ELSEWHERE: theirs.client("s3", endpoint_url=stack.aws)}


@pytest.mark.parametrize("role", ROLES)
def test_no_role_writes_to_or_deletes_from_a_watched_bucket_or_reads_what_is_in_it(
    stack: LocalStack, unfinished: dict[str, str], role: str
) -> None:
    s3 = asked_as(stack, role)
    for bucket, owner in owners(stack).items():
        ways = harms(s3, bucket, KEY, unfinished[bucket]) | {"GetObject": partial(s3.get_object, Bucket=bucket, Key=KEY)}
        if role != "bk-checker-role":
            ways["ListBucket"] = partial(s3.list_objects_v2, Bucket=bucket, Prefix="databases/")
        answers = {way: answered(tried) for way, tried in ways.items()}

        assert answers == dict.fromkeys(ways, "AccessDenied"), bucket
        assert owner.head_object(Bucket=bucket, Key=KEY)["ContentLength"] > 0


def answered(call: Callable[[], object]) -> str:
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "done"


def test_these_are_all_roles_of_the_template(stack: LocalStack) -> None:
    there = [role["RoleName"] for role in stack.session.client("iam", endpoint_url=stack.aws).list_roles()["Roles"]]

    assert sorted(name for name in there if name.startswith("bk-")) == ROLES


def test_a_prefix_that_is_closed_again_leaves_the_core_whole(stack: LocalStack) -> None:
    checker, cloud = asked_as(stack, "bk-checker-role"), stack.session.client("cloudformation", endpoint_url=stack.aws)
    for bucket in OPENED:
        cloud.delete_stack(StackName=f"zz-{bucket}")

    until(10, lambda: answered(partial(checker.list_objects_v2, Bucket=HERE, Prefix="databases/")) == "AccessDenied", "closed")
    assert checker.list_objects_v2(Bucket=WHOLE, Prefix="nothing-here/")["KeyCount"] == 0
    assert cloud.describe_stacks(StackName="backup-sentinel")["Stacks"][0]["StackStatus"].endswith("_COMPLETE")
