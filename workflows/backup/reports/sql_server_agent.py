"""SQL Server Agent: the subject says "completed on" whatever came of it; STATUS and MESSAGES say the truth."""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report
from workflows.backup.reports.statuses import said, status_of, worst

_HOST = re.compile(r"\bon \\\\([^\s\\]+?)\.?$")
_JOB = re.compile(r"(?:SQL Server Job System|Job): '(.+?)' (?:completed|failed|succeeded)")


def _refined(report: Report, run: Run) -> Report:
    subject = run.part.subject
    host, job = _HOST.search(subject.strip()), _JOB.search(subject)
    by_subject = status_of(subject.split("]")[0]) if subject.startswith("[") else None
    status = worst(one for one in (report.status, by_subject) if one and not (one == "unknown" and by_subject))
    return replace(
        report,
        status=status,
        job=report.job or (job[1] if job else ""),
        host=host[1] if host else report.host,
        what=report.what or (host[1] if host else ""),
        said=report.said or said(subject),
    )


read = reader(
    Format(
        tool="sql-server-agent",
        marks=r"^JOB RUN:\s+'|^MESSAGES:\s+The job (?:failed|succeeded)",
        subject_marks=r"SQL Server Job System: '",
        begins=r"^JOB RUN:\s+'",
        fields={
            "job": (r"^JOB RUN:\s+'(.+)' was run on",),
            "started": (r"^JOB RUN:\s+'.+' was run on (.+)$",),
            "duration": (r"^DURATION:\s+(.+)$",),
        },
        failure=r"^STATUS:\s+(?:Failed|Cancel|Fehler)|The job failed\.|^MESSAGES:.*\b(?:was cancelled|was stopped)",
        warning=r"^STATUS:\s+(?:Retry|Warning)",
        running=r"^STATUS:\s+In [Pp]rogress",
        success=r"^STATUS:\s+(?:Succeeded|Erfolg)|The job succeeded\.",
        subject=False,
        refine=_refined,
    )
)
