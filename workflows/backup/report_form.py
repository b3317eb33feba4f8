"""A backup report that someone points at in Slack, as a form: filled in as far as our own readers understand it.

Import this late: it brings all readers along.
"""

import hashlib
from datetime import datetime

from workflows.backup.proposing import cleaned, report_row
from workflows.backup.report_run import Arrival, is_run, sighting_of
from workflows.backup.reports.read import read_mail
from workflows.backup.row_form import RowForm
from workflows.kernel.mail import Mail, Part

WHAT_MAX = 500
UNREAD = "I could not read this as a report of a backup, so its text stands under *What is saved*. Make of it what fits."
SEVERAL = "It tells of {count} jobs; this is the first."


def report_form(text: str, *, subject: str, sender: str, zone: str, approves: bool, said: str, now: datetime) -> RowForm:
    """The row of the first job that the text reports; where none can be read, a form with the text in `what`.

    Args:
        zone: the company's, IANA. approves, said: as in `RowForm`.
    """
    part = Part(text=text, subject=subject, sender=sender)
    mail_id = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    mail = Mail(id=mail_id, sender=sender, subject=subject, sent=None, parts=(part,))
    reports = [report for report in read_mail(mail).reports if is_run(report)]
    if not reports:
        what = " ".join(text.split())[:WHAT_MAX].lstrip("=+-@ ")
        return RowForm(cells={"what": what} if what else {}, approves=approves, said=f"{UNREAD} {said}".strip())
    arrival = Arrival(mail_id=mail_id, key="", received=now, sent=None)
    sighting = cleaned(sighting_of(reports[0], arrival, zone=zone, number=1), zone)
    row = report_row(reports[0], (sighting,), zone=zone)
    jobs = len({(report.tool, report.host, report.series or report.job) for report in reports})
    several = SEVERAL.format(count=jobs) if jobs > 1 else ""
    return RowForm(cells=row.cells, approves=approves, said=" ".join(part for part in (several, said) if part))
