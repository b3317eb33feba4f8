"""UrBackup: the log of one file or image backup of one client. Its GB are binary.

Errors inside a backup that succeeded are warnings.
"""

from dataclasses import replace

from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report

_WHEN = r"^(\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?)\((?:info|warning|error)\): "
_CLIENT = r'\b(?:file|image) backup of "([^"]+)"'


def _refined(report: Report, run: Run) -> Report:
    told = run.find(_CLIENT)
    name = told[1] if told else report.job
    return replace(report, job=name, what=name)


read = reader(
    Format(
        tool="urbackup",
        marks=r"^UrBackup just did an? |^\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?\(info\): Starting (?:scheduled "
        r"|unscheduled )?\w+ (?:file|image)",
        fields={
            "job": (_CLIENT,),
            "started": (_WHEN,),
            "finished": (_WHEN,),
            "duration": (r"Time taken for [^\n]*: (\d[\w ]*)$",),
            "size": (r"Transferred (\d[\d.,]* \w+)",),
        },
        last=frozenset({"finished"}),
        failure=r"\): Backup failed|^Backup failed|\): (?:FATAL|Fatal)",
        warning=r"[1-9]\d* warnings?\b|[1-9]\d* errors?\b|\((?:warning|error)\): ",
        success=r"\): Backup succeeded",
        binary=True,
        refine=_refined,
    )
)
