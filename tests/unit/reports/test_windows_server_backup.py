from datetime import UTC, datetime

import pytest

from tests.unit.reports.letters import at, letter, only
from workflows.backup.reports.windows_server_backup import read_console, read_event, read_summary


def event(number: int, text: str) -> str:
    return f"""
        Log Name: Microsoft-Windows-Backup
        Source: Microsoft-Windows-Backup
        Date: 5/7/2026 9:20:15 PM
        Event ID: {number}
        Level: Information
        Computer: dc3.example.org
        Description:
        {text}
        """


@pytest.mark.parametrize(
    ("number", "text", "status"),
    [
        (4, "The backup operation has finished successfully.", "success"),
        (
            5,
            "The backup operation that started at '2026-05-07T19:00:05.5Z' has failed with following error code '0x1'.",
            "failure",
        ),
        (14, "The backup operation has completed.", "success"),
        (4, "The backup operation has completed with errors.", "warning"),
        (521, "Details are missing.", "failure"),
        (1, "The backup operation has started.", "running"),
        (8, "The backup operation that started at '2026-05-07T19:00:05.5Z' was cancelled.", "failure"),
    ],
)
def test_an_event_by_its_number_and_its_sentence(number: int, text: str, status: str) -> None:
    report = only(read_event(letter(event(number, text), "Backup event")))
    assert (report.status, report.host, report.finished) == (status, "dc3.example.org", at("2026-05-07 21:20:15"))


def test_the_start_in_an_event_is_in_utc() -> None:
    report = only(read_event(letter(event(5, "The backup operation that started at '2026-05-07T19:00:05.5Z' has failed."))))
    assert report.started == datetime(2026, 5, 7, 19, 0, 5, 500000, tzinfo=UTC)


def test_a_german_event() -> None:
    text = """
        Protokollname: Microsoft-Windows-Backup
        Quelle: Microsoft-Windows-Backup
        Datum: 07.05.2026 21:20:15
        Ereignis-ID: 4
        Computer: dc3
        Beschreibung:
        Der Sicherungsvorgang wurde erfolgreich abgeschlossen.
        """
    report = only(read_event(letter(text)))
    assert (report.status, report.host, report.finished) == ("success", "dc3", at("2026-05-07 21:20:15"))


LOG = """
    wbadmin 1.0 - Backup command-line tool

    This will back up (C:),(D:) to \\\\nas3\\share.
    The backup operation to \\\\nas3\\share is starting.
    """


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("The backup operation successfully completed.\nThe backup of volume (C:) completed successfully.", "success"),
        ("The backup operation stopped before completing.\nDetailed error: there is not enough disk space.", "failure"),
        ("The backup operation completed with errors.", "warning"),
        ("The backup of volume (C:) completed successfully.\nThe backup of volume (D:) could not be completed.", "failure"),
        ("ERROR - The network path was not found.", "failure"),
        ("", "unknown"),
    ],
)
def test_the_log_of_wbadmin(end: str, status: str) -> None:
    text = LOG.replace("    ", "") + "Summary of the backup operation:\n------------------\n" + end
    report = only(read_console(letter(text, "wbadmin on dc3")))
    assert (report.status, report.what, report.target) == (status, "(C:),(D:)", "\\\\nas3\\share")


@pytest.mark.parametrize(
    ("code", "message", "status"),
    [("0", "", "success"), ("2155348129", "", "failure"), ("0", "The backup failed for one volume.", "warning")],
)
def test_the_summary(code: str, message: str, status: str) -> None:
    text = (
        f"NextBackupTime : 5/8/2026 9:00:00 PM\nLastBackupTime : 5/7/2026 9:00:00 PM\nLastBackupResultHR "
        f": {code}\nDetailedMessage : {message}"
    )
    report = only(read_summary(letter(text)))
    assert (report.status, report.finished) == (status, at("2026-05-07 21:00"))
