"""Private answers: to Slack alone, and never twice by ourselves."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from bolt_app.adapters.response_urls import ResponseUrls, is_slacks
from workflows.kernel.errors import Refused, Unanswered
from workflows.kernel.ports import Message

SAID = Message(text="The key of orders-db", blocks=({"type": "divider"},))
LOCAL = "http://127.0.0.1:4701/api/"


@pytest.mark.parametrize(
    "address", ["https://hooks.slack.com/actions/T0/1/x", "https://hooks.slack.com:443/x", "HTTPS://Hooks.Slack.com/x"]
)
def test_slacks_own_addresses_are_taken(address: str) -> None:
    assert is_slacks(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.slack.com/x",
        "https://hooks.slack.com:8443/x",
        "https://hooks.slack.com.evil.example/x",
        "https://evil.example/hooks.slack.com",
        "https://hooks.slack.com@evil.example/x",
        "https://evil.example\\@hooks.slack.com/x",
        "https://slack.com/x",
        "https://hooks.slack.com:x/",
        "https://hooks.slack.com /x",
        "//hooks.slack.com/x",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:4701/actions/x",
        "",
    ],
)
def test_nothing_goes_anywhere_else(address: str) -> None:
    assert not is_slacks(address)
    with pytest.raises(Refused):
        ResponseUrls().to(address)


def test_where_slack_was_turned_to_another_host_that_one_is_taken_too() -> None:
    assert is_slacks("http://127.0.0.1:4701/actions/T0/x", turned=LOCAL)
    assert is_slacks("https://hooks.slack.com/x", turned=LOCAL)
    assert not is_slacks("http://127.0.0.1:4702/actions/T0/x", turned=LOCAL)
    assert not is_slacks("http://127.0.0.1/actions/T0/x", turned=LOCAL)


class Slack:
    """A server that hears answers. `status` is what it answers itself."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.heard.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(outer.status)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: object) -> None:
                """Says nothing on standard error."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def slack() -> Iterator[Slack]:
    slack = Slack()
    thread = threading.Thread(target=slack.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield slack
    slack.server.shutdown()
    thread.join()
    slack.server.server_close()


def test_an_answer_is_private_and_replaces_nothing(slack: Slack) -> None:
    ResponseUrls(slack_api_url=slack.url).to(f"{slack.url}actions/x")(SAID)

    assert slack.heard == [
        {"response_type": "ephemeral", "replace_original": False, "text": SAID.text, "blocks": [{"type": "divider"}]}
    ]


@pytest.mark.parametrize(("status", "error"), [(500, Unanswered), (429, Unanswered), (404, Refused), (410, Refused)])
def test_what_slack_says_to_it_is_told_in_our_words_after_one_try(slack: Slack, status: int, error: type[Exception]) -> None:
    slack.status = status

    with pytest.raises(error):
        ResponseUrls(slack_api_url=slack.url).to(f"{slack.url}actions/x")(SAID)
    assert len(slack.heard) == 1


def test_no_answer_does_not_show_the_address(slack: Slack) -> None:
    address = f"{slack.url}actions/secret-part"
    tell = ResponseUrls(slack_api_url=slack.url).to(address)
    slack.server.server_close()

    with pytest.raises(Unanswered) as raised:
        tell(SAID)
    assert "secret-part" not in str(raised.value)


def test_an_answer_takes_the_place_of_what_was_pressed_only_where_that_is_asked(slack: Slack) -> None:
    ResponseUrls(slack_api_url=slack.url).to(f"{slack.url}actions/x", instead=True)(SAID)

    assert [told["replace_original"] for told in slack.heard] == [True]
