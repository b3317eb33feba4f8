"""What every adapter of `RawMails` and of `Tally` does alike, in memory and on AWS as moto plays it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import boto3
import pytest
from botocore.stub import Stubber
from mypy_boto3_dynamodb import DynamoDBClient

from bolt_app.adapters.dynamodb_tally import DynamoTally
from bolt_app.adapters.memory.raw_mails import MemoryRawMails, MemoryTally
from bolt_app.adapters.s3_raw_mails import S3RawMails
from tests.adapters.conftest import REGION, Table
from workflows.kernel.errors import CannotLook
from workflows.kernel.raw_mail import MAIL_BYTES_MAX, RawMails, Tally

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
Place = tuple[RawMails, Callable[[str, bytes], None]]
_buckets = count()


@pytest.fixture(params=["memory", "s3"])
def place(request: pytest.FixtureRequest) -> Place:
    """The mails, and how to put one."""
    if request.param == "memory":
        memory = MemoryRawMails()
        return memory, lambda key, raw: memory.put(key, raw, datetime.now(UTC))
    aws: boto3.Session = request.getfixturevalue("aws")
    client, bucket = aws.client("s3"), f"raw-mime-{next(_buckets)}"
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})

    def put(key: str, raw: bytes) -> None:
        client.put_object(Bucket=bucket, Key=key, Body=raw)

    return S3RawMails(client, bucket=bucket), put


@pytest.fixture(params=["memory", "dynamodb"])
def tally(request: pytest.FixtureRequest) -> Tally:
    if request.param == "memory":
        return MemoryTally()
    client: DynamoDBClient = request.getfixturevalue("dynamodb")
    table: Table = request.getfixturevalue("table")
    return DynamoTally(client, table=table("heartbeats"))


@pytest.mark.parametrize("key", ["m1", "in/0a b&c=d", "größe.eml", "a%2Fb+c"])
def test_a_mail_is_read_whole_by_its_key(place: Place, key: str) -> None:
    mails, put = place
    put(key, b"From: a\r\n\r\n\x00\xff")
    mail = mails.read(key)
    assert mail is not None
    assert (mail.key, mail.raw, mail.size, mail.too_large) == (key, b"From: a\r\n\r\n\x00\xff", 13, False)
    assert abs(mail.received - datetime.now(UTC)) < timedelta(minutes=1)
    assert mails.link(key).startswith("https://")


def test_a_mail_that_is_not_there_is_none(place: Place) -> None:
    assert place[0].read("gone") is None


def test_what_is_longer_than_any_mail_is_not_read(place: Place) -> None:
    mails, put = place
    put("huge", bytes(MAIL_BYTES_MAX + 1))
    mail = mails.read("huge")
    assert mail is not None
    assert (mail.raw, mail.size, mail.too_large) == (b"", MAIL_BYTES_MAX + 1, True)


def test_the_link_leads_to_the_console_and_holds_nothing_that_ends_it() -> None:
    client = boto3.client("s3", region_name=REGION)
    link = S3RawMails(client, bucket="bk-raw-mime-1").link("in/0a b&c=d|>")
    place = "bk-raw-mime-1?region=ap-southeast-1&prefix=in%2F0a%20b%26c%3Dd%7C%3E"
    assert link == f"https://ap-southeast-1.console.aws.amazon.com/s3/object/{place}"


def test_a_bucket_that_cannot_be_read_is_never_taken_for_an_empty_one() -> None:
    client = boto3.client("s3", region_name=REGION)
    with Stubber(client) as stub:
        stub.add_client_error("get_object", "AccessDenied", http_status_code=403)
        with pytest.raises(CannotLook, match="AccessDenied"):
            S3RawMails(client, bucket="b").read("m1")


def test_each_day_is_counted_by_itself_and_remembers_its_first(tally: Tally) -> None:
    assert tally.add("strangers", "spam", now=NOON) == (1, "spam")
    assert tally.add("strangers", "more", now=NOON + timedelta(hours=11)) == (2, "spam")
    assert tally.add("forged", "other", now=NOON) == (1, "other")
    assert tally.add("strangers", "next", now=NOON + DAY) == (1, "next")
    assert tally.add("strangers", "", now=NOON) == (3, "spam")
