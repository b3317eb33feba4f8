"""Azure Backup's alerts through Azure Monitor: one that fired tells of a failure; one that was resolved tells of no run."""

import re

from workflows.backup.reports.labels import labelled
from workflows.backup.reports.moments import moment_of, order_of
from workflows.backup.reports.report import Report
from workflows.backup.reports.statuses import said, status_of
from workflows.kernel.mail import Part

_MARK = re.compile(r"Azure (?:Monitor|Backup)|Recovery Services vault|\bazure: (?:activated|deactivated)", re.IGNORECASE)
_BACKUP = re.compile(r"\bback-?\s?up\b", re.IGNORECASE)
_RESOLVED = re.compile(r"\b(?:resolved|deactivated)\b", re.IGNORECASE)


def read(part: Part) -> tuple[Report, ...] | None:
    about = f"{part.subject}\n{part.text[:20_000]}"
    values = labelled(part.text[:20_000])
    item = values.get("backup item") or values.get("affected resource") or values.get("protected item") or ""
    if not _MARK.search(about) or not _BACKUP.search(about) or not item:
        return None
    condition = values.get("monitor condition", "")
    if _RESOLVED.search(condition) or (not condition and _RESOLVED.search(part.subject)):
        return ()
    operation = values.get("operation") or values.get("backup operation") or "Backup"
    order = order_of(about, part.sent)
    status = status_of(values.get("status") or values.get("job status") or "") or "failure"
    return (
        Report(
            tool="azure-backup",
            status=status if condition.lower() != "fired" else "failure" if status == "success" else status,
            job=item[:300],
            what=item[:300],
            started=moment_of(values.get("start time", ""), order),
            finished=moment_of(values.get("end time", ""), order),
            target=(values.get("vault") or values.get("vault name") or "")[:300],
            maintenance=not _BACKUP.search(operation) and operation != "",
            said=said(values.get("message") or values.get("error message") or values.get("error code") or part.subject),
        ),
    )
