"""Everything under `/_local/`: what people and tests look at and do; the page is made of it."""

import dataclasses
import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from infra.local.slack import seen, shown, snapshot
from infra.local.slack.changes import Changes
from infra.local.slack.errors import WrongRequest
from infra.local.slack.exchange import Reply, Request, told
from infra.local.slack.faults import Faults
from infra.local.slack.panel import Panel
from infra.local.slack.screen import Screen
from infra.local.slack.stored import Json
from infra.local.slack.workspace import Workspace

Query = dict[str, str]


@dataclass(slots=True, kw_only=True)
class LocalSide:
    """Reads under the lock; writes lock for themselves, because the app is called in between and calls back."""

    workspace: Workspace
    lock: AbstractContextManager[Any]
    screen: Screen
    faults: Faults
    calls: Iterable[Json]
    changes: Changes
    panel: Panel
    changed: Callable[[], None]
    note: str = ""

    def answer(self, request: Request) -> Reply:
        """Raises WrongRequest."""
        name = request.path.removeprefix("/_local/")
        if request.verb != "GET":
            _from_here(request)
        if (request.verb, name) == ("GET", "stream"):
            return Reply(kind="text/event-stream", headers={"Cache-Control": "no-store"}, stream=self.changes.stream())
        if name == "panel":  # not under the lock: somebody else is asked
            return told(self.panel.shown() if request.verb == "GET" else self.panel.act(_object(request)))
        return told(self._done(request, name))

    def _done(self, request: Request, name: str) -> object:
        reads = self._reads()
        if request.verb == "GET" and name in reads:
            with self.lock:
                # Made to text and back while the lock is held: what is answered does not change under the writer's hands.
                return json.loads(json.dumps(reads[name](dict(parse_qsl(request.query)))))
        if name == "faults" and request.verb in ("POST", "DELETE"):
            return self._wishes(request)
        writes = self._writes()
        if request.verb == "POST" and name in writes:
            done = writes[name](_object(request))
            self.changed()
            return done
        raise WrongRequest(f"nothing here does {request.verb} {request.path}; the page at /text lists what does", status=404)

    def _reads(self) -> dict[str, Callable[[Query], object]]:
        return {
            "ready": self._ready,
            "messages": self._messages,
            "people": self._people,
            "views": self._views,
            "faults": lambda _: self.faults.left(),
            "calls": self._calls,
            "screen": self._screen,
        }

    def _writes(self) -> dict[str, Callable[[Json], Json]]:
        does = self.screen
        return {
            "press": does.press,
            "submit": does.submit,
            "close": does.close,
            "home": does.home,
            "command": does.command,
            "shortcut": does.shortcut,
            "write": does.write,
            "dismiss": does.dismiss,
            "settings": self._settings,
        }

    def _ready(self, _query: Query) -> Json:
        return {"ok": True, "team": self.workspace.team, "slack_url": self.screen.slack_url, "panel_url": self.panel.url}

    def _messages(self, query: Query) -> Json:
        if not query:
            talks = [*self.workspace.directory.channels, *self.workspace.dms]
            return {"channels": [shown.messages(self.workspace, name) for name in talks]}
        if "channel" in query:
            found = self.workspace.named_channel(query["channel"])
            if found is None:
                raise WrongRequest(f"there is no channel {query['channel']!r}", status=404)
            return shown.messages(self.workspace, found.id)
        person = seen.person(self.workspace, query)
        return shown.messages(self.workspace, seen.channel(self.workspace, person, {}).id)

    def _screen(self, query: Query) -> Json:
        person = seen.person(self.workspace, query)
        return snapshot.screen(self.workspace, person, query.get("channel", "")) | {
            "version": self.changes.version,
            "note": self.note,
        }

    def _people(self, _query: Query) -> Json:
        everyone = self.workspace.directory
        return {
            "people": [dataclasses.asdict(p) for p in everyone.people.values()],
            "channels": [dataclasses.asdict(c) for c in everyone.channels.values()],
            "groups": everyone.groups,
        }

    def _views(self, query: Query) -> Json:
        person = seen.person(self.workspace, query)
        return {"home": self.workspace.homes.get(person.id), "modals": self.workspace.modals.get(person.id, [])}

    def _calls(self, query: Query) -> list[Json]:
        return [call for call in self.calls if query.get("method") in (None, call["method"])]

    def _wishes(self, request: Request) -> object:
        with self.lock:
            if request.verb == "DELETE":
                self.faults.wishes.clear()
            else:
                self.faults.add(_json(request))
            return self.faults.left()

    def _settings(self, wanted: Json) -> Json:
        """Changes slack_url, panel_url, note (for the foot of the page), posts_per_second, posts_burst or tiers while running."""
        limits = self.workspace.limits
        for name, value in wanted.items():
            if name == "slack_url":
                self.screen.slack_url = str(value)
            elif name == "panel_url":
                self.panel.url = str(value)
            elif name == "note":
                self.note = str(value)
            elif name in ("posts_per_second", "posts_burst", "tiers"):
                setattr(limits, name, value)
                limits.buckets.clear()
            else:
                raise WrongRequest(
                    f"{name!r} is no setting; slack_url, panel_url, note, posts_per_second, posts_burst and tiers are"
                )
        return self._ready({})


def _from_here(request: Request) -> None:
    """Some other site that is open in the same browser shall not press anything here."""
    if request.origin and urlsplit(request.origin).netloc != request.host:
        raise WrongRequest(f"{request.origin} is another site; only the page of this server may do that", status=403)


def _object(request: Request) -> Json:
    wanted = _json(request)
    if not isinstance(wanted, dict):
        raise WrongRequest("a JSON object is needed")
    return wanted


def _json(request: Request) -> Any:  # noqa: ANN401 - JSON of any shape
    try:
        return json.loads(request.body or b"{}")
    except ValueError as wrong:
        raise WrongRequest(f"the body is not JSON: {wrong}") from None
