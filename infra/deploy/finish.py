"""What CloudFormation leaves to do, step by step; each looks first, so that it may be done again at any time."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import filling, watching
from infra.deploy.aws import PATIENT, Stack
from infra.deploy.samconfig import Chosen

LINK_KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was found or done; `todo` where somebody has something to do."""

    text: str
    todo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A secret that is filled by hand.

    Attributes:
        what: what is put there.
        how: the command that puts it, so that the value is on no command line and in no history.
    """

    name: str
    what: str
    how: str


def link_key(session: boto3.Session, prefix: str) -> Line:
    """The key that signs the links in letters; made once, and shown to nobody."""
    name = f"/{prefix}/config/link_key"
    ssm = session.client("ssm", config=PATIENT)
    try:
        ssm.put_parameter(
            Name=name,
            Type="SecureString",
            Value=secrets.token_hex(LINK_KEY_BYTES),
            Description="Signs the links in letters; whoever has it acts as any receiver of one",
        )
    except ssm.exceptions.ParameterAlreadyExists:
        return Line(text=f"{name} is there, as it was.")
    return Line(text=f"{name} was made: 32 random bytes, which nobody has seen.")


def mail(session: boto3.Session, chosen: Chosen) -> Line:
    """Makes SES take mail, where its stack is there and no other rule set would be put out of work."""
    ses, ours = session.client("ses", config=PATIENT), f"{chosen.prefix}-inbound-rules"
    try:
        ses.describe_receipt_rule_set(RuleSetName=ours)
    except ses.exceptions.RuleSetDoesNotExistException:
        return Line(text="No mail is taken: the stack of infra/ses.yaml is not there (make stack ENV=ses, if you want it).")
    active = _active(ses)
    if active == ours:
        return Line(text=f"Mail is taken: the rule set {ours} is active.")
    if active:
        return Line(
            text=f"No mail is taken: another rule set, {active}, is active here, and an account has one for each region. "
            f"Nothing was changed. Move its rules into {ours} (aws ses describe-receipt-rule-set --rule-set-name {active} "
            f"shows them, create-receipt-rule makes them there), then: aws ses set-active-receipt-rule-set --rule-set-name {ours}"
            f"{_where(chosen)}",
            todo=True,
        )
    ses.set_active_receipt_rule_set(RuleSetName=ours)
    return Line(text=f"Mail is taken from now on: the rule set {ours} was activated.")


def _active(ses: Any) -> str:  # noqa: ANN401 - boto3 makes its clients at run time
    return str(ses.describe_active_receipt_rule_set().get("Metadata", {}).get("Name", ""))


def own_buckets(session: boto3.Session, stack: Stack) -> list[Line]:
    names = [entry.strip() for entry in stack.parameters.get("WatchedBuckets", "").split(",")]
    return [Line(text=warning, todo=True) for warning in watching.warnings(session, names)]


def empty_secrets(session: boto3.Session, chosen: Chosen) -> list[Line]:
    """Whether each that is needed has a value, never which."""
    vault = session.client("secretsmanager", config=PATIENT)
    found = [
        Line(text=f"The secret {secret.name} is empty. It wants {secret.what}:\n    {secret.how}", todo=True)
        for secret in _secrets(chosen)
        if not vault.describe_secret(SecretId=secret.name).get("VersionIdsToStages")
    ]
    return found or [Line(text="All secrets that are needed have a value.")]


def asks_for_a_secret(line: Line) -> bool:
    return line.todo and line.text.startswith("The secret ")


def _uses_google(chosen: Chosen) -> bool:
    return any(chosen.parameters.get(name) for name in ("JobsSheetId", "RulesDocId", "VoiceDocId"))


def _secrets(chosen: Chosen) -> list[Secret]:
    """Google's only where something is kept there."""
    where = _where(chosen)
    token, signing, keys, account = (
        f"{chosen.prefix}/{part}" for part in ("slack/bot-token", "slack/signing-secret", "heartbeat/keys", "drive/sa")
    )
    ours = [
        Secret(
            name=token,
            what="the Bot User OAuth Token of the Slack app (OAuth & Permissions)",
            how=f"{filling.typed(token, where)}    ({filling.TYPED})",
        ),
        Secret(
            name=signing,
            what="the Signing Secret of the Slack app (Basic Information)",
            how=f"{filling.typed(signing, where)}    ({filling.TYPED})",
        ),
        Secret(
            name=keys,
            what="two random keys, from which the keys of all jobs are derived",
            how=filling.made(keys, where),
        ),
    ]
    google = Secret(
        name=account,
        what="the JSON key of the Google service account; delete the file afterwards",
        how=filling.from_file(account, where),
    )
    return [*ours, google] if _uses_google(chosen) else ours


def addresses(stack: Stack) -> list[Line]:
    named = (("SlackUrl", "Slack's Request URL"), ("HeartbeatUrl", "where backups check in"))
    return [Line(text=f"{name}  {stack.outputs[name]}  ({what})") for name, what in named if name in stack.outputs]


def next_step(chosen: Chosen, stack: Stack, lines: list[Line]) -> Line:
    """The first thing that is still to do."""
    if any("/slack/" in line.text for line in lines if line.todo):
        url = stack.outputs.get("SlackUrl", "")
        return Line(
            text=f"Next: make manifest URL={url}, and paste what it prints at https://api.slack.com/apps; then its two secrets."
        )
    if any(line.todo for line in lines):
        return Line(text="Next: what is marked above; then make deploy again, which changes nothing that is right already.")
    if not chosen.parameters.get("JobsSheetId"):
        return Line(text="Next: the job list. A Google sheet (JobsSheetId), or a file jobs.csv of your own: README, section 5.")
    return Line(text="Next: the first row in the sheet; it is read within a quarter of an hour.")


def tried(what: str, step: Callable[[], list[Line]]) -> list[Line]:
    """A step that AWS refuses stops no other: it is said, and the next deployment tries again."""
    try:
        return step()
    except (BotoCoreError, ClientError) as error:
        return [Line(text=f"{what} could not be done: {error}", todo=True)]


def _where(chosen: Chosen) -> str:
    return f" --region {chosen.region}" + (f" --profile {chosen.profile}" if chosen.profile else "")
