"""What the page of the local Slack is made of: a snapshot of one person's screen, a stream of changes, and a panel."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from infra.local.slack.methods import SCOPES_USED
from infra.local.slack.testing import RunningWorkspace
from infra.local.slack.testing import running_workspace as running
from tests.infra.listening_app import ListeningApp, listening_app

pytestmark = pytest.mark.thorough  # a real server for each test

running_workspace = partial(running, scopes=SCOPES_USED)
MANIFEST = {
    "display_information": {"name": "Sentinel"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [{"command": "/backup", "usage_hint": "[job]", "should_escape": True}],
        "shortcuts": [
            {"name": "Add a job", "type": "global", "callback_id": "add"},
            {"name": "Make it a job", "type": "message", "callback_id": "from_message"},
        ],
    },
}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


PUSHED = {"type": "modal", "title": plain("Second"), "blocks": [{"type": "divider"}]}
FIRST = PUSHED | {"title": plain("First"), "clear_on_close": True}
SELECT = {"type": "static_select", "action_id": "state", "options": [{"text": plain("Red"), "value": "red"}]}
HOME = {"type": "home", "blocks": [{"type": "actions", "block_id": "filter", "elements": [SELECT]}]}


@pytest.fixture
def app() -> Iterator[ListeningApp]:
    with listening_app() as app:
        yield app


@pytest.fixture
def slack(app: ListeningApp, tmp_path: Path) -> Iterator[RunningWorkspace]:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    with running_workspace(slack_url=app.url, manifest=manifest) as slack:
        yield slack


@pytest.fixture
def client(slack: RunningWorkspace) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url)


class Answer(NamedTuple):
    status: int
    kind: str
    policy: str
    body: bytes


def asked(slack: RunningWorkspace, verb: str, path: str, **headers: str) -> Answer:
    with closing(http.client.HTTPConnection(urlsplit(slack.url).netloc, timeout=10)) as line:
        line.request(verb, path, "{}" if verb == "POST" else None, headers)
        answer = line.getresponse()
        kind, policy = answer.headers["Content-Type"], answer.headers.get("Content-Security-Policy", "")
        return Answer(answer.status, kind, policy, answer.read())


@contextmanager
def stream_of(slack: RunningWorkspace) -> Iterator[http.client.HTTPResponse]:
    with closing(http.client.HTTPConnection(urlsplit(slack.url).netloc, timeout=10)) as line:
        line.request("GET", "/_local/stream")
        with line.getresponse() as stream:
            yield stream


def test_a_screen_shows_what_this_person_may_see_and_nothing_else(slack: RunningWorkspace, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="U0SAM", text="for Sam")["ts"]
    client.chat_postMessage(channel="U0SAM", text="below", thread_ts=ts)
    client.chat_update(channel="D0SAM", ts=ts, text="for Sam, changed")
    client.chat_postEphemeral(channel="C0BACKUPS", user="U0SAM", text="psst")

    sam = slack.screen("sam", "D0SAM")
    (message,) = sam["talk"]["messages"]
    assert (message["text"], message["was_edited"]) == ("for Sam, changed", True)
    assert [reply["text"] for reply in message["replies"]] == ["below"]
    assert sam["waiting"]["U0SAM"] == 2
    assert slack.screen("ana", "D0SAM")["talk"] is None
    assert [m["text"] for m in slack.screen("sam", "C0BACKUPS")["talk"]["ephemerals"]] == ["psst"]
    assert slack.screen("ana", "C0BACKUPS")["talk"]["ephemerals"] == []
    assert [talk["id"] for talk in slack.screen("gus")["talks"]] == ["C0BACKUPS", "D0GUS"]


def test_the_manifest_says_what_can_be_called(slack: RunningWorkspace) -> None:
    app = slack.screen("ana")["app"]
    assert (app["name"], app["commands"][0]["usage_hint"]) == ("Sentinel", "[job]")
    assert [shortcut["callback_id"] for shortcut in app["shortcuts"]] == ["add", "from_message"]


def test_the_stream_speaks_at_once_and_after_each_change(slack: RunningWorkspace) -> None:
    with stream_of(slack) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        assert [stream.readline(), stream.readline()] == [b"retry: 1000\n", b"\n"]
        first = stream.readline()
        stream.readline()
        slack.write("ana", "Good morning", channel="backups")
        assert int(stream.readline().removeprefix(b"data: ")) > int(first.removeprefix(b"data: "))


def test_streams_end_with_the_server() -> None:
    with running_workspace() as slack, stream_of(slack) as stream:
        reading = threading.Thread(target=stream.read, daemon=True)
        reading.start()
        slack.server.close()
        reading.join(5)
        assert not reading.is_alive()


def test_another_site_in_the_same_browser_presses_nothing(slack: RunningWorkspace) -> None:
    assert asked(slack, "POST", "/_local/settings", Origin=slack.url).status == 200
    assert asked(slack, "POST", "/_local/settings", Origin="https://example.com").status == 403


def test_shortcuts_arrive_signed_for_the_app_and_for_a_message(
    slack: RunningWorkspace, app: ListeningApp, client: WebClient
) -> None:
    slack.shortcut("ana", "add")
    assert (app.last.payload["type"], app.last.payload["callback_id"]) == ("shortcut", "add")
    client.views_open(trigger_id=app.last.payload["trigger_id"], view=FIRST)

    ts = client.chat_postMessage(channel="C0BACKUPS", text="a report")["ts"]
    slack.shortcut("ana", "from_message", channel="backups", ts=ts)
    payload = app.last.payload
    assert (payload["type"], payload["message"]["text"], payload["channel"]["id"]) == ("message_action", "a report", "C0BACKUPS")
    assert payload["response_url"]
    assert slack.ask("POST", "shortcut", {"user": "ana", "callback_id": "nothing"})[1]["shortcuts"] == ["add", "from_message"]
    assert slack.ask("POST", "shortcut", {"user": "ana", "callback_id": "from_message", "ts": "1.1"})[0] == 404


def test_without_the_scope_for_them_neither_commands_nor_shortcuts_are_there(app: ListeningApp, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    with running(slack_url=app.url, manifest=manifest, scopes=SCOPES_USED - {"commands"}) as slack:
        for path, request in (("command", {"command": "/backup"}), ("shortcut", {"callback_id": "add"})):
            assert "scope commands" in slack.ask("POST", path, {"user": "ana", **request})[1]["error"]


def test_a_command_names_people_by_id_where_the_manifest_asks_for_it(slack: RunningWorkspace, app: ListeningApp) -> None:
    slack.command("ana", "/backup", "owner @sam not @nobody or sam@example.com")
    assert app.last.payload["text"] == "owner <@U0SAM|sam> not @nobody or sam@example.com"


def test_a_modal_is_pushed_onto_another_by_a_call_or_an_answer(
    slack: RunningWorkspace, app: ListeningApp, client: WebClient
) -> None:
    def called() -> str:
        slack.shortcut("ana", "add")
        return str(app.last.payload["trigger_id"])

    with pytest.raises(SlackApiError, match="not_found"):
        client.views_push(trigger_id=called(), view=PUSHED)
    client.views_open(trigger_id=called(), view=FIRST)
    app.answer = lambda _payload: (200, json.dumps({"response_action": "push", "view": PUSHED}))
    assert slack.submit("ana")["view"] == "pushed"
    first, second = slack.modals("ana")
    assert (second["previous_view_id"], second["root_view_id"]) == (first["id"], first["id"])

    slack.close_modal("ana")
    app.answer = lambda _payload: (200, "")
    client.views_push(trigger_id=called(), view=PUSHED)
    assert [view["title"]["text"] for view in slack.modals("ana")] == ["First", "Second"]
    slack.close_modal("ana", view_id=first["id"])  # clear_on_close: the one that stood on it goes with it
    assert slack.modals("ana") == []


def test_what_is_chosen_on_the_home_tab_stays_chosen_and_is_told(
    slack: RunningWorkspace, app: ListeningApp, client: WebClient
) -> None:
    client.views_publish(user_id="U0ANA", view=HOME)
    before = (slack.home("ana") or {})["state"]["values"]["filter"]["state"]
    assert before == {"type": "static_select", "selected_option": None}

    slack.press("ana", "state", view="home", value="red")
    assert app.last.payload["view"]["state"]["values"]["filter"]["state"]["selected_option"]["value"] == "red"
    assert (slack.home("ana") or {})["state"]["values"]["filter"]["state"]["selected_option"]["value"] == "red"


def test_people_answer_in_threads_and_put_away_what_only_they_see(slack: RunningWorkspace, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0BACKUPS", text="broken")["ts"]
    slack.write("kim", "looking", channel="backups", thread_ts=ts)
    assert [reply["text"] for reply in slack.messages(channel="backups")[0]["replies"]] == ["looking"]
    assert slack.ask("POST", "write", {"user": "kim", "text": "  ", "channel": "backups"})[0] == 400

    client.chat_postEphemeral(channel="C0BACKUPS", user="U0KIM", text="psst")
    (whisper,) = slack.ephemerals(channel="backups")
    assert slack.ask("POST", "dismiss", {"user": "ana", "ts": whisper["ts"], "channel": "backups"})[0] == 404
    slack.dismiss("kim", whisper["ts"], channel="backups")
    assert slack.ephemerals(channel="backups") == []


def test_a_text_counts_as_it_is_kept(client: WebClient) -> None:
    def section(text: str) -> list[dict[str, Any]]:
        return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]

    client.chat_postMessage(channel="U0ANA", text="x", blocks=section("&amp;" * 600))
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        client.chat_postMessage(channel="U0ANA", text="x", blocks=section("&" * 601))


PANEL = {"title": "Break it", "hint": "", "items": [], "next": "Stop one."}


class Sample(BaseHTTPRequestHandler):
    """A program with a panel: refuses to break what is not there."""

    def do_GET(self) -> None:
        self._say(200, PANEL)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._say(*((200, {"did": asked}) if asked["item"] == "orders" else (400, {"error": "there is no such item"})))

    def _say(self, status: int, body: object) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


def test_a_panel_is_another_programs_and_is_only_passed_on(slack: RunningWorkspace) -> None:
    assert slack.ask("GET", "panel") == (200, None)
    assert slack.ask("POST", "panel", {"item": "orders", "action": "stop"})[0] == 409
    with ThreadingHTTPServer(("127.0.0.1", 0), Sample) as sample:
        thread = threading.Thread(target=sample.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        slack.settings(panel_url=f"http://127.0.0.1:{sample.server_address[1]}/panel")
        assert slack.ask("GET", "panel") == (200, PANEL)
        order = {"item": "orders", "action": "stop"}
        assert slack.ask("POST", "panel", order) == (200, {"did": order})
        assert slack.ask("POST", "panel", {"item": "x", "action": "stop"}) == (
            502,
            {"ok": False, "error": "there is no such item"},
        )
        sample.shutdown()
        thread.join()
    assert slack.ask("GET", "panel")[0] == 502


def test_the_page_is_served_as_built_and_until_then_says_why_not(tmp_path: Path) -> None:
    now: list[Path | str] = ["It is being <built>."]
    with running_workspace(page=lambda: now[0]) as slack:
        assert b"It is being &lt;built&gt;." in asked(slack, "GET", "/").body
        assert b"Local Slack" in asked(slack, "GET", "/text").body
        for name, text in {"index.html": "<p>the page</p>", "page.js": "1", "secret.txt": "no"}.items():
            (tmp_path / name).write_text(text)
        now[0] = tmp_path
        page = asked(slack, "GET", "/")
        assert (page.body, page.policy[:18]) == (b"<p>the page</p>", "default-src 'none'")
        assert asked(slack, "GET", "/page.js").kind.startswith("text/javascript")
        assert [asked(slack, "GET", path).status for path in ("/secret.txt", "/../pyproject.toml", "/nothing.js")] == [404] * 3


def test_what_is_played_here_besides_is_said_on_every_screen() -> None:
    with running_workspace() as workspace:
        assert workspace.screen("ana")["note"] == ""
        workspace.settings(note="No language model runs here.")
        assert workspace.screen("kim")["note"] == "No language model runs here."
