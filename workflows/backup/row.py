"""One row of the job list: from cells to a job, or to what is wrong with it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from workflows.backup.job import Job
from workflows.backup.rules import Rules
from workflows.backup.targets import NEED_A_CLAIM, TARGET_RIGHT, read_layout, read_targets
from workflows.kernel.addresses import read_email
from workflows.kernel.quantities import WINDOW_RIGHT, UnreadableError, parse_size, parse_window, window_text
from workflows.kernel.schedule_text import FORMS
from workflows.kernel.slots import Schedule, parse_schedule
from workflows.kernel.zones import zone_name

COLUMNS = (
    "job_id",
    "name",
    "what",
    "group",
    "owner_email",
    "target",
    "layout",
    "schedule",
    "timezone",
    "window",
    "min_size",
    "critical",
    "report_from",
)
T = TypeVar("T")


class RowError(NamedTuple):
    """What is wrong with a cell, and what would be right.

    Attributes:
        row_number: as the sheet counts (the header is row 1); 0 for a stored row.
        column: "" when it is about the whole row.
        job_id: the job that the row means; "" where that is not known, or where the id belongs to another row.
    """

    row_number: int
    column: str
    problem: str
    fix: str
    job_id: str = ""
    name: str = ""


def read_row(cells: Mapping[str, str], *, job_id: str, number: int, timezone: str, rules: Rules) -> Job | tuple[RowError, ...]:
    """The job that these cells describe, or everything that is wrong with them.

    Args:
        cells: canonical column name -> text, trimmed; blank cells may be missing.
        job_id: as decided from the whole list. timezone: IANA name for rows that state none.
    """
    name = " ".join(cells.get("name", "").split()) or job_id
    errors: list[RowError] = []

    def wrong(column: str, problem: str, fix: str) -> None:
        errors.append(RowError(number, column, problem, fix, job_id, name))

    def tried(column: str, read: Callable[[str], T], blank: T) -> T:
        text = cells.get(column, "")
        if not text:
            return blank
        try:
            return read(text)
        except UnreadableError as error:
            wrong(column, f'cannot read "{error.typed}"', error.right)
            return blank

    zone = tried("timezone", _zone, timezone)
    schedule = _schedule(cells["schedule"], zone) if cells.get("schedule") else None
    if isinstance(schedule, str):
        wrong("schedule", schedule, FORMS)
        schedule = None
    job = Job(
        job_id=job_id,
        name=name,
        targets=tried("target", read_targets, ()),
        timezone=zone,
        what=cells.get("what", ""),
        group=" ".join(cells.get("group", "").split()),
        owner_email=tried("owner_email", read_email, ""),
        layout=tried("layout", read_layout, "files"),
        schedule=schedule,
        window=tried("window", parse_window, None),
        min_size=tried("min_size", parse_size, None),
        critical=tried("critical", _yes_or_no, blank=False),
        report_from=cells.get("report_from", ""),
        cells=dict(cells),
        row_number=number,
    )
    if not errors:
        for column, problem, fix in _gaps(job, rules):
            wrong(column, problem, fix)
    return tuple(errors) or job


def _gaps(job: Job, rules: Rules) -> list[tuple[str, str, str]]:
    """What is missing from cells that can each be read."""
    gaps = []
    if not job.targets:
        gaps.append(("target", "there is no target", TARGET_RIGHT))
    elif job.layout != "files" and not job.objects:
        gaps.append(
            (
                "layout",
                f"{job.layout} is read from objects, and no target is a bucket",
                "an s3://bucket/prefix target, or a blank layout",
            )
        )
    elif job.layout in NEED_A_CLAIM and not job.claims:
        gaps.append(("layout", f"{job.layout} leaves no mark at the end of a run", "heartbeat or report beside the s3 target"))
    if job.schedule is None and rules.thresholds(job).window is None:
        gaps.append(
            (
                "window",
                "there is neither a schedule nor a window",
                f"a window such as {WINDOW_RIGHT}, or a schedule such as daily 02:00",
            )
        )
    return gaps


_TRUE = frozenset({"yes", "y", "true", "t", "x", "1", "on", "✓", "✔", "✅", "☑", "critical"})
_FALSE = frozenset({"no", "n", "false", "f", "0", "off", "-", "–", "—", "☐"})


def _yes_or_no(text: str) -> bool:
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        raise UnreadableError(text, "yes or no")
    return word in _TRUE


# a list may repeat one mistake ten thousand times, so mistakes are remembered as well as successes
@lru_cache(maxsize=1024)
def _zone_or_error(text: str) -> str | UnreadableError:
    try:
        return zone_name(text)
    except UnreadableError as error:
        return error


def _zone(text: str) -> str:
    zone = _zone_or_error(text)
    if isinstance(zone, UnreadableError):
        raise UnreadableError(text, zone.right)
    return zone


@lru_cache(maxsize=16_384)
def _schedule(text: str, zone: str) -> Schedule | str:
    try:
        return parse_schedule(text, zone)
    except ValueError as error:
        return str(error)


# --- rows that can be used but are odd ----------------------------------------------------------


def layout_warning(job: Job) -> str:
    """In words, what this layout alone cannot tell, where nothing beside it does; else ""."""
    if job.layout != "borg" or job.claims:
        return ""
    return "borg's keys cannot tell a backup from a rename, a recreate or the checkpoint of one that was cut short"


# --- a window shorter than the schedule allows ---------------------------------------------------

_SOME_WEDNESDAY = datetime(2025, 1, 15, tzinfo=UTC)  # any will do, away from changes of clocks


def window_warning(job: Job) -> str:
    """In words, that the row's window is shorter than the schedule's longest gap, with the days if only some have it; else ""."""
    if job.window is None or job.schedule is None or job.window >= job.schedule.gap:
        return ""
    return _window_warning(job.schedule, job.window)


@lru_cache(maxsize=4096)
def _window_warning(schedule: Schedule, window: timedelta) -> str:
    return f"the window is {window_text(window)}, but {schedule.text} leaves {window_text(schedule.gap)}{_days_of_gap(schedule)}"


def _days_of_gap(schedule: Schedule) -> str:
    """The weekdays of the longest gap, as in " from Fri to Mon"; "" where every gap is as long, or no weekday decides."""
    if not timedelta(days=1) < schedule.gap <= timedelta(days=7):
        return ""
    for count in (8, 100):  # most schedules show it within a week; one of many times a day takes more slots
        slots = schedule.slots_before(_SOME_WEDNESDAY, count)
        gaps = [(later - earlier, earlier, later) for later, earlier in pairwise(slots)]
        longest, begin, end = max(gaps, default=(timedelta(), _SOME_WEDNESDAY, _SOME_WEDNESDAY))
        if longest == schedule.gap > min(gaps)[0]:
            zone = ZoneInfo(schedule.zone)
            return f" from {begin.astimezone(zone):%a} to {end.astimezone(zone):%a}"
    return ""
