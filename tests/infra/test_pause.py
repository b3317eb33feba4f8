"""Pausing is told once it is so: Lambda takes its time with a queue, and takes no order meanwhile."""

from typing import Any

import pytest

from infra import pause
from infra.pause import PauseError

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:bk-dispatch"


class Account:
    """A session and its clients: one schedule, one queue that goes through these states, and what an update took away."""

    def __init__(self, *states: str) -> None:
        self._states = list(states)
        self.orders: list[dict[str, Any]] = []
        self.waited = 0

    def client(self, _name: str) -> "Account":
        return self

    def get_paginator(self, _call: str) -> "Account":
        return self

    def paginate(self, *, StackName: str) -> list[Any]:  # noqa: N803 - as AWS names it
        assert StackName == "s"
        parts = (
            ("AWS::Scheduler::Schedule", "bk-tick", "CREATE_COMPLETE"),
            ("AWS::Scheduler::Schedule", "bk-gone", "DELETE_COMPLETE"),
            ("AWS::Lambda::EventSourceMapping", "the-uuid", "UPDATE_COMPLETE"),
            ("AWS::SQS::Queue", "bk-dispatch", "CREATE_COMPLETE"),
        )
        names = ("ResourceType", "PhysicalResourceId", "ResourceStatus")
        return [{"StackResourceSummaries": [dict(zip(names, one, strict=True)) | {"LogicalResourceId": one[1]} for one in parts]}]

    def get_schedule(self, *, Name: str) -> dict[str, Any]:  # noqa: N803
        assert Name == "bk-tick"
        return {"Name": Name, "State": "ENABLED", "Target": {"Arn": "x"}}

    def update_schedule(self, **told: Any) -> None:
        self.orders.append(told)

    def get_event_source_mapping(self, **_: str) -> dict[str, str]:
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        return {"State": state, "EventSourceArn": QUEUE}

    def update_event_source_mapping(self, **told: Any) -> None:
        self.orders.append(told)

    def wait(self, _seconds: float) -> None:
        self.waited += 1


def ordered(account: Account, *, resume: bool = False) -> list[str]:
    session: Any = account
    return pause.pause(session, stack="s", resume=resume, wait=account.wait)


def test_it_is_paused_once_nothing_is_taken_from_the_queue_any_more() -> None:
    account = Account("Enabled", "Disabling", "Disabling", "Disabled")

    assert ordered(account) == ["bk-tick", "bk-dispatch"]
    assert account.orders[0]["State"] == "DISABLED"
    assert account.orders[1] == {"UUID": "the-uuid", "Enabled": False}
    assert account.waited == 2


def test_resumed_right_after_it_was_paused_it_waits_until_lambda_takes_an_order() -> None:
    account = Account("Disabling", "Disabled", "Enabling", "Enabled")

    assert ordered(account, resume=True) == ["bk-tick", "bk-dispatch"]
    assert account.orders[1] == {"UUID": "the-uuid", "Enabled": True}


def test_what_is_so_already_is_left_alone() -> None:
    account = Account("Disabled")

    ordered(account)
    assert len(account.orders) == 1


def test_a_queue_that_never_settles_is_said() -> None:
    with pytest.raises(PauseError, match="bk-dispatch is still Disabling"):
        ordered(Account("Enabled", "Disabling"))
