"""pgBackRest: one log may hold several commands, each with its own begin and end; only `backup` is a run. Its MB are binary.

`info` lists what lies in the repository: the newest set is told, and not that a run went well.
"""

from dataclasses import replace

from workflows.backup.reports.form import Format, Run, line_at, reader
from workflows.backup.reports.report import Report

_WHEN = r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) P\d\d +\w+: "


def _refined(report: Report, run: Run) -> Report:
    listing = run.find(r"^ {4}status: (\w+)")
    if listing and not run.find(r"command begin"):
        good = listing[1] == "ok"
        return replace(report, status="unknown" if good else "failure", said=line_at(run.text, listing.start()))
    return replace(report, maintenance=bool(run.find(r"command begin")) and not run.find(r"\bbackup command begin"))


read = reader(
    Format(
        tool="pgbackrest",
        marks=r"P\d\d +(?:INFO|WARN|ERROR|DETAIL): |^stanza: \S+$\n +status: |^ERROR: \[\d{3}\]: ",
        begins=_WHEN.replace("(", "(?:", 1) + r"\S+ command begin",
        fields={
            "job": (r"--stanza=(\S+)", r"^stanza: (\S+)$"),
            "started": (_WHEN + r"backup command begin", r"timestamp start/stop: (.+?) / "),
            "finished": (_WHEN + r"backup command end", r"timestamp start/stop: .+? / (.+)$"),
            "duration": (r"backup command end: completed successfully \((\d+ms)\)",),
            "size": (r"(?:full|incr|diff) backup size = ([\d.]+\w+)", r"database backup size: ([\d.]+\w+)"),
        },
        last=frozenset({"started", "finished", "size"}),
        harmless=r"^.*(?:no prior backup exists|is not set for|retention-\w+ is not set|has been changed to).*$",
        failure=r"aborted with exception|ERROR: +\[\d+\]|terminated on signal|^ *status: error|command not found",
        warning=r"\bWARN: ",
        success=r"command end: completed successfully",
        binary=True,
        refine=_refined,
    )
)
