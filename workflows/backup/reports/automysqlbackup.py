"""automysqlbackup: a log between "Backup Start" and "Backup End", then the space used as du prints it (binary)."""

from workflows.backup.reports.form import Format, reader

read = reader(
    Format(
        tool="automysqlbackup",
        marks=r"^AutoMySQLBackup VER |errors? reported during AutoMySQLBackup|^Backup of Database Server - ",
        subject_marks=r"(?i)\bautomysqlbackup\b",
        begins=r"^AutoMySQLBackup VER ",
        fields={
            "host": (r"^Backup of Database Server - (\S+)",),
            "started": (r"^Backup Start(?: Time)?:? +(.+)$",),
            "finished": (r"^Backup End(?: Time)?:? +(.+)$",),
            "size": (r"^Size +- +Location\s+(\d[\d.,]*[KMGT]?)\s",),
            "target": (r"^Size +- +Location\s+\d\S*\s+(\S+)",),
        },
        last=frozenset({"finished"}),
        harmless=r"^.*(?:\[Warning\] Using a password|Deprecated program name|insecure\b).*$",
        failure=(
            r"(?i)errors? reported|^(?:mysqldump|mariadb-dump|mysql|gzip|bzip2|openssl): |^ERROR|^error: |backup failed"
            r"|access denied"
            r"|no space left|command not found"
        ),
        warning=r"(?i)^#* ?warning",
        success=r"^Backup End(?: Time)?:? ",
        binary=True,
    )
)
