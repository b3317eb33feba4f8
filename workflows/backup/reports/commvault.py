"""Commvault: alerts of a CommCell, one labelled line for each fact.

The job is the subclient; the number of the job changes every time.
"""

from workflows.backup.reports.form import Format, reader
from workflows.backup.reports.signs import by_words, label

_ENDED = by_words(
    r"(?i)^[ \t*•-]*(?:Job )?(?:Status|Detected Criteria)\b",
    reading={
        r"(?i)w/ one or more|with one or more": "with",
        r"(?i)\b(?:No Run|Killed)\b": "failed",
        r"(?i)\bcommitted\b": "partial",
    },
)


COMMVAULT = Format(
    tool="commvault",
    marks=r"(?im)^[ \t*]*CommCell(?: name)?[ \t*]*[:\t]|^[ \t]*Type[ \t]{0,40}[:\t][ \t]{0,40}Job Management",
    subject_marks=r"(?i)\b(?:CommCell|Commvault)\b",
    fields={
        "job": (*label("Subclient(?: name)?"), *label("Backup ?set(?: name)?"), *label("Plan(?: name)?")),
        "host": label("Client(?: name)?", "Virtual Machine(?: name)?"),
        "started": label("Start Time", "Job Start Time"),
        "finished": label("End Time", "Job End Time"),
        "duration": label("Duration", "Elapsed Time"),
        "size": (*label("Size of Application", "Application Size"), *label("Data Written", "Size")),
        "target": label("Storage Policy(?: name)?", "Library"),
    },
    maintenance=(
        r"(?i)Type[ \t]*[:\t][^\n]*(?:Data Recovery|Restore|Data Aging|Data Verification"
        r"|DDB|Synthetic|Report|Configuration)"
    ),
    missed=r"(?i)(?:Detected Criteria|Status)[ \t]*[:\t][^\n]*(?:No Run|Did Not Run|Missed|Skipped|No Schedule|Not Protected)",
    subject=False,
    refine=_ENDED,
)

read = reader(COMMVAULT)
