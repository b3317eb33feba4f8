"""Rows that left the list are named to the admin, once each.

Order: which ones leave is noted, they are taken off, the admin is told, the note goes away. Dying anywhere, the next full check
finds the note and tells the same; who was not taken off yet, also by another check at the same time, stays noted.
"""

from collections.abc import Container, Sequence

from workflows.backup.ports import Standings
from workflows.backup.standing import Standing
from workflows.kernel.ports import Event, Json

NAMED_MAX = 20
"""A notice names so many rows, and counts the rest."""

NOTED_MAX = 200
"""Of more that leave at once, the rest is counted only: the note stands in an item with much else."""


def note(leave: Sequence[Standing], standings: Standings) -> None:
    """Before these are taken off; those that were noted by a check that died are not noted again."""

    def noted(fleet: Json) -> Json:
        known = fleet.get("leaving", [])
        before = {job_id for one in known for job_id in one["job_ids"]}
        ids = sorted({standing.job_id for standing in leave} - before)
        fresh = [{"count": len(ids), "job_ids": ids[:NOTED_MAX]}] if ids else []
        return fleet | {"leaving": [*known, *fresh]}

    standings.change_fleet(noted)


def told_of_gone(fleet: Json, standings: Standings, listed: Container[str]) -> tuple[list[Event], list[Json]]:
    """What the admin must hear of those that were noted, and have left by now; and what is still noted then.

    The same again, however often it is asked. `listed`: the ids on the list; who is back there leaves no more.
    """
    events, still = [], []
    for noted in fleet.get("leaving", []):
        stored = standings.get_many(noted["job_ids"], consistent=True)
        known = [stored[job_id] for job_id in noted["job_ids"] if job_id in stored]
        gone = [one for one in known if one.state == "off_list"]
        unnamed = noted["count"] - len(noted["job_ids"])
        if gone:
            count, items = len(gone) + unnamed, [_item(one) for one in gone[:NAMED_MAX]]
            events.append(Event(kind="bk.notice", detail={"v": 1, "about": "rows_gone", "count": count, "items": items}))
            unnamed = 0
        if leaving := [one.job_id for one in known if one.state != "off_list" and one.job_id not in listed]:
            still.append({"count": len(leaving) + unnamed, "job_ids": leaving})
    return events, still


def _item(standing: Standing) -> Json:
    name = standing.row.get("name") or standing.job_id
    return {"job_id": standing.job_id, "name": name, "since": standing.since.isoformat()}
