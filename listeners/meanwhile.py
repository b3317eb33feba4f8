"""One line about what began and ended while its reader was left alone."""

from collections.abc import Sequence
from datetime import datetime

from listeners import block_kit, faces, texts
from workflows.backup.saying import BROKEN
from workflows.backup.standing import Standing
from workflows.kernel.ports import Delivery, Message

NAMED_MAX = 8
FINE = frozenset({"all_green", "waiting"})


def meanwhile(gone: Sequence[tuple[Delivery, Standing]], *, now: datetime, zone: str) -> Message:
    """The line. `gone`: the note of what would have been said, and the job as it is now; at least one."""
    named = [_one(row, standing, now=now, zone=zone) for row, standing in gone[:NAMED_MAX]]
    more = f"; and {len(gone) - NAMED_MAX} more" if len(gone) > NAMED_MAX else ""
    fine = all(standing.state in FINE for _, standing in gone)
    end = " All of that is fine again." if fine else ""
    line = f":crescent_moon:  While you were away: {'; '.join(named)}{more}.{end}"
    return Message(text=texts.without_markup(line), blocks=(block_kit.section(line),))


def _one(row: Delivery, standing: Standing, *, now: datetime, zone: str) -> str:
    began = texts.moment_text(row.started, now=now, zone=zone)
    over = standing.ended_at
    ended = f" to {texts.moment_text(over, now=now, zone=zone)}" if over is not None and row.break_id == standing.break_id else ""
    return f"{faces.title(standing)} needed attention ({began}{ended}){_now(standing)}"


def _now(standing: Standing) -> str:
    if standing.state in BROKEN:
        return ", and it broke again"
    if standing.state == "off_list":
        return ", and is not on the list any more"
    return "" if standing.state in FINE else ", and cannot be looked at now"
