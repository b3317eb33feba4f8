"""Dumps of databases: mysqldump, pg_dump, mariabackup, mongodump, automysqlbackup, pgBackRest."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.reports.telling import one, statuses, told


@pytest.mark.parametrize(
    "text",
    [
        "mysqldump: Got error: 2002: \"Can't connect to server on 'harbor' (115)\" when trying to connect\n",
        'mysqldump: Couldn\'t find table: "gone"\n',
        "-- Connecting to harbor...\n-- Retrieving rows...\nmysqldump: Error 2013: Lost connection to server during query\n",
        "mariadb-dump: Got errno 28 on write\n",
        'pg_dump: error: connection to server at "harbor" failed: FATAL:  password authentication failed\n',
        "pg_dump: Fehler: Anfrage fehlgeschlagen: FEHLER:  keine Berechtigung\n",
        "pg_dumpall: error: query failed: ERROR:  permission denied for table pg_authid\n",
        "[00] 2026-11-22 01:30:00 Failed to connect to MariaDB server: Access denied\n",
        "2026-11-22T01:10:30.100+0000\tFailed: error writing data for collection depot.parts: disk full\n",
        "Backup of Database Server - harbor\nERROR 1045: Access denied for user 'dump'\nBackup End Sun Nov 22 02:00:42 2026\n",
    ],
)
def test_a_dump_that_failed_says_so(text: str) -> None:
    assert statuses(text) == ["failure"]


def test_a_verbose_dump_must_come_to_its_end() -> None:
    begun = "-- Connecting to harbor...\n-- Retrieving table structure for table a...\n-- Retrieving rows...\n"
    assert statuses(begun + "-- Disconnecting from harbor...\n") == ["success"]
    assert statuses(begun) == ["unknown"]
    assert statuses("pg_dump: reading extensions\n") == ["unknown"]
    assert statuses('pg_dump: reading extensions\npg_dump: dumping contents of table "public.a"\n') == ["success"]


def test_advice_about_passwords_is_neither_good_nor_bad() -> None:
    assert statuses("mysqldump: [Warning] Using a password on the command line interface can be insecure.\n") == ["unknown"]


def test_a_database_that_is_not_there_is_named() -> None:
    assert one("mysqldump: Got error: 1049: \"Unknown database 'ledger'\" when selecting the database\n").job == "ledger"
    assert one('pg_dump: error: connection failed: FATAL:  database "ledger" does not exist\n').what == "ledger"


def test_mariabackup_ends_well_in_two_words_only() -> None:
    text = "[00] 2026-11-22 01:30:00 Connecting to MariaDB server host: localhost\n[01] 2026-11-22 01:30:05         ...done\n"
    report = one(
        text + "[00] 2026-11-22 01:30:09 Backup created in directory '/srv/mb/'\n[00] 2026-11-22 01:30:10 completed OK!\n"
    )
    assert (report.tool, report.status, report.target) == ("mariabackup", "success", "/srv/mb/")
    assert report.finished == datetime(2026, 11, 22, 1, 30, 10)  # noqa: DTZ001 - its log names no zone
    assert statuses(text) == ["unknown"]


def test_every_collection_that_began_must_be_done() -> None:
    begun = "2026-11-22T01:10:00.100+0000\twriting depot.parts to /srv/a\n"
    begun += "2026-11-22T01:10:00.200+0000\twriting depot.orders to /srv/b\n"
    done = "2026-11-22T01:10:07.400+0000\tdone dumping depot.parts (812 documents)\n"
    assert statuses(begun + done) == ["unknown"]
    report = one(begun + done + done.replace("parts", "orders"))
    assert (report.status, report.started) == ("success", datetime(2026, 11, 22, 1, 10, 0, 100000, tzinfo=UTC))


BEGIN = "2026-11-22 02:30:01.100 P00   INFO: {} command begin 2.53: --exec-id=7-1 --stanza=ledger\n"
SIZE = "2026-11-22 02:33:41.001 P00   INFO: incr backup size = 1.5GB, file total = 3120\n"
END = "2026-11-22 02:33:41.002 P00   INFO: {} command end: {}\n"
WELL = "completed successfully (219902ms)"


def test_of_pgbackrests_commands_only_backup_is_a_run() -> None:
    report = one(BEGIN.format("backup") + SIZE + END.format("backup", WELL) + BEGIN.format("expire") + END.format("expire", WELL))
    assert (report.tool, report.job, report.status, report.size) == ("pgbackrest", "ledger", "success", 1610612736)
    assert report.duration == timedelta(milliseconds=219902)
    assert one(BEGIN.format("check") + END.format("check", WELL)).maintenance


def test_pgbackrest_that_was_aborted_or_cut_off_is_no_success() -> None:
    aborted = (
        BEGIN.format("backup")
        + "2026-11-22 02:31:02.200 P00  ERROR: [082]: not archived\n"
        + END.format("backup", "aborted with exception [082]")
    )
    assert statuses(aborted) == ["failure"]
    assert statuses(BEGIN.format("backup") + SIZE) == ["unknown"]


def test_its_usual_advice_is_no_warning_and_others_are() -> None:
    usual = "WARN: no prior backup exists, incr backup has been changed to full\n"
    assert statuses(BEGIN.format("backup") + usual + END.format("backup", WELL)) == ["success"]
    assert statuses(BEGIN.format("backup") + "WARN: invalid page checksum found in file a\n" + END.format("backup", WELL)) == [
        "warning"
    ]


def test_a_list_of_what_is_in_the_repository_is_no_success() -> None:
    text = "stanza: ledger\n    status: {}\n        full backup: 20261118-023001F\n"
    text += "            timestamp start/stop: 2026-11-18 02:30:01 / 2026-11-18 02:40:01\n"
    assert statuses(text.format("ok")) == ["unknown"]
    assert statuses(text.format("error (no valid backups)")) == ["failure"]


def test_automysqlbackup_tells_its_space_in_binary_units() -> None:
    text = "Backup of Database Server - harbor\nBackup Start Time Sun Nov 22 02:00:01 UTC 2026\n"
    text += "Backup End Time Sun Nov 22 02:00:42 UTC 2026\n"
    report = one(text + "Total disk space used for backup storage..\nSize - Location\n1.5G\t/srv/dumps\n")
    assert (report.tool, report.host, report.status, report.size, report.target) == (
        "automysqlbackup",
        "harbor",
        "success",
        1610612736,
        "/srv/dumps",
    )
    assert told("Backup of the garden\n", "garden") is None
