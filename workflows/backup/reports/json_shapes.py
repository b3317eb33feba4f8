"""Known shapes of JSON: restic --json, borg --json (and borgmatic's list of them), events of AWS Backup and RDS."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from workflows.backup.reports import aws, borg
from workflows.backup.reports.cron import cron_of
from workflows.backup.reports.form import Format, status_by_signs
from workflows.backup.reports.moments import moment_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.series import series_of
from workflows.backup.reports.statuses import said, worst
from workflows.kernel.mail import Part

Json = Mapping[str, Any]
_BESIDE = Format(tool="borg", failure=borg.FAILURE, warning=borg.WARNING, exits=borg.EXITS)


def read(values: list[Any], part: Part) -> tuple[Report, ...] | None:
    """The runs of a document in one of these shapes; None for any other."""
    objects = [one for value in values for one in (value if isinstance(value, list) else [value]) if isinstance(one, Mapping)]
    if any("message_type" in one for one in objects):
        return _restic(objects, part)
    archives = [one for one in objects if isinstance(one.get("archive"), Mapping)]
    if archives:
        tool = "borgmatic" if any(isinstance(value, list) for value in values) else "borg"
        return tuple(_borg(one, part, tool) for one in archives)
    events = [report for one in objects if (report := aws.from_event(one)) is not None]
    return tuple(report for reports in events for report in reports) if events else None


def _restic(messages: Iterable[Json], part: Part) -> tuple[Report, ...]:
    """A summary for each run; errors before it are its own, a fatal one ends it without a summary."""
    reports: list[Report] = []
    bad: list[tuple[Status, str]] = []
    last = ""
    for one in messages:
        last = str(one.get("message_type"))
        if last == "summary":
            reports.append(_summary(one, bad, part))
            bad = []
        elif last in {"error", "exit_error"}:
            bad.append(("failure" if last == "exit_error" else "warning", _words(one)))
    status: Status = worst(sign for sign, _ in bad) if bad else "unknown"
    if not reports or "failure" in {sign for sign, _ in bad} or last in {"status", "verbose_status"}:
        host = cron_of(part.subject).host
        status = "failure" if status == "warning" and last == "error" else status
        reports.append(Report(tool="restic", status=status, host=host, said=said(bad[-1][1] if bad else "")))
    return tuple(reports)


def _summary(one: Json, bad: list[tuple[Status, str]], part: Part) -> Report:
    status: Status = worst(sign for sign, _ in bad) if bad else "success" if one.get("snapshot_id") else "unknown"
    if one.get("dry_run"):
        status = "unknown"
    return Report(
        tool="restic",
        status=status,
        host=cron_of(part.subject).host,
        series=cron_of(part.subject).command,
        started=moment_of(str(one.get("backup_start", ""))[:40]),
        finished=moment_of(str(one.get("backup_end", ""))[:40]),
        duration=_seconds(one.get("total_duration")),
        size=_bytes(one.get("total_bytes_processed")),
        maintenance=bool(one.get("dry_run")),
        said=bad[0][1] if bad else said(f"snapshot {one.get('snapshot_id')} saved"),
    )


def _words(message: Json) -> str:
    inner = message.get("error")
    text = inner.get("message") if isinstance(inner, Mapping) else inner
    return said(str(message.get("message") or text or message.get("item") or "error"))


def _borg(one: Json, part: Part, tool: str) -> Report:
    """An archive that was written is the proof; what is printed beside the JSON can only make it worse."""
    archive: Json = one["archive"]
    stats = archive.get("stats")
    stats = stats if isinstance(stats, Mapping) else {}
    repository = one.get("repository")
    where = repository.get("location") if isinstance(repository, Mapping) else ""
    beside, words = status_by_signs(_BESIDE, "\n".join(part.text.split("\n{")[0].split("\n")[:200]), part.subject)
    name = str(archive.get("name", ""))[:300]
    return Report(
        tool=tool,
        status=beside if beside in {"failure", "warning"} else "success" if archive.get("end") and stats else "unknown",
        job=name,
        series=series_of(name),
        host=str(archive.get("hostname") or cron_of(part.subject).host)[:300],
        started=moment_of(str(archive.get("start", ""))[:40]),
        finished=moment_of(str(archive.get("end", ""))[:40]),
        duration=_seconds(archive.get("duration")),
        size=_bytes(stats.get("original_size")),
        target=str(where or "")[:300],
        said=words or said(f"archive {name} written"),
    )


def _number(value: object) -> float | None:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    return number if number is not None and 0 <= number < 1e18 else None


def _bytes(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _seconds(value: object) -> timedelta | None:
    number = _number(value)
    return timedelta(seconds=number) if number is not None and number < 1e8 else None
