"""*Snooze all* on the card of a storm: one question for many jobs, each with its own cap and rights."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workflows.backup.acknowledgement import owners_of, snooze
from workflows.backup.acting import Acting, NotAllowed, allowed
from workflows.backup.ports import Standings
from workflows.backup.press import Press, Reply, SnoozeChoice
from workflows.backup.saying import broken
from workflows.backup.standing import Standing
from workflows.kernel.ports import Bus, Concurrently, Delivery, Directory, Event, Ledger
from workflows.kernel.rights import Authority, viewer_of

UNKNOWN = "This card is too old to be answered. App Home has all of them."
NOTHING_LEFT = "Nothing of this card is left to snooze: each is snoozed, muted, fine again, or off the list."


@dataclass(frozen=True, slots=True, kw_only=True)
class StormPress:
    """A press on the card. `recipient`, `storm_id`: its row of the ledger; `ts`: the card, where the id is not known."""

    recipient: str
    user_id: str
    team_id: str
    ts: str = ""
    storm_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeAllForm:
    """What the modal says first.

    Attributes:
        left: how many would be snoozed; over: how many of them had all their snoozes, and escalate instead; critical: how
            many of them want a reason. scheduled: some of them know when their next run is due.
        others: how many of the card are not asked about: quiet already, over, gone, or not the presser's.
        done: how many were snoozed just before, where there was no time for all.
    """

    recipient: str
    storm_id: str
    left: int
    over: int = 0
    critical: int = 0
    scheduled: bool = False
    others: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozedAll:
    """What happened to how many. `form`: asks on where there was no time for all."""

    snoozed: int
    escalated: int
    not_done: tuple[tuple[str, str], ...] = ()  # the job's name, and why
    form: SnoozeAllForm | None = None


@dataclass(slots=True)
class _Gathered:
    """A bus that keeps: one nudge for all who are told of the same jobs is enough, they are all written then."""

    events: list[Event] = field(default_factory=list)

    def publish(self, events: Sequence[Event]) -> None:
        self.events.extend(events)


def snooze_all_form(
    press: StormPress,
    *,
    ledger: Ledger,
    standings: Standings,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> SnoozeAllForm | Reply:
    """What somebody must know before they snooze all of a card."""
    row = _row(press, ledger)
    if row is None:
        return Reply(kind="stale", text=UNKNOWN)
    open_jobs = _open(row, press, standings, directory, authority, now)
    if open_jobs:
        return _form(row, open_jobs)
    return _refused(row, press, Acting(standings, bus, directory, authority, now)) or Reply(kind="already", text=NOTHING_LEFT)


def snooze_all(
    press: StormPress,
    chosen: SnoozeChoice,
    *,
    ledger: Ledger,
    standings: Standings,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    concurrently: Concurrently[Standing, "tuple[Standing, Reply | None]"],
    in_time: Callable[[], bool],
    now: datetime,
) -> SnoozedAll | Reply:
    """Snoozes each of them by itself. What there was no time for is asked for again; what is done already is not done twice."""
    row = _row(press, ledger)
    if row is None:
        return Reply(kind="stale", text=UNKNOWN)
    open_jobs = _open(row, press, standings, directory, authority, now)
    if not open_jobs:
        return Reply(kind="already", text=NOTHING_LEFT)
    gathered = _Gathered()

    def one(standing: Standing) -> tuple[Standing, Reply | None]:
        if not in_time():
            return standing, None
        asked = Press(job_id=standing.job_id, break_id=standing.break_id, user_id=press.user_id, team_id=press.team_id)
        reply = snooze(asked, chosen, standings=standings, bus=gathered, directory=directory, authority=authority, now=now)
        return standing, reply

    done = concurrently(one, open_jobs)
    bus.publish(_fewest(gathered.events, open_jobs))
    return _outcome(row, done)


def _outcome(row: Delivery, done: Iterable[tuple[Standing, Reply | None]]) -> SnoozedAll | Reply:
    by_kind: Counter[str] = Counter()
    not_done, left, invalid = [], [], []
    for standing, reply in done:
        if reply is None:
            left.append(standing)
        elif reply.kind == "done":
            by_kind["escalated" if standing.snoozes >= standing.snoozes_max else "snoozed"] += 1
        else:
            not_done.append((standing.row.get("name") or standing.job_id, reply.text))
            invalid += [reply] if reply.kind == "invalid" else []
    if invalid and len(invalid) == len(not_done) and not by_kind and not left:
        return invalid[0]  # it fits none of them: it is asked anew, at its field
    finished = by_kind["snoozed"] + by_kind["escalated"]
    return SnoozedAll(
        snoozed=by_kind["snoozed"],
        escalated=by_kind["escalated"],
        not_done=tuple(not_done),
        form=_form(row, left, done=finished) if left else None,
    )


def _form(row: Delivery, left: Sequence[Standing], *, done: int = 0) -> SnoozeAllForm:
    return SnoozeAllForm(
        recipient=row.recipient,
        storm_id=row.id,
        left=len(left),
        over=sum(standing.snoozes >= standing.snoozes_max for standing in left),
        critical=sum(standing.critical for standing in left),
        scheduled=any(standing.row.get("schedule", "").strip() for standing in left),
        others=len(row.members) - len(left) - done,
        done=done,
    )


def _row(press: StormPress, ledger: Ledger) -> Delivery | None:
    """The card's row: by its id, or as the message that was pressed in; a row and a card have one recipient."""
    rows = ledger.storms(press.recipient)
    return next((row for row in rows if (row.id == press.storm_id if press.storm_id else row.ts == press.ts)), None)


def _open(
    row: Delivery, press: StormPress, standings: Standings, directory: Directory, authority: Authority, now: datetime
) -> list[Standing]:
    """The jobs of the card whose break it tells of still wants an answer, and is the presser's to answer."""
    viewer = viewer_of(press.user_id, press.team_id, authority=authority, directory=directory)
    if viewer is None:
        return []
    breaks = dict(_parts(member) for member in row.members)
    stored = standings.get_many(list(breaks), consistent=True)
    return [
        standing
        for job_id, break_id in breaks.items()
        if (standing := stored.get(job_id)) is not None
        and standing.break_id == break_id
        and broken(standing)
        and not standing.muted
        and not (standing.snooze_until is not None and standing.snooze_until > now)
        and not (standing.escalated and standing.snoozes >= standing.snoozes_max)
        and viewer.may(owners_of(standing))
    ]


def _refused(row: Delivery, press: StormPress, ports: Acting) -> Reply | None:
    """The refusal, audited at the first job of the card, for whoever may answer for none of them."""
    for job_id, _ in (_parts(member) for member in row.members):
        try:
            allowed("snooze", Press(job_id=job_id, user_id=press.user_id, team_id=press.team_id), ports)
        except NotAllowed as refused:
            if refused.reply.kind == "refused":
                return refused.reply
        else:
            return None
    return None


def _fewest(events: Iterable[Event], jobs: Sequence[Standing]) -> list[Event]:
    told = {standing.job_id: standing.recipients for standing in jobs}
    first: dict[object, Event] = {}
    for event in events:
        first.setdefault(told.get(event.detail["job_id"]), event)
    return list(first.values())


def _parts(member: str) -> tuple[str, str]:
    job_id, _, break_id = member.rpartition(" ")
    return job_id, break_id
