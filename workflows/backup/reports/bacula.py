"""Bacula and Bareos: the block of labelled lines that ends each job; several in one mail are several runs.

The log around it may tell of other tools (a plugin's vzdump): only the block counts, and "Fatal error" lines where it claims
that all is
well. The name of a job is followed by the moment of its run, which is no part of it. Source data are the file daemon's bytes.
"""

import re

from workflows.backup.reports.durations import duration_of
from workflows.backup.reports.form import ends
from workflows.backup.reports.moments import moment_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.signs import status_of_lines
from workflows.backup.reports.sizes import size_in, size_of
from workflows.backup.reports.statuses import said, worst
from workflows.kernel.mail import Part

_BLOCK = re.compile(r"\b(Bacula|Bareos)\b[^\n]{0,120}\n((?:[ \t]+[A-Z][^:\n]{1,40}:[^\n]*\n(?:[ \t]{20}[^\n]*\n)?){3,80})")
_LINE = re.compile(r"^[ \t]+([A-Z][^:\n]{1,40}):[ \t]*(.*)$", re.MULTILINE)
_SUBJECT = re.compile(r"\b(Bacula|Bareos)(?: daemon message)?\b[^:\n]{0,60}:\s*(.+?)\s+of\s+(\S+)\s+(\S+)\s*$", re.IGNORECASE)
_FATAL = re.compile(r"JobId (\d+): (Fatal error: .*)$", re.MULTILINE)
_JOB_IN_LOG = re.compile(r"\bJob=(\S+)")
_UNIQUE = re.compile(r"\.\d{4}-\d\d-\d\d[_T]\d\d\.\d\d\.\d{1,2}(?:_\d+)?$")
_UPKEEP = re.compile(r"\b(?:verify|restore|admin|prune|migrat\w+|console|archive list)\b", re.IGNORECASE)
_NONE = {"", "0"}


def read(part: Part) -> tuple[Report, ...] | None:
    """A run for each block; where there is none, what the log or the subject says."""
    text = ends(part.text)
    blocks = [(found[1].lower(), found[2]) for found in _BLOCK.finditer(text + "\n") if "Job" in found[2]]
    if blocks:
        fatal = {found[1]: found[2] for found in _FATAL.finditer(text)}
        return tuple(_of_block(tool, block, fatal) for tool, block in blocks)
    subject = _SUBJECT.search(part.subject)
    if subject:
        return (_without_block(subject, text),)
    return () if re.search(r"\b(?:Bacula|Bareos): Intervention needed", part.subject) else None


def _of_block(tool: str, block: str, fatal: dict[str, str]) -> Report:
    values: dict[str, str] = {}
    for found in _LINE.finditer(block):
        values.setdefault(found[1].lower(), found[2].strip())
    termination = values.get("termination", "").strip("* ")
    status, words = _status(values, termination, fatal.get(values.get("jobid", ""), ""))
    return Report(
        tool=tool,
        status=status,
        job=_UNIQUE.sub("", values.get("job", "") or values.get("backup job", "")),
        host=_name(values.get("client", "")),
        started=moment_of(values.get("start time", "")),
        finished=moment_of(values.get("end time", "")),
        duration=duration_of(values.get("elapsed time", "")),
        size=_bytes(values),
        target=_name(values.get("storage", "") or values.get("write storage", "")),
        maintenance=bool(
            _UPKEEP.search(termination) or ("restore" in values.get("job", "").lower() and "Backup" not in termination)
        ),
        said=words,
    )


def _status(values: dict[str, str], termination: str, fatal: str) -> tuple[Status, str]:
    """The termination, unless a daemon or a counter says worse of the same job."""
    status, _ = status_of_lines([termination.replace("Waiting", "failed")])
    signs: list[Status] = [status]
    signs += ["failure" for name in ("fd termination status", "sd termination status") if _ended_badly(values.get(name, ""))]
    signs += ["warning" for name in ("non-fatal fd errors", "fd errors", "sd errors") if values.get(name, "") not in _NONE]
    signs += ["warning"] if fatal else []
    return worst(signs), said(f"Termination: {termination}" if termination else fatal)


def _ended_badly(value: str) -> bool:
    return status_of_lines([value])[0] == "failure"


def _bytes(values: dict[str, str]) -> int | None:
    for name in ("fd bytes written", "sd bytes written", "bytes restored"):
        if (amount := values.get(name, "")) and (size := size_of(amount.split(" ")[0])) is not None:
            return size
        if amount and (size := size_in(amount)) is not None:
            return size
    return None


def _name(value: str) -> str:
    """What stands in quotes, else the first word."""
    return value.split('"')[1] if value.count('"') >= 2 else value.split(" ", maxsplit=1)[0] if value else ""


def _without_block(subject: re.Match[str], text: str) -> Report:
    """A mail that was cut short: no success unless the subject says so and no fatal error is in the log."""
    fatal = _FATAL.search(text)
    signs: list[Status] = [status_of_lines([subject[2]])[0]]
    signs += ["failure"] if fatal else []
    job = _JOB_IN_LOG.search(text)
    return Report(
        tool=subject[1].lower(),
        status=worst(signs),
        job=_UNIQUE.sub("", job[1].rstrip(",")) if job else "",
        host=subject[3],
        maintenance=bool(_UPKEEP.search(subject[2])),
        said=said(fatal[2] if fatal else subject[2]),
    )
