"""What a person would put into a new deployment by hand: secrets, choices, and the buckets that are watched."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import boto3
from botocore.exceptions import ClientError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from infra.local.stack import make_bucket
from workflows.backup.heartbeat_keys import read_keys

ADMIN = "ana@example.com"
TEAM = "T0LOCAL"
CHANNEL = "C0BACKUPS"
SENDER = "sentinel@example.com"
MAIL_ALLOW = "example.com, example.net, example.org, sns.amazonaws.com"
FIRST_RULES = """\
# The rules. Whoever tries this out wants to hear of it at any hour; without these two lines people are left alone
# from 18:00 to 08:00 and at weekends.

[quiet hours]
hours: none
working days: mon-sun
"""
EMPTY_LIST = "job_id,name,what,group,owner_email,target,layout,schedule,timezone,window,min_size,critical,report_from\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackApp:
    """What Slack and the sentinel know each other by."""

    bot_token: str
    signing_secret: str


def slack_app(session: boto3.Session, environ: Mapping[str, str]) -> SlackApp:
    """The two secrets: as the environment says, else as they were, else made up. Puts them where the functions look."""
    return SlackApp(
        bot_token=_keep(session, "bk/slack/bot-token", environ.get("SLACK_BOT_TOKEN"), f"xoxb-local-{secrets.token_hex(12)}"),
        signing_secret=_keep(session, "bk/slack/signing-secret", environ.get("SLACK_SIGNING_SECRET"), secrets.token_hex(16)),
    )


def heartbeat_keys(session: boto3.Session) -> str:
    """The key that stands in the address of a job's first check-in."""
    keys = {"master": secrets.token_hex(32), "enrolment": secrets.token_hex(32)}
    return read_keys(_keep(session, "bk/heartbeat/keys", None, json.dumps(keys))).enrolment_path


def letters(session: boto3.Session, link_url: str) -> None:
    """Lets the sentinel write letters: an address that is verified, a key for the links, and where these lead on this machine."""
    session.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    ssm = session.client("ssm")
    ssm.put_parameter(Name="/bk/config/link_url", Value=link_url, Type="String", Overwrite=True)
    try:
        ssm.put_parameter(Name="/bk/config/link_key", Value=secrets.token_hex(32), Type="SecureString")
    except ssm.exceptions.ParameterAlreadyExists:
        return


def _keep(session: boto3.Session, name: str, wanted: str | None, fresh: str) -> str:
    vault = session.client("secretsmanager")
    stored = _stored_secret(session, name)
    value = wanted or stored or fresh
    if value != stored:
        vault.put_secret_value(SecretId=name, SecretString=value)
    return value


def _stored_secret(session: boto3.Session, name: str) -> str | None:
    try:
        return session.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"] or None
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return None


def team_of(slack_api: str, bot_token: str) -> str | None:
    """The workspace that the token belongs to, by Slack's own word; None when it does not say."""
    try:
        return str(WebClient(token=bot_token, base_url=slack_api, timeout=5).auth_test()["team_id"])
    except (SlackApiError, SlackClientError, OSError):
        return None


def choices(session: boto3.Session, *, team: str | None, channel: str, heartbeat_url: str, environ: Mapping[str, str]) -> None:
    """The parameters without which nothing runs. What somebody changed stays, except the workspace, which Slack knows best.

    `heartbeat_url`: where check-ins are taken on this machine; the template's own names a host that is not there.
    `channel`: where proposals and summaries go; "" where that workspace is not ours.
    """
    ssm = session.client("ssm")
    ssm.put_parameter(Name="/bk/config/heartbeat_url", Value=heartbeat_url, Type="String", Overwrite=True)
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path="/bk/config")
    there = {parameter["Name"] for page in pages for parameter in page["Parameters"]}
    if admin := environ.get("ADMIN_OWNER") or (ADMIN if "/bk/config/admin_owner" not in there else ""):
        ssm.put_parameter(Name="/bk/config/admin_owner", Value=admin, Type="String", Overwrite=True)
    if team or "/bk/config/team_id" not in there:
        ssm.put_parameter(Name="/bk/config/team_id", Value=team or TEAM, Type="String", Overwrite=True)
    for name, value in (("mail_allow", MAIL_ALLOW), ("proposals_channel", channel), ("summary_channel", channel)):
        if value and f"/bk/config/{name}" not in there:
            ssm.put_parameter(Name=f"/bk/config/{name}", Value=value, Type="String")


def documents(session: boto3.Session, registry_bucket: str, rules_bucket: str) -> None:
    """An empty job list and first rules, so that there is something to fill in."""
    _put_if_missing(session, registry_bucket, "jobs.csv", EMPTY_LIST, "text/csv")
    _put_if_missing(session, rules_bucket, "rules.txt", FIRST_RULES, "text/plain")


def _put_if_missing(session: boto3.Session, bucket: str, key: str, text: str, media_type: str) -> None:
    s3 = session.client("s3")
    if s3.list_objects_v2(Bucket=bucket, Prefix=key)["KeyCount"] == 0:
        s3.put_object(Bucket=bucket, Key=key, Body=text.encode(), ContentType=media_type)


def watched_buckets(session: boto3.Session, names: list[str]) -> None:
    for name in names:
        make_bucket(session, name)
