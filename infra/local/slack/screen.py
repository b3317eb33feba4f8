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
from infra.local.slack.typed import keeps_state, typed
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
        `block_id` choose among equals; `force` presses what is not there (any more). `values`: what was typed so far into a
        modal, as in `submit`.
        """
        with self.lock:
            now = self.clock()
            person = seen.person(self.workspace, request)
            trigger = self.workspace.tickets.trigger(person.id, now)
            if request.get("view"):
                view = seen.view(self.workspace, person, request)
                view["state"] = {"values": seen.typed_in(view, request.get("values", {}))}
                action = self._action(view["blocks"], request, now, view["state"]["values"])
                payload = payloads.view_pressed(self.workspace, person, view, action, trigger=trigger)
            else:
                channel = seen.channel(self.workspace, person, request)
                message = seen.message(self.workspace, person, channel, request)
                state = views.values(message["blocks"])
                action = self._action(message["blocks"], request, now, state)
                url = self._response_url(person, channel, message["ts"], now)
                payload = payloads.message_pressed(
                    self.workspace, person, channel, message, action, state, trigger=trigger, response_url=url
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
        """`{user, view_id?}`: closes a modal, or all if it says so; the app hears of it only if the view asked for that."""
        with self.lock:
            person = seen.person(self.workspace, request)
            view = seen.modal(self.workspace, person, request)
            stack, clears = self.workspace.modals[person.id], view["clear_on_close"]
            stack[:] = [] if clears else [other for other in stack if other is not view]
            body = _interaction(payloads.view_closed(self.workspace, person, view, is_cleared=clears), request)
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
            name = seen.command(self.workspace, request)
            person = seen.person(self.workspace, request)
            channel = seen.channel(self.workspace, person, request)
            key = self.workspace.tickets.response(person.id, channel.id, now)
            payload = payloads.command(
                self.workspace, person, channel, name, str(request.get("text", "")),
                trigger=self.workspace.tickets.trigger(person.id, now), response_url=self._url(key),
            )  # fmt: skip
            body = urlencode(_disguised(payload, request))
        sent = self._send(body, FORM, request)
        if sent.status == 200 and sent.body.strip():
            with self.lock:
                answered = _parsed(sent.body)
                answer = Args(answered if isinstance(answered, dict) else {"text": sent.body})
                respond(self.workspace, self.workspace.tickets.responses[key], answer, self.clock())
        return sent.shown()

    def shortcut(self, request: Json) -> Json:
        """`{user, callback_id}`: calls a shortcut of the manifest; with `channel` and `ts`, on that message."""
        with self.lock:
            now = self.clock()
            person = seen.person(self.workspace, request)
            called = seen.shortcut(self.workspace, request)
            trigger = self.workspace.tickets.trigger(person.id, now)
            if called["type"] == "global":
                payload = payloads.shortcut(self.workspace, person, called, trigger=trigger, now=now)
            else:
                channel = seen.channel(self.workspace, person, request)
                message = seen.named_message(self.workspace, person, channel, str(request.get("ts", "")))
                payload = payloads.message_shortcut(
                    self.workspace, person, called, channel, message, trigger=trigger, now=now,
                    response_url=self._response_url(person, channel, message["ts"], now),
                )  # fmt: skip
            body = _interaction(payload, request)
        return self._send(body, FORM, request).shown()

    def write(self, request: Json) -> Json:
        """`{user, text, channel?, thread_ts?}`: a person writes something."""
        with self.lock:
            person = seen.person(self.workspace, request)
            channel = seen.channel(self.workspace, person, request)
            said: Json = {"text": str(request.get("text", ""))}
            if request.get("thread_ts"):
                above = seen.named_message(self.workspace, person, channel, str(request["thread_ts"]))
                said["thread_ts"] = above.get("thread_ts", above["ts"])
            if not said["text"].strip():
                raise WrongRequest('an empty message is not sent: {"user": "ana", "text": "Good morning"}')
            message = self.workspace.say(channel.id, said, self.clock(), user=person.id)
            return {"channel": channel.id, "ts": message["ts"]}

    def dismiss(self, request: Json) -> Json:
        """`{user, ts, channel?}`: takes away what only this person sees."""
        with self.lock:
            person = seen.person(self.workspace, request)
            channel = seen.channel(self.workspace, person, request)
            message = self.workspace.whispered(channel.id, str(request.get("ts", "")))
            if message is None or message["reader"] != person.id:
                raise WrongRequest(f"{person.name} has no such private message in {channel.id}", status=404)
            self.workspace.ephemerals.remove(message)
            return {"ok": True}

    def _action(self, blocks: list[Json], request: Json, now: float, state: Json) -> Json:
        """The action that is sent; what it chose is in the state from now on."""
        block, element = seen.element(blocks, request)
        done = typed(element, request.get("value"))
        if keeps_state(element):
            state.setdefault(block["block_id"], {})[element["action_id"]] = done
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
        if what not in ("update", "push"):
            raise WrongRequest(f"the app answered response_action {what!r}; errors, update, push or clear is known", status=502)
        problems = views.check_view(answer.get("view"), ("modal",))
        if problems:
            raise WrongRequest("the app answered with a view that Slack refuses", status=502, problems=problems)
        if what == "update":
            views.replace(self.workspace, view, answer["view"], self.clock())
            return {"view": "updated"}
        if len(stack) >= views.DEPTH_MAX:
            raise WrongRequest("the app pushed a fourth view; Slack shows three", status=502)
        views.stacked(self.workspace, stack, answer["view"], self.clock())
        return {"view": "pushed"}


def _interaction(payload: Json, request: Json) -> str:
    return urlencode({"payload": json.dumps(_disguised(payload, request))})


def _disguised(payload: Json, request: Json) -> Json:
    return payloads.from_elsewhere(payload, request["foreign_team"]) if request.get("foreign_team") else payload


def _parsed(body: str) -> Any:  # noqa: ANN401 - JSON of any shape, or None
    try:
        return json.loads(body)
    except ValueError:
        return None
