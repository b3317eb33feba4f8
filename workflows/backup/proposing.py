"""A backup that nobody has listed: what its row would say, from its check-ins or its reports. Everything in them is hostile.

Import this late: it brings the schedules along, which a check-in of a job that is known never needs.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from workflows.backup.job_id import JOB_ID_MAX
from workflows.backup.joblist import slug_of
from workflows.backup.learn import Learned, learn
from workflows.backup.matching import NO_TOOL, plain
from workflows.backup.reports.report import Report
from workflows.kernel.ports import Bus, Json
from workflows.kernel.proposal import Proposals
from workflows.kernel.propose import Draft, Outcome, propose

NAME_MAX = 80
WORDS_MAX = 120
SOURCE_MAX = 60
REF_BYTES_MAX = 1024
ID_BYTES_MAX = 200
BETWEEN = " · "
FORMULA_STARTS = "=+-@'|% "
OUTCOMES = frozenset({"ok", "warning", "failed", "unknown"})


def propose_heartbeat(job_id: str, sighting: Json, *, zone: str, proposals: Proposals, bus: Bus, now: datetime) -> Outcome:
    """An unknown job checked in. `zone`: the company's, IANA. Raises Conflict and OutsideError: then repeating is right."""

    def draw_up(seen: Sequence[Json], _key: str) -> Draft:
        learned = learn(seen, zone=zone, noun="check-in")
        row = {"job_id": job_id, "name": clean(job_id, NAME_MAX), "target": "heartbeat", **_rhythm(learned, zone)}
        return Draft(key=job_id, cells=row, learned=learned.says)

    return propose(
        heartbeat_id(job_id), cleaned(sighting), lane="heartbeat", draw_up=draw_up, proposals=proposals, bus=bus, now=now
    )


def propose_report(
    report: Report,
    sighting: Json,
    *,
    zone: str,
    candidates: Sequence[str] = (),
    known: Collection[str] = (),
    proposals: Proposals,
    bus: Bus,
    now: datetime,
) -> Outcome:
    """A report of a run that belongs to no known job, or perhaps to one of `candidates` (ids of jobs).

    Args:
        zone: the company's, IANA; moments of the sighting without a zone are read in it.
        known: ids that a new job may not have.

    Raises Conflict and OutsideError: then repeating is right.
    """
    proposal_id = report_id(report)

    def draw_up(seen: Sequence[Json], key: str) -> Draft:
        draft = report_row(report, seen, zone=zone)
        job_id = key or _free_id(report, draft.cells["name"], known, proposal_id)
        return replace(draft, key=job_id, cells={"job_id": job_id, **draft.cells})

    return propose(
        proposal_id,
        cleaned(sighting, zone),
        lane="mail",
        draw_up=draw_up,
        candidates=candidates,
        proposals=proposals,
        bus=bus,
        now=now,
    )


def report_row(report: Report, seen: Sequence[Json], *, zone: str) -> Draft:
    """The row of a report's job, but for its id. `zone`: the company's, IANA."""
    learned = learn(seen, zone=zone, noun="report")
    row = {
        "name": _name(report),
        "what": _what(report),
        "target": "report",
        "report_from": report_from(report),
        **_rhythm(learned, zone),
    }
    return Draft(key="", cells={column: text for column, text in row.items() if text}, learned=learned.says)


def heartbeat_id(job_id: str) -> str:
    return f"hb-{_hash(job_id)}"


def report_id(report: Report) -> str:
    """The same for every report of one job: its tool, host and job (what stays the same of it), however they are spelt."""
    return f"mail-{_hash(*(plain(part) for part in _identity(report)))}"


def report_from(report: Report) -> str:
    """Tool, host and job as its reports name them, as the list's column holds it; parts that are not told are left out."""
    parts = (_tool(report), *_identity(report)[1:])
    return BETWEEN.join(part for one in parts if (part := clean(re.sub("[·•‧|]", " ", one), WORDS_MAX)))


def clean(text: str, length_max: int) -> str:
    """One line of what somebody else wrote, fit for a cell: nothing invisible, no formula, cut to length."""
    line = unicodedata.normalize("NFC", text[: length_max * 8])
    line = "".join(c if c.isprintable() else " " for c in line.encode("utf-8", "ignore").decode("utf-8"))
    line = " ".join(line.split())
    while line and unicodedata.normalize("NFKC", line[0])[0] in FORMULA_STARTS:
        line = line[1:]
    return line if len(line) <= length_max else line[: length_max - 1].rstrip() + "…"


def cleaned(sighting: Json, zone: str = "UTC") -> Json:
    """A sighting as it is kept: the known fields, bounded, moments in UTC. Raises ValueError where `id` or `at` is missing."""
    at = _moment(sighting.get("at"), zone)
    if at is None or not sighting.get("id"):
        raise ValueError(f"a sighting wants an id and a moment (at); this has {sorted(sighting)}")
    size = sighting.get("size")
    outcome = sighting.get("outcome")
    started, finished = _moment(sighting.get("started"), zone), _moment(sighting.get("finished"), zone)
    kept: Json = {
        "id": _fit(sighting["id"], ID_BYTES_MAX),
        "at": _iso(at),
        "outcome": outcome if outcome in OUTCOMES else "unknown",
        "size": size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None,
        "started": _iso(started) if started is not None and started <= at else None,
        "finished": _iso(finished) if finished is not None and finished <= at else None,
        "ref": _fit(sighting.get("ref") or "", REF_BYTES_MAX),
    }
    return kept | {name: clean(str(sighting.get(name) or ""), SOURCE_MAX) for name in ("tool", "host", "job")}


def _fit(value: object, bytes_max: int) -> str:
    return str(value).encode("utf-8", "replace")[:bytes_max].decode("utf-8", "ignore")


def _identity(report: Report) -> tuple[str, str, str]:
    return report.tool, report.host, report.series or report.job


def _tool(report: Report) -> str:
    """As people call it; "" for one that nobody has a name for."""
    return "" if report.tool in NO_TOOL else report.tool


def _name(report: Report) -> str:
    named = (clean(text, NAME_MAX) for text in (report.series, report.job, report.what))
    tool, host = clean(_tool(report) or "backup", NAME_MAX), clean(report.host, NAME_MAX)
    return (
        next((name for name in named if name), "")
        or clean(f"{tool} on {host}" if host else tool.capitalize(), NAME_MAX)
        or "Backup"
    )


def _what(report: Report) -> str:
    """What is saved and where, in a few words: a name alone may fit many machines."""
    what, host, tool = (clean(text, WORDS_MAX) for text in (report.what, report.host, _tool(report)))
    told = f"{what} on {host}" if what and host and plain(host) not in plain(what) else what or (host and f"backup of {host}")
    return told or (f"backup by {tool}" if tool else "")


def _free_id(report: Report, name: str, known: Collection[str], proposal_id: str) -> str:
    """An id of its own: of its name, else with its host, else with what makes the proposal unlike any other."""
    taken = {one.casefold() for one in known}
    slug, host = slug_of(name) or "backup", slug_of(clean(report.host, NAME_MAX))
    mark = proposal_id.rpartition("-")[2][:4]
    for candidate in (slug, f"{slug[:50]}-{host}" if host else slug, f"{slug[: JOB_ID_MAX - 5]}-{mark}"):
        shortened = candidate[:JOB_ID_MAX].rstrip("-")
        if shortened.casefold() not in taken:
            return shortened
    return f"{slug[: JOB_ID_MAX - 17]}-{proposal_id.rpartition('-')[2]}"


def _rhythm(learned: Learned, zone: str) -> dict[str, str]:
    cells = {"schedule": learned.schedule, "window": learned.window, "min_size": learned.min_size}
    if learned.schedule:
        cells["timezone"] = zone
    return {column: text for column, text in cells.items() if text}


def _moment(value: object, zone: str) -> datetime | None:
    """A moment in UTC; one without a zone is by the company's clock. None for what is none."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value)) if value else None
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone))
        return None if moment is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _hash(*parts: str) -> str:
    return sha256("|".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
