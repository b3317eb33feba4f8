"""The weekly test on the local stack, roles enforced: from a record that fails on purpose to a message that turns green."""

import json
from typing import Any

import pytest
from slack_sdk import WebClient

from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import actions, item_of, mirrored, until
from workflows.backup.job_id import CANARY

pytestmark = pytest.mark.e2e


def look(stack: LocalStack) -> str:
    """What the schedule does."""
    answer = stack.functions.invoke(FunctionName="bk-heartbeat", Payload=b'{"canary":"weekly"}')
    said: dict[str, str] = json.loads(answer["Payload"].read())
    return said["canary"]


def message(stack: LocalStack) -> str:
    """What the admin's message says now; "" while there is none."""
    told: dict[str, Any] = item_of(stack, CANARY).get("told", {}).get("ana@example.com", {}).get("M", {})
    if not told.get("ts", {}).get("S"):
        return ""
    slack = WebClient(token=stack.bot_token, base_url=stack.slack_api)
    found = slack.conversations_history(
        channel=told["channel"]["S"], latest=told["ts"]["S"], oldest=told["ts"]["S"], inclusive=True
    )
    return str(found["messages"][0]["text"])


def test_it_reaches_the_admin_and_turns_green(stack: LocalStack) -> None:
    first = look(stack)
    until(30, lambda: message(stack), "the admin holds the message")
    if first == "begin":  # on a Monday the stack's own schedule may have been there before
        assert message(stack) == ":bird: Weekly test: this message has reached you"

    until(10, lambda: look(stack) == "rest", "its arrival is seen, and the test ended")
    until(30, lambda: message(stack) == ":large_green_circle: Weekly test: alerts reach you", "the message turns green")

    assert actions(stack, CANARY) == ["opened", "recovered"]
    assert CANARY not in mirrored(stack)
