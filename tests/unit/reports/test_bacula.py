from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.reports.letters import at, letter, only
from workflows.backup.reports.bacula import read


def block(**changes: str) -> str:
    values = {
        "JobId": "7", "Job": "Nightly-web.2026-05-07_21.00.05_12", "Backup Level": "Incremental, since=2026-05-06 21:00:07",
        "Client": '"web3-fd" 13.0.1 (05Aug22) x86_64-pc-linux-gnu', "FileSet": '"All" 2026-01-01 00:00:00',
        "Storage": '"Tower" (From Pool resource)',
        "Start time": "07-May-2026 21:00:08", "End time": "07-May-2026 22:01:09", "Elapsed time": "1 hour 1 min 1 sec",
        "FD Files Written": "5", "FD Bytes Written": "3,456,789 (3.456 MB)", "SD Bytes Written": "3,457,890 (3.457 MB)",
        "Volume name(s)": "", "Non-fatal FD errors": "0", "SD Errors": "0",
        "FD termination status": "OK", "SD termination status": "OK",
        "Termination": "Backup OK",
    } | {name.replace("_", " "): value for name, value in changes.items()}  # fmt: skip
    head = "07-May 22:01 boss-dir JobId 7: Bacula boss-dir 13.0.1 (05Aug22):\n"
    return head + "".join(f"  {name + ':':24}{value}\n" for name, value in values.items())


def test_a_block_with_everything() -> None:
    report = only(read(letter(block())))
    assert (report.tool, report.status, report.job, report.host) == ("bacula", "success", "Nightly-web", "web3-fd")
    assert (report.started, report.finished) == (at("2026-05-07 21:00:08"), at("2026-05-07 22:01:09"))
    assert (report.duration, report.size, report.target) == (timedelta(seconds=3661), 3456789, "Tower")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"Termination": "Backup OK -- with warnings"}, "warning"),
        ({"Termination": "*** Backup Error ***"}, "failure"),
        ({"Termination": "*** Fatal Error ***"}, "failure"),
        ({"Termination": "Backup Canceled"}, "failure"),
        ({"Non-fatal FD errors": "2"}, "warning"),
        ({"SD termination status": "Error"}, "failure"),
        ({"Termination": ""}, "unknown"),
    ],
)
def test_the_termination_unless_something_says_worse(changes: dict[str, str], status: str) -> None:
    assert only(read(letter(block(**changes)))).status == status


def test_a_fatal_error_of_the_same_job_makes_no_success() -> None:
    assert only(read(letter("07-May 21:00 web3-fd JobId 7: Fatal error: no route\n" + block()))).status == "warning"
    assert only(read(letter("07-May 21:00 web3-fd JobId 6: Fatal error: no route\n" + block()))).status == "success"


@pytest.mark.parametrize("termination", ["Restore OK", "Verify OK", "*** Verify Error ***", "Admin OK", "Migration OK"])
def test_what_is_no_backup_is_upkeep(termination: str) -> None:
    assert only(read(letter(block(Termination=termination)))).maintenance


def test_several_jobs_in_one_mail_are_several_runs() -> None:
    reports = read(
        letter(block() + block(JobId="8", Job="Nightly-db.2026-05-07_21.00.05_13", Termination="*** Backup Error ***"))
    )
    assert reports is not None
    assert [(one.job, one.status) for one in reports] == [("Nightly-web", "success"), ("Nightly-db", "failure")]


def test_bareos_writes_times_with_their_offset() -> None:
    text = block(Job="web.2026-05-07T21.00.05_12", **{"Start time": "2026-05-07T21:00:08+0000"}).replace(
        "Bacula boss", "Bareos boss"
    )
    report = only(read(letter(text)))
    assert (report.tool, report.job, report.started) == ("bareos", "web", datetime(2026, 5, 7, 21, 0, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("subject", "log", "status"),
    [
        ("Bacula: Backup OK of web3-fd Full", (
            "07-May 21:00 boss-dir "
            "JobId 7: Start Backup "
            "JobId 7, Job=Nightly-web.2026-05-07_21.00.05_12"
        ), "success"),
        ("Bacula: Backup Fatal Error of web3-fd Full", "Job=Nightly-web.2026-05-07_21.00.05_12", "failure"),
        ("Bareos: Backup OK of web3-fd Full", (
            "x JobId 7: Start, Job=Nightly-web.2026-05-07_21.00.05_12\nx JobId 7: Fatal "
            "error: died"
        ), "failure"),
    ],
)  # fmt: skip
def test_a_mail_that_was_cut_short(subject: str, log: str, status: str) -> None:
    report = only(read(letter(log, subject)))
    assert (report.status, report.job, report.host) == (status, "Nightly-web", "web3-fd")


def test_a_call_for_a_tape_is_no_run() -> None:
    assert read(letter("Please mount volume", "Bacula: Intervention needed for Nightly-web.2026-05-07_21.00.05_12")) == ()
