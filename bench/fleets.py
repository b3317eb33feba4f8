"""Made-up fleets, the same for the same seed: job lists as people type them, and the runs that such jobs leave."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import StringIO
from random import Random

from workflows.backup.evidence import Run
from workflows.backup.history import keep_recent
from workflows.backup.job import Job, Target
from workflows.backup.row import COLUMNS

BUCKET = "acme-backups"
RUNS = 30
SETTLED = timedelta(minutes=10)
"""No run is younger, so that a look at the same fleet a few minutes later finds nothing new."""

ZONES = (
    *("Asia/Singapore", "Asia/Tokyo", "Asia/Kolkata", "Asia/Dubai", "Australia/Sydney", "Pacific/Auckland"),
    *("Europe/Berlin", "Europe/London", "Europe/Lisbon", "Europe/Kyiv", "Africa/Nairobi", "Africa/Cairo"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Sao_Paulo", "UTC"),
)
DAILY = (
    *("daily 01:00", "daily 02:00", "daily 02:30", "daily 23:15", "mon-fri 19:00", "15 3 * * *", "40 4 * * *"),
    *("hourly", "hourly :20", "every 2h", "every 6h", "10 */4 * * *"),
)
RARER = ("weekly sun 03:00", "weekly sat 22:30", "monthly 1 04:00", "monthly 31 05:00")
GROUPS = ("database", "file server", "cloud export", "nas", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """What a fleet is made of: shares of its jobs.

    Attributes:
        claiming: watch a prefix, and heartbeats beside it. claims_only: heartbeats alone.
        rarer: weekly and monthly. windowed: have a window; half of these no schedule. broken: something is wrong.
    """

    claiming: float = 0.1
    claims_only: float = 0.1
    rarer: float = 0.15
    windowed: float = 0.3
    broken: float = 0.05


REALISTIC = Mix()
FILES_ONLY = Mix(claiming=0, claims_only=0, rarer=0, broken=0)
HEARTBEATS_ONLY = Mix(claiming=0, claims_only=1, rarer=0, broken=0)


def job_list(names: Sequence[str], mix: Mix, *, seed: int = 1) -> str:
    """A job list with a row for each name, as it is exported."""
    random = Random(seed)
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for name in names:
        writer.writerow(_row(name, mix, random))
    return text.getvalue()


def _row(name: str, mix: Mix, random: Random) -> dict[str, str]:
    schedule = random.choice(RARER if random.random() < mix.rarer else DAILY)
    window = random.random()
    if window < mix.windowed / 2:
        schedule = ""
    prefix = f"s3://{BUCKET}/{name}/"
    draw = random.random()
    claiming, claims_only = draw < mix.claiming, draw > 1 - mix.claims_only
    return {
        "job_id": name,
        "name": f"{name.replace('-', ' ').capitalize()} of the company",
        "what": "nightly dump, kept for 30 days",
        "group": random.choice(GROUPS),
        "owner_email": f"person{random.randrange(30)}@example.com",
        "target": "heartbeat" if claims_only else f"{prefix} heartbeat" if claiming else prefix,
        "schedule": schedule,
        "timezone": random.choice(ZONES),
        "window": _window(schedule, random) if window < mix.windowed else "",
        "min_size": random.choice(("", "", "1MB", "0.5 GiB")) if random.random() < 0.3 else "",
        "critical": "yes" if random.random() < 0.1 else "",
    }


def _window(schedule: str, random: Random) -> str:
    """Never shorter than the schedule allows."""
    match schedule.partition(" ")[0]:
        case "":
            return random.choice(("26h", "36h", "2 days", "3d"))
        case "weekly":
            return "8d"
        case "monthly":
            return "33d"
        case _:
            return "4d"


def runs_of(job: Job, now: datetime, mix: Mix, random: Random) -> tuple[Run, ...]:
    """The thirty runs that are remembered, newest last; of a broken job the newest never came, or are far too small."""
    runs = keep_recent(run for target in job.targets for run in _series(job, target, now, random))
    if random.random() >= mix.broken:
        return runs
    if random.random() < 0.5:
        return runs[: -random.randint(2, 6)]
    return (*runs[:-1], replace(runs[-1], size=(runs[-1].size or 0) // 5))


def _series(job: Job, target: Target, now: datetime, random: Random) -> Iterator[Run]:
    usual = int(10 ** random.uniform(8.8, 11))
    for moment in reversed(_moments(job, now)):
        finished = (moment + timedelta(seconds=random.randint(60, 400))).replace(microsecond=0)
        size, stamp = int(usual * random.uniform(0.97, 1.03)), int(finished.timestamp())
        if target.kind == "s3":
            key = f"{target.prefix}{job.job_id}-{finished:%Y%m%dT%H%M%S}.dump.gz"
            etag = f"{random.getrandbits(128):032x}"
            yield Run(
                id=f"{key}@{stamp}",
                source="object",
                target=target.text,
                outcome="ok",
                finished=finished,
                size=size,
                kind=f"{job.job_id}-#.dump.gz",
                ref=key,
                etag=etag,
            )  # fmt: skip - one fact a line would hide the two shapes
        else:
            sk = f"{stamp}#{random.getrandbits(64):016x}"
            yield Run(
                id=sk,
                source="heartbeat",
                target=target.text,
                outcome="ok",
                started=finished - timedelta(minutes=5),
                finished=finished,
                size=size,
                ref=sk,
            )  # fmt: skip - as above


def _moments(job: Job, now: datetime) -> Sequence[datetime]:
    """When the job ran, newest first."""
    latest = now - SETTLED
    if job.schedule is not None:
        return job.schedule.slots_before(latest, RUNS)
    every = (job.window or timedelta(days=1)) * 0.6
    return [latest - every * (place + 0.5) for place in range(RUNS)]
