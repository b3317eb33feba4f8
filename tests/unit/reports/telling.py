"""What the readers make of a text, as one would ask it."""

from datetime import UTC, datetime

from workflows.backup.reports.read import read
from workflows.backup.reports.report import Report
from workflows.kernel.mail import Part

SENT = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
CRON = "Cron <root@atlas> /opt/jobs/night.sh"


def told(text: str, subject: str = CRON, name: str = "", media_type: str = "text/plain") -> tuple[Report, ...] | None:
    return read(Part(text=text, subject=subject, sent=SENT, name=name, media_type=media_type))


def one(text: str, subject: str = CRON, name: str = "", media_type: str = "text/plain") -> Report:
    """The only run that the text tells of."""
    reports = told(text, subject, name, media_type)
    assert reports is not None, "no reader knows this text"
    assert len(reports) == 1, reports
    return reports[0]


def statuses(text: str, subject: str = CRON) -> list[str]:
    return [report.status for report in told(text, subject) or ()]
