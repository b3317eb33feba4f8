"""views.open, views.push, views.update and views.publish, and the checks of a view."""

import json
from typing import Any

from infra.local.slack.args import Args
from infra.local.slack.blocks import check_blocks, elements
from infra.local.slack.checks import Check, Problems, anything, boolean, found, record, string, tagged
from infra.local.slack.elements import plain
from infra.local.slack.errors import SlackError, invalid_arguments, missing, refusal
from infra.local.slack.people import APP_ID, BOT_ID
from infra.local.slack.stored import Json, stored_blocks
from infra.local.slack.typed import initially, keeps_state
from infra.local.slack.workspace import Workspace

VIEW_BYTES_MAX = 250_000
DEPTH_MAX = 3

_COMMON: dict[str, Check] = {"callback_id": string(255, 0), "external_id": string(255, 0), "private_metadata": string(3000, 0)}
_VIEW = tagged(
    {
        "modal": record(
            {"title": plain(24), "blocks": anything}, submit=plain(24), close=plain(24), clear_on_close=boolean,
            notify_on_close=boolean, submit_disabled=boolean, **_COMMON,
        ),
        "home": record({"blocks": anything}, **_COMMON),
    }
)  # fmt: skip


def check_view(view: Any, kinds: tuple[str, ...] = ("modal", "home")) -> Problems:  # noqa: ANN401 - parsed JSON of any shape
    """Everything that is wrong with a view; empty when Slack would take it."""
    problems: Problems = []
    _VIEW(view, "/view", problems)
    if isinstance(view, dict) and view.get("type") in ("modal", "home") and view["type"] not in kinds:
        found(problems, "/view/type", f"unsupported type: {view['type']}")
    if isinstance(view, dict) and "blocks" in view and not problems:
        problems += check_blocks(view["blocks"], view["type"], "/view/blocks")
    if problems:
        return problems
    if view["type"] == "modal" and "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        found(problems, "/view", "missing required field: submit")
    return problems


def open_view(workspace: Workspace, args: Args, now: float) -> Json:
    view = _checked(workspace, args, "modal")
    trigger = workspace.tickets.check_trigger(args.needed("trigger_id"), now)
    stack = workspace.modals.setdefault(trigger.user, [])
    if len(stack) >= DEPTH_MAX:
        raise SlackError("push_limit_reached")
    trigger.used = True
    return {"view": stacked(workspace, stack, view, now)}


def push_view(workspace: Workspace, args: Args, now: float) -> Json:
    """As `open_view`, but only on top of a modal that is open."""
    trigger = workspace.tickets.check_trigger(args.needed("trigger_id"), now)
    if not workspace.modals.get(trigger.user):
        raise SlackError("not_found")
    return open_view(workspace, args, now)


def stacked(workspace: Workspace, stack: list[Json], view: Json, now: float) -> Json:
    """Puts a checked view on top of a person's modals."""
    made = _made(workspace, view, now)
    made["previous_view_id"] = stack[-1]["id"] if stack else None
    made["root_view_id"] = stack[0]["id"] if stack else made["id"]
    stack.append(made)
    return made


def update_view(workspace: Workspace, args: Args, now: float) -> Json:
    old = _wanted(workspace, args)
    view = _checked(workspace, args, old["type"], besides=old["id"])
    _check_hash(old, args)
    replace(workspace, old, view, now)
    return {"view": old}


def publish(workspace: Workspace, args: Args, now: float) -> Json:
    if not workspace.manifest.home_tab:
        raise SlackError("not_enabled")
    user = args.needed("user_id")
    old = workspace.homes.get(user)
    view = _checked(workspace, args, "home", besides=old["id"] if old else "")
    if user not in workspace.directory.people:
        raise invalid_arguments("invalid `user_id` [json-pointer:/user_id]")
    if old is None:
        if "hash" in args:
            raise SlackError("hash_conflict")
        workspace.homes[user] = _made(workspace, view, now)
    else:
        _check_hash(old, args)
        replace(workspace, old, view, now)
    return {"view": workspace.homes[user]}


def replace(workspace: Workspace, old: Json, view: Json, now: float) -> None:
    """Puts a checked view in the place of an open one, under the same id, with a new hash."""
    made = _made(workspace, view, now)
    same = {key: old[key] for key in ("id", "root_view_id", "previous_view_id")}
    old.clear()
    old.update(made | same)


def _checked(workspace: Workspace, args: Args, kind: str, besides: str = "") -> Json:
    if not args.get("view"):
        raise missing("view")
    view = args.parsed("view", "invalid_arguments")
    problems = check_view(view, (kind,))
    if problems:
        raise refusal("invalid_arguments", problems)
    if len(json.dumps(view).encode()) > VIEW_BYTES_MAX:
        raise SlackError("view_too_large")
    taken = {other["external_id"] for other in workspace.every_view() if other["id"] != besides}
    if view.get("external_id") and view["external_id"] in taken:
        raise SlackError("duplicate_external_id")
    return dict(view)


def _wanted(workspace: Workspace, args: Args) -> Json:
    view_id, external_id = args.text("view_id"), args.text("external_id")
    if not view_id and not external_id:
        raise missing("view_id")
    views = workspace.every_view()
    found_view = next((v for v in views if v["id"] == view_id or (external_id and v["external_id"] == external_id)), None)
    if found_view is None:
        raise SlackError("not_found")
    return found_view


def _check_hash(old: Json, args: Args) -> None:
    """An empty hash is a wrong one: leave the argument out to write regardless."""
    if "hash" in args and args["hash"] != old["hash"]:
        raise SlackError("hash_conflict")


def _made(workspace: Workspace, view: Json, now: float) -> Json:
    serial = workspace.next_serial()
    blocks = stored_blocks(view["blocks"], serial)
    view_id = f"V{serial:08d}"
    return {
        "id": view_id,
        "team_id": workspace.team,
        "type": view["type"],
        "title": view.get("title", {"type": "plain_text", "text": "View Title", "emoji": False}),
        "submit": view.get("submit"),
        "close": view.get("close"),
        "blocks": blocks,
        "private_metadata": view.get("private_metadata", ""),
        "callback_id": view.get("callback_id", ""),
        "external_id": view.get("external_id", ""),
        "state": {"values": values(blocks)},
        "hash": f"{int(now)}.{serial:08x}",
        "clear_on_close": view.get("clear_on_close", False),
        "notify_on_close": view.get("notify_on_close", False),
        "submit_disabled": view.get("submit_disabled", False),
        "root_view_id": view_id,
        "previous_view_id": None,
        "app_id": APP_ID,
        "app_installed_team_id": workspace.team,
        "bot_id": BOT_ID,
    }


def values(blocks: list[Json]) -> Json:
    """`state.values` before anybody typed: block id -> action id -> type with the initial value, or with null."""
    state: dict[str, Any] = {}
    for block, element in elements(blocks):
        if keeps_state(element):
            state.setdefault(block["block_id"], {})[element["action_id"]] = initially(element)
    return state
