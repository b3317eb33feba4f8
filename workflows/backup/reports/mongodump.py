"""mongodump: each collection is told when its dump begins and when it is done; all that began must be done."""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report

_WHEN = r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))\s+"


def _refined(report: Report, run: Run) -> Report:
    begun = len(re.findall(r"\twriting ", run.text))
    done = len(re.findall(r"\tdone dumping ", run.text))
    return replace(report, status="unknown") if report.status == "success" and done < begun else report


read = reader(
    Format(
        tool="mongodump",
        marks=_WHEN + r"(?:writing |done dumping |Failed: |error |dumped \d+ documents)",
        fields={
            "started": (_WHEN + r"(?:writing|dumping up to)",),
            "finished": (_WHEN + r"(?:done dumping|dumped \d+)",),
            "target": (r"to archive '([^']+)'",),
        },
        last=frozenset({"finished"}),
        failure=r"\tFailed: |\terror |\tcould not |signal '\w+' received|server selection error|command not found|No space left",
        warning=r"\t[Ww]arning: ",
        success=r"\tdone dumping |\tdumped \d+ documents",
        maintenance=r"\trestoring |\tfinished restoring",
        refine=_refined,
    )
)
