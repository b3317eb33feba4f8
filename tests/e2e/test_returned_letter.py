"""A letter that bounces, told by SES's own words through SNS: the ledger says so, and the admin is told what it told."""

import json
import time
import urllib.request
from typing import Any

import pytest

from infra.local.slack.testing import People
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import item_of, state_of, until
from workflows.backup.heartbeat import derive_key, sign

pytestmark = pytest.mark.e2e

JOB, REX = "rexs-nas", "rex@elsewhere.example"
ROW = f"job_id,name,owner_email,target,window\n{JOB},Rex's NAS,{REX},heartbeat,2h\n"


@pytest.fixture(scope="module")
def topic(stack: LocalStack) -> str:
    """What infra/ses.yaml makes: the local AWS knows no rule sets, so that stack is not there."""
    topics = stack.session.client("sns", endpoint_url=stack.aws)
    arn: str = topics.create_topic(Name="bk-mail-trouble")["TopicArn"]
    queue = f"arn:aws:sqs:{stack.region}:{stack.account}:bk-dispatch"
    topics.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "false"})
    return arn


def tell(stack: LocalStack, topic: str, message: str) -> None:
    stack.session.client("sns", endpoint_url=stack.aws).publish(TopicArn=topic, Message=message)


def bounce(letter: str) -> str:
    """As SES writes it, without what nobody reads here."""
    return json.dumps(
        {
            "eventType": "Bounce",
            "bounce": {
                "feedbackId": "0100018f2c3f8a3e-5d7b1c60-4b4e-4a4e-9a5e-000000-000000",
                "bounceType": "Permanent",
                "bounceSubType": "NoEmail",
                "bouncedRecipients": [
                    {"emailAddress": REX, "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
                ],
                "timestamp": "2026-11-22T03:00:00.000Z",
                "reportingMTA": "dns; example.amazonses.com",
            },
            "mail": {
                "timestamp": "2026-11-22T02:59:58.000Z",
                "source": "sentinel@example.com",
                "messageId": letter,
                "destination": [REX],
                "headersTruncated": False,
                "headers": [{"name": "To", "value": REX}],
                "tags": {"ses:configuration-set": ["bk-letters"]},
            },
        }
    )


def rows(stack: LocalStack) -> dict[str, dict[str, Any]]:
    """Of the ledger, about Rex, by outcome."""
    found = stack.dynamodb.query(
        TableName="bk-deliveries",
        KeyConditionExpression="recipient = :who AND begins_with(sk, :row)",
        ExpressionAttributeValues={":who": {"S": REX}, ":row": {"S": "d#"}},
    )["Items"]
    plain: list[dict[str, Any]] = [{name: next(iter(value.values())) for name, value in one.items()} for one in found]
    return {one["outcome"]: one for one in plain}


def told(people: People, words: str) -> list[str]:
    """What the admin was told with these words in it."""
    return [one["shown"] for one in people.messages(user="U0ANA") if words in one["shown"]]


def break_of(stack: LocalStack) -> None:
    """Rex's backup fails, and he is told by mail."""
    stack.s3.put_object(Bucket=stack.registry_bucket, Key="jobs.csv", Body=ROW.encode())
    until(20, lambda: state_of(stack, JOB) == "waiting", "the job waits for its first run")
    vault = stack.session.client("secretsmanager", endpoint_url=stack.aws)
    master = json.loads(vault.get_secret_value(SecretId="bk/heartbeat/keys")["SecretString"])["master"]
    body, now = b'{"status": "failed"}', int(time.time())
    headers = {"x-backup-timestamp": str(now), "x-backup-signature": sign(derive_key(master, 1, JOB), now, JOB, body)}
    request = urllib.request.Request(f"{stack.heartbeat_url}{JOB}", body, headers)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - the same
        assert answer.status == 200


def test_a_bounce_takes_what_was_told_to_the_admin(stack: LocalStack, topic: str) -> None:
    people = People(stack.page)
    tell(stack, topic, "Successfully validated SNS topic for Amazon SES event publishing.")
    break_of(stack)
    letter = until(20, lambda: rows(stack).get("delivered"), "a letter is sent")

    tell(stack, topic, bounce(str(letter["ts"])))
    until(20, lambda: "failed" in rows(stack) and "delivered" in rows(stack), "it came back, and was told elsewhere")

    assert rows(stack)["failed"]["why"] == "bounced: NoEmail 5.1.1"
    until(20, lambda: told(people, "no such mailbox"), "the admin hears of the address")
    until(20, lambda: told(people, "Rex's NAS"), "and is told the alert")
    until(10, lambda: "pending" not in item_of(stack, JOB), "nobody waits for anything")

    tell(stack, topic, bounce(str(letter["ts"])))
    tell(stack, topic, bounce("a letter that was never ours"))
    time.sleep(1)
    for words in ("no such mailbox", "Rex's NAS"):
        assert len(told(people, words)) == 1, told(people, words)
    dead = stack.queues.get_queue_url(QueueName="bk-dispatch-dlq")["QueueUrl"]
    lying = stack.queues.get_queue_attributes(QueueUrl=dead, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert lying["ApproximateNumberOfMessages"] == "0"
