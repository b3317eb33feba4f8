"""Slack, by the stored bot token: who we are, what we may do, and who and what the settings name."""

import json
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bolt_app.adapters.slack import SlackDirectory, SlackMessenger, slack_client
from infra.doctor.asking import Unable, asking
from infra.doctor.finding import Finding, unsure
from infra.doctor.judge.secrets import judge_bot_token
from infra.doctor.judge.slack import (
    judge_admin,
    judge_approver,
    judge_approvers,
    judge_channel,
    judge_group,
    judge_request_url,
    judge_scopes,
    judge_token,
    not_chosen,
)
from infra.doctor.look.secrets import value_of
from infra.doctor.world import World
from workflows.kernel.errors import RateLimited, Refused
from workflows.kernel.posting import SPEECHLESS

MANIFEST = Path(__file__).parents[3] / "manifest.json"


def look_at_token(world: World) -> Iterator[Finding]:
    told = world.settings
    headers, answer, reason = _auth(_client(world))
    team, name = str(answer.get("team_id", "")), str(answer.get("team", ""))
    yield judge_token(told.bot_token_secret, reason, team, told.team_id, name)
    if not reason:
        granted = next((value for header, value in headers.items() if header.lower() == "x-oauth-scopes"), "")
        wanted = json.loads(MANIFEST.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"]
        yield judge_scopes([scope.strip() for scope in granted.split(",") if scope.strip()], wanted)


def _client(world: World) -> WebClient:
    """Raises Unable where there is no token to ask with."""
    told = world.settings
    token = value_of(world, told.bot_token_secret)
    if not token:
        raise Unable(unsure("not asked: there is no bot token", "put it, as said under Secrets"))
    if judge_bot_token(told.bot_token_secret, token).state == "wrong":
        raise Unable(unsure("not asked: what is stored is no bot token", "put it, as said under Secrets"))
    return slack_client(token, base_url=told.slack_api_url, timeout_seconds=10)


def _auth(client: WebClient) -> tuple[dict[str, str], dict[str, Any], str]:
    """Headers and body of `auth.test`, and why it was refused."""
    with asking("the bot token at Slack"):
        try:
            answer = client.api_call("auth.test")
        except SlackApiError as error:
            data = error.response.data
            return {}, {}, str(data.get("error", "no answer") if isinstance(data, dict) else "no answer")
        except (SlackClientError, HTTPException, OSError) as error:
            return {}, {}, type(error).__name__
    data = answer.data
    return dict(answer.headers), data if isinstance(data, dict) else {}, ""


def _ready(world: World) -> tuple[SlackMessenger, SlackDirectory]:
    """Raises Unable with what is found already where the token is not taken: said once is enough."""
    client = _client(world)
    if reason := _auth(client)[2]:
        says = "does not take the bot token" if reason in SPEECHLESS else "does not answer"
        raise Unable(unsure(f"people and channels were not asked for: Slack {says}", "put that right, and run this again"))
    team = world.settings.team_id
    return SlackMessenger(client, team_id=team), SlackDirectory(client, team_id=team)


def look_at_people_and_places(world: World) -> Iterator[Finding]:
    told = world.settings
    messenger, directory = _ready(world)
    with asking("the admin at Slack"):
        member = messenger.member_by_email(told.admin_owner)
    yield judge_admin(told.admin_owner, member)

    trouble: list[Finding | None] = []
    for approver in told.approvers:
        with asking(f"the approver {approver} at Slack"):
            if "@" in approver:
                trouble.append(judge_approver(approver, messenger.member_by_email(approver)))
            else:
                trouble.append(_group(directory, approver))
    yield from judge_approvers(len(told.approvers), [one for one in trouble if one is not None])

    places = (("summary_channel", told.summary_channel), ("proposals_channel", told.proposals_channel))
    for setting, channel in places:
        if not channel:
            yield not_chosen(setting, "the admin gets it in a direct message")
            continue
        yield judge_channel(setting, channel, _why_unreadable(world, messenger, channel))


def _group(directory: SlackDirectory, group: str) -> Finding | None:
    try:
        return judge_group(group, len(directory.group(group)), "")
    except Refused as refused:
        return judge_group(group, 0, refused.reason)


def _why_unreadable(world: World, messenger: SlackMessenger, channel: str) -> str:
    """By looking for a message that is not there: whoever may read the channel is in it."""
    with asking(f"the channel {channel} at Slack"):
        try:
            messenger.find(channel, message_id="doctor", since=world.now)
        except Refused as refused:
            return refused.reason
        except RateLimited as limited:
            return limited.reason
    return ""


def look_at_request_url(world: World) -> Iterator[Finding]:
    yield judge_request_url(world.stack.outputs.get("SlackUrl", ""))
