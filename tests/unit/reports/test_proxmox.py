from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.reports.letters import at, letter, only
from workflows.backup.reports.proxmox_jobs import read_client, read_pbs, read_replication
from workflows.backup.reports.vzdump import read

DONE = """
INFO: starting new backup job: vzdump 300 --mode stop --storage vault
INFO: Starting Backup of VM 300 (qemu)
INFO: Backup started at 2026-05-07 21:00:05
INFO: VM Name: shop
INFO: transferred 32.00 GiB in 90 seconds (364.1 MiB/s)
INFO: Finished Backup of VM 300 (00:01:40)
INFO: Backup finished at 2026-05-07 21:01:45
"""


def test_a_mail_with_a_table_is_one_run_a_guest() -> None:
    reports = read(
        letter(
            """
            Details
            =======
            VMID    Name    Status    Time       Size         Filename
            300     shop    ok        1h 2m 3s   10.5 GiB     vm/300/2026-05-07T19:00:05Z
            301     mail    err       4s         0 B          null

            Total running time: 1h 2m 7s

            Logs
            ====
            vzdump 300 301 --storage vault --mode snapshot

            300: 2026-05-07 21:00:05 INFO: Starting Backup of VM 300 (qemu)
            300: 2026-05-07 21:00:06 ERROR: guest agent freeze failed - got timeout
            300: 2026-05-07 22:02:08 INFO: Finished Backup of VM 300 (01:02:03)

            301: 2026-05-07 22:02:08 INFO: Starting Backup of VM 301 (qemu)
            301: 2026-05-07 22:02:12 ERROR: Backup of VM 301 failed - no such volume
            """,
            "vzdump backup status (node3.example.org): backup failed",
        )
    )
    assert reports is not None
    good, bad = reports
    assert (good.job, good.what, good.status, good.host, good.target) == ("300", "shop", "success", "node3.example.org", "vault")
    assert (good.started, good.duration) == (at("2026-05-07 21:00:05"), timedelta(hours=1, minutes=2, seconds=3))
    assert good.size == round(10.5 * 1024**3)
    assert (bad.job, bad.status, bad.finished) == ("301", "failure", at("2026-05-07 22:02:12"))


def test_a_table_without_logs_has_its_start_in_the_name_of_the_archive() -> None:
    part = letter(
        """
        VMID→Name→Status→Time→Size→Filename
        300→shop→ok→1m 40s→10.5 GiB→vm/300/2026-05-07T19:00:05Z
        """,
        "vzdump backup status (node3): backup successful",
    )
    assert only(read(part)).started == datetime(2026, 5, 7, 19, 0, 5, tzinfo=UTC)


def test_the_table_of_older_versions() -> None:
    reports = read(
        letter(
            """
            VMID NAME  STATUS TIME        SIZE  FILENAME
            300  shop  OK     00:01:40  8.00GB  /mnt/pve/vault/dump/vzdump-qemu-300-2026_05_07-21_00_05.vma.zst
            301  mail  FAILED 00:00:04  unable to find VM '301'
            TOTAL             00:01:44  8.00GB

            Detailed backup logs:

            vzdump 300 301 --storage vault

            300: May 07 21:00:05 INFO: Starting Backup of VM 300 (qemu)
            300: May 07 21:01:45 INFO: Finished Backup of VM 300 (00:01:40)
            """,
            "vzdump backup status (node3) : backup failed",
        )
    )
    assert reports is not None
    assert [(one.job, one.status, one.size) for one in reports] == [("300", "success", 8_000_000_000), ("301", "failure", None)]
    assert reports[0].started == at("2026-05-07 21:00:05")


@pytest.mark.parametrize(
    ("log", "subject", "status"),
    [
        (DONE + "INFO: Backup job finished successfully\nTASK OK", "", "success"),
        (
            DONE.replace("INFO: Finished Backup of VM 300 (00:01:40)", "ERROR: Backup of VM 300 failed - job failed with err -5"),
            "",
            "failure",
        ),
        (DONE + "TASK ERROR: could not prune", "", "failure"),
        (DONE + "TASK WARNINGS: 1", "", "warning"),
        (DONE, "vzdump backup status (node3): backup failed: hook script", "failure"),
        (DONE.split("INFO: transferred", maxsplit=1)[0], "", "unknown"),
    ],
)
def test_the_log_of_a_task(log: str, subject: str, status: str) -> None:
    report = only(read(letter(log, subject)))
    assert (report.job, report.what, report.status) == ("300", "shop", status)


def test_what_a_task_log_tells() -> None:
    report = only(read(letter(DONE)))
    assert (report.started, report.finished) == (at("2026-05-07 21:00:05"), at("2026-05-07 21:01:45"))
    assert (report.size, report.duration, report.target) == (32 * 1024**3, timedelta(seconds=100), "vault")


def test_a_job_that_found_no_guest_failed_as_a_whole() -> None:
    report = only(
        read(letter("could not get storage information for 'vault'", "vzdump backup status (node3): backup failed: storage"))
    )
    assert (report.status, report.job, report.host) == ("failure", "", "node3")


@pytest.mark.parametrize(
    ("subject", "body", "status", "job", "what", "upkeep"),
    [
        ("Sync remote 'far' datastore 'main' successful", (
            "Job ID: s-1\nDatastore: "
            "main\nRemote: far\n\nSynchronization "
            "successful."
        ), "success", "s-1", "main", False),
        ("Sync local datastore 'main' failed", (
            "Job ID: s-1\nDatastore: "
            "main\n\nSynchronization "
            "failed: no space"
        ), "failure", "s-1", "main", False),
        ("Verify Datastore 'main' failed", (
            "Job ID: v-1\nDatastore: "
            "main\n\nVerification "
            "failed on these snapshots/groups:\n\n  vm/3"
        ), "failure", "v-1", "main", True),
        ("Pruning datastore 'main' successful", (
            "Job ID: p-1\nDatastore: "
            "main\n\nPruning successful."
        ), "success", "p-1", "main", True),
        ("Garbage Collect Datastore 'main' failed", (
            "Datastore: main\n\nGarbage "
            "collection failed: locked"
        ), "failure", "", "main", True),
        ("Tape Backup 't-1' datastore 'main' successful", (
            "Job ID: t-1\nDatastore: main\nTape Pool: pool\nDuration: 1h 2m\n\nTape Backup "
            "successful."
        ), "success", "t-1", "main", False),
    ],
)  # fmt: skip
def test_the_jobs_of_a_backup_server(subject: str, body: str, status: str, job: str, what: str, upkeep: bool) -> None:
    report = only(read_pbs(letter(body + "\n\n<https://pbs3.example.org:8007/#x>", subject)))
    assert (report.tool, report.status, report.job, report.what, report.maintenance) == ("pbs", status, job, what, upkeep)
    assert report.size is None
    assert report.host == "pbs3.example.org"


def test_the_client_of_a_backup_server() -> None:
    log = """
        Starting backup: host/fs3/2026-05-07T19:00:05Z
        Client name: fs3
        Starting backup protocol: Thu May  7 21:00:05 2026
        Upload directory '/srv' to 'job@pbs@pbs3:main' as root.pxar.didx
        root.pxar: had to backup 1.5 GiB of 40 GiB (compressed 1 GiB) in 52.31 s (average 29.4 MiB/s)
        Duration: 52.45s
        End Time: Thu May  7 21:00:57 2026
        """
    report = only(read_client(letter(log)))
    assert (report.status, report.job, report.host, report.what, report.size) == (
        "success",
        "host/fs3",
        "fs3",
        "/srv",
        40 * 1024**3,
    )
    assert (report.started, report.finished) == (at("2026-05-07 21:00:05"), at("2026-05-07 21:00:57"))
    assert (
        only(read_client(letter(log.replace("Duration", "Error: unable to open chunk store\n        Duration")))).status
        == "failure"
    )


def test_a_replication_is_told_when_it_fails() -> None:
    body = "Replication job '300-0' with target 'node4' and schedule '*/15' failed!\n\nFailure count: 1\nError:\nno route to host"
    report = only(read_replication(letter(body, "Replication Job: '300-0' failed")))
    assert (report.status, report.job, report.target) == ("failure", "300-0", "node4")
