"""Xen Orchestra: a report in Markdown, with a global status and how many machines of all went well.

"interrupted" may come with 7 of 7.
"""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.signs import label
from workflows.backup.reports.statuses import said, status_of, worst

_JOB = (
    re.compile(r"(?i)\bBackup Reports? for [\"“]([^\"”\n]+)[\"”]"),
    re.compile(
        r"(?i)\bBackup report for (.+?)(?:[ \t]+[-–−][ \t]+(?:success|failure|skipped"
        r"|interrupted|pending)\w*)?[ \t]*[^\w\s)\]]*[ \t]*$"
    ),
)
_STATES: dict[str, Status] = {"skipped": "warning", "interrupted": "warning", "pending": "running"}


def _ended(report: Report, run: Run) -> Report:
    """The worst of the global status, the subject, each machine's status, and of fewer successes than machines."""
    stated = [found[2] for found in re.finditer(r"(?im)^[ \t#*-]*((?:Global )?status)[* \t]*:[* \t]*(\S.*)$", run.text[:200_000])]
    named = next((found for pattern in _JOB if (found := pattern.search(run.part.subject))), None)
    subject = run.part.subject.replace(named[1], " ") if named else run.part.subject
    signs = [_state(text) for text in stated]
    signs += [_state(found) for found in re.findall(r"(?i)\b(success|failure|skipped|interrupted)\b|[🚨⏩⚠]", subject) if found]
    count = run.find(r"(?i)Successes[* \t]*:[* \t]*(\d+)[ \t]*/[ \t]*(\d+)")
    if count and int(count[1]) < int(count[2]):
        signs.append("warning")
    if run.find(r"(?m)^#+ \d+ Failures?\b|^[ \t*-]*Error[ \t*]*:"):
        signs.append("failure")
    return replace(
        report, job=named[1] if named else "", status=worst(signs), said=said(stated[0] if stated else run.part.subject)
    )


def _state(text: str) -> Status:
    word = text.strip("* ").lower()
    return _STATES.get(word.split(" ")[0], status_of(word) or "unknown")


XEN_ORCHESTRA = Format(
    tool="xen-orchestra",
    subject_marks=r"(?i)\bXen ?Orchestra\b",
    marks=r"(?i)^#*[ \t]*\**Global status\**[ \t]*:|xo-server-backup-reports",
    fields={
        "what": label("VM"),
        "started": label("Start time"),
        "finished": label("End time"),
        "duration": label("Duration"),
        "size": (*label("Transfer size"), *label("Size")),
    },
    subject=False,
    refine=_ended,
)

read = reader(XEN_ORCHESTRA)
