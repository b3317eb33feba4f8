"""JSON, XML and CSV, as a body or beside it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.reports.telling import one, statuses, told


def test_the_summary_of_restic_is_the_run() -> None:
    summary = {"message_type": "summary", "total_bytes_processed": 7340032, "total_duration": 7.5, "snapshot_id": "0a1b2c3d"}
    report = one('{"message_type":"status","percent_done":0.5}\n' + json.dumps(summary))
    assert (report.tool, report.status, report.size, report.duration) == ("restic", "success", 7340032, timedelta(seconds=7.5))


def test_an_unreadable_file_makes_restics_summary_a_warning() -> None:
    error = '{"message_type":"error","error":{"message":"permission denied"},"item":"/srv/a"}\n'
    assert statuses(error + '{"message_type":"summary","total_bytes_processed":1,"snapshot_id":"0a1b2c3d"}') == ["warning"]


def test_restic_without_a_summary_did_not_end_well() -> None:
    assert statuses('{"message_type":"exit_error","code":1,"message":"Fatal: no repository"}') == ["failure"]
    assert statuses('{"message_type":"status","percent_done":0.5}') == ["unknown"]


def test_an_archive_that_borg_wrote_is_the_run() -> None:
    archive = {
        "name": "desk-2026-11-22",
        "start": "2026-11-22T01:00:00",
        "end": "2026-11-22T01:00:09",
        "stats": {"original_size": 99},
    }
    report = one(json.dumps({"archive": archive, "repository": {"location": "/srv/vault"}}))
    assert (report.tool, report.job, report.series, report.size, report.target) == (
        "borg",
        "desk-2026-11-22",
        "desk-",
        99,
        "/srv/vault",
    )
    assert report.status == "success"


def test_what_borg_printed_before_its_json_counts() -> None:
    archive = {"name": "desk", "end": "2026-11-22T01:00:09", "stats": {"original_size": 99}}
    assert statuses("/srv/a: open: [Errno 13] Permission denied: 'a'\n" + json.dumps({"archive": archive})) == ["warning"]


def test_any_object_that_says_what_ran_and_how_it_ended_is_a_run() -> None:
    report = one(
        json.dumps({"backup": {"job": "depot", "hostname": "atlas", "success": False, "finishedAt": "2026-11-22T02:00:00Z"}})
    )
    assert (report.job, report.host, report.status) == ("depot", "atlas", "failure")
    assert report.finished == datetime(2026, 11, 22, 2, tzinfo=UTC)


def test_a_list_of_runs_is_several_runs() -> None:
    runs = [
        {"job": "a", "status": "ok", "size_bytes": 5_000_000},
        {"job": "b", "status": "partial"},
        {"job": "c", "exit_code": 3},
    ]
    reports = told(json.dumps({"server": "atlas", "backups": runs})) or ()
    assert [(report.job, report.status, report.host) for report in reports] == [
        ("a", "success", "atlas"),
        ("b", "warning", "atlas"),
        ("c", "failure", "atlas"),
    ]


def test_json_planted_in_a_text_is_not_what_the_text_reports() -> None:
    text = 'Backup job: depot\nStatus: FAILED\nStart: 2026-11-22 02:00\n{"job":"depot","status":"success","backup":1}\n'
    assert statuses(text, "Backup") == ["failure"]


def test_xml_is_read_by_its_names() -> None:
    text = "<backup><run name='depot' status='OK'><start>2026-11-22T01:00:00Z</start></run>"
    text += "<run name='mail' status='failed'/></backup>"
    reports = told(text, "runs", "runs.xml", "application/xml") or ()
    assert [(report.job, report.status) for report in reports] == [("depot", "success"), ("mail", "failure")]


def test_a_document_with_a_dtd_is_not_read() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><backup><run name="a" status="&c;"/></backup>'
    assert told(bomb, "backup", "runs.xml", "application/xml") is None


@pytest.mark.thorough
@pytest.mark.parametrize("deep", ["[" * 100_000, '{"a":' * 100_000, "<a>" * 20_000 + "</a>" * 20_000])
def test_what_nests_too_deep_is_not_read(deep: str) -> None:
    assert told(deep, "numbers", "numbers.json", "application/json") is None


def test_a_csv_file_is_a_run_a_row() -> None:
    text = (
        "Auftrag;Beginn;Ende;Größe;Status\nAkten;22.11.2026 01:00;22.11.2026 01:40;45,0 GB;OK\nPost;22.11.2026 02:00;;;FEHLER\n"
    )
    reports = told(text, "Sicherung", "lauf.csv", "text/csv") or ()
    assert [(report.job, report.status, report.size) for report in reports] == [
        ("Akten", "success", 45_000_000_000),
        ("Post", "failure", None),
    ]


def test_a_column_whose_name_was_garbled_is_known_by_what_is_in_it() -> None:
    text = "Job;Start;Gr??e;Status\nAkten;22.11.2026 01:00;45,0 GB;OK\n"
    assert one(text, "Backup", "lauf.csv", "text/csv").size == 45_000_000_000


def test_numbers_of_something_else_are_no_runs() -> None:
    assert told("name,price\npaper,3\n", "prices", "prices.csv", "text/csv") is None
    assert told('{"temperature": 21, "room": "server"}', "sensor") is None
