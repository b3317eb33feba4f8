"""What people do in the local Slack reaches the app as Slack sends it, signed."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from slack_sdk.webhook import WebhookClient

from infra.local.slack.methods import SCOPES_USED
from infra.local.slack.testing import RunningWorkspace
from infra.local.slack.testing import running_workspace as running
from tests.infra.listening_app import Got, ListeningApp, listening_app

pytestmark = pytest.mark.thorough  # a real server for each test

# All scopes, whatever the manifest grants today: these tests are about the server.
running_workspace = partial(running, scopes=SCOPES_USED)


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(action_id: str, value: str) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(action_id), "value": value}


CARD = [{"type": "actions", "elements": [button("mark_fixed", "orders-db 1"), button("snooze", "orders-db 1")]}]
OPTIONS = [{"text": plain("Four hours"), "value": "4h"}, {"text": plain("A day"), "value": "1d"}]
MODAL = {
    "type": "modal",
    "title": plain("Snooze"),
    "submit": plain("Snooze"),
    "private_metadata": "orders-db 1",
    "blocks": [
        {
            "type": "input",
            "block_id": "until",
            "label": plain("For"),
            "element": {"type": "static_select", "action_id": "length", "options": OPTIONS},
        },
        {
            "type": "input",
            "block_id": "why",
            "label": plain("Why"),
            "optional": True,
            "element": {"type": "plain_text_input", "action_id": "why"},
        },
    ],
}
HOME = {
    "type": "home",
    "blocks": [
        {"type": "actions", "block_id": "one", "elements": [button("unmute", "one")]},
        {"type": "actions", "block_id": "two", "elements": [button("unmute", "two")]},
    ],
}


@pytest.fixture
def app() -> Iterator[ListeningApp]:
    with listening_app() as app:
        yield app


@pytest.fixture
def slack(app: ListeningApp) -> Iterator[RunningWorkspace]:
    with running_workspace(slack_url=app.url) as slack:
        yield slack


@pytest.fixture
def client(slack: RunningWorkspace) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url)


def is_signed(slack: RunningWorkspace, got: Got) -> bool:
    return SignatureVerifier(slack.signing_secret).is_valid_request(got.body, got.headers)


def open_modal(slack: RunningWorkspace, app: ListeningApp, client: WebClient) -> None:
    client.chat_postMessage(channel="U0ANA", text="broken", blocks=CARD)

    def answer(payload: dict[str, Any]) -> tuple[int, str]:
        client.views_open(trigger_id=payload["trigger_id"], view=MODAL)
        return 200, ""

    app.answer = answer
    slack.press("ana", "snooze")
    app.answer = lambda _payload: (200, "")


def test_a_press_arrives_signed_with_all_that_slack_sends(slack: RunningWorkspace, app: ListeningApp, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="U0ANA", text="broken", blocks=CARD)["ts"]

    done = slack.press("ana", "mark_fixed")

    assert (done["status"], done["in_time"]) == (200, True)
    assert is_signed(slack, app.last)
    payload = app.last.payload
    assert payload["type"] == "block_actions"
    assert payload["user"] == {"id": "U0ANA", "username": "ana", "name": "ana", "team_id": slack.team}
    assert payload["container"] == {"type": "message", "message_ts": ts, "channel_id": "D0ANA", "is_ephemeral": False}
    assert (payload["message"]["ts"], payload["message"]["text"], payload["channel"]["id"]) == (ts, "broken", "D0ANA")
    action = payload["actions"][0]
    assert (action["action_id"], action["value"], action["type"]) == ("mark_fixed", "orders-db 1", "button")
    assert action["block_id"] == payload["message"]["blocks"][0]["block_id"]
    assert {"action_ts", "text"} <= action.keys()
    assert payload["trigger_id"]
    assert payload["response_url"].startswith(slack.url)
    assert payload["team"]["id"] == slack.team
    assert payload["state"] == {"values": {}}


@pytest.mark.parametrize("signature", ["wrong", "old", "none"])
def test_a_press_may_be_badly_signed_on_purpose(
    slack: RunningWorkspace, app: ListeningApp, client: WebClient, signature: str
) -> None:
    client.chat_postMessage(channel="U0ANA", text="broken", blocks=CARD)

    slack.press("ana", "mark_fixed", signature=signature)

    assert not is_signed(slack, app.last)


def test_a_press_may_come_from_elsewhere_or_from_somebody_unknown(
    slack: RunningWorkspace, app: ListeningApp, client: WebClient
) -> None:
    client.chat_postMessage(channel="C0BACKUPS", text="broken", blocks=CARD)

    slack.press("ana", "mark_fixed", channel="#backups", foreign_team="T0OTHER")
    assert (app.last.payload["team"]["id"], app.last.payload["user"]["team_id"]) == ("T0OTHER", "T0OTHER")
    slack.press("", "mark_fixed", channel="backups", stranger=True)
    assert app.last.payload["user"]["id"] == "U0STRANGER"


def test_only_what_is_there_can_be_pressed_unless_forced(slack: RunningWorkspace, app: ListeningApp, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="U0ANA", text="broken", blocks=CARD)["ts"]
    client.chat_update(channel="D0ANA", ts=ts, text="fixed", blocks=[])

    status, refusal = slack.ask("POST", "press", {"user": "ana", "channel": "D0ANA", "ts": ts, "action_id": "mute"})
    assert (status, refusal["present"]) == (404, [])
    slack.press("ana", "mute", channel="D0ANA", ts=ts, value="orders-db 1", force=True)
    assert app.last.payload["actions"][0]["value"] == "orders-db 1"


def test_nobody_presses_in_a_conversation_of_others_unless_forced(
    slack: RunningWorkspace, app: ListeningApp, client: WebClient
) -> None:
    client.chat_postMessage(channel="U0ANA", text="broken", blocks=CARD)

    assert slack.ask("POST", "press", {"user": "kim", "channel": "D0ANA", "action_id": "mark_fixed"})[0] == 403
    slack.press("kim", "mark_fixed", channel="D0ANA", force=True)
    assert app.last.payload["user"]["id"] == "U0KIM"


def test_an_ephemeral_is_pressed_without_its_message_and_replaced_by_its_response_url(
    slack: RunningWorkspace, app: ListeningApp, client: WebClient
) -> None:
    client.chat_postEphemeral(channel="C0BACKUPS", user="U0ANA", text="Sure?", blocks=CARD)

    slack.press("ana", "mark_fixed", channel="backups")

    assert app.last.payload["container"]["is_ephemeral"] is True
    assert "message" not in app.last.payload
    hook = WebhookClient(app.last.payload["response_url"])
    assert hook.send(text="Done", replace_original=True).status_code == 200
    assert [(m["text"], m["blocks"]) for m in slack.ephemerals(channel="backups")] == [("Done", [])]
    assert hook.send_dict({"delete_original": True}).status_code == 200
    assert slack.ephemerals(channel="backups") == []


def test_a_modal_opened_by_a_press_is_submitted_with_what_was_typed(
    slack: RunningWorkspace, app: ListeningApp, client: WebClient
) -> None:
    open_modal(slack, app, client)

    done = slack.submit("ana", {"length": "1d", "why": "waiting for a disk"})

    view = app.last.payload["view"]
    assert (app.last.payload["type"], view["private_metadata"], view["callback_id"]) == ("view_submission", "orders-db 1", "")
    assert view["state"]["values"]["until"]["length"]["selected_option"]["value"] == "1d"
    assert view["state"]["values"]["why"]["why"] == {"type": "plain_text_input", "value": "waiting for a disk"}
    assert (done["view"], slack.modals("ana")) == ("closed", [])


def test_a_modal_is_not_sent_with_a_needed_field_empty_or_a_choice_that_it_has_not(
    slack: RunningWorkspace, app: ListeningApp, client: WebClient
) -> None:
    open_modal(slack, app, client)
    before = len(app.got)

    for values in ({}, {"length": "2y"}, {"length": "1d", "colour": "red"}):
        assert slack.ask("POST", "submit", {"user": "ana", "values": values})[0] == 400
    assert len(app.got) == before


def test_the_app_may_answer_a_modal_with_errors_an_update_or_clear(
    slack: RunningWorkspace, app: ListeningApp, client: WebClient
) -> None:
    open_modal(slack, app, client)

    app.answer = lambda _payload: (200, json.dumps({"response_action": "errors", "errors": {"until": "Too long"}}))
    assert slack.submit("ana", {"length": "1d"})["errors"] == {"until": "Too long"}
    app.answer = lambda _payload: (500, "")
    assert slack.submit("ana", {"length": "1d"})["view"] == "stays"
    updated = {**MODAL, "title": plain("Sure?")}
    app.answer = lambda _payload: (200, json.dumps({"response_action": "update", "view": updated}))
    assert slack.submit("ana", {"length": "1d"})["view"] == "updated"
    assert [view["title"]["text"] for view in slack.modals("ana")] == ["Sure?"]
    app.answer = lambda _payload: (200, json.dumps({"response_action": "update", "view": {"type": "modal"}}))
    assert slack.ask("POST", "submit", {"user": "ana", "values": {"length": "1d"}})[0] == 502
    app.answer = lambda _payload: (200, json.dumps({"response_action": "clear"}))
    assert slack.submit("ana", {"length": "1d"})["view"] == "cleared"
    assert slack.modals("ana") == []


def test_a_closed_modal_is_told_of_only_if_the_view_asked(slack: RunningWorkspace, app: ListeningApp, client: WebClient) -> None:
    open_modal(slack, app, client)
    before = len(app.got)

    assert slack.close_modal("ana") == {"status": None, "told": False}
    assert len(app.got) == before

    open_modal(slack, app, client)
    client.views_update(view_id=slack.modals("ana")[0]["id"], view={**MODAL, "notify_on_close": True})
    assert slack.close_modal("ana")["told"] is True
    assert app.last.payload["type"] == "view_closed"


def test_an_opened_home_is_an_event_and_its_buttons_press_without_a_channel(
    slack: RunningWorkspace, app: ListeningApp, client: WebClient
) -> None:
    slack.open_home("ana")
    assert is_signed(slack, app.last)
    assert app.last.payload["event"]["type"] == "app_home_opened"
    assert "view" not in app.last.payload["event"]

    client.views_publish(user_id="U0ANA", view=HOME)
    slack.open_home("ana")
    assert app.last.payload["event"]["view"]["hash"]

    slack.press("ana", "unmute", view="home", value="two")
    payload = app.last.payload
    assert (payload["actions"][0]["block_id"], payload["view"]["type"]) == ("two", "home")
    assert not {"channel", "message", "response_url"} & payload.keys()
    client.views_publish(user_id="U0ANA", view=HOME, hash=payload["view"]["hash"])


def test_a_command_is_a_form_and_its_answer_is_seen_by_that_person(slack: RunningWorkspace, app: ListeningApp) -> None:
    app.answer = lambda _payload: (200, json.dumps({"text": "All well"}))

    slack.command("kim", "/backup", "orders", channel="#backups")

    assert is_signed(slack, app.last)
    form = app.last.payload
    assert (form["command"], form["text"], form["user_id"], form["channel_id"]) == ("/backup", "orders", "U0KIM", "C0BACKUPS")
    assert [(m["text"], m["user_seeing"]) for m in slack.ephemerals(channel="backups")] == [("All well", "U0KIM")]


def test_an_app_that_is_down_or_unknown_is_said_so(slack: RunningWorkspace, client: WebClient) -> None:
    client.chat_postMessage(channel="U0ANA", text="broken", blocks=CARD)

    slack.settings(slack_url="http://127.0.0.1:1/")
    done = slack.press("ana", "mark_fixed")
    assert (done["status"], "refused" in done["body"]) == (0, True)
    slack.settings(slack_url="")
    assert slack.ask("POST", "press", {"user": "ana", "action_id": "mark_fixed"})[0] == 409


def test_wrong_requests_are_told_what_would_be_right(slack: RunningWorkspace) -> None:
    assert "sam" in slack.ask("POST", "press", {"user": "nobody", "action_id": "x"})[1]["people"]
    assert slack.ask("POST", "press", {"user": "ana", "action_id": "x", "channel": "nowhere"})[0] == 404
    assert slack.ask("POST", "press", {"user": "ana", "action_id": "x", "view": "home"})[0] == 404
    assert slack.ask("POST", "submit", {"user": "ana"})[1]["open"] == []
    assert slack.ask("POST", "command", {"user": "ana", "command": "backups"})[0] == 400
    assert slack.ask("POST", "command", {"user": "ana", "command": "/other"})[1]["commands"] == ["/backup"]
    assert slack.ask("POST", "settings", {"colour": "red"})[0] == 400
    assert slack.ask("POST", "press", [])[0] == 400
    assert slack.ask("GET", "nothing")[0] == 404
    assert slack.ask("GET", "ready")[1]["ok"] is True
