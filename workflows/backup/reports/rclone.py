"""rclone: no word for a good end, so its last statistics are the proof: all was transferred and no errors stand beside it.

Its units are binary in every version ("GBytes" in old ones). A sync that worked at a later attempt worked. With --use-json-log
each line is a JSON object; they are read as the plain log.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workflows.backup.reports.form import Format, reader
from workflows.backup.reports.json_log import plain_log
from workflows.backup.reports.report import Report
from workflows.kernel.mail import Part

_LEVELS = {"error": "ERROR", "critical": "CRITICAL", "fatal": "CRITICAL", "warning": "NOTICE", "notice": "NOTICE"}

_WORKED = re.compile(r"^.*Attempt \d+/\d+ succeeded.*$", re.MULTILINE)
_TRIED = re.compile(r"^.*ERROR : .*$|^Errors:.*$", re.MULTILINE)

_read = reader(
    Format(
        tool="rclone",
        marks=(
            r"^Transferred:\s+[\d.]+ ?\w* / [\d.]+ ?\w*|^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d (?:NOTICE|INFO  |ERROR |DEBUG "
            r"|CRITICAL): "
            r"|Failed to (?:sync|copy|move|create file system)|^Command \w+ needs \d+ arguments"
            r"|^[ \t]*[\d.]+ \w+ / [\d.]+ \w+, \d+%, "
        ),
        fields={
            "size": (
                r"Transferred:\s+[\d.]+ ?\w* / ([\d.]+ ?(?:[KMGTPkmgtp]i?B?|[KMGTPkmgtp]?Bytes|B)), ",
                r"^(?:.* INFO  : +)?[\d.]+ ?\w+ / ([\d.]+ ?(?:[KMGTPkmgtp]i?B?|[KMGTPkmgtp]?Bytes|B)), 100%, ",
            ),
            "duration": (r"^Elapsed time:\s+(\S+)",),
        },
        last=frozenset({"size", "duration"}),
        failure=(
            r"Failed to |ERROR : |CRITICAL: |^Errors:\s+[1-9]|[Ff]atal error|didn't find section|directory not found"
            r"|quota exceeded"
            r"|command not found|unknown (?:flag|command)|^Command \w+ needs \d+ arg"
        ),
        warning=r"NOTICE: .*(?:skipped|Skipping|Duplicate|Can't)",
        success=(
            r"^Transferred:\s+([\d.]+ ?\w*) / \1, (?:100%|-)|There was nothing to transfer"
            r"|^(?:.* INFO  : +)?([\d.]+ ?\w+) / \2, (?:100%|-), "
            r"|^\S+ \S+ (?:NOTICE|INFO  ): .*: 0 differences found"
        ),
        maintenance=r"as --dry-run is set|differences found|matching files$",
        binary=True,
    )
)


def read(part: Part) -> tuple[Report, ...] | None:
    reports = _read(_without_first_attempts(plain_log(part, _told)))
    # What was transferred is not what there is: nothing new is no empty backup.
    return None if reports is None else tuple(replace(report, size=report.size or None) for report in reports)


def _without_first_attempts(part: Part) -> Part:
    """Errors before an attempt that worked are mended; a run that gave up before it says so in a line without a level."""
    *before, last = _WORKED.split(part.text)
    if not before:
        return part
    return replace(part, text=_TRIED.sub("", "\n".join(before)) + last)


def _told(line: Mapping[str, Any]) -> str | None:
    if "msg" not in line or "level" not in line:
        return None
    level = _LEVELS.get(str(line["level"]), "INFO")
    when = str(line.get("time", ""))[:19].replace("-", "/").replace("T", " ")
    about = f"{line['object']}: " if "object" in line else ""
    return f"{when} {level:<6}: {about}{line['msg']}"
