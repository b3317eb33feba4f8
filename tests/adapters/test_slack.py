"""What only the real adapter can meet: refused blocks, broken answers, many pages, caches."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from bolt_app.adapters import slack
from bolt_app.adapters.slack import RenewingClient, SlackDirectory, SlackMessenger, slack_client
from infra.local.slack.testing import RunningWorkspace, running_workspace
from workflows.kernel.errors import RateLimited, Refused, Unanswered
from workflows.kernel.ports import Message

SAM = "U0SAM"
GOOD = Message(text="hello", blocks=({"type": "section", "text": {"type": "mrkdwn", "text": "hello"}},))


@pytest.fixture
def workspace() -> Iterator[RunningWorkspace]:
    with running_workspace(posts_per_second=0, tiers=False) as running:
        yield running


def messenger(workspace: RunningWorkspace) -> SlackMessenger:
    return SlackMessenger(
        slack_client(workspace.bot_token, base_url=workspace.api_url, timeout_seconds=2), team_id=workspace.team
    )


@contextmanager
def server_saying(body: str, *, status: int = 200, headers: dict[str, str] | None = None) -> Iterator[SlackMessenger]:
    """A Web API that always gives the same answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            for name, value in ({"content-type": "application/json"} | (headers or {})).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode("utf-8", "surrogateescape"))

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/api/"
        yield SlackMessenger(slack_client("xoxb-test", base_url=url, timeout_seconds=1), team_id="T1")
    finally:
        server.shutdown()
        server.server_close()


def test_blocks_that_slack_refuses_are_replaced_by_the_text_so_that_no_old_button_stays(workspace: RunningWorkspace) -> None:
    channel = messenger(workspace).open_dm(SAM)
    ts = messenger(workspace).post(channel, GOOD, message_id="m1")
    messenger(workspace).update(
        channel, ts, Message(text="plain", blocks=({"type": "section", "text": {"type": "mrkdwn", "text": ""}},))
    )
    (message,) = workspace.messages(user=SAM)
    assert message["text"] == "plain"
    assert not any(block["type"] in {"actions", "section"} for block in message.get("blocks", ()))


def test_a_post_with_refused_blocks_is_refused_and_says_where(workspace: RunningWorkspace) -> None:
    channel = messenger(workspace).open_dm(SAM)
    bad = Message(text="x", blocks=({"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3001}},))
    with pytest.raises(Refused, match="invalid_blocks") as refused:
        messenger(workspace).post(channel, bad, message_id="m1")
    assert "/blocks/0" in refused.value.detail


def test_a_long_text_is_cut_when_a_message_is_rewritten(workspace: RunningWorkspace) -> None:
    channel = messenger(workspace).open_dm(SAM)
    ts = messenger(workspace).post(channel, GOOD, message_id="m1")
    messenger(workspace).update(channel, ts, Message(text="a" * 5000, blocks=GOOD.blocks))
    assert len(workspace.messages(user=SAM)[0]["text"]) == 4000


def test_links_are_not_unfolded_and_the_id_travels_in_the_metadata(workspace: RunningWorkspace) -> None:
    channel = messenger(workspace).open_dm(SAM)
    messenger(workspace).post(channel, GOOD, message_id="m1")
    (message,) = workspace.messages(user=SAM)
    assert message["metadata"] == {"event_type": "bk_delivery", "event_payload": {"id": "m1"}}


def test_a_message_is_found_on_a_later_page(workspace: RunningWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack, "PAGE_SIZE", 2)
    channel = messenger(workspace).open_dm(SAM)
    posted = [messenger(workspace).post(channel, GOOD, message_id=f"m{number}") for number in range(5)]
    assert messenger(workspace).find(channel, message_id="m0", since=datetime.now(UTC)) == posted[0]


def test_more_messages_than_can_be_looked_through_is_no_proof_of_absence(
    workspace: RunningWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack, "PAGE_SIZE", 1)
    monkeypatch.setattr(slack, "PAGES_MAX", 2)
    channel = messenger(workspace).open_dm(SAM)
    for number in range(4):
        messenger(workspace).post(channel, GOOD, message_id=f"m{number}")
    with pytest.raises(Unanswered, match="too_many_messages"):
        messenger(workspace).find(channel, message_id="none", since=datetime.now(UTC))


def test_people_are_asked_for_once_in_ten_minutes(workspace: RunningWorkspace) -> None:
    now = [0.0]
    client = slack_client(workspace.bot_token, base_url=workspace.api_url)
    directory = SlackDirectory(client, team_id=workspace.team, clock=lambda: now[0])
    for _ in range(3):
        assert directory.member(SAM) is not None
    now[0] = 599
    directory.member(SAM)
    assert len(workspace.calls("users.info")) == 1
    now[0] = 600
    directory.member(SAM)
    assert len(workspace.calls("users.info")) == 2


def test_people_of_another_workspace_bots_and_people_who_left_are_guests(workspace: RunningWorkspace) -> None:
    client = slack_client(workspace.bot_token, base_url=workspace.api_url)
    assert all(
        member is not None and member.guest
        for member in (
            SlackDirectory(client, team_id=workspace.team).member("U0LEA"),
            SlackDirectory(client, team_id=workspace.team).member("U0BOT"),
            SlackDirectory(client, team_id="TOTHER").member(SAM),
        )
    )


@pytest.mark.parametrize("body", ["<html>busy</html>", '{"ok": tr', "[1]", "null", "5", "\udcff", ""])
def test_an_answer_that_cannot_be_read_leaves_it_open_whether_it_happened(body: str) -> None:
    with server_saying(body) as slack_messenger, pytest.raises(Unanswered):
        slack_messenger.post("D1", GOOD, message_id="m1")


@pytest.mark.parametrize(("status", "body"), [(500, ""), (503, "<html>"), (502, '{"ok": false, "error": "fatal_error"}')])
def test_a_server_error_leaves_it_open_whether_it_happened(status: int, body: str) -> None:
    with server_saying(body, status=status) as slack_messenger, pytest.raises(Unanswered):
        slack_messenger.post("D1", GOOD, message_id="m1")


@pytest.mark.parametrize(("given", "seconds"), [("30", 30), ("0", 1), ("soon", 30), (None, 30)])
def test_the_time_to_wait_is_read_whatever_the_header_says(given: str | None, seconds: float) -> None:
    headers = {"Retry-After": given} if given is not None else {}
    with server_saying("", status=429, headers=headers) as slack_messenger, pytest.raises(RateLimited) as limited:
        slack_messenger.post("D1", GOOD, message_id="m1")
    assert limited.value.retry_after_seconds == seconds


@pytest.mark.parametrize("error", ["ratelimited", "rate_limited"])
def test_rate_limits_without_their_status_are_known_too(error: str) -> None:
    with server_saying(json.dumps({"ok": False, "error": error})) as slack_messenger, pytest.raises(RateLimited):
        slack_messenger.post("D1", GOOD, message_id="m1")


@pytest.mark.parametrize("error", ["fatal_error", "internal_error", "service_unavailable"])
def test_slack_says_itself_that_it_does_not_know_whether_it_happened(error: str) -> None:
    with server_saying(json.dumps({"ok": False, "error": error})) as slack_messenger, pytest.raises(Unanswered, match=error):
        slack_messenger.post("D1", GOOD, message_id="m1")


@pytest.mark.parametrize(
    "error", ["channel_not_found", "is_archived", "invalid_auth", "account_inactive", "messages_tab_disabled", "missing_scope"]
)
def test_everything_else_is_a_refusal_in_slacks_own_words(error: str) -> None:
    with server_saying(json.dumps({"ok": False, "error": error})) as slack_messenger, pytest.raises(Refused) as refused:
        slack_messenger.post("D1", GOOD, message_id="m1")
    assert refused.value.reason == error


def test_nobody_there_leaves_it_open() -> None:
    client = slack_client("xoxb-test", base_url="http://127.0.0.1:9/api/", timeout_seconds=1)
    with pytest.raises(Unanswered):
        SlackMessenger(client, team_id="T1").post("D1", GOOD, message_id="m1")


def test_who_is_refused_for_its_token_takes_the_one_in_force_and_tries_again(workspace: RunningWorkspace) -> None:
    tokens = iter(["xoxb-revoked", workspace.bot_token])
    client = RenewingClient(lambda: next(tokens), base_url=workspace.api_url, timeout=2)
    renewed = SlackMessenger(client, team_id=workspace.team)

    assert renewed.open_dm(SAM).startswith("D")
    assert next(tokens, "all were asked for") == "all were asked for"


def test_a_token_that_is_still_the_same_is_not_tried_twice() -> None:
    asked = iter(["xoxb-same"] * 5)
    with server_saying(json.dumps({"ok": False, "error": "token_revoked"})) as refusing:
        client = RenewingClient(lambda: next(asked), base_url=refusing._client.base_url, timeout=1)  # noqa: SLF001 - its address
        with pytest.raises(Refused, match="token_revoked"):
            SlackMessenger(client, team_id="T1").member_by_email("sam@example.com")
    assert len(list(asked)) == 3


@pytest.mark.parametrize("pasted", ["xoxb-11111-mine\nxoxb-22222-too", "xoxb-11111-mine xoxb-22222", "xoxb-11111–mine", ""])
def test_what_cannot_be_a_token_is_refused_without_a_word_of_it(pasted: str) -> None:
    """Python's own error about such a header quotes all of it, and whoever logs that has the token in the log."""
    with pytest.raises(Refused) as at_once:
        slack_client(pasted)
    with pytest.raises(Refused) as renewing:
        RenewingClient(lambda: pasted)

    for refused in (at_once.value, renewing.value):
        assert (refused.reason, "11111" in str(refused)) == ("invalid_auth", False)


def test_a_token_that_became_none_is_refused_without_a_word_of_it() -> None:
    tokens = iter(["xoxb-old", "xoxb-11111\nxoxb-22222"])
    with server_saying('{"ok": false, "error": "invalid_auth"}') as refusing:
        client = RenewingClient(lambda: next(tokens), base_url=refusing._client.base_url, timeout=1)  # noqa: SLF001 - its address
        with pytest.raises(Refused, match="invalid_auth") as refused:
            client.api_call("auth.test")
    assert "11111" not in str(refused.value)
