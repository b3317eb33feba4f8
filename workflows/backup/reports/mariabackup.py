"""mariabackup and Percona XtraBackup: "completed OK!" is the only good end. Preparing or copying back is no backup."""

from workflows.backup.reports.form import Format, reader

_WHEN = r"^(?:\[\d\d\] )?(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)"

read = reader(
    Format(
        tool="mariabackup",
        marks=(
            rf"^\[\d\d\] \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d |{_WHEN}.*\[Xtrabackup\]|^(?:mariabackup|mariadb-backup"
            rf"|xtrabackup)(?::| based on)"
            r"|^\d{6} \d\d:\d\d:\d\d .*(?:xtrabackup|innobackupex|completed OK!)"
        ),
        fields={
            "started": (_WHEN,),
            "finished": (_WHEN + r".*completed OK!",),
            "target": (r"Backup created in directory '([^']+)'",),
        },
        failure=(
            r"\[ERROR\]|^(?:\[\d\d\] )?\S+ \S+ (?:Error|ERROR|Failed|FATAL|Can't|Cannot|mariabackup: [Ee]rror"
            r"|xtrabackup: [Ee]rror)"
            r"|^(?:mariabackup|xtrabackup|mariadb-backup): [Ee]rror|FATAL ERROR|No space left on device|got signal|^Killed"
            r"|command not found"
        ),
        warning=r"\[Warning\] .*(?:corrupt|skipp)|\[Warn\]",
        success=r"completed OK!",
        maintenance=r"Starting InnoDB instance for recovery|This target seems to be|--prepare|--copy-back"
        r"|^\S+ \S+ Copying .* to /var/lib/mysql",
    )
)
