"""The bus, kept in memory."""

import json
from collections.abc import Sequence

from workflows.kernel.ports import Event


class MemoryBus:
    """Implements `Bus`. `published` is everything so far, in order."""

    def __init__(self) -> None:
        self.published: list[Event] = []

    def publish(self, events: Sequence[Event]) -> None:
        self.published.extend([copy(event) for event in events])

    def take(self) -> list[Event]:
        """What was published since the last take."""
        taken, self.published = self.published, []
        return taken


def copy(event: Event) -> Event:
    """The event as it arrives: its detail has been JSON on the way."""
    return Event(kind=event.kind, detail=json.loads(json.dumps(event.detail)))
