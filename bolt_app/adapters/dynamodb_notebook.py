"""What the writer of the sheet remembers, in one item of `bk-deliveries`, beside the lease that guards it."""

from typing import TYPE_CHECKING

from bolt_app.adapters.aws import translated
from bolt_app.adapters.dynamodb_values import Attribute, as_json, json_of, text
from workflows.kernel.ports import Json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOTES = "notes"


class DynamoNotebook:
    """Implements `Notebook`.

    Args:
        owner: under which partition it lies: that of its lease.
    """

    def __init__(self, client: "DynamoDBClient", *, table: str, owner: str) -> None:
        self._client = client
        self._table = table
        self._key: dict[str, Attribute] = {"recipient": text(owner), "sk": text(NOTES)}

    def read(self) -> Json:
        with translated():
            answer = self._client.get_item(TableName=self._table, Key=self._key, ConsistentRead=True)
        return json_of(answer.get("Item", {}), "facts")

    def save(self, notes: Json) -> None:
        with translated():
            self._client.put_item(TableName=self._table, Item={**self._key, "facts": as_json(notes)})
