"""The checks that were shared out and are not closed yet: an item of `bk-state` for each mode, an attribute for each run.

Of a run there is a map: what the check itself said, and for each shard what it said, or "" while it is open.
"""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bolt_app.adapters.aws import code_of, translated
from bolt_app.adapters.dynamodb_calls import held
from bolt_app.adapters.dynamodb_values import Attribute, Item, as_json, text
from workflows.backup.sharing import RUNS_KEPT, Run
from workflows.kernel.errors import Conflict
from workflows.kernel.ports import Json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from workflows.backup.check import Mode

HEAD = "head"
OPEN = text("")


class DynamoRuns:
    """Implements `Runs`. Its items are called `#runs-...`, as no job can be."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def begin(self, run: Run) -> None:
        known = [one.id for one in self.unfinished(run.mode)]
        old = {f"#old{place}": run_id for place, run_id in enumerate(known[: max(0, len(known) + 1 - RUNS_KEPT)])}
        shards = {_name(number): as_json(said) if said is not None else OPEN for number, said in run.shards.items()}
        fresh = held(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=_key(run.mode),
                UpdateExpression=f"SET #run = :run REMOVE {', '.join(old)}" if old else "SET #run = :run",
                ConditionExpression="attribute_not_exists(#run)",
                ExpressionAttributeNames={"#run": run.id, **old},
                ExpressionAttributeValues={":run": {"M": {HEAD: as_json(run.head), **shards}}},
            )
        )
        if not fresh:
            raise Conflict(f"there is a {run.mode} run of {run.id}")

    def get(self, mode: "Mode", run_id: str) -> Run | None:
        with translated():
            answer = self._client.get_item(
                TableName=self._table,
                Key=_key(mode),
                ConsistentRead=True,
                ProjectionExpression="#run",
                ExpressionAttributeNames={"#run": run_id},
            )
        return _run(mode, run_id, answer.get("Item", {}))

    def unfinished(self, mode: "Mode") -> list[Run]:
        with translated():
            item = self._client.get_item(TableName=self._table, Key=_key(mode), ConsistentRead=True).get("Item", {})
        runs = (_run(mode, name, item) for name in sorted(item) if name != "job_id")
        return [run for run in runs if run is not None]

    def done(self, mode: "Mode", run_id: str, number: int, said: Json) -> Run | None:
        """The run as this very write left it: of two that are last at once, only one may see it closed."""
        with translated():
            try:
                after = self._client.update_item(
                    TableName=self._table,
                    Key=_key(mode),
                    UpdateExpression="SET #run.#shard = :said",
                    ConditionExpression="#run.#shard = :open",
                    ExpressionAttributeNames={"#run": run_id, "#shard": _name(number)},
                    ExpressionAttributeValues={":said": as_json(said), ":open": OPEN},
                    ReturnValues="ALL_NEW",
                )
            except ClientError as error:
                if code_of(error) != "ConditionalCheckFailedException":
                    raise
                return self.get(mode, run_id)
        return _run(mode, run_id, after["Attributes"])

    def close(self, mode: "Mode", run_id: str) -> None:
        with translated():
            self._client.update_item(
                TableName=self._table, Key=_key(mode), UpdateExpression="REMOVE #run", ExpressionAttributeNames={"#run": run_id}
            )


def _key(mode: "Mode") -> dict[str, Attribute]:
    return {"job_id": text(f"#runs-{mode}")}


def _name(number: int) -> str:
    return f"shard{number}"


def _run(mode: "Mode", run_id: str, item: Item) -> Run | None:
    if run_id not in item:
        return None
    kept: Any = item[run_id]["M"]
    said = {int(name.removeprefix("shard")): value["S"] for name, value in kept.items() if name != HEAD}
    shards = {number: json.loads(one) if one else None for number, one in sorted(said.items())}
    return Run(mode=mode, id=run_id, head=json.loads(kept[HEAD]["S"]), shards=shards)
