"""The counter behind `make bench`'s bill: a handful of calls whose price is known, and what it must refuse."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import boto3
import pytest
from moto import mock_aws
from moto.core.models import botocore_stubber

from bench.bill.lines import calls, core, total
from bench.bill.meter import Meter
from bench.bill.prices import PRICES
from bench.bill.schedule import moments
from bench.bill.tables import Tables
from bench.bill.units import Index, read_units, size_of, write_units
from bolt_app.adapters.memory.objects import MemoryObjects
from tests.adapters import tables
from tests.adapters.conftest import REGION

DUE = Index(name="due", keys=("fleet", "due"))
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def metered() -> Iterator[tuple[boto3.Session, Meter]]:
    """A session whose calls are counted, and a table with the keys and indexes of the standings."""
    with mock_aws():
        made = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106 - moto's
        tables.create(made.client("dynamodb"), "state", prefix="bk")
        made.client("s3").create_bucket(Bucket="bk-rules", CreateBucketConfiguration={"LocationConstraint": REGION})
        objects = MemoryObjects("watched")
        for number in range(3):
            objects.put("watched", f"orders/{number}.dump", 1000, NOW)
        meter = Meter(Tables(), objects)
        made.events.unregister("before-send", cast("Any", botocore_stubber))
        made.events.register("before-send", meter.before_send)
        yield made, meter


def item(due: str, *, bytes_more: int = 0) -> dict[str, Any]:
    return {"job_id": {"S": "orders"}, "fleet": {"S": "jobs"}, "due": {"S": due}, "runs": {"S": "x" * bytes_more}}


def test_sizes_are_those_of_dynamodb() -> None:
    assert size_of({"id": {"S": "äb"}, "n": {"N": "1234"}, "on": {"BOOL": True}}) == (2 + 3) + (1 + 3) + (2 + 1)
    assert size_of({"m": {"M": {"a": {"S": "xy"}}}, "l": {"L": [{"S": "x"}]}}) == (1 + 3 + 1 + 2 + 1) + (1 + 3 + 1 + 1)


def test_reads_are_rounded_up_one_by_one_and_halved_where_they_may_be_old() -> None:
    assert read_units([4096, 4097, 0], consistent=True) == 1 + 2 + 1
    assert read_units([4096, 4097, 0], consistent=False) == 2


def test_a_write_costs_its_larger_side_twice_in_a_transaction_and_its_indexes() -> None:
    def units(before: dict[str, Any] | None, after: dict[str, Any] | None, *, transaction: bool = False) -> float:
        return write_units(before, after, indexes=[DUE], table_keys=("job_id",), transaction=transaction)

    assert units(None, item("1")) == 1 + 1, "the item, and its entry in the index"
    assert units(item("1"), item("1", bytes_more=2000)) == 2, "2,031 bytes; the entry stays"
    assert units(item("1", bytes_more=2000), item("2")) == 2 + 2, "the larger side; the entry is taken away and put elsewhere"
    assert units(item("1"), item("2"), transaction=True) == 2 + 2, "an index knows no transactions"
    assert units(item("1"), item("1")) == 1, "a condition that did not hold"


def test_calls_to_tables_cost_what_is_known_of_them(metered: tuple[boto3.Session, Meter]) -> None:
    session, meter = metered
    client = session.client("dynamodb")
    key = {"job_id": {"S": "orders"}}

    client.put_item(TableName="bk-state", Item=item("1", bytes_more=5000))  # 5 kB: 5, and the index
    client.get_item(TableName="bk-state", Key=key, ConsistentRead=True)  # 2
    client.get_item(TableName="bk-state", Key=key)  # 1
    client.batch_get_item(RequestItems={"bk-state": {"Keys": [key, {"job_id": {"S": "nobody"}}]}})  # 1 + 0.5
    found = client.query(
        TableName="bk-state",
        IndexName="due",
        KeyConditionExpression="fleet = :fleet AND due <= :now",
        ExpressionAttributeValues={":fleet": {"S": "jobs"}, ":now": {"S": "1"}},
    )  # 0.5
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": "bk-state", "Item": item("2"), "ConditionExpression": "attribute_not_exists(job_id)"}}
            ]
        )  # refused, and paid for: 5 kB twice

    assert found["Items"] == [{"job_id": {"S": "orders"}, "fleet": {"S": "jobs"}, "due": {"S": "1"}}]
    assert meter.used["dynamodb write units"] == 6 + 10
    assert meter.used["dynamodb read units"] == 2 + 1 + 1.5 + 0.5
    assert sum(meter.calls.values()) == 6


def test_a_scan_is_answered_page_by_page_as_moto_would(metered: tuple[boto3.Session, Meter]) -> None:
    counted = metered[0].client("dynamodb")
    moto = boto3.client("dynamodb", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")  # noqa: S106 - moto's
    for number in range(4):
        moto.put_item(TableName="bk-state", Item={**item("1", bytes_more=300_000), "job_id": {"S": f"job-{3 - number}"}})

    def pages(client: Any) -> list[dict[str, Any]]:
        found = client.get_paginator("scan").paginate(TableName="bk-state")
        return [{name: value for name, value in page.items() if name != "ResponseMetadata"} for page in found]

    assert pages(counted) == pages(moto)
    assert [page["Count"] for page in pages(counted)] == [3, 1]


def test_calls_to_other_services_are_counted_by_what_is_priced(metered: tuple[boto3.Session, Meter]) -> None:
    session, meter = metered
    s3 = session.client("s3")

    listed = s3.list_objects_v2(Bucket="watched", Prefix="orders/", MaxKeys=2)
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="bk-rules", Key="rules.txt")  # what is not there is paid for too
    session.client("events").put_events(
        Entries=[
            {"Source": "backup-sentinel", "DetailType": "bk.warn", "Detail": "{}"},
            {"Source": "backup-sentinel", "DetailType": "bk.warn", "Detail": '"' + "x" * 70_000 + '"'},
        ]
    )
    session.client("sqs").send_message(QueueUrl="https://sqs.local/bk-dispatch", MessageBody="{}")
    session.client("ssm").get_parameters_by_path(Path="/bk/config")

    assert [one["Key"] for one in listed["Contents"]] == ["orders/0.dump", "orders/1.dump"]
    assert meter.used == {
        "s3 LIST and PUT": 1,
        "s3 GET": 1,
        "eventbridge events": 1 + 2,
        "sqs requests": 1,
        "ssm calls": 1,
    }
    assert meter.used.keys() <= PRICES.keys()


@pytest.mark.parametrize(
    ("service", "call", "said"),
    [
        ("sns", lambda client: client.publish(TopicArn="arn:aws:sns:x:1:t", Message="hi"), "sns Publish"),
        ("s3", lambda client: client.delete_object(Bucket="bk-rules", Key="a"), "s3 DeleteObject"),
        ("dynamodb", lambda client: client.describe_table(TableName="bk-state"), "dynamodb DescribeTable"),
        ("sqs", lambda client: client.receive_message(QueueUrl="https://sqs.local/q"), "sqs ReceiveMessage"),
    ],
)
def test_a_call_without_a_price_ends_the_run(metered: tuple[boto3.Session, Meter], service: str, call: Any, said: str) -> None:
    session, _ = metered

    with pytest.raises(SystemExit, match=said):
        call(session.client(service))  # type: ignore[call-overload] # any service


def test_a_day_has_as_many_starts_as_the_schedule_says() -> None:
    day = NOW, NOW + timedelta(days=1)

    assert len(list(moments("rate(1 minute)", *day))) == 1440
    assert len(list(moments("rate(15 minutes)", *day))) == 96
    assert list(moments("cron(0 9 * * ? *)", *day)) == [NOW + timedelta(hours=9)]
    assert len(list(moments("cron(0/20 10-16 ? * MON *)", *day))) == 21
    assert not list(moments("cron(0/20 10-16 ? * TUE *)", *day))
    with pytest.raises(SystemExit, match="no form that is known"):
        list(moments("cron(0 9 L * ? *)", *day))


def test_a_month_is_priced_line_by_line_and_empty_queues_are_asked_in_it() -> None:
    day = {
        "used": {"s3 LIST and PUT": 1000.0, "lambda requests": 1000.0},
        "calls": [["s3", "ListObjectsV2", 1000], ["slack", "", 50]],
        "polled": [False, True],
        "stored": {},
        "grown": {},
    }

    lines = {line.name: line.dollars for line in core(day)}

    assert lines["s3 LIST and PUT"] == pytest.approx(30.4 * 0.005)
    assert lines["lambda requests"] == pytest.approx(30.4 * 0.0002)
    assert lines["sqs empty polls by Lambda"] == pytest.approx((6 + 15) * 60 * 24 * 30.4 * 0.40e-6)
    assert total(core(day)) == pytest.approx(sum(lines.values()))
    assert calls(day) == pytest.approx(30.4 * (1000 + 21 * 60 * 24))
