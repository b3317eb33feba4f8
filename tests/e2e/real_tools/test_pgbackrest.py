"""pgBackRest on a real PostgreSQL, encrypted, into a local repository whose files are listed as keys.

Into S3 it would want TLS; the files of a local repository carry the very names that its keys have.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bolt_app.adapters.memory.objects import MemoryObjects
from tests.e2e.real_tools.days import Days
from tests.e2e.real_tools.local_s3 import BUCKET
from tests.e2e.real_tools.watched import Seen, Watched, gone, healed, missed
from tests.e2e.real_tools.workbench import PASSWORD, WRONG, Workbench, need

pytestmark = pytest.mark.e2e

NOT_ROOT = "postgres"
"""PostgreSQL does not run as root; its package brings this user."""

SERVER = """
listen_addresses = ''
unix_socket_directories = '{root}'
fsync = off
archive_mode = on
archive_command = 'pgbackrest archive-push %p'
"""
SETTINGS = """
[global]
repo1-path={root}/repository
repo1-retention-full=2
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass={password}
lock-path={root}/lock
spool-path={root}/spool
log-level-file=off
start-fast=y
compress-level=1
[main]
pg1-path={root}/data
pg1-socket-path={root}
pg1-user=postgres
"""


@dataclass(slots=True)
class Repository:
    """The repository, its files as a bucket would list them, and who watches it."""

    bench: Workbench
    days: Days = field(default_factory=Days)
    objects: MemoryObjects = field(default_factory=lambda: MemoryObjects(BUCKET))
    watched: "Listed" = field(init=False)

    def __post_init__(self) -> None:
        self.watched = Listed(self)

    @property
    def labels(self) -> Path:
        return self.bench.root / "repository/backup/main"

    def list(self) -> None:
        """Lists the files anew."""
        self.objects.delete(BUCKET, *self.objects.buckets[BUCKET])
        root = self.bench.root / "repository"
        for folder, _, names in os.walk(root):  # `latest` is a link, which no bucket has
            for path in (Path(folder, name) for name in names):
                seen = path.stat()
                written = self.days.date(datetime.fromtimestamp(seen.st_mtime, UTC))
                self.objects.put(BUCKET, f"pg/{path.relative_to(root).as_posix()}", seen.st_size, written)

    def backed_up(self, kind: str) -> Seen:
        """A day with a backup."""
        self.days.next()
        self.bench.run("pgbackrest", f"--type={kind}", "backup")
        return self.watched.check()


class Listed(Watched):
    """Each check lists the repository as it is then."""

    def __init__(self, repository: Repository) -> None:
        super().__init__(repository.objects, repository.days, "pgbackrest", f"s3://{BUCKET}/pg/")
        self._repository = repository

    def check(self, *, hours: float = 0) -> Seen:
        self._repository.list()
        return super().check(hours=hours)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Workbench]:
    """A running server, with a repository of one full backup kept aside."""
    newest = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=Path("/nowhere"))
    path = f"{newest}:{os.environ['PATH']}"
    need("pgbackrest", "pg_ctl", path=path)
    root = Path(tempfile.mkdtemp(prefix="pg-"))  # it holds a socket, whose path must be short
    environment = {"PATH": path, "PGBACKREST_CONFIG": str(root / "pgbackrest.conf"), "PGBACKREST_STANZA": "main"}
    bench = Workbench(root, environment, NOT_ROOT if os.geteuid() == 0 else "")
    if bench.user:
        shutil.chown(root, bench.user)
    (root / "pgbackrest.conf").write_text(SETTINGS.format(root=root, password=PASSWORD.replace(" ", "-")))
    bench.run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-N")
    with (root / "data/postgresql.conf").open("a") as settings:
        settings.write(SERVER.format(root=root))
    bench.run("pg_ctl", "-D", "data", "-l", "server.log", "-w", "start")
    try:
        bench.run("pgbackrest", "stanza-create")
        bench.run("pgbackrest", "--type=full", "backup")
        bench.run("mv", "repository", "template")
        yield bench
    finally:
        bench.run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
        shutil.rmtree(root)


@pytest.fixture
def pgbackrest(cluster: Workbench) -> Iterator[Repository]:
    repository = Repository(cluster)
    repository.days.next()
    cluster.run("cp", "-rP", "template", "repository")
    first = repository.watched.check()
    assert (first.state, first.outcomes) == ("all_green", ["ok"])
    yield repository
    cluster.run("rm", "-r", "repository")


def test_pgbackrest_is_green_with_each_backup_and_an_unchanged_cluster_is_no_shrink(pgbackrest: Repository) -> None:
    pgbackrest.backed_up("incr")
    seen = pgbackrest.backed_up("diff")
    healed(seen, 3)
    assert [run.kind for run in seen.good] == ["full", "incr", "diff"]
    full, incr, diff = (run.size or 0 for run in seen.good)
    assert max(incr, diff) < full / 4


def test_pgbackrest_with_a_wrong_password_is_missed(pgbackrest: Repository) -> None:
    pgbackrest.days.next()
    said = pgbackrest.bench.refused("pgbackrest", "backup", PGBACKREST_REPO1_CIPHER_PASS=WRONG)
    assert "unable to load info file" in said
    missed(pgbackrest.watched)


def test_a_killed_pgbackrest_run_goes_on_is_missed_and_heals_when_it_is_resumed(pgbackrest: Repository) -> None:
    pgbackrest.days.next()
    pgbackrest.bench.killed(
        "pgbackrest", "--type=full", "backup", when=lambda: len(list(pgbackrest.labels.glob("*F/backup.manifest.copy"))) == 2
    )
    assert len(list(pgbackrest.labels.glob("*F/backup.manifest"))) == 1
    assert pgbackrest.watched.check().outcomes == ["ok", "running"]
    missed(pgbackrest.watched)
    healed(pgbackrest.backed_up("full"), 2)


def test_pgbackrest_that_was_told_to_stop_is_missed(pgbackrest: Repository) -> None:
    pgbackrest.bench.run("pgbackrest", "stop")
    pgbackrest.days.next()
    assert "stop file exists" in pgbackrest.bench.refused("pgbackrest", "backup")
    pgbackrest.bench.run("pgbackrest", "start")
    missed(pgbackrest.watched)


def test_a_deleted_pgbackrest_stanza_is_an_alert_at_once(pgbackrest: Repository) -> None:
    pgbackrest.bench.run("pgbackrest", "stop")
    pgbackrest.bench.run("pgbackrest", "--force", "stanza-delete")
    pgbackrest.bench.run("pgbackrest", "start")
    gone(pgbackrest.watched.check(hours=1))


def test_pgbackrest_maintenance_and_archived_wal_alone_are_no_backup(pgbackrest: Repository) -> None:
    pgbackrest.backed_up("full")
    pgbackrest.days.next()
    pgbackrest.bench.run("pgbackrest", "--repo1-retention-full=1", "expire")
    pgbackrest.bench.run("pgbackrest", "check")
    pgbackrest.bench.run("pgbackrest", "verify")
    missed(pgbackrest.watched)
    assert len(list(pgbackrest.labels.glob("*F/backup.manifest"))) == 1
