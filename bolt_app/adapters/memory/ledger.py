"""The ledger of messages and the recipients' leases, kept in memory."""

from datetime import datetime, timedelta

from workflows.kernel.delivery import is_letter
from workflows.kernel.ports import Delivery


class MemoryLedger:
    """Implements `Ledger`."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Delivery]] = {}
        self._leases: dict[str, tuple[str, datetime]] = {}
        self._waiting: dict[str, dict[str, Delivery]] = {}
        self._letters: dict[str, tuple[str, str]] = {}
        self._shut: dict[str, tuple[str, datetime | None]] = {}

    def take_lease(self, recipient: str, *, holder: str, now: datetime, seconds: int) -> bool:
        lease = self._leases.get(recipient)
        if lease is not None and lease[0] != holder and lease[1] >= now:
            return False
        self._leases[recipient] = (holder, now + timedelta(seconds=seconds))
        return True

    def release_lease(self, recipient: str, *, holder: str) -> None:
        lease = self._leases.get(recipient)
        if lease is not None and lease[0] == holder:
            del self._leases[recipient]

    def get(self, recipient: str, delivery_id: str) -> Delivery | None:
        return self._rows.get(recipient, {}).get(delivery_id)

    def put(self, delivery: Delivery) -> None:
        self._rows.setdefault(delivery.recipient, {})[delivery.id] = delivery
        if is_letter(delivery):
            self._letters[delivery.ts] = (delivery.recipient, delivery.id)

    def storms(self, recipient: str) -> list[Delivery]:
        rows = [row for row in self._rows.get(recipient, {}).values() if row.id.startswith("storm-")]
        return sorted(rows, key=lambda row: (row.started, row.id), reverse=True)

    def keep_waiting(self, delivery: Delivery) -> None:
        self._waiting.setdefault(delivery.recipient, {})[delivery.id] = delivery

    def waiting(self, recipient: str) -> list[Delivery]:
        return sorted(self._waiting.get(recipient, {}).values(), key=lambda row: (row.started, row.id))

    def done_waiting(self, recipient: str, delivery_id: str) -> None:
        self._waiting.get(recipient, {}).pop(delivery_id, None)

    def opened_since(self, recipient: str, since: datetime) -> int:
        return len(self.opened(recipient, since))

    def opened(self, recipient: str, since: datetime) -> frozenset[str]:
        rows = self._rows.get(recipient, {}).values()
        return frozenset(row.id for row in rows if row.kind == "opened" and row.started >= since)

    def letter(self, ts: str) -> Delivery | None:
        found = self._letters.get(ts)
        return self.get(*found) if found else None

    def shut(self, address: str, why: str, *, until: datetime | None) -> None:
        if address in self._shut:
            before = self._shut[address][1]
            if before is None or (until is not None and until <= before):
                return
        self._shut[address] = (why, until)

    def shut_why(self, address: str, now: datetime) -> str:
        why, until = self._shut.get(address, ("", None))
        return why if until is None or now < until else ""

    def rows(self, recipient: str | None = None) -> list[Delivery]:
        """All rows (of one recipient), in the order in which they were first written; for tests that look at everything."""
        chosen = self._rows if recipient is None else {recipient: self._rows.get(recipient, {})}
        return [row for rows in chosen.values() for row in rows.values()]
