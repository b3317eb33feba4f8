"""One-off appointments, kept in memory."""

from datetime import datetime


class MemoryDeferrals:
    """Implements `Deferrals`."""

    def __init__(self) -> None:
        self._set: set[tuple[datetime, str]] = set()

    def defer(self, recipient: str, until: datetime) -> None:
        self._set.add((until, recipient))

    def take(self, now: datetime) -> list[str]:
        """The recipients whose appointment has come; each is kept once, and then it is over."""
        come = sorted(one for one in self._set if one[0] <= now)
        self._set -= set(come)
        return [recipient for _, recipient in come]

    @property
    def next_at(self) -> datetime | None:
        """The next appointment; for those who move a clock by hand."""
        return min((until for until, _ in self._set), default=None)
