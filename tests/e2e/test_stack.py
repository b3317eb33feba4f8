"""The template, deployed with IAM enforced: what is there, and what each role may do."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.e2e.local_stack import LocalStack, running
from tests.e2e.waiting import mirrored
from tests.infra.test_template import OWN_TYPES, of_type

pytestmark = pytest.mark.e2e


PUBLISHING: dict[str, set[str]] = {
    role["RoleName"]["Fn::Sub"].replace("${Prefix}", "bk"): OWN_TYPES.get(name, set())
    for name, role in of_type("AWS::IAM::Role").items()
    if role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "lambda.amazonaws.com"}
}
ALL_TYPES = set[str]().union(*OWN_TYPES.values())


def put_events(stack: LocalStack, session: boto3.Session, *types: str, source: str = "backup-sentinel") -> int:
    entries: list[Any] = [{"Source": source, "DetailType": kind, "Detail": json.dumps({"v": 0})} for kind in types]
    return session.client("events", endpoint_url=stack.aws).put_events(Entries=entries)["FailedEntryCount"]


def test_the_stack_comes_up_with_its_functions_and_addresses(stack: LocalStack) -> None:
    names = {function["FunctionName"] for function in stack.functions.list_functions()["Functions"]}

    parts = ("checker", "dispatch", "ack-handler", "heartbeat", "intake-ses-parser", "drive-sync", "summary")
    assert names == {f"bk-{part}" for part in parts}
    assert stack.slack_url.startswith(f"{stack.aws}/_aws/lambda-url/")
    assert stack.heartbeat_url.startswith(f"{stack.aws}/_aws/lambda-url/")
    assert stack.slack_url != stack.heartbeat_url
    assert stack.page.startswith("http://127.0.0.1:")


def test_each_function_is_told_where_its_things_are(stack: LocalStack) -> None:
    told = stack.functions.get_function_configuration(FunctionName="bk-checker")["Environment"]["Variables"]

    assert told["BK_STATE_TABLE"] in stack.dynamodb.list_tables()["TableNames"]
    assert {told["BK_REGISTRY_BUCKET"], told["BK_RULES_BUCKET"]} <= {
        bucket["Name"] for bucket in stack.s3.list_buckets()["Buckets"]
    }
    assert "bk-dispatch" in told["BK_DISPATCH_QUEUE_URL"]


def test_the_buckets_to_watch_and_an_empty_job_list_are_there(stack: LocalStack) -> None:
    assert {"acme-backups", "acme-nas"} <= {bucket["Name"] for bucket in stack.s3.list_buckets()["Buckets"]}
    assert mirrored(stack).startswith("job_id,name,")


def test_check_ins_and_deliveries_expire_here_too(stack: LocalStack) -> None:
    for table in ("bk-heartbeats", "bk-deliveries"):
        expiry = stack.dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "expires")


@pytest.mark.parametrize("role", PUBLISHING)
def test_no_role_publishes_what_another_says(stack: LocalStack, role: str) -> None:
    own, session = PUBLISHING[role], stack.session_of(role)

    for kind in sorted(ALL_TYPES - own):
        for forged in ([kind], [*sorted(own)[:1], kind]):
            with pytest.raises(ClientError, match="not authorized to perform: events:PutEvents"):
                put_events(stack, session, *forged)
    for kind in own:  # as another, or in nobody's name
        with pytest.raises(ClientError, match="not authorized to perform: events:PutEvents"):
            put_events(stack, session, kind, source="aws.s3")


def test_the_checker_sees_no_bucket_that_is_not_watched(stack: LocalStack) -> None:
    stack.s3.create_bucket(Bucket="not-watched", CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
    s3 = stack.session_of("bk-checker-role").client("s3", endpoint_url=stack.aws)

    assert s3.list_objects_v2(Bucket="acme-nas")["KeyCount"] == 0
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_objects_v2(Bucket="not-watched")


def test_a_second_start_goes_on_where_the_first_stopped(tmp_path: Path) -> None:
    with running(tmp_path, WATCHED_BUCKETS="one") as first:
        first.s3.put_object(Bucket="one", Key="backup", Body=b"bytes")
        first.dynamodb.put_item(TableName="bk-state", Item={"job_id": {"S": "kept"}})

    with running(tmp_path, WATCHED_BUCKETS="one,two") as second:
        assert second.signing_secret == first.signing_secret
        assert second.bot_token == first.bot_token
        assert "Item" in second.dynamodb.get_item(TableName="bk-state", Key={"job_id": {"S": "kept"}})
        watching = second.session_of("bk-checker-role").client("s3", endpoint_url=second.aws)
        assert watching.list_objects_v2(Bucket="one")["KeyCount"] == 1
        assert watching.list_objects_v2(Bucket="two")["KeyCount"] == 0


def test_another_slack_and_its_secrets_are_taken_as_given(tmp_path: Path) -> None:
    given = {"SLACK_API_URL": "http://127.0.0.1:9/api/", "SLACK_BOT_TOKEN": "xoxb-given", "SLACK_SIGNING_SECRET": "given"}
    with running(tmp_path, **given) as local:
        vault = local.session.client("secretsmanager", endpoint_url=local.aws)

        assert local.page == ""
        assert local.slack_api == "http://127.0.0.1:9/api/"
        assert vault.get_secret_value(SecretId="bk/slack/bot-token")["SecretString"] == local.bot_token == "xoxb-given"
        assert vault.get_secret_value(SecretId="bk/slack/signing-secret")["SecretString"] == local.signing_secret == "given"
