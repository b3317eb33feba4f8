"""The sample world, as far as it can be judged without the cloud."""

import csv
import io
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import boto3
import pytest
from moto import mock_aws

from infra.local.children import StartError
from infra.local.demo.__main__ import forget, planned
from infra.local.demo.documents import put_documents, with_rows, zone_here
from infra.local.demo.lock import allow, deny
from infra.local.demo.orders import OrdersDump
from infra.local.demo.panel import Panel, WrongOrder
from infra.local.demo.runner import Record, Runner
from infra.local.demo.samples import CRM, LAPTOP, ORDERS, RULES, SHARED, VOICE
from infra.local.demo.script import Ill, Manner, Sample, ScriptError
from infra.local.demo.shared import SharedTar
from infra.local.demo.shown import ILL_TEXTS, LABELS, Seen, panel, what_next
from infra.local.demo.storing import KEPT, store
from infra.local.furniture import EMPTY_LIST, FIRST_RULES
from infra.local.slack.stored import Json
from workflows.backup.joblist import parse_jobs
from workflows.backup.layouts.names import kind_of
from workflows.backup.rules import parse_rules
from workflows.backup.standing import Standing, State
from workflows.backup.voice import parse_voice

pytestmark = pytest.mark.thorough  # starts real programs

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from infra.local.demo.check_ins import Sentinel

NOW = 1_800_000_000.0
MOMENT = datetime.fromtimestamp(NOW, UTC)
SAMPLES = (ORDERS, SHARED, LAPTOP, CRM)


# --- what the sentinel is told ---------------------------------------------------------------------


def test_the_sentinel_takes_every_row_and_both_documents_as_they_are() -> None:
    rules = parse_rules(RULES, config={})
    listed = parse_jobs(with_rows(EMPTY_LIST, [sample.row for sample in SAMPLES]), timezone="UTC", rules=rules)
    voice = parse_voice(VOICE.format(zone=zone_here()))

    assert not (rules.mistakes)
    assert not (listed.errors)
    assert not (listed.warnings)
    assert not (voice.mistakes)
    assert [job.job_id for job in listed.jobs] == ["orders-db", "shared-folder", "laptop", "crm-export"]
    assert {voice.user_id(job.owner_email) for job in listed.jobs} == {"U0SAM", "U0KIM", "U0ANA"}
    for job, sample in zip(listed.jobs, SAMPLES, strict=True):
        assert job.window is not None
        assert sample.every * 2 <= job.window.total_seconds()


def test_rows_of_others_stay_and_our_own_are_written_in_their_place() -> None:
    theirs = 'Job ID,Name,Target,Window,Remark\nmine,"Mine, all mine",heartbeat,2d,keep\norders-db,Old,heartbeat,9d,\n'

    text = with_rows(theirs, [ORDERS.row, CRM.row])

    header, *rows = csv.reader(io.StringIO(text))
    assert header[:5] == ["Job ID", "Name", "Target", "Window", "Remark"]
    assert rows[0] == ["mine", "Mine, all mine", "heartbeat", "2d", "keep"]
    assert [row[0] for row in rows] == ["mine", "orders-db", "crm-export"]
    assert rows[1][3] == "1m"
    assert with_rows(text, [ORDERS.row, CRM.row]) == text
    assert "crm-export" not in with_rows(text, [ORDERS.row], without=["crm-export"])


def test_the_sheet_gets_the_rows_and_what_somebody_edited_stays(tmp_path: Path) -> None:
    (tmp_path / "rules.txt").write_text(FIRST_RULES, encoding="utf-8")
    (tmp_path / "voice.txt").write_text("[people]\nme@example.com: U0ME\n", encoding="utf-8")

    put_documents(tmp_path, samples=(ORDERS,), gone=(CRM,))

    assert "orders-db,Orders database" in (tmp_path / "jobs.csv").read_text(encoding="utf-8")
    assert (tmp_path / "rules.txt").read_text(encoding="utf-8") == RULES
    assert "U0ME" in (tmp_path / "voice.txt").read_text(encoding="utf-8")
    assert {file.name for file in tmp_path.iterdir()} == {"jobs.csv", "rules.txt", "voice.txt"}


# --- beginning anew --------------------------------------------------------------------------------


def test_beginning_anew_deletes_a_folder_of_a_former_run_and_no_other(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    (ours / "s3").mkdir(parents=True)
    theirs.mkdir()
    (theirs / "thesis.txt").write_text("…")

    forget(ours)
    forget(tmp_path / "missing")
    with pytest.raises(StartError, match="does not look like a folder of a former run"):
        forget(theirs)

    assert not ours.exists()
    assert (theirs / "thesis.txt").exists()


def test_the_demo_keeps_its_things_apart_from_those_of_make_up(tmp_path: Path) -> None:
    with socket.socket() as aws, socket.socket() as slack, socket.socket() as panel:
        for probe in (aws, slack, panel):
            probe.bind(("127.0.0.1", 0))
        numbers = [str(probe.getsockname()[1]) for probe in (aws, slack, panel)]
    ports = dict(zip(("AWS_PORT", "SLACK_PORT", "PANEL_PORT"), numbers, strict=True))  # free, and given back a moment ago

    assert planned(ports).run.parts[-2:] == (".run", "demo")
    assert planned(ports | {"RUN_DIR": str(tmp_path)}).run == tmp_path
    assert planned(ports).panel == f"http://127.0.0.1:{numbers[2]}/panel"


# --- scripts ---------------------------------------------------------------------------------------


@pytest.fixture
def s3() -> Iterator["S3Client"]:
    with mock_aws():
        client = boto3.Session("test", "test", region_name="ap-southeast-1").client("s3")
        for bucket in ("acme-backups", "acme-nas"):
            client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
        yield client


def stored(s3: "S3Client", bucket: str) -> list[int]:
    return [one["Size"] for one in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


def test_the_database_grows_and_its_dumps_are_whole_cut_short_or_empty(s3: "S3Client", tmp_path: Path) -> None:
    dump = OrdersDump(tmp_path, s3)

    first = dump.run("good")
    grown = dump.run("good")
    cut = dump.run("shrunk")

    assert first < grown
    assert grown > 25_000  # as its row says
    assert cut < 12_500  # less than half of that: an alert, however long it lasts
    assert dump.run("empty") == 0


def test_an_upload_that_never_ends_is_in_no_listing_and_is_given_up_when_healed(s3: "S3Client", tmp_path: Path) -> None:
    dump = OrdersDump(tmp_path, s3)
    dump.run("good")

    dump.hang()
    dump.hang()
    assert len(stored(s3, "acme-backups")) == 1
    assert len(s3.list_multipart_uploads(Bucket="acme-backups")["Uploads"]) == 1

    dump.let_go()
    assert not s3.list_multipart_uploads(Bucket="acme-backups").get("Uploads")


class Notebook:
    """Stands in for the sentinel's door: keeps what was said."""

    def __init__(self) -> None:
        self.said: list[tuple[str, dict[str, object]]] = []

    def say(self, status: str, **more: object) -> None:
        self.said.append((status, more))


def test_the_shared_folder_says_what_it_did(s3: "S3Client", tmp_path: Path) -> None:
    notebook = Notebook()
    tar = SharedTar(tmp_path, s3, cast("Sentinel", notebook))

    whole = tar.run("good")
    small = tar.run("shrunk")
    tar.run("failed")
    tar.hang()

    assert small < whole * 0.4
    assert [status for status, _ in notebook.said] == ["ok", "ok", "failed", "start"]
    assert notebook.said[2][1]["note"]


def test_old_files_are_rotated_out(s3: "S3Client") -> None:
    for number in range(KEPT + 3):
        store(s3, "acme-backups", "a/", f"-{number}.gz", b"x")

    assert len(stored(s3, "acme-backups")) == KEPT


def test_dumps_of_one_job_are_one_series() -> None:
    assert kind_of("orders-2026-11-21T101500Z.sql.gz") == kind_of("orders-2027-01-02T235959Z.sql.gz")


def test_denied_access_is_one_statement_beside_what_the_policy_says_already(s3: "S3Client") -> None:
    theirs = {
        "Sid": "Theirs",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::acme-backups/x",
    }
    s3.put_bucket_policy(Bucket="acme-backups", Policy=json.dumps({"Version": "2012-10-17", "Statement": [theirs]}))

    deny(s3, ORDERS, account="000000000000")
    deny(s3, ORDERS, account="000000000000")
    deny(s3, LAPTOP, account="000000000000")
    assert sids(s3) == ["Theirs", "DemoOrdersDb", "DemoLaptop"]

    allow(s3, ORDERS)
    allow(s3, LAPTOP)
    allow(s3, SHARED)  # was never denied
    assert sids(s3) == ["Theirs"]


def sids(s3: "S3Client") -> list[str]:
    return [one["Sid"] for one in json.loads(s3.get_bucket_policy(Bucket="acme-backups")["Policy"])["Statement"]]


# --- a backup that goes on by itself ---------------------------------------------------------------


class FakeScript:
    def __init__(self) -> None:
        self.done: list[str] = []
        self.broken = False

    def run(self, manner: Manner) -> int:
        self.done.append(manner)
        if self.broken:
            raise ScriptError("no space left")
        return 10

    def hang(self) -> None:
        self.done.append("hang")

    def let_go(self) -> None:
        self.done.append("let go")


@pytest.fixture
def script() -> FakeScript:
    return FakeScript()


@pytest.fixture
def runner(script: FakeScript, s3: "S3Client") -> Iterator[Runner]:
    sample = Sample(row=ORDERS.row, every=60, ills=ORDERS.ills, prefix=ORDERS.prefix)
    made = Runner(sample, script, Record(good_runs=9), s3=s3, account="000000000000", changed=lambda: None)
    made.start()
    yield made
    made.stop()
    made.join(5)


def soon(true: Callable[[], bool]) -> bool:
    for _ in range(200):
        if true():
            return True
        time.sleep(0.01)
    return False


def test_it_runs_at_once_when_it_is_broken_or_healed(runner: Runner, script: FakeScript) -> None:
    assert soon(lambda: script.done == ["good"])
    ills: tuple[Ill, ...] = ("empty", "hang", "stop", "")
    expected = ["good"]
    for ill, then in zip(ills, (["empty"], ["hang"], ["let go"], ["good"]), strict=True):
        runner.set_ill(ill)
        expected += then
        assert soon(lambda: script.done == expected), (ill, script.done)  # noqa: B023 - asked at once

    assert runner.record.broken_ever
    assert runner.record.good_runs == 11


def test_what_goes_wrong_by_itself_is_told_and_tried_again(runner: Runner, script: FakeScript) -> None:
    assert soon(lambda: runner.record.good_runs == 10)

    script.broken = True
    runner.set_ill("")
    assert soon(lambda: runner.record.trouble == "no space left")

    script.broken = False
    runner.set_ill("")
    assert soon(lambda: runner.record.trouble == "" and runner.record.good_runs == 11)


# --- the panel -------------------------------------------------------------------------------------


def seen(sample: Sample, state: State | None = "all_green", **record: object) -> Seen:
    standing = None if state is None else Standing(job_id=sample.id, first_seen=MOMENT, since=MOMENT, state=state)
    whole = Record(**{"good_runs": 9, "ended": NOW - 12, "size": 37_100, **record})  # type: ignore[arg-type]
    return Seen(sample=sample, record=whole, standing=standing)


def test_the_panel_offers_what_can_be_done_now() -> None:
    fresh, broken = seen(ORDERS, good_runs=2), seen(ORDERS, "alert", ill="stop", changed=NOW - 40)

    calm = panel([fresh], hint="…", now=NOW)["items"][0]
    ill = panel([broken], hint="…", now=NOW)["items"][0]

    assert [action["id"] for action in calm["actions"]] == ["stop", "empty", "hang", "deny"]  # too early to compare sizes
    assert [action["id"] for action in ill["actions"]] == ["heal", "empty", "shrink", "hang", "deny"]
    assert calm["state"] == "runs every 25 s; last 12 s ago, 37.1 KB · sentinel: green"
    assert ill["state"] == "stopped for 40 s · sentinel: alerts"


@pytest.mark.parametrize(
    ("world", "words"),
    [
        ([seen(ORDERS, None), seen(CRM)], "first backups are being made"),
        ([seen(ORDERS), seen(CRM)], "Stop the Orders database, wait about two minutes, and answer as Sam"),
        ([seen(ORDERS, ill="stop", changed=NOW - 5)], "Sam hears of it in about two minutes"),
        ([seen(SHARED, ill="fail", changed=NOW - 1)], "Kim hears of it within seconds"),
        ([seen(ORDERS, "alert", ill="stop", changed=NOW - 99)], "Act as Sam"),
        ([seen(ORDERS, "pending_fixed", ill="stop", changed=NOW - 99)], "said to be fixed"),
        ([seen(ORDERS, "alert", changed=NOW - 3, broken_ever=True)], "Orders database runs again"),
        ([seen(ORDERS, broken_ever=True), seen(SHARED)], "Let the Shared folder report failure"),
        ([seen(one, broken_ever=True) for one in SAMPLES], "All is green again"),
        ([seen(LAPTOP, "not_observed", ill="deny", changed=NOW - 9)], "may not look at Ana's laptop"),
    ],
)
def test_what_to_try_next_is_said_from_how_the_world_is(world: list[Seen], words: str) -> None:
    assert words in what_next(world, now=NOW)


def test_what_was_answered_comes_after_what_was_not() -> None:
    unanswered = seen(ORDERS, "alert", ill="stop", changed=NOW - 99)
    snoozed = seen(CRM, "alert", ill="fail", changed=NOW - 9)
    assert snoozed.standing
    snoozed = replace(snoozed, standing=replace(snoozed.standing, snooze_until=MOMENT + timedelta(days=1)))

    assert "Sam has a message about Orders database" in what_next([unanswered, snoozed], now=NOW)
    assert "CRM export is quiet, and still broken" in what_next([snoozed], now=NOW)
    assert panel([snoozed], hint="", now=NOW)["items"][0]["state"].endswith("sentinel: alerts, snoozed")


def test_every_way_to_break_has_its_words() -> None:
    assert {ill for sample in SAMPLES for ill in sample.ills} == LABELS.keys() == ILL_TEXTS.keys()


def test_the_panel_answers_over_http_and_refuses_what_it_does_not_know() -> None:
    done: list[tuple[str, str]] = []

    def do(item: str, action: str) -> None:
        if item != "orders-db":
            raise WrongOrder(f"there is no backup {item!r}")
        done.append((item, action))

    served = Panel(port=0, look=lambda: {"title": "…", "items": done}, do=do)
    try:
        assert asked(served.url) == (200, {"title": "…", "items": []})
        assert asked(served.url, {"item": "orders-db", "action": "stop"})[0] == 200
        assert asked(served.url, {"item": "x", "action": "stop"}) == (400, {"error": "there is no backup 'x'"})
        assert asked(served.url, {"what": 1})[0] == 400
        assert asked(served.url, {"item": "orders-db", "action": "stop"}, kind="text/plain")[0] == 415
    finally:
        served.close()
    assert done == [("orders-db", "stop")]
    assert not any(thread.name == "panel" and thread.is_alive() for thread in threading.enumerate())


def asked(url: str, body: object = None, *, kind: str = "application/json") -> tuple[int, Json]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": kind})  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own address
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read())
