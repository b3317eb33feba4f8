"""A count for each day, kept beside the check-ins."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bolt_app.adapters.aws import translated
from bolt_app.adapters.dynamodb_values import int_of, number, text, text_of
from workflows.kernel.raw_mail import Tallied

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT = timedelta(days=90)


class DynamoTally:
    """Implements `Tally`. Its items are called `#…`, as no job can be."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, of: str, said: str, *, now: datetime) -> Tallied:
        with translated():
            answer = self._client.update_item(
                TableName=self._table,
                Key={"job_id": text(f"#{of}"), "ts": text(f"{now:%Y-%m-%d}")},
                UpdateExpression="SET first_said = if_not_exists(first_said, :said), expires = :expires ADD tally :one",
                ExpressionAttributeValues={
                    ":said": text(said),
                    ":expires": number(int((now + KEPT).timestamp())),
                    ":one": number(1),
                },
                ReturnValues="ALL_NEW",
            )
        item = answer["Attributes"]
        return Tallied(int_of(item, "tally"), text_of(item, "first_said"))
