"""Rows that left the list are named to the admin, once each.

Order: which ones leave is noted, they are taken off, the admin is told, the note goes away. Dying anywhere, the next full check
finds the note and tells the same; whom it did not get to take off is in no notice yet, and leaves with a later one.
"""

from collections.abc import Sequence

from workflows.backup.ports import Standings
from workflows.backup.standing import Standing
from workflows.kernel.ports import Event, Json

NAMED_MAX = 20
"""A notice names so many rows, and counts the rest."""

NOTED_MAX = 200
"""Of more that leave at once, the rest is counted only: the note stands in an item with much else."""


def note(leave: Sequence[Standing], standings: Standings) -> None:
    """Before these are taken off; those that were noted by a check that died are not noted again."""
    fleet = standings.fleet()
    known = fleet.get("leaving", [])
    before = {job_id for noted in known for job_id in noted["job_ids"]}
    ids = sorted({standing.job_id for standing in leave} - before)
    if ids:
        noted = {"count": len(ids), "job_ids": ids[:NOTED_MAX]}
        standings.save_fleet(fleet | {"leaving": [*known, noted]})


def told_of_gone(fleet: Json, standings: Standings) -> list[Event]:
    """What the admin must hear of those that were noted, and have left by now. The same again, however often it is asked."""
    events = []
    for noted in fleet.get("leaving", []):
        stored = standings.get_many(noted["job_ids"], consistent=True)
        gone = [stored[job_id] for job_id in noted["job_ids"] if job_id in stored and stored[job_id].state == "off_list"]
        if gone:
            stayed = len(noted["job_ids"]) - len(gone)
            detail = {
                "v": 1,
                "about": "rows_gone",
                "count": noted["count"] - stayed,
                "items": [_item(one) for one in gone[:NAMED_MAX]],
            }
            events.append(Event(kind="bk.notice", detail=detail))
    return events


def _item(standing: Standing) -> Json:
    name = standing.row.get("name") or standing.job_id
    return {"job_id": standing.job_id, "name": name, "since": standing.since.isoformat()}
