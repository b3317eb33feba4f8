"""What a person can see and reach: refuses a request for what is not on their screen, and says what is."""

from typing import Any

from infra.local.slack.blocks import elements
from infra.local.slack.errors import WrongRequest
from infra.local.slack.people import Channel, Person
from infra.local.slack.stored import Json
from infra.local.slack.typed import offers, typed
from infra.local.slack.workspace import Workspace

STRANGER = Person(id="U0STRANGER", name="stranger", email="stranger@elsewhere.example", stranger=True)


def person(workspace: Workspace, request: Json) -> Person:
    if request.get("stranger"):
        return STRANGER
    found = workspace.directory.person(str(request.get("user", "")))
    if found is None:
        names = [p.name for p in workspace.directory.people.values()]
        raise WrongRequest(f"there is no {request.get('user')!r} here", status=404, people=names)
    return found


def channel(workspace: Workspace, who: Person, request: Json) -> Channel:
    """The channel of the request; the person's conversation with the app when it names none."""
    name = request.get("channel") or workspace.open_dm(who.id)
    found = workspace.named_channel(name)
    if found is None:
        known = [c.id for c in workspace.directory.channels.values()] + workspace.dms
        raise WrongRequest(f"there is no channel {name!r}", status=404, channels=known)
    if who.id not in found.members and not (request.get("force") or who is STRANGER):
        raise WrongRequest(f"{who.name} is not in {name}; force: true presses all the same", status=403)
    return found


def message(workspace: Workspace, who: Person, place: Channel, request: Json) -> Json:
    """The message of `ts`, or the newest one that has such an element."""
    if request.get("ts"):
        return named_message(workspace, who, place, str(request["ts"]))
    whispered = [m for m in workspace.ephemerals if m["channel"] == place.id and m["reader"] == who.id]
    said = sorted([*workspace.messages.get(place.id, []), *whispered], key=lambda m: str(m["ts"]), reverse=True)
    for candidate in said:
        if _matches(candidate["blocks"], request):
            return candidate
    raise WrongRequest(f"no message in {place.id} has {request.get('action_id')!r}", status=404, messages=len(said))


def named_message(workspace: Workspace, who: Person, place: Channel, ts: str) -> Json:
    """The message of `ts`, also one that only this person sees."""
    found = workspace.find(place.id, ts) or workspace.whispered(place.id, ts)
    if found is None or found.get("reader", who.id) != who.id:
        raise WrongRequest(f"there is no message {ts} in {place.id}", status=404)
    return found


def command(workspace: Workspace, request: Json) -> str:
    """The slash command, if Slack would offer it: manifest.json names it, and grants the scope for it."""
    offered = sorted(str(row["command"]) for row in workspace.manifest.commands)
    wanted = str(request.get("command", ""))
    if wanted not in offered:
        raise WrongRequest(f"{wanted} is not a valid command: the manifest has none of that name", status=404, commands=offered)
    _callable(workspace)
    return wanted


def shortcut(workspace: Workspace, request: Json) -> Json:
    """The shortcut of `callback_id`, as manifest.json describes it."""
    _callable(workspace)
    offered = {str(row["callback_id"]): row for row in workspace.manifest.shortcuts}
    wanted = str(request.get("callback_id", ""))
    if wanted not in offered:
        raise WrongRequest(f"the manifest has no shortcut {wanted!r}", status=404, shortcuts=sorted(offered))
    return offered[wanted]


def _callable(workspace: Workspace) -> None:
    if "commands" not in workspace.manifest.scopes:
        raise WrongRequest("the app was not granted the scope commands, so Slack offers none of its commands and shortcuts")


def element(blocks: list[Json], request: Json) -> tuple[Json, Json]:
    """The block and the element that is pressed. With `force`, one that is not there (any more)."""
    matches = _matches(blocks, request)
    if matches:
        return matches[0]
    if request.get("force"):
        gone = {"type": "button", "action_id": request["action_id"], "value": request.get("value", "")}
        label = {"type": "plain_text", "text": str(request["action_id"]), "emoji": True}
        return {"block_id": request.get("block_id", "gone")}, gone | {"text": label}
    present = [{"action_id": e["action_id"], "block_id": b["block_id"], "value": e.get("value")} for b, e in elements(blocks)]
    raise WrongRequest(
        f"{request.get('action_id')!r} is not there; force: true presses it all the same", status=404, present=present
    )


def view(workspace: Workspace, who: Person, request: Json) -> Json:
    """The Home tab, or an open modal by id."""
    if request["view"] != "home":
        return modal(workspace, who, request | {"view_id": request["view"]})
    if who.id not in workspace.homes:
        raise WrongRequest(f"nothing was published to {who.name}'s Home tab; POST /_local/home first", status=404)
    return workspace.homes[who.id]


def modal(workspace: Workspace, who: Person, request: Json) -> Json:
    """The modal of `view_id`; the topmost when none is named."""
    stack = workspace.modals.get(who.id, [])
    wanted = request.get("view_id")
    found = next((v for v in reversed(stack) if wanted in (None, v["id"])), None)
    if found is None:
        raise WrongRequest(f"{who.name} has no such modal open", status=404, open=[v["id"] for v in stack])
    return found


def filled(shown: Json, given: Json) -> Json:
    """`state.values` with what was typed. Slack does not send a modal with an empty needed field, so neither do we."""
    state = typed_in(shown, given)
    for block, part in elements(shown["blocks"]):
        here = state.get(block["block_id"], {}).get(part["action_id"], {})
        if block["type"] == "input" and not block.get("optional") and not any(v for key, v in here.items() if key != "type"):
            raise WrongRequest(f"the field {block['block_id']}/{part['action_id']} is needed")
    return state


def typed_in(shown: Json, given: Json) -> Json:
    """`state.values` with what was typed so far: `{action_id or block_id: value}`, or `{block_id: {action_id: value}}`."""
    state: dict[str, Any] = {block: dict(actions) for block, actions in shown["state"]["values"].items()}
    names = set()
    for block, part in elements(shown["blocks"]):
        names |= {block["block_id"], part["action_id"]}
        value = given.get(part["action_id"], given.get(block["block_id"]))
        if isinstance(value, dict) and part["type"] != "rich_text_input":
            value = value.get(part["action_id"])
        if value is not None:
            state.setdefault(block["block_id"], {})[part["action_id"]] = typed(part, value)
    if set(given) - names:
        raise WrongRequest(f"the modal has no {sorted(set(given) - names)}", fields=sorted(names))
    return state


def _matches(blocks: list[Json], request: Json) -> list[tuple[Json, Json]]:
    return [
        (block, part)
        for block, part in elements(blocks)
        if part["action_id"] == request.get("action_id")
        and request.get("block_id") in (None, block["block_id"])
        and ("value" not in request or offers(part, request["value"]))
    ]
