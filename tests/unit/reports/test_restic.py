from datetime import timedelta

from tests.unit.reports.telling import CRON, one, statuses, told

SAVED = (
    "\nFiles:           3 new,     1 changed,   400 unmodified\nprocessed 404 files, 2.500 GiB in 1:07\nsnapshot 0a1b2c3d saved\n"
)


def test_a_snapshot_that_was_saved_is_the_proof() -> None:
    report = one("open repository\nstart backup on [/srv/papers]\n" + SAVED)
    assert (report.tool, report.status, report.what, report.host) == ("restic", "success", "/srv/papers", "atlas")
    assert (report.size, report.duration) == (2684354560, timedelta(minutes=1, seconds=7))
    assert report.series == "/opt/jobs/night.sh"
    assert report.said == "snapshot 0a1b2c3d saved"


def test_files_that_could_not_be_read_are_a_warning() -> None:
    assert statuses(
        "error: open /srv/a: permission denied\n" + SAVED + "Warning: at least one source file could not be read\n"
    ) == ["warning"]
    assert statuses("/srv/gone does not exist, skipping\n" + SAVED) == ["warning"]


def test_an_error_without_a_snapshot_is_a_failure() -> None:
    assert statuses("error: open /srv/a: permission denied\n\nFiles:           3 new,     1 changed,   4 unmodified\n") == [
        "failure"
    ]
    assert statuses("Fatal: unable to save snapshot: no space left on device\n") == ["failure"]
    assert statuses("Fatal: wrong password or no key found\n") == ["failure"]


def test_a_run_that_was_cut_off_is_unknown() -> None:
    assert statuses("open repository\nstart backup on [/srv/papers]\nscan finished in 0.2s: 9 files, 1.000 MiB\n") == ["unknown"]


def test_a_chunk_that_was_sent_again_is_no_fault() -> None:
    assert statuses("Save(<data/0a1b>) returned error, retrying after 5s: connection reset\n" + SAVED) == ["success"]


def test_waiting_for_a_lock_is_no_fault_and_giving_up_is() -> None:
    waiting = "repo already locked, waiting up to 1h0m0s for the lock\n"
    assert statuses(waiting + SAVED) == ["success"]
    assert statuses(waiting + "unable to create lock in backend: repository is already locked by PID 4 on atlas\n") == ["failure"]


def test_each_snapshot_of_a_mail_is_a_run() -> None:
    assert statuses(SAVED + "Fatal: unable to open config file: stat /srv/vault/config: no such file or directory\n") == [
        "success",
        "failure",
    ]


def test_upkeep_is_no_run_but_beside_a_backup_it_hides_nothing() -> None:
    check = "load indexes\ncheck all packs\ncheck snapshots, trees and blobs\nno errors were found\n"
    report = one(check)
    assert (report.status, report.maintenance) == ("success", True)
    assert one(SAVED + check).maintenance is False
    damaged = one("check all packs\npack 0a1b: not found in repository\nFatal: repository contains errors\n")
    assert (damaged.status, damaged.maintenance) == ("failure", True)


def test_a_script_that_prints_its_exit_code_is_believed() -> None:
    assert statuses(SAVED + "exit code: 3\n") == ["warning"]
    assert statuses(SAVED + "exit code: 1\n") == ["failure"]
    assert statuses(SAVED + "exit code: 0\n") == ["success"]


def test_bad_words_in_the_subject_count_but_not_those_of_a_cron_command() -> None:
    assert statuses(SAVED, "Backup of papers FAILED") == ["failure"]
    assert statuses(SAVED, CRON.replace("night", "failed-errors")) == ["success"]
    assert told("nothing of the kind", "papers") is None
