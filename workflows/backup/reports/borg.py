"""borg: `create --stats`, and prune, compact, check, list. An archive's name changes with every run; its series is the rest.

With --show-rc the last line says how it ended; rc 1 and 100 to 127 are warnings. Without it, a statistics block for the archive
is the proof, unless something is said beside it.
"""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Name, Run, reader
from workflows.backup.reports.report import Report
from workflows.backup.reports.series import series_of

FIELDS: dict[Name, tuple[str, ...]] = {
    "job": (r"^Archive name: (.+)$", r"^Archive (\S+) already exists"),
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
SUCCESS = r"^terminating with success status|^This archive: |^compaction freed |no problems found"
UPKEEP = (
    r"^(?:Keeping|Pruning|Would prune|Would keep|Deleted|Deleting) (?:checkpoint )?archive|^Deleted data: |^compaction freed "
    r"|^(?:Starting|Finished|Completed) (?:full |partial )?(?:repository|archive)\b.*check|^Archive consistency check"
    r"|^finished segment check"
)
EXITS = frozenset({1, *range(100, 128)})

_QUOTES = re.compile(r"^\S+ +\w{3}, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[[0-9a-f]{64}\]$", re.MULTILINE)


def refined(report: Report, run: Run) -> Report:
    listed = _QUOTES.search(run.text[:5000]) is not None and not run.find(r"^This archive: ")
    upkeep = (report.maintenance and not run.find(r"^(?:Archive name|This archive|Creating archive)")) or listed
    return replace(report, series=series_of(report.job) or report.series, maintenance=upkeep)


read = reader(
    Format(
        tool="borg",
        marks=(
            r"^Archive fingerprint: |^terminating with (?:success|warning|error) status, rc \d+|^This archive: +\d"
            r"|\bBORG_[A-Z_]{4,}"
            r"|lock\.exclusive|^(?:Keeping|Pruning) archive |^compaction freed about|^Starting repository check"
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
