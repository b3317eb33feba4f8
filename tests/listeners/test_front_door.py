"""Who gets past the front door, and what is counted."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from bolt_app.slack_front import REREAD_AFTER_SECONDS
from tests.listeners.door import SECRET, Door, press_in_message, request
from workflows.kernel.errors import Unanswered


def counted(door: Door) -> int:
    metrics = [json.loads(line) for line in door.lines]
    return sum(metric["SlackSignatureFailure"] for metric in metrics)


def press(door: Door) -> str:
    return urlencode({"payload": json.dumps(press_in_message(door.outside, "mark_fixed"))})


@pytest.mark.parametrize("as_base64", [False, True])
def test_a_signed_press_is_carried_out_whether_its_body_is_plain_or_base64(door: Door, as_base64: bool) -> None:
    answer = door.send(request(press(door), as_base64=as_base64))
    assert answer["statusCode"] == 200
    assert [name for name, _ in door.pressed.asked] == ["mark_fixed"]
    assert door.lines == []


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({"headers": None}, 0),
        ({"headers": {}}, 0),
        ({"headers": {"x-slack-signature": "v0=00"}}, 1),
        ({"headers": {"x-slack-request-timestamp": "1"}}, 0),
        ({"headers": {"x-slack-signature": "v0=00", "x-slack-request-timestamp": "soon"}}, 1),
        ({"headers": {"x-slack-signature": "v0=00", "x-slack-request-timestamp": "9" * 400}}, 1),
        ({"headers": {"x-slack-signature": "v0=é", "x-slack-request-timestamp": None}}, 1),
        ({"body": "payload=notjson"}, 1),
        ({"body": "[1]"}, 1),
        ({"body": "{"}, 1),
        ({"body": None}, 1),
        ({"body": {"a": 1}}, 1),
        ({"body": "ssl_check=1&token=x"}, 1),
        ({"body": "////", "isBase64Encoded": True}, 1),
        ({"body": "no base64!", "isBase64Encoded": True}, 1),
        ({"body": "é", "isBase64Encoded": True}, 1),
    ],
)
def test_whatever_is_not_signed_by_slack_is_turned_away_and_counted_if_it_claims_to_be(
    door: Door, change: dict[str, Any], counts: int
) -> None:
    answer = door.send(request(press(door)) | change)
    assert answer["statusCode"] == 401
    assert answer["body"] == ""
    assert counted(door) == counts
    assert door.pressed.asked == []


def test_a_signature_that_is_not_ascii_is_turned_away(door: Door) -> None:
    event = request(press(door))
    event["headers"]["x-slack-signature"] = "v0=é"
    assert door.send(event)["statusCode"] == 401
    assert counted(door) == 1


def test_a_request_older_than_five_minutes_is_turned_away(door: Door) -> None:
    assert door.send(request(press(door), age_seconds=301))["statusCode"] == 401
    assert counted(door) == 1


def test_header_names_are_read_in_any_case(door: Door) -> None:
    event = request(press(door))
    event["headers"] = {name.title(): value for name, value in event["headers"].items()}
    assert door.send(event)["statusCode"] == 200


@pytest.mark.parametrize(
    "change", [{"requestContext": {"http": {"method": "GET"}}}, {"requestContext": None}, {"requestContext": {}}]
)
def test_what_is_no_post_finds_nothing_and_is_not_counted(door: Door, change: dict[str, Any]) -> None:
    assert door.send(request(press(door)) | change)["statusCode"] == 404
    assert door.lines == []


def test_the_metric_is_one_line_of_embedded_metric_format(door: Door) -> None:
    door.send(request(press(door), signed_with="wrong"))
    (line,) = door.lines
    assert line.endswith("\n")
    described = json.loads(line)["_aws"]["CloudWatchMetrics"]
    assert described == [{"Namespace": "bk", "Dimensions": [[]], "Metrics": [{"Name": "SlackSignatureFailure", "Unit": "Count"}]}]


def test_the_secret_before_the_present_one_still_opens(door: Door) -> None:
    door.front.read_secrets = lambda: ("new-secret", SECRET)
    assert door.send(request(press(door)))["statusCode"] == 200
    assert door.send(request(press(door), signed_with="new-secret"))["statusCode"] == 200
    assert len(door.pressed.asked) == 2


def test_an_exchanged_secret_is_read_again_but_at_most_once_a_minute(door: Door) -> None:
    reads, now = [], [1_000_000_000.0]

    def read() -> tuple[str, ...]:
        reads.append(now[0])
        return ("first",) if len(reads) == 1 else ("second",)

    door.front.read_secrets, door.front.clock = read, lambda: now[0]
    wrong = request(press(door), signed_with="second")
    assert door.send(wrong)["statusCode"] == 401
    assert door.send(wrong)["statusCode"] == 401
    assert len(reads) == 1
    now[0] += REREAD_AFTER_SECONDS
    door.send(wrong)
    door.send(wrong)
    assert len(reads) == 2
    assert door.front.secrets == ("second",)


def test_a_request_signed_with_the_new_secret_gets_in_as_soon_as_it_is_read(door: Door) -> None:
    secrets = [("first",), (SECRET,)]
    door.front.read_secrets = lambda: secrets.pop(0) if len(secrets) > 1 else secrets[0]
    door.send(request(press(door), signed_with="first"))
    door.front.read_at -= REREAD_AFTER_SECONDS
    assert door.send(request(press(door)))["statusCode"] == 200


def test_secrets_that_cannot_be_read_again_leave_the_known_ones_in_force(door: Door) -> None:
    door.send(request(press(door)))

    def fail() -> tuple[str, ...]:
        raise Unanswered("timeout")

    door.front.read_secrets = fail
    door.front.read_at -= REREAD_AFTER_SECONDS
    assert door.send(request(press(door), signed_with="wrong"))["statusCode"] == 401
    assert door.send(request(press(door)))["statusCode"] == 200


def test_slacks_challenge_is_answered(door: Door) -> None:
    answer = door.hear({"type": "url_verification", "challenge": "abc", "token": "x"})
    assert answer["statusCode"] == 200
    assert "abc" in answer["body"]


def test_a_request_of_another_workspace_reaches_no_use_case(door: Door) -> None:
    answer = door.interact(press_in_message(door.outside, "mute", team="T2"))
    assert answer["statusCode"] == 200
    assert door.pressed.asked == []
    (said,) = door.outside.named("/response")
    assert said["text"] == "This app watches the backups of another workspace."


def test_nothing_is_asked_of_slack_to_let_someone_in(door: Door) -> None:
    door.interact(press_in_message(door.outside, "unmute"))
    assert door.outside.calls == []
