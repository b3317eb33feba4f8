"""Audit entries in `bk-audit` about what is written elsewhere than in our tables."""

from typing import TYPE_CHECKING

from bolt_app.adapters.audit_item import audit_put
from bolt_app.adapters.dynamodb_calls import held
from workflows.kernel.ports import AuditEntry

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoAudit:
    """Implements `Audit`.

    Args:
        writer: tells its entries apart from those of others about the same subject at the same moment.
    """

    def __init__(self, client: "DynamoDBClient", *, table: str, writer: str) -> None:
        self._client = client
        self._table = table
        self._writer = writer

    def write(self, entry: AuditEntry) -> None:
        put = audit_put(self._table, entry, self._writer)["Put"]
        held(
            lambda: self._client.put_item(TableName=self._table, Item=put["Item"], ConditionExpression=put["ConditionExpression"])
        )
