"""Words that sound good and are not, and mails that sound like reports and are none."""

import pytest

from tests.unit.reports.telling import one, statuses, told
from workflows.backup.reports.maintenance import tells_of_upkeep
from workflows.backup.reports.statuses import status_of
from workflows.backup.reports.subjects import host_in, name_in


@pytest.mark.parametrize(
    "text",
    [
        "never completed",
        "didn't complete",
        "wasn't successful",
        "hasn't completed yet",
        "ended without success",
        "No successful backup in the last 3 days",
        "NOT DONE",
        "successful? no",
        "success: false",
        "complete = no",
        "La sauvegarde ne s'est pas terminée correctement",
        "La copia no se completó correctamente",
        "niet volledig voltooid",
        "nie została ukończona",
        "não foi concluído",
        "Nicht vollständig abgeschlossen",
        "ohne Erfolg beendet",
        "Slutfördes inte",
        "nedokončeno",
        "nem fejeződött be",
        "ei valmistunut",
        "tamamlanamadı",
        "не завершено",
        "未成功完成",
        "备份不成功",
        "正常に完了しませんでした",
        "완료되지 않음",
        "done (rc=3)",
        "finished, return code 12",
        "completed, but nothing was backed up",
        "completed, no files found",
    ],
)
def test_a_denied_success_is_a_failure(text: str) -> None:
    assert status_of(text) == "failure"


@pytest.mark.parametrize(
    "text",
    [
        "completed only partly",
        "finished too early",
        "finished. Verification: mismatch",
        "OK, 2 of 5 volumes",
        "completed: 0 of 3 jobs",
        "success rate 40%",
        "finished: target offline",
        "done: quota exceeded",
        "finished - disk full",
        "finished: connection reset by peer",
        "completed; 4 files locked",
        "completed, excluding 3 unreadable files",
        "Beendet, 3 Dateien wurden nicht gesichert",
        "completed; 12 files were not copied",
        "terminated",
    ],
)
def test_a_success_beside_trouble_is_no_success(text: str) -> None:
    assert status_of(text) not in {"success", "running"}


@pytest.mark.parametrize("text", ["98% complete", "will be completed", "should finish by 03:00", "almost finished"])
def test_what_lies_ahead_is_not_done(text: str) -> None:
    assert status_of(text) == "running"


@pytest.mark.parametrize(
    "text",
    [
        "Backup completed successfully. Do not reply to this mail.",
        "Completed: 5 of 5 VMs, 0 failed",
        "finished with exit code 0",
        "Backup of part 1 of 2 completed",
        "Files failed to back up: 0, status success",
        "completed in half an hour",
        "100% complete",
        "completed, files not copied: 0",
        "Sauvegarde terminée sans erreur le 4 mai",
        "Terminated successfully",
        "Sicherung ohne Fehler abgeschlossen",
        "completed without errors",
    ],
)
def test_a_clean_success_stays_one(text: str) -> None:
    assert status_of(text) == "success"


def test_trouble_in_a_line_that_is_built_otherwise_is_not_lost() -> None:
    text = (
        "All databases, begun 2026-11-04 01:00:01\n  shop ........ 1.2G  OK\n"
        "  wiki ........ dumper: Access denied when trying to connect\n  mail ........ 120M  OK\n"
    )
    assert set(statuses(text, "MySQL backup on db1: finished")) == {"failure"}


def test_a_list_is_told_by_its_names() -> None:
    reports = told("shop ........ 1.2G  OK\nwiki ........ 33M  OK\n", "MySQL backup on db1")
    assert [report.job for report in reports or ()] == ["shop", "wiki"]


def test_steps_of_one_run_are_one_run() -> None:
    text = "Maintenance mode enabled\nDumping database... done (312 MB)\nSyncing data... failed\nBackup finished in 00:12:11\n"
    assert statuses(text, "Nextcloud backup on cloud01") == ["failure"]


def test_names_prove_nothing() -> None:
    text = "Job: success-stories\nStart: 2026-11-04 01:00\nEnd: 2026-11-04 01:10\n"
    assert "success" not in statuses(text, "Backup report: success-stories")
    assert statuses(f"{text}Status: failed\n", "Backup report: success-stories") == ["failure"]
    assert statuses(f"{text.replace('success-', 'failed-')}Status: OK\n", "Backup of failed-stories") == ["success"]
    assert status_of("could be written: success.txt, completed.docx") is None


@pytest.mark.parametrize(
    "line",
    [
        "Completed: -",
        "Completed: never",
        "Last successful backup: 2026-10-01 01:00",
        "Expected status: Success",
        "Previous result: Success",
        "Successful: 10",
        "Offsite copy: missing",
        "Verify: FAILED",
        "Exit code: 0x80070005",
    ],
)
def test_a_good_word_elsewhere_is_no_success(line: str) -> None:
    text = f"Job: fs01\n{line}\nStart: 2026-11-04 01:00\nEnd: 2026-11-04 01:12\nSize: 3 GB\n"
    assert "success" not in statuses(text, "Backup fs01")


def test_a_log_is_no_list_of_jobs() -> None:
    text = "WARNING: skipped a.txt\nWARNING: skipped b.txt\nBackup of fs01 finished\n"
    assert [report.job for report in told(text, "Backup fs01 at 01:22") or ()] != ["skipped a.txt", "skipped b.txt"]
    assert statuses(text, "Backup fs01 at 01:22") in (["warning"], [])


def test_a_list_may_have_its_marks_behind_its_names() -> None:
    reports = told("fs01 ✅ 12 GB 01:00-01:10\nfs02 ❌ timeout\nfs03 ✅ 3 GB\n", "Backup summary") or ()
    assert [(report.job, report.status) for report in reports] == [("fs01", "success"), ("fs02", "failure"), ("fs03", "success")]


def test_a_list_holds_long_words_of_an_end() -> None:
    text = "Fibu: erfolgreich (12 GB)\nLohn: mit Warnungen abgeschlossen (3 GB)\nPost: fehlgeschlagen\n"
    assert statuses(text, "Sicherungsbericht SRV1") == ["success", "warning", "failure"]


RUN = '{"job":"payroll","status":"success","start":"2026-11-04T01:00:00Z","end":"2026-11-04T01:12:00Z","bytes":12300000000%s}'


@pytest.mark.parametrize(
    "more",
    [
        ',"exit_code":1',
        ',"errors":["a.db: locked"]',
        ',"failed_files":3',
        ',"error":"disk full"',
        ',"status":"failed"',
        ',"success":false',
    ],
)
def test_trouble_anywhere_in_an_object_takes_back_its_success(more: str) -> None:
    for subject in ("payroll report", "Backup of payroll"):
        assert statuses(RUN % "", subject) == statuses(RUN % ',"errors":[],"error":null', subject) == ["success"]
        assert statuses(RUN % more, subject)[0] in {"failure", "warning"}
        assert statuses(RUN.replace('"status":"success",', f'{more[1:]},"status":"success",') % "", subject)[0] in {
            "failure",
            "warning",
        }


def test_trouble_around_a_list_of_runs_takes_back_their_success() -> None:
    runs = '"jobs":[{"job":"a","status":"ok","size_bytes":2000000000},{"job":"b","status":"ok","size_bytes":1000000000}]'
    assert statuses(f'{{"status":"ok",{runs}}}', "Backup") == ["success", "success"]
    assert statuses(f'{{"status":"failed",{runs}}}', "Backup") == ["unknown", "unknown"]


def test_a_bad_subject_takes_back_a_table_of_good_rows() -> None:
    table = "Name        Result   Start               End\n----        ------   -----               ---\n"
    table += "Finance DB  OK       2026-11-04 01:00:00 2026-11-04 01:10:00\n"
    assert statuses(table, "Backup FAILED on fin-srv") == ["unknown"]
    assert statuses(table, "Backup report of fin-srv") == ["success"]


def test_a_cron_script_that_was_killed_midway_is_not_done() -> None:
    text = "INFO: Starting a new tar bundle\nINFO: Finished writing part 12.\nINFO: uploading to the store\n"
    assert statuses(text, "Cron <postgres@pg1> wal-g backup-push /data") == ["unknown"]
    assert statuses(f"{text}INFO: Wrote backup with name base_12\n", "Cron <postgres@pg1> wal-g backup-push /data") == ["success"]


@pytest.mark.parametrize(
    "subject",
    [
        "Restore completed: fs01",
        "Backup verification of fs01 successful",
        "Backup deleted: prod-db",
        "Prune of fs01 completed",
        "Wiederherstellung von fs01 abgeschlossen",
        "Restauration terminée : fs01",
    ],
)
def test_what_is_done_with_backups_is_no_run(subject: str) -> None:
    reports = told("Job: fs01\nStatus: success\nStart: 2026-11-04 01:00\nEnd: 2026-11-04 01:12\nSize: 12 GB\n", subject) or ()
    assert all(report.maintenance for report in reports)
    assert tells_of_upkeep(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "Backup of fs01 failed",
        "Backup and verify completed",
        "Disaster Recovery backup completed",
        "Backup job test-db completed",
    ],
)
def test_a_backup_is_a_run_whatever_else_its_subject_names(subject: str) -> None:
    assert not tells_of_upkeep(subject)


def test_a_label_that_says_restore_makes_it_no_run() -> None:
    report = one(
        "Job: fs01\nOperation: Restore\nStatus: success\nStart: 2026-11-04 01:00\nSize: 12 GB\n", "Backup server: job fs01"
    )
    assert report.maintenance


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Your backup codes for your account", "Here are your backup codes, generated successfully on 2026-11-04 01:22.\n"),
        ("Storage almost full: backup volume at 92%", "Volume /backup is at 92% at 2026-11-04 01:22. Status: Warning\n"),
        ("Disk failure predicted on nas-02", "Disk 3: FAILING. Time: 2026-11-04 01:22. Please back up your data.\n"),
        ("Backup job created: Nightly", "Ana created the backup job Nightly successfully at 2026-11-04 01:22.\n"),
        ("Backup agent update completed on fs01", "The agent was updated successfully at 2026-11-04 01:22.\n"),
        ("Password reset successful for backup@acme.example", "It was successfully reset on 2026-11-04 01:22:00.\n"),
        ("Cron <root@web01> certbot renew", "All renewals succeeded: /etc/letsencrypt/archive/a (success)\n"),
        ("Certificate expires soon: backup.acme.example", "It expires 2026-11-11. Renewal failed.\n"),
        ("Migration of mailbox completed", "Sync of mailbox ana completed: 12 GB, 2026-11-04 01:22\n"),
    ],
)
def test_what_machines_write_of_other_things_is_no_report(subject: str, text: str) -> None:
    assert not told(text, subject)


@pytest.mark.parametrize("subject", ["Backup of fs01 failed: wrong password", "Backup failed: certificate expired"])
def test_a_backup_may_fail_for_what_else_machines_write_about(subject: str) -> None:
    text = "Job: fs01\nStatus: failed\nStart: 2026-11-04 01:00\n"
    assert statuses(text, subject) == ["failure"]


def test_a_name_in_a_subject_is_the_same_every_night() -> None:
    assert name_in("Backup completed on db1 at 01:22") == name_in("Backup FAILED on db1 at 02:13") == "db1"
    assert name_in("Backup of 12 databases completed") == name_in("Backup of 11 databases completed")
    assert name_in("Cloud Backup Report: SRV-1") == "SRV-1"
    assert host_in("Time Machine on mac-mini: OK") == "mac-mini"


ROBOCOPY = """\
   ROBOCOPY     ::     Robust File Copy for Windows

  Started : Wednesday, November 4, 2026 1:00:00 AM
   Source : D:\\Ledger\\
     Dest : \\\\nas-9\\copies\\Ledger\\
{error}
               Total    Copied   Skipped  Mismatch    FAILED    Extras
    Dirs :       120         2       118         0         0         0
   Files :     12033        22     12010         0         {failed}         1
   Bytes :  22.412 g   120.3 m  22.292 g         0         {failed}     1.2 k
   Ended : Wednesday, November 4, 2026 1:01:12 AM
"""


def test_robocopy_is_judged_by_its_column_of_failures() -> None:
    good = one(ROBOCOPY.format(error="", failed=0), "Robocopy")
    assert (good.tool, good.status, good.what, good.size) == ("robocopy", "success", "D:\\Ledger\\", 24064701759)
    line = "2026/11/04 01:00:44 ERROR 32 (0x00000020) Copying File D:\\Ledger\\a.mdb\n"
    bad = one(ROBOCOPY.format(error=line, failed=1), "Robocopy")
    assert (bad.status, bad.said) == ("warning", line.strip())
    assert one(ROBOCOPY.format(error=line, failed=1).partition("               Total")[0], "Robocopy").status == "failure"
    assert one(ROBOCOPY.format(error="", failed=0).partition("               Total")[0], "Robocopy").status == "unknown"
