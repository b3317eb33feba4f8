"""The `files` layout: every object a run, at the price of what is new."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from bolt_app.adapters.memory.objects import MemoryObjects
from tests.fixtures.replay import BUCKET, DAY, Watch
from workflows.backup.evidence import Run
from workflows.backup.look import look, merge_runs
from workflows.kernel.errors import CannotLook
from workflows.kernel.ports import Page

START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def _watch(prefix: str = "orders/", window: timedelta = timedelta(hours=26)) -> Watch:
    return Watch("files", prefix, window=window)


def _name(number: int) -> str:
    return f"{START + number * DAY:%Y-%m-%d}.dump"


def _dailies(count: int) -> Watch:
    watch = _watch()
    for number in range(count):
        watch.put(_name(number), 1000 + number, START + number * DAY)
    return watch


def test_each_object_is_a_finished_run_of_its_size_and_series() -> None:
    watch = _dailies(1)
    (run,) = watch.look(START + timedelta(hours=1)).runs
    assert run == Run(
        id=f"orders/2026-01-05.dump@{int(START.timestamp())}",
        source="object",
        target="s3://acme-backups/orders/",
        outcome="ok",
        finished=START,
        size=1000,
        kind="#.dump",
        ref="orders/2026-01-05.dump",
    )


def test_a_quiet_look_is_one_small_page_and_changes_nothing() -> None:
    watch = _dailies(40)
    now = START + 40 * DAY
    watch.look(now)
    cursor, runs = watch.cursor, watch.runs
    for minutes in (1, 2, 3):
        sighting = watch.look(now + timedelta(minutes=minutes))
        assert (sighting.pages, sighting.runs, sighting.present) == (1, (), None)
        assert sighting.cursor == cursor
        assert watch.runs is runs


def test_new_objects_are_found_behind_the_bookmark_with_one_page() -> None:
    watch = _dailies(3)
    watch.look(START + 2 * DAY)
    watch.put(_name(3), 1, START + 3 * DAY)
    watch.put(_name(4), 2, START + 4 * DAY)
    sighting = watch.look(START + 2 * DAY + timedelta(hours=1))
    assert [run.size for run in sighting.runs] == [1, 2]
    assert sighting.pages == 1
    assert len(watch.good()) == 5


def test_the_newest_object_deleted_is_noticed_by_the_next_look() -> None:
    watch = _dailies(3)
    watch.look(START + 2 * DAY)
    watch.objects.delete(BUCKET, "orders/" + _name(2))
    watch.look(START + 2 * DAY + timedelta(minutes=1))
    assert watch.good() == [_name(0), _name(1)]
    assert [run.gone for run in watch.runs] == [False, False, True]
    assert watch.runs[-1].size == 1002


def test_an_emptied_prefix_leaves_history_and_no_backup() -> None:
    watch = _dailies(2)
    watch.look(START + DAY)
    watch.objects.delete(BUCKET, *["orders/" + _name(number) for number in range(2)])
    watch.look(START + DAY + timedelta(minutes=1))
    assert watch.good() == []
    assert len(watch.runs) == 2


def test_an_old_object_deleted_is_gone_after_the_daily_walk() -> None:
    watch = _dailies(3)
    watch.look(START + 2 * DAY)
    watch.objects.delete(BUCKET, "orders/" + _name(0))
    watch.look(START + 3 * DAY)
    assert watch.good() == [_name(1), _name(2)]


def test_a_name_overwritten_in_place_is_a_new_run_each_time() -> None:
    watch = _watch()
    for number in range(4):
        watch.put("latest.dump", 100 + number, START + number * DAY)
        sighting = watch.look(START + number * DAY + timedelta(minutes=1))
        assert [run.size for run in sighting.runs if not run.gone] == [100 + number]
    assert [(run.size, run.gone) for run in watch.runs] == [(100, True), (101, True), (102, True), (103, False)]


def test_two_names_overwritten_in_place_are_seen_though_they_stood_in_the_order_of_time() -> None:
    watch = _watch()
    watch.put("a.dump", 9, START)
    watch.put("b.dump", 7, START + timedelta(minutes=1))
    watch.look(START + timedelta(hours=1))
    watch.put("a.dump", 10, START + timedelta(hours=2))
    watch.look(START + timedelta(hours=5))
    assert watch.good() == ["b.dump", "a.dump"]
    assert watch.runs[-1].size == 10
    assert {run.kind for run in watch.runs} == {"a.dump", "b.dump"}


def test_once_names_no_longer_follow_time_the_bookmark_is_no_longer_trusted() -> None:
    watch = _watch()
    watch.put("2026-01-05.dump", 1, START)
    watch.look(START)
    watch.put("2026-01-07.dump", 2, START + timedelta(minutes=1))
    watch.put("2026-01-06.dump", 3, START + timedelta(minutes=2))
    watch.look(START + timedelta(minutes=3))
    watch.put("2026-01-06.dump", 4, START + timedelta(hours=3))
    watch.look(START + timedelta(hours=4))
    assert [run.size for run in watch.runs if run.good] == [1, 2, 4]


def test_a_dump_of_no_bytes_is_a_run_and_a_folder_placeholder_is_none() -> None:
    watch = _watch()
    watch.put("", 0, START)
    watch.put("sub/", 0, START)
    watch.put("x-2026-01-05.dump", 0, START)
    watch.look(START)
    assert [(run.size, run.good) for run in watch.runs] == [(0, False)]


def test_checksums_and_signatures_beside_a_backup_are_no_backups() -> None:
    watch = _watch()
    for name in ("a-2026-01-05.gz", "a-2026-01-05.gz.sha256", "a-2026-01-05.gz.asc", "MD5SUMS"):
        watch.put(name, 10, START)
    watch.look(START)
    assert watch.good() == ["a-2026-01-05.gz"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("db1-2026-01-05.sql", "db1-2026-01-06.sql", True),
        ("db1-2026-01-05.sql", "db2-2026-01-05.sql", False),
        ("full-20260105T020000Z.tar", "inc-20260106T020000Z.tar", False),
        ("x-2026-01-05T02:00:00Z.gz", "x-2026-02-15T23:59:01Z.gz", True),
        ("backup-1736042400.tar", "backup-1736128800.tar", True),
        ("mon.dump", "tue.dump", True),
        ("dump-5f2b1c9e0d.gz", "dump-0a1b2c3d4e.gz", True),
        ("2026/01/05/all.sql", "2026/01/06/all.sql", True),
    ],
)
def test_like_is_compared_with_like(one: str, other: str, alike: bool) -> None:
    watch = _watch()
    watch.put(one, 1, START)
    watch.put(other, 1, START)
    watch.look(START + DAY)
    assert (len({run.kind for run in watch.runs}) == 1) is alike


def test_names_made_up_anew_each_time_are_one_series() -> None:
    watch = _watch()
    words = ["amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heath"]
    for number, word in enumerate(words):
        watch.put(f"{word}.dump", 1, START + number * DAY)
    watch.look(START + 8 * DAY)
    assert {run.kind for run in watch.runs} == {""}


def test_many_databases_dumped_each_night_stay_apart() -> None:
    watch = _watch()
    words = ["amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heath"]
    for number, word in enumerate(words):
        watch.put(f"{word}.dump", 1, START + timedelta(minutes=number))
    watch.look(START + DAY)
    assert len({run.kind for run in watch.runs}) == 8


def test_objects_in_the_folder_of_a_day_are_one_run() -> None:
    watch = _watch()
    for number in range(3):
        at = START + number * DAY
        watch.put(f"{at:%Y/%m/%d}/users.sql", 10, at)
        watch.put(f"{at:%Y/%m/%d}/deep/orders.sql", 32, at + timedelta(minutes=3))
        watch.look(at + timedelta(hours=1))
    assert [(run.id, run.size, run.started, run.finished) for run in watch.runs] == [
        (f"orders/{at:%Y/%m/%d}/", 42, at, at + timedelta(minutes=3)) for at in (START + number * DAY for number in range(3))
    ]


def test_a_folder_still_being_filled_is_running_until_it_settles_or_is_as_full_as_the_last() -> None:
    watch = _watch()
    minute = timedelta(minutes=1)
    watch.put("2026-01-05/a", 1, START)
    watch.put("2026-01-05/b", 1, START + minute)
    watch.look(START + 2 * minute)
    assert [run.outcome for run in watch.runs] == ["running"]
    watch.look(START + 12 * minute)
    assert [run.outcome for run in watch.runs] == ["ok"]
    next_day = START + DAY
    watch.put("2026-01-06/a", 1, next_day)
    watch.look(next_day + minute)
    assert [run.outcome for run in watch.runs] == ["ok", "running"]
    watch.put("2026-01-06/b", 1, next_day + 2 * minute)
    watch.look(next_day + 3 * minute)
    assert [(run.outcome, run.size) for run in watch.runs] == [("ok", 2), ("ok", 2)]


def test_a_dated_dump_in_the_folder_of_its_day_is_a_run_of_its_own() -> None:
    watch = _watch()
    for hour in range(4):
        at = START + timedelta(hours=hour)
        watch.put(f"2026-01-05/{at:%H-%M}.dump", 5, at)
    watch.look(START + timedelta(hours=4))
    assert len(watch.good()) == 4


def test_volumes_of_one_archive_are_one_run() -> None:
    watch = _watch()
    for number in (1, 2, 3):
        watch.put(f"nas-2026-01-05.tar.part{number:03}", 100, START + timedelta(minutes=number))
    watch.look(START + DAY)
    assert [(run.ref, run.size) for run in watch.runs] == [("orders/nas-2026-01-05.tar", 300)]


def test_names_against_time_are_walked_in_full_and_a_walk_is_kept_for_a_tenth_of_the_window() -> None:
    watch = _watch()
    watch.put("z-2026-01-05.dump", 1, START)
    watch.put("a-2026-01-06.dump", 1, START + DAY)
    now = START + DAY + timedelta(hours=9)
    watch.look(now)
    watch.put("b-2026-01-07.dump", 1, now)
    assert watch.look(now + timedelta(minutes=155)).pages == 0
    assert watch.look(now + timedelta(minutes=157)).pages == 1
    assert len(watch.good()) == 3
    watch.put("c-2026-01-07.dump", 1, now)
    watch.look(now + timedelta(minutes=158), thorough=True)
    assert len(watch.good()) == 4


@pytest.mark.thorough
def test_a_long_listing_out_of_order_is_walked_hourly_and_says_so() -> None:
    watch = _watch(window=timedelta(minutes=5))
    for number in range(10_001):
        watch.put(f"{(number * 7919) % 10_007:05}.dump", 1, START + timedelta(seconds=number))
    now = START + DAY
    assert watch.look(now).warnings == (
        "Under s3://acme-backups/orders/ name order does not follow time: its 11 pages of keys are walked hourly.",
    )
    quiet = watch.look(now + timedelta(minutes=59))
    assert (quiet.pages, len(quiet.warnings)) == (0, 1)
    assert watch.look(now + timedelta(minutes=61)).pages == 11


class Endless(MemoryObjects):
    """A bucket whose listing never comes to an end."""

    def page(
        self, bucket: str, prefix: str, *, start_after: str = "", delimiter: str = "", token: str = "", max_keys: int = 1000
    ) -> Page:
        page = super().page(bucket, prefix, start_after=start_after, delimiter=delimiter, max_keys=max_keys)
        return page._replace(token=token or prefix)


def test_beyond_two_hundred_pages_a_listing_is_unsure() -> None:
    watch = _watch()
    watch.objects = Endless(BUCKET)
    watch.put("2026-01-05.dump", 1, START)
    sighting = watch.look(START)
    assert sighting.pages == 200
    assert sighting.present is None
    assert sighting.unsure == "There are more than 200 pages of keys under s3://acme-backups/orders/; the rest was not seen."
    assert watch.look(START + timedelta(minutes=1)).unsure == sighting.unsure


def test_a_full_walk_comes_once_a_day_and_not_for_all_targets_at_once() -> None:
    hours = set()
    for number in range(50):
        watch = _watch(prefix=f"job{number}/")
        watch.put("2026-01-05.dump", 1, START)
        watch.look(START)
        walked = [hour for hour in range(1, 25) if watch.look(START + timedelta(hours=hour)).present is not None]
        assert len(walked) == 1
        hours.update(walked)
    assert len(hours) > 10


def test_a_bucket_that_cannot_be_read_is_never_taken_for_empty() -> None:
    watch = _dailies(1)
    watch.objects.errors[BUCKET] = "AccessDenied"
    with pytest.raises(CannotLook, match="AccessDenied"):
        watch.look(START)


def test_a_quiet_look_costs_next_to_nothing_besides_the_listing() -> None:
    watch = _dailies(30)
    now = START + 30 * DAY
    watch.look(now)
    cursor, runs = watch.cursor, watch.runs
    best = 1.0
    for _ in range(5):  # the best of a few: others share this machine
        began = time.thread_time()
        for _ in range(200):
            sighting = look(
                watch.target,
                "files",
                cursor,
                objects=watch.objects,
                now=now,
                window=watch.window,
                thorough=False,
                kept=watch.kept,
            )
            assert merge_runs(runs, sighting) is runs
        best = min(best, (time.thread_time() - began) / 200)
    assert best < 0.000_15
