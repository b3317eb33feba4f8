"""Veeam: Backup & Replication (also copy, replication, tape, configuration jobs), the agents, Backup for Microsoft 365.

HTML only. The head names the kind of job and the job; a row says how many machines were processed; the cells hold times without
a date,
in the clock and with the decimal mark of the server's country, so that the day is the headline's. GB are powers of 1024.
"""

import re
from datetime import datetime, timedelta

from workflows.backup.reports.durations import duration_of
from workflows.backup.reports.form import ends, read_size
from workflows.backup.reports.moments import Order, at_clock, clock_of, day_of, moment_of, order_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.signs import status_of_lines
from workflows.backup.reports.statuses import said, worst
from workflows.kernel.mail import Part

_HEAD = re.compile(
    r"^[ \t]*((?:[\w&/-]+ ){1,6}(?:job|policy|plan))[ \t]*:[ \t]*([^\t\n]+?)[ \t]*(?:(?:\t|[ ]{2,})[^\n]*)?$",
    re.IGNORECASE | re.MULTILINE,
)
_CONFIGURATION = re.compile(r"^[ \t]*((?:backup configuration|configuration backup)(?: job)?)\b", re.IGNORECASE | re.MULTILINE)
_MARK = re.compile(r"\bveeam\b", re.IGNORECASE)
_SUMMARY = re.compile(r"\bStart time\s+\S[\s\S]{0,400}?\b(?:End time|Duration)\s", re.IGNORECASE)
_SUBJECT = re.compile(r"\[(Success|Warning|Failed|Error|None)\]\s*(.+)$", re.IGNORECASE)
_COUNTS = re.compile(r"\s*\(\d+ [a-z ]{3,20}\)(?:\s+\d+ \w+(?:,? \d+ \w+)*)?\s*$", re.IGNORECASE)
_ISSUES = re.compile(r"\)\s+(\d+) (error|failure|warning)s?\b", re.IGNORECASE)
_RETRY = re.compile(r"\s*\((?:full |incremental )?retry(?: \d+)?\)\s*$", re.IGNORECASE)
_PROCESSED = re.compile(r"\b(\d+) of (\d+) ([\w /-]{2,40}?) processed\b", re.IGNORECASE)
_COUNT = r"(?:^|[\t\n]|\s){word}s?[ \t]{{1,40}}(\d{{1,6}})(?=\s|$)"
_STATUS_LINE = re.compile(r"(?:^|\t)[ \t]*(Success|Warning|Failed|Error)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_CELL = r"\b{label}[ \t]*(?:[\t:\n]|[ ])[ \t]*([^\t\n]+?)(?=[ \t]*(?:\t|\n|$|[ ]{{2}}|(?:{labels})\b))"
_LABELS = (
    "Start time|End time|Duration|Total size|Data read|Transferred|Backup size|Dedupe"
    "|Compression|Total|Success|Warning|Error|Read|Written"
    "|Processed|Processing rate|Data transferred|Details|Name"
)
_MAINTENANCE = re.compile(r"surebackup|health check|restore|verif|migration|\bscan\b|compact", re.IGNORECASE)
_OBJECTS = re.compile(r"^Name\tStatus\t[^\n]*\n([^\t\n]+)\t[^\n]*\n(?![^\t\n]+\t(?:Success|Warning|Failed)\t)", re.MULTILINE)
_NOTICE = re.compile(
    r"licen[cs]e|support contract|update available|new version|test (?:e-?mail|message)|free (?:disk )?space|running out",
    re.IGNORECASE,
)


def read(part: Part) -> tuple[Report, ...] | None:
    """One job's session."""
    text = ends(part.text)
    subject = _SUBJECT.search(part.subject)
    summary = _SUMMARY.search(text)
    if not summary or not (subject or _MARK.search(text) or _MARK.search(part.subject)):
        about_veeam = _MARK.search(part.subject) and _NOTICE.search(part.subject)
        return () if about_veeam else None
    head = _HEAD.search(text) or _CONFIGURATION.search(text)
    if head is None and subject is None:
        return None
    return (_report(part, text, head, subject),)


def _report(part: Part, text: str, head: re.Match[str] | None, subject: re.Match[str] | None) -> Report:
    order = order_of(text, part.sent)
    kind = head[1] if head else ""
    titled = head[2] if head and head.re is _HEAD else ""
    job = _job(titled, _COUNTS.sub("", subject[2]) if subject else "", kind)
    status, words = _status(text, head, subject, job)
    duration = duration_of(_cell(text, "Duration"))
    started, finished = _times(text, order, duration)
    tool = _tool(kind, text)
    return Report(
        tool=tool,
        status=status,
        job=job,
        host=_machine(text, part.subject, job) if tool == "veeam-agent" else "",
        started=started,
        finished=finished,
        day=None if started or finished else day_of(_headline(text), order),
        duration=duration,
        size=_size(text),
        maintenance=bool(_MAINTENANCE.search(kind)),
        said=words,
    )


def _tool(kind: str, text: str) -> str:
    if re.search(r"365|organization", kind, re.IGNORECASE) or "Veeam Backup for Microsoft" in text:
        return "veeam-m365"
    agent = re.search(r"agent|endpoint", kind, re.IGNORECASE) or re.search(r"Veeam (?:Agent|Endpoint)", text[-400:])
    return "veeam-agent" if agent else "veeam-br"


def _job(titled: str, subject: str, kind: str) -> str:
    """Without what changes from run to run: the title says "(Retry 2)", also "(Incremental)" where the subject does not."""
    title, subject = _RETRY.sub("", titled).strip(), _RETRY.sub("", subject).strip()
    if subject and title.startswith(f"{subject} "):
        return subject
    return title or subject or kind.strip()


def _status(text: str, head: re.Match[str] | None, subject: re.Match[str] | None, job: str) -> tuple[Status, str]:
    """The worst of the subject, the headline, the counts, and how many machines of all were processed."""
    lines = [subject[1]] if subject else []
    if subject and (issues := _ISSUES.search(subject[0])) and int(issues[1]):
        lines.append("failed" if issues[2].lower() != "warning" else "warning")
    if head and (shown := _STATUS_LINE.search(text, max(0, head.start() - 200), head.end() + 400)):
        lines.append(shown[1])
    status, words = status_of_lines(lines, [job])
    signs: list[Status] = [status] if lines else []
    signs += ["failure"] if _count(text, "Error") or _count(text, "Failed") else []
    signs += ["warning"] if _count(text, "Warning") or not _all_processed(text) else []
    return worst(signs), said(subject[0]) if subject else words


def _count(text: str, word: str) -> int:
    found = re.search(_COUNT.format(word=word), text, re.IGNORECASE)
    return int(found[1]) if found else 0


def _all_processed(text: str) -> bool:
    found = _PROCESSED.search(text)
    return found is None or 0 < int(found[2]) <= int(found[1])


def _cell(text: str, label: str) -> str:
    found = re.search(_CELL.format(label=label, labels=_LABELS), text, re.IGNORECASE)
    return found[1].strip() if found else ""


def _size(text: str) -> int | None:
    cells = (_cell(text, label) for label in ("Total size", "Data read", "Backup size", "Data transferred", "Transferred"))
    return next((size for cell in cells if (size := read_size(cell, binary=True)) is not None), None)


def _headline(text: str) -> str:
    """The line with the day of the session: the last with a day before the first cell with a time."""
    start = re.search(r"\bStart time\b", text, re.IGNORECASE)
    before = text[: start.start()] if start else text[:2000]
    lines = [line for line in before.split("\n") if not re.search(r"\bat \d|created by|modified by", line, re.IGNORECASE)]
    return next((line for line in reversed(lines) if re.search(r"\d{4}|\d[./-]\d", line)), "")


def _times(text: str, order: Order, duration: timedelta | None) -> tuple[datetime | None, datetime | None]:
    """From the cells; a cell's own date counts, else the headline's day, and an end before the start is on the day after."""
    cells = _cell(text, "Start time"), _cell(text, "End time")
    day = day_of(_headline(text), order)
    clock = clock_of(cells[0])
    started = moment_of(cells[0], order) or (at_clock(day, clock) if day and clock else None)
    finished = moment_of(cells[1], order)
    end = clock_of(cells[1])
    if finished is None and end and (started or day):
        finished = at_clock(started, end) if started else at_clock(day, end) if day else None
    if started and finished and duration and not moment_of(cells[1], order):
        finished += timedelta(days=round((started + duration - finished) / timedelta(days=1)))
    return started, finished


def _machine(text: str, subject: str, job: str) -> str:
    """The machine of an agent: before the job in the subject, else the only one of the list."""
    named = re.search(rf"\]\s*(\S.*?)\s+-\s+{re.escape(job)}", subject) if job else None
    one = _OBJECTS.search(text + "\n")
    return (named[1] if named else one[1] if one else "").strip()
