"""The local Slack over HTTP, with Slack's own client: it talks to it unchanged, and fails as it would in the world."""

import http.client
import json
from functools import partial
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from infra.local.slack.methods import SCOPES_USED
from infra.local.slack.testing import RunningWorkspace
from infra.local.slack.testing import running_workspace as running

pytestmark = pytest.mark.thorough  # a real server for each test

# All scopes, whatever the manifest grants today: these tests are about the server.
running_workspace = partial(running, scopes=SCOPES_USED)
METADATA = {"event_type": "bk", "event_payload": {"id": "7"}}
HOME = {"type": "home", "blocks": [{"type": "divider"}]}


def client_of(slack: RunningWorkspace, **more: Any) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[], **more)


def refused(call: Any, **args: object) -> SlackApiError:
    with pytest.raises(SlackApiError) as refusal:
        call(**args)
    return refusal.value


def test_slacks_own_client_posts_edits_and_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with running_workspace() as slack:
        client = client_of(slack)
        ana = client.users_lookupByEmail(email="ana@example.com")["user"]["id"]
        channel = client.conversations_open(users=ana)["channel"]["id"]
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*No fresh backup*"}}]
        ts = client.chat_postMessage(channel=channel, text="No backup", blocks=blocks, metadata=METADATA)["ts"]
        client.chat_postMessage(channel=channel, text="Again", thread_ts=ts)
        client.chat_update(channel=channel, ts=ts, text="Well again", blocks=[])
        client.views_publish(user_id=ana, view=HOME)

        found = client.conversations_history(channel=channel, oldest="0", include_all_metadata=True)["messages"]
        assert [m["metadata"] for m in found] == [METADATA]
        assert len(client.conversations_replies(channel=channel, ts=ts)["messages"]) == 2
        message = slack.messages(user="ana")[0]
        assert (message["text"], message["is_edited"], message["edits"][0]["text"]) == ("Well again", True, "No backup")
        assert [reply["text"] for reply in message["replies"]] == ["Again"]
        assert (slack.home("ana") or {})["type"] == "home"
        assert [call["method"] for call in slack.calls("chat.update")] == ["chat.update"]


def test_errors_reach_the_client_with_code_place_and_wait() -> None:
    with running_workspace(posts_burst=1) as slack:
        client = client_of(slack)
        wrong = refused(client.chat_postMessage, channel="U0ANA", text="x", blocks=[{"type": "header"}])
        client.chat_postMessage(channel="U0ANA", text="x")
        limited = refused(client.chat_postMessage, channel="U0ANA", text="x")

    assert wrong.response["error"] == "invalid_blocks"
    assert wrong.response["response_metadata"]["messages"] == ["[ERROR] missing required field: text [json-pointer:/blocks/0]"]
    assert (limited.response.status_code, limited.response.headers["Retry-After"]) == (429, "1")


def test_each_kind_of_fault_happens_as_often_as_asked_and_then_no_more() -> None:
    with running_workspace() as slack:
        client = client_of(slack)
        slack.faults(
            {"method": "chat.postMessage", "kind": "429", "seconds": 7},
            {"method": "*", "kind": "500"},
            {"method": "chat.postMessage", "kind": "error:fatal_error", "channel": "U0ANA", "times": 1},
            {"method": "chat.postMessage", "kind": "503", "channel": "U0SAM"},
        )
        errors = [refused(client.chat_postMessage, channel="U0ANA", text="x").response for _ in range(3)]

        assert [(e.status_code, e["error"]) for e in errors] == [
            (429, "ratelimited"),
            (500, "internal_error"),
            (200, "fatal_error"),
        ]
        assert errors[0].headers["Retry-After"] == "7"
        assert client.chat_postMessage(channel="U0ANA", text="x")["ok"]
        assert [fault["kind"] for fault in slack.faults_left()] == ["503"]
        slack.clear_faults()
        assert slack.faults_left() == []
        assert [m["text"] for m in slack.messages(user="ana")] == ["x"]


def test_a_lost_answer_was_carried_out_and_a_timeout_was_not() -> None:
    with running_workspace() as slack:
        client = client_of(slack, timeout=1)
        slack.faults({"method": "chat.postMessage", "kind": "lost"})
        with pytest.raises(RemoteDisconnected):
            client.chat_postMessage(channel="U0ANA", text="lost")
        slack.faults({"method": "chat.postMessage", "kind": "timeout", "seconds": 0.01})
        with pytest.raises(RemoteDisconnected):
            client.chat_postMessage(channel="U0ANA", text="never said")
        slack.faults({"method": "chat.postMessage", "kind": "slow:0.01"})
        client.chat_postMessage(channel="U0ANA", text="slow")

        assert [m["text"] for m in slack.messages(user="ana")] == ["lost", "slow"]


def test_faults_by_chance_are_the_same_for_the_same_seed() -> None:
    def struck() -> list[bool]:
        with running_workspace() as slack:
            slack.faults({"method": "auth.test", "kind": "500", "probability": 0.5, "seed": 4})
            client = client_of(slack)
            return [bool(failed(client)) for _ in range(12)]

    def failed(client: WebClient) -> str:
        try:
            client.auth_test()
        except SlackApiError as error:
            return str(error.response["error"])
        return ""

    assert struck() == struck()
    assert 0 < sum(struck()) < 12


@pytest.mark.parametrize(
    "fault", [{"method": "auth.test", "kind": "418"}, {"kind": "500"}, {"method": "x", "kind": "500", "when": 1}]
)
def test_a_fault_that_means_nothing_is_refused(fault: dict[str, object]) -> None:
    with running_workspace() as slack:
        status, answer = slack.ask("POST", "faults", fault)

    assert (status, answer["ok"]) == (400, False)


def test_forms_json_and_queries_are_all_read_and_other_bodies_refused() -> None:
    with running_workspace() as slack:
        line = http.client.HTTPConnection(urlsplit(slack.url).netloc)

        def ask(body: str, kind: str, query: str = "") -> str:
            headers = {"Content-Type": kind, "Authorization": f"Bearer {slack.bot_token}"}
            line.request("POST", f"/api/users.info{query}", body, headers)
            answer = json.loads(line.getresponse().read())
            return str(answer.get("error") or answer["user"]["name"])

        try:
            assert ask("user=U0ANA", "application/x-www-form-urlencoded") == "ana"
            assert ask('{"user": "U0ANA"}', "application/json; charset=utf-8") == "ana"
            assert ask("", "application/x-www-form-urlencoded", "?user=U0ANA") == "ana"
            assert ask("{", "application/json") == "invalid_json"
            assert ask("[]", "application/json") == "json_not_object"
            assert ask("<user/>", "text/xml") == "invalid_post_type"
        finally:
            line.close()


def test_what_was_said_survives_a_restart_and_what_is_said_next_comes_later(tmp_path: Path) -> None:
    state = tmp_path / "kept" / "slack.json"
    with running_workspace(state=state, clock=lambda: 2_000_000_000.0) as slack:
        ts = client_of(slack).chat_postMessage(channel="U0ANA", text="x", metadata=METADATA)["ts"]
        client_of(slack).views_publish(user_id="U0ANA", view=HOME)
    with running_workspace(state=state, clock=lambda: 1_900_000_000.0) as slack:
        client = client_of(slack)
        assert client.chat_update(channel="D0ANA", ts=ts, text="y")["message"]["metadata"] == METADATA
        assert client.chat_postMessage(channel="D0ANA", text="z")["ts"] > ts
        assert slack.home("ana") is not None


def test_a_state_file_that_is_not_ours_stops_the_start(tmp_path: Path) -> None:
    state = tmp_path / "slack.json"
    for text in ("{", "[]", '{"version": 99}'):
        state.write_text(text)
        with pytest.raises(ValueError, match="delete it to start afresh"), running_workspace(state=state):
            pass


def test_a_file_may_name_other_people_and_channels(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text('{"people": [{"id": "U1", "name": "mia", "email": "mia@example.com"}], "channels": []}')
    with running_workspace(people=people) as slack:
        assert client_of(slack).users_lookupByEmail(email="mia@example.com")["user"]["id"] == "U1"

    people.write_text('{"people": [{"id": "U1", "nickname": "mia"}]}')
    with pytest.raises(ValueError, match="known keys are admin"), running_workspace(people=people):
        pass


def test_the_page_shows_what_was_said_and_nothing_of_it_as_markup() -> None:
    with running_workspace() as slack:
        slack.write("ana", "<script>alert(1)</script>")
        client_of(slack).chat_postMessage(
            channel="U0ANA", text="x", blocks=[{"type": "section", "text": {"type": "plain_text", "text": "<b>R&D</b>"}}]
        )
        line = http.client.HTTPConnection(urlsplit(slack.url).netloc)
        try:
            line.request("GET", "/text")
            page = line.getresponse().read().decode()
        finally:
            line.close()

    assert "Conversation with Ana Admin" in page
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in page
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "/_local/press" in page


def test_a_response_url_works_five_times_within_half_an_hour() -> None:
    now = [1_800_000_000.0]
    with running_workspace(clock=lambda: now[0]) as slack:
        client_of(slack).conversations_open(users="U0ANA")
        key = slack.workspace.tickets.response("U0ANA", "D0ANA", now[0])
        late = slack.workspace.tickets.response("U0ANA", "D0ANA", now[0])
        hook = WebhookClient(f"{slack.url}/actions/{slack.team}/{key}")
        assert [hook.send(text=str(n)).status_code for n in range(6)] == [200] * 5 + [404]

        now[0] += 30 * 60 + 1
        assert json.loads(WebhookClient(f"{slack.url}/actions/{slack.team}/{late}").send(text="x").body)["error"] == "expired_url"
        assert [m["text"] for m in slack.ephemerals(user="ana")] == ["0", "1", "2", "3", "4"]
