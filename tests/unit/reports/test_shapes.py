"""Reports of programs that have no reader of their own."""

from datetime import datetime, timedelta

import pytest

from tests.unit.reports.telling import SENT, one, statuses, told
from workflows.backup.reports import shapes
from workflows.kernel.mail import Part


def test_labels_make_a_run() -> None:
    text = (
        "Job: ledger\nServer: harbor\nStatus: OK\nStart: 2026-11-22 01:00\nEnd: 2026-11-22 01:30\nSize: 2.5 GB\nTarget: vault\n"
    )
    report = one(text, "Backup of ledger")
    assert (report.tool, report.job, report.host, report.target, report.size) == (
        "script",
        "ledger",
        "harbor",
        "vault",
        2_500_000_000,
    )
    assert (report.started, report.finished) == (datetime(2026, 11, 22, 1), datetime(2026, 11, 22, 1, 30))  # noqa: DTZ001 - no zone
    assert report.said == "Status: OK"


def test_a_counter_of_errors_beats_a_good_status() -> None:
    assert statuses("Job: a\nStatus: completed\nErrors: 3\nStart: 2026-11-22 01:00\n", "Backup") == ["warning"]
    assert statuses("Job: a\nStatus: completed\nErrors: 0\nStart: 2026-11-22 01:00\n", "Backup") == ["success"]


def test_a_bad_sentence_or_subject_beats_a_good_label() -> None:
    good = "Job: a\nStatus: OK\nStart: 2026-11-22 01:00\n"
    assert statuses(good + "The disk could not be read.\n", "Backup") == ["failure"]
    assert statuses(good, "Backup FAILED: a") == ["failure"]


def test_advice_is_no_sign() -> None:
    text = "Job: a\nStatus: OK\nStart: 2026-11-22 01:00\nIf this backup failed, please contact the desk.\n"
    assert statuses(text, "Backup") == ["success"]


def test_several_records_are_several_runs() -> None:
    text = "Job: a\nResult: success\nSize: 1 GB\n\nJob: b\nResult: failed\nSize: 0 bytes\n"
    assert [(report.job, report.status) for report in told(text, "Backup") or ()] == [("a", "success"), ("b", "failure")]


def test_a_list_of_lines_is_a_run_a_line() -> None:
    text = (
        "Backups, 22 Nov 2026\n\n  OK      papers   01:00 - 01:12   12.4 GiB\n  FAILED  photos   02:00 - 02:02   -   disk full\n"
    )
    first, second = told(text, "Backup summary") or ()
    assert (first.job, first.status, first.size) == ("papers", "success", 13314398618)
    assert first.finished == datetime(2026, 11, 22, 1, 12)  # noqa: DTZ001 - no zone is stated
    assert (second.job, second.status, second.size) == ("photos", "failure", None)


def test_a_run_over_midnight_ends_the_day_after() -> None:
    text = "Backups, 22 Nov 2026\nOK  papers  23:50 - 00:10  1 GB\nOK  photos  23:00 - 23:10  1 GB\n"
    first = (told(text, "Backup summary") or ())[0]
    assert first.finished is not None
    assert first.started is not None
    assert first.finished - first.started == timedelta(minutes=20)


def test_a_name_in_quotes_or_in_the_subject_is_the_job() -> None:
    text = 'Die Datensicherung "Akten" wurde abgeschlossen.\nBeginn: 22.11.2026 02:00\nEnde: 22.11.2026 02:30\n'
    assert one(text, "Datensicherung auf Keller-NAS").job == "Akten"
    assert one("Start: 2026-11-22 01:00\nSize: 1 GB\nBackup finished.\n", "Backup done: papers").job == "papers"


def test_a_subject_alone_counts_where_it_begins_with_its_status() -> None:
    report = one("", "[Success] Nightly papers")
    assert (report.job, report.status) == ("Nightly papers", "success")
    assert told("", "Nightly papers") is None
    assert told("", "Did the backup fail?") is None
    assert told("", "Backup report: 12 successful, 1 failed") is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: backup", "Job: a\nStatus: OK\nStart: 2026-11-22 01:00\n"),
        ("Backup of atlas", "Hi Sam,\n\nthe backup of atlas finished late, is that fine?\n\nThanks\nLea\n"),
        ("Lunch", "Status: finished\nStart: 2026-11-22 12:00\n"),
        ("Invoice for your backup storage", "Status: paid\nDate: 2026-11-22\n"),
        ("Backup licence will expire", "The licence for the backup expires on 2026-12-01. Backups will fail then.\n"),
    ],
)
def test_what_people_and_shops_write_is_no_run(subject: str, text: str) -> None:
    assert not told(text, subject)


def test_the_stand_in_reads_what_the_reader_leaves_alone() -> None:
    part = Part(text="The backup of ledger on harbor-2 went through: 3 GB copied, finished.\n" * 20, subject="ledger", sent=SENT)
    assert shapes.read(part) is None
    (report,) = shapes.guess(part)
    assert (report.job, report.status) == ("ledger", "success")


def test_the_stand_in_leaves_letters_and_notices_alone() -> None:
    assert shapes.guess(Part(text="Hi,\ndid the backup run? It failed last week.\n", subject="backup", sent=SENT)) == ()
    assert shapes.guess(Part(text="This is a test mail.", subject="Test mail: backup ok", sent=SENT)) == ()


def test_a_machine_in_the_subject_is_the_host() -> None:
    text = "Start: 2026-11-22 01:00\nSize: 1 GB\nBackup finished.\n"
    assert one(text, "[pine.example.org] Backup completed").host == "pine.example.org"
    assert one(text, "Backup status: success on server pine").host == "pine"
