"""GitLab's `gitlab-backup create`: each part is told with "done", at the end the backup with its name.

The warning about gitlab-secrets.json stands in every good report, and is none of this run.
"""

from workflows.backup.reports.form import Format, reader

_WHEN = r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:UTC|[+-]\d{4})) -- "

read = reader(
    Format(
        tool="gitlab",
        marks=r"^(?:\S+ \S+ \S+ -- )?Dumping (?:database|PostgreSQL database \S+|main_database|repositories) \.\.\."
        r"|_gitlab_backup\.tar",
        fields={
            "what": (r"Dumping PostgreSQL database (\S+)",),
            "started": (_WHEN,),
            "finished": (_WHEN + r"Backup \S+ is done", _WHEN + r"Creating backup archive: \S+ \.\.\. done"),
        },
        harmless=r"^.*Warning: Your gitlab\.rb[^\n]*(?:\n[^\n]*not included[^\n]*)?(?:\n[^\n]*manually\.?)?$"
        r"|^.*\[(?:DISABLED|SKIPPED)\]$",
        failure=(
            r"\[FAILED\]|\bfailed\b|[Rr]ake aborted|Errno::|^pg_dump: |^Backup failed|No space left|^(?:tar|gzip|cp|mv): "
            r"|\b\w+Error\b"
            r"|[Ee]rror(?:s)?:|command not found"
        ),
        warning=r"-- [Ww]arning|^[Ww]arning: ",
        success=r"Backup \S+ is done|Creating backup archive: \S+ \.\.\. done",
        maintenance=r"-- Restoring |^Unpacking backup",
    )
)
