"""A company with so many backups, and its usual day.

Of ten jobs eight run nightly, one hourly, one weekly or monthly. Of ten, seven leave objects, one leaves objects and checks in,
one only checks in, one mails a report. Two of a hundred, one at least, are ten hours late; their owners answer on the card.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal

from bench.fleets import BUCKET

Source = Literal["objects", "both", "check-ins", "mails"]
Rhythm = Literal["hourly", "daily", "weekly", "monthly"]

DAY = datetime(2026, 11, 23, tzinfo=UTC)
"""A Monday, on which the weekly test of the way to the admin flies too: the dearest day of the week, taken for each."""

ZONE = "UTC"
SENDER = "nas@example.com"
RULES = "[quiet hours]\nhours: 19:00-07:00\nworking days: mon-fri\n"
COLUMNS = ("job_id", "name", "what", "group", "owner_email", "target", "schedule", "timezone", "report_from")
HISTORY = 30
OBJECTS: Source = "objects"
SOURCES: tuple[Source, ...] = (*(OBJECTS,) * 7, "both", "check-ins", "mails")
LATE = timedelta(hours=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One job: `minute` of its hour or day at which it is done."""

    number: int
    rhythm: Rhythm
    source: Source
    minute: int
    owner: str

    @property
    def job_id(self) -> str:
        return f"backup-{self.number:04}"

    @property
    def prefix(self) -> str:
        return f"{self.job_id}/"

    @property
    def schedule(self) -> str:
        clock = f"{self.minute // 60:02}:{self.minute % 60:02}"
        match self.rhythm:
            case "hourly":
                return f"hourly :{self.minute % 60:02}"
            case "daily":
                return f"daily {clock}"
            case "weekly":
                return f"weekly mon {clock}"
            case "monthly":
                return f"monthly 23 {clock}"

    @property
    def target(self) -> str:
        place = f"s3://{BUCKET}/{self.prefix}"
        return {"objects": place, "both": f"{place} heartbeat", "check-ins": "heartbeat", "mails": "report"}[self.source]

    def row(self) -> dict[str, str]:
        return {
            "job_id": self.job_id,
            "name": f"Database {self.number} of the company",
            "what": "nightly dump, kept for 30 days",
            "group": "database",
            "owner_email": self.owner,
            "target": self.target,
            "schedule": self.schedule,
            "timezone": ZONE,
            "report_from": f"restic · {self.host}" if self.source == "mails" else "",
        }

    @property
    def host(self) -> str:
        return f"nas-{self.number:04}"

    def runs(self, begin: datetime, end: datetime) -> Iterator[datetime]:
        """When its runs of this time are done, some minutes after the schedule says."""
        step = timedelta(hours=1) if self.rhythm == "hourly" else timedelta(days=1)
        first = begin.replace(hour=0, minute=0) + timedelta(minutes=self.minute % 60 if self.rhythm == "hourly" else self.minute)
        place = 0
        while (moment := first + step * place + timedelta(minutes=4)) < end:
            if moment >= begin and self._turn(moment):
                yield moment
            place += 1

    def _turn(self, moment: datetime) -> bool:
        match self.rhythm:
            case "weekly":
                return moment.weekday() == 0
            case "monthly":
                return moment.day == DAY.day
            case _:
                return True


def company(jobs: int) -> list[Backup]:
    return [_backup(number, max(3, jobs // 10)) for number in range(1, jobs + 1)]


def people(jobs: int) -> list[str]:
    return [f"person{number}@example.com" for number in range(max(3, jobs // 10))]


def late(backups: list[Backup]) -> list[Backup]:
    """The day's breaks: of nightly jobs that leave objects."""
    nightly = [one for one in backups if one.rhythm == "daily" and one.source == "objects"]
    return nightly[:: max(1, len(nightly) // max(1, len(backups) // 50))][: max(1, len(backups) // 50)]


def job_list(backups: list[Backup]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(one.row() for one in backups)
    return text.getvalue()


def object_of(one: Backup, moment: datetime) -> tuple[str, int]:
    """Key and size of what a run leaves."""
    return f"{one.prefix}dump-{moment:%Y%m%dT%H%M%S}.gz", 40_000_000_000 + one.number * 1_000_000 + moment.day * 70_000


def mail_of(one: Backup, moment: datetime) -> bytes:
    """The report of a run, as SES stores it."""
    mail = EmailMessage()
    mail["From"] = SENDER
    mail["To"] = "reports@watch.example"
    mail["Subject"] = f"Cron <root@{one.host}> restic backup /data"
    mail["Date"] = format_datetime(moment)
    mail["Message-ID"] = f"<{one.job_id}.{moment:%Y%m%d%H%M}@{one.host}.example.com>"
    mail.set_content(
        "using parent snapshot 1c3a98d4\n\nFiles:          12 new,     3 changed, 50210 unmodified\n"
        "Added to the repository: 33.870 MiB (12.100 MiB stored)\n\nprocessed 50225 files, 120.402 GiB in 3:12\n"
        f"snapshot {one.number:08x} saved\n"
    )
    return _received(mail, moment)


def strange_mail(moment: datetime) -> bytes:
    """A report of a tool that none of our readers knows: the day's one question to the model."""
    mail = EmailMessage()
    mail["From"] = SENDER
    mail["To"] = "reports@watch.example"
    mail["Subject"] = "Tape robot"
    mail["Date"] = format_datetime(moment)
    mail["Message-ID"] = f"<tape.{moment:%Y%m%d}@example.com>"
    mail.set_content(
        "Guten Tag Ana,\ndas Hauptbuch auf BAND-01 war um 02:14 durch, ohne dass jemand etwas tun musste.\n"
        "12,5 GB Sicherung liegen nun auf Band 7, alles erfolgreich.\nViele Grüße, dein Bandroboter\n"
    )
    return _received(mail, moment)


def _received(mail: EmailMessage, moment: datetime) -> bytes:
    top = (
        "Return-Path: <nas@example.com>\n"
        "Received: from mail.example.com (mail.example.com [192.0.2.7])\n"
        " by inbound-smtp.ap-southeast-1.amazonaws.com with SMTP id 1r0fhk3 for reports@watch.example;\n"
        f" {format_datetime(moment)}\n"
        "X-SES-Spam-Verdict: PASS\nX-SES-Virus-Verdict: PASS\n"
        "Authentication-Results: amazonses.com; spf=pass (spfCheck: domain of example.com designates 192.0.2.7)"
        " client-ip=192.0.2.7; envelope-from=nas@example.com; helo=mail.example.com;"
        " dkim=pass header.i=@example.com; dmarc=pass header.from=example.com;\n"
        "X-SES-RECEIPT: AEFBQUFB\n"
    )
    return top.encode() + mail.as_bytes()


def check_in_body() -> str:
    return json.dumps({"status": "ok", "size": 41_000_000_000})


def _backup(number: int, owners: int) -> Backup:
    tens = number // 10
    rhythm: Rhythm = "hourly" if number % 10 == 0 else "daily"
    if number % 10 == 5:
        rhythm = "weekly" if tens % 2 else "monthly"
    return Backup(
        number=number,
        rhythm=rhythm,
        source=SOURCES[(number + tens) % 10],
        minute=(number * 17) % 360,  # between midnight and six
        owner=f"person{number % owners}@example.com",
    )
