"""NAKIVO Backup & Replication: labelled lines, then a table of machines; one that failed makes no success of the others."""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report
from workflows.backup.reports.signs import by_words, label

_words = by_words(
    (
        r"(?i)^[ \t]*(?:Status|Result|Job status)\b|(?:\t|[ ]{2})(?:Success(?:ful)?|Failed"
        r"|Stopped|Warning|Partially)\b|^Job [\"“].{1,120} (?:has|was|is|finished)"
    ),
    reading={r"(?i)\bstopped\b": "cancelled"},
)


def _ended(report: Report, run: Run) -> Report:
    named = re.search(r"\b(?:Job|job) [\"“](.+?)[\"”]", run.part.subject)
    told = _words(replace(report, job=report.job or (named[1] if named else "")), run)
    some = re.search(r"\b(\d+) of (\d+)\b", run.part.subject)
    incomplete = bool(some and int(some[1]) < int(some[2]))
    return replace(told, status="warning") if told.status == "success" and incomplete else told


NAKIVO = Format(
    tool="nakivo",
    marks=r"^[ \t]*NAKIVO\b[^:\t\n|,;]{0,60}$",
    subject_marks=r"(?i)\bNAKIVO\b",
    fields={
        "job": (*label("Job(?: name)?"), r"\bJob [\"“]([^\"”\n]+)[\"”]"),
        "started": label("Started(?: at)?", "Start(?: time)?"),
        "finished": label("Finished(?: at)?", "Ended", "End(?: time)?", "Stopped"),
        "duration": label("Duration", "Run time"),
        "size": (*label("Data processed", "Source data", "Total data"), *label("Data transferred", "Transferred(?: data)?")),
        "target": label("Repository", "Target(?: storage)?", "Destination"),
    },
    maintenance=(
        r"(?i)\b(?:recovery|restore|repository (?:self-healing|maintenance|verification)"
        r"|site recovery test)\b.{0,30}\b(?:job|task|has|was|completed|failed)\b"
    ),
    missed=r"(?i)\bjob\b.{0,120}\b(?:was skipped|did not start|has not been run|missed)\b",
    subject=False,
    refine=_ended,
)

read = reader(NAKIVO)
