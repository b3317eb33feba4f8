"""The weekly test: its failure goes where every failure goes, and some minutes later somebody looks whether it got there.

Record, check, standing, nudge, message to the admin: all of it is tried. Then a good run turns the message green. A schedule
looks several times a day, and each look finds from what is stored which step is next: so each may die, come twice, or not at all.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from workflows.backup.canary import NOTES, Result
from workflows.backup.heartbeat_record import moment_text
from workflows.backup.job_id import CANARY
from workflows.backup.ports import CheckIn, CheckIns, Standings
from workflows.backup.saying import broken, untold
from workflows.backup.standing import Standing, Told
from workflows.kernel.ports import Bus, Event

TAKES_MAX = timedelta(minutes=10)
"""A message that is not delivered after so long is missing: a check and a dispatch take seconds, their repeats minutes."""

HELD_MAX = timedelta(hours=6)
"""So long a message may wait for the admin's business hours; then the test ends without a result."""

REST = timedelta(hours=12)
"""Longer than all the looks of one day: none of them begins a second test."""

CLOCKS = timedelta(minutes=1)
"""By so much the clocks of two functions may differ."""

Step = Literal["begin", "wait", "rest"] | Result


def fly(*, check_ins: CheckIns, standings: Standings, bus: Bus, count: Callable[[bool], None], now: datetime) -> Step:
    """Takes the next step, and says which it was. `count` is told whether a message arrived, once that is known.

    Order: the count, the record, the check. Whoever dies in between is made good by the next look, which finds the same step to
    take, or a check to ask for again. Two at once make one record: both name what it follows. Raises OutsideError.
    """
    known = check_ins.since(CANARY, None)
    step = next_step(known, standings.get(CANARY), now)

    if step in {"arrived", "missed"}:
        count(step == "arrived")
    match step:
        case "begin" | "arrived" | "missed" | "held_back":
            check_ins.record(_check_in(step, after=known[-1].sk if known else "nothing", now=now), now=now)
    bus.publish([Event(kind="bk.check", detail={"v": 1, "job_ids": [CANARY], "why": "heartbeat", "by": "canary"})])
    return step


def next_step(known: Sequence[CheckIn], standing: Standing | None, now: datetime) -> Step:
    """What is to be done. `known`: all its check-ins that are kept, the oldest first."""
    failed = max((check_in.at for check_in in known if check_in.outcome == "failed"), default=None)
    if failed is None or known[-1].outcome != "failed":
        return "begin" if failed is None or now - failed >= REST else "rest"
    if _delivered(standing, failed):
        return "arrived"
    if now - failed < TAKES_MAX:
        return "wait"
    if _put_off(standing):
        return "wait" if now - failed < HELD_MAX else "held_back"
    return "missed"


def _delivered(standing: Standing | None, failed: datetime) -> bool:
    """Somebody holds a message of the break that this failure opened."""
    return standing is not None and any(_of_this_test(told, standing, failed) for told in standing.told.values())


def _of_this_test(told: Told, standing: Standing, failed: datetime) -> bool:
    return told.ts != "" and told.break_id == standing.break_id and told.at >= failed - CLOCKS


def _put_off(standing: Standing | None) -> bool:
    """It is broken and somebody does not know, but nobody is to be told now: dispatch waits for their business hours."""
    return standing is not None and broken(standing) and standing.pending is None and bool(untold(standing))


def _check_in(step: Literal["begin"] | Result, *, after: str, now: datetime) -> CheckIn:
    return CheckIn(
        job_id=CANARY,
        sk=f"{moment_text(now)}#canary",
        at=now,
        source="heartbeat",
        outcome="failed" if step == "begin" else "ok",
        note="on purpose" if step == "begin" else NOTES[step],
        once=f"canary-after-{after}",
    )
