"""Which job a report is about."""

from typing import Any

import pytest

from workflows.backup.matching import Known, known_jobs, match
from workflows.backup.reports.report import Report

VEEAM = Report(tool="veeam", status="success", host="nas-02", job="Nightly VMs")


def row(job_id: str = "vms", report_from: str = "Veeam · nas-02 · Nightly VMs", **special: Any) -> Known:
    return Known(
        **{"job_id": job_id, "name": job_id, "zone": "UTC", "told_by_report": True, "report_from": report_from, **special}
    )


def found(report: Report, *rows: Known) -> tuple[str, list[str]]:
    answer = match(report, rows)
    return answer.kind, [job.job_id for job in answer.jobs]


@pytest.mark.parametrize(
    "report_from",
    [
        "Veeam · nas-02 · Nightly VMs",
        "veeam | NAS-02 | nightly  vms",
        "Veeam Backup & Replication / nas-02 / Nightly VMs",
        "veeam/nas-02/Nightly VMs",
        "Veeam · nas-02.example.com · Níghtly VMs",
        "Veeam ·  · Nightly VMs",
        " · nas-02 · ",
        "Veeam · Nightly VMs",
        "Veeam · nas-02",
        "nas-02 · Nightly VMs",
        "Nightly VMs",
        "nas-02",
        "Veeam · nas-02 · Nightly…",
    ],
)
def test_a_row_is_meant_where_the_parts_it_names_agree(report_from: str) -> None:
    assert found(VEEAM, row(report_from=report_from), row("other", "Veeam · nas-03 · Weekly VMs")) == ("sure", ["vms"])


@pytest.mark.parametrize(
    "report_from",
    [
        "Veeam · nas-03 · Nightly VMs",
        "Acronis · nas-02 · Nightly VMs",
        "Veeam · nas-02 · Weekly VMs",
        "Veeam",
        "Veeam ·  · ",
        "",
        " · ",
    ],
)
def test_a_row_is_not_meant_where_a_part_disagrees_or_only_the_tool_agrees(report_from: str) -> None:
    assert found(VEEAM, row(report_from=report_from)) == ("unknown", [])


def test_what_the_report_does_not_name_says_nothing_but_something_must_agree() -> None:
    assert found(Report(tool="veeam", status="failure", job="Nightly VMs"), row()) == ("sure", ["vms"])
    assert found(Report(tool="veeam", status="failure"), row()) == ("unknown", [])


def test_a_tool_that_nobody_has_a_name_for_says_nothing_in_the_report_nor_in_the_row() -> None:
    unnamed = Report(tool="script", status="success", host="nas-02", job="Nightly VMs")
    assert found(unnamed, row()) == ("sure", ["vms"])
    assert found(VEEAM, row(report_from="script · nas-02 · Nightly VMs")) == ("sure", ["vms"])
    assert found(unnamed, row(report_from="script")) == ("unknown", [])


def test_two_rows_that_fit_alike_are_for_a_person_to_choose_and_the_closer_one_wins() -> None:
    nameless = Report(tool="veeam", status="success", job="Nightly VMs")
    one, two = row("a", "Veeam · nas-01 · Nightly VMs"), row("b", "Veeam · nas-02 · Nightly VMs")
    assert found(nameless, one, two) == ("doubtful", ["a", "b"])
    assert found(VEEAM, one, two) == ("sure", ["b"])
    assert found(VEEAM, row("wide", "Nightly VMs"), two) == ("sure", ["b"])


def test_what_stays_the_same_of_a_job_names_it_as_well_as_what_changes() -> None:
    borg = Report(tool="borg", status="success", host="web1", job="web1-2026-11-19", series="web1-{now}")
    assert found(borg, row(report_from="borg · web1 · web1-{now}")) == ("sure", ["vms"])
    assert found(borg, row(report_from="borg · web1 · web1-2026-11-19")) == ("sure", ["vms"])


def test_a_job_name_may_hold_the_marks_that_part_others() -> None:
    files = Report(tool="rsync", status="success", host="web1", job="/srv/data")
    assert found(files, row(report_from="rsync · web1 · /srv/data")) == ("sure", ["vms"])
    assert found(files, row(report_from="/srv/data")) == ("sure", ["vms"])
    assert found(Report(tool="x", status="success", job="a|b"), row(report_from="x · a|b")) == ("sure", ["vms"])


def test_addresses_are_no_names_of_one_machine() -> None:
    report = Report(tool="restic", status="success", host="10.0.0.5")
    assert found(report, row(report_from="restic · 10.0.0.6")) == ("unknown", [])


def test_a_row_without_report_from_but_with_a_name_much_like_it_is_asked_about() -> None:
    assert found(VEEAM, row(report_from="", name="Nightly VMs (Veeam)")) == ("doubtful", ["vms"])
    assert found(VEEAM, row(report_from="", name="Nightly VM")) == ("doubtful", ["vms"])
    assert found(VEEAM, row(report_from="", name="Nightly VMs", told_by_report=False)) == ("unknown", [])
    assert found(VEEAM, row(report_from="", name="Payroll")) == ("unknown", [])
    assert found(VEEAM, row("a", "", name="Nightly VMs"), row("b", "", name="Nightly VMs")) == ("unknown", [])


def test_rows_that_are_otherwise_wrong_still_take_their_reports() -> None:
    text = (
        "job_id,name,target,schedule,timezone,report_from\n"
        ",Nightly VMs,report,some day,Asia/Singapore,Veeam · nas-02 · Nightly VMs\n"
        "db,Database,s3://acme/db/,daily 02:00,Mars,\n"
    )
    jobs = known_jobs(text, timezone="UTC")
    assert jobs == (
        row("nightly-vms", name="Nightly VMs", zone="Asia/Singapore"),
        row("db", "", name="Database", zone="UTC", told_by_report=False),
    )


@pytest.mark.parametrize("text", ["", "\x00\x01", "no header here"])
def test_what_is_no_list_is_not_a_list_without_jobs(text: str) -> None:
    assert known_jobs(text, timezone="UTC") is None


def test_a_list_without_jobs_is_one() -> None:
    assert known_jobs("job_id,name,target\n", timezone="UTC") == ()
