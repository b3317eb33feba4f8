"""What calls to DynamoDB have in common: batches, pages, conditions, cancelled transactions. Every loop has a limit."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bolt_app.adapters.aws import code_of, in_our_words, translated
from bolt_app.adapters.dynamodb_values import Attribute, Item
from workflows.kernel.errors import Conflict, OutsideError, Refused, Unanswered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH_KEYS_MAX = 100
BATCH_ROUNDS_MAX = 5
PAGES_MAX = 1000
SOMEONE_ELSE = {"ConditionalCheckFailed", "TransactionConflict"}
PASSING = {"ProvisionedThroughputExceeded", "ThrottlingError"}


def batch_get(
    client: "DynamoDBClient",
    table: str,
    keys: Iterable[Mapping[str, Attribute]],
    *,
    consistent: bool = False,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Item]:
    """The items that exist among `keys`, in no order. What the table leaves undone is asked for again."""
    waiting = list(keys)
    for start in range(0, len(waiting), BATCH_KEYS_MAX):
        yield from _one_batch(client, table, waiting[start : start + BATCH_KEYS_MAX], pause, consistent=consistent)


def _one_batch(
    client: "DynamoDBClient", table: str, keys: list[Mapping[str, Attribute]], pause: Callable[[float], None], *, consistent: bool
) -> Iterator[Item]:
    request: Any = {table: {"Keys": keys, "ConsistentRead": consistent}}
    for round_number in range(BATCH_ROUNDS_MAX):
        with translated():
            answer = client.batch_get_item(RequestItems=request)
        yield from answer["Responses"].get(table, ())
        request = answer.get("UnprocessedKeys")
        if not request:
            return
        pause(0.05 * 2**round_number)
    raise Unanswered("UnprocessedKeys", f"{table} left {len(request[table]['Keys'])} keys undone in {BATCH_ROUNDS_MAX} tries")


def pages(call: Callable[..., Mapping[str, Any]], **request: object) -> Iterator[Item]:
    """The items of a Query or Scan, page after page."""
    for _ in range(PAGES_MAX):
        with translated():
            answer = call(**request)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    raise Refused("TooManyPages", f"{request['TableName']} has more than {PAGES_MAX} pages of this")


def held(write: Callable[[], object]) -> bool:
    """Carries out a write with a condition: False when the condition did not hold, so that nothing was written."""
    with translated():
        try:
            write()
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            return False
    return True


def cancelled_by(error: ClientError) -> list[str]:
    """Why each item of a transaction was cancelled, in their order; "None" where it was not its fault."""
    return [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", ())]


def in_our_words_of_transaction(error: ClientError) -> OutsideError:
    """As `in_our_words`; a condition that did not hold, or another transaction on the same item, is a Conflict."""
    reasons = set(cancelled_by(error))
    if reasons & SOMEONE_ELSE:
        return Conflict(str(error))
    if reasons & PASSING:
        return Unanswered(min(reasons & PASSING), str(error))
    return in_our_words(error)
