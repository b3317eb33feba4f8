from tests.unit.reports.telling import one, statuses

LISTED = "-rw-r--r-- 1 root root 43M Nov 22 02:10 /srv/out/papers.tar.gz\n"


def test_what_tar_says_of_files_and_ends_decides() -> None:
    assert statuses("tar: a: file changed as we read it\ntar exit: 1\n") == ["warning"]
    assert statuses(
        "tar: gone: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n"
    ) == ["failure"]
    assert statuses("tar: a.tar: Cannot write: No space left on device\ntar: Error is not recoverable: exiting now\n") == [
        "failure"
    ]
    assert statuses("tar: Beende mit Fehlerstatus aufgrund vorheriger Fehler\n") == ["failure"]


def test_the_archive_listed_behind_it_is_a_proof_with_a_size() -> None:
    report = one("tar: Removing leading `/' from member names\n" + LISTED)
    assert (report.tool, report.status, report.size) == ("tar", "success", 43 * 1024**2)
    assert statuses("tar: Removing leading `/' from member names\n") == ["unknown"]
    assert one("Total bytes written: 1013760 (990KiB, 43MiB/s)\n").size == 1013760
