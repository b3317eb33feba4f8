"""A cron mail of a backup script that no other reader knows: trouble by what programs print, a good end by its last lines.

Cron sends only what a script printed, so a mail without a word of an end proves nothing.
"""

import re

from workflows.backup.reports.backup_words import is_backup_line
from workflows.backup.reports.cron import cron_of
from workflows.backup.reports.form import TEXT_MAX, exit_signs, line_at
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.statuses import said, status_of, worst
from workflows.kernel.mail import Part

LAST_LINES = 12
_TOOL = re.compile(
    r"\b(restic|borgmatic|borg|rclone|rsnapshot|rsync|duplicity|duply|mysqldump|mariadb-dump|pg_dump(?:all)?|pg_basebackup"
    r"|pgbackrest"
    r"|mariabackup|xtrabackup|mongodump|automysqlbackup|backupninja|rdiff-backup|tar|kopia|bupstash|zfs|sqlite3)\b"
)
_BAD = re.compile(
    r"^(?:\S{1,80}: )?(?:error|fatal|critical|panic|traceback|abort\w*|segmentation fault|killed)\b(?!s?:? (?:0\b|none))"
    r"|: (?:command )?not found$|: No such file or directory$|: Permission denied|No space left on device"
    r"|Connection (?:refused|timed out"
    r"|reset)|Read-only file system|Input/output error|cannot (?:open|create|access|connect|stat)|could not|syntax error"
    r"|Host key verif"
    r"|No route to host|Name or service not known|Stale file handle|Disk quota exceeded|Out of memory|is not mounted"
    r"|Broken pipe|not supported|^[ \t]*\w+(?:Error|Exception|Failure)\b|^Command \w+ needs \d",
    re.IGNORECASE | re.MULTILINE,
)


_WHOLE = re.compile(r"^created snapshot with root|\bwrote backup with name ", re.IGNORECASE)
_STEP = re.compile(r"\b(?:part|step|table|file|chunk|volume|bundle) \S|\d{1,3} ?%", re.IGNORECASE)


def read(part: Part) -> tuple[Report, ...] | None:
    cron = cron_of(part.subject)
    if not cron.command or not (is_backup_line(cron.command) or _TOOL.search(cron.command)):
        return None
    text = part.text[-TEXT_MAX:]
    signs: list[tuple[Status, str]] = exit_signs(text, frozenset())
    bad = _BAD.search(text)
    if bad:
        signs.append(("failure", line_at(text, bad.start())))
    last = [line for line in text.rstrip().split("\n")[-LAST_LINES:] if line.strip()]
    signs += [(status, said(line)) for line in last if len(line) < 300 and (status := _end(line, last[-1]))]
    status = worst(one for one, _ in signs)
    tool = _TOOL.search(cron.command)
    return (
        Report(
            tool=tool[1] if tool else "script",
            status=status,
            series=cron.command,
            host=cron.host,
            said=next((words for one, words in signs if one == status), ""),
        ),
    )


def _end(line: str, last: str) -> Status | None:
    """What a line says of the end: a good word only if it is the last line, or about the whole backup; steps are done midway."""
    if _WHOLE.search(line):
        return "success"
    status = status_of(line)
    if status == "success" and (_STEP.search(line) or not (line is last or is_backup_line(line))):
        return None
    return status
