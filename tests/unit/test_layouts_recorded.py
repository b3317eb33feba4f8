"""restic, borg and duplicity, judged on the keys that the real tools wrote (see tests/fixtures/record_listings.py)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.fixtures.replay import DAY, Watch, acts, replay, set_bucket
from workflows.backup.evidence import Run
from workflows.backup.layouts.borg import Segments, judge

PREFIX = "host/repo/"
MADE_A_RUN = {
    "restic": lambda act: act.startswith("backup:") and not act.endswith(("running", "killed")),
    "borg": lambda act: "create:" in act and not act.endswith(("running", "killed")),
    "duplicity": lambda act: act.startswith(("full:", "inc:")) and not act.endswith(("running", "killed")),
}
UNSURE = {"create: unchanged, then prune and compact"}
"""The repository did not grow, and a compact took segments away: its keys cannot tell."""


def _followed(tool: str, *, thorough: bool = False) -> tuple[Watch, dict[str, tuple[Run, ...]]]:
    """The runs known after each act."""
    watch = Watch(tool, PREFIX)
    return watch, {act: watch.runs for act, _ in replay(watch, tool, thorough=thorough)}


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("tool", ["restic", "borg", "duplicity"])
def test_each_backup_is_one_good_run_and_maintenance_is_none(tool: str, thorough: bool) -> None:
    watch = Watch(tool, PREFIX)
    made_a_run: Callable[[str], bool] = MADE_A_RUN[tool]
    known: set[str] = set()
    for act, _ in replay(watch, tool, thorough=thorough):
        new = [run for run in watch.runs if run.id not in known and run.outcome != "running"]
        known |= {run.id for run in new}
        if act in UNSURE:
            assert [run.outcome for run in new] == ["unsure"], act
        else:
            assert [run.good for run in new] == [True] * made_a_run(act), act


@pytest.mark.parametrize("tool", ["restic", "borg", "duplicity"])
def test_a_forgotten_bookmark_finds_the_same_run_again(tool: str) -> None:
    watch = Watch(tool, PREFIX)
    for act in acts(tool):
        set_bucket(watch.objects, PREFIX, act)
        watch.look(act.at + timedelta(minutes=5))
        before = [run for run in watch.runs if run.good]
        watch.cursor = None
        watch.look(act.at + timedelta(minutes=6))
        assert [run for run in watch.runs if run.good] == before, act.name


def test_restic_states_the_whole_repository_so_that_an_unchanged_source_has_not_shrunk() -> None:
    _, known = _followed("restic")
    sizes = [run.size for run in known["backup: unchanged"]]
    assert sizes == [3_001_525, 3_402_978, 3_403_302]
    assert {run.kind for run in known["backup: unchanged"]} == {"repository"}


def test_restic_says_when_the_repository_collapsed() -> None:
    watch, known = _followed("restic")
    before, after = (known["backup: after most is gone"][place].size for place in (-2, -1))
    assert before is not None
    assert after is not None
    assert after < 0.4 * before
    assert watch.good() == []  # pruned to nothing at the end


def test_restic_data_is_walked_at_most_daily() -> None:
    watch = Watch("restic", PREFIX)
    first, second = acts("restic")[1:3]
    set_bucket(watch.objects, PREFIX, first)
    assert watch.look(first.at + timedelta(minutes=5)).pages == 3
    set_bucket(watch.objects, PREFIX, second)
    assert watch.look(first.at + timedelta(hours=1)).pages == 2
    assert [run.size for run in watch.runs] == [3_001_525, None]


def test_restic_goes_on_while_its_lock_is_fresh_and_data_is_new() -> None:
    _, known = _followed("restic")
    (going,) = [run for run in known["backup: running"] if run.outcome == "running"]
    assert going.started is not None
    assert all(run.outcome == "ok" for run in known["backup: killed"])


def test_restic_forget_removes_runs_and_keeps_them_as_history() -> None:
    _, known = _followed("restic")
    assert [run.gone for run in known["keep two: forget and prune"]] == [True, True, False, False]


def test_borg_states_the_whole_repository() -> None:
    _, known = _followed("borg")
    assert [(run.kind, run.size) for run in known["create: unchanged"]] == [
        ("repository", 301_905),
        ("repository", 403_447),
        ("repository", 404_660),
    ]


def test_a_borg_repository_compacted_to_nothing_has_no_backup_left() -> None:
    _, known = _followed("borg")
    assert any(run.good for run in known["delete the last archive"])  # its data is still there
    assert not any(run.good for run in known["compact to nothing"])
    assert [run.good for run in known["create: anew"]][-1]


def test_a_deleted_borg_repository_has_no_backup_left() -> None:
    watch = Watch("borg", PREFIX)
    for act in acts("borg")[:3]:
        set_bucket(watch.objects, PREFIX, act)
        watch.look(act.at)
    assert len(watch.good()) == 2
    watch.delete(*(key for key, *_ in act.objects))
    watch.look(act.at + DAY)
    assert watch.good() == []


def test_a_borg_index_copied_before_its_segments_waits_for_them() -> None:
    watch = Watch("borg", PREFIX)
    listed = acts("borg")
    for act in listed[:2]:
        set_bucket(watch.objects, PREFIX, act)
        watch.look(act.at)
    set_bucket(watch.objects, PREFIX, listed[2])
    late = [key for key, *_ in listed[2].objects if key in {"data/0/6", "data/0/7", "data/0/8", "data/0/9"}]
    watch.delete(*late)
    watch.look(listed[2].at)
    assert len(watch.good()) == 1
    set_bucket(watch.objects, PREFIX, listed[2])
    watch.look(listed[2].at + timedelta(minutes=1))
    assert len(watch.good()) == 2


def test_a_borg_repository_first_seen_after_maintenance_is_unsure() -> None:
    watch = Watch("borg", PREFIX)
    act = next(act for act in acts("borg") if act.name == "compact")
    set_bucket(watch.objects, PREFIX, act)
    watch.look(act.at)
    assert [run.outcome for run in watch.runs] == ["unsure"]


BEFORE = {"index": 5, "at": 0, "total": 1_000_000, "count": 4, "manifest": 531}
OLD = {2: 998_403, 3: 49, 4: 531, 5: 17}


@pytest.mark.parametrize(
    ("new", "manifest", "commit"),
    [
        ({6: 498, 7: 49, 8: 583, 9: 17}, 531, "ok"),
        ({6: 8 + 41 * 12, 7: 49, 8: 583, 9: 17}, 531, "ok"),  # by chance as large as 12 DELETEs, but the manifest grew
        ({6: 8 + 41 * 12, 7: 49, 8: 480, 9: 17}, 531, "maintenance"),  # prune
        ({6: 8 + 41 * 12, 7: 49, 8: 480, 9: 17}, 0, "maintenance"),  # prune after a compact: the manifest was not known
        ({6: 172, 7: 49, 8: 480, 9: 17, 10: 90, 11: 49, 12: 430, 13: 17}, 531, "maintenance"),  # prune, twice
        ({6: 498, 7: 49, 8: 583, 9: 17, 10: 172, 11: 49, 12: 531, 13: 17}, 531, "ok"),  # create, then prune
    ],
)
def test_borg_commits_are_told_apart_by_their_segments(new: dict[int, int], manifest: int, commit: str) -> None:
    segments = Segments(sizes={**OLD, **new})
    assert judge(max(new), segments, {**BEFORE, "manifest": manifest}) == commit


@pytest.mark.parametrize(
    ("left", "commit"),
    [
        ({7: 900_000, 9: 531, 11: 90, 12: 17}, "unsure"),  # compact moved data: or was there a small backup before it?
        ({7: 1_200_000, 9: 583, 11: 90, 12: 17}, "ok"),
        ({2: 998_403, 9: 531, 11: 90, 12: 17}, "maintenance"),
    ],
)
def test_a_borg_interval_with_compact_is_judged_by_what_it_added(left: dict[int, int], commit: str) -> None:
    assert judge(12, Segments(sizes=left), BEFORE) == commit


def test_a_first_borg_archive_as_large_as_many_deletes_is_still_an_archive_there_being_nothing_to_delete() -> None:
    first = {0: 530, 1: 17, 2: 8 + 41 * 7339, 3: 49, 4: 588, 5: 17}
    assert judge(5, Segments(sizes=first), None) == "ok"
    assert judge(5, Segments(sizes=first), {"index": 1, "at": 0, "total": 547, "count": 2, "manifest": 0}) == "ok"


@pytest.mark.parametrize(("behind", "commit"), [({}, "ok"), ({10: 14_584_073}, "unfinished")])
def test_a_borg_commit_with_segments_behind_it_may_be_a_checkpoint(behind: dict[int, int], commit: str) -> None:
    checkpoint = {**OLD, 6: 18_366_638, 7: 49, 8: 583, 9: 17}
    assert judge(9, Segments(sizes={**checkpoint, **behind}), BEFORE) == commit


def test_borg_maintenance_with_segments_behind_it_stays_maintenance() -> None:
    pruned = {**OLD, 6: 90, 7: 49, 8: 480, 9: 17}
    assert judge(9, Segments(sizes={**pruned, 10: 14_584_073}), BEFORE) == "maintenance"


def test_duplicity_sums_its_volumes_and_keeps_full_and_incremental_apart() -> None:
    _, known = _followed("duplicity")
    assert [(run.kind, run.size, run.note) for run in known["inc: unchanged"]] == [
        ("full", 3_007_276, ""),
        ("inc", 100_379, ""),
        ("inc", None, "nothing had changed"),
    ]


def test_duplicity_volumes_without_a_manifest_go_on_until_they_are_cleaned_up() -> None:
    _, known = _followed("duplicity")
    for act in ("full: running", "full: killed"):
        (going,) = [run for run in known[act] if run.outcome == "running"]
        assert (going.kind, going.ref) == ("full", PREFIX + "duplicity-full.20260109T020000Z")
    assert all(run.outcome == "ok" for run in known["cleanup after the cut"])


def test_duplicity_leftovers_that_a_later_run_has_overtaken_are_no_run() -> None:
    watch = Watch("duplicity", PREFIX)
    listed = {act.name: act for act in acts("duplicity")}
    killed, second = listed["full: killed"], listed["full: second"]
    set_bucket(watch.objects, PREFIX, killed)
    watch.look(killed.at)
    for key, size, modified, _ in second.objects:
        watch.put(key, size, modified)
    watch.look(second.at + timedelta(hours=1))
    assert all(run.outcome == "ok" for run in watch.runs)


def test_removing_old_duplicity_sets_is_no_backup() -> None:
    watch, known = _followed("duplicity")
    assert [run.kind for run in known["keep one full"] if run.good] == ["full", "inc"]
    assert watch.good() == []  # emptied by hand at the end
