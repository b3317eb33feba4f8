"""The steps after a deployment, against a mocked AWS: each does its part once, and says what is somebody's to do."""

import shlex
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.deploy import aws, finish
from infra.deploy.__main__ import core
from infra.deploy.samconfig import Chosen, Unusable

pytestmark = pytest.mark.thorough

CHOSEN = Chosen(
    env="default", stack="backup-sentinel", region="eu-west-1", parameters={"Prefix": "ct", "RulesDocId": "1AbC_defGHI"}
)
SECRETS = ["ct/slack/bot-token", "ct/slack/signing-secret", "ct/heartbeat/keys", "ct/drive/sa"]


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield aws.session_of(CHOSEN)


def test_the_key_of_links_is_made_once_and_never_shown(session: boto3.Session) -> None:
    ssm = session.client("ssm")
    made = finish.link_key(session, "ct")
    key = ssm.get_parameter(Name="/ct/config/link_key", WithDecryption=True)["Parameter"]
    again = finish.link_key(session, "ct")

    assert (key["Type"], len(bytes.fromhex(key["Value"]))) == ("SecureString", 32)
    assert ssm.get_parameter(Name="/ct/config/link_key", WithDecryption=True)["Parameter"]["Value"] == key["Value"]
    assert "was made" in made.text
    assert "as it was" in again.text
    assert key["Value"] not in made.text + again.text


def rule_sets(session: boto3.Session, *names: str, active: str = "") -> Any:
    ses = session.client("ses")
    for name in names:
        ses.create_receipt_rule_set(RuleSetName=name)
    if active:
        ses.set_active_receipt_rule_set(RuleSetName=active)
    return ses


def test_without_the_mail_stack_no_rule_set_is_touched(session: boto3.Session) -> None:
    ses = rule_sets(session, "theirs")

    assert "make stack ENV=ses" in finish.mail(session, CHOSEN).text
    assert "Metadata" not in ses.describe_active_receipt_rule_set()


def test_mail_is_turned_on_where_nobody_elses_would_be_turned_off(session: boto3.Session) -> None:
    ses = rule_sets(session, "theirs", "ct-inbound-rules")

    first, second = finish.mail(session, CHOSEN), finish.mail(session, CHOSEN)

    assert ("was activated" in first.text, "is active" in second.text) == (True, True)
    assert ses.describe_active_receipt_rule_set()["Metadata"]["Name"] == "ct-inbound-rules"


def test_another_active_rule_set_stays_and_it_is_told_what_to_do(session: boto3.Session) -> None:
    ses = rule_sets(session, "theirs", "ct-inbound-rules", active="theirs")

    line = finish.mail(session, CHOSEN)

    assert line.todo
    assert "theirs, is active here" in line.text
    assert "set-active-receipt-rule-set --rule-set-name ct-inbound-rules --region eu-west-1" in line.text
    assert ses.describe_active_receipt_rule_set()["Metadata"]["Name"] == "theirs"


def test_each_empty_secret_is_told_with_a_command_that_holds_no_secret(session: boto3.Session) -> None:
    vault = session.client("secretsmanager")
    for name in SECRETS:
        vault.create_secret(Name=name)

    told = finish.empty_secrets(session, CHOSEN)

    assert [line.text.split()[2] for line in told] == SECRETS
    for line, name in zip(told, SECRETS, strict=True):
        words = shlex.split(line.text.splitlines()[1].split("    (")[0])
        assert words[words.index("--secret-id") + 1] == name
        assert words[words.index("--secret-string") + 1].startswith("file://")
        assert words[words.index("--region") + 1] == "eu-west-1"

    for name in SECRETS[:2]:
        vault.put_secret_value(SecretId=name, SecretString="hush-hush")
    told = finish.empty_secrets(session, CHOSEN)
    assert [line.text.split()[2] for line in told] == SECRETS[2:]
    assert "hush-hush" not in "".join(line.text for line in told)


def test_without_a_google_document_no_google_key_is_asked_for(session: boto3.Session) -> None:
    for name in SECRETS[:3]:
        session.client("secretsmanager").create_secret(Name=name)

    told = finish.empty_secrets(session, Chosen(env="default", stack="s", region="eu-west-1", parameters={"Prefix": "ct"}))

    assert [line.text.split()[2] for line in told] == SECRETS[:3]


def test_watched_buckets_of_the_own_account_are_warned_of(session: boto3.Session) -> None:
    session.client("s3").create_bucket(Bucket="ours", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    [line] = finish.own_buckets(session, aws.Stack(parameters={"WatchedBuckets": "theirs, ours"}))

    assert line.todo
    assert line.text.startswith("The bucket ours lies in")


def test_a_bucket_of_the_own_account_is_not_what_is_to_be_done_next(session: boto3.Session) -> None:
    session.client("s3").create_bucket(Bucket="ours", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for name in SECRETS:
        session.client("secretsmanager").create_secret(Name=name, SecretString="x")

    lines = core(session, CHOSEN, aws.Stack(parameters={"WatchedBuckets": "ours"}))

    assert [line.text.split(" lies")[0] for line in lines if line.todo] == ["The bucket ours"]
    assert lines[-1].text.startswith("Next: the job list.")


def test_a_step_that_is_refused_is_told_and_stops_no_other() -> None:
    def refused() -> list[finish.Line]:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "PutParameter")

    [line] = finish.tried("The key of links", refused)

    assert line.todo
    assert line.text.startswith("The key of links could not be done: ")
    assert "AccessDenied" in line.text


def test_who_we_are_and_what_is_there_is_asked(session: boto3.Session) -> None:
    account, who = aws.caller(session)

    assert len(account) == 12
    assert who.startswith("arn:aws:")
    assert not aws.is_table(session, "ct-state")


def test_a_region_that_is_none_is_no_question_of_who_we_are() -> None:
    with pytest.raises(Unusable, match=r"AWS is not reached: .* is ap southeast a region \(samconfig\.toml\)\?"):
        aws.caller(boto3.Session("x", "x", region_name="ap southeast"))


def test_a_profile_that_is_not_there_is_told() -> None:
    with pytest.raises(Unusable, match="nobody-has-this"):
        aws.session_of(Chosen(env="default", stack="s", region="r", profile="nobody-has-this"))
