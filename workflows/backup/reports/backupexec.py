"""Backup Exec: alerts whose subject names a category, the server and the job; a job's log may follow.

"The job completed successfully. However, …" is a job with exceptions. Alerts about media, licences, services are no runs.
"""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Run, known, reader
from workflows.backup.reports.report import Report
from workflows.backup.reports.signs import label, status_of_lines
from workflows.backup.reports.statuses import said, worst
from workflows.kernel.mail import Part

_CATEGORY = re.compile(r"Backup Exec[^:\n]{0,30}:\s*([^(\n]+?)\s*(?:\(|$)", re.IGNORECASE)
_JOB = r"\((?:Job|Auftrag|Travail|Tâche|Trabajo|Processo|Operazione|ジョブ|作业)\s*:\s*[\"“„«](.{1,200}?)[\"”“»]\s*\)(?=\s|$)"
_SERVER = r"\((?:Server|Serveur|Servidor|サーバー|服务器)\s*:\s*[\"“„«](.{1,200}?)[\"”“»]\s*\)"


def read(part: Part) -> tuple[Report, ...] | None:
    """One run for an alert of a job; none for other alerts."""
    if not known(BACKUP_EXEC, part, part.text[:20_000]):
        return None
    return _read(part) if re.search(_JOB, part.subject) or re.search(_JOB, part.text[:20_000]) or _log(part.text) else ()


def _log(text: str) -> bool:
    return bool(re.search(r"(?im)^[ \t]*Job (?:name|completion status)[ \t]*:", text[:60_000]))


def _category(report: Report, run: Run) -> Report:
    """The worst of the subject's category, the sentence and the log's completion status."""
    names = [report.job, report.host]
    found = _CATEGORY.search(run.part.subject)
    category = found[1] if found else ""
    completion = run.find(r"(?im)^[ \t]*(?:Job )?Complet(?:ion|ed) status[ \t]*:[ \t]*(.+)$")
    body = re.sub(_JOB, " ", re.sub(_SERVER, " ", run.text[:20_000]))
    sentences = [
        line
        for line in body.split("\n")
        if re.search(r"(?i)\bjob\b|complet|success|erfolg|réuss|fail|skipp|cancel|exception", line)
    ][:20]
    sentences = [line.replace("However,", "with exceptions") for line in sentences]
    said_of = [status_of_lines([one], names)[0] for one in (category, completion[1] if completion else "", *sentences) if one]
    status = worst(one for one in said_of if one != "unknown")
    if re.fullmatch(r"(?i)job start(?:ed)?", category):
        status = "running"
    return replace(report, status=status, missed=bool(re.search(r"(?i)\bmissed\b", category)), said=said(run.part.subject))


BACKUP_EXEC = Format(
    tool="backupexec",
    subject_marks=r"Backup Exec\b",
    marks=_SERVER + r"\s*" + _JOB,
    fields={
        "job": (_JOB, *label("Job name")),
        "host": (_SERVER, *label("Job server", "Server name")),
        "started": label("Job started", "Start time", "Actual start time"),
        "finished": label("Job ended", "End time", "Actual end time"),
        "duration": label("Elapsed time", "Job run time"),
        "size": (r"(?i)\bProcessed ([\d.,]+ (?:bytes|[KMGT]B))", *label("Byte count", "Total data backed up", "Bytes processed")),
    },
    maintenance=r"(?im)^[ \t]*Job type[ \t]*:[ \t]*(?:Restore|Verify|Test run|Database maintenance|Inventory|Catalog)",
    subject=False,
    refine=lambda report, run: _category(_from_subject(report, run), run),
)


def _from_subject(report: Report, run: Run) -> Report:
    job, server = (re.search(pattern, run.part.subject) for pattern in (_JOB, _SERVER))
    return replace(report, job=job[1] if job else report.job, host=server[1] if server else report.host)


_read = reader(BACKUP_EXEC)
