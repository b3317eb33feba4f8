"""Check-ins in `bk-heartbeats`: one item each, and one item a job that says which came in last."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bolt_app.adapters.aws import translated
from bolt_app.adapters.dynamodb_calls import SOMEONE_ELSE, batch_get, cancelled_by, in_our_words_of_transaction, pages
from bolt_app.adapters.dynamodb_values import Attribute, Item, flag, int_of, moment, moment_of, number, text, text_of
from workflows.backup.ports import CheckIn
from workflows.kernel.errors import Unanswered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

KEPT = timedelta(days=90)
KEPT_ONCE = timedelta(days=400)
"""Longer than the mails themselves are kept: none of them counts twice."""
LATEST = "latest"
ONCE = "once#"  # sorts behind "latest", where no reader of check-ins looks
TRIES = 6
PAUSE_SECONDS = 0.02
PAGE = 50
SAME_SECOND = timedelta(seconds=1)
"""Sort keys begin with the time, some of them in whole seconds: within one, their order says nothing."""


class DynamoCheckIns:
    """Implements `CheckIns`. `clock` tells which items have expired: the table removes them days later."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        table: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._pause = pause

    def record(self, check_in: CheckIn, *, now: datetime) -> bool:
        new = [self._put(check_in, now), *self._once(check_in, now)]
        for attempt in range(TRIES):
            reasons = self._write(*new, self._move(check_in, now, newest=attempt % 2 == 0))
            if not reasons:
                return True
            if "ConditionalCheckFailed" in reasons[: len(new)]:
                return False
            if "TransactionConflict" in reasons:
                self._pause(PAUSE_SECONDS * (attempt + 1))
        raise Unanswered("TransactionConflict", f"{check_in.job_id} is being written to by others; tried {TRIES} times")

    def latest(self, job_ids: Sequence[str]) -> dict[str, str]:
        keys = [{"job_id": text(job_id), "ts": text(LATEST)} for job_id in dict.fromkeys(job_ids)]
        return {item["job_id"]["S"]: item["sk"]["S"] for item in batch_get(self._client, self._table, keys)}

    def since(self, job_id: str, since: datetime | None) -> list[CheckIn]:
        now = int(self._clock().timestamp())
        newest_first = pages(
            self._client.query,
            TableName=self._table,
            KeyConditionExpression="job_id = :job AND ts < :latest",
            ExpressionAttributeValues={":job": text(job_id), ":latest": text(LATEST)},
            ConsistentRead=True,  # `latest` said that something is there: not to see it now would be never to see it
            ScanIndexForward=False,
            **({"Limit": PAGE} if since else {}),
        )
        found: list[CheckIn] = []
        for item in newest_first:
            check_in = _check_in_of(item)
            if since is not None and check_in.at < since - SAME_SECOND:
                break
            if int_of(item, "expires") > now and (since is None or check_in.at >= since):
                found.append(check_in)
        return sorted(found, key=lambda one: (one.at, one.sk))

    def _write(self, *writes: "TransactWriteItemTypeDef") -> list[str]:
        """Why the transaction did not go through, item by item; empty when it did."""
        with translated():
            try:
                self._client.transact_write_items(TransactItems=writes)
            except ClientError as error:
                reasons = cancelled_by(error)
                if not SOMEONE_ELSE & set(reasons):
                    raise in_our_words_of_transaction(error) from error
                return reasons
        return []

    def _put(self, check_in: CheckIn, now: datetime) -> "TransactWriteItemTypeDef":
        item = _item_of(check_in) | {"expires": number(int((now + KEPT).timestamp()))}
        return {"Put": {"TableName": self._table, "Item": item, "ConditionExpression": "attribute_not_exists(job_id)"}}

    def _once(self, check_in: CheckIn, now: datetime) -> "list[TransactWriteItemTypeDef]":
        """The mark that this has counted for the job, whenever it comes again."""
        if not check_in.once:
            return []
        item = {
            "job_id": text(check_in.job_id),
            "ts": text(ONCE + check_in.once),
            "expires": number(int((now + KEPT_ONCE).timestamp())),
        }
        return [{"Put": {"TableName": self._table, "Item": item, "ConditionExpression": "attribute_not_exists(job_id)"}}]

    def _move(self, check_in: CheckIn, now: datetime, *, newest: bool) -> "TransactWriteItemTypeDef":
        """Every record changes `sk`, or a check that has just read would never see it; `seen_at` never goes back."""
        values = {":sk": text(check_in.sk), ":now": moment(now)}
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"job_id": text(check_in.job_id), "ts": text(LATEST)},
                "UpdateExpression": "SET sk = :sk, seen_at = :now" if newest else "SET sk = :sk",
                "ConditionExpression": "attribute_not_exists(seen_at) OR seen_at <= :now" if newest else "seen_at > :now",
                "ExpressionAttributeValues": values,
            }
        }


def _item_of(check_in: CheckIn) -> dict[str, Attribute]:
    texts = {
        "job_id": check_in.job_id,
        "ts": check_in.sk,
        "source": check_in.source,
        "outcome": check_in.outcome,
        "rid": check_in.rid,
        "ref": check_in.ref,
        "source_ip": check_in.source_ip,
        "note": check_in.note,
        "once": check_in.once,
    }
    item = {name: text(value) for name, value in texts.items() if value}
    item["at"] = moment(check_in.at)
    if check_in.size is not None:
        item["reported_size"] = number(check_in.size)
    if check_in.ran_at is not None:
        item["ran_at"] = moment(check_in.ran_at)
    if check_in.weak:
        item["weak"] = flag(True)
    return item


def _check_in_of(item: Item) -> CheckIn:
    return CheckIn(
        job_id=item["job_id"]["S"],
        sk=item["ts"]["S"],
        at=datetime.fromisoformat(item["at"]["S"]),
        source=text_of(item, "source"),
        outcome=text_of(item, "outcome"),
        size=int_of(item, "reported_size") if "reported_size" in item else None,
        rid=text_of(item, "rid"),
        ran_at=moment_of(item, "ran_at"),
        ref=text_of(item, "ref"),
        source_ip=text_of(item, "source_ip"),
        note=text_of(item, "note"),
        once=text_of(item, "once"),
        weak="weak" in item,
    )
