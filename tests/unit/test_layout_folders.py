"""`pgbackrest` and `wal-g`: a folder for each backup (keys as the tools write them, by hand)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.fixtures.replay import DAY, Watch

START = datetime(2026, 1, 4, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FULL = "20260104-020000F"
DIFF = "20260104-020000F_20260105-020000D"
INCR = "20260104-020000F_20260106-020000I"


def _pgbackrest(watch: Watch, label: str, at: datetime, *, sizes: tuple[int, ...], ended: bool = True, under: str = "") -> None:
    folder = f"{under}{label}/"
    for number, size in enumerate(sizes):
        watch.put(f"{folder}pg_data/base/1/{number}.gz", size, at + number * MINUTE)
    watch.put(f"{folder}backup.manifest.copy", 10, at + 10 * MINUTE)
    if ended:
        watch.put(f"{folder}backup.manifest", 10, at + 20 * MINUTE)
        watch.put(f"{under}backup.info", 5, at + 21 * MINUTE)


@pytest.mark.parametrize(
    ("prefix", "under"), [("pg/", "backup/main/"), ("pg/backup/", "main/"), ("pg/backup/main/", ""), ("pg", "/backup/main/")]
)
def test_pgbackrest_is_found_from_the_repository_its_backup_folder_or_a_stanza(prefix: str, under: str) -> None:
    watch = Watch("pgbackrest", prefix)
    _pgbackrest(watch, FULL, START, sizes=(100, 200), under=under)
    _pgbackrest(watch, DIFF, START + DAY, sizes=(30,), under=under)
    _pgbackrest(watch, INCR, START + 2 * DAY, sizes=(3,), under=under)
    watch.look(START + 2 * DAY + timedelta(hours=1))
    assert [(run.kind, run.size) for run in watch.runs] == [("full", 320), ("diff", 50), ("incr", 23)]
    assert [run.finished for run in watch.runs] == [START + number * DAY + 20 * MINUTE for number in range(3)]
    assert watch.runs[0].ref == f"pg/backup/main/{FULL}/backup.manifest"


def test_pgbackrest_runs_until_its_manifest_stands_without_copy() -> None:
    watch = Watch("pgbackrest", "pg/backup/main/")
    _pgbackrest(watch, FULL, START, sizes=(100,), ended=False)
    watch.look(START + 15 * MINUTE)
    assert [(run.outcome, run.started) for run in watch.runs] == [("running", START)]
    watch.put(f"{FULL}/backup.manifest", 10, START + 20 * MINUTE)
    watch.look(START + 21 * MINUTE)
    assert [(run.outcome, run.size) for run in watch.runs] == [("ok", 120)]


def test_pgbackrest_never_takes_archived_wal_for_a_backup() -> None:
    watch = Watch("pgbackrest", "pg/")
    watch.put("archive/main/15-1/0000000100000000/000000010000000000000001-abc.gz", 16, START)
    watch.put("archive/main/archive.info", 1, START)
    watch.look(START)
    assert watch.runs == ()


def test_a_quiet_pgbackrest_look_is_one_page_a_stanza() -> None:
    watch = Watch("pgbackrest", "pg/")
    for stanza in ("main", "side"):
        _pgbackrest(watch, FULL, START, sizes=(1,), under=f"backup/{stanza}/")
    now = START + timedelta(hours=5)
    watch.look(now)
    cursor, runs = watch.cursor, watch.runs
    assert watch.look(now + MINUTE).pages == 2
    assert watch.cursor == cursor
    assert watch.runs is runs


def test_an_expired_pgbackrest_backup_is_gone() -> None:
    watch = Watch("pgbackrest", "pg/backup/main/")
    _pgbackrest(watch, FULL, START, sizes=(1,))
    _pgbackrest(watch, "20260111-020000F", START + 7 * DAY, sizes=(1,))
    watch.look(START + 7 * DAY + timedelta(hours=1))
    assert len(watch.good()) == 2
    watch.delete(*[f"{FULL}/{name}" for name in ("pg_data/base/1/0.gz", "backup.manifest", "backup.manifest.copy")])
    watch.look(START + 7 * DAY + timedelta(hours=2))
    assert watch.good() == ["20260111-020000F/backup.manifest"]


def test_a_manifest_taken_away_is_noticed_by_a_thorough_look() -> None:
    watch = Watch("pgbackrest", "pg/backup/main/")
    _pgbackrest(watch, FULL, START, sizes=(1,))
    watch.look(START + timedelta(hours=1))
    watch.delete(f"{FULL}/backup.manifest")
    watch.look(START + timedelta(hours=2), thorough=True)
    assert watch.good() == []


def test_a_cut_pgbackrest_backup_that_a_later_one_has_overtaken_is_no_run() -> None:
    watch = Watch("pgbackrest", "pg/backup/main/")
    _pgbackrest(watch, FULL, START, sizes=(1,), ended=False)
    _pgbackrest(watch, "20260105-020000F", START + DAY, sizes=(1,))
    watch.look(START + DAY + timedelta(hours=1))
    assert [run.ref for run in watch.runs] == ["pg/backup/main/20260105-020000F/backup.manifest"]


def test_a_resumed_pgbackrest_backup_counts_what_it_holds_at_its_end() -> None:
    watch = Watch("pgbackrest", "pg/backup/main/")
    _pgbackrest(watch, FULL, START, sizes=(1,), ended=False)
    watch.look(START + MINUTE)
    watch.delete(*[f"{FULL}/{name}" for name in ("pg_data/base/1/0.gz", "backup.manifest.copy")])
    _pgbackrest(watch, "20260104-030000F", START + timedelta(hours=1), sizes=(7,))
    watch.look(START + timedelta(hours=2))
    assert [(run.outcome, run.size) for run in watch.runs] == [("ok", 27)]


def _wal_g(watch: Watch, name: str, at: datetime, size: int, *, ended: bool = True, under: str = "basebackups_005/") -> None:
    watch.put(f"{under}{name}/tar_partitions/part_001.tar.lz4", size, at)
    watch.put(f"{under}{name}/tar_partitions/pg_control.tar.lz4", 1, at + MINUTE)
    watch.put(f"{under}{name}/metadata.json", 400, at + 2 * MINUTE)
    if ended:
        watch.put(f"{under}{name}_backup_stop_sentinel.json", 300, at + 3 * MINUTE)


BASE = "base_000000010000000000000002"
DELTA = "base_000000010000000000000009_D_000000010000000000000002"


@pytest.mark.parametrize(("prefix", "under"), [("wal/", "basebackups_005/"), ("wal/basebackups_005/", "")])
def test_wal_g_is_found_from_its_root_or_its_basebackups(prefix: str, under: str) -> None:
    watch = Watch("wal-g", prefix)
    _wal_g(watch, BASE, START, 1000, under=under)
    _wal_g(watch, DELTA, START + DAY, 50, under=under)
    watch.look(START + DAY + timedelta(hours=1))
    assert [(run.kind, run.size) for run in watch.runs] == [("full", 1001), ("delta", 51)]
    assert watch.runs[-1].ref == f"wal/basebackups_005/{DELTA}_backup_stop_sentinel.json"


def test_wal_g_runs_until_its_sentinel_and_stays_found_when_a_timeline_starts_over() -> None:
    watch = Watch("wal-g", "wal/")
    names = ["base_000000030000000000000002", "base_000000010000000000000007", "base_000000010000000000000003"]
    for number, name in enumerate(names):
        at = START + number * DAY
        _wal_g(watch, name, at, 100 + number, ended=False)
        watch.look(at + MINUTE)
        assert [run.outcome for run in watch.runs] == ["ok"] * number + ["running"]
        watch.put(f"basebackups_005/{name}_backup_stop_sentinel.json", 300, at + 3 * MINUTE)
        watch.look(at + 4 * MINUTE)
        assert [run.size for run in watch.runs] == [101 + done for done in range(number + 1)]


def test_a_quiet_wal_g_look_is_one_page_and_wal_is_no_backup() -> None:
    watch = Watch("wal-g", "wal/")
    _wal_g(watch, BASE, START, 1000)
    watch.look(START + timedelta(hours=1))
    cursor, runs = watch.cursor, watch.runs
    watch.put("wal_005/000000010000000000000003.lz4", 16, START + timedelta(hours=2))
    assert watch.look(START + timedelta(hours=2)).pages == 1
    assert watch.cursor == cursor
    assert watch.runs is runs


def test_a_deleted_wal_g_backup_is_gone() -> None:
    watch = Watch("wal-g", "wal/")
    _wal_g(watch, BASE, START, 1000)
    watch.look(START + timedelta(hours=1))
    watch.delete(*[key.removeprefix("wal/") for key in watch.objects.buckets["acme-backups"]])
    watch.look(START + timedelta(hours=2))
    assert watch.good() == []


def test_only_the_newest_are_weighed_at_first_sight() -> None:
    watch = Watch("wal-g", "wal/")
    for number in range(12):
        _wal_g(watch, f"base_0000000100000000000000{number:02}", START + number * DAY, 1000)
    assert watch.look(START + 20 * DAY).pages == 9
    assert [run.size for run in watch.runs] == [None] * 4 + [1001] * 8
