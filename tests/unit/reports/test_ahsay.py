import pytest

from tests.unit.reports.letters import at, letter, only
from workflows.backup.reports.ahsay import read


def summary(status: str = "OK", destination: str = "Vault (1)", size: str = "1.5TB") -> str:
    return f"""
        Backup Job Summary

        User→shop3
        Backup Set→Mail store
        Destination→{destination}
        Data Size→{size}
        Backup Quota→9TB
        Remaining Quota→7.2TB
        Backup Job→2026-05-07-21-00-00
        Job Status→{status}
        Backup Time→07/05/2026 21:00:05 CEST - 08/05/2026 01:20:15 CEST
        """


def test_a_report_with_everything() -> None:
    report = only(read(letter(summary(), "Backup Report [OK] > shop3 > Mail store > Backup 2026-05-07-21-00-00")))
    assert (report.tool, report.status, report.job, report.host, report.target) == (
        "ahsay",
        "success",
        "Mail store",
        "shop3",
        "Vault (1)",
    )
    assert report.size == 1_500_000_000_000
    assert report.started is not None
    assert report.finished is not None
    assert report.started.isoformat() == "2026-05-07T21:00:05+02:00"
    assert report.finished.isoformat() == "2026-05-08T01:20:15+02:00"


@pytest.mark.parametrize(
    ("bracket", "status"),
    [
        ("OK", "success"),
        ("OK (no files backed up)", "success"),
        ("Backup finished with error(s)", "warning"),
        ("Completed with warning(s)", "warning"),
        ("Interrotto dall'utente", "failure"),
        ("User interrupted", "failure"),
        ("Missed backup", "failure"),
        ("Saltato (ancora in corso)", "warning"),
        ("Fallito", "failure"),
    ],
)
def test_the_status_in_brackets(bracket: str, status: str) -> None:
    report = only(
        read(letter("see the attachment", f"Report di backup [{bracket}] > shop3 > Mail store > Backup 2026-05-07-21-00-00"))
    )
    assert (report.status, report.job, report.host) == (status, "Mail store", "shop3")


def test_a_bad_subject_makes_no_success() -> None:
    assert (
        only(read(letter(summary("OK"), "Backup Report [Failed] > shop3 > Mail store > Backup 2026-05-07-21-00-00"))).status
        == "failure"
    )
    assert (
        only(read(letter(summary("Backup quota exceeded"), "Backup Report [OK] > a > b > Backup 2026-05-07-21-00-00"))).status
        == "failure"
    )


def test_each_destination_is_a_run() -> None:
    text = summary() + summary("Failed - no route", "Second (2)")
    reports = read(letter(text, "Backup Report [Completed with error] > shop3 > Mail store > Backup 2026-05-07-21-00-00"))
    assert reports is not None
    assert [(one.target, one.status) for one in reports] == [("Vault (1)", "warning"), ("Second (2)", "failure")]


@pytest.mark.parametrize(
    "subject",
    [
        "Scheduled backup, shop3 > Mail store > 2026-05-07-21-00-00, was missed",
        "Il backup programmato, shop3 > Mail store > 2026-05-07-21-00-00, non è stato effettuato",
    ],
)
def test_a_missed_backup_took_no_place(subject: str) -> None:
    report = only(read(letter("", subject)))
    assert (report.missed, report.job, report.host, report.started) == (True, "Mail store", "shop3", at("2026-05-07 21:00"))


def test_a_quota_is_no_run() -> None:
    assert read(letter("", "Account, shop3, has exceeded its backup quota")) == ()
