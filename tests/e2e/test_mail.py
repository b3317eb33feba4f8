"""Mail on the local stack, with the roles enforced: a file in the folder becomes a proposal, and later a run."""

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from infra.local.furniture import CHANNEL
from infra.local.slack.testing import People
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import state_of, until

pytestmark = pytest.mark.e2e


def drop(stack: LocalStack, name: str, text: str, *, subject: str, sender: str = "tape@example.com") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "backups@in.example.com", subject
    message["Date"], message["Message-ID"] = format_datetime(datetime.now(UTC)), f"<{name}@example.com>"
    message.set_content(text)
    (Path(stack.mail) / f"{name}.eml").write_bytes(message.as_bytes())


def tape(job: str = "Parcel tapes", ended: str = "all went through successfully") -> str:
    """A report in a format that no reader of ours knows: a letter."""
    at = datetime.now(UTC) - timedelta(minutes=20)
    return (
        f"Hello Ana,\nthe backup that we call “{job}” on FIBU-01 came to its end around {at:%Y-%m-%d %H:%M} UTC: {ended}.\n"
        "In sum 12.5 GB are on tape 7 now.\nCheers, your tape robot\n"
    )


def said(item: dict[str, Any]) -> dict[str, Any]:
    """An item as plain values."""
    return {name: next(iter(value.values())) for name, value in item.items()}


def proposals(stack: LocalStack, word: str) -> list[dict[str, Any]]:
    found = stack.dynamodb.scan(TableName="bk-proposals", ConsistentRead=True)["Items"]
    return [said(item) for item in found if word in json.dumps(item, ensure_ascii=False)]


def runs(stack: LocalStack, job_id: str) -> list[dict[str, Any]]:
    found = stack.dynamodb.query(
        TableName="bk-heartbeats",
        KeyConditionExpression="job_id = :job AND ts < :latest",
        ExpressionAttributeValues={":job": {"S": job_id}, ":latest": {"S": "latest"}},
        ConsistentRead=True,
    )
    return [said(item) for item in found["Items"]]


def go_wrong(stack: LocalStack, kind: str) -> None:
    body = json.dumps({"kind": kind}).encode()
    urllib.request.urlopen(f"{stack.model}/_local/fault", body, timeout=5).close()  # noqa: S310 - an address of our own


def asked(stack: LocalStack) -> list[str]:
    with urllib.request.urlopen(f"{stack.model}/_local/asked", timeout=5) as answer:  # noqa: S310 - an address of our own
        texts: list[str] = json.loads(answer.read())["asked"]
        return texts


def test_a_mail_becomes_a_card_its_approval_a_row_and_the_next_mail_a_run(stack: LocalStack) -> None:
    people = People(stack.page)
    drop(stack, "parcel-1", tape(), subject="Parcel tapes")
    (proposal,) = until(30, lambda: proposals(stack, "Parcel tapes"), "the mail of an unknown job is proposed")
    assert any("Parcel tapes" in text for text in asked(stack))

    card = until(20, lambda: card_of(people, "Parcel tapes"), "its card is in the channel")
    people.press("U0ANA", "proposal_approve", channel=CHANNEL, ts=card["ts"])
    until(40, lambda: "FIBU-01 · Parcel tapes" in Path(stack.sheet).read_text(encoding="utf-8"), "its row is in the sheet")
    until(40, lambda: len(runs(stack, proposal["key"])) == 1, "the mail that was proposed counts")

    drop(stack, "parcel-2", tape(), subject="Parcel tapes")
    until(40, lambda: len(runs(stack, proposal["key"])) == 2, "the next mail of the job is a run")
    for run in runs(stack, proposal["key"]):
        assert (run["outcome"], run["source"], run["reported_size"]) == ("ok", "report", "12500000000")
    until(20, lambda: state_of(stack, proposal["key"]) == "all_green", "the job is seen to be well")


def card_of(people: People, words: str) -> dict[str, Any] | None:
    return next((message for message in people.messages(channel=CHANNEL) if words in message["shown"]), None)


def test_what_the_model_gets_wrong_is_never_green(stack: LocalStack) -> None:
    list_row(stack, "lies,Cellar copy,report,26h,Cellar copy")
    go_wrong(stack, "lies")
    drop(stack, "lies", tape("Cellar copy", "it failed, the tape is full"), subject="Nightly tapes")
    (run,) = until(30, lambda: runs(stack, "lies"), "the mail is recorded")
    assert run["outcome"] == "unsure"


def test_what_cannot_be_read_or_believed_is_shown_to_the_admin(stack: LocalStack) -> None:
    go_wrong(stack, "refuses")
    drop(stack, "refused", tape("Attic copy"), subject="Attic copy")
    until(40, lambda: told(stack, "Attic copy"), "the admin is told of the mail that was not read")
    drop(stack, "forged-1", tape(), subject="Forged report")
    until(40, lambda: told(stack, "Forged report"), "the admin is told of the mail that cannot be believed")
    assert not proposals(stack, "Attic copy")


def told(stack: LocalStack, words: str) -> bool:
    with urllib.request.urlopen(f"{stack.page}text", timeout=5) as answer:  # noqa: S310 - an address of our own
        return words in answer.read().decode()


def list_row(stack: LocalStack, row: str) -> None:
    """Adds a row to the mirrored list, which the other tests of this stack write to as well."""
    header = "job_id,name,target,window,report_from"
    stack.s3.put_object(Bucket=stack.registry_bucket, Key="jobs.csv", Body=f"{header}\n{row}\n".encode())
