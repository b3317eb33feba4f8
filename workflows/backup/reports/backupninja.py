"""backupninja: a report of several actions, each a file in /etc/backup.d with an end of its own."""

import re

from workflows.backup.reports.cron import cron_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.statuses import said
from workflows.kernel.mail import Part

_STATUS: dict[str, Status] = {
    "success": "success",
    "warning": "warning",
    "error": "failure",
    "failed": "failure",
    "fatal": "failure",
    "halt": "failure",
}
_MARK = re.compile(
    r">>>> starting action |<<<< finished action |\bFINISHED: \d+ actions run|^\S{5,10} -- /\S+/backup\.d/", re.MULTILINE
)
_ENDED = re.compile(r"^.*<<<< finished action (\S+): (\w+).*$", re.MULTILINE)
_SUMMED = re.compile(r"^\*?(success|warning|error|failed|fatal|halt)\*? -- (\S+).*$", re.MULTILINE | re.IGNORECASE)
_BEGUN = re.compile(r">>>> starting action (\S+)")
_TOTAL = re.compile(r"FINISHED: \d+ actions run\. (\d+) fatal\. (\d+) error\. (\d+) warning\.")
_HOST = re.compile(r"backupninja(?: report)?:? (?:for )?([\w.-]+)", re.IGNORECASE)


def read(part: Part) -> tuple[Report, ...] | None:
    if not _MARK.search(part.text):
        return None
    ended = {found[1]: (found[2], found[0]) for found in _ENDED.finditer(part.text)}
    for found in _SUMMED.finditer(part.text):
        ended.setdefault(found[2], (found[1], found[0]))
    begun = {found[1] for found in _BEGUN.finditer(part.text)} - ended.keys()
    named = _HOST.search(part.subject)
    host = cron_of(part.subject).host or (named[1] if named else "")
    told = tuple(
        Report(tool="backupninja", job=job, host=host, status=_STATUS.get(word.lower(), "unknown"), said=said(line))
        for job, (word, line) in ended.items()
    )
    cut = tuple(Report(tool="backupninja", job=job, host=host, status="unknown") for job in sorted(begun))
    return told + cut or _by_totals(part.text, host)


def _by_totals(text: str, host: str) -> tuple[Report, ...]:
    total = _TOTAL.search(text)
    if total is None:
        return (Report(tool="backupninja", host=host, status="unknown"),)
    fatal, errors, warnings = (int(count) for count in total.groups())
    status: Status = "failure" if fatal or errors else "warning" if warnings else "success"
    return (Report(tool="backupninja", host=host, status=status, said=said(total[0])),)
