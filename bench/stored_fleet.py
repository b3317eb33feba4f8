"""A fleet that was looked at once already, as AWS holds it: objects, documents, parameters, items.

The product's own first check makes it, on the adapters that keep everything in memory.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count as counted
from itertools import islice
from random import Random
from zlib import crc32

from bench.deployment import ADMIN, HEARTBEATS, PARAMETERS, STATE
from bench.fleets import BUCKET, FILES_ONLY, HEARTBEATS_ONLY, Mix, job_list, runs_of
from bolt_app.adapters.dynamodb_values import Item, text
from bolt_app.adapters.memory.bus import MemoryBus
from bolt_app.adapters.memory.check_ins import MemoryCheckIns
from bolt_app.adapters.memory.documents import MemoryDocuments
from bolt_app.adapters.memory.objects import MemoryObjects
from bolt_app.adapters.memory.standings import MemoryStandings
from bolt_app.adapters.standing_item import item_of
from workflows.backup.check import Memory, Order, check
from workflows.backup.fleet import Sources
from workflows.backup.job import Job
from workflows.backup.joblist import parse_jobs
from workflows.backup.layouts.sight import DAY_SECONDS
from workflows.backup.ports import CheckIn
from workflows.backup.rules import parse_rules
from workflows.kernel.ports import Json

QUIET_SECONDS = 900
"""So long nothing about the fleet changes; enough to measure it."""

SOURCES = Sources(jobs_key="jobs.csv", rules_key="rules.txt", voice_key="voice.txt", timezone="UTC", admin=ADMIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFleet:
    """What AWS holds. `items`: table -> job_id -> item."""

    objects: MemoryObjects
    documents: Mapping[str, bytes]
    parameters: list[Json]
    items: Mapping[str, Mapping[str, Item]]


def made(kind: str, count: int) -> StoredFleet:
    """`kind`: "files", each job with one ordered prefix, or "heartbeats"."""
    now = datetime.now(UTC)
    mix = {"files": FILES_ONLY, "heartbeats": HEARTBEATS_ONLY}[kind]
    documents = {"jobs.csv": job_list(list(islice(_names(now), count)), mix)}
    objects, standings, check_ins = MemoryObjects(BUCKET), MemoryStandings(), MemoryCheckIns(clock=lambda: now)
    jobs = parse_jobs(documents["jobs.csv"], timezone="UTC", rules=parse_rules("", config={})).jobs
    _run_jobs(jobs, mix, objects, check_ins, now)
    check(
        Order(mode="fast"),
        documents=MemoryDocuments(documents),
        standings=standings,
        check_ins=check_ins,
        objects=objects,
        bus=MemoryBus(),
        concurrently=lambda work, items: [work(item) for item in items],
        sources=SOURCES,
        memory=Memory(),
        time_left=lambda: timedelta(minutes=5),
        now=now,
    )
    stored = standings.every()
    latest = check_ins.latest([standing.job_id for standing in stored])
    return StoredFleet(
        objects=objects,
        documents={key: listed.encode() for key, listed in documents.items()},
        parameters=[{"Name": f"/bk/config/{name}", "Type": "String", "Value": value} for name, value in PARAMETERS.items()],
        items={
            STATE: {standing.job_id: dict(item_of(standing)) for standing in stored},
            HEARTBEATS: {job_id: {"job_id": text(job_id), "ts": text("latest"), "sk": text(sk)} for job_id, sk in latest.items()},
        },
    )


def _names(now: datetime) -> Iterator[str]:
    """Of jobs whose daily walk is not due soon: those of a fleet are spread over the day."""
    for number in counted(1):
        name = f"database-{number:05}"
        turns_at = crc32(f"s3://{BUCKET}/{name}/".encode()) % DAY_SECONDS
        if (turns_at - int(now.timestamp())) % DAY_SECONDS > QUIET_SECONDS:
            yield name


def _run_jobs(jobs: Iterable[Job], mix: Mix, objects: MemoryObjects, check_ins: MemoryCheckIns, now: datetime) -> None:
    """What thirty runs of each job leave behind."""
    random = Random(4)
    for job in jobs:
        for run in runs_of(job, now, mix, random):
            if run.source == "object":
                objects.put(BUCKET, run.ref, run.size or 0, run.at, etag=run.etag)
            else:
                said = CheckIn(job_id=job.job_id, sk=run.id, at=run.at, source="heartbeat", outcome="ok", size=run.size)
                check_ins.record(said, now=now)
