"""All that one person's screen shows: what the page draws."""

import dataclasses
from typing import Any

from infra.local.slack.people import BOT_USER, Channel, Person, dm_id
from infra.local.slack.stored import Json
from infra.local.slack.workspace import Workspace, public

MESSAGES_SHOWN = 150


def screen(workspace: Workspace, person: Person, channel: str) -> Json:
    """Who and where one is, the conversations this person is in, and what was said in one of them.

    Args:
        channel: the id of the conversation to show in full; one that this person is not in is shown as none.
    """
    talks = [c for c in workspace.directory.channels.values() if person.id in c.members]
    talks.append(_dm(workspace, person))
    chosen = next((talk for talk in talks if talk.id == channel), None)
    return {
        "team": workspace.team,
        "me": dataclasses.asdict(person),
        "people": [dataclasses.asdict(p) for p in workspace.directory.people.values()],
        "groups": list(workspace.directory.groups),
        "app": _app(workspace),
        "talks": [_head(workspace, talk, person) for talk in talks],
        "waiting": {p: _count(workspace, dm_id(p)) for p in workspace.directory.people},
        "talk": _said(workspace, chosen, person) if chosen else None,
        "home": workspace.homes.get(person.id),
        "modals": workspace.modals.get(person.id, []),
    }


def _app(workspace: Workspace) -> Json:
    offered = workspace.manifest
    return {
        "user": BOT_USER,
        "name": offered.name,
        "description": offered.description,
        "home_tab": offered.home_tab,
        "messages_tab": offered.messages_tab,
        "messages_read_only": offered.messages_read_only,
        "commands": offered.commands,
        "shortcuts": offered.shortcuts,
    }


def _dm(workspace: Workspace, person: Person) -> Channel:
    """The conversation with the app: it stands in the list before anything was said."""
    name = dm_id(person.id)
    return workspace.channel(name) or Channel(id=name, name="directmessage", members=(person.id, BOT_USER), private=True)


def _head(workspace: Workspace, talk: Channel, person: Person) -> Json:
    kind = "dm" if talk.id == dm_id(person.id) else "private" if talk.private else "channel"
    return {
        "id": talk.id,
        "name": workspace.manifest.name if kind == "dm" else talk.name,
        "kind": kind,
        "archived": talk.archived,
        "members": talk.members,
        "count": _count(workspace, talk.id),
    }


def _count(workspace: Workspace, channel: str) -> int:
    """How many messages of the app there are: those that a person has not seen yet are told from it."""
    return sum(message["user"] == BOT_USER for message in workspace.messages.get(channel, ()))


def _said(workspace: Workspace, talk: Channel, person: Person) -> Json:
    said = workspace.messages.get(talk.id, [])
    answers: dict[str, list[Json]] = {}
    for message in said:
        if message.get("thread_ts", message["ts"]) != message["ts"]:
            answers.setdefault(message["thread_ts"], []).append(_message(workspace, message))
    main = [m for m in said if m.get("thread_ts", m["ts"]) == m["ts"] or m.get("reply_broadcast")]
    whispered = [m for m in workspace.ephemerals if m["channel"] == talk.id and m["reader"] == person.id]
    return {
        "id": talk.id,
        "older": max(0, len(main) - MESSAGES_SHOWN),
        "messages": [
            _message(workspace, message) | {"replies": answers.get(message["ts"], [])} for message in main[-MESSAGES_SHOWN:]
        ],
        "ephemerals": [_message(workspace, m) for m in whispered[-MESSAGES_SHOWN:]],
    }


def _message(workspace: Workspace, message: Json) -> Json:
    shown: dict[str, Any] = public(message, workspace, metadata=False)
    return shown | {"was_edited": bool(message.get("edits"))}
