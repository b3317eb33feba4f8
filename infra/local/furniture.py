"""What a person would put into a new deployment by hand: secrets, choices, and the buckets that are watched."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import boto3
from botocore.exceptions import ClientError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from infra.local.google.files import RULES_ID, SHEET_ID, VOICE_ID
from infra.local.stack import STACK, make_bucket
from workflows.backup.heartbeat_keys import read_keys

ADMIN = "ana@example.com"
TEAM = "T0LOCAL"
CHANNEL = "C0BACKUPS"
SENDER = "sentinel@example.com"
MAIL_ALLOW = "example.com, example.net, example.org, sns.amazonaws.com"
DOCUMENTS = {"JobsSheetId": SHEET_ID, "RulesDocId": RULES_ID, "VoiceDocId": VOICE_ID}
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


def choices(session: boto3.Session, *, channel: str, environ: Mapping[str, str]) -> dict[str, str]:
    """What the stack is told, as samconfig.toml would. What somebody changed since the last start stays.

    `channel`: where proposals and summaries go; "" where that workspace is not ours.
    """
    wanted = {
        "AdminOwner": ADMIN,
        "AlarmEmail": ADMIN,
        "TeamId": TEAM,
        "SenderAddress": SENDER,
        "MailAllow": MAIL_ALLOW,
        "ProposalsChannel": channel,
        "SummaryChannel": channel,
        **DOCUMENTS,
    }
    known = {name: value for name, value in _settings_of_former_start(session).items() if name in wanted}
    named = {"AdminOwner": environ["ADMIN_OWNER"]} if environ.get("ADMIN_OWNER") else {}
    return wanted | known | named


def _settings_of_former_start(session: boto3.Session) -> dict[str, str]:
    """Of the settings that the stack made, what they hold now, by the names of its parameters."""
    resources = session.client("cloudformation").get_paginator("list_stack_resources")
    try:
        made = [one for page in resources.paginate(StackName=STACK) for one in page["StackResourceSummaries"]]
    except ClientError as error:
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
        return {}
    names = {
        one["PhysicalResourceId"]: one["LogicalResourceId"].removesuffix("Setting")
        for one in made
        if one["ResourceType"] == "AWS::SSM::Parameter"
    }
    pages = session.client("ssm").get_paginator("get_parameters_by_path").paginate(Path="/bk/config")
    return {names[one["Name"]]: one["Value"] for page in pages for one in page["Parameters"] if one["Name"] in names}


def corrections(session: boto3.Session, *, team: str | None, heartbeat_url: str) -> None:
    """What is known only once all runs: the workspace, by Slack's own word, and where check-ins are taken on this machine."""
    ssm = session.client("ssm")
    ssm.put_parameter(Name="/bk/config/heartbeat_url", Value=heartbeat_url, Type="String", Overwrite=True)
    if team:
        ssm.put_parameter(Name="/bk/config/team_id", Value=team, Type="String", Overwrite=True)


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
