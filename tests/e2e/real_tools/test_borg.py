"""borg, copied into a bucket by rclone."""

import signal
from pathlib import Path

import pytest

from infra.local.stack import REGION
from tests.e2e.real_tools.local_s3 import BUCKET, LocalS3
from tests.e2e.real_tools.repository import Repository, opened
from tests.e2e.real_tools.watched import Seen, Watched, gone, healed, missed
from tests.e2e.real_tools.workbench import PASSWORD, WRONG, Workbench, need

pytestmark = pytest.mark.e2e

FIRST_COMMIT = 5
SEGMENTS = 6
"""What the first backup left: init and create."""

SLOW_SOURCE = ("sh", "-c", "head -c 20000000 /dev/urandom; sleep 1.2; head -c 20000000 /dev/urandom; sleep 60")
CREATE = ("borg", "create", "--checkpoint-interval", "1", "::next", "-")


@pytest.fixture(scope="module")
def borg_template(s3: LocalS3, tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    need("borg", "rclone")
    environment = {
        "BORG_REPO": "repository",
        "BORG_PASSPHRASE": PASSWORD,
        "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",
        "RCLONE_CONFIG_BUCKET_TYPE": "s3",
        "RCLONE_CONFIG_BUCKET_PROVIDER": "Other",
        "RCLONE_CONFIG_BUCKET_ENDPOINT": s3.address,
        "RCLONE_CONFIG_BUCKET_REGION": REGION,
        "RCLONE_CONFIG_BUCKET_ENV_AUTH": "true",
    }
    bench = Workbench(tmp_path_factory.mktemp("borg") / "bench", s3.environment | environment)
    bench.write("orders", 300_000)
    bench.run("borg", "init", "--encryption", "repokey")
    bench.run("borg", "create", "::first", "source")
    sync(bench, "borg/")
    return bench


@pytest.fixture
def borg(s3: LocalS3, borg_template: Workbench, tmp_path: Path) -> Repository:
    return opened(s3, borg_template, tmp_path, "borg")


def sync(bench: Workbench, prefix: str) -> None:
    bench.run("rclone", "sync", "repository", f"bucket:{BUCKET}/{prefix}")


def created(borg: Repository, name: str) -> Seen:
    """A day with a backup, copied."""
    borg.days.next()
    borg.bench.run("borg", "create", f"::{name}", "source")
    sync(borg.bench, borg.prefix)
    return borg.watched.check()


def test_borg_is_green_with_each_backup_and_an_unchanged_source_is_no_shrink(borg: Repository) -> None:
    borg.bench.write("users", 100_000)
    for number in range(2):
        seen = created(borg, f"next-{number}")
    healed(seen, 3)
    sizes = [run.size or 0 for run in seen.good]
    assert sizes == sorted(sizes)
    assert sizes[-1] - sizes[1] < 5_000


def test_borg_with_a_wrong_password_is_missed_and_heals(borg: Repository) -> None:
    borg.days.next()
    said = borg.bench.refused("borg", "create", "::next", "source", BORG_PASSPHRASE=WRONG)
    assert "passphrase" in said
    sync(borg.bench, borg.prefix)
    missed(borg.watched)
    healed(created(borg, "next"), 2)


def test_a_killed_borg_run_is_missed_and_the_lock_it_left_does_not_hide_the_next_backup(borg: Repository) -> None:
    borg.days.next()
    borg.bench.killed(*CREATE, fed_by=SLOW_SOURCE, when=lambda: len(_segments(borg)) > SEGMENTS)
    sync(borg.bench, borg.prefix)
    assert borg.keys("lock.exclusive/")
    missed(borg.watched)
    healed(created(borg, "next"), 2)


def _segments(borg: Repository) -> list[Path]:
    return list(borg.bench.root.glob("repository/data/*/*"))


def _behind_a_checkpoint(borg: Repository, commit: int = FIRST_COMMIT) -> bool:
    """Whether a commit was written, and something after it."""
    commits = [int(path.suffix[1:]) for path in borg.bench.root.glob("repository/index.*") if path.suffix[1:].isdecimal()]
    return max(commits, default=0) > commit and max(int(path.name) for path in _segments(borg)) > max(commits)


def test_a_borg_run_killed_behind_a_checkpoint_is_unsure(borg: Repository) -> None:
    borg.days.next()
    borg.bench.killed(*CREATE, fed_by=SLOW_SOURCE, when=lambda: _behind_a_checkpoint(borg))
    sync(borg.bench, borg.prefix)
    assert borg.watched.check().outcomes == ["ok", "unsure"]
    late = borg.watched.check(hours=16)
    assert (late.state, late.rule) == ("warn", "unsure")
    assert late.says.startswith("Unsure whether a backup ran: the repository was written to when it was copied")
    healed(created(borg, "next"), 2)


def test_a_borg_checkpoint_with_a_prune_behind_it_looks_like_a_run_and_only_a_heartbeat_tells(borg: Repository) -> None:
    created(borg, "second")  # index.9
    with_heartbeat = Watched(borg.watched.objects, borg.days, "borg", f"s3://{BUCKET}/{borg.prefix} heartbeat")
    with_heartbeat.check()
    borg.days.next()
    borg.bench.killed(*CREATE, fed_by=SLOW_SOURCE, when=lambda: _behind_a_checkpoint(borg, 9))
    borg.bench.run("borg", "prune", "--keep-last", "1")
    sync(borg.bench, borg.prefix)
    healed(borg.watched.check(hours=4), 3)
    assert with_heartbeat.check(hours=4).rule == "landed_not_said"


def test_a_borg_run_that_is_told_to_stop_saves_a_checkpoint_and_is_unsure(borg: Repository) -> None:
    borg.bench.write("photos", 100_000_000)
    borg.days.next()
    with borg.bench.meanwhile("borg", "create", "::next", "source") as running:
        borg.bench.until(lambda: len(_segments(borg)) > SEGMENTS)
        running.send_signal(signal.SIGINT)
        running.wait(10)
    assert "next.checkpoint" in borg.bench.run("borg", "list", "--consider-checkpoints")
    sync(borg.bench, borg.prefix)
    assert borg.watched.check().outcomes == ["ok", "unsure"]
    late = borg.watched.check(hours=16)
    assert (late.state, late.rule) == ("warn", "unsure")


def test_a_lock_left_behind_keeps_borg_from_backing_up_and_is_missed(borg: Repository) -> None:
    with borg.bench.meanwhile("borg", "with-lock", "repository", "sleep", "60"):
        borg.bench.until((borg.bench.root / "repository/lock.exclusive").exists)
        borg.days.next()
        said = borg.bench.refused("borg", "create", "--lock-wait", "0", "::next", "source")
        assert "Failed to create/acquire the lock" in said
        sync(borg.bench, borg.prefix)
        missed(borg.watched)


def test_borg_pruned_to_nothing_is_an_alert_once_it_is_compacted(borg: Repository) -> None:
    borg.bench.run("borg", "delete", "--glob-archives", "*")
    sync(borg.bench, borg.prefix)
    healed(borg.watched.check(hours=1), 1)  # what was deleted is still there
    borg.bench.run("borg", "compact")
    sync(borg.bench, borg.prefix)
    gone(borg.watched.check(hours=2))


def test_borg_maintenance_alone_is_no_backup(borg: Repository) -> None:
    created(borg, "next")
    for upkeep in (["prune", "--keep-last", "1"], ["compact"], ["check"]):
        borg.days.next()
        borg.bench.run("borg", *upkeep)
        sync(borg.bench, borg.prefix)
        missed(borg.watched)
        assert created(borg, f"after-{upkeep[0]}").state == "all_green"
