"""rsync: its closing lines are the proof. Codes 23 to 25 mean that some files were not transferred, any other that it failed.

File names are listed as they are, so only what rsync itself says at the start of a line counts.
"""

from dataclasses import replace

from workflows.backup.reports.form import Format, Name, Run, reader
from workflows.backup.reports.report import Report

FIELDS: dict[Name, tuple[str, ...]] = {
    "size": (r"^total size is (\d[\d.,]*[KMGTP]?)\b", r"^Total file size: (\d[\d.,]*[KMGTP]?) bytes"),
}
FAILURE = (
    r"^rsync error: (?!.*\(code 2[345]\))|^rsync: .*(?:connection unexpectedly closed|failed to connect|did not see server"
    r"|No space left"
    r"|error in rsync protocol|read error|write error|writefd_unbuffered failed|mkdir .* failed|change_dir#\d .*failed"
    r"|link_stat .*failed"
    r"|command not found|unknown option)|^@ERROR: |^ssh: |^Host key verification failed|^\S+: Permission denied \(|^Killed"
    r"|command not found"
    r"|^rsync: --|^protocol version mismatch"
)
WARNING = (
    r"^rsync error: .*\(code 2[345]\)|^rsync warning: |^rsync: |^IO error encountered|^file has vanished: "
    r"|^cannot delete non-empty"
    r"|^skipping (?:file deletion|directory|non-regular)|^\w+\(.*failed"
)
SUCCESS = r"^total size is \d"


def _refined(report: Report, run: Run) -> Report:
    """Where nothing at all was found, nothing was backed up."""
    return replace(report, status="failure") if report.status == "warning" and run.find(r"^total size is 0\b") else report


read = reader(
    Format(
        tool="rsync",
        marks=r"^sent \d[\d.,]*\w? bytes +received |^total size is \d|^rsync(?: error| warning)?: "
        r"|^Total file size: [\d,.]+\w? bytes",
        ends=(r"^total size is .*$(?:\n+rsync (?:error|warning): .*$)?|^rsync error: .*$",),
        fields=FIELDS,
        failure=FAILURE,
        warning=WARNING,
        success=SUCCESS,
        exits=frozenset({23, 24, 25}),
        maintenance=r"^total size is .*\(DRY RUN\)",
        refine=_refined,
    )
)
