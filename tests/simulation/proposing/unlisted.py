"""Backups that run without being on the list, from one seed: when each of them reports, and how."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tests.flows.mail_room import stored_mail

FLOODS, FLOOD = 0.2, 13
"""So many companies have so many jobs that begin within a few minutes: more than anyone wants cards for."""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """One of them."""

    job_id: str
    lane: Literal["heartbeat", "mail"]
    every: timedelta
    first: datetime

    def runs(self, until: datetime) -> list[datetime]:
        return [self.first + self.every * number for number in range(40) if self.first + self.every * number < until]

    def mail(self, ended: datetime) -> bytes:
        began = ended - timedelta(hours=1)
        text = (
            f"Job: {self.job_id}\nHost: nas-{self.job_id}\nStatus: success\nStarted: {began:%Y-%m-%d %H:%M:%S}\n"
            f"Finished: {ended:%Y-%m-%d %H:%M:%S}\nSize: 12 GB\n"
        )
        message_id = f"<{self.job_id}.{ended.timestamp():.0f}@example.com>"
        return stored_mail(text, subject=f"Backup {self.job_id}: success", sent=ended, message_id=message_id)


def make_unlisted(rng: random.Random, start: datetime) -> tuple[Unlisted, ...]:
    jobs = [_job(rng, f"own-{number}", start + timedelta(hours=rng.uniform(0, 20))) for number in range(rng.randint(2, 4))]
    if rng.random() < FLOODS:
        began = start + timedelta(hours=rng.uniform(1, 30))
        jobs += [_job(rng, f"flood-{number}", began + timedelta(seconds=rng.uniform(0, 600))) for number in range(FLOOD)]
    return tuple(jobs)


def _job(rng: random.Random, job_id: str, first: datetime) -> Unlisted:
    lane: Literal["heartbeat", "mail"] = "mail" if rng.random() < 0.4 else "heartbeat"
    return Unlisted(job_id, lane, timedelta(hours=rng.choice([6, 12, 24])), first.replace(microsecond=0))
