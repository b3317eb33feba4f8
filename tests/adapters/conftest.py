"""AWS as moto plays it: one for each file of tests, with tables of its own for each test."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Final

import boto3
import pytest
from moto import mock_aws
from mypy_boto3_dynamodb import DynamoDBClient

from tests.adapters import tables

Table = Callable[[str], str]
REGION: Final = "ap-southeast-1"
_prefixes = count()


@pytest.fixture(scope="module")
def aws() -> Iterator[boto3.Session]:
    with mock_aws():
        yield boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106 - moto's


@pytest.fixture(scope="module")
def dynamodb(aws: boto3.Session) -> DynamoDBClient:
    return aws.client("dynamodb")


@pytest.fixture
def table(dynamodb: DynamoDBClient) -> Table:
    """Creates an empty table, such as "state", and returns its name."""
    prefix = f"t{next(_prefixes)}"
    return lambda name: tables.create(dynamodb, name, prefix=prefix)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """AWS played in process takes its time: these run beside the fast tests, not among them."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.thorough)
