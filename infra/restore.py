"""Copies items of a restored table back: python -m infra.restore --from bk-state-restored --to bk-state [--overwrite] [--go].

With --from-profile or --from-region, out of another account or region, for a sentinel that moves.

A point-in-time restore always makes a new table. Without --go nothing is written: it counts, and says what it would do. With --go
it writes the items that are missing; with --overwrite besides, those that are different now are put back to what they were. Items
that the restored table does not have stay as they are, and so do those that somebody changes while this runs. Run it again as
often as you like. docs/operations.md says what to stop meanwhile, and what becomes of the messages.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.stack import STACK
from infra.session import session_for
from infra.stopped import unless_stopped

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH_MAX: Final = 100
Item = dict[str, Any]


class RestoreError(Exception):
    """These two tables do not fit; the message says why."""


@dataclass(slots=True, kw_only=True)
class Count:
    """How many of the restored items are what.

    Attributes:
        written: of the missing and the different ones. changed: meanwhile by somebody else, and so left alone.
        expired: no longer wanted by their own word, and so left out.
    """

    restored: int = 0
    same: int = 0
    missing: int = 0
    different: int = 0
    expired: int = 0
    written: int = 0
    changed: int = 0


def restore(
    client: "DynamoDBClient",
    *,
    source: str,
    target: str,
    overwrite: bool,
    go: bool,
    now: float,
    elsewhere: "DynamoDBClient | None" = None,
) -> Count:
    """Raises RestoreError where the tables have other keys, and botocore's errors.

    Args:
        now: seconds since 1970.
        elsewhere: where the restored table is, if that is another account or region.
    """
    origin = elsewhere or client
    keys = _keys(client, target)
    if (elsewhere is None and source == target) or _keys(origin, source) != keys:
        raise RestoreError(
            f"{source} cannot be copied into {target}: they must be two tables with the same keys, {', '.join(keys)}"
        )
    expiry = client.describe_time_to_live(TableName=target)["TimeToLiveDescription"].get("AttributeName", "")
    count = Count()

    for batch in _batches(_items(origin, source)):
        present = _present(client, target, batch, keys)
        for item in batch:
            count.restored += 1
            seen = present.get(_key(item, keys))
            if _expired(item, expiry, now):
                count.expired += 1
            elif seen == item:
                count.same += 1
            else:
                count.missing += seen is None
                count.different += seen is not None
                if go and (seen is None or overwrite):
                    _write(client, target, item, seen, keys, count)
    return count


def _keys(client: "DynamoDBClient", table: str) -> list[str]:
    return [key["AttributeName"] for key in client.describe_table(TableName=table)["Table"]["KeySchema"]]


def _items(client: "DynamoDBClient", table: str) -> Iterator[Item]:
    for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH_MAX)):
        yield batch


def _key(item: Item, keys: Sequence[str]) -> str:
    return json.dumps([item[name] for name in keys])


def _present(client: "DynamoDBClient", table: str, batch: Sequence[Item], keys: Sequence[str]) -> dict[str, Item]:
    wanted: Any = {table: {"Keys": [{name: item[name] for name in keys} for item in batch], "ConsistentRead": True}}
    found: dict[str, Item] = {}
    while wanted:
        answer = client.batch_get_item(RequestItems=wanted)
        found |= {_key(item, keys): item for item in answer["Responses"].get(table, [])}
        wanted = answer["UnprocessedKeys"]
        if wanted:
            time.sleep(0.5)
    return found


def _expired(item: Item, attribute: str, now: float) -> bool:
    return float(item.get(attribute, {}).get("N", "inf")) < now


def _write(client: "DynamoDBClient", table: str, item: Item, seen: Item | None, keys: Sequence[str], count: Count) -> None:
    """Only if the stored item is still what was compared with, or still not there; also what it did not have is looked at."""
    stored = seen or {}
    names = [*stored, *(name for name in (item if seen else keys[:1]) if name not in stored)]
    condition = " AND ".join(
        f"#{place} = :{place}" if name in stored else f"attribute_not_exists(#{place})" for place, name in enumerate(names)
    )
    values = {f":{place}": stored[name] for place, name in enumerate(names) if name in stored}
    wanted: dict[str, Any] = {"ExpressionAttributeValues": values} if values else {}
    known_as = {f"#{place}": name for place, name in enumerate(names)}
    try:
        client.put_item(TableName=table, Item=item, ConditionExpression=condition, ExpressionAttributeNames=known_as, **wanted)
    except client.exceptions.ConditionalCheckFailedException:
        count.changed += 1
    else:
        count.written += 1


def told(count: Count, *, source: str, target: str, overwrite: bool, go: bool) -> str:
    """What was found and done, in words."""
    lines = [
        f"{source} holds {count.restored} items. In {target}",
        f"  {count.same} are the same",
        f"  {count.missing} are missing",
        f"  {count.different} are different now{'' if overwrite else ', and stay so (--overwrite puts them back)'}",
        f"  {count.expired} would be past their time, and are left out",
    ]
    if not go:
        wanted = count.missing + (count.different if overwrite else 0)
        return "\n".join([*lines, f"Nothing was written. With --go {wanted} would be."])
    meanwhile = f"; {count.changed} were changed meanwhile, and left alone" if count.changed else ""
    return "\n".join([*lines, f"Written: {count.written}{meanwhile}."])


def main(arguments: list[str]) -> int:
    """Exit status 0 when it is done, 1 when it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m infra.restore", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--from", dest="source", required=True, help="the table that the restore made")
    parser.add_argument("--to", dest="target", required=True, help="the table that the sentinel uses")
    parser.add_argument("--overwrite", action="store_true", help="also put back what is different now")
    parser.add_argument("--go", action="store_true", help="write; without it, only count")
    parser.add_argument("--region")
    parser.add_argument("--from-profile", help="signs in to the account that the table is copied out of")
    parser.add_argument("--from-region")
    asked = parser.parse_args(arguments)
    chosen = {name: getattr(asked, name) for name in ("source", "target", "overwrite", "go")}
    try:
        here = session_for(STACK, asked.region)
        other = boto3.Session(profile_name=asked.from_profile, region_name=asked.from_region or here.region_name)
        elsewhere = other.client("dynamodb") if asked.from_profile or asked.from_region else None
        count = restore(here.client("dynamodb"), **chosen, now=time.time(), elsewhere=elsewhere)
    except (RestoreError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(told(count, **chosen) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(unless_stopped(lambda: main(sys.argv[1:])))
