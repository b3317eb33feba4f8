"""borg: `create --stats`, and prune, compact, check, list. An archive's name changes with every run; its series is the rest.

With --show-rc the last line says how it ended; rc 1 and 100 to 127 are warnings. Without it, a statistics block for the archive
is the proof, unless something is said beside it.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workflows.backup.reports.form import Format, Name, Run, reader
from workflows.backup.reports.json_log import plain_log
from workflows.backup.reports.report import Report
from workflows.backup.reports.series import series_of
from workflows.kernel.mail import Part

FIELDS: dict[Name, tuple[str, ...]] = {
    "job": (r"^Archive name: (.+)$", r"^Archive (\S+) already exists", r'^Creating archive at "\S*?::(.+)"$'),
    "started": (r"^Time \(start\): +(.+)$",),
    "finished": (r"^Time \(end\): +(.+)$",),
    "duration": (r"^Duration: +(.+)$",),
    "size": (r"^This archive: +(\d[\d.,]* \w+)", r"^Original size: +(\d[\d.,]* \w+)"),
    "target": (r"^Repository: (.+)$", r"acquire the lock (\S+?)/lock\.exclusive", r'^Creating archive at "(.+?)::'),
}
FAILURE = (
    r"^terminating with error status|^Failed to |^Archive .* already exists|is incorrect\.$|^Repository .* does not exist"
    r"|is not a valid repository|^Connection closed by remote host|^(?:Local|Remote) Exception|^Traceback |^Data integrity error"
    r"|errors found|No space left on device|^Insufficient free space|\[Errno 28\]|Repository access aborted|^borg: error: "
    r"|^Error: "
    r"|^(?:ssh|Remote: ssh): |^Remote: .*(?:not found|denied|closed)|killed by|^Killed|command not found"
)
WARNING = (
    r"^terminating with warning status|: \[Errno \d+\] |: (?:open|stat|read|scandir|dir_open|lstat|listdir|fstat): "
    r"|file (?:type or inode )?changed while we|file not found|^Warning: |^[EC] /|: Warning: "
)
SUCCESS = r"^terminating with success status|^This archive: |^compaction freed |no problems found|^(?:Keeping|Pruning) archive "
UPKEEP = (
    r"^(?:Keeping|Pruning|Would prune|Would keep|Deleted|Deleting) (?:checkpoint )?archive|^Deleted data: |^compaction freed "
    r"|^(?:Starting|Finished|Completed) (?:full |partial )?(?:repository|archive)\b.*check|^Archive consistency check"
    r"|^finished segment check"
)
EXITS = frozenset({1, *range(100, 128)})

_LISTED = re.compile(
    r"^\S+ +\w{3}, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[[0-9a-f]{64}\]$|^Command line: |^Repository ID: ", re.MULTILINE
)
_SILENT = re.compile(r"[\s-]*terminating with success status, rc 0\s*")


def refined(report: Report, run: Run) -> Report:
    created = run.find(r"^(?:Repository: |Creating archive)") is not None
    listed = _LISTED.search(run.text[:5000]) is not None and not created
    silent = not run.alone and _SILENT.fullmatch(run.text) is not None
    upkeep = (report.maintenance and not created) or listed or silent
    status = "unknown" if listed and report.status == "success" and not report.maintenance else report.status
    return replace(report, series=series_of(report.job) or report.series, maintenance=upkeep, status=status)


_read = reader(
    Format(
        tool="borg",
        marks=(
            r"^Archive fingerprint: |^terminating with (?:success|warning|error) status, rc \d+|^This archive: +\d"
            r"|\bBORG_[A-Z_]{4,}"
            r"|lock\.exclusive|^(?:Keeping|Pruning) archive |^compaction freed about|^Starting repository check"
            r"|^Repository \S+ does not exist\.$|^Archive \S+ already exists$|^Repository ID: [0-9a-f]{64}"
            r"|^borg: error: |is not a valid repository\. Check repo config"
            r"|\w{3}, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[[0-9a-f]{64}\]$"
        ),
        ends=(r"^terminating with \w+ status, rc \d+.*$", r"^Chunk index: .*$(?:\n-{10,}$)?"),
        fields=FIELDS,
        failure=FAILURE,
        warning=WARNING,
        success=SUCCESS,
        exits=EXITS,
        maintenance=UPKEEP,
        refine=refined,
    )
)


def read(part: Part) -> tuple[Report, ...] | None:
    return _read(plain_log(part, _told))


def _told(line: Mapping[str, Any]) -> str | None:
    return str(line["message"]) if line.get("type") == "log_message" and "message" in line else None
