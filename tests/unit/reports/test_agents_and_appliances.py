"""Arq, Macrium, Datto, NAKIVO: short mails that say little."""

from datetime import timedelta

import pytest

from tests.unit.reports.letters import at, letter, only
from workflows.backup.reports import arq, datto, macrium, nakivo


@pytest.mark.parametrize(
    ("first", "errors", "subject", "status"),
    [
        ('Backup plan "Mac" finished.', "0", "Arq: Backup finished on desk3", "success"),
        ('Backup plan "Mac" finished.', "4", "Arq: Backup finished on desk3", "warning"),
        ('Backup plan "Mac" finished with errors.', "1", "Arq: Backup finished with errors on desk3", "warning"),
        ('Backup plan "Mac" failed.', "0", "Arq: Backup failed on desk3", "failure"),
        ('Backup plan "Mac" was aborted.', "0", "Arq: Backup on desk3", "failure"),
    ],
)
def test_arq_counts_its_errors(first: str, errors: str, subject: str, status: str) -> None:
    text = (
        f"{first}\n\nStarted: May 7, 2026 at 9:00:05 PM\nElapsed: 20m 10s\nScanned: 12.5 "
        f"GB (9,000 files)\nUploaded: 1.0 GB\nErrors: {errors}"
    )
    report = only(arq.read(letter(text, subject)))
    assert (report.tool, report.status, report.job, report.size) == ("arq", status, "Mac", 12_500_000_000)
    assert (report.started, report.duration) == (at("2026-05-07 21:00:05"), timedelta(minutes=20, seconds=10))


@pytest.mark.parametrize(
    ("subject", "body", "status", "host"),
    [
        ("desk3 Macrium Reflect - Backup Success", "Success :)", "success", "desk3"),
        ("desk3 Macrium Reflect - Backup Failed", "Failed :(", "failure", "desk3"),
        ("Fwd: desk3 Macrium Reflect - Backup with Warnings", "Warning :|", "warning", "desk3"),
        ("desk3 Macrium Reflect - Backup Success", "Success :)\nFailure count: 2", "failure", "desk3"),
        (
            "Macrium Reflect Backup - desk3",
            "Computer Name: desk3\nBackup completed successfully in 00:12:33\nErrors: 0",
            "success",
            "desk3",
        ),
        ("Macrium Reflect Backup - desk3", "Backup aborted\nErrors: 1", "failure", "desk3"),
        (
            "Macrium Reflect - Backup Completed with Errors",
            "Computer Name: desk3\nImage of C: completed with errors.",
            "warning",
            "desk3",
        ),
    ],
)
def test_macrium_says_it_with_a_smiley(subject: str, body: str, status: str, host: str) -> None:
    report = only(macrium.read(letter(body, subject)))
    assert (report.tool, report.status, report.host) == ("macrium", status, host)


def test_macrium_names_a_job_by_its_definition() -> None:
    text = "Computer Name: desk3\nBackup definition: C:\\Reflect\\Daily image.xml\nBackup completed successfully in 00:12:33"
    report = only(macrium.read(letter(text, "desk3 Macrium Reflect - Backup Success")))
    assert (report.job, report.duration) == ("Daily image", timedelta(minutes=12, seconds=33))


@pytest.mark.parametrize("subject", ["Macrium Image Guardian - Event - desk3", "Site Manager Notification Email: Disk Space Low"])
def test_other_news_of_macrium_is_no_run(subject: str) -> None:
    assert macrium.read(letter("Blocked unauthorised process", subject)) == ()


def test_macrium_missed_a_backup() -> None:
    assert only(
        macrium.read(letter("Failed :(\nThe scheduled backup was skipped.", "desk3 Macrium Reflect - Backup Failed"))
    ).missed


@pytest.mark.parametrize(
    ("subject", "body", "status", "upkeep"),
    [
        ("Backup failed for db3 on SIRIS-9", (
            "Device: SIRIS-9\nAgent: "
            "db3\n\nThe backup "
            "failed: snapshot timed out."
        ), "failure", False),
        ("Backup Screenshot Failed for db3 on SIRIS-9", (
            "Device: SIRIS-9\nAgent: db3\n\nThe last backup at 5/7/2026 9:00 PM completed "
            "successfully, but the screenshot failed."
        ), "warning", False),
        ("Screenshot Successful for db3 on SIRIS-9", (
            "Device: SIRIS-9\nAgent: "
            "db3\n\nThe screenshot "
            "verification passed."
        ), "success", True),
    ],
)  # fmt: skip
def test_datto_tells_of_backups_and_their_screenshots(subject: str, body: str, status: str, upkeep: bool) -> None:
    report = only(datto.read(letter(body, subject)))
    assert (report.tool, report.status, report.job, report.maintenance) == ("datto", status, "db3", upkeep)


def test_datto_misses_backups() -> None:
    report = only(
        datto.read(letter("Device: SIRIS-9\nAgent: db3\n\nThe last backup was 3 days ago.", "Datto alert: no recent backups"))
    )
    assert report.missed
    assert report.status != "success"


def session(status: str, rows: str) -> str:
    return f"""
        NAKIVO Backup & Replication

        Job: Shop floor
        Status: {status}
        Started: 7 May 2026 at 21:00 (UTC +02:00)
        Finished: 7 May 2026 at 22:10 (UTC +02:00)
        Duration: 1 hour 10 minutes
        Data processed: 12.5 GB

        VM→Status→Speed
        {rows}
        """


@pytest.mark.parametrize(
    ("status", "row", "subject", "ended"),
    [
        ("Successful", "web3→Successful→60.0 MB/s", '[NAKIVO] Job "Shop floor" was successful', "success"),
        ("Failed", "web3→Failed→-", '[NAKIVO] Job "Shop floor" has failed (0 of 1 VMs)', "failure"),
        ("Successful", "web3→Failed→-", '[NAKIVO] Job "Shop floor" was successful', "failure"),
        ("Successful", "web3→Successful→60.0 MB/s", '[NAKIVO] Job "Shop floor" was successful (1 of 2 VMs)', "warning"),
        ("Stopped", "web3→Stopped→-", '[NAKIVO] Job "Shop floor" was stopped', "failure"),
    ],
)
def test_nakivo_lists_its_machines(status: str, row: str, subject: str, ended: str) -> None:
    report = only(nakivo.read(letter(session(status, row), subject)))
    assert (report.tool, report.status, report.job, report.size) == ("nakivo", ended, "Shop floor", 12_500_000_000)
    assert report.started is not None
    assert (report.started.isoformat(), report.duration) == ("2026-05-07T21:00:00+02:00", timedelta(minutes=70))
