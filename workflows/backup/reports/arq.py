"""Arq: a plan that finished, with counters below it. "Errors: 0" is good, any other count is a finish with something missing."""

from dataclasses import replace

from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report
from workflows.backup.reports.signs import by_words, label

_words = by_words(r"(?i)\b(?:plan|backup|session|errors?|warnings?|status|aborted|failed)\b")


def _ended(report: Report, run: Run) -> Report:
    host = run.part.subject.rpartition(" on ")[2] if " on " in run.part.subject else ""
    return _words(replace(report, host=report.host or host.strip().rstrip(".")), run)


ARQ = Format(
    tool="arq",
    marks=r"(?i)^(?:Arq \d|Backup plan [\"“]|.{0,40}\bArq (?:Backup|Agent)\b)",
    subject_marks=r"\bArq\b",
    fields={
        "job": (r"(?i)\bplan [\"“'‘]([^\"”\n]+?)[\"”'’]", *label("Backup plan", "Plan(?: name)?")),
        "host": label("Computer(?: name)?", "Host(?:name)?"),
        "started": label("Started(?: at)?", "Start(?: time)?"),
        "finished": label("Finished(?: at)?", "Ended", "Completed", "End(?: time)?"),
        "duration": label("Elapsed(?: time)?", "Duration"),
        "size": (*label("Scanned"), *label("Total(?: size)?"), *label("Uploaded")),
        "target": label("Destination", "Storage location"),
    },
    maintenance=(
        r"(?i)\b(?:validation|restore|budget enforcement|garbage collection)\b.{0,60}\b(?:finished"
        r"|complete|started|failed)"
    ),
    missed=r"(?i)\b(?:no backup|has not (?:been )?backed up|hasn't backed up)\b",
    subject=False,
    refine=_ended,
)

read = reader(ARQ)
