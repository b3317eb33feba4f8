"""One alert, end to end, from the deployed template: real objects, roles enforced, Slack played by a strict server."""

from typing import Any

import pytest

from infra.local.slack.testing import People
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import actions, item_of, state_of, until

pytestmark = pytest.mark.e2e

HEADER = "job_id,name,owner_email,target,layout,schedule,window,min_size,critical\n"
ROWS = (
    "orders-db,Orders database,sam@example.com,s3://acme-backups/orders/,files,,2m,,no\n"
    "crm-db,Customer database,sam@example.com,s3://acme-backups/crm/,files,,2m,,no\n"
)
KNOWN_WITHIN_SECONDS = 75
SAM, KIM, GUEST = "U0SAM", "U0KIM", "U0GUS"
DM = "D0SAM"


@pytest.fixture(scope="module")
def people(stack: LocalStack) -> People:
    return People(stack.page)


@pytest.fixture(scope="module")
def watched(stack: LocalStack) -> LocalStack:
    """Two rows on the list, a backup of each in its bucket, and the first look taken."""
    for folder in ("orders", "crm"):
        stack.s3.put_object(Bucket="acme-backups", Key=f"{folder}/one.dump", Body=b"x" * 1000)
    stack.s3.put_object(Bucket=stack.registry_bucket, Key="jobs.csv", Body=(HEADER + ROWS).encode())
    until(20, lambda: state_of(stack, "crm-db") == "all_green", "the new rows are looked at")
    return stack


def living(people: People, job: str, user: str = SAM) -> dict[str, Any] | None:
    """The newest top-level message about this job in this person's conversation with the app."""
    messages = [message for message in people.messages(user=user) if job in message["shown"]]
    return messages[-1] if messages else None


def says(people: People, job: str, words: str = "") -> dict[str, Any] | None:
    message = living(people, job)
    return message if message is not None and words in message["shown"] else None


def land(stack: LocalStack, key: str, size: int = 1000) -> None:
    stack.s3.put_object(Bucket="acme-backups", Key=f"orders/{key}", Body=b"x" * size)


def test_one_alert_from_the_missing_backup_to_green(watched: LocalStack, people: People) -> None:
    stack = watched
    assert people.messages(user=SAM) == []  # green and silent
    landed = stack.s3.head_object(Bucket="acme-backups", Key="orders/one.dump")["LastModified"].timestamp()

    alerted = until(200, lambda: says(people, "Orders database"), "the owner is told")
    late = float(alerted["ts"]) - (landed + 120)
    assert late <= KNOWN_WITHIN_SECONDS
    where = {"channel": DM, "ts": alerted["ts"]}

    for stranger in (KIM, GUEST):  # refused in private, and nothing changes
        assert people.press(stranger, "mark_fixed", force=True, **where)["status"] == 200
    assert state_of(stack, "orders-db") in {"warn", "alert"}
    assert actions(stack, "orders-db").count("refused") == 2

    assert people.press(SAM, "mark_fixed", **where)["in_time"]
    answered = until(5, lambda: says(people, "Orders database", "says fixed"), "it is answered in that message")
    assert answered["ts"] == alerted["ts"]
    until(5, lambda: item_of(stack, "orders-db")["answer"].get("until"), "it was looked at once, and says when it is decided")

    land(stack, "two.dump")
    assert people.press(SAM, "check", **where)["in_time"]
    green = until(5, lambda: says(people, "Orders database", "backed up again"), "the same message turns green")
    assert green["ts"] == alerted["ts"]
    assert state_of(stack, "orders-db") == "all_green"
    assert not green.get("replies")


def test_snooze_mute_and_unmute_hold(watched: LocalStack, people: People) -> None:
    stack = watched
    alerted = until(200, lambda: says(people, "Customer database"), "the owner is told")
    where = {"channel": DM, "ts": alerted["ts"]}

    people.press(SAM, "snooze", **where)
    assert people.modals(SAM)[-1]["callback_id"] == "snooze"
    assert people.submit(SAM, {"choice": "1d"})["view"] == "closed"
    until(5, lambda: says(people, "Customer database", "nooze"), "the snooze shows in the message")
    assert item_of(stack, "crm-db")["snooze_until"]

    people.press(SAM, "mute", **where)
    until(5, lambda: says(people, "Customer database", "uted"), "the mute shows in the message")
    assert item_of(stack, "crm-db")["muted"] is True

    people.press(SAM, "unmute", **where)
    until(10, lambda: item_of(stack, "crm-db")["muted"] is False, "it is unmuted")
    assert {"snooze", "mute", "unmute"} <= set(actions(stack, "crm-db"))
    assert len([message for message in people.messages(user=SAM) if "Customer" in message["shown"]]) == 1
