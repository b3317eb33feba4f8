"""Queues to ourselves: SQS."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from bolt_app.adapters.aws import translated
from bolt_app.adapters.eventbridge import SOURCE
from workflows.backup.sharing import Shard, message_of
from workflows.kernel.ports import Event

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

DELAY_SECONDS_MAX = 900


class DispatchQueue:
    """Implements `Nudges`. A nudge to ourselves looks like one that came over the bus; longer delays are cut to 15 minutes."""

    def __init__(self, client: "SQSClient", *, url: str, source: str = SOURCE) -> None:
        self._client = client
        self._url = url
        self._source = source

    def later(self, event: Event, *, delay_seconds: int) -> None:
        body = json.dumps({"source": self._source, "detail-type": event.kind, "detail": event.detail}, ensure_ascii=False)
        delay = min(max(delay_seconds, 0), DELAY_SECONDS_MAX)
        with translated():
            self._client.send_message(QueueUrl=self._url, MessageBody=body, DelaySeconds=delay)


class CheckShards:
    """Implements `ShardQueue`.

    Args:
        client: makes the client once the first shard is handed out: hardly a check ever has any.
        wake: has the queue's messages taken from now on.
    """

    def __init__(self, client: "Callable[[], SQSClient]", *, url: str, wake: Callable[[], None]) -> None:
        self._client = client
        self._url = url
        self.wake = wake

    def hand_out(self, shard: Shard) -> None:
        with translated():
            self._client().send_message(QueueUrl=self._url, MessageBody=json.dumps(message_of(shard), ensure_ascii=False))
