"""The doctor at the bedside of a whole stack: what it says of one that is well, and of each thing that is broken."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.doctor.__main__ import main
from infra.doctor.dns import MemoryDns, Mx
from infra.doctor.examined import GROUPS, examined
from infra.doctor.finding import Finding
from infra.doctor.world import World
from infra.local.slack.server import LocalSlack
from infra.local.slack.service import Options
from infra.local.stack import ROOT, STACK
from tests.e2e.local_stack import LocalStack, running
from tests.e2e.waiting import mirrored, until

pytestmark = pytest.mark.e2e

PLACE = "inbound-smtp.ap-southeast-1.amazonaws.com"
UNSEEN_WHEN_WELL = {
    "Slack does not tell where it sends clicks and commands",
    "listed but empty: s3://acme-backups",
    "listed but empty: s3://acme-nas",
    "acme-backups, acme-nas in the sentinel's own account: whoever does harm there reaches backups and watcher alike",
    "the identity sentinel@example.com is verified, but letters that come back are not followed",
    "no daily check was completed yet; the stack is young",
    "no weekly test has reached the admin yet; the stack is young",
    "the summary did not run yet; the stack is young",
}
"""What nobody can see from outside, what is a matter of choice on this machine, and what an hour-old stack has not done yet."""


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack of its own: what is broken here shall break nobody else's tests."""
    with running(tmp_path_factory.mktemp("ward")) as local:
        yield local


@pytest.fixture(autouse=True)
def _turned(ward: LocalStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", ward.aws)


def seen(ward: LocalStack, *titles: str, slack: str = "", dns: MemoryDns | None = None, session: Any = None) -> list[Finding]:
    """What the doctor finds now, in these groups or in all."""
    world = World(
        session or ward.session,
        stack=STACK,
        environ={"AWS_ENDPOINT_URL": ward.aws, "SLACK_API_URL": slack or ward.slack_api, "GOOGLE_API_URL": ward.google_api},
        dns=dns or MemoryDns(),
        now=datetime.now(UTC),
    )
    groups = tuple(group for group in GROUPS if not titles or group.title in titles)
    assert len(groups) == len(titles or GROUPS)
    return [finding for _, found in examined(world, groups) for finding in found]


def wrong(found: list[Finding]) -> list[tuple[str, str]]:
    return [(one.line, one.todo) for one in found if one.state == "wrong"]


def only_wrong(found: list[Finding]) -> tuple[str, str]:
    [one] = wrong(found)
    return one


@contextmanager
def secret(ward: LocalStack, name: str, value: str) -> Iterator[None]:
    """Another value for a while."""
    vault = ward.session.client("secretsmanager", endpoint_url=ward.aws)
    before = vault.get_secret_value(SecretId=name)["SecretString"]
    vault.put_secret_value(SecretId=name, SecretString=value)
    try:
        yield
    finally:
        vault.put_secret_value(SecretId=name, SecretString=before)


@contextmanager
def parameter(ward: LocalStack, name: str, value: str) -> Iterator[None]:
    ward.parameters.put_parameter(Name=f"/bk/config/{name}", Value=value, Type="String")
    try:
        yield
    finally:
        ward.parameters.delete_parameter(Name=f"/bk/config/{name}")


@contextmanager
def edited(path: Path, change: Callable[[str], str]) -> Iterator[None]:
    before = path.read_text(encoding="utf-8")
    path.write_text(change(before), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


# --- one that is well ----------------------------------------------------------------------------


def test_a_stack_that_is_well_has_nothing_wrong_and_what_is_unsure_is_known(ward: LocalStack) -> None:
    addresses = {"AWS_ENDPOINT_URL": ward.aws, "SLACK_API_URL": ward.slack_api, "GOOGLE_API_URL": ward.google_api}
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "-m", "infra.doctor", "--region", ward.region, "--json"]

    done = subprocess.run(
        command, cwd=ROOT, env=kept | addresses | credentials, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert [row for row in told if row["state"] == "wrong"] == []
    assert done.returncode == 0
    unsure = {row["line"] for row in told if row["state"] == "unsure"}
    assert {
        line for line in unsure if not re.match(r"\d+ alarms have no data yet \(the stack is young\)", line)
    } == UNSEEN_WHEN_WELL
    assert {row["group"] for row in told} == {group.title for group in GROUPS}
    assert ward.bot_token not in done.stdout
    assert ward.signing_secret not in done.stdout


def test_a_stack_that_is_not_there_is_wrong_and_not_only_unseen(
    ward: LocalStack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")

    assert main(["--stack", "another", "--region", ward.region]) == 1
    assert "WRONG  there is no stack another in ap-southeast-1" in capsys.readouterr().out


# --- its own credentials -------------------------------------------------------------------------


def operator(ward: LocalStack, policy: dict[str, Any], name: str) -> boto3.Session:
    iam = ward.session.client("iam", endpoint_url=ward.aws)
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ward.account}:root"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    iam.put_role_policy(RoleName=name, PolicyName="doctor", PolicyDocument=json.dumps(policy))
    return ward.session_of(name)


def documented() -> dict[str, Any]:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").partition("## The doctor")[2]
    policy: dict[str, Any] = json.loads(text.partition("```json")[2].partition("```")[0])
    return policy


def test_the_documented_policy_is_enough_and_each_action_of_it_is_used(ward: LocalStack) -> None:
    with mail_lane(ward, active=True):
        found = seen(ward, session=operator(ward, documented(), "zz-operator"))

    assert [one for one in found if "your credentials need" in one.todo] == []
    lines = [json.loads(line) for line in (ward.run / "iam.jsonl").read_text(encoding="utf-8").splitlines()]
    used = {line["action"] for line in lines if ":assumed-role/zz-operator/" in line["principal"] and line["decision"] == "Allow"}
    granted = [statement["Action"] for statement in documented()["Statement"]]
    wanted = {action for actions in granted for action in ([actions] if isinstance(actions, str) else actions)}
    assert wanted - used <= {"s3:ListBucket"}  # never called: by it alone S3 says that the list is missing, and not forbidden


def test_whoever_may_see_the_stack_alone_is_told_what_else_is_needed(ward: LocalStack) -> None:
    actions = ["cloudformation:DescribeStacks", "cloudformation:ListStackResources"]
    few = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}

    found = seen(ward, session=operator(ward, few, "zz-visitor"))

    assert wrong(found) == []
    needed = {
        one.todo.partition("your credentials need ")[2].partition(";")[0] for one in found if "your credentials need" in one.todo
    }
    assert {
        "lambda:GetFunctionConfiguration",
        "cloudwatch:DescribeAlarms",
        "secretsmanager:GetSecretValue on bk/slack/bot-token",
    } <= needed


# --- one thing broken after another --------------------------------------------------------------


def test_a_token_that_slack_does_not_take(ward: LocalStack) -> None:
    with secret(ward, "bk/slack/bot-token", "xoxb-of-another-app-1234567890"):
        line, todo = only_wrong(seen(ward, "Secrets", "Slack"))

    assert line == "Slack does not take the bot token: invalid_auth"
    assert "aws secretsmanager put-secret-value --secret-id bk/slack/bot-token --secret-string file:///dev/stdin" in todo


def test_a_scope_that_was_not_granted(ward: LocalStack) -> None:
    scopes = set(json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"])
    with LocalSlack(Options(bot_token=ward.bot_token, scopes=frozenset(scopes - {"usergroups:read"}))) as elsewhere:
        line, todo = only_wrong(seen(ward, "Slack", slack=elsewhere.api_url))

    assert line == "the app lacks the scopes usergroups:read"
    assert todo.startswith("reinstall the app")


def test_secrets_that_are_empty_or_of_another_shape(ward: LocalStack) -> None:
    same = "0123456789abcdef0123"
    with (
        secret(ward, "bk/slack/signing-secret", " "),
        secret(ward, "bk/heartbeat/keys", json.dumps({"master": same, "enrolment": same})),
    ):
        (empty, put), (shared, _) = wrong(seen(ward, "Secrets"))

    assert empty == "bk/slack/signing-secret has no value yet"
    assert "Basic Information" in put
    assert shared.startswith("bk/heartbeat/keys: the enrolment key is the master key")
    assert same not in shared


def test_parameters_that_are_refused_and_unknown(ward: LocalStack) -> None:
    with parameter(ward, "aprovers", "ana@example.com"):
        odd = [one for one in seen(ward, "Settings") if "aprovers" in one.line]
    with parameter(ward, "holidays", "Singapore"):
        refused = seen(ward, "Settings", "Mail")

    assert [one.todo for one in odd] == ["aws ssm delete-parameter --name /bk/config/aprovers; perhaps approvers was meant"]
    line, todo = only_wrong(refused)
    assert line.startswith("parameter /bk/config/holidays names 'Singapore'; it wants country codes")
    assert "Holidays in samconfig.toml" in todo
    assert [one.line for one in refused if one.state == "unsure"] == ["not looked at: the settings cannot be used"]


def test_a_header_that_was_mistyped_and_a_sheet_that_may_not_be_written(ward: LocalStack) -> None:
    sheet = Path(ward.sheet)
    with edited(sheet, lambda text: text.replace("owner_email", "owner_mail", 1)):
        sheet.chmod(0o444)
        try:
            header, editor = wrong(seen(ward, "Google"))
        finally:
            sheet.chmod(0o644)

    assert header[0] == 'the job list: no column is called "owner_mail", so it is ignored'
    assert header[1] == "in the first row of the sheet: perhaps owner_email"
    assert editor[1] == "open the sheet, Share, sentinel@local-project.iam.gserviceaccount.com, Editor"


def test_a_bucket_that_shuts_the_checker_out_and_a_row_whose_bucket_is_not_watched(ward: LocalStack) -> None:
    shut = {"Effect": "Deny", "Principal": "*", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-nas"}
    ward.s3.put_bucket_policy(Bucket="acme-nas", Policy=json.dumps({"Version": "2012-10-17", "Statement": [shut]}))
    row = "crm,CRM,,,,s3://acme-crm/nightly/ s3://acme-backups/crm/,,,,2h,,,\n"
    ward.tried.update(("bk-checker-role", "s3:ListBucket", f"arn:aws:s3:::{name}") for name in ("acme-nas", "acme-crm"))
    ward.s3.create_bucket(Bucket="acme-crm", CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
    sheet = Path(ward.sheet)
    try:
        with edited(sheet, lambda text: f"{text.rstrip()}\n{row}"):
            until(40, lambda: "acme-crm" in mirrored(ward), "the row is mirrored")
            found = seen(ward, "Watched buckets")
    finally:
        ward.s3.delete_bucket_policy(Bucket="acme-nas")
        ward.s3.put_object(
            Bucket=ward.registry_bucket, Key="jobs.csv", Body=sheet.read_bytes()
        )  # no sheet is mirrored without rows

    told = dict(wrong(found))
    assert "add acme-crm to WatchedBuckets" in told.pop(
        "the job list names s3://acme-crm/nightly/, but acme-crm is not among the watched buckets (AccessDenied)"
    )
    assert "infra/watched.yaml" in told.pop("bk-checker-role may not list s3://acme-nas: AccessDenied")
    assert told == {}
    assert "listed but empty: s3://acme-backups/crm/" in [one.line for one in found]


def test_what_failed_what_alarms_and_what_is_switched_off(ward: LocalStack) -> None:
    alarms = ward.session.client("cloudwatch", endpoint_url=ward.aws)
    queue = ward.queues.get_queue_url(QueueName="bk-checker-failed")["QueueUrl"]
    ward.queues.send_message(QueueUrl=queue, MessageBody="{}")
    alarms.set_alarm_state(AlarmName="bk-checker-gave-up", StateValue="ALARM", StateReason="tried")
    ward.bus.disable_rule(Name="bk-nudges")
    try:
        told = dict(wrong(seen(ward, "At work", "Told when it fails")))
    finally:
        ward.queues.purge_queue(QueueUrl=queue)
        alarms.set_alarm_state(AlarmName="bk-checker-gave-up", StateValue="OK", StateReason="tried")
        ward.bus.enable_rule(Name="bk-nudges")

    assert "docs/operations.md" in told.pop("1 in the failure queue bk-checker-failed")
    assert "docs/operations.md" in told.pop("bk-checker-gave-up is in ALARM: tried")
    assert "bk-nudges, Enable" in told.pop("bk-nudges is disabled")
    assert told == {}


def test_a_door_that_aws_keeps_shut(ward: LocalStack) -> None:
    ward.functions.put_function_concurrency(FunctionName="bk-ack-handler", ReservedConcurrentExecutions=0)
    try:
        line, _ = only_wrong(seen(ward, "Stack"))
    finally:
        ward.functions.delete_function_concurrency(FunctionName="bk-ack-handler")

    assert line.startswith("the address for Slack answers 429")


@contextmanager
def mail_lane(ward: LocalStack, *, active: bool) -> Iterator[None]:
    """The rule set of infra/ses.yaml, which the local CloudFormation does not make, and the domain's identity."""
    ses, identities = ward.session.client("ses", endpoint_url=ward.aws), ward.session.client("sesv2", endpoint_url=ward.aws)
    store: Any = {
        "Name": "bk-store-reports",
        "Enabled": True,
        "Recipients": ["reports@backup.example.com"],
        "Actions": [{"S3Action": {"BucketName": f"bk-raw-mime-{ward.account}"}}],
    }
    ses.create_receipt_rule_set(RuleSetName="bk-inbound-rules")
    ses.create_receipt_rule(RuleSetName="bk-inbound-rules", Rule=store)
    if active:
        ses.set_active_receipt_rule_set(RuleSetName="bk-inbound-rules")
    identities.create_email_identity(EmailIdentity="backup.example.com")
    try:
        yield
    finally:
        ses.set_active_receipt_rule_set()
        ses.delete_receipt_rule_set(RuleSetName="bk-inbound-rules")
        identities.delete_email_identity(EmailIdentity="backup.example.com")


def test_a_mail_lane_that_is_not_active_and_whose_domain_sends_mail_elsewhere(ward: LocalStack) -> None:
    away, here, silent = MemoryDns(), MemoryDns(), MemoryDns("backup.example.com")
    away.records["backup.example.com"] = (Mx(10, "mail.example.com"),)
    here.records["backup.example.com"] = (Mx(10, PLACE),)
    with mail_lane(ward, active=False):
        told = dict(wrong(seen(ward, "Mail", dns=away)))
    with mail_lane(ward, active=True):
        well, unanswered = seen(ward, "Mail", dns=here), seen(ward, "Mail", dns=silent)

    assert told["the rule set bk-inbound-rules is not active: no mail is taken"].startswith("aws ses set-active-receipt-rule-set")
    assert f"10 {PLACE}" in told["mail for backup.example.com goes to mail.example.com, not here"]
    assert f"mail for backup.example.com goes to {PLACE}" in [one.line for one in well if one.state == "ok"]
    assert any(one.line.startswith("could not ask for the MX records of backup.example.com") for one in unanswered)
    assert wrong(unanswered) == wrong(well)
