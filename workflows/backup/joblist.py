"""The job list: every row that can be understood, and for every other row what is wrong with it."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import dropwhile

from workflows.backup.job import Job
from workflows.backup.job_id import JOB_ID_MAX, JOB_ID_RIGHT, is_job_id, is_reserved, of_a_word
from workflows.backup.row import COLUMNS, RowError, layout_warning, read_row, window_warning
from workflows.backup.rules import Rules
from workflows.kernel.quantities import shown
from workflows.kernel.table import Row, Table, key_of, read_table

__all__ = ["COLUMNS", "JobList", "RowError", "job_from_cells", "parse_jobs", "rows_of", "slug_of"]


HEARD_TOO = "heartbeat beside the s3 target, so that the script says when a backup is done"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobList:
    """What a job list says.

    Attributes:
        errors: of rows that give no job. warnings: of rows that do, and of the header.
        readable: False when the list as a whole could not be read (errors say why): its jobs are then unknown, not gone.
    """

    jobs: tuple[Job, ...] = ()
    errors: tuple[RowError, ...] = ()
    warnings: tuple[RowError, ...] = ()
    readable: bool = True


def parse_jobs(text: str, *, timezone: str, rules: Rules) -> JobList:
    """Reads the list as exported (CSV). `timezone` is the IANA name for rows that state none. Never raises."""
    table = read_table(text, COLUMNS)
    errors = [RowError(*problem) for problem in table.problems]
    missing = _missing_column(table)
    if not table.readable or missing:
        return JobList(errors=(*errors, *missing), readable=False)
    jobs: list[Job] = []
    for number, cells, job_id in _identified(table, errors):
        read = read_row(cells, job_id=job_id, number=number, timezone=timezone, rules=rules)
        if isinstance(read, Job):
            jobs.append(read)
        else:
            errors.extend(read)
    warnings = _warnings(jobs)
    return JobList(
        jobs=tuple(_warned(job, warnings) for job in jobs),
        errors=tuple(sorted(errors, key=lambda error: error.row_number)),
        warnings=(*_headers_mistyped(table), *(warning for number in sorted(warnings) for warning in warnings[number])),
    )


def rows_of(text: str) -> tuple[tuple[str, dict[str, str]], ...] | None:
    """(job_id, cells that hold something) of every row with an id of its own, whatever else is wrong with it.

    None where the text cannot be read as a list at all.
    """
    table = read_table(text, COLUMNS)
    if not table.readable or _missing_column(table):
        return None
    return tuple((job_id, cells) for _, cells, job_id in _identified(table, []))


def job_from_cells(cells: Mapping[str, str], *, timezone: str, rules: Rules) -> Job | tuple[RowError, ...]:
    """The job of one stored row (`Job.cells`), or what is wrong with it. A blank job_id is the slug of the name, as in a list."""
    job_id, error = _job_id({column: text for column, text in cells.items() if text})
    if error is not None:
        return (error,)
    return read_row(cells, job_id=job_id, number=0, timezone=timezone, rules=rules)


# --- which job a row means -----------------------------------------------------------------------


def slug_of(name: str) -> str:
    """A name as an id: lower case, without accents, in any alphabet; "" for a name without letters and digits."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not "\u0300" <= c <= "\u036f")
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", plain).casefold())
    slug = "-".join("".join(c if of_a_word(c) else " " for c in folded).split())
    return "".join(dropwhile(lambda c: not c.isalnum(), slug[:JOB_ID_MAX])).rstrip("-")


def _job_id(cells: Mapping[str, str], number: int = 0) -> tuple[str, RowError | None]:
    """The id that a row names, else the slug of its name; and why it has none."""
    typed, name = unicodedata.normalize("NFC", cells.get("job_id", "")), " ".join(cells.get("name", "").split())
    if typed.startswith("#"):
        return "", RowError(number, "job_id", f'"{shown(typed)}" is reserved', "an id that does not begin with #", "", name)
    if typed and not is_job_id(typed):
        return "", RowError(number, "job_id", f'cannot use "{shown(typed)}"', JOB_ID_RIGHT, "", name)
    slug = typed or slug_of(name)
    if is_reserved(slug):
        problem = f'"{shown(slug)}" is reserved: under this id the sentinel tests itself every week'
        return "", RowError(number, "job_id" if typed else "name", problem, "an id of its own in job_id", "", name)
    if not slug:
        column, problem = (
            ("job_id", f'no id can be made of "{shown(name)}"') if name else ("name", "there is neither a name nor a job_id")
        )
        return "", RowError(number, column, problem, f"a name, and in job_id {JOB_ID_RIGHT}", "", name)
    return slug, None


def _identified(table: Table, errors: list[RowError]) -> Iterator[tuple[int, dict[str, str], str]]:
    """(row number, cells that hold something, job_id) of each row that has an id of its own."""
    places = tuple(table.columns.items())
    rows = [(row.number, cells) for row in table.rows if (cells := _cells(row, places))]
    taken: dict[str, int] = {}
    ids: dict[int, str] = {}
    # ids that are typed come first: a new row may not take the history of an old one by its name
    for number, cells in sorted(rows, key=lambda row: "job_id" not in row[1]):
        job_id, error = _job_id(cells, number)
        holder = taken.setdefault(job_id.casefold(), number) if job_id else number
        if error is None and holder != number:
            column = "job_id" if "job_id" in cells else "name"
            error = RowError(
                number, column, f'"{job_id}" is the id of row {holder}', "a job_id of its own", "", cells.get("name", "")
            )
        if error is None:
            ids[number] = job_id
        else:
            errors.append(error)
    return ((number, cells, ids[number]) for number, cells in rows if number in ids)


def _cells(row: Row, places: Sequence[tuple[str, int]]) -> dict[str, str]:
    cells = row.cells
    return {column: cells[place] for column, place in places if cells[place]}


# --- the header, and rows that can be used but are odd -------------------------------------------


def _missing_column(table: Table) -> tuple[RowError, ...]:
    if not table.readable:
        return ()
    needed = "target" if "target" not in table.columns else "name"
    if needed in table.columns or (needed == "name" and "job_id" in table.columns):
        return ()
    return (RowError(1, needed, f"there is no column {needed}", f"a header with {', '.join(COLUMNS)}"),)


def _headers_mistyped(table: Table) -> tuple[RowError, ...]:
    absent = {key_of(column): column for column in COLUMNS if column not in table.columns}
    near = ((header, get_close_matches(key_of(header)[:40], absent, n=1, cutoff=0.75)) for header in list(table.others)[:100])
    return tuple(
        RowError(1, shown(header), f'no column is called "{shown(header)}", so it is ignored', f"perhaps {absent[found[0]]}")
        for header, found in near
        if found
    )


def _warnings(jobs: Sequence[Job]) -> dict[int, list[RowError]]:
    warnings: dict[int, list[RowError]] = {}
    for job in jobs:
        if window := window_warning(job):
            warnings.setdefault(job.row_number, []).append(_warning(job, "window", window, "a longer window, or none"))
        if layout := layout_warning(job):
            warnings.setdefault(job.row_number, []).append(_warning(job, "layout", layout, HEARD_TOO))
    for job, other, target in _overlaps(jobs):
        problem = f"{target} also holds the files of {shown(other.name)} (row {other.row_number})"
        fix = "a prefix of its own, ended by /, so that neither stands in for the other"
        warnings.setdefault(job.row_number, []).append(_warning(job, "target", problem, fix))
    return warnings


def _overlaps(jobs: Sequence[Job]) -> Iterator[tuple[Job, Job, str]]:
    """Jobs whose files could be another job's: while the other runs, the one would look alive."""
    places = sorted(((*target, job.row_number, job) for job in jobs for target in _prefixes(job)), key=lambda place: place[:3])
    for index, (bucket, prefix, _, job) in enumerate(places, start=1):
        for following in range(index, len(places)):
            next_bucket, next_prefix, _, other = places[following]
            if next_bucket != bucket or not next_prefix.startswith(prefix):
                break
            if other is not job:
                if job.layout == (other.layout if next_prefix == prefix else "files"):
                    yield job, other, f"s3://{bucket}/{prefix}"
                break


def _prefixes(job: Job) -> Iterator[tuple[str, str]]:
    return ((target.bucket, target.prefix) for target in job.objects)


def _warning(job: Job, column: str, problem: str, fix: str) -> RowError:
    return RowError(job.row_number, column, problem, fix, job.job_id, job.name)


def _warned(job: Job, warnings: Mapping[int, Sequence[RowError]]) -> Job:
    found = warnings.get(job.row_number)
    return replace(job, warnings=tuple(warning.problem for warning in found)) if found else job
