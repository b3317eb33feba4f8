"""chat.postMessage, chat.update and chat.postEphemeral, and the checks of what they say."""

import json
from typing import Any

from infra.local.slack.args import Args
from infra.local.slack.blocks import check_blocks, too_long
from infra.local.slack.errors import SlackError, invalid_arguments, refusal
from infra.local.slack.people import BOT_USER, Channel
from infra.local.slack.stored import Json
from infra.local.slack.workspace import Workspace, public

TEXT_MAX = 40_000
UPDATED_TEXT_MAX = 4_000
METADATA_CHARACTERS_MAX = 8_000  # Slack names no size; an id and a few words are far below any


def post_message(workspace: Workspace, args: Args, now: float) -> Json:
    said = content(args)
    channel = _place_to_post(workspace, args.needed("channel"))
    _thread(workspace, channel, args, said)

    wait = workspace.limits.post(channel.id, now)
    if wait:
        raise SlackError("ratelimited", status=429, headers={"Retry-After": str(wait)})

    said["text"] = said.get("text", "")[:TEXT_MAX]
    message = workspace.say(channel.id, said, now)
    return {"channel": channel.id, "ts": message["ts"], "message": public(message, workspace, metadata=True)}


def update(workspace: Workspace, args: Args, now: float) -> Json:
    said = content(args)
    if len(said.get("text", "")) > UPDATED_TEXT_MAX:
        raise SlackError("msg_too_long")
    channel = workspace.channel(args.needed("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    message = workspace.find(channel.id, args.needed("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message["user"] != BOT_USER:
        raise SlackError("cant_update_message")

    workspace.edit(message, {"text": "", **said}, now)
    shown = public(message, workspace, metadata=True)
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": shown}


def post_ephemeral(workspace: Workspace, args: Args, now: float) -> Json:
    said = content(args)
    if len(said.get("text", "")) > TEXT_MAX:
        raise SlackError("msg_too_long")
    channel = _place_to_post(workspace, args.needed("channel"))
    reader = args.needed("user")
    if reader not in channel.members:
        raise SlackError("user_not_in_channel")
    _thread(workspace, channel, args, said)
    return {"message_ts": workspace.whisper(channel.id, reader, said, now)["ts"]}


def content(args: Args) -> Json:
    """Text, blocks and metadata of a message, checked; only what was sent. Raises SlackError."""
    if args.get("attachments"):
        raise invalid_arguments("attachments are not played here: use blocks [json-pointer:/attachments]")
    said: dict[str, Any] = {}
    if "text" in args:
        said["text"] = args.text("text")
    blocks = args.parsed("blocks", "invalid_blocks_format")
    if blocks is not None:
        problems = check_blocks(blocks, "message")
        if problems:
            raise refusal("invalid_blocks", problems)
        if too_long(blocks):
            raise SlackError("msg_blocks_too_long")
        said["blocks"] = blocks
    if not (said.get("text") or said.get("blocks")):
        raise SlackError("no_text")
    metadata = args.parsed("metadata", "invalid_metadata_format")
    if metadata is not None:
        said["metadata"] = _metadata(metadata)
    return said


def _metadata(metadata: Any) -> Json:  # noqa: ANN401 - parsed JSON of any shape
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not metadata:
        return {}
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict) or len(metadata) > 2:
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA_CHARACTERS_MAX:
        raise SlackError("metadata_too_large")
    return metadata


def _place_to_post(workspace: Workspace, name: str) -> Channel:
    """The conversation to post in: a channel's id or name, a conversation's id, or a person's id."""
    if name in workspace.directory.people:
        if name == BOT_USER or workspace.directory.people[name].bot:
            raise SlackError("cannot_dm_bot")
        name = workspace.open_dm(name)
    channel = workspace.named_channel(name)
    if channel is None or (channel.private and BOT_USER not in channel.members):
        raise SlackError("channel_not_found")
    if channel.archived:
        raise SlackError("is_archived")
    if channel.id.startswith("D") and not workspace.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    if BOT_USER not in channel.members and "chat:write.public" not in workspace.manifest.scopes:
        raise SlackError("not_in_channel")
    return channel


def _thread(workspace: Workspace, channel: Channel, args: Args, said: Json) -> None:
    """Slack lets a reply to an unknown ts pass and nobody sees it; here that mistake is refused."""
    ts = args.text("thread_ts")
    if not ts:
        return
    parent = workspace.find(channel.id, ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.get("thread_ts", ts) != ts:
        raise SlackError("cannot_reply_to_message")
    said["thread_ts"] = ts
    said["reply_broadcast"] = args.flag("reply_broadcast")
