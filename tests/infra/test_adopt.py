"""What outlives the stack, and how a new stack takes it in."""

import json
import re
from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import WaiterError
from moto import mock_aws

from infra.adopt import AdoptError, adoption, kept, look, name_of, take_in
from infra.local.stack import ROOT, read_template

TEMPLATE = read_template()
RESOURCES = kept(TEMPLATE)
TABLES = ("state", "audit", "heartbeats", "deliveries", "proposals")
BUCKETS = ("registry-source", "rules-source", "raw-mime")
SECRETS = ("slack/bot-token", "slack/signing-secret", "heartbeat/keys", "drive/sa")


def names(kind: str, prefix: str = "bk") -> set[str]:
    return {name_of(one, RESOURCES, prefix=prefix, account="1") for one in RESOURCES.values() if one["Type"] == kind}


def test_what_outlives_the_stack_is_what_holds_data_and_nothing_else() -> None:
    assert names("AWS::DynamoDB::Table", "ct2") == {f"ct2-{name}" for name in TABLES}
    assert names("AWS::S3::Bucket") == names("AWS::S3::BucketPolicy") == {f"bk-{name}-1" for name in BUCKETS}
    assert names("AWS::SecretsManager::Secret") == {f"bk/{name}" for name in SECRETS}
    assert len(RESOURCES) == len(TABLES) + 2 * len(BUCKETS) + len(SECRETS)


def test_what_holds_data_is_kept_and_all_else_goes_with_the_stack() -> None:
    holding = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::SecretsManager::Secret")
    policies = {name: one.get("DeletionPolicy", "Delete") for name, one in TEMPLATE["Resources"].items()}

    assert {name for name, policy in policies.items() if policy != "Delete"} == set(RESOURCES)
    assert {name for name, one in TEMPLATE["Resources"].items() if one["Type"] in holding} == set(RESOURCES)


def test_the_stack_of_what_is_there_stands_by_itself() -> None:
    body, imports = adoption(TEMPLATE, {name: {"Id": "x"} for name in RESOURCES})
    text = json.dumps(body)

    assert {one["LogicalResourceId"] for one in imports} == set(body["Resources"]) == set(RESOURCES)
    assert set(body["Parameters"]) == {"Prefix"}
    assert not any(f'"{other}"' in text or f"${{{other}" in text for other in TEMPLATE["Resources"].keys() - RESOURCES.keys())
    assert '"Fn::If"' not in text
    assert '"Condition": "' not in text
    assert len(text.encode()) <= 51_200  # what a call may carry


def test_what_stays_is_listed_by_name_for_those_who_remove_it() -> None:
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    stays = told.partition("What stays, on purpose")[2].partition("To delete that too")[0]

    for one in RESOURCES.values():
        assert f"`{name_of(one, RESOURCES, prefix='bk', account='ACCOUNT')}`" in stays


class Unwilling:
    """CloudFormation, which fails at one of the two waits."""

    def __init__(self, fails_at: str) -> None:
        self._fails_at = fails_at
        self.executed = False

    def create_change_set(self, **_: object) -> None:
        pass

    def execute_change_set(self, **_: object) -> None:
        self.executed = True

    def describe_change_set(self, **_: object) -> dict[str, str]:
        return {"Status": "FAILED", "StatusReason": "Resource bk-state is in another stack already"}

    def get_waiter(self, name: str) -> "Unwilling":
        self._waiting = name
        return self

    def wait(self, **_: object) -> None:
        if self._waiting == self._fails_at:
            raise WaiterError(self._waiting, "Waiter encountered a terminal failure state", {})


@pytest.mark.parametrize(
    ("fails_at", "executed", "says"),
    [
        ("change_set_create_complete", False, "Resource bk-state is in another stack already. It was never deployed; delete it"),
        (
            "stack_import_complete",
            True,
            "describe-stack-events --stack-name s. Then delete it and try again; what holds data stays",
        ),
    ],
)
def test_why_cloudformation_takes_nothing_in_is_told(fails_at: str, executed: bool, says: str) -> None:
    cloud = Unwilling(fails_at)

    with pytest.raises(AdoptError, match=re.escape(says)):
        take_in(cloud, "s", "{}", [], prefix="bk")
    assert cloud.executed == executed


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.Session("test", "test", region_name="ap-southeast-1")


@pytest.mark.thorough
def test_what_is_gone_is_left_for_the_deployment_to_make(aws: boto3.Session) -> None:
    aws.client("dynamodb").create_table(
        TableName="bk-state",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "job_id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "job_id", "KeyType": "HASH"}],
    )
    aws.client("s3").create_bucket(Bucket="bk-raw-mime-1", CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
    arn = aws.client("secretsmanager").create_secret(Name="bk/drive/sa")["ARN"]

    assert look(aws, TEMPLATE, prefix="bk", account="1") == {
        "StateTable": {"TableName": "bk-state"},
        "RawMime": {"BucketName": "bk-raw-mime-1"},
        "DriveAccount": {"Id": arn},
    }
    assert look(aws, TEMPLATE, prefix="ct2", account="1") == {}


@pytest.mark.thorough
def test_a_secret_that_is_about_to_be_deleted_is_named(aws: boto3.Session) -> None:
    vault = aws.client("secretsmanager")
    vault.create_secret(Name="bk/heartbeat/keys")
    vault.delete_secret(SecretId="bk/heartbeat/keys", RecoveryWindowInDays=7)

    with pytest.raises(AdoptError, match="restore-secret --secret-id bk/heartbeat/keys"):
        look(aws, TEMPLATE, prefix="bk", account="1")
