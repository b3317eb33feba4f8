"""Values as DynamoDB's wire format types them, `{"S": "text"}`, and back. boto3's own converter is too slow for every check."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from workflows.kernel.ports import Json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Attribute: TypeAlias = "AttributeValueTypeDef"
"""One value to be written."""

Item = dict[str, Any]
"""What an item is read as: attribute name -> `{"S": …}`."""


def text(value: str) -> Attribute:
    return {"S": value}


def number(value: float) -> Attribute:
    return {"N": str(value)}


def flag(value: bool) -> Attribute:
    return {"BOOL": value}


def moment(value: datetime) -> Attribute:
    return {"S": iso(value)}


def as_json(value: object) -> Attribute:
    return {"S": json.dumps(value, ensure_ascii=False, separators=(",", ":"))}


def iso(value: datetime) -> str:
    """Always of one length and in UTC, so that text order is time order: 2026-01-02T03:04:05.000006Z."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def text_of(item: Item, name: str, default: str = "") -> str:
    attribute = item.get(name)
    return default if attribute is None else attribute["S"]


def int_of(item: Item, name: str, default: int = 0) -> int:
    attribute = item.get(name)
    return default if attribute is None else int(attribute["N"])


def moment_of(item: Item, name: str) -> datetime | None:
    attribute = item.get(name)
    return None if attribute is None else datetime.fromisoformat(attribute["S"])


def json_of(item: Item, name: str) -> Json:
    attribute = item.get(name)
    value: Json = {} if attribute is None else json.loads(attribute["S"])
    return value
