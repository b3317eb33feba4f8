"""The end of a full run: what *last check* counts, and what the admin must hear about the list and the documents."""

from datetime import datetime
from hashlib import sha256

from workflows.backup.check import Mode, Report
from workflows.backup.fleet import Fleet
from workflows.backup.gaps import gap_before, remembered, told_to_admin
from workflows.backup.gone import told_of_gone
from workflows.backup.leave import mark_of
from workflows.backup.ports import Standings
from workflows.kernel.documents import Mistake
from workflows.kernel.ports import Bus, Event, Json

TEXT_KEPT_MAX = 100_000

HELD_MAX = 1000
"""So many held rows can be let go with one tap; the rest with the next one."""

TROUBLES_KEPT_MAX, WORDS_KEPT_MAX = 8, 200
"""What the board shows of the mistakes that are still there; the fleet's item also holds the texts of two documents."""

SHOWN_MAX = 20
"""A notice names so many errors, and counts the rest."""


def close_run(mode: Mode, report: Report, *, standings: Standings, bus: Bus, now: datetime) -> None:
    """Publishes what is wrong with list and rules, then stamps the run.

    Dying between the two says it again, and the ledger knows it: a notice keeps its `since` while it stays the same.
    """
    if report.fleet is None:
        return
    stored = standings.fleet()
    notices = _notices(report.fleet, report)
    since = {key: stored.get("notices", {}).get(key, now.isoformat()) for key in notices}
    events = [Event(kind="bk.notice", detail={"v": 1, "since": since[key], **detail}) for key, detail in notices.items()]
    events += told_of_gone(stored, standings)
    gap = gap_before(stored, mode, now) if report.complete else None
    if gap is not None:
        events.append(told_to_admin(gap))
    if events:
        bus.publish(events)

    fleet: Json = {**stored, "leaving": [], "notices": since, "texts": {**stored.get("texts", {}), **_good_texts(report.fleet)}}
    if report.held is not None:
        fleet["held"] = {"mark": mark_of(report.held), "job_ids": list(report.held[:HELD_MAX])}
    fleet["gaps"] = remembered(stored, gap)
    fleet["troubles"] = [_kept(detail) for detail in notices.values()]
    if report.complete and mode in {"fast", "slow"}:
        fleet[f"{mode}_at"] = now.isoformat()
    standings.save_fleet(fleet)


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
    return {
        f"{about}:{_digest(items)}": {"about": about, "count": len(items), "items": items[:SHOWN_MAX]}
        for about, items in found.items()
        if items
    }


def _mistakes(mistakes: tuple[Mistake, ...]) -> list[Json]:
    return [{"line": item.line, "text": item.text, "problem": item.problem, "fix": item.fix} for item in mistakes]


def _digest(items: list[Json]) -> str:
    return sha256(repr(items).encode()).hexdigest()[:12]
