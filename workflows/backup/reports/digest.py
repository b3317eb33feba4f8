"""Lists of runs, a line each, without a head of columns: "OK  files  01:00 - 01:12  12.4 GiB", "db01: failed (disk full)"."""

import re
from collections.abc import Iterable
from dataclasses import replace

from workflows.backup.reports.durations import duration_of
from workflows.backup.reports.fields import field_of
from workflows.backup.reports.labels import LINES_MAX, cells
from workflows.backup.reports.maintenance import is_upkeep
from workflows.backup.reports.moments import at_clock, clock_of, moment_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.rows import Around
from workflows.backup.reports.sizes import size_in, size_of
from workflows.backup.reports.statuses import WORST, said, status_of

_MARK = re.compile(r"^\s*(?:[-*•·]\s+)?[\[(]?([^\W\d_]{2,16}|[✅✔✓❌✖✗✘⚠🟢🟡🟠🔴⛔])️?[\])]?(?:\s*[:|-])?\s+(\S.*)$")
_MARKS = "✅✔✓❌✖✗✘⚠🟢🟡🟠🔴⛔"
_MARKED_BEHIND = re.compile(rf"^\s*(?:[-*•·]\s+)?([\w][\w./@\\ -]{{0,60}}?)\s*[:|-]?\s*([{_MARKS}])️?\s*(.*)$")
_NAMED = re.compile(r"^\s*(?:[-*•·]\s+)?([\w][\w./@\\-]{1,60}(?: [\w./-]{1,30}){0,3}?)\s*(?::|\.{3,}|[-=]>|\s[-–—])\s+(\S.*)$")
_SPAN = re.compile(r"\b(\d{1,2}:\d{2}(?::\d{2})?)\s*(?:-|–|—|to|bis|à|a)\s*(\d{1,2}:\d{2}(?::\d{2})?)\b")
_STEP = re.compile(
    r"\s*(?:dump|sync|copy|creat|upload|download|check|start|stopp?|compress|encrypt|verify|clean|prun|remov|delet|u?n?mount|back"
    r"|archiv|export|import|transferr|lock|enabl|disabl|prepar|wait|runn|writ|read|connect|rotat|sav|send|scann)ing\b",
    re.IGNORECASE,
)
_LEADER = re.compile(r"\s*\.{3,}.*$")
LINE_MAX, _TOKEN_MAX = 400, 40


def read_lines(text: str, around: Around) -> tuple[Report, ...]:
    """The runs of a list; () where fewer than two lines are built alike, or trouble stands in a line that is not built so.

    Steps of one run ("Dumping the database: done") are no list of runs.
    """
    lines = [line for line in text.split("\n")[:LINES_MAX] if line.strip()]
    for one in (_marked, _celled, _named):
        told = [(line, one(line, around) if len(line) <= LINE_MAX else None) for line in lines]
        reports = [report for _, report in told if report is not None]
        if len(reports) >= 2 and 3 * len(reports) >= len(lines):
            if any(_is_step(report.job) for report in reports) or (one is _marked and _is_log(reports)):
                return ()
            return () if _in_trouble(line for line, report in told if report is None) else tuple(reports)
    return ()


def _is_step(name: str) -> bool:
    return _STEP.match(name) is not None or is_upkeep(name) or name.casefold() in {"backup", "status", "result", "sicherung"}


def _is_log(reports: list[Report]) -> bool:
    """Lines that all begin with "ERROR" or "WARNING" are a log, not a list: a list knows good ends too."""
    return all(report.status in WORST[:2] for report in reports)


def _in_trouble(lines: Iterable[str]) -> bool:
    """Whether one of them tells of trouble: some run's, that the list then does not tell."""
    return any(status_of(line) in WORST[:2] for line in lines)


def _marked(line: str, around: Around) -> Report | None:
    """The status comes first; a mark may also stand behind the name."""
    found = _MARK.match(line)
    if behind := _MARKED_BEHIND.match(line):
        return _report(line, status_of(behind[2]) or "unknown", (behind[1], *cells(behind[3])), around)
    status = _token(found[1]) if found else None
    if found is None or status is None:
        return None
    rest = cells(found[2])
    return _report(line, status, rest, around)


def _celled(line: str, around: Around) -> Report | None:
    """The status is a cell of its own."""
    row = [cell for cell in cells(line) if cell]
    status = next((sign for cell in row[1:] if (sign := _token(cell))), None)
    if status is None or len(row) < 2:
        return None
    return _report(line, status, tuple(cell for cell in row if _token(cell) is None), around)


def _named(line: str, around: Around) -> Report | None:
    """A name, a mark, and what became of it."""
    found = _NAMED.match(line)
    if found is None or field_of(found[1]) not in {None, "job", "what", "host"}:
        return None
    first = re.split(r"[(,;]| - ", found[2], maxsplit=1)[0].strip()
    status = _token(first)
    return None if status is None else _report(line, status, (found[1], found[2]), around)


def _token(text: str) -> Status | None:
    """The status that a word or two say, and nothing but that."""
    plain = text.strip(" []()*!.:️")
    return status_of(plain) if plain and len(plain) <= _TOKEN_MAX and len(plain.split()) <= 4 and not plain[0].isdigit() else None


def _report(line: str, status: Status, rest: tuple[str, ...], around: Around) -> Report | None:
    name = next((named for cell in rest if _is_name(named := _LEADER.sub("", cell))), "")
    if not name:
        return None
    report = Report(tool=around.tool, status=_with_words(status, rest, name), job=name[:300], said=said(line))
    span = _SPAN.search(line)
    if span and around.day and (start := clock_of(span[1])) and (end := clock_of(span[2])):
        started = at_clock(around.day, start)
        report = replace(report, started=started, finished=at_clock(started, end))
    elif (moment := moment_of(line, around.order)) is not None:
        report = replace(report, finished=moment)
    durations = (duration_of(cell) for cell in rest if cell != name and clock_of(cell) is None)
    return replace(report, size=size_in(line), duration=next((one for one in durations if one is not None), None))


def _with_words(status: Status, rest: tuple[str, ...], name: str) -> Status:
    """A good mark does not stand beside words of trouble."""
    others = [sign for cell in rest if cell != name and (sign := status_of(cell)) in {"failure", "warning"}]
    return "warning" if status == "success" and others else status


def _is_name(cell: str) -> bool:
    plain = cell.strip()
    if not plain or not any(c.isalpha() for c in plain) or len(plain) > 100:
        return False
    return size_of(plain) is None and duration_of(plain) is None and clock_of(plain) is None and moment_of(plain) is None
