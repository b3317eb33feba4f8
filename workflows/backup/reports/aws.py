"""AWS Backup and RDS: what EventBridge and SNS send, as JSON or as SNS writes it into a mail.

A job's id is new with every run: the series is the resource. SNS gives all results the same subject.
"""

import re
from collections.abc import Mapping
from typing import Any

from workflows.backup.reports.form import Format, line_at, reader
from workflows.backup.reports.labels import labelled
from workflows.backup.reports.moments import moment_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.statuses import said
from workflows.kernel.mail import Part

_STATES: dict[str, Status] = {
    "COMPLETED": "success",
    "PARTIAL": "warning",
    "COMPLETED_WITH_ISSUES": "warning",
    "FAILED": "failure",
    "ABORTED": "failure",
    "ABORTING": "failure",
    "EXPIRED": "failure",
    "RUNNING": "running",
    "CREATED": "running",
    "PENDING": "running",
}
_RDS: tuple[tuple[str, Status], ...] = (
    (r"finished db (?:instance|cluster) backup|(?:automated|manual) (?:cluster )?snapshot created|finished copy", "success"),
    (r"backing up db|creating (?:automated|manual)", "running"),
    (r"(?:backup|snapshot).*(?:fail|unable|cannot|could not|error)|(?:unable|fail\w*|cannot).*(?:backup|snapshot)", "failure"),
)

backup = reader(
    Format(
        tool="aws-backup",
        marks=r"\bAWS Backup (?:copy |restore )?job (?:was|has|did|failed|completed|with)|\bBackupJob ID ?: ",
        fields={
            "job": (r"(?:Backup|Copy|Restore)Job ID ?: ?([\w-]+)", r"(?:backup|copy|restore) job ID:? ([\w-]+)"),
            "series": (r"Resource ARN ?: ?(arn:\S+?)\.?(?:\s|$)",),
            "what": (r"Resource ARN ?: ?(arn:\S+?)\.?(?:\s|$)",),
            "target": (r"Recovery point ARN ?: ?(arn:\S+?)\.?(?:\s|$)",),
        },
        failure=r"\bjob (?:has |was )?(?:failed|aborted|expired|stopped)|\bjob did not|was not (?:successful|completed)",
        warning=r"completed with issues|partially",
        running=r"\bjob (?:was |has )?(?:started|created)|is running",
        success=r"completed successfully",
        maintenance=r"AWS Backup restore job",
        subject=False,
    )
)


def rds(part: Part) -> tuple[Report, ...] | None:
    """RDS writes labels; what it tells of anything but a backup is no run."""
    values = labelled(part.text[:20_000])
    if "event source" not in values or "sourceid" not in {*values, "source id"} or "message" not in values:
        return None
    name = values.get("sourceid") or values.get("source id") or ""
    told = _rds(values.get("message", ""), name, values.get("notification time", ""))
    return () if told is None else (told,)


def from_event(event: Mapping[str, Any]) -> tuple[Report, ...] | None:
    """The run in an event's JSON; None for another kind of object, () for an event of something else."""
    detail = event.get("detail")
    if event.get("source") == "aws.backup" and isinstance(detail, Mapping):
        return (_job(event, detail),) if "backupJobId" in detail else ()
    if "Event Message" in event and "Source ID" in event:
        told = _rds(str(event["Event Message"]), str(event["Source ID"]), str(event.get("Event Time", "")))
        return () if told is None else (told,)
    if event.get("source") == "aws.rds" and isinstance(detail, Mapping):
        told = _rds(str(detail.get("Message", "")), str(detail.get("SourceIdentifier", "")), str(detail.get("Date", "")))
        return () if told is None else (told,)
    return None


def _job(event: Mapping[str, Any], detail: Mapping[str, Any]) -> Report:
    state = str(detail.get("state", "")).upper()
    size = str(detail.get("backupSizeInBytes", ""))
    resource = str(detail.get("resourceArn", ""))[:300]
    message = str(detail.get("statusMessage") or "")
    return Report(
        tool="aws-backup",
        status="warning" if state == "COMPLETED" and "issue" in message.lower() else _STATES.get(state, "unknown"),
        job=str(detail["backupJobId"])[:300],
        series=resource,
        what=resource,
        target=str(detail.get("backupVaultArn") or detail.get("backupVaultName") or "")[:300],
        started=moment_of(str(detail.get("creationDate", ""))[:40]),
        finished=moment_of(str(detail.get("completionDate", ""))[:40]),
        size=int(size) if size.isdigit() and len(size) < 19 else None,
        said=said(f"{event.get('detail-type', '')}: {state} {message}"),
    )


def _rds(message: str, name: str, when: str) -> Report | None:
    for pattern, status in _RDS:
        found = re.search(pattern, message[:500].lower())
        if found:
            moment = moment_of(when)
            return Report(
                tool="aws-rds",
                status=status,
                job=name[:300],
                what=name[:300],
                started=moment if status == "running" else None,
                finished=moment if status != "running" else None,
                said=line_at(message[:500], 0),
            )
    return None
