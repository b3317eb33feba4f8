"""An audit entry as one item of `bk-audit`, and back."""

from datetime import datetime
from typing import TYPE_CHECKING

from bolt_app.adapters.dynamodb_values import Item, as_json, iso, json_of, text, text_of
from workflows.kernel.ports import AuditEntry

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


def audit_put(table: str, audit: AuditEntry, mark: str) -> "TransactWriteItemTypeDef":
    """The write of one entry, for a transaction. `mark` tells entries of one subject and moment apart, and keeps their order."""
    at = iso(audit.at)
    item = {
        "job_id": text(audit.subject),
        "ts": text(f"{at}#{mark}"),
        "day": text(at[:10]),
        "action": text(audit.action),
        "by_user": text(audit.by),
        "before": as_json(audit.before),
        "after": as_json(audit.after),
        "why": text(audit.why),
    }
    return {"Put": {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(job_id)"}}


def audit_of(item: Item) -> AuditEntry:
    return AuditEntry(
        subject=item["job_id"]["S"],
        at=datetime.fromisoformat(item["ts"]["S"].partition("#")[0]),
        action=item["action"]["S"],
        by=item["by_user"]["S"],
        before=json_of(item, "before"),
        after=json_of(item, "after"),
        why=text_of(item, "why"),
    )
