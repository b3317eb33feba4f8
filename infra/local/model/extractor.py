"""Fills in the sentinel's form about a mail by a few plain patterns, so that the way through Bedrock can be walked here.

It understands sentences such as "The backup of Accounting on FIBU-01 finished successfully at 2026-11-19 02:14, 12.5 GB", lines
such as "Alpha: completed, 3 GB", and labels such as "Job: Alpha". A real model understands far more.
"""

import re
from typing import Any

from workflows.backup.reports.statuses import status_of

Json = dict[str, Any]

_BACKUP = re.compile(
    r"back[\s-]?up|sicherung|sauvegard|respaldo|copia de seguridad|zálohov|kopi\w* zapasow|резервн|备份|バックアップ",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[„“\"«「‘']\s*([^„“”\"»」’'\n]{2,80}?)\s*[”“\"»」’']")
_LABEL = re.compile(
    r"^\W{0,3}(?:job(?: name)?|task|auftrag|aufgabe|backup job|tâche|tarea|lavoro)\s*[:=]\s*(\S.{0,79})$",
    re.IGNORECASE | re.MULTILINE,
)
_OF = re.compile(
    r"\b(?:back[\s-]?up|sicherung|sauvegarde)\s+(?:of|von|de)\s+(?:the\s+)?([\w.-]{2,40}(?:\s(?:server|database|share))?)",
    re.IGNORECASE,
)
_HOST = re.compile(r"\b(?:on|auf|host|server|sur|en)\s*[:=]?\s+((?=[\w.-]*[\d.-])[A-Za-z][\w.-]{1,60}\w)")
_SIZE = re.compile(r"(?<![\w.,])\d[\d.,]*\s?(?:[KMGTP]i?B|bytes)\b")
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:Z| UTC)?|\d{1,2}[./]\d{1,2}[./]\d{4},?\s+\d{1,2}:\d\d(?::\d\d)?(?: [AP]M)?"
)
_LINE = re.compile(r"^\W{0,3}(?:backup\s+)?([^\W\d][\w .-]{1,40}?)\s*[:=|\t-]\s*(.+)$", re.IGNORECASE)


def fill_in(text: str) -> Json:
    """The form, as far as the mail can be understood."""
    told = [line for line in text.splitlines() if status_of(line) is not None]
    if not told or not _BACKUP.search(text):
        return {"is_report": False, "runs": []}
    listed = [run for line in told if (run := _of_line(line))]
    return {"is_report": True, "runs": listed if len(listed) > 1 else [_single(text, told)]}


def _of_line(line: str) -> Json | None:
    found = _LINE.match(line)
    if not found or status_of(found[2]) is None or found[1].lower() in {"subject", "status", "result", "ergebnis"}:
        return None
    return {"job": found[1]} | _ended(found[2])


def _single(text: str, told: list[str]) -> Json:
    statuses = [status_of(line) for line in told]
    worst = next((one for one in ("failure", "warning", "running") if one in statuses), "success")
    run = _ended(told[statuses.index(worst)]) if worst in statuses else _ended(told[0])
    for name, pattern in (("job", _QUOTED), ("job", _LABEL), ("job", _OF), ("host", _HOST), ("size", _SIZE)):
        if (found := pattern.search(text)) and name not in run:
            run[name] = found[found.re.groups and 1]
    times = _TIME.findall(text)
    if times:
        run["finished"] = times[-1]
    if len(times) > 1:
        run["started"] = times[0]
    return run


def _ended(line: str) -> Json:
    """How a line says that it ended, in its own words."""
    run: Json = {"status": status_of(line) or "unknown", "status_words": line.strip()[:150]}
    if size := _SIZE.search(line):
        run["size"] = size[0]
    return run
