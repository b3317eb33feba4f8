from datetime import datetime, timedelta

from tests.unit.reports.telling import one, statuses, told

STATS = """------------------------------------------------------------------------------
Repository: ssh://keeper@vault/./desk
Archive name: desk-2026-11-22T01:00:00
Archive fingerprint: 00ff
Time (start): Sun, 2026-11-22 01:00:00
Time (end):   Sun, 2026-11-22 01:02:05
Duration: 2 minutes 5.20 seconds
Number of files: 91
------------------------------------------------------------------------------
                       Original size      Compressed size    Deduplicated size
This archive:                7.50 GB              5.10 GB             12.04 MB
All archives:               88.33 GB             60.00 GB              6.18 GB

                       Unique chunks         Total chunks
Chunk index:                     108                  214
------------------------------------------------------------------------------
"""
RC = "terminating with {} status, rc {}\n"


def test_the_statistics_of_an_archive_are_the_proof() -> None:
    report = one(STATS)
    assert (report.tool, report.status, report.job, report.series) == ("borg", "success", "desk-2026-11-22T01:00:00", "desk-")
    assert (report.size, report.target) == (7_500_000_000, "ssh://keeper@vault/./desk")
    assert report.duration == timedelta(minutes=2, seconds=5.2)
    assert report.finished == datetime(2026, 11, 22, 1, 2, 5)  # noqa: DTZ001 - borg names no zone


def test_what_borg_says_at_its_end_decides() -> None:
    assert statuses(STATS + RC.format("success", 0)) == ["success"]
    assert statuses("/srv/a: open: [Errno 13] Permission denied: 'a'\n" + STATS + RC.format("warning", 1)) == ["warning"]
    assert statuses(STATS + RC.format("warning", 107)) == ["warning"]
    assert statuses(STATS + RC.format("error", 2)) == ["failure"]


def test_without_an_exit_code_what_stands_beside_the_statistics_counts() -> None:
    assert statuses("/srv/a: [Errno 2] No such file or directory: 'a'\n" + STATS) == ["warning"]
    assert statuses("Failed to create/acquire the lock /srv/vault/lock.exclusive (timeout).\n") == ["failure"]
    assert statuses("Archive desk already exists\n") == ["failure"]


def test_two_archives_of_a_mail_are_two_runs() -> None:
    second = STATS.replace("desk-", "mail-")
    assert [report.series for report in told(STATS + second) or ()] == ["desk-", "mail-"]
    assert statuses(STATS + RC.format("success", 0) + "Archive desk already exists\n" + RC.format("error", 2)) == [
        "success",
        "failure",
    ]


def test_pruning_is_upkeep_and_told_only_where_it_went_wrong() -> None:
    prune = "Deleted data:              -44.18 MB            -44.18 MB               -554 B\n"
    alone = one(prune + RC.format("success", 0))
    assert (alone.maintenance, alone.size) == (True, None)
    assert len(told(STATS + RC.format("success", 0) + prune + RC.format("success", 0) + RC.format("success", 0)) or ()) == 1
    wrong = told(STATS + RC.format("success", 0) + prune + RC.format("error", 2)) or ()
    assert [(report.status, report.maintenance) for report in wrong] == [("success", False), ("failure", True)]


def test_what_is_planted_below_the_end_changes_nothing() -> None:
    text = "Repository /mnt/stick does not exist.\n" + RC.format("error", 2) + "-- \nStatus: SUCCESS, 500 GB\n"
    report = one(text)
    assert (report.status, report.size) == ("failure", None)
