"""`marker:NAME`: an end mark beside the data."""

from datetime import UTC, datetime, timedelta

from tests.fixtures.replay import DAY, Watch

START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _watch(prefix: str = "nas/") -> Watch:
    return Watch("marker:DONE", prefix)


def _night(watch: Watch, at: datetime, *, sizes: tuple[int, ...] = (10, 20), mark: bool = True) -> None:
    for number, size in enumerate(sizes):
        watch.put(f"{at:%Y-%m-%d}/deep/part{number}", size, at + number * timedelta(minutes=5))
    if mark:
        watch.put(f"{at:%Y-%m-%d}/DONE", 1, at + HOUR)


def test_a_mark_ends_the_run_of_its_folder_and_the_other_keys_are_its_bytes() -> None:
    watch = _watch()
    _night(watch, START)
    watch.look(START + 2 * HOUR)
    (run,) = watch.runs
    assert (run.outcome, run.size, run.started, run.finished) == ("ok", 30, START, START + HOUR)
    assert run.id == f"nas/2026-01-05/DONE@{int((START + HOUR).timestamp())}"


def test_a_folder_without_its_mark_goes_on_and_its_mark_takes_its_place() -> None:
    watch = _watch()
    for number in range(3):
        at = START + number * DAY
        _night(watch, at, mark=False)
        watch.look(at + timedelta(minutes=30))
        assert [run.outcome for run in watch.runs] == ["ok"] * number + ["running"]
        assert watch.runs[-1].started == at
        watch.put(f"{at:%Y-%m-%d}/DONE", 1, at + HOUR)
        watch.look(at + HOUR)
        assert [run.outcome for run in watch.runs] == ["ok"] * (number + 1)


def test_folders_in_the_order_of_time_cost_one_page_a_look() -> None:
    watch = _watch()
    for number in range(30):
        _night(watch, START + number * DAY)
    now = START + 30 * DAY
    watch.look(now)
    _night(watch, now)
    for minutes in (61, 62, 63):
        assert watch.look(now + timedelta(minutes=minutes)).pages == 1
    assert len(watch.good()) == 30
    assert watch.runs[-1].ref == "nas/2026-02-04/DONE"


def test_a_mark_with_nothing_beside_it_ended_an_empty_run() -> None:
    watch = _watch()
    watch.put("2026-01-05/DONE", 5, START)
    watch.look(START)
    assert [(run.size, run.good) for run in watch.runs] == [(0, False)]


def test_what_a_later_mark_has_overtaken_is_no_run() -> None:
    watch = _watch()
    _night(watch, START, mark=False)
    watch.look(START + HOUR)
    _night(watch, START + DAY)
    watch.look(START + DAY + 2 * HOUR)
    assert [(run.outcome, run.ref) for run in watch.runs] == [("ok", "nas/2026-01-06/DONE")]


def test_a_log_written_right_after_the_mark_begins_no_new_run() -> None:
    watch = _watch()
    _night(watch, START)
    watch.put("2026-01-05/run.log", 3, START + HOUR + timedelta(seconds=20))
    watch.look(START + 2 * HOUR)
    assert [(run.outcome, run.size) for run in watch.runs] == [("ok", 33)]


def test_one_mark_at_the_top_counts_what_came_since_it_was_written_before() -> None:
    watch = _watch()
    for number, size in enumerate((100, 7, 8)):
        at = START + number * DAY
        watch.put(f"dump-{at:%Y%m%d}.sql", size, at)
        watch.look(at + timedelta(minutes=10))
        assert watch.runs[-1].outcome == "running"
        watch.put("DONE", 0, at + HOUR)
        watch.look(at + 5 * HOUR)
    assert [(run.size, run.good) for run in watch.runs] == [(None, True), (7, True), (8, True)]


def test_a_top_mark_that_is_deleted_takes_its_runs_with_it() -> None:
    watch = _watch()
    for number in range(2):
        at = START + number * DAY
        watch.put(f"dump-{at:%Y%m%d}.sql", 5, at)
        watch.put("DONE", 0, at + HOUR)
        watch.look(at + 5 * HOUR)
    watch.delete("DONE")
    watch.look(START + DAY + 10 * HOUR, thorough=True)
    assert watch.good() == []


def test_marks_in_two_standing_folders_end_their_own_runs() -> None:
    watch = _watch()
    for number in range(3):
        at = START + number * DAY
        for place, name in enumerate(("alpha", "beta")):
            began = at + place * timedelta(minutes=30)
            watch.put(f"{name}/{at:%Y%m%d}.tar", 100 + number, began)
            watch.put(f"{name}/DONE", 0, began + timedelta(minutes=10))
        watch.look(at + 5 * HOUR)
    assert {run.kind for run in watch.runs} == {"alpha/", "beta/"}
    assert [run.size for run in watch.runs if run.kind == "beta/"] == [100, 101, 102]
    assert all(run.good for run in watch.runs)


def test_a_pattern_names_a_mark_beside_each_dump() -> None:
    watch = Watch("marker:*.done", "dumps/")
    for number, size in enumerate((5, 6, 7)):
        at = START + number * DAY
        watch.put(f"{at:%Y-%m-%d}.sql", size, at)
        watch.put(f"{at:%Y-%m-%d}.sql.done", 0, at + HOUR)
    watch.look(START + 3 * DAY)
    assert [run.size for run in watch.runs] == [None, 6, 7]


def test_a_prefix_without_any_mark_is_a_run_that_goes_on() -> None:
    watch = _watch()
    watch.put("2026-01-05/a", 1, START)
    watch.look(START + HOUR)
    assert [(run.outcome, run.started) for run in watch.runs] == [("running", START)]
