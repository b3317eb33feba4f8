from datetime import datetime, timedelta, timezone

import pytest

from tests.unit.reports.letters import letter, only
from workflows.backup.reports.duplicati import read

SUBJECT = "Duplicati Backup report for Pictures"


def counted(result: str = "Success", **more: str) -> str:
    values = {
        "DeletedFiles": "1", "ExaminedFiles": "12", "SizeOfExaminedFiles": "345678901", "SizeOfAddedFiles": "99",
        "FilesWithError": "0",
        "PartialBackup": "False", "Dryrun": "False", "MainOperation": "Backup", "ParsedResult": result,
        "EndTime": "5/7/2026 11:20:15 PM (1778181615)", "BeginTime": "5/7/2026 11:00:05 PM (1778180405)",
        "Duration": "00:20:10.5000000",
    } | more  # fmt: skip
    return "\n".join(f"{name}: {value}" for name, value in values.items())


def test_counters_and_times_with_their_epoch() -> None:
    report = only(read(letter(counted(), SUBJECT)))
    east = timezone(timedelta(hours=4))
    assert (report.status, report.job, report.size) == ("success", "Pictures", 345678901)
    assert (report.started, report.finished) == (
        datetime(2026, 5, 7, 23, 0, 5, tzinfo=east),
        datetime(2026, 5, 7, 23, 20, 15, tzinfo=east),
    )
    assert report.duration == timedelta(minutes=20, seconds=10.5)


@pytest.mark.parametrize(
    ("body", "subject", "status"),
    [
        (counted("Warning"), SUBJECT, "warning"),
        (counted("Error"), SUBJECT, "failure"),
        (counted("Fatal"), SUBJECT, "failure"),
        (counted(), f"Error: {SUBJECT}", "failure"),
        (counted(), f"Fwd: Warning: {SUBJECT}", "warning"),
        (counted(PartialBackup="True"), SUBJECT, "warning"),
        (counted(FilesWithError="3"), SUBJECT, "warning"),
        (counted() + "\nErrors: [\n    cannot read /x\n]", SUBJECT, "failure"),
        (counted() + "\nErrors: []\nWarnings: []", SUBJECT, "success"),
        ("Failed: The remote folder does not exist\nDetails: at Duplicati.Main()", SUBJECT, "failure"),
        ('Failed: gone\n\n{"status": "success"}\nParsedResult: Success', SUBJECT, "failure"),
        ("", SUBJECT, "unknown"),
        ("", f"Error: {SUBJECT}", "failure"),
        ("", f"Success: {SUBJECT}", "success"),
    ],
)  # fmt: skip
def test_the_worst_sign_decides(body: str, subject: str, status: str) -> None:
    assert only(read(letter(body, subject))).status == status


@pytest.mark.parametrize("operation", ["Restore", "Test", "Compact", "Delete", "Repair"])
def test_other_operations_are_upkeep(operation: str) -> None:
    assert only(read(letter(counted(MainOperation=operation), f"Duplicati {operation} report for Pictures"))).maintenance
    assert only(read(letter(counted(Dryrun="True"), SUBJECT))).maintenance


def test_the_json_report() -> None:
    body = """
        {"Data": {"SizeOfExaminedFiles": 5000, "MainOperation": "Backup", "ParsedResult": "Warning",
        "EndTime": "2026-05-07T21:20:15.5Z", "BeginTime": "2026-05-07T21:00:05.5Z", "Duration": "00:20:10.0"},
        "Extra": {"OperationName": "Backup", "machine-name": "pc3", "backup-name": "Pictures"}}
        """
    report = only(read(letter(body, "anything")))
    assert (report.status, report.job, report.host, report.size) == ("warning", "Pictures", "pc3", 5000)
    assert report.started is not None
    assert report.started.isoformat() == "2026-05-07T21:00:05.500000+00:00"


def test_other_mails_are_left_to_others() -> None:
    assert read(letter("Status: ok", "Report for Pictures")) is None
    assert read(letter("{not json", "Report")) is None
