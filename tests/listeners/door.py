"""The front door as Slack sees it: signed bodies as Function URL requests, and an outside that records what we call."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode

from slack_sdk.signature import SignatureVerifier

from bolt_app.adapters.slack import slack_client
from bolt_app.app import TIMEOUT_SECONDS, create_app
from bolt_app.slack_front import Front, respond
from infra.local.slack.blocks import check_blocks
from infra.local.slack.views import check_view
from listeners.use_cases import BoardCases, ProposalCases, UseCases
from tests.listeners.made import NOW, ZONE, board, job_view
from workflows.backup.press import MuteForm, Press, Reply, SnoozeChoice, SnoozeForm
from workflows.backup.row_form import RowForm
from workflows.kernel.ports import Json

SECRET = "signing-secret"
TEAM = "T1"
MUTE_FORM = MuteForm(job_id="orders-db", break_id="b1", name="Orders database", muted=True, zone=ZONE)
CONTEXT = SimpleNamespace(
    function_name="bk-ack-handler", invoked_function_arn="arn:aws:lambda:eu-west-1:1:function:bk-ack-handler"
)


@dataclass
class Outside:
    """Slack's Web API and response_urls on this machine: says ok to all, and keeps what it was told.

    `refusable`: what Slack would not have taken of it.
    """

    url: str
    calls: list[tuple[str, Json]] = field(default_factory=list)
    refusable: list[str] = field(default_factory=list)
    answers: dict[str, Json] = field(default_factory=dict)

    def named(self, path: str) -> list[Json]:
        return [body for called, body in self.calls if called == path]


def refusable(body: Json) -> list[str]:
    blocks = body.get("blocks")
    found = check_blocks(json.loads(blocks) if isinstance(blocks, str) else blocks, "message") if blocks else []
    return found + (check_view(body["view"]) if "view" in body else [])


@contextmanager
def outside() -> Iterator[Outside]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"])).decode()
            name = self.path.removeprefix("/api/")
            kind = self.headers.get("content-type", "")
            body = json.loads(raw) if "json" in kind else {key: values[0] for key, values in parse_qs(raw).items()}
            if isinstance(body.get("view"), str):
                body["view"] = json.loads(body["view"])
            seen.calls.append((name, body))
            seen.refusable += refusable(body)
            answer = json.dumps(seen.answers.get(name, {"ok": True})).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    seen = Outside(url=f"http://127.0.0.1:{server.server_address[1]}/")
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()


class Pressed:
    """Use cases that answer what a test wants, and keep what they were asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.replies: dict[str, Any] = {}

    def use_cases(self) -> UseCases:
        return UseCases(
            mark_fixed=self._one("mark_fixed"),
            mute=self._one("mute"),
            unmute=self._one("unmute"),
            check_now=self._one("check_now"),
            snooze_form=self._one("snooze_form"),
            snooze=self._snooze,
            check=self._some("check", Reply(kind="done", text="Looking at it now.")),
            person=lambda _: self._reply("person", None),
            explain=self._some("explain", Reply(kind="gone", text="This job is no longer on the job list.")),
            history=self._some("history", Reply(kind="gone", text="This job is no longer on the job list.")),
            boards=self._boards(),
            proposals=self._proposals(),
            key=self._one("key"),
            let_go=self._some("let_go"),
            now=lambda: NOW,
            zone=ZONE,
        )

    def _boards(self) -> BoardCases:
        return BoardCases(
            board=self._home,
            job=lambda job_id, asker: self._asked("job", (job_id, asker), job_view()),
            mute_form=lambda _: self._reply("mute_form", MUTE_FORM),
            mute_with=self._some("mute_with"),
            accept_size=self._one("accept_size"),
            snooze_all_form=self._one("snooze_all_form"),
            snooze_all=self._some("snooze_all"),
        )

    def _proposals(self) -> ProposalCases:
        return ProposalCases(
            approve=self._some("approve"),
            discard=self._some("discard"),
            retry=self._some("retry"),
            match=self._some("match"),
            may_add=lambda _asker: self._reply("may_add", None),
            add_form=self._some("add_form", RowForm()),
            change_form=self._some("change_form", RowForm(key="orders-db", change=True)),
            edit_form=self._some("edit_form", RowForm(proposal_id="mail-1")),
            report_form=self._some("report_form", RowForm()),
            save_row=self._one("save_row"),
            waiting=self._some("waiting", ()),
        )

    def _one(self, name: str) -> Callable[[Any], Any]:
        def ask(fact: Any) -> Any:
            self.asked.append((name, fact))
            return self._reply(name)

        return ask

    def _some(self, name: str, usual: Any = Reply(kind="done")) -> Callable[..., Any]:  # noqa: B008 - a frozen fact
        def ask(*facts: Any) -> Any:
            self.asked.append((name, facts))
            return self._reply(name, usual)

        return ask

    def _snooze(self, press: Press, choice: SnoozeChoice) -> Reply:
        self.asked.append(("snooze", (press, choice)))
        reply: Reply = self._reply("snooze")
        return reply

    def _home(self, user_id: str, team_id: str) -> Any:
        """A test says which jobs there are, and may say the whole board."""
        self.asked.append(("board", (user_id, team_id)))
        jobs = self._reply("board", ())
        return jobs if isinstance(jobs, Reply) else self._reply("home", board(*jobs))

    def _asked(self, name: str, fact: Any, usual: Any) -> Any:
        self.asked.append((name, fact))
        return self._reply(name, usual)

    def _reply(self, name: str, usual: Any = Reply(kind="done")) -> Any:  # noqa: B008 - a frozen fact
        reply = self.replies.get(name, usual)
        if isinstance(reply, Exception):
            raise reply
        return reply


@dataclass
class Door:
    outside: Outside
    pressed: Pressed
    front: Front
    lines: list[str]

    def send(self, event: Json) -> Json:
        return respond(event, CONTEXT, self.front)

    def interact(self, payload: Json, *, as_base64: bool = False) -> Json:
        return self.send(request(urlencode({"payload": json.dumps(payload)}), as_base64=as_base64))

    def command(self, text: str, **who: str) -> Json:
        return self.send(request(command(self.outside, text, **who)))

    def hear(self, payload: Json) -> Json:
        return self.send(request(json.dumps(payload), kind="application/json"))


def made_door(seen: Outside) -> Door:
    pressed, lines = Pressed(), list[str]()

    def app_for(secret: str) -> Any:
        return create_app(
            pressed.use_cases(),
            team_id=TEAM,
            client=slack_client("xoxb-test", base_url=f"{seen.url}api/", timeout_seconds=TIMEOUT_SECONDS),
            signing_secret=secret,
        )

    front = Front(read_secrets=lambda: (SECRET,), app_for=app_for, namespace="bk", write_line=lines.append)
    return Door(outside=seen, pressed=pressed, front=front, lines=lines)


def request(
    body: str,
    *,
    signed_with: str = SECRET,
    as_base64: bool = False,
    kind: str = "application/x-www-form-urlencoded",
    age_seconds: float = 0,
) -> Json:
    """A request as a Function URL hands it to a Lambda, signed."""
    timestamp = str(int(time.time() - age_seconds))
    signature = SignatureVerifier(signed_with).generate_signature(timestamp=timestamp, body=body) or ""
    headers = {"content-type": kind, "x-slack-signature": signature, "x-slack-request-timestamp": timestamp}
    return {
        "version": "2.0",
        "rawPath": "/",
        "headers": headers,
        "requestContext": {"http": {"method": "POST", "path": "/"}},
        "body": base64.b64encode(body.encode()).decode() if as_base64 else body,
        "isBase64Encoded": as_base64,
    }


def press_in_message(seen: Outside, action_id: str, *, value: str = "orders-db b1", user: str = "U1", team: str = TEAM) -> Json:
    return {
        "type": "block_actions",
        "team": {"id": team, "domain": "acme"},
        "user": {"id": user, "username": "sam", "name": "sam", "team_id": team},
        "api_app_id": "A1",
        "token": "x",
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "D1", "is_ephemeral": False},
        "trigger_id": "1.2.3",
        "channel": {"id": "D1", "name": "directmessage"},
        "message": {"type": "message", "ts": "1.1", "text": "old", "blocks": []},
        "state": {"values": {}},
        "response_url": f"{seen.url}response",
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.2"}],
    }


def press_in_home(seen: Outside, action_id: str, *, value: str = "orders-db b1") -> Json:
    payload = press_in_message(seen, action_id, value=value)
    for key in ("channel", "message", "response_url"):
        del payload[key]
    home = {"id": "V1", "type": "home", "hash": "1.a", "private_metadata": "", "callback_id": "", "blocks": []}
    return payload | {"container": {"type": "view", "view_id": "V1"}, "view": home}


def command(seen: Outside, text: str, *, user: str = "U1", team: str = TEAM) -> str:
    """A slash command's form."""
    return urlencode(
        {
            "token": "x",
            "team_id": team,
            "team_domain": "acme",
            "channel_id": "C1",
            "channel_name": "backups",
            "user_id": user,
            "user_name": "sam",
            "command": "/backup",
            "text": text,
            "api_app_id": "A1",
            "is_enterprise_install": "false",
            "response_url": f"{seen.url}response",
            "trigger_id": "1.2.3",
        }
    )


def shortcut_on(seen: Outside, message: Json, *, user: str = "U1", team: str = TEAM) -> Json:
    """*Register backup report*, called on a message."""
    base = press_in_message(seen, "any", user=user, team=team)
    for key in ("container", "actions", "state"):
        del base[key]
    return base | {
        "type": "message_action",
        "callback_id": "register_report",
        "action_ts": "1.2",
        "message_ts": "1.1",
        "message": {"type": "message", "ts": "1.1", "user": "U2", **message},
    }


def submission(view: Json, values: Json, *, user: str = "U1", team: str = TEAM) -> Json:
    sent = {"id": "V2", "team_id": team, "hash": "1.a", **view, "state": {"values": values}}
    return {
        "type": "view_submission",
        "team": {"id": team, "domain": "acme"},
        "user": {"id": user, "username": "sam", "name": "sam", "team_id": team},
        "api_app_id": "A1",
        "token": "x",
        "trigger_id": "1.2.3",
        "view": sent,
        "response_urls": [],
    }


def home_opened(*, user: str = "U1", team: str = TEAM, tab: str = "home") -> Json:
    return {
        "token": "x",
        "team_id": team,
        "api_app_id": "A1",
        "event": {"type": "app_home_opened", "user": user, "channel": "D1", "tab": tab, "event_ts": "1.1"},
        "type": "event_callback",
        "event_id": "Ev1",
        "event_time": 1,
        "authorizations": [{"enterprise_id": None, "team_id": team, "user_id": "UBOT", "is_bot": True}],
        "is_ext_shared_channel": False,
    }


def snooze_form(**changes: Any) -> SnoozeForm:
    usual: Json = {
        "job_id": "orders-db", "break_id": "b1", "name": "Orders database", "critical": False,
        "taken": 0, "allowed": 3, "next_run": None, "zone": ZONE,
    }  # fmt: skip
    return SnoozeForm(**(usual | changes))
