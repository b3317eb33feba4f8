"""Datto: notices about an agent (a protected machine) on a device; a screenshot proves a backup, so a failed one is a warning."""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report
from workflows.backup.reports.signs import label, status_of_lines
from workflows.backup.reports.statuses import worst

_BACKUP = re.compile(r"(?i)\bbackups?\b[^.\n]{0,80}?\b(?:complet|success|fail|abort|not )\w*[^.\n]*")
_SCREENSHOT = re.compile(r"(?i)\b(?:screenshot|verification)\b[^.\n]*")


def _ended(report: Report, run: Run) -> Report:
    """What is said of the backup counts; what is said of its screenshot can only make it a warning."""
    host = re.search(r"(?i)\b(?:for|of|on agent)[ \t]+([\w.-]+)(?:[ \t]+on[ \t]+([\w.-]+))?", run.part.subject)
    job = report.job or (host[1] if host else "")
    names = [job, report.host, host[2] if host and host[2] else ""]
    text = f"{run.part.subject}\n{run.text[:20_000]}"
    screenshots = _SCREENSHOT.findall(text)
    backups = _BACKUP.findall(_SCREENSHOT.sub(" ", text))
    status, words = status_of_lines(backups, names)
    seen, _ = status_of_lines(screenshots, names)
    if screenshots and seen == "failure":
        status = "failure" if status == "failure" else "warning"
    only_screenshot = bool(screenshots) and not backups and seen != "failure"
    moment = re.search(r"(?i)backup (?:at|on|from) ([^.\n]{8,40}?(?:[AP]M|\d:\d\d))\b", text)
    return replace(
        report,
        job=job,
        host=report.host or job,
        status=worst([status]) if not only_screenshot else seen,
        started=run.moment(moment[1]) if moment else None,
        maintenance=report.maintenance or only_screenshot,
        said=words or next(iter(screenshots), "")[:200],
    )


DATTO = Format(
    tool="datto",
    marks=r"(?i)^[ \t]*datto\b[^:\t\n|,;]{0,60}$|^[ \t]*Device[ \t]*:[^\n]*\n[ \t]*(?:Agent|Protected (?:machine|system))[ \t]*:",
    subject_marks=r"(?i)\bdatto\b|\bscreenshots?\b.*\b(?:for|of)\b.*\bon\b|\b(?:SIRIS|ALTO)(?:-\w+)?\b",
    fields={"job": label("Agent(?: name)?", "Protected (?:machine|system)", "System")},
    missed=(
        r"(?i)\b(?:has not (?:been )?backed up|no (?:recent |successful )?backups?|last "
        r"(?:successful )?backup (?:was|is) .{0,30}(?:old|ago))\b"
    ),
    maintenance=r"(?i)\b(?:restore|offsite sync|synchronization)\b.{0,60}\b(?:complete|success|fail)",
    subject=False,
    refine=_ended,
)

read = reader(DATTO)
