"""However looks are interleaved, the good runs they find are those of one full walk."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bolt_app.adapters.memory.objects import MemoryObjects
from tests.fixtures.replay import BUCKET, Watch
from workflows.backup.look import keep_recent
from workflows.kernel.ports import Page

START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
STEP = timedelta(hours=3)


class SmallPages(MemoryObjects):
    """Pages of a few keys, so that listings break anywhere."""

    keys = 3

    def page(
        self, bucket: str, prefix: str, *, start_after: str = "", delimiter: str = "", token: str = "", max_keys: int = 1000
    ) -> Page:
        size = min(max_keys, self.keys)
        return super().page(bucket, prefix, start_after=start_after, delimiter=delimiter, token=token, max_keys=size)


LAYOUTS = st.sampled_from(["files", "folders", "marker:DONE", "fixed", "mixed", "wal-g", "duplicity", "restic"])
DEEDS = st.lists(
    st.sampled_from(
        ["land", "land", "land", "look", "look", "thorough", "forget bookmark", "cold start", "delete newest", "delete any"]
    ),
    min_size=3,
    max_size=25,
)


def _land(watch: Watch, layout: str, at: datetime, number: int) -> list[str]:
    """One more backup, as this layout writes it; its keys, the ending one last."""
    day, hash64 = f"{at:%Y-%m-%d-%H%M}", f"{number * 7919 % 997:064}"
    stamp = f"{at:%Y%m%dT%H%M%SZ}"
    names = {
        "files": [f"db-{day}.dump"],
        "folders": [f"{day}/users.sql", f"{day}/orders.sql", f"{day}/deep/more.sql"],
        "marker:DONE": [f"{day}/a", f"{day}/z", f"{day}/DONE"],
        "fixed": ["latest.dump"],
        "mixed": [f"{'zebra' if number % 2 else 'ant'}-{day}.dump"],
        "wal-g": [
            f"basebackups_005/base_{number:024}/tar_partitions/1",
            f"basebackups_005/base_{number:024}_backup_stop_sentinel.json",
        ],
        "duplicity": [f"duplicity-full.{stamp}.vol1.difftar.gz", f"duplicity-full.{stamp}.manifest"],
        "restic": [f"data/00/{hash64}", f"snapshots/{hash64}"],
    }[layout]
    for second, name in enumerate(names):
        watch.put(name, number + 1, at + timedelta(seconds=second))
    return names


def _watch(layout: str) -> Watch:
    watch = Watch(layout if layout not in {"folders", "fixed", "mixed"} else "files", "x/")
    watch.objects = SmallPages(BUCKET)
    return watch


@settings(max_examples=150, deadline=None)
@given(layout=LAYOUTS, deeds=DEEDS)
def test_any_looks_and_then_a_thorough_one_find_what_one_full_walk_finds(layout: str, deeds: list[str]) -> None:
    watch = _watch(layout)
    landed: list[list[str]] = []
    now = START
    for number, deed in enumerate(deeds):
        now += STEP
        if deed == "land":
            landed.append(_land(watch, layout, now, number))
        elif deed.startswith("delete") and landed:
            names = landed.pop(-1 if deed == "delete newest" else 0)
            stored = watch.objects.buckets[BUCKET]
            watch.delete(*[name for name in names if "x/" + name in stored])
        elif deed == "forget bookmark":
            watch.cursor = None
        elif deed == "cold start":
            watch.kept = {}
        else:
            watch.look(now + timedelta(minutes=30), thorough=deed == "thorough")
    now += STEP
    watch.look(now, thorough=True)
    once = _watch(layout)
    once.objects = watch.objects
    once.look(now)
    assert {run.id for run in watch.runs if run.good} == {run.id for run in keep_recent(once.runs) if run.good}
    assert [run.id for run in watch.runs] == [run.id for run in keep_recent(watch.runs)]


@settings(max_examples=150, deadline=None)
@given(
    layout=st.sampled_from(["files", "folders", "marker:DONE", "fixed", "wal-g", "restic"]),
    looks=st.lists(st.booleans(), min_size=2, max_size=20),
)
def test_backups_that_land_in_order_are_each_found_by_the_next_look_however_quick(layout: str, looks: list[bool]) -> None:
    watch = _watch(layout)
    now = START
    for number, look_now in enumerate([*looks, True]):
        now += STEP
        names = _land(watch, layout, now, number)
        if look_now:
            watch.look(now + timedelta(minutes=30))
            newest = watch.runs[-1]
            assert newest.good
            assert newest.finished == now + timedelta(seconds=len(names) - 1)
