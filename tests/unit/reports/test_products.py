"""Programs and services with mails of their own: GitLab, backupninja, UrBackup, UpdraftPlus, JetBackup, SQL Server, clouds."""

from datetime import UTC, datetime

from tests.unit.reports.telling import one, statuses, told

WHEN = "2026-11-22 03:0{}:00 UTC -- "


def test_gitlab_is_done_when_it_says_so() -> None:
    text = WHEN.format(0) + "Dumping database ... done\n"
    warning = (
        WHEN.format(4)
        + "Warning: Your gitlab.rb and gitlab-secrets.json files contain sensitive data \nand are not included in this backup.\n"
    )
    report = one(text + warning + WHEN.format(4) + "Backup 1795_gitlab is done.\n")
    assert (report.tool, report.status, report.started) == ("gitlab", "success", datetime(2026, 11, 22, 3, tzinfo=UTC))
    assert statuses(text) == ["unknown"]
    assert statuses(
        text + WHEN.format(1) + "Dumping uploads ... [FAILED]\n" + WHEN.format(4) + "Backup 1795_gitlab is done.\n"
    ) == ["failure"]


def test_each_action_of_backupninja_is_a_run() -> None:
    begun, ended = "Info: >>>> starting action {} (because of --now)\n", "{}: <<<< finished action {}: {}\n"
    text = begun.format("/etc/backup.d/10.sys") + ended.format("Info", "/etc/backup.d/10.sys", "SUCCESS")
    text += (
        begun.format("/etc/backup.d/20.nas")
        + ended.format("Fatal", "/etc/backup.d/20.nas", "FAILED")
        + begun.format("/etc/backup.d/30.db")
    )
    assert statuses(text) == ["success", "failure", "unknown"]
    assert statuses("Info: FINISHED: 2 actions run. 0 fatal. 0 error. 1 warning.\n") == ["warning"]
    assert statuses("Info: FINISHED: 2 actions run. 0 fatal. 0 error. 0 warning.\n") == ["success"]


def test_urbackup_names_its_client() -> None:
    text = 'UrBackup just did a full image backup of "PINE".\n\nReport:\n( 2 infos, {} warnings, {} errors)\n\n'
    text += "2026-11-22 01:00:03(info): Starting scheduled full image backup\n"
    good = (
        "2026-11-22 01:09:00(info): Transferred 1.5 GB - Average speed: 9 MBit/s\n2026-11-22 01:09:03(info): Backup succeeded\n"
    )
    report = one(text.format(0, 0) + good, 'UrBackup: Full image backup of "PINE" - success')
    assert (report.tool, report.job, report.status, report.size) == ("urbackup", "PINE", "success", 1610612736)
    assert statuses(text.format(0, 2) + good, "UrBackup") == ["warning"]
    assert statuses(text.format(0, 1) + "2026-11-22 01:00:41(error): Backup failed\n", "UrBackup") == ["failure"]


def test_updraftplus_takes_the_year_from_the_subject() -> None:
    subject = "Backed up: Pinewood Blog (UpdraftPlus 1.25.1) 2026-01-01 00:10"
    text = "Backup of: https://blog.example.org\nUpdraftPlus WordPress backup is complete\n\n"
    text += "Latest status: The backup {} (Dec 31 23:58:00)\n"
    report = one(text.format("apparently succeeded and is now complete"), subject)
    assert (report.job, report.status, report.what) == ("Pinewood Blog", "success", "https://blog.example.org")
    assert report.finished == datetime(2025, 12, 31, 23, 58)  # noqa: DTZ001 - it names no zone
    assert statuses(text.format("apparently succeeded (with warnings) and is now complete"), subject) == ["warning"]
    assert statuses(text.format("attempt has finished, apparently unsuccessfully"), subject) == ["failure"]
    assert statuses(text.format("has not finished; a resumption is scheduled"), subject) == ["failure"]


def test_jetbackup_completed_with_one_account_missing_is_no_success() -> None:
    text = "Job Name: Homes\nStatus: {}\nStart Time: 22 Nov 2026 00:10:00 +0000\nTotal Accounts: 40\nCompleted: 39\nFailed: {}\n"
    subject = "JetBackup job completed - Homes"
    assert statuses(text.format("Completed", 0), subject) == ["success"]
    assert statuses(text.format("Completed", 1), subject) == ["warning"]
    assert statuses(text.format("Partially Completed", 1), subject) == ["warning"]
    assert statuses(text.format("Failed", 40), subject) == ["failure"]


def test_sql_server_agent_completes_whatever_came_of_it() -> None:
    text = "JOB RUN:\t'Ledger full' was run on 11/22/2026 at 2:00:00 AM\nDURATION:\t0 hours, 12 minutes, 4 seconds\n"
    text += "STATUS: \t{}\nMESSAGES:\tThe job {}.\n"
    subject = "SQL Server Job System: 'Ledger full' completed on \\\\HARBOR."
    report = one(text.format("Succeeded", "succeeded"), "[The job succeeded.] " + subject)
    assert (report.job, report.host, report.status) == ("Ledger full", "HARBOR", "success")
    assert statuses(text.format("Failed", "failed"), "[The job failed.] " + subject) == ["failure"]
    assert statuses(text.format("Succeeded", "succeeded"), "[The job failed.] " + subject) == ["failure"]
    assert statuses("", "[The job failed.] " + subject) == ["failure"]


def test_sql_master_backup_fails_with_one_of_its_databases() -> None:
    subject = "[OFFICINA] ✅ SQL COMPLETATO — Notturno (FULL) — 21/11/2026 23:15"
    text = "SQL Master Backup\n\nDettaglio:\n\nFATTURE: OK (210,4 MB)\nMAGAZZINO: {}\n"
    report = one(text.format("OK (1 MB)"), subject)
    assert (report.job, report.what, report.status) == ("Notturno (FULL)", "OFFICINA", "success")
    assert statuses(text.format("ERRORE"), subject) == ["failure"]


def test_a_service_that_backs_up_a_cloud_counts_its_tasks() -> None:
    subject = "Google Workspace Backup - Daily Report for pinewood.example"
    text = "Daily Report\n{}\t{}\t{}\nSucceeded\tPartially Succeeded\tFailed\n"
    report = one(text.format(31, 0, 0), subject)
    assert (report.job, report.status) == ("pinewood.example", "success")
    assert statuses(text.format(30, 0, 1), subject) == ["warning"]
    assert statuses(text.format(0, 0, 31), subject) == ["failure"]
    assert statuses(text.format(0, 0, 0), subject) == ["unknown"]


def test_aws_says_the_same_subject_for_every_end() -> None:
    subject = "Notification from AWS Backup"
    text = "An AWS Backup job {}. Resource ARN : arn:aws:ec2:eu-west-1:1:volume/vol-1. BackupJob ID : 7777-aaaa\n"
    report = one(text.format("was completed successfully"), subject)
    assert (report.job, report.series, report.status) == ("7777-aaaa", "arn:aws:ec2:eu-west-1:1:volume/vol-1", "success")
    for bad in ("failed", "has expired", "was aborted", "was stopped"):
        assert statuses(text.format(bad), subject) == ["failure"], bad
    assert statuses(text.format("was completed successfully with issues").replace("successfully with", "with"), subject) == [
        "warning"
    ]


def test_an_event_of_a_database_that_is_no_backup_is_no_run() -> None:
    text = "Event Source : db-instance\nSourceId : harbor\nNotification time : 2026-11-22 04:12:00.120\nMessage : {}\n"
    assert statuses(text.format("Finished DB Instance backup"), "RDS Notification Message") == ["success"]
    assert statuses(text.format("Backing up DB instance"), "RDS Notification Message") == ["running"]
    assert told(text.format("DB instance restarted"), "RDS Notification Message") == ()


def test_an_alert_of_azure_that_was_resolved_is_no_run() -> None:
    text = "Your Azure Monitor alert\n\nMonitor condition: {}\nVault: locker\nBackup item: vm-1\n"
    text += "Operation: Backup\nStart time: 2026-11-22T01:00:00Z\n"
    report = one(text.format("Fired"), "Azure: Activated Severity: 1 Backup Failure")
    assert (report.job, report.status, report.target) == ("vm-1", "failure", "locker")
    assert told(text.format("Resolved"), "Azure: Deactivated Severity: 1 Backup Failure") == ()


def test_a_cron_mail_of_an_unknown_script_is_read_by_its_last_lines() -> None:
    subject = "Cron <root@atlas> /opt/jobs/backup-homes.sh"
    report = one("copying\nall homes copied, backup finished\n", subject)
    assert (report.tool, report.host, report.series, report.status) == ("script", "atlas", "/opt/jobs/backup-homes.sh", "success")
    assert statuses("/opt/jobs/backup-homes.sh: line 4: restic: command not found\n", subject) == ["failure"]
    assert statuses("cp: cannot stat '/srv/gone': No such file or directory\nbackup finished\n", subject) == ["failure"]
    assert statuses("copying\n", subject) == ["unknown"]
    assert told("copying\n", "Cron <root@atlas> /opt/weather.sh") is None
