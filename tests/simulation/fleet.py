"""A small fleet and its fate, from one seed: jobs, the runs they make, and what goes wrong with them."""

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

Trouble = Literal["stops", "empty", "shrinks", "silent", "says_failed", "denied"]
HEADER = "job_id,name,owner_email,target,schedule,window,critical"
PAT = "pat@example.com"
OWNERS = ("sam@example.com", "kim@example.com", "", PAT)
"""Pat has no account, and is told by mail; a row without an owner is the admin's."""

TWINS = 7
"""So many jobs that run and break at the same moments make a storm."""


@dataclass(frozen=True, slots=True)
class Incident:
    """What goes wrong with one job, from when to when."""

    kind: Trouble
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class SimJob:
    """One simulated job: `every` is the time between runs, `window` what its row allows."""

    job_id: str
    owner: str
    bucket: str
    every: timedelta
    window: timedelta
    critical: bool
    objects: bool
    heartbeat: bool
    first_run: datetime
    beat: int
    incidents: tuple[Incident, ...] = field(default=())

    def runs(self, until: datetime) -> list[datetime]:
        """When it would run, if nothing kept it from it."""
        rng, moment, moments = random.Random(self.beat), self.first_run, list[datetime]()
        while moment < until:
            moments.append(moment)
            moment += self.every * rng.uniform(0.98, 1.0)
        return moments

    @property
    def row(self) -> str:
        target = " ".join((f"s3://{self.bucket}/{self.job_id}/",) * self.objects + ("heartbeat",) * self.heartbeat)
        hours = f"{self.window.total_seconds() / 3600:g}h"
        return f"{self.job_id},Job {self.job_id},{self.owner},{target},,{hours},{'yes' if self.critical else 'no'}"

    def trouble(self, moment: datetime) -> set[Trouble]:
        return {incident.kind for incident in self.incidents if incident.start <= moment < incident.end}


def make_fleet(rng: random.Random, start: datetime, days: int, *, storms: bool) -> tuple[SimJob, ...]:
    """A few jobs, each with its own troubles; and where there are storms, many that share theirs."""
    jobs = [_job(rng, index, start, days) for index in range(rng.randint(2, 4))]
    if storms:
        began = start + timedelta(hours=rng.uniform(24, days * 24 - 48))
        trouble = Incident("stops", began, began + timedelta(hours=rng.uniform(20, 60)))
        first = replace(_job(rng, 0, start, days), objects=True, heartbeat=False, every=timedelta(hours=12), incidents=(trouble,))
        first = replace(first, window=first.every * rng.choice([1.1, 2]))
        jobs += [replace(first, job_id=f"twin-{n}", bucket=f"twin-{n}") for n in range(TWINS)]
    return tuple(jobs)


def _job(rng: random.Random, index: int, start: datetime, days: int) -> SimJob:
    every = rng.choice([timedelta(hours=6), timedelta(hours=12), timedelta(hours=24)])
    objects = rng.random() < 0.8
    heartbeat = not objects or rng.random() < 0.3
    kinds: list[Trouble] = ["stops"]
    kinds += ["empty", "shrinks", "denied"] if objects else []
    kinds += ["says_failed"] if heartbeat else []
    kinds += ["silent"] if objects and heartbeat else []
    incidents = []
    for _ in range(rng.randint(0, 3)):
        began = start + timedelta(hours=rng.uniform(0, days * 24))
        incidents.append(Incident(rng.choice(kinds), began, began + timedelta(hours=rng.uniform(3, 90))))
    return SimJob(
        job_id=f"job-{index}",
        owner=rng.choice(OWNERS),
        bucket=f"bucket-{index}",
        every=every,
        window=every * rng.choice([1.1, 1.5, 2]),
        critical=rng.random() < 0.25,
        objects=objects,
        heartbeat=heartbeat,
        first_run=start + timedelta(minutes=rng.uniform(0, 600)),
        beat=rng.randrange(1 << 30),
        incidents=tuple(incidents),
    )
