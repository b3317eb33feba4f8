"""TrueNAS: a mail of alerts; those of replication, snapshot, cloud sync and rsync tasks are runs.

What is only repeated as current, or was cleared, is none.
"""

import re
from collections.abc import Iterator

from workflows.backup.reports.form import ends
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.statuses import said
from workflows.kernel.mail import Part

_MARK = re.compile(r"\b(?:TrueNAS|FreeNAS)\b")
_HOST = re.compile(r"\b(?:TrueNAS|FreeNAS)\s*@\s*([\w.-]+)|\b(?:TrueNAS|FreeNAS)\s+([\w.-]+): Alerts")
_SECTION = re.compile(
    r"^[ \t]*((?:new|current|cleared|gone)\b.{0,30}\balerts?|.{0,40}\balerts? (?:have|has) been cleared|alerts?)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_ALERT = re.compile(
    r"\b(?P<kind>Replication(?: task)?|Snapshot Task(?: For Dataset)?|Periodic Snapshot "
    r"Task|Cloud ?sync task|Cloud ?backup task|Rsync(?: [\"“]?\w+[\"”]?)? task)"
    r"(?:[ \t]+for)?[ \t]+[\"“'](?P<name>[^\"”\n]{1,200})[\"”'][ \t]+(?P<end>succeeded"
    r"|finished|completed|failed|was aborted|is still running|has been skipped)(?P<why>[^\n]*)",
    re.IGNORECASE,
)
_ENDS: dict[str, Status] = {"succeeded": "success", "finished": "success", "completed": "success", "is still running": "running"}


def read(part: Part) -> tuple[Report, ...] | None:
    """A run for each alert of a task that is new."""
    text = ends(part.text)
    if not _MARK.search(f"{part.subject}\n{text}"):
        return None
    host = next(
        (name for found in (_HOST.search(text), _HOST.search(part.subject)) if found for name in found.groups() if name), ""
    )
    told: dict[tuple[str, str], Report] = {}
    for found in _alerts(text):
        told.setdefault((found["kind"].lower(), found["name"]), _report(found, host))
    return tuple(told.values())


def _alerts(text: str) -> Iterator[re.Match[str]]:
    """Of the new ones where a section says so, else of all that were not cleared."""
    sections = list(_SECTION.finditer(text))
    stops = [*(one.start() for one in sections[1:]), len(text)][: len(sections)]
    spans = [(one[1].lower(), one.end(), stop) for one, stop in zip(sections, stops, strict=True)]
    new = [span for span in spans if span[0].startswith("new")]
    for name, start, end in new or spans or [("", 0, len(text))]:
        if "cleared" not in name and "gone" not in name:
            yield from _ALERT.finditer(text, start, end)


def _report(found: re.Match[str], host: str) -> Report:
    what, _, target = found["name"].partition(" - ")
    replicated = found["kind"].lower().startswith("replication")
    status = _ENDS.get(found["end"].lower(), "failure")
    if status == "success" and re.search(r"\b(?:with|but)\b", found["why"]):
        status = "warning"
    return Report(
        tool="truenas",
        status=status,
        job=found["name"],
        host=host,
        what=what if replicated and target else "",
        target=target if replicated else "",
        missed=found["end"].lower() == "has been skipped",
        said=said(found[0]),
    )
