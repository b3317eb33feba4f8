"""mysqldump and mariadb-dump: silent when all is well, so what they print is mostly trouble; -v ends with a line of its own."""

from workflows.backup.reports.form import Format, reader

read = reader(
    Format(
        tool="mysqldump",
        marks=(
            r"^(?:\S*/)?(?:mysqldump|mariadb-dump): |^-- Connecting to \S+\.\.\.$|^-- Dump completed"
            r"|^-- Retrieving table structure for table"
        ),
        ends=(r"^-- Disconnecting from .*$",),
        fields={
            "job": (r"Unknown database '([^']+)'", r"^-- Host: \S+ +Database: (\S+)$"),
            "what": (r"Unknown database '([^']+)'", r"^-- Host: \S+ +Database: (\S+)$"),
            "finished": (r"^-- Dump completed on (.+)$",),
        },
        harmless=r"^.*(?:\[Warning\] Using a password|Deprecated program name|insecure\b).*$",
        failure=(
            r"^(?:\S*/)?(?:mysqldump|mariadb-dump): (?!\[Warning\]|Warning|Skipping|unknown variable)|^(?:ERROR|Error) \d+"
            r"|^Killed"
            r"|command not found|No space left on device|unknown (?:variable|option)"
        ),
        warning=r"\[Warning\]|^-- Warning|^Warning: |Skipping dump",
        success=r"^-- Disconnecting from |^-- Dump completed",
    )
)
