"""The dispatch queue: SQS."""

import json
from typing import TYPE_CHECKING

from bolt_app.adapters.aws import translated
from bolt_app.adapters.eventbridge import SOURCE
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
