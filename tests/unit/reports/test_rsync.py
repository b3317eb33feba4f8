import pytest

from tests.unit.reports.telling import one, statuses

END = "sent 4,120,011 bytes  received 18,201 bytes  2,758,808.00 bytes/sec\ntotal size is 91,204,118  speedup is 22.04\n"


def test_the_closing_lines_are_the_proof() -> None:
    report = one("sending incremental file list\npapers/failed-transfers/error.txt\n\n" + END)
    assert (report.tool, report.status, report.size) == ("rsync", "success", 91204118)


@pytest.mark.parametrize("code", [23, 24, 25])
def test_files_that_did_not_come_over_are_a_warning(code: int) -> None:
    assert statuses(
        END + f"rsync error: some files/attrs were not transferred (code {code}) at main.c(1338) [sender=3.2.7]\n"
    ) == ["warning"]


@pytest.mark.parametrize("code", [1, 5, 10, 11, 12, 20, 30, 35, 127, 255])
def test_any_other_code_is_a_failure(code: int) -> None:
    assert statuses(END + f"rsync error: something (code {code}) at main.c(1338) [sender=3.2.7]\n") == ["failure"]


def test_a_source_that_is_not_there_backed_up_nothing() -> None:
    text = 'rsync: [sender] change_dir "/srv/gone" failed: No such file or directory (2)\n\n' + END.replace("91,204,118", "0")
    assert statuses(text + "rsync error: some files/attrs were not transferred (code 23) at main.c(1338) [sender=3.2.7]\n") == [
        "failure"
    ]


def test_a_line_of_trouble_without_a_code_is_at_least_a_warning() -> None:
    assert statuses('rsync: [sender] send_files failed to open "/srv/a": Permission denied (13)\n' + END) == ["warning"]


def test_each_run_of_a_script_is_told_and_a_dry_run_is_none() -> None:
    assert statuses(END + "rsync error: error in file IO (code 11) at receiver.c(1)\n" + END) == ["failure", "success"]
    assert one(END.replace("22.04", "22.04 (DRY RUN)")).maintenance


def test_a_list_that_was_cut_off_proves_nothing() -> None:
    assert statuses("sending incremental file list\na\nb\nrsync: [sender] write error: Broken pipe (32)\n") == ["failure"]
