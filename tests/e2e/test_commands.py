"""`/backup` on the deployed template: what is typed is answered, a check when it is done, and no role lacks a permission."""

import json
from typing import Any

import pytest

from infra.local.slack.testing import People
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import actions, state_of, until

pytestmark = pytest.mark.e2e

ROWS = (
    "job_id,name,owner_email,group,target,layout,schedule,window,min_size,critical\n"
    "ledger-db,Ledger database,sam@example.com,finance,s3://acme-backups/ledger/,files,,26h,,no\n"
)
SAM, KIM, CHANNEL = "U0SAM", "U0KIM", "C0BACKUPS"


@pytest.fixture(scope="module")
def people(stack: LocalStack) -> People:
    stack.s3.put_object(Bucket="acme-backups", Key="ledger/one.dump", Body=b"x" * 4096)
    stack.s3.put_object(Bucket=stack.registry_bucket, Key="jobs.csv", Body=ROWS.encode())
    until(30, lambda: state_of(stack, "ledger-db") == "all_green", "the new row is looked at")
    return People(stack.page)


def typed(people: People, text: str, user: str = SAM) -> str:
    """What the command is answered with at once; "" where it opened a form."""
    before = len(whispered(people))
    assert people.command(user, "/backup", text, channel=CHANNEL)["status"] == 200
    return "\n".join(whispered(people)[before:])


def whispered(people: People) -> list[str]:
    return [json.dumps(message["blocks"] or message["text"], ensure_ascii=False) for message in ephemerals(people)]


def ephemerals(people: People) -> list[dict[str, Any]]:
    return people.ephemerals(channel=CHANNEL)


def test_what_is_typed_is_answered_from_what_is_stored(people: People, stack: LocalStack) -> None:
    assert "*Ledger database*" in typed(people, "status finance")
    assert "What keeps it green" in typed(people, "explain ledger")
    assert "4.1 kB" in typed(people, "history ledger-db") or "4.1 KB" in typed(people, "history ledger-db")
    assert "Did you mean ledger-db" in typed(people, "explain legder-db")  # and perhaps what other files listed
    assert "Only sam@example.com" in typed(people, "check ledger-db", KIM)
    assert "refused" in actions(stack, "ledger-db")


def test_a_check_is_answered_when_it_is_done(people: People, stack: LocalStack) -> None:
    stack.s3.put_object(Bucket="acme-backups", Key="ledger/two.dump", Body=b"x" * 9000)
    assert "Looking at Ledger database now" in typed(people, "check ledger")
    found = until(20, lambda: [text for text in whispered(people) if "Looked just now" in text], "the check is answered")
    assert "9 KB" in found[0]
    assert len(found) == 1
