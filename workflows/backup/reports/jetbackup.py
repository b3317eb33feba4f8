"""JetBackup: labels; "completed" in the subject says only that it ended."""

from workflows.backup.reports.labels import pairs
from workflows.backup.reports.moments import order_of
from workflows.backup.reports.report import Report
from workflows.backup.reports.rows import Around, report_of
from workflows.kernel.mail import Part


def read(part: Part) -> tuple[Report, ...] | None:
    if "jetbackup" not in part.subject.lower() and "jetbackup" not in part.text[:5000].lower():
        return None
    # "Completed: 117" counts accounts, and is no time.
    rows = [
        (label, value) for label, value in pairs(part.text[:50_000]) if not (label.lower() == "completed" and value.isdigit())
    ]
    report = report_of(rows, Around(tool="jetbackup", order=order_of(part.text[:50_000], part.sent)))
    return None if report is None else (report,)
