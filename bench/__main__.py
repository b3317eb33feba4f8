"""`make bench`: what it costs, with the goals beside it. It takes half an hour, and wants a machine that does little else.

`python -m bench rule rows` measures these topics alone.
"""

import json
import subprocess
import sys

from bench.figure import Figure, invalid, table

TOPICS = {
    "rule": "The rule, on one core",
    "stored": "",
    "rows": "",
    "checks": "A check, with real clients against a stand-in for AWS in another process (no TLS)",
    "imports": "The start of each Lambda",
    "reports": "Mails of backup tools, as the readers read them",
    "check_ins": "Check-ins, wall clock",
    "clicks": "Clicks in Slack",
    "storm": "500 jobs of 20 owners fail at once, and Slack has a bad day (virtual time)",
    "cost": "What a month costs at AWS, by list prices (bench/bill/prices.py)",
}

BY_HAND = {
    "cost_of_few": "What a month costs at AWS, by list prices, without the 2,000 jobs whose day takes ten minutes",
    "shards": "20,000 jobs on the local stack, IAM enforced, looked at in shards",
}
"""Measured where they are named: a part of another, and what takes ten minutes more."""


def main() -> None:
    print(f"Python {sys.version.split()[0]}; medians, CPU time unless said otherwise", flush=True)
    for topic in sys.argv[1:] or TOPICS:
        if title := {**TOPICS, **BY_HAND}[topic]:
            print(f"\n{title}")
        print(table(_measured(topic)), flush=True)


def _measured(topic: str) -> list[Figure]:
    """Each topic has a process of its own: none finds what another has warmed."""
    ran = subprocess.run([sys.executable, "-m", "bench.one", topic], stdout=subprocess.PIPE, text=True, check=False, timeout=1800)
    if ran.returncode:
        return [invalid(topic, "it broke off; what it said stands above")]
    return [Figure(**one) for one in json.loads(ran.stdout)]


if __name__ == "__main__":
    main()
