"""What all layouts have in common: landings, unknown names, and the runs that are remembered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.replay import DAY, Watch, acts, set_bucket
from workflows.backup.evidence import Run
from workflows.backup.layouts import LAYOUTS, layout_named
from workflows.backup.look import Sighting, keep_recent, look, merge_runs
from workflows.kernel.errors import CannotLook
from workflows.kernel.ports import Objects, Page

START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
T = "s3://acme-backups/x/"


def _run(number: int, *, kind: str = "", size: int | None = 5, target: str = T, outcome: str = "ok", gone: bool = False) -> Run:
    at = START + number * DAY
    run = Run(id=f"{target}{number}", source="object", target=target, outcome="ok", finished=at, size=size, kind=kind, gone=gone)
    if outcome == "running":
        return replace(run, outcome="running", started=at, finished=None)
    return run


def test_kopia_tells_only_that_a_pack_or_an_index_landed() -> None:
    watch = Watch("kopia", "k/")
    watch.put("_log_20260107", 1, START + 2 * DAY)
    watch.put("kopia.maintenance", 1, START + 2 * DAY)
    watch.look(START + 2 * DAY)
    assert [(run.ref, run.outcome, run.kind, run.size, run.finished) for run in watch.runs] == []
    watch.put("p03abc", 100, START + 2 * DAY)
    watch.look(START + 3 * DAY)
    (run,) = watch.runs
    assert (run.ref, run.outcome, run.kind, run.size) == ("k/p03abc", "unsure", "landing", None)
    assert run.finished == START + 2 * DAY
    assert not run.good
    watch.put("q04abc", 100, START + 3 * DAY)
    watch.put("xn0_05abc", 100, START + 3 * DAY + timedelta(hours=1))
    watch.look(START + 4 * DAY)
    assert [run.ref for run in watch.runs if not run.gone] == ["k/xn0_05abc"]


def test_sync_tells_the_newest_object_only() -> None:
    watch = Watch("sync", "s/")
    watch.put("b", 1, START + DAY)
    watch.put("a", 1, START)
    watch.look(START + DAY)
    assert [(run.ref, run.kind) for run in watch.runs] == [("s/b", "landing")]
    watch.put("a", 1, START + 2 * DAY)
    watch.look(START + 3 * DAY)
    assert [(run.ref, run.gone) for run in watch.runs] == [("s/b", True), ("s/a", False)]


@pytest.mark.parametrize("name", ["velero", "", "marker:", "Files"])
def test_an_unknown_layout_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="unknown layout"):
        layout_named(name)


class Narrow:
    """A bucket of which one prefix is opened, as a policy opens it."""

    def __init__(self, objects: Objects, prefix: str) -> None:
        self._objects, self._prefix = objects, prefix

    def page(self, bucket: str, prefix: str, **asked: Any) -> Page:
        if not prefix.startswith(self._prefix):
            raise CannotLook("AccessDenied", prefix)
        return self._objects.page(bucket, prefix, **asked)


@pytest.mark.parametrize("layout", [*LAYOUTS, "marker:DONE"])
@pytest.mark.parametrize("opened", ["nas/repo/", "nas/"])
def test_no_layout_lists_beside_its_prefix(layout: str, opened: str) -> None:
    watch = Watch(layout, "nas/repo/")
    recorded = layout if layout in {"restic", "borg", "duplicity"} else ""
    for key in ["backup/main/1F/backup.manifest", "basebackups_005/b_backup_stop_sentinel.json", "p03abc", "1/DONE"]:
        watch.put(key, 1000, START)
    for act in acts(recorded) if recorded else ():
        set_bucket(watch.objects, watch.target.prefix, act)
    narrow: Any = Narrow(watch.objects, opened)
    for thorough in (False, True):
        seen = look(watch.target, layout, None, objects=narrow, now=START + DAY, window=DAY, thorough=thorough)
        look(watch.target, layout, seen.cursor, objects=narrow, now=START + DAY, window=DAY, thorough=thorough)


def test_nothing_new_hands_back_the_very_runs_that_were_stored() -> None:
    stored = (_run(1), _run(2))
    assert merge_runs(stored, Sighting(target=T)) is stored
    seen = Sighting(target=T, runs=stored, present=frozenset(run.id for run in stored))
    assert merge_runs(stored, seen) is stored


def test_a_vanished_run_is_kept_as_gone_and_comes_back_when_it_does() -> None:
    stored = (_run(1), _run(2))
    left = merge_runs(stored, Sighting(target=T, present=frozenset([stored[1].id])))
    assert [run.gone for run in left] == [True, False]
    back = merge_runs(left, Sighting(target=T, runs=stored, present=frozenset(run.id for run in stored)))
    assert back == stored


def test_the_runs_of_other_targets_are_left_alone() -> None:
    other = _run(1, target="heartbeat")
    merged = merge_runs((other, _run(2)), Sighting(target=T, present=frozenset()))
    assert [(run.target, run.gone) for run in merged] == [("heartbeat", False), (T, True)]


def test_a_run_that_went_on_and_is_no_longer_seen_leaves_no_trace() -> None:
    stored = (_run(1), _run(2, outcome="running"))
    assert merge_runs(stored, Sighting(target=T, gone=frozenset([stored[1].id]))) == stored[:1]


def test_what_was_known_is_not_forgotten_by_a_look_that_knows_less() -> None:
    known = _run(1, size=7)
    less = replace(known, size=None)
    doubt = replace(known, outcome="unsure")
    assert merge_runs((known,), Sighting(target=T, runs=(less,))) == (known,)
    assert merge_runs((known,), Sighting(target=T, runs=(doubt,))) == (known,)


def test_thirty_runs_are_kept_and_the_last_eight_good_of_each_kind_newest_last() -> None:
    incrementals = [_run(number, kind="inc") for number in range(10, 60)]
    fulls = [_run(number, kind="full") for number in range(10)]
    kept = keep_recent([*incrementals, *fulls])
    assert [run.at for run in kept] == sorted(run.at for run in kept)
    assert sum(run.kind == "inc" for run in kept) == 30
    assert [run.at for run in kept if run.kind == "full"] == [run.at for run in fulls[2:]]
    assert keep_recent(kept) == kept


def test_sizes_of_runs_that_are_gone_are_kept_for_comparison_beside_the_good_ones() -> None:
    gone = [_run(number, kind="full", gone=True) for number in range(10, 20)]
    good = [_run(number, kind="full") for number in range(10)]
    newer = [_run(number, kind="inc") for number in range(20, 60)]
    kept = keep_recent([*gone, *good, *newer])
    assert sum(run.kind == "full" and run.gone for run in kept) == 8
    assert sum(run.kind == "full" and run.good for run in kept) == 8


def test_what_was_usual_is_remembered_however_long_the_collapse_lasts() -> None:
    kept: tuple[Run, ...] = ()
    for number in range(200):
        kept = keep_recent([*kept, _run(number, size=1000 + number if number < 20 else 10 + number)])
    assert [run.size for run in kept if run.size and run.size > 1000] == [1000 + number for number in range(12, 20)]
    assert len(kept) == 30 + 8


def test_what_came_before_is_remembered_however_often_the_very_same_came_since() -> None:
    kept: tuple[Run, ...] = ()
    for number in range(200):
        kept = keep_recent([*kept, replace(_run(number, size=1000 + min(number, 20)), etag=str(min(number, 20)))])
    assert [run.etag for run in kept if run.etag != "20"] == [str(number) for number in range(13, 20)]


def test_kinds_without_end_do_not_let_history_grow() -> None:
    runs = [_run(number, kind=f"k{number % 100}") for number in range(2000)]
    assert len(keep_recent(runs)) <= 30 + 12 * 8


def test_a_bookmark_stays_small() -> None:
    for layout in ("files", "restic", "borg", "duplicity", "pgbackrest", "wal-g", "sync", "marker:DONE"):
        watch = Watch(layout, "x/")
        for number in range(500):
            watch.put(f"{START + number * DAY:%Y-%m-%d}.dump", 1, START + number * DAY)
        watch.look(START + 500 * DAY)
        assert len(str(watch.cursor)) < 400
        assert timedelta(0) < watch.window
