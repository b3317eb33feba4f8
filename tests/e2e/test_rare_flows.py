"""What happens seldom, with the roles enforced: many proposals at once, a storm, quiet hours, a closed conversation."""

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bolt_app.adapters.dynamodb_ledger import WAITING
from infra.local.furniture import CHANNEL
from infra.local.slack.testing import People
from tests.e2e.local_stack import LocalStack
from tests.e2e.test_pings import curl
from tests.e2e.waiting import item_of, state_of, until
from workflows.backup.heartbeat import read_keys
from workflows.kernel.storm import STORM_ABOVE
from workflows.kernel.waiting_cards import CARDS_MAX

pytestmark = pytest.mark.e2e

HEADER = "job_id,name,owner_email,target,layout,window,min_size\n"
SAM, KIM, ANA = "U0SAM", "U0KIM", "U0ANA"
NIGHT = [f"shelf-{number}" for number in range(STORM_ABOVE + 2)]
OPEN_AT_ANY_HOUR = "[quiet hours]\nhours: none\nworking days: mon-sun\n"


@pytest.fixture(scope="module")
def stack(own_stack: LocalStack) -> LocalStack:
    return own_stack


@pytest.fixture(scope="module")
def people(stack: LocalStack) -> People:
    people = People(stack.page)
    people.settings(posts_per_second=0)  # waiting for Slack's limits is tried elsewhere, and here takes half a minute
    return people


def row(job_id: str, bucket: str, owner: str) -> str:
    """A job whose only backup is far too small."""
    return f"{job_id},Shelf {job_id},{owner}@example.com,s3://{bucket}/{job_id}/,files,26h,1GB\n"


def listed(stack: LocalStack, *rows: str) -> None:
    for one in rows:
        bucket, prefix = one.split("s3://")[1].split(",")[0].split("/", 1)
        stack.s3.put_object(Bucket=bucket, Key=f"{prefix}small.dump", Body=b"x" * 1000)
    stack.s3.put_object(Bucket=stack.registry_bucket, Key="jobs.csv", Body=(HEADER + "".join(rows)).encode())


def told(people: People, user: str, words: str) -> dict[str, Any] | None:
    return next((message for message in people.messages(user=user) if words in message["shown"]), None)


def invoked(stack: LocalStack, function: str, **payload: str) -> Any:
    answer = stack.functions.invoke(FunctionName=function, Payload=json.dumps(payload).encode())
    said = answer["Payload"].read().decode()
    assert not answer.get("FunctionError"), said
    return json.loads(said)


def test_more_proposals_than_an_hour_shows_wait_behind_one_card_and_all_who_need_them_read_them(
    stack: LocalStack, people: People
) -> None:
    vault = stack.session.client("secretsmanager", endpoint_url=stack.aws)
    keys = read_keys(vault.get_secret_value(SecretId="bk/heartbeat/keys")["SecretString"])
    for number in range(CARDS_MAX + 2):
        said = curl(f"{stack.heartbeat_url}{keys.enrolment_path}/rack-{number:02}?create=1&size=1GB")
        assert said.startswith("OK\n")

    def cards() -> list[str]:
        return [message["shown"] for message in people.messages(channel=CHANNEL) if "rack-" in message["shown"]]

    until(60, lambda: len(cards()) > CARDS_MAX, "one more card than there is room for")
    assert ["no cards of their own yet" in shown for shown in cards()].count(True) == 1
    assert len(cards()) == CARDS_MAX + 1
    people.command(ANA, "/backup", "proposals", channel=CHANNEL)
    assert "rack-11" in json.dumps(people.ephemerals(channel=CHANNEL))
    assert invoked(stack, "bk-drive-sync", mode="sync") is not None
    assert invoked(stack, "bk-summary", mode="daily") == {"told": True}


def test_a_night_on_which_much_broke_is_one_card_and_one_press_quiets_all_of_it(stack: LocalStack, people: People) -> None:
    listed(stack, *(row(job_id, ("acme-backups", "acme-nas")[number % 2], "sam") for number, job_id in enumerate(NIGHT)))
    until(30, lambda: all(state_of(stack, job_id) in {"warn", "alert"} for job_id in NIGHT), "all of them are broken")
    card = until(30, lambda: told(people, "sam", "need attention"), "one card tells of all")

    def asked() -> bool:
        people.press(SAM, "snooze_all", channel="D0SAM", ts=card["ts"])
        return [modal["callback_id"] for modal in people.modals(SAM)] == ["snooze_all"]

    until(30, asked, "it is asked how long")  # the first press of all may be too slow for Slack, and is pressed again
    people.submit(SAM, {"choice": "1d"})

    until(10, lambda: all(item_of(stack, job_id).get("snooze_until") for job_id in NIGHT), "all are snoozed")


def test_what_breaks_in_quiet_hours_waits_for_an_appointment_and_is_told_when_it_comes(stack: LocalStack, people: People) -> None:
    open_day = f"{datetime.now(UTC) + timedelta(days=3):%a}".lower()
    stack.s3.put_object(Bucket=stack.rules_bucket, Key="rules.txt", Body=f"[quiet hours]\nworking days: {open_day}\n".encode())
    listed(stack, row("night-tapes", "acme-backups", "kim"))
    plans = stack.session.client("scheduler", endpoint_url=stack.aws)
    made = until(20, lambda: plans.list_schedules(NamePrefix="bk-defer-")["Schedules"], "an appointment is made")
    assert not told(people, "kim", "night-tapes")
    assert waiting(stack, "kim@example.com")

    stack.s3.put_object(Bucket=stack.rules_bucket, Key="rules.txt", Body=OPEN_AT_ANY_HOUR.encode())
    target = plans.get_schedule(Name=made[0]["Name"], GroupName=made[0]["GroupName"])["Target"]
    stack.queues.send_message(QueueUrl=queue_url(stack), MessageBody=target["Input"])

    until(20, lambda: told(people, "kim", "night-tapes"), "it is told when they are there again")
    until(10, lambda: not waiting(stack, "kim@example.com"), "nothing waits any more")


def waiting(stack: LocalStack, recipient: str) -> list[Any]:
    """The notes of what waits for this person."""
    return stack.dynamodb.query(
        TableName="bk-deliveries",
        KeyConditionExpression="recipient = :who AND begins_with(sk, :waiting)",
        ExpressionAttributeValues={":who": {"S": recipient}, ":waiting": {"S": WAITING}},
    )["Items"]


def queue_url(stack: LocalStack) -> str:
    return stack.queues.get_queue_url(QueueName="bk-dispatch")["QueueUrl"]


def test_whoever_cannot_be_told_gets_a_letter_and_the_admin_hears_of_it(stack: LocalStack, people: People) -> None:
    people.faults({"method": "chat.postMessage", "channel": "D0KIM", "kind": "error:is_archived", "times": 1})
    listed(stack, row("closed-shelf", "acme-nas", "kim"))

    heard = until(30, lambda: told(people, "ana", "(is_archived)"), "the admin is told that Kim was not")
    assert "kim@example.com" in heard["shown"]
    assert not told(people, "kim", "closed-shelf")
    with urllib.request.urlopen(f"{stack.aws}/_ministack/ses/messages?account={stack.account}", timeout=10) as answer:  # noqa: S310 - ours
        letters = json.load(answer)["messages"][stack.account]
    assert any("closed-shelf" in letter["Subject"] for letter in letters if letter["To"] == ["kim@example.com"])
