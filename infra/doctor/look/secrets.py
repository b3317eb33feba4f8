"""The secrets and the choices."""

from collections.abc import Callable, Iterator
from dataclasses import fields

from bolt_app.adapters.link_keys import LinkKeys
from bolt_app.settings import Settings, SettingsError
from infra.doctor.asking import FORBIDDEN, asking
from infra.doctor.finding import Finding
from infra.doctor.judge.secrets import (
    judge_bot_token,
    judge_drive_account,
    judge_heartbeat_keys,
    judge_link_key,
    judge_signing_secret,
)
from infra.doctor.judge.settings import judge_empty, judge_names, judge_settings
from infra.doctor.world import World
from workflows.kernel.errors import Refused

NO_VALUE = "ResourceNotFoundException"
OPTIONAL = ("summary_channel", "proposals_channel", "jobs_sheet_id", "rules_doc_id", "voice_doc_id")


def look_at_bot_token(world: World) -> Iterator[Finding]:
    yield _judged(world, "slack/bot-token", judge_bot_token)


def look_at_signing_secret(world: World) -> Iterator[Finding]:
    yield _judged(world, "slack/signing-secret", judge_signing_secret)


def look_at_heartbeat_keys(world: World) -> Iterator[Finding]:
    yield _judged(world, "heartbeat/keys", judge_heartbeat_keys)


def look_at_drive_account(world: World) -> Iterator[Finding]:
    needed = any(world.parameters.get(name) for name in ("jobs_sheet_id", "rules_doc_id", "voice_doc_id"))
    name = f"{world.stack.prefix}/drive/sa"
    yield judge_drive_account(name, value_of(world, name), needed=needed)


def _judged(world: World, part: str, judge: Callable[[str, str], Finding]) -> Finding:
    name = f"{world.stack.prefix}/{part}"
    return judge(name, value_of(world, name))


def value_of(world: World, name: str) -> str:
    """The secret; "" where it has no value yet. Raises Unable."""
    with asking(f"the secret {name}", f"secretsmanager:GetSecretValue on {name}"):
        try:
            return world.secrets.get(name)
        except Refused as refused:
            if refused.reason != NO_VALUE:
                raise
            return ""


def look_at_link_key(world: World) -> Iterator[Finding]:
    name, sender, reason = f"/{world.stack.prefix}/config/link_key", world.parameters.get("sender", ""), ""
    if sender:
        with asking(f"the parameter {name}", f"ssm:GetParameter on {name}"):
            try:
                LinkKeys(world.client("ssm"), name=name).get()
            except Refused as refused:
                if refused.reason in FORBIDDEN:
                    raise
                reason = refused.reason
    yield judge_link_key(name, sender, reason)


def look_at_settings(world: World) -> Iterator[Finding]:
    path, parameters = f"/{world.stack.prefix}/config", world.parameters
    try:
        told = world.load_settings()
    except SettingsError as error:
        yield from judge_settings(str(error), world.stack.parameters)
        return
    yield from judge_names(path, len(parameters), told.ignored, [one.name for one in fields(Settings)])
    yield from judge_empty([name for name in OPTIONAL if not getattr(told, name)])
