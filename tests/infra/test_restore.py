"""Copying a restored table back: what is missing, on request what is different, and never over what somebody writes meanwhile."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from infra.restore import Count, RestoreError, restore, told
from tests.adapters.tables import create

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

pytestmark = pytest.mark.thorough
NOW = 1_800_000_000.0


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> "Iterator[DynamoDBClient]":
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("dynamodb", "ap-southeast-1", aws_access_key_id="test", aws_secret_access_key="test")  # noqa: S106
        for prefix in ("bk", "old"):
            create(client, "state", prefix=prefix)
            create(client, "deliveries", prefix=prefix)
        expiry: Any = {"AttributeName": "expires", "Enabled": True}
        client.update_time_to_live(TableName="bk-deliveries", TimeToLiveSpecification=expiry)
        yield client


def put(client: "DynamoDBClient", table: str, job: str, say: int) -> None:
    client.put_item(TableName=table, Item={"job_id": {"S": job}, "say": {"N": str(say)}, "fleet": {"S": "x"}})


def says(client: "DynamoDBClient") -> dict[str, str]:
    return {item["job_id"]["S"]: item["say"]["N"] for item in client.scan(TableName="bk-state")["Items"]}


def run(client: "DynamoDBClient", *, overwrite: bool = False, go: bool = True, table: str = "state") -> Count:
    return restore(client, source=f"old-{table}", target=f"bk-{table}", overwrite=overwrite, go=go, now=NOW)


def filled(client: "DynamoDBClient") -> None:
    for job, say in (("same", 1), ("worse", 1), ("lost", 1)):
        put(client, "old-state", job, say)
    for job, say in (("same", 1), ("worse", 2), ("new", 1)):
        put(client, "bk-state", job, say)


def test_without_go_it_counts_and_writes_nothing(client: "DynamoDBClient") -> None:
    filled(client)
    before = says(client)

    count = run(client, go=False, overwrite=True)

    assert count == Count(restored=3, same=1, missing=1, different=1)
    assert says(client) == before
    assert "Nothing was written. With --go 2 would be." in told(count, source="a", target="b", overwrite=True, go=False)


def test_what_is_missing_comes_back_and_what_came_since_stays(client: "DynamoDBClient") -> None:
    filled(client)

    assert run(client).written == 1
    assert says(client) == {"same": "1", "worse": "2", "new": "1", "lost": "1"}


def test_on_request_what_is_different_is_put_back_and_a_second_run_finds_nothing_to_do(client: "DynamoDBClient") -> None:
    filled(client)

    assert run(client, overwrite=True).written == 2
    assert says(client) == {"same": "1", "worse": "1", "new": "1", "lost": "1"}
    assert run(client, overwrite=True) == Count(restored=3, same=3)


def test_more_than_one_page_of_items_is_copied_once_each(client: "DynamoDBClient") -> None:
    for number in range(250):
        put(client, "old-state", f"job-{number}", number)

    assert run(client).written == 250
    assert run(client) == Count(restored=250, same=250)


@pytest.mark.parametrize("job", ["lost", "worse"])
def test_what_somebody_writes_meanwhile_is_left_alone(client: "DynamoDBClient", job: str) -> None:
    filled(client)
    real = client.put_item

    def meanwhile(**wanted: Any) -> Any:
        if wanted["Item"]["job_id"]["S"] == job:
            real(TableName="bk-state", Item={"job_id": {"S": job}, "say": {"N": "9"}})
        return real(**wanted)

    client.put_item = meanwhile  # type: ignore[method-assign]
    count = run(client, overwrite=True)

    assert (count.written, count.changed) == (1, 1)
    assert says(client)[job] == "9"
    assert "1 were changed meanwhile" in told(count, source="a", target="b", overwrite=True, go=True)


def test_what_somebody_adds_to_an_item_meanwhile_is_seen(client: "DynamoDBClient") -> None:
    before = {"job_id": {"S": "worse"}, "say": {"N": "1"}, "pending": {"S": "2026-11-21T08:00"}}
    client.put_item(TableName="old-state", Item=before)
    put(client, "bk-state", "worse", 2)
    real = client.put_item

    def meanwhile(**wanted: Any) -> Any:
        client.update_item(
            TableName="bk-state",
            Key={"job_id": {"S": "worse"}},
            UpdateExpression="SET pending = :now",
            ExpressionAttributeValues={":now": {"S": "2026-11-22T04:00"}},
        )
        return real(**wanted)

    client.put_item = meanwhile  # type: ignore[method-assign]

    assert run(client, overwrite=True).changed == 1
    assert client.get_item(TableName="bk-state", Key={"job_id": {"S": "worse"}})["Item"]["pending"]["S"] == "2026-11-22T04:00"


def test_what_is_past_its_time_stays_away(client: "DynamoDBClient") -> None:
    for place, expires in enumerate((NOW - 1, NOW + 1)):
        key = {"recipient": {"S": "sam@example.com"}, "sk": {"S": f"d#{place}"}}
        client.put_item(TableName="old-deliveries", Item=key | {"expires": {"N": str(int(expires))}})

    assert run(client, table="deliveries") == Count(restored=2, missing=1, expired=1, written=1)


def test_two_tables_that_do_not_fit_are_refused(client: "DynamoDBClient") -> None:
    for source in ("old-deliveries", "bk-state"):
        with pytest.raises(RestoreError, match="must be two tables with the same keys, job_id"):
            restore(client, source=source, target="bk-state", overwrite=False, go=True, now=NOW)


def test_a_table_of_another_region_may_have_the_same_name(client: "DynamoDBClient") -> None:
    elsewhere = boto3.client("dynamodb", "eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")  # noqa: S106
    create(elsewhere, "state", prefix="bk")
    put(elsewhere, "bk-state", "moved", 3)

    count = restore(client, source="bk-state", target="bk-state", overwrite=False, go=True, now=NOW, elsewhere=elsewhere)

    assert count == Count(restored=1, missing=1, written=1)
    assert says(client) == {"moved": "3"}
