"""The ledger and the leases in `bk-deliveries`: a row a message, and one item a recipient or place that says who may write."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bolt_app.adapters.aws import translated
from bolt_app.adapters.dynamodb_calls import held, pages
from bolt_app.adapters.dynamodb_values import Attribute, Item, int_of, iso, moment, moment_of, number, text, text_of
from workflows.kernel.delivery import MAILBOX, is_letter
from workflows.kernel.ports import Delivery

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT = timedelta(days=400)
OPENED_KEPT = timedelta(days=14)
LETTER_KEPT = timedelta(days=90)
"""Complaints come weeks later; nothing comes back after months."""
LEASE = "lease"
ROW, WAITING, OPENED = "d#", "w#", "o#"
LETTER, SHUT = "letter#", "shut"
"""A letter is found by what the mail service calls it, and a shut mailbox by its address: each an item of its own partition."""


class DynamoLedger:
    """Implements `Ledger`. `written` hears of each row once it is there."""

    def __init__(
        self, client: "DynamoDBClient", *, table: str, written: Callable[[Delivery], object] = lambda _row: None
    ) -> None:
        self._client = client
        self._table = table
        self._written = written

    def take_lease(self, recipient: str, *, holder: str, now: datetime, seconds: int) -> bool:
        return held(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=_key(recipient, LEASE),
                UpdateExpression="SET #until = :until, holder = :me",
                ConditionExpression="attribute_not_exists(#until) OR #until < :now OR holder = :me",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues={
                    ":until": moment(now + timedelta(seconds=seconds)),
                    ":now": moment(now),
                    ":me": text(holder),
                },
            )
        )

    def release_lease(self, recipient: str, *, holder: str) -> None:
        held(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=_key(recipient, LEASE),
                UpdateExpression="REMOVE #until, holder",
                ConditionExpression="holder = :me",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues={":me": text(holder)},
            )
        )

    def get(self, recipient: str, delivery_id: str) -> Delivery | None:
        with translated():
            answer = self._client.get_item(TableName=self._table, Key=_key(recipient, ROW + delivery_id), ConsistentRead=True)
        return _delivery_of(answer["Item"]) if "Item" in answer else None

    def put(self, delivery: Delivery) -> None:
        """Order: the marks by which an opening is counted and a letter found, then the row.

        A mark without a row counts one too many for a while, or names a row that says of itself that nothing was sent.
        """
        with translated():
            if delivery.kind == "opened":
                self._client.put_item(TableName=self._table, Item=_mark_of(delivery))
            if is_letter(delivery):
                self._client.put_item(TableName=self._table, Item=_name_of(delivery))
            self._client.put_item(TableName=self._table, Item=_item_of(delivery))
        self._written(delivery)

    def storms(self, recipient: str) -> list[Delivery]:
        found = [_delivery_of(row) for row in self._rows(recipient, f"{ROW}storm-")]
        return sorted(found, key=lambda row: (row.started, row.id), reverse=True)

    def keep_waiting(self, delivery: Delivery) -> None:
        with translated():
            self._client.put_item(TableName=self._table, Item=_item_of(delivery, WAITING))

    def waiting(self, recipient: str) -> list[Delivery]:
        found = [_delivery_of(row, WAITING) for row in self._rows(recipient, WAITING)]
        return sorted(found, key=lambda row: (row.started, row.id))

    def done_waiting(self, recipient: str, delivery_id: str) -> None:
        with translated():
            self._client.delete_item(TableName=self._table, Key=_key(recipient, WAITING + delivery_id))

    def opened_since(self, recipient: str, since: datetime) -> int:
        return len(self.opened(recipient, since))

    def opened(self, recipient: str, since: datetime) -> frozenset[str]:
        """By marks of their own, sorted by time: what was told in a year of messages is not read for it."""
        marks = pages(
            self._client.query,
            TableName=self._table,
            KeyConditionExpression="recipient = :who AND sk BETWEEN :since AND :ever",
            ProjectionExpression="sk",
            ExpressionAttributeValues={
                ":who": text(recipient),
                ":since": text(OPENED + iso(since)),
                ":ever": text(f"{OPENED}~"),
            },
            ConsistentRead=True,
        )
        return frozenset(mark["sk"]["S"].split("#", 2)[2] for mark in marks)

    def letter(self, ts: str) -> Delivery | None:
        with translated():
            answer = self._client.get_item(TableName=self._table, Key=_key(LETTER + ts, ROW), ConsistentRead=True)
        name = answer.get("Item", {})
        return self.get(text_of(name, "addressee"), text_of(name, "delivery")) if name else None

    def shut(self, address: str, why: str, *, until: datetime | None) -> None:
        values = {":why": text(why)}
        if until is None:  # for good: it is forgotten by nobody
            update = "SET why = :why REMOVE #until, expires"
            condition = "attribute_not_exists(sk) OR attribute_exists(#until)"
        else:
            update = "SET why = :why, #until = :until, expires = :expires"
            condition = "attribute_not_exists(sk) OR #until < :until"
            values |= {":until": moment(until), ":expires": number(int(until.timestamp()))}
        held(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=_key(MAILBOX + address, SHUT),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues=values,
            )
        )

    def shut_why(self, address: str, now: datetime) -> str:
        with translated():
            answer = self._client.get_item(TableName=self._table, Key=_key(MAILBOX + address, SHUT), ConsistentRead=True)
        item = answer.get("Item", {})
        until = moment_of(item, "until")
        return text_of(item, "why") if until is None or now < until else ""

    def _rows(self, recipient: str, begin: str) -> Iterator[Item]:
        return pages(
            self._client.query,
            TableName=self._table,
            KeyConditionExpression="recipient = :who AND begins_with(sk, :begin)",
            ExpressionAttributeValues={":who": text(recipient), ":begin": text(begin)},
            ConsistentRead=True,
        )


def _key(recipient: str, sk: str) -> dict[str, Attribute]:
    return {"recipient": text(recipient), "sk": text(sk)}


def _mark_of(delivery: Delivery) -> dict[str, Attribute]:
    return {
        **_key(delivery.recipient, f"{OPENED}{iso(delivery.started)}#{delivery.id}"),
        "expires": number(int((delivery.started + OPENED_KEPT).timestamp())),
    }


def _name_of(delivery: Delivery) -> dict[str, Attribute]:
    return {
        **_key(LETTER + delivery.ts, ROW),
        "addressee": text(delivery.recipient),
        "delivery": text(delivery.id),
        "expires": number(int((delivery.started + LETTER_KEPT).timestamp())),
    }


def _item_of(delivery: Delivery, prefix: str = ROW) -> dict[str, Attribute]:
    texts = {
        "subject": delivery.subject,
        "break_id": delivery.break_id,
        "kind": delivery.kind,
        "outcome": delivery.outcome,
        "channel": delivery.channel,
        "ts": delivery.ts,
        "via": delivery.via,
        "why": delivery.why,
    }
    last = {"tried_at": moment(delivery.tried_at)} if delivery.tried_at else {}
    return {
        **_key(delivery.recipient, prefix + delivery.id),
        **last,
        **{name: text(value) for name, value in texts.items() if value},
        **({"members": text(json.dumps(delivery.members))} if delivery.members else {}),
        "started": moment(delivery.started),
        "say": number(delivery.say),
        "tried": number(delivery.tried),
        "expires": number(int((delivery.started + KEPT).timestamp())),
    }


def _delivery_of(item: Item, prefix: str = ROW) -> Delivery:
    outcome: Any = text_of(item, "outcome")
    return Delivery(
        recipient=item["recipient"]["S"],
        id=item["sk"]["S"].removeprefix(prefix),
        subject=text_of(item, "subject"),
        break_id=text_of(item, "break_id"),
        say=int_of(item, "say"),
        kind=text_of(item, "kind"),
        outcome=outcome,
        started=datetime.fromisoformat(item["started"]["S"]),
        channel=text_of(item, "channel"),
        ts=text_of(item, "ts"),
        via=text_of(item, "via"),
        tried=int_of(item, "tried"),
        tried_at=moment_of(item, "tried_at"),
        why=text_of(item, "why"),
        members=tuple(json.loads(text_of(item, "members") or "[]")),
    )
