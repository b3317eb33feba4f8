"""Proxmox VE's vzdump: one run for each guest, from the table of a mail or from the log of a task.

An ERROR line within a guest's log that still ends as finished spoils nothing; a guest is good when the table and the log say
so. The
table's file names are in UTC, the log is in local time. A failed job without a failed guest is believed to have failed.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from workflows.backup.reports.durations import duration_of
from workflows.backup.reports.form import ends
from workflows.backup.reports.moments import moment_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.sizes import size_in, size_of
from workflows.backup.reports.statuses import said, worst
from workflows.kernel.mail import Part

_SUBJECT = re.compile(r"vzdump backup status \(([^)\s]{1,255})\)\s*:?\s*(.*)$", re.IGNORECASE)
_MARK = re.compile(
    (
        r"^(?:\d+: )?.{0,30}\bINFO: (?:starting new backup job: vzdump|Starting Backup of "
        r"VM \d+)|^vzdump .*--storage|\bvzdump archive '"
    ),
    re.MULTILINE,
)
_HEAD = re.compile(r"^\s*VMID\s", re.IGNORECASE)
_ROW = re.compile(
    r"^\s*(?P<vmid>\d{2,9})[\s|]+(?:(?P<name>\S+)[\s|]+)??(?P<state>ok|err|error|failed|aborted)(?=[\s|]|$)[\s|]*"
    r"(?P<took>(?:\d{1,5}[dhms]\s?){1,4}|\d{1,4}:\d\d(?::\d\d)?)?[\s|]*(?P<size>[\d.,]{1,15} ?[KMGTP]?i?B)?[\s|]*(?P<file>.*)$",
    re.IGNORECASE,
)
_LOG = re.compile(
    r"^(?:(\d{2,9}): )?(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) )?(?:\w{3} [ \d]\d \d\d:\d\d:\d\d )?(INFO|ERROR|WARN): (.*)$",
    re.MULTILINE,
)
_BEGIN = re.compile(r"Starting Backup of VM (\d+)")
_DONE = re.compile(r"Finished Backup of VM (\d+) \(([\d:]+)\)")
_FAILED = re.compile(r"Backup of VM (\d+) failed")
_AT = re.compile(r"(?:Backup started|Backup finished|Failed) at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")
_ARCHIVE = re.compile(
    r"(?:vm|ct|host)/(\d{2,9})/(\d{4}-\d\d-\d\dT[\d:]+Z)|vzdump-\w+-(\d{2,9})-(\d{4}_\d\d_\d\d)-(\d\d_\d\d_\d\d)"
)
_STORAGE = re.compile(r"--storage[ =](\S+)")
_TOTALS = re.compile(r"Total bytes written: (\d+)|archive file size: ([\d.,]+\s?\w+)|transferred ([\d.,]+ \w+) in ")
_JOB_FAILED = re.compile(r"^TASK ERROR: (.*)$|Backup job finished with errors", re.MULTILINE)
_JOB_WARNED = re.compile(r"^TASK WARNINGS: [1-9]", re.MULTILINE)


@dataclass(slots=True)
class _Guest:
    """What is known of one guest by now."""

    vmid: str
    name: str = ""
    signs: list[Status] = field(default_factory=list)
    words: str = ""
    report: Report = field(default_factory=lambda: Report(tool="proxmox-vzdump", status="unknown"))


def read(part: Part) -> tuple[Report, ...] | None:
    """One run a guest; one without a guest where the job did not get so far."""
    text = ends(part.text)
    subject = _SUBJECT.search(part.subject)
    if not subject and not _MARK.search(text):
        return None
    guests: dict[str, _Guest] = {}
    _read_table(text, guests)
    _read_log(text, guests)
    failed = _job_failed(text, subject[2] if subject else "")
    node = subject[1] if subject else ""
    target = found[1] if (found := _STORAGE.search(text)) else ""
    if not guests:
        status: Status = "failure" if failed else "unknown"
        return (Report(tool="proxmox-vzdump", status=status, host=node, target=target, said=failed),)
    return _reports(list(guests.values()), node, target, failed, warned=bool(_JOB_WARNED.search(text)))


def _reports(guests: list[_Guest], node: str, target: str, failed: str, *, warned: bool) -> tuple[Report, ...]:
    statuses = {guest.vmid: worst(guest.signs) if guest.signs else "unknown" for guest in guests}
    alone = failed and not {"failure"} & set(statuses.values())
    told = []
    for guest in guests:
        status = statuses[guest.vmid]
        if alone:
            status = "failure" if len(guests) == 1 or status != "success" else "warning"
        elif warned and status == "success":
            status = "warning"
        words = guest.words or (failed if status != "success" else "")
        told.append(replace(guest.report, status=status, job=guest.vmid, what=guest.name, host=node, target=target, said=words))
    return tuple(told)


def _job_failed(text: str, subject: str) -> str:
    """The words that say that the whole job failed; "" for none."""
    if re.search(r"fail|error", subject, re.IGNORECASE):
        return said(subject)
    found = _JOB_FAILED.search(text)
    return said(found[0]) if found else ""


def _guest(guests: dict[str, _Guest], vmid: str) -> _Guest:
    return guests.setdefault(vmid, _Guest(vmid))


def _read_table(text: str, guests: dict[str, _Guest]) -> None:
    """Rows under the head VMID NAME STATUS TIME SIZE FILENAME, padded or tabbed; a message may stand where a guest failed."""
    within = False
    for line in text.split("\n"):
        row = _ROW.match(line[:1000]) if within else None
        if row:
            _read_row(row, _guest(guests, row["vmid"]))
        elif line.strip(" \t|-+"):
            within = bool(_HEAD.match(line))


def _read_row(row: re.Match[str], guest: _Guest) -> None:
    guest.name = row["name"] or ""
    guest.signs.append("success" if row["state"].lower() == "ok" else "failure")
    guest.words = said(row[0])
    guest.report = replace(
        guest.report,
        duration=duration_of(row["took"] or ""),
        size=size_of(row["size"] or ""),
        started=_archived(row["file"]),
    )


def _archived(name: str) -> datetime | None:
    """The start that an archive's name holds."""
    found = _ARCHIVE.search(name)
    if not found:
        return None
    return moment_of(found[2]) if found[2] else moment_of(f"{found[4].replace('_', '-')} {found[5].replace('_', ':')}")


def _read_log(text: str, guests: dict[str, _Guest]) -> None:
    """Lines name their guest in front (a mail), or it is the one that began last (a task's own log)."""
    current = _first_guest(text)
    for found in _LOG.finditer(text):
        vmid, at, level, message = found[1] or "", found[2], found[3], found[4]
        if begun := _BEGIN.search(message):
            current = begun[1]
        elif failed := _FAILED.search(message):
            current = failed[1]
        vmid = vmid or current
        if vmid:
            _read_line(_guest(guests, vmid), at, level, message)


def _first_guest(text: str) -> str:
    """The guest of a log whose beginning is cut off."""
    found = _ARCHIVE.search(text) or _FAILED.search(text)
    return next((part for part in found.groups() if part and part.isdigit()), "") if found else ""


def _read_line(guest: _Guest, at: str | None, level: str, message: str) -> None:
    stamp = moment_of(at) if at else moment_of(found[1]) if (found := _AT.search(message)) else None
    report = guest.report
    if named := re.match(r"(?:VM|CT) Name: (\S+)", message):
        guest.name = guest.name or named[1]
    elif _BEGIN.search(message) or message.startswith("Backup started at"):
        guest.report = replace(report, started=stamp or report.started)
    elif done := _DONE.search(message):
        guest.signs.append("success")
        guest.report = replace(report, finished=stamp or report.finished, duration=report.duration or duration_of(done[2]))
        guest.words = guest.words or said(message)
    elif level == "ERROR" and _FAILED.search(message):
        guest.signs.append("failure")
        guest.words = said(message)
        guest.report = replace(report, finished=stamp or report.finished)
    elif message.startswith(("Backup finished at", "Failed at")):
        guest.report = replace(report, finished=stamp or report.finished)
    elif (total := _TOTALS.search(message)) and report.size is None:
        guest.report = replace(report, size=int(total[1]) if total[1] else size_in(total[2] or total[3]))
