"""restic, straight into a bucket."""

from pathlib import Path

import pytest

from tests.e2e.real_tools.local_s3 import BUCKET, LocalS3
from tests.e2e.real_tools.repository import Repository, opened
from tests.e2e.real_tools.watched import gone, healed, missed
from tests.e2e.real_tools.workbench import PASSWORD, WRONG, Workbench, need

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def restic_template(s3: LocalS3, tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    need("restic")
    environment = s3.environment | {"RESTIC_PASSWORD": PASSWORD, "RESTIC_PACK_SIZE": "4"}
    bench = Workbench(tmp_path_factory.mktemp("restic") / "bench", environment)
    bench.write("orders", 1_000_000)
    where = f"s3:{s3.address}/{BUCKET}/restic"
    bench.run("restic", "-r", where, "init")
    bench.run("restic", "-r", where, "backup", "source")
    return bench


@pytest.fixture
def restic(s3: LocalS3, restic_template: Workbench, tmp_path: Path) -> Repository:
    repository = opened(s3, restic_template, tmp_path, "restic")
    repository.bench.environment["RESTIC_REPOSITORY"] = f"s3:{s3.address}/{BUCKET}/{repository.prefix}"
    return repository


def test_restic_is_green_with_each_backup_and_an_unchanged_source_is_no_shrink(restic: Repository) -> None:
    restic.bench.write("users", 300_000)
    for _ in range(2):  # the second finds nothing new
        restic.days.next()
        restic.bench.run("restic", "backup", "source")
        seen = restic.watched.check()
    healed(seen, 3)
    sizes = [run.size or 0 for run in seen.good]
    assert sizes == sorted(sizes)
    assert sizes[-1] - sizes[1] < 5_000


def test_restic_with_a_wrong_password_is_missed(restic: Repository) -> None:
    restic.days.next()
    said = restic.bench.refused("restic", "backup", "source", RESTIC_PASSWORD=WRONG)
    assert "wrong password" in said
    missed(restic.watched)


def test_a_killed_restic_run_is_missed_and_the_lock_it_left_does_not_hide_the_next_backup(restic: Repository) -> None:
    restic.bench.write("photos", 40_000_000)
    packs = len(restic.keys("data/"))
    slow = ("restic", "--limit-upload", "8000", "backup", "source")
    restic.days.next()
    restic.bench.killed(*slow, when=lambda: len(restic.keys("data/")) > packs + 1)
    assert len(restic.keys("locks/")) == 1
    assert restic.watched.check().outcomes == ["ok", "running"]
    missed(restic.watched)
    assert restic.watched.check(hours=17).outcomes == ["ok"]

    restic.days.next()
    restic.bench.run("restic", "backup", "source")
    assert len(restic.keys("locks/")) == 1
    healed(restic.watched.check(), 2)


def test_an_exclusive_lock_left_behind_keeps_restic_from_backing_up_and_is_missed(restic: Repository) -> None:
    check = ("restic", "--limit-download", "1", "check", "--read-data")
    restic.bench.killed(*check, when=lambda: len(restic.keys("locks/")) == 1)
    restic.days.next()
    assert "already locked exclusively" in restic.bench.refused("restic", "backup", "source")
    missed(restic.watched)


def test_restic_pruned_to_nothing_is_an_alert_at_once(restic: Repository) -> None:
    snapshots = [key.removeprefix("snapshots/") for key in restic.keys("snapshots/")]
    restic.bench.run("restic", "forget", "--prune", *snapshots)
    gone(restic.watched.check(hours=1))


def test_restic_maintenance_alone_is_no_backup(restic: Repository) -> None:
    restic.bench.write("users", 300_000)
    restic.bench.run("restic", "backup", "source")
    restic.watched.check()
    restic.days.next()
    restic.bench.run("restic", "forget", "--keep-last", "1", "--prune")
    restic.bench.run("restic", "check")
    missed(restic.watched)
