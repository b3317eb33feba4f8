"""rsnapshot: rsync by intervals (alpha, daily, …), which are its jobs. Its own report script prints a table of the sources."""

import re
from dataclasses import replace

from workflows.backup.reports import rsync
from workflows.backup.reports.cron import cron_of
from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report

_INTERVAL = re.compile(r"\brsnapshot(?:\s+-[a-zA-Z]+(?:\s+/\S+)?)*\s+([A-Za-z][\w-]*)\s*(?:$|[;&|>2])")


def _refined(report: Report, run: Run) -> Report:
    by_command = _INTERVAL.search(cron_of(run.part.subject).command)
    sizes = len(re.findall(rsync.SUCCESS, run.text, re.MULTILINE))
    copied = run.find(r"^total size is |rsync(?: |$)|^SOURCE +TOTAL FILES") is not None
    rotated = run.find(r"^(?:mv|/bin/mv) \S+\.\d+/? ") is not None
    return replace(
        report,
        job=report.job or (by_command[1] if by_command else ""),
        size=report.size if sizes == 1 else None,
        maintenance=rotated and not copied,
    )


read = reader(
    Format(
        tool="rsnapshot",
        marks=r"rsnapshot\.pid|^rsnapshot encountered an error|\brsnapshot\b.*completed|^SOURCE +TOTAL FILES +FILES TRANS"
        r"|^\S*/rsnapshot ",
        fields={
            **rsync.FIELDS,
            "job": (
                r"\brsnapshot(?:[ \t]+-[a-zA-Z]+(?:[ \t]+/\S+)?)*[ \t]+([A-Za-z][\w-]*)[ \t]*(?::|$)",
                r"^mkdir .*/([A-Za-z][\w-]*)\.0/ ?$",
            ),
            "what": (r"^\S*/rsync (?:[^\n]*\\\n)*[^\n]*? (\S+) \S+\s*$",),
        },
        failure=rf"{rsync.FAILURE}|^ERROR: |^ERRORS?$|rsnapshot encountered an error|but with some errors",
        warning=rf"{rsync.WARNING}|^WARNING: |but with some warnings",
        success=rf"{rsync.SUCCESS}|completed successfully|^rm -f \S*rsnapshot\S*\.pid|^SOURCE +TOTAL FILES",
        refine=_refined,
    )
)
