"""Which rows of the ledger count as failed, which as delivered, and which not yet."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bolt_app.services.dispatcher import count_outcome
from workflows.kernel.errors import RateLimited, Refused
from workflows.kernel.ports import Delivery, Outcome

ROW = Delivery(
    recipient="sam@example.com", id="d1", subject="nas", break_id="b1", say=1, kind="alert", outcome="sending",
    started=datetime(2026, 3, 1, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "why", "counted"),
    [
        ("delivered", "", 0),
        ("delivered", "found after a lost answer", 0),
        ("failed", str(Refused("invalid_auth", "chat.postMessage")), 1),
        ("failed", "bounced: NoEmail 5.1.1", 1),
        ("failed", str(RateLimited(30)), None),  # it is told in half a minute
        ("sending", "", None),
        ("suppressed", "all_green before it was said", None),
        ("waiting", "", None),
    ],
)
def test_what_ended_counts_and_what_waits_does_not(
    outcome: Outcome, why: str, counted: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    count_outcome(replace(ROW, outcome=outcome, why=why), "bk")

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["DeliveryFailed"] for line in lines] == ([] if counted is None else [counted])
