"""Figure 1: the pure rule, from thirty runs to a verdict."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from bench.figure import Figure, at_least, cpu_seconds
from bench.fleets import REALISTIC, job_list, runs_of
from workflows.backup.joblist import parse_jobs
from workflows.backup.rules import parse_rules
from workflows.backup.verdict import judge

JOBS = 6000
NOW = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
FIRST_SEEN = NOW - timedelta(days=400)


def measure() -> list[Figure]:
    rules = parse_rules("", config={})
    jobs = parse_jobs(job_list([f"job-{place:05}" for place in range(JOBS)], REALISTIC), timezone="UTC", rules=rules).jobs
    random = Random(2)
    cases = [(job, rules.thresholds(job), runs_of(job, NOW, REALISTIC, random)) for job in jobs]
    levels = Counter(judge(job, numbers, runs=runs, first_seen=FIRST_SEEN, now=NOW).level for job, numbers, runs in cases)

    def judge_all() -> None:
        for job, numbers, runs in cases:
            judge(job, numbers, runs=runs, first_seen=FIRST_SEEN, now=NOW)

    schedules = len({(job.schedule.cron, job.schedule.zone) for job in jobs if job.schedule})
    found = ", ".join(f"{count:,} {level}" for level, count in levels.most_common())
    note = f"{schedules} schedules and zones; {found}"
    return [at_least("pure rule, 30 runs each", JOBS / cpu_seconds(judge_all, times=5), 30_000, "jobs/s", note=note)]
