"""Runs from a grid: a head of columns, and a row for each run; from a CSV file, a table in a mail, an object's list."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from workflows.backup.reports.fields import Field, field_of
from workflows.backup.reports.moments import moment_of
from workflows.backup.reports.report import Report
from workflows.backup.reports.rows import Around, report_of
from workflows.backup.reports.sizes import size_in
from workflows.backup.reports.statuses import status_of
from workflows.backup.reports.tables import tables
from workflows.kernel.mail import Part

ROWS_MAX = 1000
_COLUMNS_MAX = 60
_DELIMITERS = ";,\t|"


def read_csv(part: Part, around: Around) -> tuple[Report, ...]:
    """The rows of a text whose first line is a head of columns; () for any other text."""
    first = part.text.lstrip("\ufeff \n").split("\n", 1)[0][:5000]
    delimiter = max(_DELIMITERS, key=first.count)
    if first.count(delimiter) < 1:
        return ()
    try:
        rows = list(islice(csv.reader(io.StringIO(part.text.lstrip("\ufeff \n")), delimiter=delimiter), ROWS_MAX))
    except csv.Error:
        return ()
    return from_grid(rows[0], rows[1:], around) if rows else ()


def read_tables(text: str, around: Around) -> tuple[Report, ...]:
    """The rows of all tables of a text that tell of runs."""
    return tuple(report for table in tables(text) for report in from_grid(table.head, table.rows[:ROWS_MAX], around))


def from_grid(head: Sequence[str], rows: Iterable[Sequence[str]], around: Around) -> tuple[Report, ...]:
    """A run for each row; () where the head does not say enough to know that these are runs."""
    body = [row for row in rows if any(cell.strip() for cell in row)]
    names = _named(head[:_COLUMNS_MAX], body)
    known = {field_of(name) for name in names}
    if "status" not in known or not known & {"job", "host", "what"} or not body:
        return ()
    told = (report_of(zip(names, row, strict=False), around) for row in body)
    return tuple(_whole(report) for report in told if report is not None and (report.job or report.host or report.what))


def _whole(report: Report) -> Report:
    """A grid by machine has no other name for what runs there."""
    return report if report.job else replace(report, job=report.host or report.what)


def _named(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The head, where a column that means nothing is called after what stands in it."""
    names = list(head)
    known = {field_of(name) for name in head}
    for at, name in enumerate(head):
        values = [row[at].strip() for row in rows[:50] if at < len(row) and row[at].strip()]
        guess: Field | None = None if field_of(name) or not values else _meant(values)
        if guess and guess not in known and sum(field_of(one) is not None for one in head) >= 2:
            names[at] = guess
            known.add(guess)
    return names


def _meant(values: list[str]) -> Field | None:
    if all(size_in(value) is not None for value in values):
        return "size"
    if all(len(value) < 30 and status_of(value) for value in values):
        return "status"
    return "finished" if all(moment_of(value) for value in values) else None
