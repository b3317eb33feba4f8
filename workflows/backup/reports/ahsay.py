"""Ahsay, also as 1Backup and other brands: user, backup set and scheduled moment in the subject, labelled lines below.

The moment in the job's number is the schedule. Quotas are no sizes. A missed backup took no place.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from workflows.backup.reports.form import ends, read_size
from workflows.backup.reports.labels import labelled
from workflows.backup.reports.moments import Order, moment_of, moments_in, order_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.signs import status_of_line
from workflows.backup.reports.statuses import said
from workflows.kernel.mail import Part

_REPORT = re.compile(
    r"(?:Backup Report|Report di backup|Rapport de sauvegarde|Backup-Bericht|Sicherungsbericht)"
    r"\s*\[([^\]]*)\]\s*>\s*(.+?)\s*>\s*(.+?)\s*>\s*\S.*$",
    re.IGNORECASE | re.DOTALL,
)
_MISSED = re.compile(
    r"\b(?:Scheduled backup|Il backup programmato|Geplante Sicherung)\b[^,]{0,20},"
    r"\s*(.+?)\s*>\s*(.+?)\s*>\s*(\d{4}(?:-\d\d){5}),\s*(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_NOTICE = re.compile(
    r"exceeded its backup quota|quota|licen[cs]e|user (?:has been )?(?:added|removed)|inactive user", re.IGNORECASE
)
_BODY = re.compile(r"^Backup Job Summary\b|^Backup Set\b.*\n(?:.*\n){0,3}Destination\b", re.MULTILINE)
_USER = re.compile(r"^[ \t]*User[ \t]{0,40}[\t:]", re.MULTILINE)
_DESTINATION = re.compile(r"^[ \t]*(?:Destination|Job Status)[ \t]{0,40}[\t:]", re.MULTILINE)
_SKIPPED = r"skipped|saltat|still running|ancora in corso"
_RESULTS: tuple[tuple[str, Status], ...] = (
    (r"missed|non è stato", "failure"),
    (_SKIPPED, "warning"),
    (r"interrupt|interrott|suspend|quota exceeded|quota superata", "failure"),
    (r"^ok\b.*(?:warning|avvis)", "warning"),
    (r"^ok\b", "success"),
)


def read(part: Part) -> tuple[Report, ...] | None:
    """A run for each destination."""
    missed = _MISSED.search(part.subject)
    if missed:
        return (_missed(missed),)
    subject = _REPORT.search(part.subject)
    text = ends(part.text)
    if not subject and not _BODY.search(text):
        return () if _NOTICE.search(part.subject) and "backup quota" in part.subject.lower() else None
    order = order_of(text, part.sent)
    cuts = [0, *(found.start() for found in _USER.finditer(text, 1))]
    blocks = [text[at:end] for at, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]
    told = [_report(labelled(one), subject, order) for one in blocks if _DESTINATION.search(one)]
    return tuple(told) or (_report(labelled(text), subject, order),)


def _missed(found: re.Match[str]) -> Report:
    day, clock = found[3][:10], found[3][11:].replace("-", ":")
    return Report(
        tool="ahsay",
        status="failure",
        job=found[2],
        host=found[1],
        started=moment_of(f"{day} {clock}"),
        missed=True,
        said=said(found[0]),
    )


def _report(values: Mapping[str, str], subject: re.Match[str] | None, order: Order) -> Report:
    stated = values.get("job status", "") or (subject[1] if subject else "")
    status = (
        next((status for mark, status in _RESULTS if re.search(mark, stated, re.IGNORECASE)), None)
        or status_of_line(stated)
        or "unknown"
    )
    bracket = status_of_line(subject[1]) if subject else None
    if status == "success" and bracket in {"failure", "warning"}:
        status = bracket
    span: list[datetime | None] = [*moments_in(values.get("backup time", "") or values.get("start end", ""), order), None, None]
    return Report(
        tool="ahsay",
        status=status,
        job=values.get("backup set", "") or (subject[3] if subject else ""),
        host=values.get("user", "") or (subject[2] if subject else ""),
        started=span[0],
        finished=span[1],
        size=read_size(values.get("data size", "")),
        target=values.get("destination", ""),
        maintenance=bool(subject and re.search(r"restore|ripristino", subject[0], re.IGNORECASE)),
        missed=bool(re.search(_SKIPPED, stated, re.IGNORECASE)),
        said=said(stated),
    )
