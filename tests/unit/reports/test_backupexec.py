from datetime import timedelta

import pytest

from tests.unit.reports.letters import letter, only
from workflows.backup.reports.backupexec import read


def alert(category: str, body: str, job: str = "Shares-Full") -> tuple[str, str]:
    names = f'(Server: "be3") (Job: "{job}")'
    return f"Backup Exec Alert: {category} {names}", f"{names} {body}"


@pytest.mark.parametrize(
    ("category", "body", "status"),
    [
        ("Job Success", "Completed Successfully.", "success"),
        (
            "Job Success",
            "The job completed successfully.  However, the following conditions were encountered:\n\n2 files were skipped.",
            "warning",
        ),
        (
            "Job Completed with Exceptions",
            "The job completed successfully.  However, the following conditions were encountered:",
            "warning",
        ),
        ("Job Failed", "The job failed with the following error: The device is offline.", "failure"),
        ("Job Cancellation", "The job was canceled by user DOM\\root.", "failure"),
        ("Job Warning", "The job completed successfully.", "warning"),
        ("Job Start", "The job has started.", "running"),
    ],
)
def test_the_category_and_the_sentence(category: str, body: str, status: str) -> None:
    subject, text = alert(category, body)
    report = only(read(letter(text, subject)))
    assert (report.status, report.job, report.host) == (status, "Shares-Full", "be3")


def test_a_job_may_have_a_bad_name_and_brackets() -> None:
    subject, text = alert("Job Success", "Completed Successfully.", 'Failed mails (old) "x"-Full')
    report = only(read(letter(text, subject)))
    assert (report.status, report.job) == ("success", 'Failed mails (old) "x"-Full')


def test_a_german_alert() -> None:
    subject = 'Backup Exec-Warnung: Auftrag erfolgreich (Server: "be3") (Auftrag: "Freigaben")'
    report = only(read(letter('(Server: "be3") (Auftrag: "Freigaben") Der Auftrag wurde erfolgreich abgeschlossen.', subject)))
    assert (report.job, report.host) == ("Freigaben", "be3")
    assert report.status == "success"


def test_the_log_of_a_job() -> None:
    text = """
        Job server: be3
        Job name: Shares-Full
        Job type: Backup
        Job started: Thursday, May 7, 2026 at 9:00:05 PM
        Processed 123,456,789 bytes in 12 minutes and 3 seconds.
        Job ended: Thursday, May 7, 2026 at 9:12:08 PM
        Elapsed time: 00:12:03
        Job completion status: Completed with exceptions
        """
    report = only(read(letter(text, 'Backup Exec Alert: Job Success (Server: "be3") (Job: "Shares-Full")')))
    assert (report.status, report.job, report.size, report.duration) == (
        "warning",
        "Shares-Full",
        123456789,
        timedelta(minutes=12, seconds=3),
    )
    assert report.started is not None
    assert report.started.isoformat() == "2026-05-07T21:00:05"
    assert not report.maintenance
    assert only(read(letter(text.replace("Job type: Backup", "Job type: Restore"), "Backup Exec job log"))).maintenance


@pytest.mark.parametrize(
    "category", ["General Information", "Media Intervention", "Service Start", "License and Maintenance Warning"]
)
def test_alerts_about_other_things_are_no_runs(category: str) -> None:
    assert read(letter('(Server: "be3") Please respond.', f'Backup Exec Alert: {category} (Server: "be3")')) == ()
