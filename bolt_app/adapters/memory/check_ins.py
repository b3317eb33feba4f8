"""Check-ins kept in memory."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from workflows.backup.ports import CheckIn

KEPT = timedelta(days=90)


class MemoryCheckIns:
    """Implements `CheckIns`. Without a `clock`, the time is that of the newest record."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock or (lambda: max(seen for runs in self._runs.values() for seen, _ in runs.values()))
        self._runs: dict[str, dict[str, tuple[datetime, CheckIn]]] = defaultdict(dict)
        self._latest: dict[str, str] = {}
        self._once: set[tuple[str, str]] = set()

    def record(self, check_in: CheckIn, *, now: datetime) -> bool:
        runs = self._runs[check_in.job_id]
        if check_in.sk in runs or (check_in.once and (check_in.job_id, check_in.once) in self._once):
            return False
        self._once.add((check_in.job_id, check_in.once))
        runs[check_in.sk] = (now, check_in)
        self._latest[check_in.job_id] = check_in.sk
        return True

    def latest(self, job_ids: Sequence[str]) -> dict[str, str]:
        return {job_id: self._latest[job_id] for job_id in job_ids if job_id in self._latest}

    def since(self, job_id: str, since: datetime | None) -> list[CheckIn]:
        runs = self._runs.get(job_id)
        if not runs:
            return []
        kept_from = self._clock() - KEPT
        found = [run for seen, run in runs.values() if seen > kept_from and (since is None or run.at >= since)]
        return sorted(found, key=lambda run: (run.at, run.sk))
