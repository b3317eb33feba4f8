"""More things propose themselves within an hour than anyone wants cards for: the rest wait, and one living card tells of them.

Who waits has `due` at the time when the hour frees up, and no card; the summary is written anew at most once a minute. One
row of the ledger remembers it: its card, how many it tells of (`say`), and when it was last written (`tried_at`).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workflows.kernel.card_place import CardPorts, edit_card, post_card
from workflows.kernel.delivery import message_id
from workflows.kernel.ports import Delivery
from workflows.kernel.proposal import Proposal

CARDS_MAX = 10
HOUR = timedelta(hours=1)
STEP = timedelta(minutes=10)
"""The hour is measured in steps of so long: who waits may wait so much longer than they must."""

REFRESH = timedelta(minutes=1)
NAMED_MAX = 20
SPREAD_MAX = 50
SPREAD_EACH = 20
"""For each so many that wait, a minute over which they are spread, so that they do not all come back at once."""


def full_until(ports: CardPorts, now: datetime) -> datetime | None:
    """None while there is room for another card in this hour; else when there will be."""
    if ports.ledger.opened_since(ports.place, now - HOUR) < CARDS_MAX:
        return None
    within = STEP
    while within < HOUR and ports.ledger.opened_since(ports.place, now - within) < CARDS_MAX:
        within += STEP
    return now + HOUR - within + STEP  # the tenth newest is older than the step before, and then more than an hour old


def wait(proposal: Proposal, until: datetime, ports: CardPorts, now: datetime) -> datetime:
    """No card yet. The summary tells of it, now or within a minute; when to look at it again: when there is room."""
    told = _told(ports)
    if told is None or told.at < proposal.created:
        if told is not None and now - told.at < REFRESH:
            return told.at + REFRESH
        told = _tell(ports, now)
    turns = 1 + min(told.count // SPREAD_EACH, SPREAD_MAX)
    turn = int(message_id(proposal.proposal_id)[:4], 16) % turns
    return until + timedelta(minutes=turn)


def waiting_changed(ports: CardPorts, now: datetime, *, without: str) -> None:
    """One of them waits no longer: a summary that tells of any is written anew."""
    if _told(ports) is not None:
        _tell(ports, now, without=without)


# --- the summary ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """Of how many the summary tells, and since when."""

    count: int
    at: datetime


def _told(ports: CardPorts) -> _Told | None:
    """None while nobody waits, as far as the summary knows."""
    row = ports.ledger.get(ports.place, _id(ports))
    return _Told(row.say, row.tried_at) if row is not None and row.say > 0 and row.tried_at is not None else None


def _tell(ports: CardPorts, now: datetime, *, without: str = "") -> _Told:
    """Writes the summary as it now is. Its row says so last: dying before that only writes it again."""
    waiting = [one for one in ports.proposals.open() if one.state == "pending" and not one.ts and one.proposal_id != without]
    message = ports.waiting(waiting[:NAMED_MAX], len(waiting), now)
    row = _row(ports, now)
    if not (row.ts and edit_card(row.channel, row.ts, message, ports)):
        identity = message_id("proposals", ports.place, "waiting", row.break_id, row.ts)
        posted = post_card(identity, "", len(waiting), "waiting", message, ports, now)
        row = replace(row, channel=posted.channel, ts=posted.ts)
        if posted.say != len(waiting):  # it was posted before we died, and told of fewer
            edit_card(row.channel, row.ts, message, ports)
    ports.ledger.put(replace(row, say=len(waiting), tried_at=now))
    return _Told(len(waiting), now)


def _row(ports: CardPorts, now: datetime) -> Delivery:
    """What is remembered of the summary. After a time in which nobody waited a new one begins, where people see it."""
    row = ports.ledger.get(ports.place, _id(ports))
    if row is not None and (row.say > 0 or not row.ts):
        return row
    begun = Delivery(
        recipient=ports.place,
        id=_id(ports),
        subject="",
        break_id=now.isoformat(),
        say=0,
        kind="waiting_summary",
        outcome="waiting",
        started=now,
    )
    ports.ledger.put(begun)
    return begun


def _id(ports: CardPorts) -> str:
    return message_id("proposals", ports.place, "waiting summary")
