from datetime import datetime, timedelta

from tests.unit.reports.telling import one, statuses

STATS = """Local and Remote metadata are synchronized, no sync needed.
Last full backup date: Sun Nov  1 02:00:00 2026
--------------[ Backup Statistics ]--------------
StartTime 1795312800.10 (Sun Nov 22 02:00:00 2026)
EndTime 1795312890.40 (Sun Nov 22 02:01:30 2026)
ElapsedTime 90.30 (1 minute 30.30 seconds)
SourceFiles 95
SourceFileSize 7340032 (7.00 MB)
NewFiles 2
Errors 0
-------------------------------------------------
"""


def test_statistics_without_errors_are_the_proof() -> None:
    report = one(STATS)
    assert (report.tool, report.status, report.size, report.duration) == (
        "duplicity",
        "success",
        7340032,
        timedelta(seconds=90.3),
    )
    assert report.started == datetime(2026, 11, 22, 2)  # noqa: DTZ001 - duplicity names no zone


def test_errors_in_the_statistics_are_a_warning_and_missing_statistics_no_proof() -> None:
    assert statuses(STATS.replace("Errors 0", "Errors 2")) == ["warning"]
    assert statuses(STATS.partition("NewFiles")[0]) == ["unknown"]


def test_an_attempt_that_was_repeated_is_no_fault_and_giving_up_is() -> None:
    assert statuses("Attempt 1 failed. OSError: timed out\n" + STATS) == ["success"]
    assert statuses(
        "Local and Remote metadata are synchronized, no sync needed.\nGiving up after 5 attempts. OSError: no route\n"
    ) == ["failure"]


def test_a_missing_source_and_a_wrong_option_fail_at_once() -> None:
    report = one("Backup source directory /srv/gone does not exist.\n")
    assert (report.status, report.what) == ("failure", "/srv/gone")
    assert statuses("Usage:\n  duplicity full <source> <target>\nduplicity: error: no such option: --fast\n") == ["failure"]


def test_looking_at_the_collection_is_upkeep() -> None:
    assert one("Last full backup date: Sun Nov  1 02:00:00 2026\nCollection Status\n-----------------\n").maintenance
