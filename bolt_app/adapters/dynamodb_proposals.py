"""Proposals in `bk-proposals`, with their audit in `bk-audit`.

What people and reports write stands under the revision they read; dispatch writes `shown`, `channel` and `ts` under what was
shown before, and moves `due` only while nothing has changed. Neither touches the other's, so they never wait for each other.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bolt_app.adapters.audit_item import audit_of, audit_put
from bolt_app.adapters.aws import translated
from bolt_app.adapters.dynamodb_audit import DynamoAudit
from bolt_app.adapters.dynamodb_calls import batch_get, held, in_our_words_of_transaction, pages
from bolt_app.adapters.dynamodb_values import Attribute, Item, as_json, int_of, iso, json_of, moment, moment_of, number, text
from bolt_app.adapters.facts_json import arguments, packed
from workflows.kernel.errors import Refused
from workflows.kernel.ports import AuditEntry
from workflows.kernel.proposal import OPEN, Proposal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

FLEET = "bk"
"""The one partition of the indexes `open` and `due`."""

REMEMBERED = timedelta(days=90)
OF_DISPATCH = frozenset({"shown", "channel", "ts"})
NAMED = frozenset({"proposal_id", "state", "key", "rev", "due", "created", "decided_at"})
IN_FACTS = frozenset(field.name for field in fields(Proposal)) - NAMED - OF_DISPATCH
OWNED = (NAMED - {"proposal_id", "rev"}) | {"facts", "fleet", "open_since", "expires"}
"""The attributes that `save` writes or removes: all but the key, `rev`, and what only dispatch writes."""

log = logging.getLogger(__name__)


class DynamoProposals:
    """Implements `Proposals`.

    Args:
        table: name of the table of proposals. audit: name of the table of audit entries.
    """

    def __init__(self, client: "DynamoDBClient", *, table: str, audit: str) -> None:
        self._client = client
        self._table = table
        self._audit = audit

    def get(self, proposal_id: str) -> Proposal | None:
        with translated():
            answer = self._client.get_item(TableName=self._table, Key=_key(proposal_id), ConsistentRead=True)
        return _proposal(answer["Item"]) if "Item" in answer else None

    def save(self, proposal: Proposal, audit: AuditEntry | None) -> None:
        writes = [self._update(proposal)]
        if audit is not None:
            mark = f"{proposal.rev + 1:08}#{proposal.proposal_id}"  # one subject may have several proposals
            writes.append(audit_put(self._audit, audit, mark))
        with translated():
            try:
                self._client.transact_write_items(TransactItems=writes, ClientRequestToken=_token(writes))
            except ClientError as error:
                raise in_our_words_of_transaction(error) from error

    def show(self, proposal_id: str, *, rev: int, channel: str, ts: str) -> bool:
        return held(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=_key(proposal_id),
                UpdateExpression="SET shown = :rev, channel = :channel, ts = :ts",
                ConditionExpression="attribute_exists(proposal_id) AND (attribute_not_exists(shown) OR shown <= :rev)",
                ExpressionAttributeValues={":rev": number(rev), ":channel": text(channel), ":ts": text(ts)},
            )
        )

    def look_again(self, proposal_id: str, *, rev: int, due: datetime | None) -> bool:
        return held(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=_key(proposal_id),
                UpdateExpression="SET due = :due" if due is not None else "REMOVE due",
                ConditionExpression="rev = :rev",
                ExpressionAttributeValues={":rev": number(rev), **({":due": moment(due)} if due is not None else {})},
            )
        )

    def record(self, audit: AuditEntry) -> None:
        DynamoAudit(self._client, table=self._audit).write(audit)

    def open(self) -> list[Proposal]:
        keys = [_key(proposal_id) for proposal_id in self._index("open", "fleet = :fleet", {})]
        found = (one for one in _readable(batch_get(self._client, self._table, keys)) if one.state in OPEN)
        return sorted(found, key=lambda one: (one.created, one.proposal_id))

    def due(self, now: datetime) -> list[str]:
        return self._index("due", "fleet = :fleet AND due <= :now", {":now": text(iso(now))})

    def history(self, subject: str) -> list[AuditEntry]:
        """The audit entries about one subject, oldest first."""
        found = pages(
            self._client.query,
            TableName=self._audit,
            KeyConditionExpression="job_id = :subject",
            ExpressionAttributeValues={":subject": text(subject)},
        )
        return [audit_of(item) for item in found]

    def _index(self, index: str, condition: str, values: dict[str, Attribute]) -> list[str]:
        found = pages(
            self._client.query,
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues={":fleet": text(FLEET), **values},
        )
        return [item["proposal_id"]["S"] for item in found]

    def _update(self, proposal: Proposal) -> "TransactWriteItemTypeDef":
        owned = _owned(proposal)
        sets = ", ".join(f"#{name} = :{name}" for name in owned)
        removes = ", ".join(f"#{name}" for name in sorted(OWNED - owned.keys()))
        values = {f":{name}": value for name, value in owned.items()} | {":next": number(proposal.rev + 1)}
        if proposal.rev:
            values[":rev"] = number(proposal.rev)
        return {
            "Update": {
                "TableName": self._table,
                "Key": _key(proposal.proposal_id),
                "UpdateExpression": f"SET {sets}, rev = :next" + (f" REMOVE {removes}" if removes else ""),
                "ConditionExpression": "rev = :rev" if proposal.rev else "attribute_not_exists(proposal_id)",
                "ExpressionAttributeNames": {f"#{name}": name for name in OWNED},
                "ExpressionAttributeValues": values,
            }
        }


def _key(proposal_id: str) -> dict[str, Attribute]:
    return {"proposal_id": text(proposal_id)}


def _owned(proposal: Proposal) -> dict[str, Attribute]:
    """The attributes among OWNED that this proposal has; the indexes hold only what is open, and what is due."""
    item = {
        "fleet": text(FLEET),
        "state": text(proposal.state),
        "key": text(proposal.key),
        "created": moment(proposal.created),
        "facts": as_json(packed(proposal, without=NAMED | OF_DISPATCH)),
    }
    if proposal.decided_at is not None:
        item["decided_at"] = moment(proposal.decided_at)
    if proposal.due is not None:
        item["due"] = moment(proposal.due)
    if proposal.state in OPEN:
        item["open_since"] = moment(proposal.created)
    else:
        closed = (proposal.decided_at or proposal.created) + REMEMBERED
        item["expires"] = number(int(closed.timestamp()))
    return item


def _proposal(item: Item) -> Proposal:
    try:
        return _proposal_of(item)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refused("UnreadableItem", f"{item['proposal_id']['S']}: {type(error).__name__} {error}") from error


def _proposal_of(item: Item) -> Proposal:
    state: Any = item["state"]["S"]
    facts = {name: value for name, value in json_of(item, "facts").items() if name in IN_FACTS}
    return Proposal(
        proposal_id=item["proposal_id"]["S"],
        state=state,
        key=item["key"]["S"],
        created=datetime.fromisoformat(item["created"]["S"]),
        decided_at=moment_of(item, "decided_at"),
        due=moment_of(item, "due"),
        rev=int_of(item, "rev"),
        shown=int_of(item, "shown"),
        channel=item["channel"]["S"] if "channel" in item else "",
        ts=item["ts"]["S"] if "ts" in item else "",
        **arguments(Proposal, facts),
    )


def _readable(items: Iterable[Item]) -> Iterator[Proposal]:
    """Those that can be read: one that cannot harms no other."""
    for item in items:
        try:
            yield _proposal(item)
        except Refused as error:
            said = {"proposal_id": item["proposal_id"]["S"]}
            log.error("left out: %s", error, extra=said)  # noqa: TRY400 - it says which item and why; its trace nothing more


def _token(writes: "list[TransactWriteItemTypeDef]") -> str:
    """The same for the same save: when the answer to one that was carried out is lost, trying it again is no conflict."""
    return hashlib.sha256(json.dumps(writes, sort_keys=True).encode()).hexdigest()[:36]
