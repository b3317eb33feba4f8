"""The whole sentinel on this machine, as `make up` starts it, for tests."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from infra.local.stack import ROOT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

START_SECONDS = 60


@dataclass(frozen=True)  # no slots: the clients are made when first asked for, and kept
class LocalStack:
    """Addresses as UP_JSON has them, and clients that are allowed everything."""

    run: Path
    aws: str
    region: str
    account: str
    slack_api: str
    google_api: str
    sheet: str
    slack_url: str
    heartbeat_url: str
    first_check_in: str
    page: str
    bot_token: str
    signing_secret: str
    mail: str
    letters: str
    model: str

    @cached_property
    def session(self) -> boto3.Session:
        return boto3.Session("test", "test", region_name=self.region)  # the root key of the local AWS

    @cached_property
    def s3(self) -> "S3Client":
        return self.session.client("s3", endpoint_url=self.aws)

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        return self.session.client("dynamodb", endpoint_url=self.aws)

    @cached_property
    def functions(self) -> "LambdaClient":
        return self.session.client("lambda", endpoint_url=self.aws)

    @cached_property
    def bus(self) -> "EventBridgeClient":
        return self.session.client("events", endpoint_url=self.aws)

    @cached_property
    def queues(self) -> "SQSClient":
        return self.session.client("sqs", endpoint_url=self.aws)

    @cached_property
    def parameters(self) -> "SSMClient":
        return self.session.client("ssm", endpoint_url=self.aws)

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        return self.session.client("logs", endpoint_url=self.aws)

    @property
    def registry_bucket(self) -> str:
        return f"bk-registry-source-{self.account}"

    @property
    def rules_bucket(self) -> str:
        return f"bk-rules-source-{self.account}"

    def session_of(self, role: str) -> boto3.Session:
        """A session that may do just what this role may; its refusals are not held against the functions."""
        arn = f"arn:aws:iam::{self.account}:role/{role}"
        sts = self.session.client("sts", endpoint_url=self.aws)
        lent = sts.assume_role(RoleArn=arn, RoleSessionName="probe")["Credentials"]
        return boto3.Session(lent["AccessKeyId"], lent["SecretAccessKey"], lent["SessionToken"], region_name=self.region)

    def decisions(self) -> list[dict[str, Any]]:
        """What the functions asked the local AWS for, and what it decided: principal, action, resource, decision."""
        lines = (self.run / "iam.jsonl").read_text(encoding="utf-8").splitlines()
        made = [json.loads(line) for line in lines]
        return [one for one in made if ":assumed-role/" in one["principal"] and not one["principal"].endswith("/probe")]

    @cached_property
    def tried(self) -> set[tuple[str, str, str]]:
        """Role, action and resource of what a test means a function to be refused; tests add to it."""
        return set()

    def denied(self) -> list[tuple[str, str, str]]:
        """Role, action and resource of each call that a function was refused, but for what was meant to be."""
        refused = (one for one in self.decisions() if one["decision"] != "Allow")
        return sorted({(role_of(one["principal"]), one["action"], one["resource"]) for one in refused} - self.tried)


def role_of(principal: str) -> str:
    """The role that whoever called had taken."""
    return principal.split("/")[1]


@contextmanager
def running(run: Path, *, program: str = "infra.local.up", **environ: str) -> Iterator[LocalStack]:
    """Starts it in its own folder on free ports, and stops it; a second start in the same folder goes on.

    Whoever runs one fails in the end where a function was refused a call.
    """
    up_json = run / "up.json"
    ports = {
        name: str(_free_port()) for name in ("AWS_PORT", "SLACK_PORT", "PANEL_PORT", "GOOGLE_PORT", "MODEL_PORT", "LETTERS_PORT")
    }
    shell = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    command = [sys.executable, "-m", "infra.local.tied", program]
    run.mkdir(parents=True, exist_ok=True)
    with (run / "up.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,  # closes when the tests end, however they end
            stdout=log,
            stderr=log,
            env=shell | ports | {"RUN_DIR": str(run), "UP_JSON": str(up_json)} | environ,
        )
    with process:
        try:
            stack = LocalStack(run=run, **_addresses(process, up_json, run / "up.log"))
            yield stack
            denied = stack.denied()
        finally:
            process.terminate()
            process.wait(60)
    assert not denied, "calls that the functions' roles do not allow:\n" + "\n".join(map(" ".join, denied))


def _addresses(process: "subprocess.Popen[bytes]", up_json: Path, log: Path) -> dict[str, str]:
    for _ in range(START_SECONDS * 10):
        if up_json.exists():
            addresses: dict[str, str] = json.loads(up_json.read_text(encoding="utf-8"))
            return addresses
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"the local stack did not come up:\n{log.read_text(encoding='utf-8')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
