"""One running workspace without its HTTP: takes requests as values, gives replies as values."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.slack import manifest as manifests
from infra.local.slack import methods, shown
from infra.local.slack.args import Args, parse
from infra.local.slack.changes import Changes
from infra.local.slack.errors import SlackError, WrongRequest
from infra.local.slack.exchange import Reply, Request, told
from infra.local.slack.faults import Fault, Faults
from infra.local.slack.limits import Limits
from infra.local.slack.local_side import LocalSide
from infra.local.slack.panel import Panel
from infra.local.slack.people import directory
from infra.local.slack.responses import respond
from infra.local.slack.screen import Screen
from infra.local.slack.site import PageNow, Site, no_page
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
        manifest: the file that says what the app may do and offers.
        page: the folder of the page once it is built, else a word on why not; see `site.PageNow`.
        panel_url: who answers for the panel beside the page; see `panel`.
        clock: seconds since 1970; tests hand in their own.
    """

    bot_token: str = "xoxb-local"
    signing_secret: str = "local-signing-secret"
    slack_url: str = ""
    team: str = "T0LOCAL"
    state: Path | None = None
    people: Path | None = None
    scopes: frozenset[str] | None = None
    manifest: Path = manifests.DEFAULT
    posts_per_second: float = 1.0
    posts_burst: int = 5
    tiers: bool = True
    page: PageNow = no_page
    panel_url: str = ""
    clock: Callable[[], float] = time.time


class Service:
    """Everything behind the port. `answer` may be called from many threads at once."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.faults = Faults()
        self.changes = Changes()
        self.calls: deque[Json] = deque(maxlen=CALLS_KEPT)
        self.workspace = Workspace(
            directory=directory(options.people),
            manifest=manifests.manifest(options.manifest, scopes=options.scopes),
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
        self.local = LocalSide(
            workspace=self.workspace, lock=self.lock, screen=self.screen, faults=self.faults, calls=self.calls,
            changes=self.changes, panel=Panel(options.panel_url), changed=self._changed,
        )  # fmt: skip
        self.site = Site(options.page, self._as_text)
        self.state = StateFile(options.state, self._dump)
        self.workspace.load(self.state.read() or {})
        self.state.start()

    def close(self) -> None:
        self.stopping.set()
        self.changes.close()
        self.state.close()

    def answer(self, request: Request) -> Reply:
        try:
            if request.path.startswith("/api/"):
                return self._api(request, request.path.removeprefix("/api/"))
            if request.path.startswith("/actions/"):
                return self._response_url(request)
            if request.path.startswith("/_local/"):
                return self.local.answer(request)
            return self.site.answer(request.path)
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
            self._changed()
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
            self._changed()
        return told({"ok": True})

    # --- what is kept, and who is told

    def _changed(self) -> None:
        self.state.changed()
        self.changes.bump()

    def _as_text(self) -> str:
        with self.lock:
            return shown.page(self.workspace)

    def _dump(self) -> dict[str, Any]:
        with self.lock:
            kept: dict[str, Any] = json.loads(json.dumps(self.workspace.dump()))
            return kept
