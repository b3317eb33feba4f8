"""duplicity, straight into a bucket, encrypted with a password."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.real_tools.local_s3 import BUCKET, LocalS3
from tests.e2e.real_tools.repository import Repository, opened
from tests.e2e.real_tools.watched import Seen, gone, healed, missed
from tests.e2e.real_tools.workbench import PASSWORD, WRONG, Workbench, need

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def template(s3: LocalS3, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    need("duplicity", "gpg")
    keyring = tempfile.mkdtemp(prefix="gpg-")  # it holds a socket, whose path must be short
    environment = s3.environment | {"PASSPHRASE": PASSWORD, "GNUPGHOME": keyring}
    bench = Workbench(tmp_path_factory.mktemp("duplicity") / "bench", environment)
    bench.write("orders", 300_000)
    bench.run(*_command(s3, "full", "source"), f"boto3+s3://{BUCKET}/duplicity")
    yield bench
    bench.run("gpgconf", "--kill", "gpg-agent")
    shutil.rmtree(keyring)


@pytest.fixture
def duplicity(s3: LocalS3, template: Workbench, tmp_path: Path) -> Repository:
    return opened(s3, template, tmp_path, "duplicity")


def _command(s3: LocalS3, *words: str) -> tuple[str, ...]:
    return ("duplicity", "--archive-dir", "cache", "--name", "host", "--s3-endpoint-url", s3.address, *words)


def _on(duplicity: Repository, *words: str) -> tuple[str, ...]:
    return (*_command(duplicity.s3, *words), f"boto3+s3://{BUCKET}/{duplicity.prefix}")


def backed_up(duplicity: Repository, kind: str) -> Seen:
    """A day with a backup."""
    duplicity.days.next()
    duplicity.bench.run(*_on(duplicity, kind, "source"))
    return duplicity.watched.check()


def test_duplicity_is_green_with_each_backup_and_an_unchanged_source_is_no_shrink(duplicity: Repository) -> None:
    duplicity.bench.write("users", 100_000)
    backed_up(duplicity, "inc")
    seen = backed_up(duplicity, "inc")
    healed(seen, 3)
    assert [(run.kind, run.note) for run in seen.good] == [("full", ""), ("inc", ""), ("inc", "nothing had changed")]


def test_duplicity_with_a_wrong_password_and_without_its_cache_is_missed_and_heals(duplicity: Repository) -> None:
    shutil.move(duplicity.bench.root / "cache", duplicity.bench.root / "away")
    duplicity.days.next()
    said = duplicity.bench.refused(*_on(duplicity, "inc", "source"), PASSPHRASE=WRONG)
    assert "decryption failed" in said
    missed(duplicity.watched)
    shutil.rmtree(duplicity.bench.root / "cache")
    healed(backed_up(duplicity, "inc"), 2)


def test_with_its_cache_duplicity_takes_a_wrong_password_for_a_new_one_and_no_key_tells(duplicity: Repository) -> None:
    duplicity.days.next()
    duplicity.bench.run(*_on(duplicity, "inc", "source"), PASSPHRASE=WRONG)  # it ends well, by its own word
    healed(duplicity.watched.check(), 2)


def test_a_killed_duplicity_run_goes_on_is_missed_and_heals_when_it_is_resumed(duplicity: Repository) -> None:
    duplicity.bench.write("photos", 20_000_000)
    before = len(duplicity.keys())
    full = _on(duplicity, "--volsize", "1", "full", "source")
    duplicity.days.next()
    duplicity.bench.killed(*full, when=lambda: len(duplicity.keys()) > before + 2)
    assert duplicity.watched.check().outcomes == ["ok", "running"]
    missed(duplicity.watched)
    healed(backed_up(duplicity, "full"), 2)


def test_duplicity_behind_a_lock_is_missed(duplicity: Repository) -> None:
    lock = duplicity.bench.root / "cache/host/lockfile"
    duplicity.days.next()
    with lock.open("a") as held:
        fcntl.lockf(held, fcntl.LOCK_EX)
        said = duplicity.bench.refused(*_on(duplicity, "inc", "source"))
    assert "Another duplicity instance is already running" in said
    missed(duplicity.watched)


def test_duplicity_deleted_from_the_bucket_is_an_alert_with_the_next_walk(duplicity: Repository) -> None:
    duplicity.s3.delete(duplicity.prefix)
    gone(duplicity.watched.check(hours=3))


def test_duplicity_maintenance_alone_is_no_backup(duplicity: Repository) -> None:
    healed(backed_up(duplicity, "full"), 2)
    duplicity.days.next()
    duplicity.bench.run(*_on(duplicity, "remove-all-but-n-full", "1", "--force"))
    duplicity.bench.run(*_on(duplicity, "cleanup", "--force"))
    duplicity.bench.run(*_on(duplicity, "collection-status"))
    missed(duplicity.watched)
    healed(backed_up(duplicity, "inc"), 2)
