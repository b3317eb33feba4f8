"""Cobian Backup and Reflector: one line between stars ends each task and counts its errors, in the language of the program.

The lines before it tell of shadow copies that "successfully" came and went: they decide nothing.
"""

import re
from datetime import datetime

from workflows.backup.reports.form import compiled, ends, line_at
from workflows.backup.reports.moments import Order, moment_of, order_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.signs import status_of_line
from workflows.backup.reports.sizes import number_of, size_in
from workflows.kernel.mail import Part

_MARK = re.compile(r"\bCobian (?:Backup|Reflector)\b", re.IGNORECASE)
_END = re.compile(
    (
        r"^(?P<at>[^\n*]{0,30}?)[ \t]*\*{2,3}[ \t]*(?P<says>[^\n\"“«]{0,120}?)[\"“«](?P<job>[^\"”»\n]{1,"
        r"200})[\"”»]\.?[ \t]*(?P<counts>(?:[^\n:]{2,40}:[^\n:]{1,30}){2,8})\*{2,3}"
    ),
    re.MULTILINE,
)
_COUNT = re.compile(r"([^\s.:][^.:]{1,40}):\s*([\d., \u00a0]*\d(?:\s?\w{1,5})?)")
_OVERALL = re.compile(
    r"^(?P<at>[^\n*]{0,30}?)[ \t]*\*{2,3}[ \t]*[^\n\"*]{3,60}[.:][^\n\"*]{0,20}\bErr\w{0,6}:\s*(?P<errors>\d+)[^\n]*",
    re.MULTILINE | re.IGNORECASE,
)
_HOST = re.compile(r"[\[(]([^\])\s]{2,63})[\])]")


def read(part: Part) -> tuple[Report, ...] | None:
    """A run for each task that ended; a task that only began, or a log without an end, is not known to be good."""
    text = ends(part.text)
    found = list(_END.finditer(text))
    if not found and not _MARK.search(f"{part.subject}\n{text}"):
        return None
    order = order_of(text, part.sent)
    named = _HOST.search(part.subject) if _MARK.search(part.subject) else None
    host = named[1] if named and not re.match(r"\d{4}-", named[1]) else ""
    if found:
        return tuple(_task(one, text, host, order) for one in found)
    return _without_task(text, part.subject, host, order)


def _task(found: re.Match[str], text: str, host: str, order: Order) -> Report:
    counts = [(name, value) for name, value in _COUNT.findall(found["counts"])]
    numbers = [int(number) for _, value in counts if (number := number_of(value)) is not None]
    errors, done = (numbers[0] if numbers else None), (numbers[2] if len(numbers) > 2 else None)
    status: Status = "unknown" if errors is None else "success" if errors == 0 else "failure" if done == 0 else "warning"
    if status_of_line(found["says"]) == "failure":
        status = "failure"
    return Report(
        tool="cobian",
        status=status,
        job=found["job"].strip(),
        host=host,
        started=_began(text[: found.start()], found["job"], order),
        finished=moment_of(found["at"], order),
        size=next((size for _, value in reversed(counts) if (size := size_in(value)) is not None), None),
        said=line_at(text, found.start()),
    )


def _began(before: str, job: str, order: Order) -> datetime | None:
    """When the task's first line was written."""
    first = compiled(rf"^([^\n*]{{0,30}}?)[ \t]*\*{{2,3}}[^\n]{{0,120}}[\"“«]{re.escape(job)}[\"”»]").search(before)
    return moment_of(first[1], order) if first else None


def _without_task(text: str, subject: str, host: str, order: Order) -> tuple[Report, ...]:
    """Some versions only count at the end of all; an error line or a word for a failure is enough for a bad one."""
    overall = _OVERALL.search(text)
    broken = re.search(r"^(?:[^\n]{0,30} )?ERR\b[^\n]*", text, re.MULTILINE)
    bad = broken or status_of_line(subject) == "failure"
    if overall is None and not bad:
        return ()
    good = overall is not None and overall["errors"] == "0" and not bad
    status: Status = "success" if good else "warning" if overall else "failure"
    at = overall.start() if overall else broken.start() if broken else 0
    finished = moment_of(overall["at"], order) if overall else None
    return (Report(tool="cobian", status=status, host=host, finished=finished, said=line_at(text, at)),)
