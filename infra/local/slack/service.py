"""One running workspace without its HTTP: takes requests as values, gives replies as values."""

import dataclasses
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from infra.local.slack import manifest as manifests
from infra.local.slack import methods, seen, shown
from infra.local.slack.args import Args, parse
from infra.local.slack.errors import SlackError, WrongRequest
from infra.local.slack.faults import Fault, Faults
from infra.local.slack.limits import Limits
from infra.local.slack.people import directory
from infra.local.slack.responses import respond
from infra.local.slack.screen import Screen
from infra.local.slack.store import StateFile
from infra.local.slack.stored import Json
from infra.local.slack.workspace import Workspace

CALLS_KEPT = 5000
TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a workspace is started.

    Attributes:
        state: the file that keeps the state over a restart; None keeps nothing.
        scopes: the bot's scopes; None: those of manifest.json, or all that are used where there is no manifest.
        posts_per_second, posts_burst: for each channel; 0 a second is no limit. tiers: the limits a minute of each method.
        clock: seconds since 1970; tests hand in their own.
    """

    bot_token: str = "xoxb-local"
    signing_secret: str = "local-signing-secret"
    slack_url: str = ""
    team: str = "T0LOCAL"
    state: Path | None = None
    people: Path | None = None
    scopes: frozenset[str] | None = None
    posts_per_second: float = 1.0
    posts_burst: int = 5
    tiers: bool = True
    clock: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    verb: str
    path: str
    query: str = ""
    kind: str = ""
    token: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`dropped`: the connection is closed without an answer."""

    body: str = ""
    status: int = 200
    kind: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False


def told(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(body=json.dumps(body, ensure_ascii=False), status=status, headers=headers or {})


class Service:
    """Everything behind the port. `answer` may be called from many threads at once."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.faults = Faults()
        self.calls: deque[Json] = deque(maxlen=CALLS_KEPT)
        self.workspace = Workspace(
            directory=directory(options.people),
            manifest=manifests.manifest(scopes=options.scopes),
            limits=Limits(posts_per_second=options.posts_per_second, posts_burst=options.posts_burst, tiers=options.tiers),
            team=options.team,
        )
        self.screen = Screen(
            workspace=self.workspace,
            lock=self.lock,
            secret=options.signing_secret,
            slack_url=options.slack_url,
            clock=options.clock,
        )
        self.state = StateFile(options.state, self._dump)
        self.workspace.load(self.state.read() or {})
        self.state.start()

    def close(self) -> None:
        self.stopping.set()
        self.state.close()

    def answer(self, request: Request) -> Reply:
        try:
            if request.path.startswith("/api/"):
                return self._api(request, request.path.removeprefix("/api/"))
            if request.path.startswith("/actions/"):
                return self._response_url(request)
            if request.path == "/":
                with self.lock:
                    return Reply(body=shown.page(self.workspace), kind="text/html; charset=utf-8")
            return told(self._local(request))
        except SlackError as refused:
            return told(refused.body, refused.status, refused.headers)
        except WrongRequest as wrong:
            return told(wrong.body, wrong.status)

    # --- the Web API

    def _api(self, request: Request, name: str) -> Reply:
        args = parse(request.body, request.kind, request.query)
        with self.lock:
            fault = self.faults.pick(name, str(args.get("channel", "")))
        note = {"method": name, "channel": args.get("channel"), "at": self.options.clock(), "fault": fault and fault.kind}
        if fault is not None and fault.kind != "lost" and not fault.kind.startswith("slow:"):
            self.calls.append(note | {"ok": False, "error": fault.kind})
            return self._failed(fault)
        if fault is not None and fault.kind.startswith("slow:"):
            self.stopping.wait(float(fault.kind.removeprefix("slow:")))

        reply = self._called(name, args, request.token or str(args.pop("token", "")), note)
        return Reply(dropped=True) if fault is not None and fault.kind == "lost" else reply

    def _called(self, name: str, args: Args, token: str, note: Json) -> Reply:
        with self.lock:
            try:
                body = methods.answer(
                    self.workspace, name, args, token=token, bot_token=self.options.bot_token, now=self.options.clock()
                )
            except SlackError as refused:
                self.calls.append(note | {"ok": False, "error": refused.body["error"]})
                raise
            self.calls.append(note | {"ok": True})
            self.state.changed()
            return told(body, headers={"X-OAuth-Scopes": ",".join(sorted(self.workspace.manifest.scopes))})

    def _failed(self, fault: Fault) -> Reply:
        if fault.kind == "timeout":
            self.stopping.wait(TIMEOUT_SECONDS if fault.seconds is None else fault.seconds)
            return Reply(dropped=True)
        if fault.kind == "429":
            wait = {"Retry-After": str(int(fault.seconds or 1))}
            return told({"ok": False, "error": "ratelimited"}, 429, wait)
        if fault.kind.startswith("error:"):
            return told({"ok": False, "error": fault.kind.removeprefix("error:")})
        error = "service_unavailable" if fault.kind == "503" else "internal_error"
        return told({"ok": False, "error": error}, int(fault.kind))

    def _response_url(self, request: Request) -> Reply:
        args = parse(request.body, request.kind, "")
        with self.lock:
            now = self.options.clock()
            response = self.workspace.tickets.use_response(request.path.rsplit("/", 1)[-1], now)
            respond(self.workspace, response, args, now)
            self.state.changed()
        return told({"ok": True})

    # --- the side of the people

    def _local(self, request: Request) -> object:
        name = request.path.removeprefix("/_local/")
        query = dict(parse_qsl(request.query))
        reads = {"ready": self._ready, "messages": self._messages, "people": self._people, "views": self._views,
                 "faults": lambda _: self.faults.left(), "calls": self._calls}  # fmt: skip
        writes = {"press": self.screen.press, "submit": self.screen.submit, "close": self.screen.close, "home": self.screen.home,
                  "command": self.screen.command, "write": self.screen.write, "settings": self._settings}  # fmt: skip
        if request.verb == "GET" and name in reads:
            with self.lock:
                # Made to text and back while the lock is held: what is answered does not change under the writer's hands.
                return json.loads(json.dumps(reads[name](query)))
        if name == "faults" and request.verb in ("POST", "DELETE"):
            return self._wishes(request)
        if request.verb == "POST" and name in writes:
            wanted = _json(request)
            if not isinstance(wanted, dict):
                raise WrongRequest("a JSON object is needed")
            done = writes[name](wanted)
            self.state.changed()
            return done
        raise WrongRequest(f"nothing here does {request.verb} {request.path}; the page at / lists what does", status=404)

    def _ready(self, _query: dict[str, str]) -> Json:
        return {"ok": True, "team": self.workspace.team, "slack_url": self.screen.slack_url}

    def _messages(self, query: dict[str, str]) -> Json:
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

    def _people(self, _query: dict[str, str]) -> Json:
        everyone = self.workspace.directory
        return {
            "people": [dataclasses.asdict(p) for p in everyone.people.values()],
            "channels": [dataclasses.asdict(c) for c in everyone.channels.values()],
            "groups": everyone.groups,
        }

    def _views(self, query: dict[str, str]) -> Json:
        person = seen.person(self.workspace, query)
        return {"home": self.workspace.homes.get(person.id), "modals": self.workspace.modals.get(person.id, [])}

    def _calls(self, query: dict[str, str]) -> list[Json]:
        return [call for call in self.calls if query.get("method") in (None, call["method"])]

    def _wishes(self, request: Request) -> object:
        with self.lock:
            if request.verb == "DELETE":
                self.faults.wishes.clear()
            else:
                self.faults.add(_json(request))
            return self.faults.left()

    def _settings(self, wanted: Json) -> Json:
        """Changes slack_url, posts_per_second, posts_burst or tiers while running."""
        limits = self.workspace.limits
        for name, value in wanted.items():
            if name == "slack_url":
                self.screen.slack_url = str(value)
            elif name in ("posts_per_second", "posts_burst", "tiers"):
                setattr(limits, name, value)
                limits.buckets.clear()
            else:
                raise WrongRequest(f"{name!r} is no setting; slack_url, posts_per_second, posts_burst and tiers are")
        return self._ready({})

    def _dump(self) -> dict[str, Any]:
        with self.lock:
            kept: dict[str, Any] = json.loads(json.dumps(self.workspace.dump()))
            return kept


def _json(request: Request) -> Any:  # noqa: ANN401 - JSON of any shape
    try:
        return json.loads(request.body or b"{}")
    except ValueError as wrong:
        raise WrongRequest(f"the body is not JSON: {wrong}") from None
