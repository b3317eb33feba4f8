"""Standings in `bk-state`, and their audit in `bk-audit`.

A check or an answer writes the attributes it owns, under the revision it read; dispatch writes what it told, under what
was told before. Neither touches the other's, so they never wait for each other.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bolt_app.adapters.audit_item import audit_of, audit_put
from bolt_app.adapters.aws import translated
from bolt_app.adapters.dynamodb_calls import batch_get, held, in_our_words_of_transaction, pages
from bolt_app.adapters.dynamodb_values import Attribute, Item, as_json, int_of, iso, json_of, number, text
from bolt_app.adapters.standing_item import FLEET, OWNED, owned_of, standing_of, told_one
from workflows.backup.job_id import is_reserved
from workflows.backup.standing import Standing, Told
from workflows.kernel.errors import Conflict, Refused
from workflows.kernel.ports import AuditEntry, Json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

RESERVED = "#"
"""Items whose id begins so are no jobs; a job id never does."""

FLEET_KEY: dict[str, Attribute] = {"job_id": text("#fleet")}
FLEET_TRIES_MAX = 12
"""As many as the shards of a long list that may end at once: in each round one of them gets its turn."""

log = logging.getLogger(__name__)


class DynamoStandings:
    """Implements `Standings`.

    Args:
        state: name of the table of standings. audit: name of the table of audit entries.
    """

    def __init__(self, client: "DynamoDBClient", *, state: str, audit: str) -> None:
        self._client = client
        self._state = state
        self._audit = audit

    def get_many(self, job_ids: Sequence[str], *, consistent: bool = False) -> dict[str, Standing]:
        keys = [{"job_id": text(job_id)} for job_id in dict.fromkeys(job_ids)]
        items = batch_get(self._client, self._state, keys, consistent=consistent)
        return {standing.job_id: standing for standing in _readable(items)}

    def get(self, job_id: str) -> Standing | None:
        with translated():
            answer = self._client.get_item(TableName=self._state, Key={"job_id": text(job_id)}, ConsistentRead=True)
        return _standing(answer["Item"]) if "Item" in answer else None

    def due(self, now: datetime) -> list[str]:
        return self._index("due", "fleet = :fleet AND due <= :now", {":now": text(iso(now))})

    def pending(self) -> list[str]:
        return self._index("pending", "fleet = :fleet", {})

    def every(self) -> list[Standing]:
        items = pages(self._client.scan, TableName=self._state)
        ids = ((item["job_id"]["S"], item) for item in items)
        jobs = (item for job_id, item in ids if not job_id.startswith(RESERVED) and not is_reserved(job_id))
        return sorted(_readable(jobs), key=lambda standing: standing.job_id)

    def save(self, standing: Standing, audit: AuditEntry | None, *, break_id: str | None = None) -> None:
        writes = [self._update(standing, break_id)]
        if audit is not None:
            mark = f"{standing.rev + 1:08}"  # padded, so that two entries of one moment stay in order
            writes.append(audit_put(self._audit, audit, mark))
        with translated():
            try:
                self._client.transact_write_items(TransactItems=writes, ClientRequestToken=_token(writes))
            except ClientError as error:
                raise in_our_words_of_transaction(error) from error

    def tell(self, job_id: str, recipient: str, told: Told, *, state: str) -> bool:
        return held(
            lambda: self._client.update_item(
                TableName=self._state,
                Key={"job_id": text(job_id)},
                UpdateExpression="SET told.#r = :told, last_dispatched_state = :state",
                ConditionExpression="attribute_exists(job_id) AND (attribute_not_exists(told.#r) OR told.#r.#say < :say)",
                ExpressionAttributeNames={"#r": recipient, "#say": "say"},
                ExpressionAttributeValues={":told": told_one(told), ":say": number(told.say), ":state": text(state)},
            )
        )

    def take_back(self, job_id: str, recipient: str, *, channel: str, break_id: str, at: datetime) -> bool:
        return held(
            lambda: self._client.update_item(
                TableName=self._state,
                Key={"job_id": text(job_id)},
                UpdateExpression="REMOVE told.#r SET pending = if_not_exists(pending, :at) ADD rev :one",
                ConditionExpression="told.#r.channel = :channel AND told.#r.break_id = :break",
                ExpressionAttributeNames={"#r": recipient},
                ExpressionAttributeValues={
                    ":channel": text(channel),
                    ":break": text(break_id),
                    ":at": text(iso(at)),
                    ":one": number(1),
                },
            )
        )

    def settle(self, job_id: str, say: int) -> bool:
        key = {"job_id": text(job_id)}
        with translated():
            answer = self._client.get_item(
                TableName=self._state, Key=key, ConsistentRead=True, ProjectionExpression="job_id, recipients"
            )
        recipients: Any = answer.get("Item", {}).get("recipients")
        names = {f"#r{place}": one["S"] for place, one in enumerate(recipients["L"])} if recipients else {}
        conditions = [
            "#say = :say",
            "recipients = :recipients" if recipients else "attribute_not_exists(recipients)",
            *(f"told.{name}.#say >= :say" for name in names),
        ]
        return held(
            lambda: self._client.update_item(
                TableName=self._state,
                Key=key,
                UpdateExpression="REMOVE pending",
                ConditionExpression=" AND ".join(conditions),
                ExpressionAttributeNames={"#say": "say", **names},
                ExpressionAttributeValues={":say": number(say), **({":recipients": recipients} if recipients else {})},
            )
        )

    def defer(self, job_id: str, say: int, *, until: datetime) -> bool:
        sooner = self._defer(job_id, "SET due = :until REMOVE pending", "(attribute_not_exists(due) OR due > :until)", say, until)
        return sooner or self._defer(job_id, "REMOVE pending", "due <= :until", say, until)

    def _defer(self, job_id: str, update: str, due: str, say: int, until: datetime) -> bool:
        return held(
            lambda: self._client.update_item(
                TableName=self._state,
                Key={"job_id": text(job_id)},
                UpdateExpression=update,
                ConditionExpression=f"#say = :say AND {due}",
                ExpressionAttributeNames={"#say": "say"},
                ExpressionAttributeValues={":say": number(say), ":until": text(iso(until))},
            )
        )

    def fleet(self) -> Json:
        return json_of(self._fleet(), "facts")

    def change_fleet(self, change: Callable[[Json], Json]) -> None:
        for _ in range(FLEET_TRIES_MAX):
            item = self._fleet()
            before = json_of(item, "facts")
            after = change(json_of(item, "facts"))
            if after == before or self._put_fleet(after, int_of(item, "rev")):
                return
        raise Conflict("others keep writing what is known of the whole fleet")

    def _fleet(self) -> Item:
        with translated():
            return self._client.get_item(TableName=self._state, Key=FLEET_KEY, ConsistentRead=True).get("Item", {})

    def _put_fleet(self, facts: Json, rev: int) -> bool:
        """False where somebody wrote meanwhile. An item of old has no `rev`."""
        return held(
            lambda: self._client.put_item(
                TableName=self._state,
                Item={**FLEET_KEY, "facts": as_json(facts), "rev": number(rev + 1)},
                ConditionExpression="rev = :rev" if rev else "attribute_not_exists(rev) OR rev = :rev",
                ExpressionAttributeValues={":rev": number(rev)},
            )
        )

    def history(self, job_id: str, limit: int) -> list[AuditEntry]:
        newest_first = pages(
            self._client.query,
            TableName=self._audit,
            KeyConditionExpression="job_id = :job",
            ExpressionAttributeValues={":job": text(job_id)},
            ScanIndexForward=False,
            Limit=max(limit, 1),
        )
        return [audit_of(item) for item in islice(newest_first, limit)]

    def _index(self, index: str, condition: str, values: dict[str, Attribute]) -> list[str]:
        found = pages(
            self._client.query,
            TableName=self._state,
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues={":fleet": text(FLEET), **values},
        )
        return [item["job_id"]["S"] for item in found]

    def _update(self, standing: Standing, break_id: str | None) -> "TransactWriteItemTypeDef":
        owned = owned_of(standing)
        sets = [f"#{name} = :{name}" for name in owned]
        removes = [f"#{name}" for name in sorted(OWNED - owned.keys())]
        conditions = ["rev = :rev" if standing.rev else "attribute_not_exists(job_id)"]
        values = {f":{name}": value for name, value in owned.items()}
        values |= {":next": number(standing.rev + 1), ":nobody": {"M": {}}}
        if standing.rev:
            values[":rev"] = number(standing.rev)
        if break_id is not None:
            conditions.append("#break_id = :break")
            values[":break"] = text(break_id)
        # `told` must be there as a map before dispatch can write into it; what it holds is dispatch's alone
        expression = f"SET {', '.join(sets)}, rev = :next, told = if_not_exists(told, :nobody)"
        return {
            "Update": {
                "TableName": self._state,
                "Key": {"job_id": text(standing.job_id)},
                "UpdateExpression": f"{expression} REMOVE {', '.join(removes)}" if removes else expression,
                "ConditionExpression": " AND ".join(conditions),
                "ExpressionAttributeNames": {f"#{name}": name for name in OWNED},
                "ExpressionAttributeValues": values,
            }
        }


def _token(writes: "list[TransactWriteItemTypeDef]") -> str:
    """The same for the same save: when the answer to one that was carried out is lost, trying it again is no conflict."""
    return hashlib.sha256(json.dumps(writes, sort_keys=True).encode()).hexdigest()[:36]


def _readable(items: Iterable[Item]) -> Iterable[Standing]:
    """Their standings. An item that cannot be read harms no other job: its own next save finds the conflict."""
    for item in items:
        try:
            yield _standing(item)
        except Refused as error:
            said = {"job_id": item["job_id"]["S"]}
            log.error("left out: %s", error, extra=said)  # noqa: TRY400 - it says which item and why; its trace nothing more


def _standing(item: Item) -> Standing:
    try:
        return standing_of(item)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refused("UnreadableItem", f"{item['job_id']['S']}: {type(error).__name__} {error}") from error
