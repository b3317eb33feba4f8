"""Figure 2: from an item as DynamoDB returns it, with thirty runs, to its verdict."""

from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median

from bench.figure import Figure, at_least, cpu_seconds
from bench.fleets import FILES_ONLY, job_list, runs_of
from bolt_app.adapters.dynamodb_values import Item
from bolt_app.adapters.standing_item import item_of, standing_of
from workflows.backup.job import Job
from workflows.backup.joblist import parse_jobs
from workflows.backup.rules import parse_rules
from workflows.backup.standing import Standing
from workflows.backup.verdict import judge

JOBS = 3000
NOW = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
FIRST_SEEN = NOW - timedelta(days=400)


def measure() -> list[Figure]:
    rules = parse_rules("", config={})
    jobs = parse_jobs(job_list([f"job-{place:05}" for place in range(JOBS)], FILES_ONLY), timezone="UTC", rules=rules).jobs
    random = Random(3)
    stored = [(job, rules.thresholds(job), _item(job, random)) for job in jobs]

    def judge_all() -> None:
        for job, numbers, item in stored:
            standing = standing_of(item)
            judge(job, numbers, runs=standing.runs, first_seen=standing.first_seen, now=NOW)

    size = median(len(item["runs"]["S"]) for _, _, item in stored)
    rate = JOBS / cpu_seconds(judge_all, times=5)
    return [at_least("stored item to verdict, 30 runs each", rate, 8000, "jobs/s", note=f"runs are {size / 1000:.1f} kB of JSON")]


def _item(job: Job, random: Random) -> Item:
    """A green job as a check leaves it."""
    runs = runs_of(job, NOW, FILES_ONLY, random)
    newest, target = runs[-1], job.targets[0]
    bookmark = {
        "day": 20778,
        "ordered": True,
        "memory": {},
        "after": runs[-2].ref,
        "group": newest.ref,
        "newest": newest.id,
        "mark": f"{newest.id} ok {newest.size} {int(newest.at.timestamp())}",
    }
    standing = Standing(
        job_id=job.job_id,
        first_seen=FIRST_SEEN,
        since=FIRST_SEEN,
        rev=400,
        state="all_green",
        level="green",
        runs=runs,
        cursors={target.text: bookmark},
        row=job.cells,
        recipients=(job.owner_email,),
        escalation=("admin@example.com",),
        zone="Asia/Singapore",
        due=NOW + timedelta(hours=9),
    )
    return dict(item_of(standing))
