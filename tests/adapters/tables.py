"""The tables as infra/template.yaml declares them, so that the contracts run on the keys and indexes that are deployed."""

from functools import cache
from pathlib import Path
from typing import Any

from mypy_boto3_dynamodb import DynamoDBClient
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
MADE_OF = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


def create(client: DynamoDBClient, name: str, *, prefix: str) -> str:
    """Creates the table `${Prefix}-<name>` for this prefix, and returns what it is called."""
    declared = _declared()[f"${{Prefix}}-{name}"]
    table = f"{prefix}-{name}"
    client.create_table(TableName=table, **{part: declared[part] for part in MADE_OF if part in declared})
    return table


@cache
def _declared() -> dict[str, dict[str, Any]]:
    resources = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))["Resources"].values()
    tables = [resource["Properties"] for resource in resources if resource["Type"] == "AWS::DynamoDB::Table"]
    return {table["TableName"]["Fn::Sub"]: table for table in tables}
