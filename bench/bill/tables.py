"""The tables that moto keeps: their items before and after a write, and quick answers to plain reads."""

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from bench.bill.units import Index, entry_of, page_units, read_units, size_of, write_units
from workflows.kernel.ports import Json

ACCOUNT, REGION = "123456789012", "ap-southeast-1"
Item = Mapping[str, Any]
_CONDITION = re.compile(
    r"(\w+) = (:\w+)"
    r"(?: AND (?:(?P<range>\w+) (?P<how>=|<=|<|>=|>) (?P<than>:\w+)"
    r"|(?P<between>\w+) BETWEEN (?P<low>:\w+) AND (?P<high>:\w+)"
    r"|begins_with\((?P<beginning>\w+), (?P<start>:\w+)\)))?"
)
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


@dataclass(frozen=True, slots=True)
class Written:
    """The items that a call is about to write: (table, key) -> as they were."""

    tables: "Tables"
    before: tuple[tuple[str, Json, Item | None], ...]
    transaction: bool

    def units(self) -> Iterator[tuple[str, float]]:
        """What the write cost, table by table, once it is done."""
        for table, key, before in self.before:
            after = self.tables.item(table, key)
            keys, indexes = self.tables.keys(table), self.tables.indexes(table)
            yield table, write_units(before, after, indexes=indexes, table_keys=keys, transaction=self.transaction)


class Tables:
    """moto's tables, with what moto does not tell.

    Attributes:
        touched: table -> keys that the transaction under way may change.
    """

    def __init__(self) -> None:
        self.touched: dict[str, list[Json]] = {}

    def copy_only_touched(self) -> None:
        """For the rest of the process: moto copies whole tables for each transaction otherwise."""
        setattr(Table, "__deepcopy__", lambda table, _: self._copied(table))  # noqa: B010 - it has none of its own

    def _copied(self, table: Any) -> Any:  # noqa: ANN401 - moto's
        """What moto goes back to when a transaction fails: two thousand items the same, and the touched ones as they were."""
        kept = copy.copy(table)
        kept.items = copy.copy(table.items)
        for key in self.touched.get(table.name, ()):
            name = DynamoType(key[table.hash_key_attr])
            if name in table.items:
                kept.items[name] = copy.deepcopy(table.items[name])
        return kept

    def written(self, operation: str, body: Json) -> Written:
        asked = [one for entry in body["TransactItems"] for one in entry.values()] if "TransactItems" in body else [body]
        places = []
        for one in asked:
            table = one["TableName"]
            key = one.get("Key") or {name: one["Item"][name] for name in self.keys(table)}
            places.append((table, key, self.item(table, key)))
        self.touched = {}
        for table, key, _ in places:
            self.touched.setdefault(table, []).append(key)
        return Written(self, tuple(places), operation == "TransactWriteItems")

    def answer(self, operation: str, body: Json) -> Json | None:
        """What a batch, or a query or scan without filter, is answered: whole items; None for what moto must do."""
        if operation == "BatchGetItem":
            return {"Responses": {table: self._found(table, asked) for table, asked in body["RequestItems"].items()},
                    "UnprocessedKeys": {}}  # fmt: skip
        if operation == "Scan" and body.keys() <= {"TableName", "ExclusiveStartKey", "ConsistentRead"}:
            return self._scanned(body)
        if operation != "Query" or not body.keys() <= {
            *("TableName", "IndexName", "KeyConditionExpression", "ExpressionAttributeValues"),
            *("ScanIndexForward", "Limit", "ConsistentRead", "ProjectionExpression"),
        }:
            return None
        condition = _CONDITION.fullmatch(body["KeyConditionExpression"])
        return None if condition is None else self._queried(body, condition)

    def read(self, operation: str, body: Json, answer: Json) -> tuple[str, float]:
        """Which table was read, and what that cost."""
        if operation == "BatchGetItem":
            ((table, asked),) = body["RequestItems"].items()
            sizes = [_size(self.item(table, key)) for key in asked["Keys"]]
            return table, read_units(sizes, consistent=asked.get("ConsistentRead", False))
        table, consistent = body["TableName"], body.get("ConsistentRead", False)
        if operation == "GetItem":
            return table, read_units([_size(self.item(table, body["Key"]))], consistent=consistent)
        if operation not in {"Query", "Scan"}:
            raise SystemExit(f"dynamodb {operation} has no price here")
        if "FilterExpression" in body:
            raise SystemExit(f"what a filtered {operation} reads is not counted here")
        items = self._whole(table, body, answer) if "ProjectionExpression" in body else answer["Items"]
        return table, page_units(map(_size, items), consistent=consistent)

    def item(self, table: str, key: Json) -> Item | None:
        names = self.keys(table)
        stored = self._table(table).items.get(DynamoType(key[names[0]]))
        if stored is not None and len(names) > 1:
            stored = stored.get(DynamoType(key[names[1]]))
        return _plain(stored) if stored else None

    def keys(self, table: str) -> tuple[str, ...]:
        made = self._table(table)
        return (made.hash_key_attr, made.range_key_attr) if made.range_key_attr else (made.hash_key_attr,)

    def indexes(self, table: str) -> tuple[Index, ...]:
        return tuple(
            Index(
                name=one.name,
                keys=tuple(key["AttributeName"] for key in one.schema),
                whole=one.projection["ProjectionType"] == "ALL",
            )
            for one in self._table(table).global_indexes
        )

    def bytes_in(self, table: str) -> int:
        """With its indexes."""
        keys, indexes = self.keys(table), self.indexes(table)
        items = [_plain(item) for item in self._table(table).all_items()]
        entries = (entry_of(item, index, keys) for item in items for index in indexes)
        return sum(map(size_of, items)) + sum(size_of(entry) for entry in entries if entry)

    def _table(self, name: str) -> Any:  # noqa: ANN401 - moto's
        return dynamodb_backends[ACCOUNT][REGION].tables[name]

    def _whole(self, table: str, body: Json, answer: Json) -> list[Item | None]:
        """A projection hides what was read: it is paid for all the same."""
        found = re.match(r"(\w+) = (:\w+)", body["KeyConditionExpression"])
        if found is None or "IndexName" in body:
            raise SystemExit("what this projection reads is not counted here")
        partition = {found[1]: body["ExpressionAttributeValues"][found[2]]}
        return [self.item(table, {**partition, **one}) for one in answer["Items"]]

    def _found(self, table: str, asked: Json) -> list[Item]:
        found = (self.item(table, key) for key in asked["Keys"])
        return [item for item in found if item is not None]

    def _scanned(self, body: Json) -> Json:
        """The page that moto finds; writing it down takes moto ten times as long."""
        items, count, last = self._table(body["TableName"]).scan({}, None, body.get("ExclusiveStartKey"))
        page = {"Items": [_plain(item) for item in items], "Count": len(items), "ScannedCount": count}
        return page | ({"LastEvaluatedKey": {name: _json(value) for name, value in last.items()}} if last else {})

    def _queried(self, body: Json, condition: re.Match[str]) -> Json:
        hash_name, hash_value = condition.group(1, 2)
        values = body["ExpressionAttributeValues"]
        wanted = values[hash_value]
        index = next((one for one in self.indexes(body["TableName"]) if one.name == body.get("IndexName")), None)
        table = self._table(body["TableName"])
        if index is None:
            stored: Any = table.items.get(DynamoType(wanted))
            kept = [] if not stored else list(stored.values()) if table.range_key_attr else [stored]
            sort = table.range_key_attr
        else:
            sort = index.keys[-1]
            kept = [
                item
                for item in _all_items(table)
                if hash_name in item.attrs and sort in item.attrs and item.attrs[hash_name].value == wanted["S"]
            ]
            kept.sort(key=lambda item: (item.hash_key, item.range_key) if item.range_key else item.hash_key)
        name, fits = _range(condition, {name: next(iter(value.values())) for name, value in values.items()})
        if name:
            kept = [item for item in kept if fits(item.attrs[name].value)]
        items = [_plain(item) for item in kept]
        items.sort(
            key=lambda item: next(iter(item[sort].values())) if sort else "", reverse=not body.get("ScanIndexForward", True)
        )
        if "Limit" in body:
            items = items[: body["Limit"]]  # a caller that wants more asks moto's way, with a start key
        if index is not None:
            items = [entry_of(item, index, self.keys(body["TableName"])) or {} for item in items]
        return {"Items": items, "Count": len(items), "ScannedCount": len(items)}


def _range(condition: re.Match[str], values: Json) -> tuple[str, Callable[[Any], bool]]:
    """Which attribute a condition asks of beside the partition's, and what; "" where it asks for none."""
    part = condition.groupdict()
    if part["range"]:
        limit, compared = values[part["than"]], _COMPARED[part["how"]]
        return part["range"], lambda value: compared(value, limit)
    if part["between"]:
        low, high = values[part["low"]], values[part["high"]]
        return part["between"], lambda value: bool(low <= value <= high)
    if part["beginning"]:
        start = values[part["start"]]
        return part["beginning"], lambda value: bool(value.startswith(start))
    return "", lambda _: True


def _all_items(table: Any) -> Iterator[Any]:  # noqa: ANN401 - moto's
    """Unsorted: to sort them is by far the most of moto's own answer, and for nothing where few are kept."""
    for stored in table.items.values():
        if table.range_key_attr:
            yield from stored.values()
        else:
            yield stored


def _plain(item: Any) -> Item:  # noqa: ANN401 - moto's
    return {name: _json(value) for name, value in item.attrs.items()}


def _json(value: Any) -> Any:  # noqa: ANN401 - moto's DynamoType
    return {value.type: _inner(value.value)}


def _inner(value: Any) -> Any:  # noqa: ANN401 - as it nests
    if isinstance(value, dict):
        return {name: _json(one) if isinstance(one, DynamoType) else one for name, one in value.items()}
    if isinstance(value, list):
        return [_json(one) if isinstance(one, DynamoType) else one for one in value]
    return value


def _size(item: Item | None) -> int:
    return size_of(item) if item else 0
