"""Duplicati: counters by name, as lines or as JSON; a failure has none of them, only "Failed:" and a stack trace.

Times come in the format of the machine's country with the seconds since 1970 behind them: these settle the order of day and
month and
give the zone. What else may stand in the text, also a ready-made "status", is nothing that Duplicati wrote.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from workflows.backup.reports.durations import duration_of
from workflows.backup.reports.form import ends
from workflows.backup.reports.moments import Order, moment_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.sizes import SIZE_MAX
from workflows.backup.reports.statuses import said, status_of, worst
from workflows.kernel.mail import Part

_SUBJECT = re.compile(r"(?:^|[\s:\]])(?:(\w+):\s*)?Duplicati (\w+)(?: \w+)? report for (.+?)\s*$")
_COUNTER = re.compile(r"^[ \t]*([A-Z][A-Za-z]{2,40}): ?(.*)$", re.MULTILINE)
_FAILED = re.compile(r"^Failed: .*$", re.MULTILINE)
_LISTED = re.compile(r"^[ \t]*(Errors|Warnings): \[\s{0,200}[^\]\s]", re.MULTILINE)
_EPOCH = re.compile(r"^(.*?)\s*\((-?\d{1,11})\)\s*$")
_KNOWN = ("ParsedResult", "MainOperation", "ExaminedFiles", "SizeOfExaminedFiles")
_RESULTS: Mapping[str, Status] = {
    "success": "success",
    "warning": "warning",
    "error": "failure",
    "fatal": "failure",
    "unknown": "unknown",
}
_RUNS = {"", "backup"}


def read(part: Part) -> tuple[Report, ...] | None:
    """One operation."""
    text = ends(part.text)
    subject = _SUBJECT.search(part.subject)
    values, extra = _json(part.text) or (dict(reversed(_COUNTER.findall(text))), {})
    if (
        not subject
        and not all(name in values for name in _KNOWN[:2])
        and not ("OperationName" in extra and "backup-name" in extra)
    ):
        return None
    operation = str(values.get("MainOperation") or extra.get("OperationName") or (subject[2] if subject else "")).lower()
    status, words = _status(text, values, subject)
    dry = str(values.get("Dryrun", "")).lower() == "true"
    return (
        Report(
            tool="duplicati",
            status=status,
            job=str(extra.get("backup-name", "")) or (subject[3] if subject else ""),
            host=str(extra.get("machine-name", "")),
            started=_moment(str(values.get("BeginTime", ""))),
            finished=_moment(str(values.get("EndTime", ""))),
            duration=duration_of(str(values.get("Duration", ""))),
            size=_size(values),
            maintenance=operation not in _RUNS or dry,
            said=words,
        ),
    )


def _json(text: str) -> tuple[dict[str, object], dict[str, object]] | None:
    """The two halves of a JSON report: what was counted, and what it was about."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    data, extra = (told.get(name) for name in ("Data", "Extra")) if isinstance(told, dict) else (None, None)
    return (data, extra if isinstance(extra, dict) else {}) if isinstance(data, dict) else None


def _status(text: str, values: Mapping[str, object], subject: re.Match[str] | None) -> tuple[Status, str]:
    """The worst of the result, the subject's first word, "Failed:", and the counters of what is missing."""
    result = str(values.get("ParsedResult", ""))
    signs: list[Status] = [_RESULTS.get(result.lower(), "unknown")] if result else []
    failed = _FAILED.search(text)
    signs += ["failure"] if failed or any(found[1] == "Errors" for found in _LISTED.finditer(text)) else []
    signs += ["warning"] if _LISTED.search(text) or _partial(values) else []
    signs += [_RESULTS.get(subject[1].lower()) or status_of(subject[1]) or "unknown"] if subject and subject[1] and signs else []
    if not signs and subject and subject[1]:
        signs = [_RESULTS.get(subject[1].lower(), "unknown")]
    return worst(signs), said(failed[0] if failed else f"ParsedResult: {result}" if result else subject[0] if subject else "")


def _partial(values: Mapping[str, object]) -> bool:
    flags = any(str(values.get(name, "")).lower() == "true" for name in ("PartialBackup", "Interrupted"))
    return flags or any(
        str(values.get(name, "0")) not in {"0", ""} for name in ("FilesWithError", "NotProcessedFiles", "ErrorsActualLength")
    )


def _size(values: Mapping[str, object]) -> int | None:
    stated = str(values.get("SizeOfExaminedFiles", ""))
    return int(stated) if stated.isdigit() and len(stated) <= 18 and int(stated) <= SIZE_MAX else None


def _moment(text: str) -> datetime | None:
    """Local time with the offset that its epoch shows."""
    found = _EPOCH.match(text[:120])
    if not found:
        return moment_of(text)
    try:
        utc = datetime.fromtimestamp(int(found[2]), UTC)
    except (ValueError, OverflowError, OSError):
        return moment_of(text)
    orders: tuple[Order, ...] = ("dmy", "mdy")
    for order in orders:
        local = moment_of(found[1], order)
        if local and local.tzinfo is None and abs(local - utc.replace(tzinfo=None)) <= timedelta(hours=14):
            return local.replace(
                tzinfo=timezone(timedelta(minutes=15 * round((local - utc.replace(tzinfo=None)) / timedelta(minutes=15))))
            )
    return utc
