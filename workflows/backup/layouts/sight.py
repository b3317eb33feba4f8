"""One look at one watched prefix: what it may cost, and what it says."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zlib import crc32

from workflows.backup.evidence import Run
from workflows.backup.job import Target
from workflows.kernel.ports import Json, Object, Objects, Page

PAGES_MAX = 200
"""A look never lists more pages than this; what lies beyond makes it unsure."""

RUNS_MAX = 60
"""So many of the newest runs a full walk hands on."""

REPOSITORY = "repository"
"""The kind of a run whose size is the repository's total at its end."""

KEPT_MAX = 20_000
DAY_SECONDS = 86_400

Kept = dict[str, datetime]
"""When a prefix was last walked in full by this process. Losing it costs one walk, no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one look found.

    Attributes:
        runs: those that are new or changed since the cursor; on a full walk all that are kept, newest last, at most 60.
        present: the ids of all runs that are there, when the look saw them all; None when it saw a part.
        gone: ids of runs that a partial look found to be no longer there, or no longer running.
        cursor: small and JSON-able; the equal dict comes back when nothing is new.
        unsure: why the listing cannot be trusted; empty when it can.
        warnings: what is odd about the prefix though it can be used, in words for the admin.
        pages: how many listing calls this look took.
    """

    target: str
    runs: tuple[Run, ...] = ()
    present: frozenset[str] | None = None
    gone: frozenset[str] = frozenset()
    cursor: Json = field(default_factory=dict)
    unsure: str = ""
    warnings: tuple[str, ...] = ()
    pages: int = 0


@dataclass(slots=True, kw_only=True)
class Sight:
    """Reads one prefix, page by page, and counts what that costs."""

    target: Target
    objects: Objects
    now: datetime
    window: timedelta
    thorough: bool
    kept: Kept
    pages: int = 0

    @property
    def day(self) -> int:
        """Counts days from a moment of the target's own, so that the daily walks of a fleet are spread over the day."""
        return (int(self.now.timestamp()) - crc32(self.target.text.encode()) % DAY_SECONDS) // DAY_SECONDS

    @property
    def root(self) -> str:
        """The prefix as a folder, for layouts that are whole repositories."""
        prefix = self.target.prefix
        return prefix if not prefix or prefix.endswith("/") else prefix + "/"

    def page(self, prefix: str, *, start_after: str = "", delimiter: str = "", token: str = "", max_keys: int = 1000) -> Page:
        self.pages += 1
        return self.objects.page(
            self.target.bucket, prefix, start_after=start_after, delimiter=delimiter, token=token, max_keys=max_keys
        )

    def walk(self, prefix: str, *, pages_max: int = PAGES_MAX) -> tuple[list[Object], bool]:
        """All objects under the prefix, and whether those are all of them."""
        found: list[Object] = []
        token = ""
        last = min(self.pages + pages_max, PAGES_MAX)
        while self.pages < last:
            page = self.page(prefix, token=token)
            found += page.objects
            token = page.token
            if not token:
                return found, True
        return found, False

    def level(self, prefix: str) -> tuple[list[Object], list[str], bool]:
        """The objects and folders directly under the prefix, and whether those are all of them."""
        found: list[Object] = []
        folders: list[str] = []
        token = ""
        while self.pages < PAGES_MAX:
            page = self.page(prefix, delimiter="/", token=token)
            found += page.objects
            folders += page.prefixes
            token = page.token
            if not token:
                return found, folders, True
        return found, folders, False

    def walked_within(self, age: timedelta) -> bool:
        walked = self.kept.get(self.target.text)
        return walked is not None and timedelta(0) <= self.now - walked < age

    def remember_walk(self) -> None:
        if len(self.kept) >= KEPT_MAX:
            self.kept.clear()
        self.kept[self.target.text] = self.now


def epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def object_id(stored: Object) -> str:
    """An object's identity as a run: overwritten in place, it is another run."""
    return f"{stored.key}@{int(stored.modified.timestamp())}"


def total(objects: list[Object]) -> int:
    return sum(stored.size for stored in objects)


def newest_runs(runs: list[Run]) -> tuple[Run, ...]:
    return tuple(sorted(runs, key=lambda run: (run.at, run.id))[-RUNS_MAX:])
