"""What was said, for people and tests: as JSON, and as plain text on the page at /text."""

import html
from typing import Any

from infra.local.slack.blocks import elements
from infra.local.slack.people import Channel
from infra.local.slack.stored import Json
from infra.local.slack.workspace import Workspace, public

COMMANDS = """\
POST /_local/press    {"user": "ana", "action_id": "mark_fixed"}   (channel, ts, value, block_id, view: "home", force)
POST /_local/submit   {"user": "ana", "values": {"<action_id>": "…"}}
POST /_local/close    {"user": "ana"}
POST /_local/home     {"user": "ana"}
POST /_local/command  {"user": "ana", "command": "/…", "text": ""}
POST /_local/shortcut {"user": "ana", "callback_id": "…"}   (channel and ts: on a message)
POST /_local/write    {"user": "ana", "text": "…"}   (channel, thread_ts)
POST /_local/dismiss  {"user": "ana", "ts": "…"}   (what only this person sees)
POST /_local/faults   [{"method": "chat.postMessage", "times": 1, "kind": "429"}]   GET, DELETE
POST /_local/settings {"slack_url": "http://…"}
GET  /_local/messages?user=ana | ?channel=backups    /_local/views?user=ana    /_local/people    /_local/calls
GET  /_local/screen?user=ana&channel=D0ANA   /_local/stream   /_local/panel"""


def messages(workspace: Workspace, channel: str) -> Json:
    """One conversation, oldest first: replies stand under their message, ephemerals apart."""
    said = [
        _message(workspace, channel, m) for m in workspace.messages.get(channel, []) if m.get("thread_ts", m["ts"]) == m["ts"]
    ]
    whispered = [
        public(m, workspace, metadata=True) | {"user_seeing": m["reader"]}
        for m in workspace.ephemerals
        if m["channel"] == channel
    ]
    return {"channel": channel, "messages": said, "ephemerals": whispered}


def _message(workspace: Workspace, channel: str, message: Json) -> Json:
    answers = [_message(workspace, channel, reply) for reply in workspace.replies(channel, message["ts"])]
    before = message.get("edits", [])
    shown = public(message, workspace, metadata=True) | {"is_edited": bool(before), "edits": before}
    return shown | {"shown": as_text(message["blocks"])} | ({"replies": answers} if answers else {})


def as_text(blocks: list[Json]) -> str:
    """The blocks as lines of text, roughly as a person would read them; entities are resolved."""
    lines = [line for block in blocks for line in _lines(block)]
    return html.unescape("\n".join(line for line in lines if line))


def _lines(block: Json) -> list[str]:
    kind = block["type"]
    if kind == "divider":
        return ["—" * 20]
    said = [_text(block.get("text")), *(_text(entry) for entry in block.get("fields", ()))]
    if kind == "context":
        said.append("  ".join(_text(entry) for entry in block["elements"]))
    if kind == "input":
        said.append(_text(block["label"]))
    if kind == "rich_text":
        said.append(_rich(block["elements"]))
    if kind == "table":
        said += [
            " | ".join(str(cell.get("text", cell.get("value", _rich(cell.get("elements", []))))) for cell in row)
            for row in block["rows"]
        ]
    pressable = [_element(part) for _, part in elements([block])]
    return [*said, " ".join(pressable)]


def _element(part: Json) -> str:
    offered = [_text(option["text"]) for option in part.get("options", ())]
    label = _text(part.get("text")) or _text(part.get("placeholder")) or part["type"]
    return f"[{label}{': ' if offered else ''}{' / '.join(offered)}]"


def _text(node: Any) -> str:  # noqa: ANN401 - a text object, a plain string or nothing
    if isinstance(node, str):
        return node
    return str(node.get("text") or node.get("alt_text") or "") if isinstance(node, dict) else ""


def _rich(nodes: list[Json]) -> str:
    return "".join(str(node.get("text", "")) or str(node.get("url", "")) or _rich(node.get("elements", [])) for node in nodes)


def page(workspace: Workspace) -> str:
    """Everything on one plain page that refreshes itself."""
    talks = [c for c in workspace.directory.channels.values() if workspace.messages.get(c.id)]
    talks += [c for name in workspace.dms if workspace.messages.get(name) and (c := workspace.channel(name))]
    parts = [f"<h2>{_escape(_title(workspace, talk))}</h2>{_talk(workspace, talk)}" for talk in talks]
    for user, view in workspace.homes.items():
        parts.append(f"<h2>Home of {_escape(_name(workspace, user))}</h2><pre>{_escape(as_text(view['blocks']))}</pre>")
    for user, stack in workspace.modals.items():
        for view in stack:
            title = f"{_text(view['title'])} on the screen of {_name(workspace, user)}"
            parts.append(f"<h2>{_escape(title)}</h2><pre>{_escape(as_text(view['blocks']))}</pre>")
    body = "".join(parts) or "<p>Nothing was said yet.</p>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">'
        '<meta name="viewport" content="width=device-width"><title>Local Slack</title>'
        "<style>body{font:15px/1.4 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}pre{white-space:pre-wrap;"
        "border-left:3px solid #aaa;padding-left:1em}pre.reply{margin-left:2em}</style>"
        f"<h1>Local Slack</h1>{body}<h2>What people can do here</h2><pre>{_escape(COMMANDS)}</pre></html>"
    )


def _talk(workspace: Workspace, talk: Channel) -> str:
    told = messages(workspace, talk.id)
    drawn = [_drawn(workspace, message) for message in told["messages"]]
    drawn += [_drawn(workspace, m, f" (only {_name(workspace, m['user_seeing'])} sees this)") for m in told["ephemerals"]]
    return "".join(drawn)


def _drawn(workspace: Workspace, message: Json, note: str = "", style: str = "") -> str:
    edited = f" (edited {len(message['edits'])} times)" if message.get("edits") else ""
    head = f"{_name(workspace, message['user'])} {message['ts']}{edited}{note}"
    said = as_text(message["blocks"]) or html.unescape(message["text"])
    below = "".join(_drawn(workspace, reply, style="reply") for reply in message.get("replies", ()))
    return f'<pre class="{style}"><b>{_escape(head)}</b>\n{_escape(said)}</pre>{below}'


def _title(workspace: Workspace, talk: Channel) -> str:
    return f"#{talk.name}" if not talk.id.startswith("D") else f"Conversation with {_name(workspace, talk.members[0])}"


def _name(workspace: Workspace, user: str) -> str:
    found = workspace.person(user)
    return found.real_name or found.name if found else user


def _escape(text: str) -> str:
    return html.escape(text)
