"""`make deploy`, as a person gives it: the real SAM CLI, against a local AWS with nothing in it."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.stack import REGION, ROOT
from tests.e2e.bare_aws import Account, bare_aws

pytestmark = pytest.mark.e2e

COPIED = ("Makefile", "manifest.json", "samconfig.example.toml", "requirements-dev.lock", "pyproject.toml")
PACKAGES = ("infra", "bolt_app", "listeners", "workflows")
CHOSEN = f"""
version = 0.1
[default.global.parameters]
stack_name = "backup-sentinel"
region = "{REGION}"
[default.deploy.parameters]
capabilities = ["CAPABILITY_NAMED_IAM"]
resolve_s3 = true
confirm_changeset = false
fail_on_empty_changeset = false
[default.deploy.parameters.parameter_overrides]
AdminOwner = "sam.o'neil@acme.example"
TeamId = "T0ACME"
AlarmEmail = "alarms@acme.example"
WatchedBuckets = ["acme-ours", "acme-theirs"]
Approvers = ["S012AB", "bo@acme.example"]
MailAllow = 'o"hara@acme.example, nas@acme.example; acme.example'
SummaryTo = "ana@acme.example bo@acme.example"
QuietHours = "18:00 - 08:00"
Timezone = "Asia/Singapore"
[deploy-role.global.parameters]
stack_name = "backup-sentinel-deploy-role"
region = "{REGION}"
[deploy-role.deploy.parameters]
template_file = "infra/deploy-role.yaml"
capabilities = ["CAPABILITY_NAMED_IAM"]
fail_on_empty_changeset = false
[deploy-role.deploy.parameters.parameter_overrides]
Repository = "acme@1234567/watcher@7654321"
ProviderExists = "true"
"""
BUILD = """
build:
	@mkdir -p .aws-sam/build/code && echo 'handler = print' > .aws-sam/build/code/app.py
	@sed 's,CodeUri: .*,CodeUri: code,' infra/template.yaml > .aws-sam/build/template.yaml
"""
"""What is built is another test's: here each function is one line, so that all else is tried in seconds."""


class Person:
    """Somebody with a copy of the project, who gives commands in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            shutil.copy2(ROOT / name, folder / name)  # with its time: what make has installed stays installed
        for package in PACKAGES:
            unwanted = shutil.ignore_patterns("__pycache__", "node_modules")
            shutil.copytree(ROOT / package, folder / package, ignore=unwanted)
        (folder / ".venv").symlink_to(ROOT / ".venv")
        with (folder / "Makefile").open("a", encoding="utf-8") as makefile:
            makefile.write(BUILD)

    def make(self, *arguments: str, **environ: str) -> tuple[int, str]:
        """The exit status, and all that was said."""
        shell = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL"}}
        ran = subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env=shell | environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return ran.returncode, ran.stdout


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with bare_aws(tmp_path / "aws", monkeypatch) as aws:
        yield aws


@pytest.fixture
def person(tmp_path: Path) -> Person:
    folder = tmp_path / "project"
    folder.mkdir()
    return Person(folder)


def settings(account: Account) -> dict[str, str]:
    pages = account.client("ssm").get_paginator("get_parameters_by_path").paginate(Path="/bk/config", WithDecryption=True)
    return {one["Name"].removeprefix("/bk/config/"): one["Value"] for page in pages for one in page["Parameters"]}


def as_deployer(account: Account) -> dict[str, str]:
    """The environment of a workflow that took the deploying role. There is no GitHub here to vouch for it: we do."""
    root, arn = f"arn:aws:iam::{account.id}:root", f"arn:aws:iam::{account.id}:role/bk-deploy"
    trust = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    account.client("iam").update_assume_role_policy(RoleName="bk-deploy", PolicyDocument=document)
    lent = account.client("sts").assume_role(RoleArn=arn, RoleSessionName="workflow")["Credentials"]
    keys = {"AWS_ACCESS_KEY_ID": "AccessKeyId", "AWS_SECRET_ACCESS_KEY": "SecretAccessKey", "AWS_SESSION_TOKEN": "SessionToken"}
    return {name: lent[key] for name, key in keys.items()} | {"CI": "true"}


def test_a_deployment_is_refused_made_finished_and_given_again(account: Account, person: Person, tmp_path: Path) -> None:
    status, said = person.make("deploy")
    assert status != 0
    assert "There is no samconfig.toml yet: cp samconfig.example.toml samconfig.toml" in said

    shutil.copy(person.folder / "samconfig.example.toml", person.folder / "samconfig.toml")
    status, said = person.make("deploy")
    assert status != 0
    for name in ("region", "AdminOwner", "TeamId", "AlarmEmail", "WatchedBuckets"):
        assert f"{name} is still what samconfig.example.toml shows" in said
    assert "Traceback" not in said

    # By hand, the first time: mail is to be taken, and one watched bucket is our own.
    account.client("s3").create_bucket(Bucket="acme-ours", CreateBucketConfiguration={"LocationConstraint": REGION})
    account.client("ses").create_receipt_rule_set(RuleSetName="bk-inbound-rules")
    (person.folder / "samconfig.toml").write_text(CHOSEN, encoding="utf-8")
    status, said = person.make("deploy", "DOCTOR=no")
    assert status == 0, said
    made = settings(account)
    key = made.pop("link_key")
    assert {name: made[name] for name in ("admin_owner", "approvers", "mail_allow", "summary_to", "quiet_hours", "timezone")} == {
        "admin_owner": "sam.o'neil@acme.example",
        "approvers": "S012AB,bo@acme.example",
        "mail_allow": 'o"hara@acme.example, nas@acme.example; acme.example',
        "summary_to": "ana@acme.example bo@acme.example",
        "quiet_hours": "18:00 - 08:00",
        "timezone": "Asia/Singapore",
    }
    assert "holidays" not in made
    assert re.fullmatch("[0-9a-f]{64}", key)
    assert key not in said
    assert account.client("ses").describe_active_receipt_rule_set()["Metadata"]["Name"] == "bk-inbound-rules"
    assert "The bucket acme-ours lies in the sentinel's own account" in said
    assert "The bucket acme-theirs" not in said
    assert said.count("is empty. It wants") == 3
    assert f"SlackUrl  {made['link_url']}" in said
    assert f"HeartbeatUrl  {made['heartbeat_url']}" in said
    assert f"Next: make manifest URL={made['link_url']}" in said

    # The role that deploys from GitHub is made by hand too; then it does the rest, with its own rights and no others.
    status, said = person.make("stack", "ENV=deploy-role")
    assert status == 0, said
    account.client("secretsmanager").put_secret_value(SecretId="bk/slack/bot-token", SecretString="xoxb-1")
    account.client("ses").create_receipt_rule_set(RuleSetName="theirs")
    account.client("ses").set_active_receipt_rule_set(RuleSetName="theirs")
    status, said = person.make("deploy", "DOCTOR=no", **as_deployer(account))
    assert status == 0, said
    assert "No changes to deploy" in said
    assert "could not be done" not in said
    assert "CDK" not in said
    assert settings(account) == {**made, "link_key": key}
    assert account.client("ses").describe_active_receipt_rule_set()["Metadata"]["Name"] == "theirs"
    assert "another rule set, theirs, is active" in said
    assert said.count("is empty. It wants") == 2
    assert "bk/slack/bot-token is empty" not in said
    decisions = [json.loads(line) for line in (tmp_path / "aws" / "iam.jsonl").read_text(encoding="utf-8").splitlines()]
    of_deployer = {(one["action"], one["decision"]) for one in decisions if ":assumed-role/bk-deploy/" in one["principal"]}
    assert {decision for _action, decision in of_deployer} == {"Allow"}
    assert {"cloudformation:CreateChangeSet", "ssm:PutParameter", "s3:ListAllMyBuckets"} <= {action for action, _ in of_deployer}
