"""Parts of mails for the readers' tests, short to write."""

from datetime import UTC, datetime
from textwrap import dedent

from workflows.backup.reports.report import Report
from workflows.kernel.mail import Part

SENT = datetime(2026, 5, 8, 6, 0, tzinfo=UTC)


def letter(text: str, subject: str = "", sent: datetime | None = SENT) -> Part:
    """A body; "→" stands for the tab between two cells."""
    return Part(text=dedent(text).strip("\n").replace("→", "\t"), subject=subject, sent=sent)


def only(reports: tuple[Report, ...] | None) -> Report:
    """The one run that a reader told of."""
    assert reports is not None
    assert len(reports) == 1
    return reports[0]


def at(text: str) -> datetime:
    """A moment in nobody's zone, as most reports state them."""
    return datetime.fromisoformat(text)
