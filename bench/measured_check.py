"""One full check, in a process of its own: `python -m bench.measured_check` prints what it cost, as JSON."""

import json
import resource
import time
from datetime import timedelta

from bolt_app.services.checker import checker
from workflows.backup.check import Order


def main() -> None:
    began = time.monotonic()
    report = checker()(Order(mode="fast"), lambda: timedelta(seconds=120))
    wall = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"report": report, "cpu": used.ru_utime + used.ru_stime, "wall": wall, "rss_mb": used.ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
