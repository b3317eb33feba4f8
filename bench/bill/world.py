"""What is there before the day begins: tables, buckets, settings, secrets, check-ins."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bench.bill import company
from bench.bill.outside import CHANNEL, SIGNING_SECRET, TEAM, TOKEN
from bench.bill.template import Declared
from bench.deployment import ENVIRONMENT
from bolt_app.adapters.dynamodb_check_ins import DynamoCheckIns
from workflows.backup.ports import CheckIn

MASTER = "a-master-key-of-some-length"
OWN_BUCKETS = ("bk-registry-source", "bk-rules-source", "bk-raw-mime")
PAST_CHECK_INS = 8


def make_places(client: Any, declared: Declared) -> None:  # noqa: ANN401 - boto3's
    """Tables and buckets, with nothing in them. `client`: makes one for a service."""
    for one in declared.tables:
        client("dynamodb").create_table(**one)
    for bucket in OWN_BUCKETS:
        where = {"LocationConstraint": ENVIRONMENT["AWS_DEFAULT_REGION"]}
        client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)


def choose(client: Any, *, admin: str, google_key: str) -> None:  # noqa: ANN401 - boto3's
    """Settings and secrets."""
    parameters = {
        "admin_owner": admin,
        "team_id": TEAM,
        "timezone": company.ZONE,
        "summary_channel": CHANNEL,
        "proposals_channel": CHANNEL,
        "jobs_sheet_id": "local-jobs-sheet",
        "rules_doc_id": "local-rules-doc",
        "mail_allow": "example.com",
    }
    for name, value in parameters.items():
        client("ssm").put_parameter(Name=f"/bk/config/{name}", Value=value, Type="String")
    secrets = {
        "bk/slack/bot-token": TOKEN,
        "bk/slack/signing-secret": SIGNING_SECRET,
        "bk/heartbeat/keys": json.dumps({"master": MASTER}),
        "bk/drive/sa": google_key,
    }
    for name, value in secrets.items():
        client("secretsmanager").create_secret(Name=name, SecretString=value)


def record_check_ins(client: Any, one: company.Backup, moments: Iterable[datetime]) -> None:  # noqa: ANN401 - boto3's
    kept = DynamoCheckIns(client("dynamodb"), table="bk-heartbeats")
    for moment in moments:
        source = "report" if one.source == "mails" else "heartbeat"
        sk = f"{moment:%Y-%m-%dT%H:%M:%S.%f}+00:00#0123456789abcdef"
        kept.record(CheckIn(job_id=one.job_id, sk=sk, at=moment, source=source, outcome="ok", size=1000), now=moment)
