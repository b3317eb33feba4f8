"""The side of the people: presses, submitted modals, commands and opened Home tabs, sent to the app as Slack sends them."""

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from infra.local.slack import payloads, seen, views
from infra.local.slack.args import Args
from infra.local.slack.errors import WrongRequest
from infra.local.slack.people import Channel, Person
from infra.local.slack.responses import respond
from infra.local.slack.signer import FORM, JSON, Sent, send, signed_headers
from infra.local.slack.stored import Json
from infra.local.slack.typed import typed
from infra.local.slack.workspace import Workspace


@dataclass(slots=True, kw_only=True)
class Screen:
    """Carries out what people do. The lock is held while state is read or written, never while the app is called.

    Every request may also say `signature` (good, wrong, old, none), `foreign_team` (a team id) and `stranger` (true:
    somebody this workspace does not know).
    """

    workspace: Workspace
    lock: AbstractContextManager[Any]
    secret: str
    slack_url: str
    own_url: str = ""
    clock: Callable[[], float] = time.time

    def press(self, request: Json) -> Json:
        """`{user, action_id}` and where: `channel` and `ts`, or `view` ("home" or a view id).

        Without them: the newest message that has such an element, in the person's conversation with the app. `value` and
        `block_id` choose among equals; `force` presses what is not there (any more).
        """
        with self.lock:
            now = self.clock()
            person = seen.person(self.workspace, request)
            trigger = self.workspace.tickets.trigger(person.id, now)
            if request.get("view"):
                view = seen.view(self.workspace, person, request)
                action = self._action(view["blocks"], request, now)
                payload = payloads.view_pressed(self.workspace, person, view, action, trigger=trigger)
            else:
                channel = seen.channel(self.workspace, person, request)
                message = seen.message(self.workspace, person, channel, request)
                action = self._action(message["blocks"], request, now)
                url = self._response_url(person, channel, message["ts"], now)
                payload = payloads.message_pressed(
                    self.workspace, person, channel, message, action, trigger=trigger, response_url=url
                )
            body = _interaction(payload, request)
        return self._send(body, FORM, request).shown()

    def submit(self, request: Json) -> Json:
        """`{user, view_id?, values: {action_id or block_id: value}}`: sends the modal and does what the app answers."""
        with self.lock:
            person = seen.person(self.workspace, request)
            view = seen.modal(self.workspace, person, request)
            view["state"] = {"values": seen.filled(view, request.get("values", {}))}
            trigger = self.workspace.tickets.trigger(person.id, self.clock())
            body = _interaction(payloads.view_submitted(self.workspace, person, view, trigger=trigger), request)
        sent = self._send(body, FORM, request)
        with self.lock:
            return sent.shown() | self._answered(person, view, sent)

    def close(self, request: Json) -> Json:
        """`{user, view_id?}`: closes a modal; the app hears of it only if the view asked for that."""
        with self.lock:
            person = seen.person(self.workspace, request)
            view = seen.modal(self.workspace, person, request)
            self.workspace.modals[person.id].remove(view)
            body = _interaction(payloads.view_closed(self.workspace, person, view, is_cleared=False), request)
        if not view["notify_on_close"]:
            return {"status": None, "told": False}
        return self._send(body, FORM, request).shown() | {"told": True}

    def home(self, request: Json) -> Json:
        """`{user, tab?}`: opens the app's Home (or "messages") tab."""
        with self.lock:
            now = self.clock()
            person = seen.person(self.workspace, request)
            payload = payloads.home_opened(
                self.workspace, person, self.workspace.open_dm(person.id), serial=self.workspace.next_serial(), now=now,
                tab=request.get("tab", "home"),
            )  # fmt: skip
            body = json.dumps(_disguised(payload, request))
        return self._send(body, JSON, request).shown()

    def command(self, request: Json) -> Json:
        """`{user, command, text?, channel?}`: sends a slash command; what the app answers is shown to that person."""
        if not str(request.get("command", "")).startswith("/"):
            raise WrongRequest('a command starts with a slash: {"user": "ana", "command": "/backups", "text": ""}')
        with self.lock:
            now = self.clock()
            person = seen.person(self.workspace, request)
            channel = seen.channel(self.workspace, person, request)
            key = self.workspace.tickets.response(person.id, channel.id, now)
            payload = payloads.command(
                self.workspace, person, channel, request["command"], request.get("text", ""),
                trigger=self.workspace.tickets.trigger(person.id, now), response_url=self._url(key),
            )  # fmt: skip
            body = urlencode(_disguised(payload, request))
        sent = self._send(body, FORM, request)
        if sent.status == 200 and sent.body.strip():
            with self.lock:
                said = _parsed(sent.body)
                answer = Args(said if isinstance(said, dict) else {"text": sent.body})
                respond(self.workspace, self.workspace.tickets.responses[key], answer, self.clock())
        return sent.shown()

    def write(self, request: Json) -> Json:
        """`{user, text, channel?}`: a person writes something."""
        with self.lock:
            person = seen.person(self.workspace, request)
            channel = seen.channel(self.workspace, person, request)
            message = self.workspace.say(channel.id, {"text": request.get("text", "")}, self.clock(), user=person.id)
            return {"channel": channel.id, "ts": message["ts"]}

    def _action(self, blocks: list[Json], request: Json, now: float) -> Json:
        block, element = seen.element(blocks, request)
        done = typed(element, request.get("value"))
        return {"action_id": element["action_id"], "block_id": block["block_id"], **done, "action_ts": f"{now:.6f}"}

    def _response_url(self, person: Person, channel: Channel, ts: str, now: float) -> str:
        return self._url(self.workspace.tickets.response(person.id, channel.id, now, ts))

    def _url(self, key: str) -> str:
        return f"{self.own_url}/actions/{self.workspace.team}/{key}"

    def _send(self, body: str, kind: str, request: Json) -> Sent:
        headers = signed_headers(self.secret, body, now=self.clock(), signature=request.get("signature", "good"))
        return send(self.slack_url, body, kind, headers)

    def _answered(self, person: Person, view: Json, sent: Sent) -> Json:
        """Does what the app answered to a submitted modal; says what became of it."""
        stack = self.workspace.modals.get(person.id, [])
        if sent.status != 200:
            return {"view": "stays", "why": "the person sees: We had some trouble connecting. Try again?"}
        answer = _parsed(sent.body) if sent.body.strip() else {}
        what = answer.get("response_action") if isinstance(answer, dict) else "no object"
        if what is None:
            if view in stack:
                stack.remove(view)
            return {"view": "closed"}
        if what == "errors":
            return {"view": "stays", "errors": answer.get("errors", {})}
        if what == "clear":
            stack.clear()
            return {"view": "cleared"}
        if what != "update":
            raise WrongRequest(f"the app answered response_action {what!r}; errors, update or clear is known here", status=502)
        problems = views.check_view(answer.get("view"), ("modal",))
        if problems:
            raise WrongRequest("the app answered with a view that Slack refuses", status=502, problems=problems)
        views.replace(self.workspace, view, answer["view"], self.clock())
        return {"view": "updated"}


def _interaction(payload: Json, request: Json) -> str:
    return urlencode({"payload": json.dumps(_disguised(payload, request))})


def _disguised(payload: Json, request: Json) -> Json:
    return payloads.from_elsewhere(payload, request["foreign_team"]) if request.get("foreign_team") else payload


def _parsed(body: str) -> Any:  # noqa: ANN401 - JSON of any shape, or None
    try:
        return json.loads(body)
    except ValueError:
        return None
