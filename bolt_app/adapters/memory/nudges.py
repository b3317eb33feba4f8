"""The dispatch queue, kept in memory."""

from bolt_app.adapters.memory.bus import copy
from workflows.kernel.ports import Event

DELAY_SECONDS_MAX = 900


class MemoryNudges:
    """Implements `Nudges`. `queued` is every nudge with its delay in seconds, in order."""

    def __init__(self) -> None:
        self.queued: list[tuple[Event, int]] = []

    def later(self, event: Event, *, delay_seconds: int) -> None:
        self.queued.append((copy(event), min(max(delay_seconds, 0), DELAY_SECONDS_MAX)))

    def take(self) -> list[tuple[Event, int]]:
        """What was queued since the last take."""
        taken, self.queued = self.queued, []
        return taken
