"""Daily reports of services that back up Google Workspace or Microsoft 365: how many tasks went well, partly, not at all."""

import re
from collections.abc import Collection

from workflows.backup.reports.labels import cells
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.statuses import said, status_of, worst
from workflows.kernel.mail import Part

_ABOUT = re.compile(
    r"\b(?:Google Workspace|G Suite|Microsoft 365|Office 365|Microsoft365|Exchange Online|Salesforce|SharePoint"
    r"|OneDrive)\b.{0,40}\bbackup"
    r"|\bbackup.{0,40}\b(?:Google Workspace|G Suite|Microsoft 365|Office 365|Salesforce|SharePoint|OneDrive)\b"
    r"|\b(?:SaaS|cloud-to-cloud|cloud to cloud) (?:protection|backup)",
    re.IGNORECASE,
)
_REPORT = re.compile(r"\b(?:report|summary|bericht|rapport|informe)\b", re.IGNORECASE)
_FOR = re.compile(r"\b(?:for|für|pour|para|per)\s+(\S{3,100})\s*$")
_COUNT = re.compile(r"^([\d.,]{1,9})\s+([^\W\d_][^\n\d]{2,40})$|^([^\W\d_][^\n\d:]{2,40}?)\s*[:\t]\s*([\d.,]{1,9})$")
_TOOLS = ("spanning", "backupify", "dropsuite", "afi", "keepit", "avepoint", "syscloud", "skykick", "cloudally")


def read(part: Part) -> tuple[Report, ...] | None:
    about = f"{part.subject}\n{part.text[:2000]}"
    if not _ABOUT.search(about) or not _REPORT.search(about):
        return None
    counts = [(ended, count, label) for label, count in _counted(part.text[:50_000]) if (ended := _status(label)) is not None]
    if len({ended for ended, _, _ in counts}) < 2:
        return None
    some = {ended: f"{count} {label}" for ended, count, label in counts if count}
    named = _FOR.search(part.subject)
    job = named[1].strip(".,") if named else ""
    return (Report(tool=_tool(part), status=_overall(some.keys()), job=job, said=said(", ".join(some.values()))),)


def _overall(ended: Collection[Status]) -> Status:
    """Where some tasks went well the service ran, and says itself what is missing: a warning."""
    if "success" in ended:
        return "warning" if len(ended) > 1 else "success"
    return worst(ended)


def _counted(text: str) -> list[tuple[str, int]]:
    """Labels with their counts: on one line, in two cells, or a row of numbers over a row of labels."""
    found: list[tuple[str, int]] = []
    before: tuple[str, ...] = ()
    for line in text.split("\n")[:2000]:
        row = cells(line[:500]) if line.strip() else ()
        if row and len(row) == len(before) and all(_number(cell) is not None for cell in before) and _number(row[0]) is None:
            found += [(label, _number(count) or 0) for label, count in zip(row, before, strict=True)]
        elif one := _COUNT.match(line.strip()[:100]):
            found.append((one[2] or one[3], _number(one[1] or one[4]) or 0))
        before = row or before
    return found


def _number(text: str) -> int | None:
    digits = text.replace(".", "").replace(",", "").strip()
    return int(digits) if digits.isdigit() and len(digits) < 12 else None


def _status(label: str) -> Status | None:
    return status_of(label) if len(label) <= 40 else None


def _tool(part: Part) -> str:
    about = f"{part.sender} {part.subject} {part.text[:5000]}".lower()
    return next((name for name in _TOOLS if name in about), "cloud-to-cloud")
