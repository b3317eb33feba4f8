"""conversations.open, conversations.history and conversations.replies."""

import base64
from typing import Any

from infra.local.slack.args import Args
from infra.local.slack.errors import SlackError
from infra.local.slack.people import BOT_USER, Channel, dm_user
from infra.local.slack.stored import Json
from infra.local.slack.workspace import Workspace, public

HISTORY_MAX = 999
REPLIES_MAX = 1000


def open_conversation(workspace: Workspace, args: Args, _now: float) -> Json:
    users = [user.strip() for user in args.text("users").split(",") if user.strip()]
    if not users and args.text("channel"):
        users = [dm_user(_seen(workspace, args.text("channel")).id)]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        workspace.manifest.require("mpim:write")
        raise SlackError("method_not_supported_for_channel_type")
    person = workspace.person(users[0])
    if person is None:
        raise SlackError("user_not_found")
    if person.deleted:
        raise SlackError("user_disabled")
    if person.bot:
        raise SlackError("cannot_dm_bot")

    already = person.id in {dm_user(channel) for channel in workspace.dms}
    channel = workspace.open_dm(person.id)
    told: dict[str, Any] = {"id": channel}
    if args.flag("return_im"):
        told |= {"is_im": True, "is_open": True, "user": person.id}
    return {"channel": told} | ({"no_op": True, "already_open": True} if already else {})


def history(workspace: Workspace, args: Args, _now: float) -> Json:
    channel = _readable(workspace, args)
    limit = args.number("limit", 100, HISTORY_MAX)
    main = [
        m for m in workspace.messages.get(channel.id, []) if m.get("thread_ts", m["ts"]) == m["ts"] or m.get("reply_broadcast")
    ]
    within = [m for m in reversed(main) if _within(m["ts"], args)]

    before = _cursor(args)
    rest = [m for m in within if not before or m["ts"] < before]
    page = rest[:limit]
    return _page(workspace, channel, args, page, more=len(rest) > limit) | {"pin_count": 0}


def replies(workspace: Workspace, args: Args, _now: float) -> Json:
    channel = _readable(workspace, args)
    limit = args.number("limit", REPLIES_MAX, REPLIES_MAX)
    asked = workspace.find(channel.id, args.needed("ts")) or {}
    parent = workspace.find(channel.id, asked.get("thread_ts") or asked.get("ts", ""))
    if parent is None:
        raise SlackError("thread_not_found")
    within = [m for m in workspace.replies(channel.id, parent["ts"]) if _within(m["ts"], args)]

    after = _cursor(args)
    rest = [m for m in [parent, *within] if not after or m["ts"] > after]
    page = rest[:limit]
    return _page(workspace, channel, args, page, more=len(rest) > limit)


def _page(workspace: Workspace, channel: Channel, args: Args, page: list[Json], *, more: bool) -> Json:
    # Stricter than Slack, which shows the kind without the flag: nobody should lean on that.
    metadata = args.flag("include_all_metadata") and "metadata.message:read" in workspace.manifest.scopes
    shown = []
    for message in page:
        entry = public(message, workspace, metadata=metadata)
        answers = workspace.replies(channel.id, message["ts"])
        if answers:
            entry |= {"thread_ts": message["ts"], "reply_count": len(answers), "latest_reply": answers[-1]["ts"]}
        shown.append(entry)
    cursor = base64.b64encode(f"next_ts:{page[-1]['ts']}".encode()).decode() if more else ""
    return {"messages": shown, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def _within(ts: str, args: Args) -> bool:
    oldest, latest, inclusive = str(args.get("oldest") or "0"), str(args.get("latest") or ""), args.flag("inclusive")
    try:
        at, low, high = float(ts), float(oldest), float(latest) if latest else float("inf")
    except ValueError:
        raise SlackError("invalid_ts_oldest" if latest in ("", "0") else "invalid_ts_latest") from None
    return low < at < high or (inclusive and at in (low, high))


def _cursor(args: Args) -> str:
    cursor = args.text("cursor")
    if not cursor:
        return ""
    try:
        kind, _, ts = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:
        kind, ts = "", ""
    if kind != "next_ts":
        raise SlackError("invalid_cursor")
    return ts


def _readable(workspace: Workspace, args: Args) -> Channel:
    channel = _seen(workspace, args.needed("channel"))
    kind = "im" if channel.id.startswith("D") else "groups" if channel.private else "channels"
    workspace.manifest.require(f"{kind}:history")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _seen(workspace: Workspace, channel_id: str) -> Channel:
    channel = workspace.channel(channel_id)
    if channel is None or (channel.private and BOT_USER not in channel.members):
        raise SlackError("channel_not_found")
    return channel
