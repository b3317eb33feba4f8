"""Standings kept in memory, with the conditions of the stored ones."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from workflows.backup.job_id import is_reserved
from workflows.backup.standing import Standing, Told
from workflows.kernel.errors import Conflict
from workflows.kernel.ports import AuditEntry, Json

FLEET_TRIES_MAX = 12


class MemoryStandings:
    """Implements `Standings`. What goes in and what comes out are copies: nobody can change what is kept."""

    def __init__(self) -> None:
        self._items: dict[str, Standing] = {}
        self._audit: dict[str, list[tuple[datetime, int, AuditEntry]]] = defaultdict(list)
        self._fleet = "{}"

    def get_many(self, job_ids: Sequence[str], *, consistent: bool = False) -> dict[str, Standing]:  # noqa: ARG002 - memory always is
        return {job_id: _copy(self._items[job_id]) for job_id in job_ids if job_id in self._items}

    def get(self, job_id: str) -> Standing | None:
        item = self._items.get(job_id)
        return _copy(item) if item else None

    def due(self, now: datetime) -> list[str]:
        return [
            job_id for due, job_id in sorted((item.due, item.job_id) for item in self._items.values() if item.due) if due <= now
        ]

    @property
    def next_due(self) -> datetime | None:
        """The earliest moment at which a job is due; for those who move a clock by hand."""
        return min((item.due for item in self._items.values() if item.due), default=None)

    def pending(self) -> list[str]:
        return [job_id for _, job_id in sorted((item.pending, item.job_id) for item in self._items.values() if item.pending)]

    def every(self) -> list[Standing]:
        return [_copy(self._items[job_id]) for job_id in sorted(self._items) if not is_reserved(job_id)]

    def save(self, standing: Standing, audit: AuditEntry | None, *, break_id: str | None = None) -> None:
        stored = self._items.get(standing.job_id)
        if standing.rev != (stored.rev if stored else 0):
            raise Conflict(f"{standing.job_id} is no longer at revision {standing.rev}")
        if break_id is not None and (stored is None or stored.break_id != break_id):
            raise Conflict(f"{standing.job_id} is no longer in break {break_id}")

        kept = replace(
            _copy(standing),
            rev=standing.rev + 1,
            told=stored.told if stored else {},
            last_dispatched_state=stored.last_dispatched_state if stored else "",
        )
        entry = _copy_entry(audit) if audit else None
        self._items[standing.job_id] = kept
        if entry is not None:
            self._audit[entry.subject].append((entry.at, kept.rev, entry))

    def tell(self, job_id: str, recipient: str, told: Told, *, state: str) -> bool:
        item = self._items.get(job_id)
        if item is None or (recipient in item.told and item.told[recipient].say >= told.say):
            return False
        self._items[job_id] = replace(item, told={**item.told, recipient: told}, last_dispatched_state=state)
        return True

    def take_back(self, job_id: str, recipient: str, *, channel: str, break_id: str, at: datetime) -> bool:
        item = self._items.get(job_id)
        told = item.told.get(recipient) if item is not None else None
        if item is None or told is None or (told.channel, told.break_id) != (channel, break_id):
            return False
        rest = {who: one for who, one in item.told.items() if who != recipient}
        self._items[job_id] = replace(item, told=rest, pending=item.pending or at, rev=item.rev + 1)
        return True

    def settle(self, job_id: str, say: int) -> bool:
        item = self._items.get(job_id)
        if item is None or item.say != say:
            return False
        if any(recipient not in item.told or item.told[recipient].say < say for recipient in item.recipients):
            return False
        self._items[job_id] = replace(item, pending=None)
        return True

    def defer(self, job_id: str, say: int, *, until: datetime) -> bool:
        item = self._items.get(job_id)
        if item is None or item.say != say:
            return False
        self._items[job_id] = replace(item, pending=None, due=min(item.due or until, until))
        return True

    def fleet(self) -> Json:
        kept: Json = json.loads(self._fleet)
        return kept

    def change_fleet(self, change: Callable[[Json], Json]) -> None:
        for _ in range(FLEET_TRIES_MAX):
            before = self._fleet
            after = json.dumps(change(json.loads(before)))
            if self._fleet == before:  # nobody wrote while it was changed
                self._fleet = after
                return
        raise Conflict("others keep writing what is known of the whole fleet")

    def history(self, job_id: str, limit: int) -> list[AuditEntry]:
        newest_first = sorted(self._audit.get(job_id, ()), key=lambda kept: kept[:2], reverse=True)
        return [_copy_entry(entry) for _, _, entry in newest_first[:limit]]

    def entries(self, since: datetime, until: datetime, *, entries_max: int) -> list[AuditEntry]:
        """Implements `Journal`, as far as entries are about standings."""
        kept = sorted((one for entries in self._audit.values() for one in entries), key=lambda kept: kept[:2], reverse=True)
        return [_copy_entry(entry) for at, _, entry in kept if since <= at < until][:entries_max]


def _copy(standing: Standing) -> Standing:
    return replace(standing, cursors=_json(standing.cursors), row=dict(standing.row), told=dict(standing.told))


def _copy_entry(entry: AuditEntry) -> AuditEntry:
    return replace(entry, before=_json(entry.before), after=_json(entry.after))


def _json(value: Json) -> Json:
    """A copy by way of JSON, as the table keeps it: what cannot be stored there fails here too."""
    copy: Json = json.loads(json.dumps(value)) if value else {}
    return copy
