"""Slack in memory: the same conversations, threads, metadata and failures, without a network."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from workflows.kernel.errors import RateLimited, Refused, Unanswered
from workflows.kernel.ports import Member, Message

LOOK_BACK = timedelta(seconds=10)

T = TypeVar("T")
FaultKind = Literal["rate_limited", "refused", "lost", "answer_lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How one call goes wrong.

    Attributes:
        kind: "rate_limited" and "refused" are not carried out; "lost" never arrives; "answer_lost" is carried out, but
            nobody hears of it.
    """

    kind: FaultKind
    reason: str = ""
    retry_after_seconds: float = 1.0


@dataclass(slots=True, kw_only=True)
class Posted:
    """One message as it stands now. `versions` holds what it said before, oldest first."""

    channel: str
    ts: str
    at: datetime
    message: Message
    message_id: str = ""
    thread_ts: str = ""
    broadcast: bool = False
    versions: list[Message] = field(default_factory=list)


class MemoryMessenger:
    """Messenger in memory. Its clock is `now`, which the owner of the world moves on.

    `faults` are used up by the next calls, one each, whatever the call is; None is a call that goes well. `closed` says of a
    channel why nothing can be written there, such as "is_archived".
    """

    def __init__(self, members: Iterable[Member] = (), *, now: datetime) -> None:
        self.now = now
        self.members = list(members)
        self.messages: list[Posted] = []
        self.calls: list[str] = []
        self.faults: list[Fault | None] = []
        self.closed: dict[str, str] = {}
        self._sent = 0

    def member_by_email(self, email: str) -> Member | None:
        lost = self._begin("member_by_email")
        found = next((member for member in self.members if member.email == email.lower()), None)
        return _answer(lost, found)

    def open_dm(self, user_id: str) -> str:
        lost = self._begin("open_dm")
        if all(member.user_id != user_id for member in self.members):
            raise Refused("user_not_found", user_id)
        return _answer(lost, f"D{user_id[1:]}")

    def post(self, channel: str, message: Message, *, message_id: str, thread_ts: str = "", broadcast: bool = False) -> str:
        lost = self._begin("post")
        self._known(channel)
        if thread_ts and self._at(channel, thread_ts) is None:
            raise Refused("thread_not_found", thread_ts)
        self._sent += 1
        ts = f"{int(self.now.timestamp())}.{self._sent:06d}"
        self.messages.append(
            Posted(
                channel=channel,
                ts=ts,
                at=self.now,
                message=message,
                message_id=message_id,
                thread_ts=thread_ts,
                broadcast=broadcast,
            )
        )
        return _answer(lost, ts)

    def update(self, channel: str, ts: str, message: Message) -> None:
        lost = self._begin("update")
        self._known(channel)
        posted = self._at(channel, ts)
        if posted is None:
            raise Refused("message_not_found", ts)
        posted.versions.append(posted.message)
        posted.message = message
        _answer(lost, None)

    def find(self, channel: str, *, message_id: str, since: datetime, thread_ts: str = "") -> str | None:
        lost = self._begin("find")
        self._known(channel)
        for posted in reversed(self.messages):
            in_sight = thread_ts in (posted.thread_ts, posted.ts) if thread_ts else posted.broadcast or not posted.thread_ts
            if posted.channel == channel and posted.message_id == message_id and in_sight and posted.at >= since - LOOK_BACK:
                return _answer(lost, posted.ts)
        return _answer(lost, None)

    # --- for those who look at the world ---------------------------------------------------------

    def said_to(self, user_id: str) -> list[Posted]:
        """All messages in the conversation with one person, oldest first."""
        return [posted for posted in self.messages if posted.channel == f"D{user_id[1:]}"]

    def fail_next(self, *faults: Fault | None) -> None:
        self.faults.extend(faults)

    def deactivate(self, user_id: str) -> None:
        self.members = [replace(member, guest=True) if member.user_id == user_id else member for member in self.members]

    def _begin(self, call: str) -> bool:
        """Raises what the next fault says; True when the call is carried out, but its answer must be lost."""
        self.calls.append(call)
        fault = self.faults.pop(0) if self.faults else None
        if fault is None:
            return False
        match fault.kind:
            case "rate_limited":
                raise RateLimited(fault.retry_after_seconds)
            case "refused":
                raise Refused(fault.reason or "channel_not_found")
            case "lost":
                raise Unanswered(fault.reason or "connection_refused")
            case "answer_lost":
                return True

    def _known(self, channel: str) -> None:
        if channel in self.closed:
            raise Refused(self.closed[channel], channel)
        if not any(channel == f"D{member.user_id[1:]}" for member in self.members) and not channel.startswith("C"):
            raise Refused("channel_not_found", channel)

    def _at(self, channel: str, ts: str) -> Posted | None:
        return next((posted for posted in self.messages if (posted.channel, posted.ts) == (channel, ts)), None)


class MemoryDirectory:
    """Directory in memory, on the same people."""

    def __init__(self, messenger: MemoryMessenger, groups: dict[str, frozenset[str]] | None = None) -> None:
        self.messenger = messenger
        self.groups = groups or {}

    def member(self, user_id: str) -> Member | None:
        return next((member for member in self.messenger.members if member.user_id == user_id), None)

    def group(self, group_id: str) -> frozenset[str]:
        if group_id not in self.groups:
            raise Refused("no_such_subteam", group_id)
        return self.groups[group_id]


def _answer(lost: bool, answer: T) -> T:
    if lost:
        raise Unanswered("timeout", "carried out, but unanswered")
    return answer
