"""`bk-audit` by itself: entries about what is written elsewhere than in our tables, and all entries of a few days."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from bolt_app.adapters.audit_item import audit_of, audit_put
from bolt_app.adapters.dynamodb_calls import held, pages
from bolt_app.adapters.dynamodb_values import iso, text
from workflows.kernel.ports import AuditEntry

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoAudit:
    """Implements `Audit`.

    Args:
        writer: tells its entries apart from those of others about the same subject at the same moment; "": what an entry
            says does, so that only the very same one is written once.
    """

    def __init__(self, client: "DynamoDBClient", *, table: str, writer: str = "") -> None:
        self._client = client
        self._table = table
        self._writer = writer

    def write(self, entry: AuditEntry) -> None:
        put = audit_put(self._table, entry, self._writer or _digest(entry))["Put"]
        held(
            lambda: self._client.put_item(TableName=self._table, Item=put["Item"], ConditionExpression=put["ConditionExpression"])
        )


def _digest(entry: AuditEntry) -> str:
    facts = json.dumps([entry.action, entry.by, entry.after, entry.why], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


class DynamoJournal:
    """Implements `Journal` by the index `by_day`: a query a day, the newest day first."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def entries(self, since: datetime, until: datetime, *, entries_max: int) -> list[AuditEntry]:
        return list(islice(self._newest_first(since, until, entries_max), entries_max))

    def _newest_first(self, since: datetime, until: datetime, entries_max: int) -> Iterator[AuditEntry]:
        day, first = until.astimezone(UTC).date(), since.astimezone(UTC).date()
        while day >= first:
            found = pages(
                self._client.query,
                TableName=self._table,
                IndexName="by_day",
                KeyConditionExpression="#day = :day AND ts BETWEEN :since AND :until",  # a ts goes on behind its moment
                ExpressionAttributeNames={"#day": "day"},
                ExpressionAttributeValues={":day": text(day.isoformat()), ":since": text(iso(since)), ":until": text(iso(until))},
                ScanIndexForward=False,
                Limit=max(entries_max, 1),
            )
            yield from (audit_of(item) for item in found)
            day -= timedelta(days=1)
