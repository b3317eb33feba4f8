import json
from datetime import timedelta

from tests.unit.reports.telling import one, statuses

ALL = """2026/11/22 02:00:00 INFO  : papers/a.txt: Copied (new)
2026/11/22 02:01:05 INFO  :
Transferred:   \t    3.500 GiB / 3.500 GiB, 100%, 41.1 MiB/s, ETA 0s
Transferred:           12 / 12, 100%
Elapsed time:       1m5.0s
"""
ERROR = "2026/11/22 02:00:30 ERROR : papers/b.txt: Failed to copy: permission denied\n"


def test_statistics_without_an_error_are_the_proof() -> None:
    report = one(ALL)
    assert (report.tool, report.status, report.size, report.duration) == ("rclone", "success", 3758096384, timedelta(seconds=65))


def test_old_versions_wrote_binary_units_with_other_names() -> None:
    assert (
        one("Transferred:   \t    3.500G / 3.500 GBytes, 100%, 41.1 MBytes/s, ETA 0s\nElapsed time:  1m5s\n").size == 3758096384
    )


def test_an_error_fails_the_run_unless_a_later_attempt_worked() -> None:
    assert statuses(ERROR + ALL + "2026/11/22 02:01:05 Failed to sync: permission denied\n") == ["failure"]
    assert statuses(ERROR + ALL) == ["failure"]
    assert statuses(ERROR + "2026/11/22 02:00:31 ERROR : Attempt 2/3 succeeded\n" + ALL) == ["success"]


def test_half_of_it_is_no_proof() -> None:
    assert statuses(ALL.replace("3.500 GiB / 3.500", "1.200 GiB / 3.500").replace("100%", "34%")) == ["unknown"]


def test_nothing_new_is_no_empty_backup() -> None:
    text = "2026/11/22 02:00:00 INFO  : There was nothing to transfer\nTransferred:   \t          0 B / 0 B, -, 0 B/s, ETA -\n"
    report = one(text + "Checks:                10 / 10, 100%\nElapsed time:         0.0s\n")
    assert (report.status, report.size) == ("success", None)


def test_the_log_in_json_reads_the_same() -> None:
    lines = [{"level": "info", "msg": "\n" + ALL.split("INFO  :\n")[1], "time": "2026-11-22T02:01:05.1+00:00"}]
    assert one("\n".join(json.dumps(line) for line in lines)).status == "success"
    lines.append({"level": "error", "msg": "Failed to copy: permission denied", "time": "2026-11-22T02:01:05.1+00:00"})
    assert one("\n".join(json.dumps(line) for line in lines)).status == "failure"


def test_a_dry_run_and_a_check_are_no_runs() -> None:
    assert one("2026/11/22 02:00:00 NOTICE: a.txt: Skipped copy as --dry-run is set (size 7)\n" + ALL).maintenance
    assert one("2026/11/22 02:00:00 NOTICE: Local file system at /srv/copy: 0 differences found\n").maintenance
