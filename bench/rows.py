"""Figure 3: a job list of 10,000 rows, in a process that has parsed none before."""

from time import process_time

from bench.figure import Figure, at_most, invalid
from bench.fleets import REALISTIC, job_list
from workflows.backup.joblist import parse_jobs
from workflows.backup.rules import parse_rules

ROWS = 10_000
NAME = "10,000 rows parsed"


def measure() -> list[Figure]:
    text = job_list([f"job-{place:05}" for place in range(ROWS)], REALISTIC)
    rules = parse_rules("", config={})

    began = process_time()
    listed = parse_jobs(text, timezone="UTC", rules=rules)
    took = process_time() - began

    if len(listed.jobs) != ROWS or listed.errors:
        return [invalid(NAME, f"{len(listed.jobs)} jobs, errors such as {listed.errors[:1]}")]
    return [at_most(NAME, took, 0.6, "s", note=f"{len(text) / 1e6:.1f} MB, one process")]
