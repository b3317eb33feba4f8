"""A full run is counted when every job was looked at, not before; and such runs there are."""

from datetime import timedelta

from tests.simulation.broken import Broken
from tests.simulation.world import START, World

COUNTED_WITHIN = timedelta(days=2)
"""A large company's run needs a hundred calls without a fault to be complete; that takes many hours, not days."""


class Rounds:
    """Reads what the checker of the world noted: what each run looked at, and which runs were counted."""

    def __init__(self) -> None:
        self._seen = 0

    def look(self, world: World) -> None:
        checker = world.checker
        fresh, self._seen = checker.counted[self._seen :], len(checker.counted)
        for begun in fresh:
            missed = {job.job_id for job in world.jobs} - checker.looked.get(begun, set())
            if missed:
                raise Broken(f"the run of {begun} is counted, but it did not look at {sorted(missed)}")
            stamp = world.standings.fleet().get("fast_at", "")
            if stamp < begun.isoformat():
                raise Broken(f"the run of {begun} is counted, but the last check is said to be of {stamp or 'never'}")
        if world.now - max(checker.counted, default=START) > COUNTED_WITHIN:
            raise Broken(f"no full run was counted since {max(checker.counted, default=START)}")
