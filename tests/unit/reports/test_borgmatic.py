from tests.unit.reports.telling import one, statuses
from tests.unit.reports.test_borg import STATS

RAN = "\nsummary:\n/etc/borgmatic.d/desk.yaml: Successfully ran configuration file\n"


def test_the_archive_of_a_configuration_file_is_the_run() -> None:
    prune = "Deleted data:              -44.18 MB            -44.18 MB               -554 B\nChunk index:       1        1\n"
    report = one("/srv/vault: Pruning archives\n" + prune + "/srv/vault: Creating archive\n" + STATS + RAN)
    assert (report.tool, report.status, report.series, report.size) == ("borgmatic", "success", "desk-", 7_500_000_000)


def test_a_hook_or_a_repository_that_failed_fails_the_run() -> None:
    text = "/srv/vault: Error running actions for repository\nCommand 'mount /nas' returned non-zero exit status 1.\n"
    report = one(text + "/etc/borgmatic.d/desk.yaml: Error running configuration file\n")
    assert (report.status, report.target) == ("failure", "/srv/vault")


def test_a_missing_source_is_a_warning_though_the_file_ran() -> None:
    text = "Creating archive at \"/srv/vault::desk-{now}\"\n/srv/gone: [Errno 2] No such file or directory: 'gone'\n"
    assert statuses(text + RAN) == ["warning"]


def test_an_echo_of_the_logger_is_no_fault() -> None:
    echo = "--- Logging error ---\nTraceback (most recent call last):\nOSError: [Errno 9] Bad file\nMessage: 'x'\nArguments: ()\n"
    assert statuses("/srv/vault: Creating archive\n" + echo + STATS + RAN) == ["success"]
