"""duplicity: its statistics block, with "Errors 0", is the proof of a run; a volume that was tried again is none against it."""

from dataclasses import replace

from workflows.backup.reports.form import Format, Name, Run, reader
from workflows.backup.reports.report import Report

FIELDS: dict[Name, tuple[str, ...]] = {
    "what": (r"^Backup source directory (.+?) does not exist",),
    "started": (r"^StartTime \d[\d.]* \((.+)\)$",),
    "finished": (r"^EndTime \d[\d.]* \((.+)\)$",),
    "duration": (r"^ElapsedTime (\d+(?:\.\d+)?)",),
    "size": (r"^SourceFileSize (\d+)",),
}
FAILURE = (
    r"^Giving up after \d+ attempts?|^Backup source directory .* does not exist|^duplicity: error|^Traceback |^\w*(?:Error"
    r"|Exception)\b"
    r"|^Fatal Error|^Command line error|^GPG error|^gpg: .*(?:failed|No such|skipped)|No space left on device"
    r"|^Another (?:duplicity|instance)"
    r"|command not found|^Import of duplicity"
)
STATISTICS = r"^-+\[ Backup Statistics \]-+$"
UPKEEP = (
    r"^Verify complete: |^Collection Status$|^(?:Deleting|Cleanup|Found) .*(?:backup|sets?|files)|^Restore"
    r"|^No old backup sets found"
)


def refined(report: Report, run: Run) -> Report:
    return replace(report, maintenance=False) if run.find(STATISTICS) else report


read = reader(
    Format(
        tool="duplicity",
        marks=(
            rf"{STATISTICS}|^Local and Remote metadata are synchronized|^Last full backup date: |^duplicity: error"
            rf"|^Backup source directory "
            r"|^Giving up after \d+ attempts?|^No signatures found, switching to full|duplicity\.errors|^Last (?:full"
            r"|incremental) backup "
        ),
        ends=(rf"{STATISTICS}(?:\n.+){{4,40}}\n-{{20,}}$",),
        fields=FIELDS,
        failure=FAILURE,
        warning=r"^Errors [1-9]|^Warning[, :]|^Error (?:accessing|opening|reading|listing)|^Skipping ",
        success=r"^Errors 0$|^Verify complete: .* 0 differences|^No old backup sets found",
        maintenance=UPKEEP,
        refine=refined,
    )
)
