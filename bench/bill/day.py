"""One simulated day of a company: `python -m bench.bill.day 30 COLD_CPU` prints what was called and used, as JSON.

COLD_CPU: JSON, function -> seconds of CPU that its start takes.
"""

# ruff: noqa: E402 - the clock comes before whatever keeps the class that tells the time

from bench.bill import clock

clock.install()

import http.client
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import boto3
from moto import mock_aws
from moto.core.models import botocore_stubber

from bench.bill import company
from bench.bill.cloud import TEMPLATE, Cloud, JsonLog, Printed
from bench.bill.company import DAY, Backup
from bench.bill.meter import Meter
from bench.bill.outside import CHANNEL, SIGNING_SECRET, TEAM, TOKEN, user_of
from bench.bill.tables import Tables
from bench.click_request import body, signed
from bench.deployment import ENVIRONMENT
from bench.fleets import BUCKET
from bolt_app.adapters.memory.objects import MemoryObjects
from workflows.kernel.ports import Json

BEFORE = timedelta(hours=2)
END = DAY + timedelta(days=1)
MASTER = "a-master-key-of-some-length"
TABLES = ("state", "audit", "heartbeats", "deliveries", "proposals")
OWN_BUCKETS = ("bk-registry-source", "bk-rules-source", "bk-raw-mime")
PAST_CHECK_INS = 8
HTTP = {"method": "POST", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "curl/8.5.0"}


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
        _make_tables(self.client("dynamodb"))
        for bucket in OWN_BUCKETS:
            where = {"LocationConstraint": ENVIRONMENT["AWS_DEFAULT_REGION"]}
            self.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
        self._settings()
        drive = self.folder / "drive"
        (drive / "jobs.csv").write_text(company.job_list(self.backups), encoding="utf-8")
        (drive / "rules.txt").write_text(company.RULES, encoding="utf-8")
        _listen(self.meter, self.outside)
        clock.turn_to(DAY - BEFORE)
        self.cloud.now = DAY - BEFORE
        for one in self.backups:
            self._past(one)
        self.cloud.invoke("bk-drive-sync", {"mode": "sync"})
        self.cloud.invoke("bk-checker", {"mode": "slow"})
        self.cloud.run_until(DAY)

    def _settings(self) -> None:
        parameters = {
            "admin_owner": self.people[0],
            "team_id": TEAM,
            "timezone": company.ZONE,
            "summary_channel": CHANNEL,
            "proposals_channel": CHANNEL,
            "jobs_sheet_id": "local-jobs-sheet",
            "rules_doc_id": "local-rules-doc",
            "mail_allow": "example.com",
        }
        for name, value in parameters.items():
            self.client("ssm").put_parameter(Name=f"/bk/config/{name}", Value=value, Type="String")
        secrets = {
            "bk/slack/bot-token": TOKEN,
            "bk/slack/signing-secret": SIGNING_SECRET,
            "bk/heartbeat/keys": json.dumps({"master": MASTER}),
            "bk/drive/sa": self.outside["key"],
        }
        for name, value in secrets.items():
            self.client("secretsmanager").create_secret(Name=name, SecretString=value)

    def _past(self, one: Backup) -> None:
        """The last thirty runs: objects, and check-ins of some of them."""
        from bolt_app.adapters.dynamodb_check_ins import DynamoCheckIns
        from workflows.backup.ports import CheckIn

        days = {"hourly": 2, "daily": 31, "weekly": 220, "monthly": 366}[one.rhythm]
        moments = list(one.runs(DAY - timedelta(days=days), DAY - BEFORE))[-company.HISTORY :]
        if one.source in {"objects", "both"}:
            for moment in moments:
                self._leave(one, moment)
        if one.source != "objects":
            kept = DynamoCheckIns(self.client("dynamodb"), table="bk-heartbeats")
            for moment in moments[-PAST_CHECK_INS:]:
                source = "report" if one.source == "mails" else "heartbeat"
                sk = f"{moment:%Y-%m-%dT%H:%M:%S.%f}+00:00#0123456789abcdef"
                kept.record(CheckIn(job_id=one.job_id, sk=sk, at=moment, source=source, outcome="ok", size=1000), now=moment)

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
        from workflows.backup.heartbeat import Keys, sign

        text, seconds = company.check_in_body(), int(self.cloud.now.timestamp())
        signature = sign(Keys(master=MASTER).of(one.job_id), seconds, one.job_id, text)
        headers = {"x-backup-timestamp": str(seconds), "x-backup-signature": signature}
        self.cloud.invoke("bk-heartbeat", _request(f"/{one.job_id}", text, headers))

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
        inner = {"type": "app_home_opened", "user": who, "channel": "D" + who[1:], "tab": "home", "event_ts": "1.1"}
        told = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A0LOCAL", "event": inner, "event_id": f"Ev{place}"}
        self._to_slack_door(json.dumps(told), kind="application/json")

    def _command(self, place: int) -> None:
        who = self.people[place]
        form = {
            "team_id": TEAM,
            "user_id": user_of(who),
            "user_name": "one",
            "channel_id": CHANNEL,
            "channel_name": "backups",
            "command": "/backup",
            "text": "",
            "api_app_id": "A0LOCAL",
            "trigger_id": "1.2.3",
            "response_url": "",
        }
        self._to_slack_door(urlencode(form))

    def _to_slack_door(self, text: str, *, kind: str = "application/x-www-form-urlencoded") -> None:
        self.clicks += 1
        self.cloud.invoke("bk-ack-handler", _request("/", text, {**signed(text, SIGNING_SECRET), "content-type": kind}))

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
            "polled": cloud.polled,
            "alarms": cloud.alarms,
            "secrets": cloud.secrets,
            "metric_hours": len(self.printed.metric_hours),
            "stored": self.stored,
            "grown": {table: max(0, held - self.stored[table]) for table, held in self._stored_bytes().items()},
            "late": len(self.late),
            "clicks": self.clicks,
        }


_serial = count()


def _make_tables(client: Any) -> None:  # noqa: ANN401 - boto3's
    from samtranslator.yaml_helper import yaml_parse

    resources = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))["Resources"].values()
    for one in resources:
        if one["Type"] == "AWS::DynamoDB::Table":
            told = one["Properties"]
            parts = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
            name = told["TableName"]["Fn::Sub"].replace("${Prefix}", "bk")
            client.create_table(TableName=name, **{part: told[part] for part in parts if part in told})


def _listen(meter: Meter, outside: Json) -> None:
    """Whatever the product asks of AWS goes to the meter; what it asks of Slack and Google is counted on its way."""
    from bolt_app.adapters import aws

    make = aws.session

    def session() -> Any:  # noqa: ANN401 - boto3's
        made = make()
        made.events.unregister("before-send", cast("Any", botocore_stubber))  # it would answer a second time, and write twice
        made.events.unregister("before-send", meter.before_send)
        made.events.register("before-send", meter.before_send)
        return made

    aws.session = session  # type: ignore[assignment] # the one place where sessions are made gets one listener
    ports = {urlsplit(outside[name]).port: name for name in ("slack", "google")}
    begin = http.client.HTTPConnection.putrequest

    def putrequest(self: http.client.HTTPConnection, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - http.client's
        meter.outside(ports[self.port])
        begin(self, *args, **kwargs)

    http.client.HTTPConnection.putrequest = putrequest  # type: ignore[method-assign] # in this process only


def _request(path: str, text: str, headers: dict[str, str]) -> Json:
    """As a Function URL hands it over."""
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"accept": "*/*", "host": "abc.lambda-url.ap-southeast-1.on.aws", **headers},
        "requestContext": {"http": {**HTTP, "path": path}, "requestId": "0" * 36},
        "body": text,
        "isBase64Encoded": False,
    }


@contextmanager
def _outside(folder: Path, emails: list[str]) -> Iterator[Json]:
    (folder / "drive").mkdir()
    command = [sys.executable, "-m", "bench.bill.outside", str(folder), ",".join(emails)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as there:
        assert there.stdout is not None  # noqa: S101 - for the types: a pipe was asked for
        try:
            yield json.loads(there.stdout.readline())
        finally:
            there.terminate()


def main() -> None:
    jobs, cold_cpu = int(sys.argv[1]), json.loads(sys.argv[2])
    printed, stdout = Printed(), sys.stdout
    sys.stdout = cast("Any", printed)  # what functions print is their log
    log = JsonLog(printed)
    logging.getLogger().addHandler(log)
    logging.getLogger().setLevel(logging.INFO)
    with TemporaryDirectory() as name, _outside(Path(name), company.people(jobs)) as outside:
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
