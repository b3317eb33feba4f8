"""The end of a full run: what *last check* counts, and what the admin must hear about the list and the documents."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from workflows.backup.check import Mode, Report
from workflows.backup.fleet import Fleet, insist_on_current
from workflows.backup.gaps import gap_before, remembered, told_to_admin
from workflows.backup.gone import told_of_gone
from workflows.backup.leave import kept_of_held
from workflows.backup.ports import Standings
from workflows.kernel.documents import Mistake
from workflows.kernel.ports import Bus, Event, Json

TEXT_KEPT_MAX = 100_000

TROUBLES_KEPT_MAX, WORDS_KEPT_MAX = 8, 200
"""What the board shows of the mistakes that are still there; the fleet's item also holds the texts of two documents."""

SHOWN_MAX = 20
"""A notice names so many errors, and counts the rest."""


def complete_run(
    mode: Mode, report: Report, *, standings: Standings, bus: Bus, completed: Callable[[Mode], None], now: datetime
) -> None:
    """The end of a check. A full one is closed, and counted where it looked at all it should; but not while shards are open.

    Raises CannotLook after a full one that could not read the list again: it is to be tried once more.
    """
    if mode not in {"fast", "slow"}:
        return
    if not report.shared:
        close_run(mode, report, standings=standings, bus=bus, now=now)
        if report.complete:
            completed(mode)
    insist_on_current(report.fleet)


def close_run(mode: Mode, report: Report, *, standings: Standings, bus: Bus, now: datetime) -> None:
    """Publishes what is wrong with list and rules, then stamps the run. `now`: when it began.

    Dying between the two says it again, and so does whoever finds that somebody else wrote in between; the ledger knows it: a
    notice keeps its `since` while it stays the same. A run that could not read the list again has nothing to say of it, and
    leaves no stamp, or a newer one would pass for overtaken.
    """
    listed = report.fleet
    if listed is not None and not listed.out_of_reach:
        standings.change_fleet(lambda stored: _closed(mode, report, listed, stored, standings, bus, now))


def _closed(mode: Mode, report: Report, listed: Fleet, stored: Json, standings: Standings, bus: Bus, now: datetime) -> Json:
    """What is remembered once this run is told of.

    Of a run that a newer one overtook only the stamp counts: what it knows of the list is no longer so.
    """
    overtaken = _before(now, stored.get(f"{mode}_closed"))
    fleet, events = (stored, []) if overtaken else _told(report, listed, stored, standings, now)
    gap = gap_before(stored, mode, now) if report.complete else None
    if gap is not None:
        events.append(told_to_admin(gap))
    if events:
        bus.publish(events)

    stamps = [f"{mode}_closed", *([f"{mode}_at"] if report.complete else [])]
    fresh = {name: now.isoformat() for name in stamps if not _before(now, stored.get(name))}
    return {**fleet, "gaps": remembered(stored, gap), **fresh}


def _before(now: datetime, stamp: str | None) -> bool:
    return stamp is not None and now < datetime.fromisoformat(stamp)


def _told(report: Report, listed: Fleet, stored: Json, standings: Standings, now: datetime) -> tuple[Json, list[Event]]:
    """What is remembered of list, rules and voice, and what the admin must hear of them."""
    notices = _notices(listed, report)
    since = {key: stored.get("notices", {}).get(key, now.isoformat()) for key in notices}
    events = [Event(kind="bk.notice", detail={"v": 1, "since": since[key], **detail}) for key, detail in notices.items()]
    gone, leaving = told_of_gone(stored, standings, listed.jobs.keys() | listed.broken_rows.keys())
    events += gone

    fleet: Json = {**stored, "leaving": leaving, "notices": since, "texts": {**stored.get("texts", {}), **_good_texts(listed)}}
    if report.held is not None:
        fleet["held"] = kept_of_held(report.held)
    fleet["troubles"] = [_kept(detail) for detail in notices.values()]
    return fleet, events


def _kept(detail: Json) -> Json:
    items = [
        {name: value[:WORDS_KEPT_MAX] if isinstance(value, str) else value for name, value in item.items()}
        for item in detail["items"][:TROUBLES_KEPT_MAX]
    ]
    return {**detail, "items": items}


def _good_texts(fleet: Fleet) -> dict[str, str]:
    """The rules and the voice in force, for when they go bad; a text too long for one item is not kept."""
    return {key: text for key, text in fleet.words.texts.items() if len(text) <= TEXT_KEPT_MAX}


def _notices(fleet: Fleet, report: Report) -> dict[str, Json]:
    rows = [
        {"row": error.row_number, "column": error.column, "problem": error.problem, "fix": error.fix, "name": error.name}
        for error in (*fleet.listed.errors, *fleet.listed.warnings)
    ]
    rows += [{"row": 0, "column": "target", "problem": text, "fix": "", "name": job_id} for job_id, text in report.warnings]
    if not fleet.readable and not rows:
        rows = [{"row": 0, "column": "", "problem": f"there is no job list at {fleet.sources.jobs_key}", "fix": "", "name": ""}]
    found = {
        "list_errors": rows,
        "rules_errors": _mistakes((*fleet.rules.mistakes, *fleet.rules.unused(fleet.jobs.values()))),
        "voice_errors": _mistakes(fleet.voice.mistakes),
    }
    uncounted = {"list_errors": report.more_warnings}
    return {
        f"{about}:{_digest(items)}": {
            "about": about,
            "count": len(items) + uncounted.get(about, 0),
            "items": items[:SHOWN_MAX],
        }
        for about, items in found.items()
        if items
    }


def _mistakes(mistakes: tuple[Mistake, ...]) -> list[Json]:
    return [{"line": item.line, "text": item.text, "problem": item.problem, "fix": item.fix} for item in mistakes]


def _digest(items: list[Json]) -> str:
    return sha256(repr(items).encode()).hexdigest()[:12]
