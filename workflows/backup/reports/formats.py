"""All formats with a reader of their own, in the order in which they are tried: what is most its own first.

To add one: a file beside this one with a `read`, a line here, and a test with texts of your own.
"""

from workflows.backup.reports import (
    automysqlbackup,
    backupninja,
    borg,
    borgmatic,
    duplicity,
    duply,
    gitlab,
    mariabackup,
    mongodump,
    mysqldump,
    pg_dump,
    pgbackrest,
    rclone,
    restic,
    rsnapshot,
    rsync,
    tar,
    urbackup,
)
from workflows.backup.reports.form import Reader

WRAPPERS: tuple[tuple[str, Reader], ...] = (
    ("backupninja", backupninja.read),
    ("borgmatic", borgmatic.read),
    ("duply", duply.read),
    ("automysqlbackup", automysqlbackup.read),
    ("rsnapshot", rsnapshot.read),
    ("gitlab", gitlab.read),
)
"""Tools that run other tools, and quote them: tried before those."""

TOOLS: tuple[tuple[str, Reader], ...] = (
    ("restic", restic.read),
    ("borg", borg.read),
    ("pgbackrest", pgbackrest.read),
    ("mariabackup", mariabackup.read),
    ("mongodump", mongodump.read),
    ("duplicity", duplicity.read),
    ("urbackup", urbackup.read),
    ("rclone", rclone.read),
    ("mysqldump", mysqldump.read),
    ("pg_dump", pg_dump.read),
    ("rsync", rsync.read),
    ("tar", tar.read),
)

READERS: tuple[tuple[str, Reader], ...] = (*WRAPPERS, *TOOLS)
"""Name and reader."""
