"""The workspace: what was said, to whom, and what is open on whose screen. It knows no HTTP and no clock."""

import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from infra.local.slack.errors import SlackError
from infra.local.slack.limits import Limits
from infra.local.slack.people import APP_ID, BOT_ID, BOT_USER, Channel, Directory, Person, dm_id, dm_user
from infra.local.slack.stored import Json, entities, stored_blocks
from infra.local.slack.tickets import Tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the app may do: its bot scopes, which tabs are on, and what people can call it by.

    `commands` and `shortcuts` are rows of the manifest: command, description, usage_hint, should_escape; name, type
    ("global" or "message"), callback_id, description.
    """

    scopes: frozenset[str]
    home_tab: bool = True
    messages_tab: bool = True
    messages_read_only: bool = False
    name: str = "App"
    description: str = ""
    commands: tuple[Json, ...] = ()
    shortcuts: tuple[Json, ...] = ()

    def require(self, *scopes: str) -> None:
        lacking = [scope for scope in scopes if scope not in self.scopes]
        if lacking:
            raise SlackError("missing_scope", needed=",".join(lacking), provided=",".join(sorted(self.scopes)))


@dataclass(slots=True, kw_only=True)
class Workspace:
    """All state. Every method that writes takes `now`, in seconds since 1970; times of messages are unique.

    Attributes:
        messages: by channel id, oldest first: the keys Slack gives them, and `edits` (what stood there before).
        modals: by user id, the views on that person's screen, the topmost last; homes: by user id, the published Home tab.
    """

    directory: Directory
    manifest: Manifest
    limits: Limits = field(default_factory=Limits)
    team: str = "T0LOCAL"
    messages: dict[str, list[Json]] = field(default_factory=dict)
    ephemerals: list[Json] = field(default_factory=list)
    dms: list[str] = field(default_factory=list)
    modals: dict[str, list[Json]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    tickets: Tickets = field(default_factory=Tickets)
    last_ts: int = 0
    serial: int = 0

    # --- who and where

    def person(self, user: str) -> Person | None:
        return self.directory.people.get(user)

    def channel(self, channel: str) -> Channel | None:
        """A channel or an open conversation with the bot, by id."""
        if channel in self.dms:
            return Channel(id=channel, name="directmessage", members=(dm_user(channel), BOT_USER), private=True)
        return self.directory.channels.get(channel)

    def named_channel(self, name: str) -> Channel | None:
        """A channel by id, `#name` or `name`."""
        bare = name.removeprefix("#")
        return self.channel(name) or next((c for c in self.directory.channels.values() if c.name == bare), None)

    def open_dm(self, user: str) -> str:
        channel = dm_id(user)
        if channel not in self.dms:
            self.dms.append(channel)
        return channel

    # --- what was said

    def next_ts(self, now: float) -> str:
        """A time stamp that no other message has."""
        self.last_ts = max(int(now * 1_000_000), self.last_ts + 1)
        return f"{self.last_ts // 1_000_000}.{self.last_ts % 1_000_000:06d}"

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def say(self, channel: str, said: Json, now: float, user: str = BOT_USER) -> Json:
        """Adds a message; `said` holds text, blocks, and perhaps thread_ts, metadata, reply_broadcast."""
        message = self._made(said, now) | {"user": user, "edits": []}
        if user == BOT_USER:
            message |= {"bot_id": BOT_ID, "app_id": APP_ID}
        self.messages.setdefault(channel, []).append(message)
        return message

    def whisper(self, channel: str, reader: str, said: Json, now: float) -> Json:
        """Adds a message that only `reader` sees."""
        message = self._made(said, now) | {"channel": channel, "reader": reader, "user": BOT_USER, "bot_id": BOT_ID}
        self.ephemerals.append(message)
        return message

    def edit(self, message: Json, said: Json, now: float) -> None:
        """Replaces the parts that `said` names and keeps what stood there before."""
        before = {key: message[key] for key in ("text", "blocks")}
        message.setdefault("edits", []).append({"until": self.next_ts(now), **before})
        if "text" in said:
            message["text"] = entities(said["text"])
        if "blocks" in said:
            message["blocks"] = stored_blocks(said["blocks"], self.next_serial())
        if "metadata" in said:
            message["metadata"] = said["metadata"]
        message["edited"] = {"user": BOT_USER, "ts": self.next_ts(now)}

    def find(self, channel: str, ts: str) -> Json | None:
        talk = self.messages.get(channel, [])
        at = bisect.bisect_left(talk, ts, key=lambda message: str(message["ts"]))
        return talk[at] if at < len(talk) and talk[at]["ts"] == ts else None

    def whispered(self, channel: str, ts: str) -> Json | None:
        return next((m for m in self.ephemerals if m["channel"] == channel and m["ts"] == ts), None)

    def replies(self, channel: str, ts: str) -> list[Json]:
        return [m for m in self.messages.get(channel, []) if m.get("thread_ts") == ts and m["ts"] != ts]

    def _made(self, said: Json, now: float) -> Json:
        kept = {key: value for key, value in said.items() if key in ("thread_ts", "metadata", "reply_broadcast") and value}
        blocks = stored_blocks(said.get("blocks") or [], self.next_serial())
        return {"type": "message", "ts": self.next_ts(now), "text": entities(said.get("text", "")), "blocks": blocks, **kept}

    # --- what is on a screen

    def every_view(self) -> Iterable[Json]:
        yield from self.homes.values()
        for stack in self.modals.values():
            yield from stack

    def view(self, view_id: str) -> Json | None:
        return next((view for view in self.every_view() if view["id"] == view_id), None)

    # --- kept over a restart

    def dump(self) -> Json:
        return {name: getattr(self, name) for name in _KEPT} | {"tickets": self.tickets.dump()}

    def load(self, saved: Json) -> None:
        for name in _KEPT:
            setattr(self, name, saved.get(name, getattr(self, name)))
        self.tickets.load(saved.get("tickets", {}))


_KEPT = ("messages", "ephemerals", "dms", "modals", "homes", "last_ts", "serial")


def public(message: Json, workspace: Workspace, *, metadata: bool) -> Json:
    """A message as the Web API shows it."""
    shown: dict[str, Any] = {
        key: value for key, value in message.items() if key not in ("edits", "metadata", "reply_broadcast", "channel", "reader")
    }
    shown["team"] = workspace.team
    if metadata and message.get("metadata"):
        shown["metadata"] = message["metadata"]
    if message.get("reply_broadcast"):
        shown["subtype"] = "thread_broadcast"
    return shown
