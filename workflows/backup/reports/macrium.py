"""Macrium Reflect and Site Manager: the subject names machine and end; the factory's body is a word and a smiley.

Image Guardian's mails tell of a blocked program, "Disk Space Low" of a disk: no runs. A scheduled backup that was skipped was
missed.
"""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Reader, Run, reader
from workflows.backup.reports.report import Report
from workflows.backup.reports.signs import by_words, label
from workflows.kernel.mail import Part

_NOTICE = re.compile(
    r"(?i)image guardian|disk space low|repository uncontactable|update found|testing (?:slack|e-?mail)|licen[cs]e"
)
_HOST = re.compile(r"^(?:(?:re|fwd?|wg|tr|i|rv)\s*:\s*)*(\S.{0,60}?)\s+Macrium Reflect\b", re.IGNORECASE)
_BEHIND = re.compile(r"Macrium Reflect (?:\w+ )?Backup\w*\s*[-–:]\s*([\w.-]+)\s*$", re.IGNORECASE)
_words = by_words(r"(?i)^[ \t]*(?:success|fail|warn|error|backup|image|clone|status|result|abort|cancel|skipped)|:\)|:\(|:\|")


def _ended(report: Report, run: Run) -> Report:
    named = _HOST.search(run.part.subject) or _BEHIND.search(run.part.subject)
    host = report.host or (named[1] if named else "")
    job = re.sub(r"(?i)^.*[\\/]|\.xml$", "", report.job)
    return _words(replace(report, host=host, job=job), run)


MACRIUM = Format(
    tool="macrium",
    marks=r"^[ \t]*Macrium (?:Reflect|Site Manager|Image)\b[^:\t\n|,;]{0,60}$",
    subject_marks=r"(?i)\bMacrium\b|\bSite Manager Notification\b",
    fields={
        "job": label("Backup definition(?: file)?", "Definition file", "XML definition"),
        "host": label("Computer(?: Name)?", "Agent", "Machine"),
        "started": label("Start(?:ed)?(?: time)?", "Backup started"),
        "finished": label("End(?:ed)?(?: time)?", "Finish(?:ed)?(?: time)?", "Completed"),
        "duration": (
            *label("Duration", "Elapsed(?: time)?", "Total time", "Time taken"),
            r"(?i)completed (?:successfully )?in (\d[\d:]+)",
        ),
        "size": label("(?:Total )?(?:Image|File|Backup) size", "Data (?:read|copied)"),
        "target": label("Destination", "Image file", "File ?name", "Repository"),
    },
    maintenance=(
        r"(?i)\b(?:restore|verification|consolidation|clone|remote synchronization)\b.{0,"
        r"40}\b(?:success|complete|fail|start)"
    ),
    missed=r"(?i)\bskipped\b|\bmissed\b",
    subject=True,
    refine=_ended,
)

_READ: Reader = reader(MACRIUM)


def read(part: Part) -> tuple[Report, ...] | None:
    reports = _READ(part)
    return () if reports and _NOTICE.search(f"{part.subject}\n{part.text[:2000]}") else reports
