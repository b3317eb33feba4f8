"""rclone: no word for a good end, so its last statistics are the proof: all was transferred and no errors stand beside it.

Its units are binary in every version ("GBytes" in old ones). A sync that worked at a later attempt worked. With --use-json-log
each line is a JSON object; they are read as the plain log.
"""

import json
import re
from dataclasses import replace

from workflows.backup.reports.form import Format, reader
from workflows.backup.reports.report import Report
from workflows.kernel.mail import Part

_JSON_LINE = re.compile(r'^\{"(?:level|time|msg|object|source)":', re.MULTILINE)
_LEVELS = {"error": "ERROR", "critical": "CRITICAL", "fatal": "CRITICAL", "warning": "NOTICE", "notice": "NOTICE"}

_read = reader(
    Format(
        tool="rclone",
        marks=(
            r"^Transferred:\s+[\d.]+ ?\w* / [\d.]+ ?\w*|^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d (?:NOTICE|INFO  |ERROR |DEBUG "
            r"|CRITICAL): "
            r"|Failed to (?:sync|copy|move|create file system)"
        ),
        fields={
            "size": (r"Transferred:\s+[\d.]+ ?\w* / ([\d.]+ ?(?:[KMGTPkmgtp]i?B?|[KMGTPkmgtp]?Bytes|B)), ",),
            "duration": (r"^Elapsed time:\s+(\S+)",),
        },
        last=frozenset({"size", "duration"}),
        harmless=r"\A[\s\S]*Attempt \d+/\d+ succeeded.*$",
        failure=(
            r"Failed to |ERROR : |CRITICAL: |^Errors:\s+[1-9]|[Ff]atal error|didn't find section|directory not found"
            r"|quota exceeded"
            r"|command not found|unknown (?:flag|command)"
        ),
        warning=r"NOTICE: .*(?:skipped|Skipping|Duplicate|Can't)",
        success=(
            r"^Transferred:\s+([\d.]+ ?\w*) / \1, (?:100%|-)|There was nothing to transfer"
            r"|INFO  : +([\d.]+ ?\w+) / \2, (?:100%|-)"
            r"|^\S+ \S+ (?:NOTICE|INFO  ): .*: 0 differences found"
        ),
        maintenance=r"as --dry-run is set|differences found|matching files$",
        binary=True,
    )
)


def read(part: Part) -> tuple[Report, ...] | None:
    return _read(
        replace(part, text=_plain_log(part.text)) if _JSON_LINE.search(part.text[:5000]) and '"msg"' in part.text else part
    )


def _plain_log(text: str) -> str:
    return "\n".join(_plain_line(line) for line in text.split("\n"))


def _plain_line(line: str) -> str:
    try:
        said = json.loads(line) if line.startswith("{") and len(line) < 100_000 else None
    except (ValueError, RecursionError):
        return line
    if not isinstance(said, dict) or "msg" not in said:
        return line
    level = _LEVELS.get(str(said.get("level")), "INFO")
    when = str(said.get("time", ""))[:19].replace("-", "/").replace("T", " ")
    about = f"{said['object']}: " if "object" in said else ""
    return f"{when} {level:<6}: {about}{said['msg']}"
