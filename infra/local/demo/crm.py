"""CRM export: a script whose files go where nobody can look. All that is known is what it says: started, ended, how much."""

import random
import time

from infra.local.demo.check_ins import Sentinel
from infra.local.demo.script import Manner

SIZE_BYTES = 1_240_000_000
TAKES_SECONDS = 2.0


class CrmExport:
    def __init__(self, sentinel: Sentinel) -> None:
        self._sentinel = sentinel

    def run(self, manner: Manner) -> int:
        run = _run_id()
        self._sentinel.say("start", rid=run)
        time.sleep(TAKES_SECONDS)
        if manner == "failed":
            self._sentinel.say("failed", rid=run, note="export API answered 503 Service Unavailable")
            return 0
        share = {"good": random.uniform(0.98, 1.02), "shrunk": 0.2, "empty": 0}[manner]  # noqa: S311 - a made-up size
        size = int(SIZE_BYTES * share)
        self._sentinel.say("ok", rid=run, size=size)
        return size

    def hang(self) -> None:
        self._sentinel.say("start", rid=_run_id())

    def let_go(self) -> None:
        """Nothing is held: what it said it began is overtaken by the next run."""


def _run_id() -> str:
    return f"{time.time():.3f}"
