"""SQL Master Backup: the subject names customer, result and job; the body has a line for each database."""

import re

from workflows.backup.reports.moments import moment_of, order_of
from workflows.backup.reports.report import Report
from workflows.backup.reports.statuses import said, status_of, worst
from workflows.kernel.mail import Part

_MARK = re.compile(r"\bSQL Master Backup\b|\bSQL (?:COMPLETATO|FALLITO|ERRORE|COMPLETED|FAILED)", re.IGNORECASE)
_PARTED = re.compile(r"\s+[—–]\s+|\s+-\s+")
_CUSTOMER = re.compile(r"\[([^\]]{1,80})\]")
_DATABASE = re.compile(r"^[ \t]*[\w .$-]{1,80}: ([^\W\d_]{2,20}.*)$", re.MULTILINE)


def read(part: Part) -> tuple[Report, ...] | None:
    if not _MARK.search(part.subject) and not _MARK.search(part.text[:500]):
        return None
    pieces = [piece for piece in _PARTED.split(part.subject) if piece.strip()]
    customer = _CUSTOMER.search(part.subject)
    head = pieces[0] if pieces else ""
    signs = [status_of(head)] + [status_of(line[1]) for line in _DATABASE.finditer(part.text[:50_000])]
    when = pieces[-1] if len(pieces) > 2 else ""
    return (
        Report(
            tool="sql-master-backup",
            status=worst(one for one in signs if one),
            job=pieces[1].strip()[:300] if len(pieces) > 1 else "",
            host="",
            what=customer[1] if customer else "",
            finished=moment_of(when, order_of(when, part.sent)),
            said=said(part.subject),
        ),
    )
