"""Who is in the workspace: the people, channels and user groups it starts with, or those of a file."""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

Made = TypeVar("Made")

BOT_USER = "U0BOT"
BOT_ID = "B0LOCAL"
APP_ID = "A0LOCAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member. `guest` is Slack's is_restricted; `stranger` comes from another workspace through a shared channel."""

    id: str
    name: str
    email: str = ""
    real_name: str = ""
    admin: bool = False
    owner: bool = False
    guest: bool = False
    deleted: bool = False
    bot: bool = False
    stranger: bool = False
    tz: str = "Europe/Vienna"
    tz_offset: int = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A conversation. `members` are user ids; the bot is in it when its own id is among them."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    private: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Everyone and every channel, by id; groups: id of the user group -> user ids."""

    people: dict[str, Person]
    channels: dict[str, Channel]
    groups: dict[str, list[str]] = field(default_factory=dict)

    def person(self, who: str) -> Person | None:
        """By id, e-mail address or name, whatever a person at a keyboard types."""
        wanted = who.strip().removeprefix("@").lower()
        found = (p for p in self.people.values() if wanted in (p.id.lower(), p.email.lower(), p.name.lower()))
        return next(found, None)


DEFAULT: dict[str, Any] = {
    "people": [
        {"id": "U0ANA", "name": "ana", "real_name": "Ana Admin", "email": "ana@example.com", "admin": True},
        {"id": "U0SAM", "name": "sam", "real_name": "Sam Owner", "email": "sam@example.com", "owner": True},
        {"id": "U0KIM", "name": "kim", "real_name": "Kim Keller", "email": "kim@example.com"},
        {"id": "U0GUS", "name": "gus", "real_name": "Gus Guest", "email": "gus@example.com", "guest": True},
        {"id": "U0LEA", "name": "lea", "real_name": "Lea Left", "email": "lea@example.com", "deleted": True},
        {"id": BOT_USER, "name": "sentinel", "real_name": "Backup sentinel", "email": "", "bot": True},
    ],
    "channels": [
        {"id": "C0BACKUPS", "name": "backups", "members": ["U0ANA", "U0SAM", "U0KIM", "U0GUS", BOT_USER]},
        {"id": "C0GENERAL", "name": "general", "members": ["U0ANA", "U0SAM", "U0KIM"]},
        {"id": "C0OLD", "name": "old", "members": ["U0ANA", BOT_USER], "archived": True},
    ],
    "groups": {"S0ADMINS": ["U0ANA", "U0SAM"]},
}


def directory(path: Path | None = None) -> Directory:
    """The people of a file, or the default ones. The bot is added when the file leaves it out. Raises ValueError."""
    described = DEFAULT if path is None else json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(described, dict):
        raise ValueError(f"{path}: an object with people, channels and groups is needed")  # noqa: TRY004 - the value of a file is wrong, not a call
    people = [_made(Person, row, path) for row in described.get("people", DEFAULT["people"])]
    channels = [_made(Channel, row, path) for row in described.get("channels", DEFAULT["channels"])]
    if not any(p.id == BOT_USER for p in people):
        people.append(_made(Person, DEFAULT["people"][-1], path))
    groups = {str(name): [str(user) for user in users] for name, users in described.get("groups", {}).items()}
    return Directory(people={p.id: p for p in people}, channels={c.id: c for c in channels}, groups=groups)


def _made(kind: Callable[..., Made], row: object, path: Path | None) -> Made:
    known = set(inspect.signature(kind).parameters)
    if not isinstance(row, dict) or not {"id", "name"} <= row.keys() <= known:
        raise ValueError(
            f"{path}: {row!r} is not described well; id and name are needed, known keys are {', '.join(sorted(known))}"
        )
    return kind(**{key: tuple(value) if key == "members" else value for key, value in row.items()})


def dm_id(user: str) -> str:
    """The id of the conversation between the bot and one person."""
    return "D" + user[1:]


def dm_user(channel: str) -> str:
    return "U" + channel[1:]


def as_user(person: Person, *, team: str, email: bool) -> dict[str, Any]:
    """A user object of the Web API; the address only for those whose scopes show it."""
    profile = {"real_name": person.real_name, "display_name": person.name} | ({"email": person.email} if email else {})
    return {
        "id": person.id,
        "team_id": "T0ELSEWHERE" if person.stranger else team,
        "name": person.name,
        "real_name": person.real_name,
        "deleted": person.deleted,
        "profile": profile,
        "tz": person.tz,
        "tz_offset": person.tz_offset,
        "is_admin": person.admin or person.owner,
        "is_owner": person.owner,
        "is_bot": person.bot,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "is_stranger": person.stranger,
        "is_app_user": False,
    }
