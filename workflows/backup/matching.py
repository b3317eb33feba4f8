"""Which job of the list a report is about: by tool, host and job name, as the row's `report_from` says them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from workflows.backup.joblist import rows_of
from workflows.backup.reports.report import Report
from workflows.backup.targets import read_targets
from workflows.kernel.quantities import UnreadableError
from workflows.kernel.zones import zone_name

NO_TOOL = frozenset({"", "script"})
"""What a tool is called that nobody has a name for. One that is told apart later is still the one it was."""

LIKENESS_MIN = 0.85
"""Names this much alike may mean one thing; a person is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A row, as far as a report needs it: also one that is otherwise wrong, for its job goes on by its last good row.

    Attributes:
        zone: IANA name, never empty. told_by_report: its target says that reports tell of it.
    """

    job_id: str
    name: str
    zone: str
    report_from: str = ""
    told_by_report: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """`sure`: of this job; `doubtful`: perhaps of one of these; `unknown`: of none."""

    kind: Literal["sure", "doubtful", "unknown"]
    jobs: tuple[Known, ...] = ()


UNKNOWN = Match(kind="unknown")


def known_jobs(text: str, *, timezone: str) -> tuple[Known, ...] | None:
    """The rows of the job list (CSV); None where it cannot be read as a list. `timezone`: for rows that name none."""
    rows = rows_of(text)
    if rows is None:
        return None
    return tuple(
        Known(
            job_id=job_id,
            name=" ".join(cells.get("name", "").split()) or job_id,
            zone=_zone(cells.get("timezone", ""), timezone),
            report_from=cells.get("report_from", ""),
            told_by_report=_told_by_report(cells.get("target", "")),
        )
        for job_id, cells in rows
    )


def match(report: Report, jobs: Iterable[Known]) -> Match:
    """Finds the report's job. Sure only where one row's `report_from` agrees better than that of any other."""
    listed = tuple(jobs)
    agreeing = [(agreement, job) for job in listed if (agreement := _agreement(report, job.report_from))]
    best = max((agreement for agreement, _ in agreeing), default=0)
    found = tuple(job for agreement, job in agreeing if agreement == best)
    if len(found) == 1:
        return Match(kind="sure", jobs=found)
    if found:
        return Match(kind="doubtful", jobs=found)
    alike = tuple(job for job in listed if job.told_by_report and not job.report_from.strip() and _alike(report, job))
    return Match(kind="doubtful", jobs=alike) if len(alike) == 1 else UNKNOWN


# --- report_from ---------------------------------------------------------------------------------

_PLACES = {1: ((1,), (2,)), 2: ((0, 1), (0, 2), (1, 2)), 3: ((0, 1, 2),)}
"""What a cell of so many parts may say: tool, host and job are 0, 1 and 2. A tool alone would be any job's."""


def _parts(report_from: str) -> list[str]:
    """By "·"; else by "|"; else by a slash between spaces; else by slashes, where there are just two and none begins a path."""
    for mark in (r"[·•‧]", r"\|", r"\s/\s"):
        if re.search(mark, report_from):
            parts = [part.strip() for part in re.split(mark, report_from)]
            return [*parts[:2], " ".join(parts[2:])] if len(parts) > 3 else parts
    parts = [part.strip() for part in report_from.split("/")]
    return parts if len(parts) == 3 and parts[0] else [report_from.strip()]


def _agreement(report: Report, report_from: str) -> int:
    """How many parts agree, as favourably as they can be read; 0 where one disagrees, or none but the tool agrees."""
    if not report_from.strip():
        return 0
    parts = _parts(report_from)
    readings = [dict(zip(places, parts, strict=True)) for places in _PLACES[len(parts)]]
    return max(_agreeing(report, reading) for reading in readings)


def _agreeing(report: Report, reading: dict[int, str]) -> int:
    """What is blank, in the row or in the report, says nothing."""
    tool, host, job = (reading.get(place, "") for place in range(3))
    names = [name for name in (report.series, report.job) if plain(name)]
    pairs = [
        (not {plain(tool), plain(report.tool)} & NO_TOOL, _same_tool(tool, report.tool)),
        (bool(plain(host) and plain(report.host)), _same_host(host, report.host)),
        (bool(plain(job) and names), any(_same(job, name) for name in names)),
    ]
    if any(both and not same for both, same in pairs):
        return 0
    return sum(both for both, _ in pairs) if any(both for both, _ in pairs[1:]) else 0


def _same(written: str, name: str) -> bool:
    """Whether the cell names this; a cell holds only the beginning of a very long name."""
    if written.endswith("…"):
        return plain(name).startswith(plain(written))
    return plain(written) == plain(name)


def plain(text: str) -> str:
    """A name as names are compared: without case, accents, spaces and marks between words."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in folded if c.isalnum())


def _same_tool(one: str, other: str) -> bool:
    """One may be the beginning of the other, as "Veeam" of "Veeam Backup & Replication"."""
    short, long = sorted((plain(one), plain(other)), key=len)
    return short == long or (len(short) >= 3 and long.startswith(short))


def _same_host(one: str, other: str) -> bool:
    """A name means the same with its domain and without, as "nas-02" and "nas-02.example.com"; two domains must be one."""
    if _same(one, other):
        return True
    first, second = one.casefold().strip().split("."), other.casefold().strip().split(".")
    named = min(len(first), len(second)) == 1 and not first[0].isdecimal()
    return named and plain(first[0]) == plain(second[0])


# --- likeness ------------------------------------------------------------------------------------


def _alike(report: Report, job: Known) -> bool:
    names = [report.series, report.job, f"{report.host} {report.series or report.job}", f"{report.tool} {report.host}"]
    return any(_like(name, own) for name in names for own in (job.name, job.job_id))


def _like(one: str, other: str) -> bool:
    first, second = words(one[:200]), words(other[:200])
    if not first or not second:
        return False
    if first == second or SequenceMatcher(None, " ".join(first), " ".join(second)).ratio() >= LIKENESS_MIN:
        return True
    small, large = sorted((set(first), set(second)), key=len)
    return len("".join(small)) >= 5 and small <= large and len(small) * 2 > len(large)


def words(text: str) -> Sequence[str]:
    """The words of a text, in order, as `plain` has them."""
    return [word for part in re.split(r"[\W_]+", text) if (word := plain(part))]


# --- the row -------------------------------------------------------------------------------------


def _zone(typed: str, otherwise: str) -> str:
    try:
        return zone_name(typed) if typed else otherwise
    except UnreadableError:
        return otherwise


def _told_by_report(target: str) -> bool:
    try:
        return any(one.kind == "report" for one in read_targets(target))
    except UnreadableError:
        return "report" in target.lower().split()
