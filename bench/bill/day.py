"""One simulated day of a company: `python -m bench.bill.day 30 COLD_CPU` prints what was called and used, as JSON.

COLD_CPU: JSON, function -> seconds of CPU that its start takes.
"""

# ruff: noqa: E402 - the clock comes before whatever keeps the class that tells the time

from bench.bill import clock

clock.install()

import json
import logging
import os
import sys
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import boto3
from moto import mock_aws

from bench.bill import company
from bench.bill.cloud import Cloud
from bench.bill.company import DAY, Backup
from bench.bill.listening import listen
from bench.bill.logs import JsonLog, Printed
from bench.bill.meter import Meter
from bench.bill.outside import SIGNING_SECRET, TEAM, beside, user_of
from bench.bill.sent import command, home_opened, request
from bench.bill.tables import Tables
from bench.bill.world import MASTER, PAST_CHECK_INS, choose, make_places, record_check_ins
from bench.click_request import body, signed
from bench.deployment import ENVIRONMENT
from bench.fleets import BUCKET
from bolt_app.adapters.memory.objects import MemoryObjects
from workflows.backup.heartbeat import Keys, sign
from workflows.kernel.ports import Json

BEFORE = timedelta(hours=2)
END = DAY + timedelta(days=1)
TABLES = ("state", "audit", "heartbeats", "deliveries", "proposals")


class Day:
    """The company, its cloud, and what happens."""

    def __init__(self, jobs: int, cold_cpu: dict[str, float], folder: Path, outside: Json, printed: Printed) -> None:
        self.backups = company.company(jobs)
        self.people = company.people(jobs)
        self.late = {one.job_id for one in company.late(self.backups)}
        self.objects = MemoryObjects(BUCKET)
        self.tables = Tables()
        self.tables.copy_only_touched()
        self.meter = Meter(self.tables, self.objects)
        self.meter.counting = False
        self.cloud = Cloud(self.meter, printed, cold_cpu)
        self.meter.on_object = self._stored
        self.folder, self.outside, self.printed = folder, outside, printed
        self.client: Any = boto3.client
        self.clicks = 0
        self.stored: dict[str, int] = {}

    # --- before ------------------------------------------------------------------------------------

    def make_world(self) -> None:
        """What was there yesterday evening, looked at once already."""
        make_places(self.client, self.cloud.declared)
        choose(self.client, admin=self.people[0], google_key=self.outside["key"])
        drive = self.folder / "drive"
        (drive / "jobs.csv").write_text(company.job_list(self.backups), encoding="utf-8")
        (drive / "rules.txt").write_text(company.RULES, encoding="utf-8")
        listen(self.meter, self.outside)
        clock.turn_to(DAY - BEFORE)
        self.cloud.now = DAY - BEFORE
        for one in self.backups:
            self._past(one)
        self.cloud.invoke("bk-drive-sync", {"mode": "sync"})
        self.cloud.invoke("bk-checker", {"mode": "slow"})
        self.cloud.run_until(DAY)

    def _past(self, one: Backup) -> None:
        """The last thirty runs: objects, and check-ins of some of them."""
        days = {"hourly": 2, "daily": 31, "weekly": 220, "monthly": 366}[one.rhythm]
        moments = list(one.runs(DAY - timedelta(days=days), DAY - BEFORE))[-company.HISTORY :]
        if one.source in {"objects", "both"}:
            for moment in moments:
                self._leave(one, moment)
        if one.source != "objects":
            record_check_ins(self.client, one, moments[-PAST_CHECK_INS:])

    # --- the day -----------------------------------------------------------------------------------

    def run(self) -> None:
        self.cloud.schedules(DAY, END)
        for one in self.backups:
            for moment in one.runs(DAY, END):
                at = moment + company.LATE if one.job_id in self.late else moment
                self.cloud.at(at, partial(self._backed_up, one, at))
        self.cloud.at(DAY + timedelta(hours=10, minutes=3), self._edit_sheet)
        self.cloud.at(DAY + timedelta(hours=11), partial(self._mail, company.strange_mail(DAY + timedelta(hours=11))))
        for place, job_id in enumerate(sorted(self.late)):
            self.cloud.at(DAY + timedelta(hours=9, minutes=30 + place % 25), partial(self._press, job_id, place))
        for place in range(3 + len(self.backups) // 50):
            self.cloud.at(DAY + timedelta(hours=9, minutes=7 * place % 480), partial(self._open_home, place))
        for place in range(2):
            self.cloud.at(DAY + timedelta(hours=13, minutes=place), partial(self._command, place))
        self.stored = self._stored_bytes()
        self.meter.counting = True
        self.printed.metric_hours.clear()
        self.cloud.run_until(END)

    def _backed_up(self, one: Backup, moment: datetime) -> None:
        if one.source in {"objects", "both"}:
            self._leave(one, moment)
        if one.source in {"both", "check-ins"}:
            self._check_in(one)
        if one.source == "mails":
            self._mail(company.mail_of(one, moment))

    def _leave(self, one: Backup, moment: datetime) -> None:
        key, size = company.object_of(one, moment)
        self.objects.put(BUCKET, key, size, moment, etag=f"{hash(key) & (2**128 - 1):032x}")

    def _check_in(self, one: Backup) -> None:
        text, seconds = company.check_in_body(), int(self.cloud.now.timestamp())
        signature = sign(Keys(master=MASTER).of(one.job_id), seconds, one.job_id, text)
        headers = {"x-backup-timestamp": str(seconds), "x-backup-signature": signature}
        self.cloud.invoke("bk-heartbeat", request(f"/{one.job_id}", text, headers))

    def _mail(self, raw: bytes) -> None:
        """SES stores it and is paid for the mail; the write is ours too."""
        if self.meter.counting:
            self.meter.used["mails taken in"] += 1
            self.meter.used["s3 LIST and PUT"] += 1
        key = f"mail-{len(raw)}-{self.cloud.now.timestamp()}-{next(_serial)}"
        self.client("s3").put_object(Bucket="bk-raw-mime", Key=key, Body=raw)
        self._stored("bk-raw-mime", key)

    def _stored(self, bucket: str, key: str) -> None:
        """S3 tells the bus, free of charge."""
        event = {
            "source": "aws.s3",
            "detail-type": "Object Created",
            "detail": {"bucket": {"name": bucket}, "object": {"key": key}},
        }
        function = "bk-intake-ses-parser" if bucket == "bk-raw-mime" else "bk-checker"
        self.cloud.at(self.cloud.now + timedelta(seconds=2), lambda: self.cloud.invoke(function, event))

    def _edit_sheet(self) -> None:
        file = self.folder / "drive" / "jobs.csv"
        file.write_text(file.read_text(encoding="utf-8").replace("Database 1 of", "Main database 1 of", 1), encoding="utf-8")

    def _press(self, job_id: str, place: int) -> None:
        item = self.tables.item("bk-state", {"job_id": {"S": job_id}}) or {}
        if "break_id" not in item:
            raise SystemExit(f"{job_id} is late, and nobody noticed")
        action = "mark_fixed" if place % 2 == 0 else "mute"
        owner = next(one.owner for one in self.backups if one.job_id == job_id)
        text = body(action, job_id=job_id, break_id=item["break_id"]["S"], user=user_of(owner), team=TEAM)
        self._to_slack_door(text)

    def _open_home(self, place: int) -> None:
        who = user_of(self.people[place % len(self.people)])
        self._to_slack_door(home_opened(who, place), kind="application/json")

    def _command(self, place: int) -> None:
        self._to_slack_door(command(user_of(self.people[place])))

    def _to_slack_door(self, text: str, *, kind: str = "application/x-www-form-urlencoded") -> None:
        self.clicks += 1
        self.cloud.invoke("bk-ack-handler", request("/", text, {**signed(text, SIGNING_SECRET), "content-type": kind}))

    def _stored_bytes(self) -> dict[str, int]:
        return {f"bk-{name}": self.tables.bytes_in(f"bk-{name}") for name in TABLES}

    # --- what came of it -----------------------------------------------------------------------------

    def told(self) -> Json:
        cloud = self.cloud
        return {
            "jobs": len(self.backups),
            "used": dict(self.meter.used),
            "calls": [[*what, times] for what, times in sorted(self.meter.calls.items())],
            "by_place": [[*what, amount] for what, amount in sorted(self.meter.by_place.items())],
            "functions": {
                one.name: {name: getattr(one, name) for name in ("runs", "cold", "cpu", "seconds", "logged", "gb_seconds")}
                for one in cloud.functions.values()
            },
            "polled": list(cloud.declared.polled),
            "alarms": cloud.declared.alarms,
            "secrets": cloud.declared.secrets,
            "metric_hours": len(self.printed.metric_hours),
            "stored": self.stored,
            "grown": {table: max(0, held - self.stored[table]) for table, held in self._stored_bytes().items()},
            "late": len(self.late),
            "clicks": self.clicks,
        }


_serial = count()


def main() -> None:
    jobs, cold_cpu = int(sys.argv[1]), json.loads(sys.argv[2])
    printed, stdout = Printed(), sys.stdout
    sys.stdout = cast("Any", printed)  # what functions print is their log
    log = JsonLog(printed)
    logging.getLogger().addHandler(log)
    logging.getLogger().setLevel(logging.INFO)
    with TemporaryDirectory() as name, beside(Path(name), company.people(jobs)) as outside:
        os.environ.update(ENVIRONMENT, SLACK_API_URL=outside["slack"], GOOGLE_API_URL=outside["google"])
        os.environ["AWS_REQUEST_CHECKSUM_CALCULATION"] = "when_required"  # moto does not read the form in which S3 takes it
        with mock_aws():
            day = Day(jobs, cold_cpu, Path(name), outside, printed)
            day.make_world()
            day.run()
            told = day.told()
    if log.troubles:
        raise SystemExit("the day went wrong:\n" + "\n".join(log.troubles[:10]))
    json.dump(told, stdout)


if __name__ == "__main__":
    main()
