"""From a report to what is recorded of its run: when it ended, and how, as far as that can be believed."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from workflows.backup.matching import NO_TOOL
from workflows.backup.ports import CheckIn
from workflows.backup.reports.report import Report, Status
from workflows.kernel.ports import Json

AHEAD_MAX = timedelta(minutes=5)
RELIABLE_SINCE = datetime(2015, 1, 1, tzinfo=UTC)
"""A clock that lost its time begins again at some year before this."""
NEVER = 1980
"""Programs write the beginning of their calendar for what never was: of 1, 1601, 1970 or 1980."""
LASTS_MAX = timedelta(days=30)
NOTE_MAX = 200
LONG_AGO, FAR_AHEAD = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

_OUTCOME: dict[Status, str] = {
    "success": "ok",
    "warning": "warning",
    "failure": "failed",
    "running": "start",
    "unknown": "unsure",
}
_SEEN: dict[Status, str] = {"success": "ok", "warning": "warning", "failure": "failed"}


class Arrival(NamedTuple):
    """The mail a report came in: its id and key in the bucket, when it arrived, when it says that it was sent."""

    mail_id: str
    key: str
    received: datetime
    sent: datetime | None

    @property
    def mark(self) -> str:
        """The same for the same mail, under whatever key it arrives."""
        return hashlib.sha256(self.mail_id.encode("utf-8", "replace")).hexdigest()[:16]


class Ended(NamedTuple):
    """When a run ended, and what had to be put aside to say so. `never`: its time is how programs write "never"."""

    at: datetime
    doubt: str = ""
    never: bool = False


def is_run(report: Report) -> bool:
    """Maintenance is no run of its job, and one that is missed is none at all."""
    return not report.maintenance and not report.missed


def check_in_of(report: Report, arrival: Arrival, *, job_id: str, zone: str, number: int) -> CheckIn:
    """What to record. `number`: its place among the mail's reports of this job. `zone`: of times that name none."""
    ended = ended_at(report, zone, arrival)
    outcome = "unsure" if ended.never and report.status == "success" else _OUTCOME[report.status]
    note = "; ".join(text for text in (report.said if outcome != "ok" else "", ended.doubt) if text)
    received = arrival.received.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return CheckIn(
        job_id=job_id,
        sk=f"{received}#{arrival.mark}-{number}",
        at=arrival.received,
        source="report",
        outcome=outcome,
        size=report.size,
        ran_at=began_at(report, zone, arrival) if outcome == "start" else ended.at,
        ref=arrival.key,
        note=note[:NOTE_MAX],
        once=f"{arrival.mark}-{number}",
    )


def sighting_of(report: Report, arrival: Arrival, *, zone: str, number: int) -> Json:
    """The report as a proposal remembers it."""
    started, finished = (_aware(moment, zone) if moment else None for moment in (report.started, report.finished))
    return {
        "id": f"{arrival.mark}-{number}",
        "at": ended_at(report, zone, arrival).at.isoformat(),
        "outcome": _SEEN.get(report.status, "unknown"),
        "size": report.size,
        "started": started.isoformat() if started else None,
        "finished": finished.isoformat() if finished else None,
        "ref": arrival.key,
        "tool": "" if report.tool in NO_TOOL else report.tool,
        "host": report.host,
        "job": report.series or report.job,
    }


# --- when ----------------------------------------------------------------------------------------


def ended_at(report: Report, zone: str, arrival: Arrival) -> Ended:
    """When the run ended by its own word, where that can be believed; else when the mail was sent or received."""
    stated = _stated_end(report, zone, arrival)
    if stated is None:
        return Ended(_sent_or_received(arrival))
    if stated > arrival.received + AHEAD_MAX:
        return Ended(arrival.received, f"the time it states ({stated:%Y-%m-%d %H:%M} UTC) lies ahead, so it counts when it came")
    if stated < RELIABLE_SINCE:
        says = f"the time it states ({stated:%Y-%m-%d %H:%M} UTC) cannot be, so it counts when it came"
        return Ended(arrival.received, says, never=stated.year <= NEVER)
    return Ended(min(stated, arrival.received))  # however long ago: a mail of every day may tell of a backup of last year


def began_at(report: Report, zone: str, arrival: Arrival) -> datetime:
    """When a run that still goes on began."""
    began = _aware(report.started, zone) if report.started else None
    if began is None or not arrival.received - LASTS_MAX <= began <= arrival.received:
        return _sent_or_received(arrival)
    return began


def _stated_end(report: Report, zone: str, arrival: Arrival) -> datetime | None:
    if report.finished is not None:
        return _aware(report.finished, zone)
    if report.started is not None and report.duration is not None and report.duration <= LASTS_MAX:
        return _aware(report.started, zone) + report.duration
    return _end_of(report.day, zone, arrival) if report.day else None


def _end_of(day: date, zone: str, arrival: Arrival) -> datetime | None:
    """Some time of that day: its end, or before the mail of it was sent."""
    end = _aware(datetime.combine(day, time(23, 59, 59)), zone)
    sent = _sent_or_received(arrival)
    began = end - timedelta(days=1)
    return sent if began < sent < end else end


def _sent_or_received(arrival: Arrival) -> datetime:
    """When it was sent, however long ago: what was forwarded tells of then. A clock that lost its time is not believed."""
    sent = arrival.sent
    return sent if sent is not None and RELIABLE_SINCE <= sent <= arrival.received else arrival.received


def _aware(moment: datetime, zone: str) -> datetime:
    """In UTC; what names no zone was written by the clock of the job's zone. No clock of a backup goes beyond either end."""
    if moment.year < LONG_AGO.year:
        return LONG_AGO
    if moment.year > FAR_AHEAD.year:
        return FAR_AHEAD
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
