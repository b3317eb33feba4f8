"""The secrets: there, and of the right shape. No value is ever told, and no piece of one."""

import json
import re

from infra import filling
from infra.doctor.finding import Finding, ok, unsure, wrong
from workflows.backup.heartbeat_keys import KEY_LENGTH_MIN, read_keys

BOT_TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]{10,}")
SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
SLACK_APP = "https://api.slack.com/apps, your app"


def put(name: str, from_where: str) -> str:
    """How to store a secret without leaving it in the shell's history."""
    return f"{from_where}; then {filling.typed(name)}, {filling.TYPED}"


def of_bot_token(name: str) -> str:
    return put(name, f"copy the Bot User OAuth Token: {SLACK_APP}, OAuth & Permissions")


def of_signing_secret(name: str) -> str:
    return put(name, f"copy the Signing Secret: {SLACK_APP}, Basic Information")


def of_heartbeat_keys(name: str) -> str:
    """Whatever was derived from the old ones is worth nothing then."""
    return f"{filling.made(name)}; scripts then need new keys"


def of_drive_account(name: str) -> str:
    return (
        "make a key: https://console.cloud.google.com/iam-admin/serviceaccounts, the account, Keys, Add key, JSON; then "
        f"{filling.from_file(name)}, and delete the file"
    )


def judge_bot_token(name: str, value: str) -> Finding:
    if not value:
        return wrong(f"{name} has no value yet", of_bot_token(name))
    if value.startswith(("xoxp-", "xapp-", "xoxe")):
        return wrong(f"{name} holds another kind of token of Slack's than a bot's (xoxb-...)", of_bot_token(name))
    return (
        ok(f"{name} is there")
        if BOT_TOKEN.fullmatch(value)
        else wrong(f"{name} holds no bot token (xoxb-...)", of_bot_token(name))
    )


def judge_signing_secret(name: str, value: str) -> Finding:
    if not value:
        return wrong(f"{name} has no value yet", of_signing_secret(name))
    if not SIGNING_SECRET.fullmatch(value):
        return wrong(f"{name} holds no signing secret (32 hexadecimal digits)", of_signing_secret(name))
    return ok(f"{name} is there")


def judge_heartbeat_keys(name: str, value: str) -> Finding:
    if not value:
        return wrong(f"{name} has no value yet", of_heartbeat_keys(name))
    try:
        keys = read_keys(value)
    except ValueError as error:
        return wrong(f"{name}: {error}", of_heartbeat_keys(name))
    if keys.enrolment and keys.enrolment == keys.master:
        return wrong(
            f"{name}: the enrolment key is the master key, and whoever enrols a job could sign for all", of_heartbeat_keys(name)
        )
    if not keys.enrolment:
        return unsure(
            f"{name} has no enrolment key: backups that are on no list cannot propose themselves",
            f"as meant, or {of_heartbeat_keys(name)}",
        )
    if not keys.enrols:
        return wrong(f"{name}: the enrolment key is shorter than {KEY_LENGTH_MIN} characters", of_heartbeat_keys(name))
    return ok(f"{name} are there, master and enrolment")


def judge_drive_account(name: str, value: str, *, needed: bool) -> Finding:
    """`needed`: a sheet or a document of Google's is set up."""
    if not value and not needed:
        return ok(f"{name} has no value; no sheet or document of Google's is set up that would need it")
    if not value:
        return wrong(f"{name} has no value yet", of_drive_account(name))
    account = account_of(value)
    if not account:
        return wrong(f"{name} holds no JSON key of a service account", of_drive_account(name))
    return ok(f"{name} is the key of {account}")


def account_of(value: str) -> str:
    """The service account's address, which is no secret; "" where this is no key of one."""
    try:
        told = json.loads(value)
        sound = told["type"] == "service_account" and told["private_key"].startswith("-----BEGIN") and "@" in told["client_email"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ""
    return str(told["client_email"]) if sound else ""


def judge_link_key(name: str, sender: str, reason: str) -> Finding:
    """`reason`: why the key cannot be used, by its own word; "" where it can."""
    if not sender:
        return ok("no sender is set, so that no letters leave and no links are signed")
    if not reason:
        return ok(f"{name} is there, which signs the links in letters")
    if reason == "unusable_link_key":
        return wrong(
            f"{name} is too short to sign links",
            f"aws ssm delete-parameter --name {name}; then make deploy, which makes a new one",
        )
    return wrong(f"{name} is missing, so that links in letters cannot be signed", "make deploy, which makes it")
