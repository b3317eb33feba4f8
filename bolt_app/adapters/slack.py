"""Slack's Web API as Messenger and Directory. Translates every failure once, here.

A call is tried once: sending again after a lost answer is for those who can look first whether it arrived.
"""

import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from workflows.kernel.errors import OutsideError, RateLimited, Refused, Unanswered
from workflows.kernel.ports import Json, Member, Message
from workflows.kernel.posting import SPEECHLESS

METADATA_KIND = "bk_delivery"
TIMEOUT_SECONDS = 5
UPDATE_TEXT_LENGTH_MAX = 4000
LOOK_BACK = timedelta(seconds=10)
PAGES_MAX = 10
PAGE_SIZE = 200
MEMBER_KEPT_SECONDS = 600
RETRY_AFTER_UNKNOWN_SECONDS = 30.0

_RATE_LIMITED = {"ratelimited", "rate_limited"}
_UNCLEAR = {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "team_added_to_org", "unknown_error"}
_NO_SUCH_PERSON = {"users_not_found", "user_not_found", "user_not_visible"}
_BLOCKS_REFUSED = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}


def slack_client(token: str, *, base_url: str = WebClient.BASE_URL, timeout_seconds: int = TIMEOUT_SECONDS) -> WebClient:
    """A client that never tries again by itself: the default one repeats a post whose answer was lost. Raises Refused."""
    return WebClient(token=sendable(token), base_url=base_url, timeout=timeout_seconds, retry_handlers=[])


def sendable(token: str) -> str:
    """The token, if it can stand in a header; else an error of Python's would quote it, for the log to keep. Raises Refused."""
    if re.fullmatch(r"[!-~]+", token):
        return token
    raise Refused("invalid_auth", "what is stored as the bot token has spaces, line ends or other signs that no token has")


class RenewingClient(WebClient):
    """Whoever is refused for its token asks once for the one that is in force by now, and tries again if that is another one.

    A call that was refused so was not carried out. `renew` decides how often it really asks.
    """

    def __init__(self, renew: Callable[[], str], *, base_url: str = WebClient.BASE_URL, timeout: int = TIMEOUT_SECONDS) -> None:
        super().__init__(token=sendable(renew()), base_url=base_url, timeout=timeout, retry_handlers=[])
        self._renew = renew

    def api_call(self, api_method: str, **request: Any) -> SlackResponse:  # noqa: ANN401 - the SDK's own arguments, handed on
        try:
            return super().api_call(api_method, **request)
        except SlackApiError as error:
            data = error.response.data
            if not isinstance(data, dict) or data.get("error") not in SPEECHLESS or self._same():
                raise
        return super().api_call(api_method, **request)

    def _same(self) -> bool:
        token, self.token = self.token, sendable(self._renew())
        return token == self.token


class SlackMessenger:
    """Messenger on Slack. `team_id` is our workspace: whoever belongs to another one is a guest."""

    def __init__(self, client: WebClient, *, team_id: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._team_id = team_id
        self._clock = clock
        self._dms: dict[str, str] = {}
        self._members: dict[str, tuple[float, Member]] = {}

    def member_by_email(self, email: str) -> Member | None:
        """Who was found is kept for ten minutes: in a storm the same few are asked for again and again."""
        kept_until, member = self._members.get(email, (0.0, None))
        if member is not None and kept_until > self._clock():
            return member
        found = _person(self._client, "users.lookupByEmail", {"email": email})
        if found is None:
            self._members.pop(email, None)
            return None
        member = _member(found, self._team_id)
        self._members[email] = (self._clock() + MEMBER_KEPT_SECONDS, member)
        return member

    def open_dm(self, user_id: str) -> str:
        if user_id not in self._dms:
            opened = _call(self._client, "conversations.open", json={"users": user_id})
            self._dms[user_id] = str(opened["channel"]["id"])
        return self._dms[user_id]

    def post(self, channel: str, message: Message, *, message_id: str, thread_ts: str = "", broadcast: bool = False) -> str:
        body: Json = {
            "channel": channel,
            "text": message.text,
            "blocks": list(message.blocks),
            "metadata": {"event_type": METADATA_KIND, "event_payload": {"id": message_id}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if thread_ts:
            body |= {"thread_ts": thread_ts, "reply_broadcast": broadcast}
        return str(_call(self._client, "chat.postMessage", json=body)["ts"])

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Rewrites the message; where Slack refuses the blocks, to the text alone: the old buttons must not stay."""
        body = {"channel": channel, "ts": ts, "text": message.text[:UPDATE_TEXT_LENGTH_MAX], "blocks": list(message.blocks)}
        try:
            _call(self._client, "chat.update", json=body)
        except Refused as refused:
            if refused.reason not in _BLOCKS_REFUSED:
                raise
            _call(self._client, "chat.update", json=body | {"blocks": []})

    def find(self, channel: str, *, message_id: str, since: datetime, thread_ts: str = "") -> str | None:
        """Looks from shortly before `since` on. Raises Unanswered when there is more than can be looked through."""
        method = "conversations.replies" if thread_ts else "conversations.history"
        params = {
            "channel": channel,
            "oldest": f"{(since - LOOK_BACK).timestamp():.6f}",
            "inclusive": True,
            "include_all_metadata": True,
            "limit": PAGE_SIZE,
        }
        if thread_ts:
            params["ts"] = thread_ts
        for _ in range(PAGES_MAX):
            page = _call(self._client, method, params=params)
            for message in page["messages"]:
                if _carries(message, message_id):
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not page.get("has_more") or not cursor:
                return None
            params["cursor"] = cursor
        raise Unanswered(
            "too_many_messages", f"more than {PAGES_MAX * PAGE_SIZE} messages in {channel} since {since.isoformat()}"
        )


class SlackDirectory:
    """Directory on Slack. Members are kept for ten minutes, groups are asked for each time."""

    def __init__(self, client: WebClient, *, team_id: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._team_id = team_id
        self._clock = clock
        self._members: dict[str, tuple[float, Member | None]] = {}

    def member(self, user_id: str) -> Member | None:
        kept_until, member = self._members.get(user_id, (0.0, None))
        if kept_until <= self._clock():
            found = _person(self._client, "users.info", {"user": user_id})
            member = _member(found, self._team_id) if found else None
            self._members[user_id] = (self._clock() + MEMBER_KEPT_SECONDS, member)
        return member

    def group(self, group_id: str) -> frozenset[str]:
        return frozenset(_call(self._client, "usergroups.users.list", params={"usergroup": group_id})["users"])


def _person(client: WebClient, method: str, params: Json) -> Json | None:
    try:
        user: Json = _call(client, method, params=params)["user"]
    except Refused as refused:
        if refused.reason in _NO_SUCH_PERSON:
            return None
        raise
    return user


def _member(user: Json, team_id: str) -> Member:
    profile = user.get("profile") or {}
    outside = any(user.get(key) for key in ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger"))
    return Member(
        user_id=user["id"],
        email=str(profile.get("email") or "").lower(),
        name=str(profile.get("real_name") or user.get("real_name") or user.get("name") or ""),
        guest=outside or user.get("team_id", team_id) != team_id,
    )


def _carries(message: Json, message_id: str) -> bool:
    metadata = message.get("metadata") or {}
    return metadata.get("event_type") == METADATA_KIND and (metadata.get("event_payload") or {}).get("id") == message_id


def _call(client: WebClient, method: str, *, json: Json | None = None, params: Json | None = None) -> Json:
    """One call of the Web API. Raises RateLimited, Refused or Unanswered."""
    try:
        answer = client.api_call(method, json=json, params=params)
    except SlackApiError as error:
        raise _translated(method, error) from error
    except (OSError, HTTPException, ValueError, TypeError, AttributeError) as error:
        # no connection, no answer in time, half an answer, or one that is no JSON object
        raise Unanswered(type(error).__name__, f"{method}: {error}") from error
    data: Json = answer.data if isinstance(answer.data, dict) else {}
    return data


def _translated(method: str, error: SlackApiError) -> OutsideError:
    answer = error.response
    data: Mapping[str, Any] = answer.data if isinstance(answer.data, dict) else {}
    reason = str(data.get("error") or "unknown_error")
    if answer.status_code == 429 or reason in _RATE_LIMITED:
        return RateLimited(_retry_after(answer.headers))
    if answer.status_code >= 500 or reason in _UNCLEAR or not reason.isidentifier():
        return Unanswered(reason, f"{method}: HTTP {answer.status_code}")
    details = (data.get("response_metadata") or {}).get("messages") or data.get("errors") or data.get("needed") or ""
    return Refused(reason, f"{method}: {details}" if details else method)


def _retry_after(headers: Mapping[str, str]) -> float:
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        return max(float(given), 1.0)
    except ValueError:
        return RETRY_AFTER_UNKNOWN_SECONDS
