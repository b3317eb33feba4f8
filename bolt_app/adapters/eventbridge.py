"""The bus: EventBridge."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bolt_app.adapters.aws import translated
from workflows.kernel.errors import Unanswered
from workflows.kernel.ports import Event

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef, PutEventsResultEntryTypeDef

SOURCE = "backup-sentinel"
ENTRIES_MAX = 10
TRIES = 3


class EventBridge:
    """Implements `Bus`."""

    def __init__(self, client: "EventBridgeClient", *, bus: str, source: str = SOURCE) -> None:
        self._client = client
        self._bus = bus
        self._source = source

    def publish(self, events: Sequence[Event]) -> None:
        entries = [self._entry(event) for event in events]
        for start in range(0, len(entries), ENTRIES_MAX):
            self._put(entries[start : start + ENTRIES_MAX])

    def _put(self, entries: "list[PutEventsRequestEntryTypeDef]") -> None:
        refused: list[PutEventsResultEntryTypeDef] = []
        for _ in range(TRIES):
            with translated():
                answer = self._client.put_events(Entries=entries)
            results = answer["Entries"]
            entries = [entry for entry, result in zip(entries, results, strict=True) if "ErrorCode" in result]
            refused = [result for result in results if "ErrorCode" in result]
            if not refused:
                return
        reason = refused[0]["ErrorCode"]
        raise Unanswered(reason, f"{len(refused)} entries: {refused[0].get('ErrorMessage', '')}")

    def _entry(self, event: Event) -> "PutEventsRequestEntryTypeDef":
        detail = json.dumps(event.detail, ensure_ascii=False)
        return {"EventBusName": self._bus, "Source": self._source, "DetailType": event.kind, "Detail": detail}
