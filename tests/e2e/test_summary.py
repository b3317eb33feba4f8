"""The day's summary on the local stack, with the role enforced: told once, in the channel and by mail."""

import json
import urllib.request
from typing import Any

import pytest

from infra.local.furniture import ADMIN, CHANNEL
from infra.local.slack.testing import People
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import state_of, until

pytestmark = pytest.mark.e2e


def tell(stack: LocalStack) -> Any:
    """One invocation, as the schedule makes it."""
    answer = stack.functions.invoke(FunctionName="bk-summary", Payload=json.dumps({"mode": "daily"}).encode())
    said = answer["Payload"].read().decode()
    assert not answer.get("FunctionError"), said
    return json.loads(said)


def summaries(stack: LocalStack) -> list[dict[str, Any]]:
    return [message for message in People(stack.page).messages(channel=CHANNEL) if "Backups on " in message["shown"]]


def letters(stack: LocalStack) -> list[str]:
    with urllib.request.urlopen(f"{stack.aws}/_ministack/ses/messages?account={stack.account}", timeout=10) as answer:  # noqa: S310 - ours
        sent = json.load(answer)["messages"].get(stack.account, [])
    return [letter["Subject"] for letter in sent if letter["To"] == [ADMIN] and letter["Subject"].startswith("Backups on ")]


def test_it_is_told_once_a_day_and_a_second_run_tells_nothing(stack: LocalStack) -> None:
    row = b"job_id,name,target,window\nsummary-ledger,Ledger copy,s3://acme-backups/summary-ledger/,26h\n"
    stack.s3.put_object(Bucket=stack.registry_bucket, Key="jobs.csv", Body=row)
    until(30, lambda: state_of(stack, "summary-ledger"), "there is something to tell of")

    assert tell(stack) == {"told": True}
    assert tell(stack) == {"told": False}

    [told] = summaries(stack)
    assert "Ledger copy waits for its first run" in told["shown"].replace("*", "")
    assert "without the model" not in told["shown"]  # the stand-in wrote it, and it was believed
    assert len(letters(stack)) == 1


def test_it_is_planned_for_eight_by_the_companys_clock(stack: LocalStack) -> None:
    plan = stack.session.client("scheduler", endpoint_url=stack.aws).get_schedule(Name="bk-daily-summary")

    assert (plan["ScheduleExpression"], plan["ScheduleExpressionTimezone"]) == ("cron(0 8 * * ? *)", "UTC")
    assert plan["Target"]["Arn"].endswith(":function:bk-summary")
