"""The methods of the Web API that are played here, with the scopes and the tier of each."""

from collections.abc import Callable
from typing import NamedTuple

from infra.local.slack import chat, conversations, users, views
from infra.local.slack.args import Args
from infra.local.slack.errors import SlackError
from infra.local.slack.stored import Json
from infra.local.slack.workspace import Workspace

TIER_3, TIER_4, SPECIAL = 50, 100, 600


class Method(NamedTuple):
    """`scopes` are all needed; the *:history scopes depend on the conversation and are asked for there."""

    call: Callable[[Workspace, Args, float], Json]
    scopes: tuple[str, ...]
    per_minute: int


METHODS: dict[str, Method] = {
    "auth.test": Method(users.auth_test, (), SPECIAL),
    "chat.postMessage": Method(chat.post_message, ("chat:write",), SPECIAL),
    "chat.update": Method(chat.update, ("chat:write",), TIER_3),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",), TIER_4),
    "conversations.open": Method(conversations.open_conversation, ("im:write",), TIER_3),
    "conversations.history": Method(conversations.history, (), TIER_3),
    "conversations.replies": Method(conversations.replies, (), TIER_3),
    "users.lookupByEmail": Method(users.lookup_by_email, ("users:read.email",), TIER_3),
    "users.info": Method(users.info, ("users:read",), TIER_4),
    "usergroups.users.list": Method(users.group_users, ("usergroups:read",), TIER_4),
    "views.open": Method(views.open_view, (), TIER_4),
    "views.push": Method(views.push_view, (), TIER_4),
    "views.update": Method(views.update_view, (), TIER_4),
    "views.publish": Method(views.publish, (), TIER_4),
}

SCOPES_USED = frozenset(scope for method in METHODS.values() for scope in method.scopes) | {
    "channels:history",
    "commands",
    "im:history",
    "metadata.message:read",
}


def answer(workspace: Workspace, name: str, args: Args, *, token: str, bot_token: str, now: float) -> Json:
    """Carries one call out. Raises SlackError."""
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    if not token:
        raise SlackError("not_authed")
    if token != bot_token:
        raise SlackError("invalid_auth")
    wait = workspace.limits.call(name, method.per_minute, now)
    if wait:
        raise SlackError("ratelimited", status=429, headers={"Retry-After": str(wait)})
    workspace.manifest.require(*method.scopes)
    return {"ok": True, **method.call(workspace, args, now)}
