"""Synology: Hyper Backup, Active Backup (Business, Microsoft 365, Google Workspace), Snapshot Replication, in DSM's languages.

A sentence says which task ended how on which machine; labelled lines follow. Hyper Backup does not name itself, its sentence
does.
"""

import re

from workflows.backup.reports.durations import duration_of
from workflows.backup.reports.form import ends, read_size
from workflows.backup.reports.labels import pairs
from workflows.backup.reports.moments import moment_of, order_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.signs import status_of_lines, without_names
from workflows.backup.reports.sizes import sizes_in
from workflows.backup.reports.statuses import worst
from workflows.backup.reports.synology_words import HEADLINES, HOSTS, LABELS, MAINTENANCE, MISSED, NOT_A_RUN, STOPPED
from workflows.kernel.mail import Part

_TOOLS = (
    ("synology-m365", re.compile(r"Active Backup for (?:Microsoft|Office) 365")),
    ("synology-workspace", re.compile(r"Active Backup for (?:Google Workspace|G Suite)")),
    ("synology-abb", re.compile(r"Active Backup\b")),
    ("synology-snapshot", re.compile(r"Snapshot Replication|\breplication task\b", re.IGNORECASE)),
    ("synology-hyperbackup", re.compile(r"Hyper Backup|\.hbk\b|Synology C2|sy\.to/nasbackup")),
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»\n]{1,120})[\"”“»]")
_DEVICE = re.compile(r"^[ \t]+(\S[^:\n]{0,80}):[ \t]+(\S.*)$", re.MULTILINE)
_LINES_MAX = 300
_LINK = re.compile(r"https?://|sy\.to/", re.IGNORECASE)
_LETTER = re.compile(r"^(?:dear|sehr geehrte|cher|chère|gentile|estimad|beste|尊敬|親愛|уважаем|vážen)", re.IGNORECASE)


def read(part: Part) -> tuple[Report, ...] | None:
    """One task; none for DSM's other news."""
    text = ends(part.text)
    tool = _tool(f"{part.subject}\n{text}")
    if not tool:
        return None
    return () if NOT_A_RUN.search(part.subject) else (_report(tool, part, text),)


def _tool(text: str) -> str:
    named = next((tool for tool, mark in _TOOLS if mark.search(text)), "")
    if named:
        return named
    signed = any(host.search(text) for host in HOSTS[:2]) and {"job", "target"} <= _values(text).keys()
    told = HEADLINES.search(text) and any(host.search(text) for host in HOSTS)
    return "synology-hyperbackup" if signed or told else ""


def _report(tool: str, part: Part, text: str) -> Report:
    values = _values(text)
    order = order_of(text, part.sent)
    job = values.get("job", "") or next((found[1] for line in (part.subject, text) if (found := _QUOTED.search(line))), "")
    host = next((found[1] for mark in HOSTS if (found := mark.search(text) or mark.search(part.subject))), "").strip(".,")
    status, said = _status(part, text, values, (job, host))
    whole = f"{part.subject}\n{text}"
    return Report(
        tool=tool,
        status=status,
        job=job.strip("\"'“”„«» "),
        host=host,
        started=moment_of(values.get("started", ""), order),
        finished=moment_of(values.get("finished", ""), order),
        duration=duration_of(values.get("duration", "")),
        size=_size(values, text),
        target=values.get("target", ""),
        maintenance=bool(MAINTENANCE.search(without_names(part.subject or whole, (job, host)))),
        missed=bool(MISSED.search(without_names(part.subject, (job, host)))),
        said=said,
    )


def _values(text: str) -> dict[str, str]:
    """Field -> value of the first label that means it."""
    found: dict[str, str] = {}
    for name, value in pairs(text):
        meaning = next((meaning for meaning, stems in LABELS.items() if stems.search(name)), "")
        if meaning and value:
            found.setdefault(meaning, value)
    return found


def _status(part: Part, text: str, values: dict[str, str], names: tuple[str, str]) -> tuple[Status, str]:
    """What the subject, the sentences and the reason given say; the worst of it.

    Devices of which some failed make a good task a warning.
    """
    known = [name for name in (*names, values.get("target", "")) if name]
    told = [part.subject, *(line for line in text.split("\n")[:_LINES_MAX] if _tells(line)), values.get("result", "")]
    status, words = status_of_lines(STOPPED.sub(" failed ", without_names(line, known)) for line in told)
    ends_of_devices = {one for _, state in _DEVICE.findall(text) if (one := status_of_lines([state])[0]) != "unknown"}
    if not ends_of_devices or (ends_of_devices == {"success"} and status != "unknown"):
        return status, words
    by_devices: Status = ends_of_devices.pop() if len(ends_of_devices) == 1 else "warning"
    return by_devices if status == "unknown" else worst([status, by_devices]), words


def _tells(line: str) -> bool:
    """Whether a line is a sentence; a label tells of an end only by its value, which is asked for by name."""
    label = next(iter(pairs(line)), None)
    return label is None and not _LINK.search(line) and not _LETTER.match(line)


def _size(values: dict[str, str], text: str) -> int | None:
    """As a label states it, else what the devices of the task moved together."""
    stated = read_size(values["size"]) if "size" in values else None
    moved = [size for _, state in _DEVICE.findall(text) for size in sizes_in(state)]
    return sum(moved) if stated is None and moved else stated
