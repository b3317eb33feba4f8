"""Spans that nobody observed: no full check completed for too long. Kept, told to the admin, and never counted as green."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from workflows.kernel.ports import Event, Json

if TYPE_CHECKING:  # the board reads this too, and must not load a whole checker for a name
    from workflows.backup.check import Mode

LOOKED_EVERY: dict["Mode", timedelta] = {"fast": timedelta(minutes=90), "slow": timedelta(hours=25)}
"""A full check completes at least so often; what lies between two that are further apart was not observed."""

GAPS_MAX = 20


def gap_before(fleet: Json, mode: "Mode", now: datetime) -> Json | None:
    """The span that this completed check ends: {mode, from, to} in ISO; None where the last one was not too long ago."""
    limit, last = LOOKED_EVERY.get(mode), fleet.get(f"{mode}_at")
    if limit is None or last is None or now - datetime.fromisoformat(last) <= limit:
        return None
    return {"mode": mode, "from": last, "to": now.isoformat()}


def remembered(fleet: Json, gap: Json | None) -> list[Json]:
    """The spans known so far with this one, the newest last; a span that was told and not yet kept is not kept twice."""
    known: list[Json] = fleet.get("gaps", [])
    if gap is None:
        return known
    others = [one for one in known if (one["mode"], one["from"]) != (gap["mode"], gap["from"])]
    return [*others, gap][-GAPS_MAX:]


def told_to_admin(gap: Json) -> Event:
    """The notice. It names the beginning alone, so that telling it again after a crash is the same notice."""
    return Event(kind="bk.notice", detail={"v": 1, "about": "not_observed", "mode": gap["mode"], "since": gap["from"]})


def now_blind(fleet: Json, now: datetime) -> list[Json]:
    """The spans that go on now: {mode, from}. For whoever shows the state of things."""
    return [
        {"mode": mode, "from": last}
        for mode, limit in LOOKED_EVERY.items()
        if (last := fleet.get(f"{mode}_at")) is not None and now - datetime.fromisoformat(last) > limit
    ]
