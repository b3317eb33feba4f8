"""The bodies Slack sends to an app: presses, submitted and closed views, the opened Home tab, commands and shortcuts."""

import re
from typing import Any

from infra.local.slack.people import APP_ID, BOT_USER, Channel, Person
from infra.local.slack.stored import Json
from infra.local.slack.workspace import Workspace, public

VERIFICATION_TOKEN = "local-verification-token"
_AT = re.compile(r"@([a-z0-9._-]+)")


def _base(workspace: Workspace, kind: str, person: Person, trigger: str) -> Json:
    user = {"id": person.id, "username": person.name, "name": person.name, "team_id": workspace.team}
    return {
        "type": kind,
        "team": {"id": workspace.team, "domain": "local"},
        "user": user,
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "trigger_id": trigger,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_pressed(
    workspace: Workspace,
    person: Person,
    channel: Channel,
    message: Json,
    action: Json,
    state: Json,
    *,
    trigger: str,
    response_url: str,
) -> Json:
    """A press in a message; `state` is what the message's own fields hold.

    Of an ephemeral message Slack sends only where it was, not the message.
    """
    whispered = "reader" in message
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": whispered,
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    shown = {} if whispered else {"message": public(message, workspace, metadata=False)}
    return {
        **_base(workspace, "block_actions", person, trigger),
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        **shown,
        "state": {"values": state},
        "response_url": response_url,
        "actions": [action],
    }


def view_pressed(workspace: Workspace, person: Person, view: Json, action: Json, *, trigger: str) -> Json:
    """A press in the Home tab or a modal: no channel, no response_url."""
    return {
        **_base(workspace, "block_actions", person, trigger),
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "state": view["state"],
        "actions": [action],
    }


def shortcut(workspace: Workspace, person: Person, called: Json, *, trigger: str, now: float) -> Json:
    """A global shortcut: nothing but who called it."""
    base = _base(workspace, "shortcut", person, trigger)
    return {**base, "callback_id": called["callback_id"], "action_ts": f"{now:.6f}"}


def message_shortcut(
    workspace: Workspace, person: Person, called: Json, channel: Channel, message: Json, *, trigger: str, now: float,
    response_url: str,
) -> Json:  # fmt: skip
    """A shortcut called on a message."""
    return {
        **_base(workspace, "message_action", person, trigger),
        "callback_id": called["callback_id"],
        "action_ts": f"{now:.6f}",
        "channel": {"id": channel.id, "name": channel.name},
        "message_ts": message["ts"],
        "message": public(message, workspace, metadata=False),
        "response_url": response_url,
    }


def view_submitted(workspace: Workspace, person: Person, view: Json, *, trigger: str) -> Json:
    return {**_base(workspace, "view_submission", person, trigger), "view": view, "response_urls": []}


def view_closed(workspace: Workspace, person: Person, view: Json, *, is_cleared: bool) -> Json:
    base = _base(workspace, "view_closed", person, "")
    del base["trigger_id"]
    return {**base, "view": view, "is_cleared": is_cleared}


def home_opened(workspace: Workspace, person: Person, channel: str, *, serial: int, now: float, tab: str) -> Json:
    inner: dict[str, Any] = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": channel,
        "tab": tab,
        "event_ts": f"{now:.6f}",
    }
    if tab == "home" and person.id in workspace.homes:
        inner["view"] = workspace.homes[person.id]
    authorization = {"enterprise_id": None, "team_id": workspace.team, "user_id": BOT_USER, "is_bot": True}
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team,
        "api_app_id": APP_ID,
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev{serial:09d}",
        "event_time": int(now),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }


def command(
    workspace: Workspace, person: Person, channel: Channel, name: str, text: str, *, trigger: str, response_url: str
) -> Json:
    """A slash command; sent as a form, not as `payload=`. Where the manifest asks for it, people in the text get their ids."""
    described = next((row for row in workspace.manifest.commands if row["command"] == name), {})
    if described.get("should_escape"):
        known = {p.name: p for p in workspace.directory.people.values()}
        text = _AT.sub(lambda at: f"<@{known[at[1]].id}|{at[1]}>" if at[1] in known else at[0], text)
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team,
        "team_domain": "local",
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }


def from_elsewhere(payload: Json, team: str) -> Json:
    """The same request as if it came from another workspace: what an app must refuse."""
    if "team" in payload:
        return payload | {"team": {"id": team, "domain": "elsewhere"}, "user": payload["user"] | {"team_id": team}}
    return payload | {"team_id": team}
