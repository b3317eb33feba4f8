"""What a summary of the day is made of: facts alone, gathered and counted in code. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from workflows.backup.canary import News, news
from workflows.backup.gaps import now_blind
from workflows.backup.job_id import CANARY
from workflows.backup.saying import BROKEN
from workflows.backup.standing import Standing
from workflows.kernel.ports import AuditEntry, Json
from workflows.kernel.proposal import Proposal

DAY = timedelta(days=1)
UNTOLD_AFTER = timedelta(minutes=30)
"""What was nudged for so long, and not told, does not get through."""

Mood = Literal["fine", "waiting", "off_list", "unseen", "warn", "alert", "escalated", "not_fixed", "pending", "snoozed", "muted"]
Count = Literal["fine", "failing", "warning", "unseen", "pending", "snoozed", "muted", "waiting"]

ORDER: tuple[Mood, ...] = (
    "escalated", "alert", "not_fixed", "warn", "unseen", "pending", "snoozed", "muted", "waiting", "fine", "off_list",
)  # fmt: skip
COUNTED: Mapping[Mood, Count] = {
    "fine": "fine",
    "escalated": "failing",
    "alert": "failing",
    "not_fixed": "failing",
    "warn": "warning",
    "unseen": "unseen",
    "pending": "pending",
    "snoozed": "snoozed",
    "muted": "muted",
    "waiting": "waiting",
}
CALM: frozenset[Mood] = frozenset({"fine", "waiting", "off_list"})
TROUBLED: frozenset[Mood] = frozenset({"escalated", "alert", "not_fixed", "warn"})


class Sight(NamedTuple):
    """How a job looks on the board, and what is wrong with it, in words to be read after its name."""

    mood: Mood
    trouble: str


See = Callable[[Standing, datetime], Sight]
"""How the board shows a job: a summary never counts in another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One job as the summary tells it. `trouble`: what is wrong, to be read after its name; "" where nothing is."""

    standing: Standing
    mood: Mood
    trouble: str

    @property
    def name(self) -> str:
        """As it was typed, which may be anything; the id where the row has none."""
        return name_of(self.standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """A job that is fine again since yesterday: how long it was not, and how often that ended within the day."""

    job: Watched
    lasted: timedelta | None
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """A span in which nobody looked. `until`: None while it goes on. `mode`: which full check did not come."""

    mode: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the summary of a day may say.

    Attributes:
        at: the moment of which all of it is true. zone: the company's IANA zone.
        jobs: what is watched, the most urgent first. The canary and jobs that left the list are none of them.
        left: names of jobs whose rows left the list since yesterday. held: of those whose rows vanished in numbers.
        unowned: jobs that the admin answers for, since neither row nor group names an owner.
        strangers: e-mail addresses of owners who have no account here.
        troubles: about -> since when list, rules or voice have mistakes.
        untold: jobs whose message does not get through to somebody.
        deeds: what people did since yesterday: action -> how often.
        checked: when a full check last completed.
        missing: what could not be read just now, in words.
    """

    at: datetime
    zone: str
    jobs: tuple[Watched, ...] = ()
    recovered: tuple[Recovered, ...] = ()
    left: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    unowned: tuple[Watched, ...] = ()
    strangers: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    blind: tuple[Blind, ...] = ()
    troubles: Mapping[str, datetime] = field(default_factory=dict)
    untold: tuple[Watched, ...] = ()
    deeds: Mapping[str, int] = field(default_factory=dict)
    checked: datetime | None = None
    canary: News | None = None
    missing: tuple[str, ...] = ()

    @property
    def counts(self) -> Counter[Count]:
        """How many jobs are how; those that wait for their first run are not fine, nor is what is muted and failing."""
        return Counter(COUNTED[job.mood] for job in self.jobs if job.mood in COUNTED)

    @property
    def all_fine(self) -> bool:
        """Every job is fine, and somebody looked all the time."""
        return bool(self.jobs) and self.counts["fine"] == len(self.jobs) and not self.blind

    def of(self, *moods: Mood) -> tuple[Watched, ...]:
        return tuple(job for job in self.jobs if job.mood in moods)


def facts_of(
    standings: Sequence[Standing],
    *,
    entries: Sequence[AuditEntry],
    fleet: Json,
    proposals: Sequence[Proposal],
    unowned: Collection[str],
    strangers: Sequence[str],
    see: See,
    missing: Sequence[str] = (),
    now: datetime,
    zone: str,
) -> Facts:
    """The facts of this moment.

    Args:
        entries: the audit of the past day, the newest first. fleet: the reserved item of the standings.
        unowned: ids of jobs whose owner nobody named. strangers: owners without an account.
    """
    names = {standing.job_id: name_of(standing) for standing in standings}
    seen = sorted((_watched(one, see, now) for one in standings if one.job_id != CANARY), key=by_urgency)
    jobs = tuple(job for job in seen if job.mood != "off_list")
    canary = next((standing for standing in standings if standing.job_id == CANARY), None)
    about_jobs = [entry for entry in entries if entry.subject != CANARY]
    return Facts(
        at=now,
        zone=zone,
        jobs=jobs,
        recovered=_recovered(jobs, about_jobs, now),
        left=_left(seen, now),
        held=tuple(sorted(names.get(job_id, job_id) for job_id in fleet.get("held", {}).get("job_ids", ()))),
        unowned=tuple(job for job in jobs if job.standing.job_id in unowned),
        strangers=tuple(strangers),
        proposals=tuple(sorted(proposals, key=lambda proposal: (proposal.created, proposal.proposal_id))),
        blind=_blind(fleet, now),
        troubles={key.partition(":")[0]: datetime.fromisoformat(since) for key, since in fleet.get("notices", {}).items()},
        untold=tuple(job for job in jobs if _untold(job.standing, now)),
        deeds=Counter(entry.action for entry in about_jobs if entry.action in DEEDS),
        checked=datetime.fromisoformat(fleet["fast_at"]) if fleet.get("fast_at") else None,
        canary=news(canary),
        missing=tuple(missing),
    )


DEEDS = ("mark_fixed", "snooze", "mute", "unmute", "row_added", "row_changed")
"""What people do, as the audit names it."""


def name_of(standing: Standing) -> str:
    return " ".join(standing.row.get("name", "").split()) or standing.job_id


def by_urgency(job: Watched) -> tuple[int, str, str]:
    return ORDER.index(job.mood), job.name.casefold(), job.standing.job_id


def _watched(standing: Standing, see: See, now: datetime) -> Watched:
    sight = see(standing, now)
    return Watched(standing=standing, mood=sight.mood, trouble="" if sight.mood in CALM else sight.trouble)


def _recovered(jobs: Sequence[Watched], entries: Sequence[AuditEntry], now: datetime) -> tuple[Recovered, ...]:
    """Those that are fine now and were not at some time since yesterday, the longest break first."""
    ends = Counter(entry.subject for entry in entries if _ended_well(entry))
    found = [
        Recovered(job=job, lasted=_lasted(job.standing), times=max(ends[job.standing.job_id], 1))
        for job in jobs
        if job.mood == "fine" and (ends[job.standing.job_id] or _ended_since(job.standing, now - DAY))
    ]
    return tuple(sorted(found, key=lambda one: -(one.lasted or timedelta()).total_seconds()))


def _ended_well(entry: AuditEntry) -> bool:
    return entry.before.get("state") in BROKEN and entry.after.get("state") == "all_green"


def _ended_since(standing: Standing, since: datetime) -> bool:
    return standing.break_id != "" and standing.ended_at is not None and standing.ended_at >= since


def _lasted(standing: Standing) -> timedelta | None:
    return standing.ended_at - standing.broke_at if standing.ended_at and standing.broke_at else None


def _left(seen: Sequence[Watched], now: datetime) -> tuple[str, ...]:
    return tuple(job.name for job in seen if job.mood == "off_list" and job.standing.since >= now - DAY)


def _blind(fleet: Json, now: datetime) -> tuple[Blind, ...]:
    """The spans that ended since yesterday, and those that go on."""
    over = [
        Blind(mode=one["mode"], since=datetime.fromisoformat(one["from"]), until=datetime.fromisoformat(one["to"]))
        for one in fleet.get("gaps", ())
    ]
    on = [Blind(mode=one["mode"], since=datetime.fromisoformat(one["from"])) for one in now_blind(fleet, now)]
    return tuple(span for span in (*over, *on) if span.until is None or span.until >= now - DAY)


def _untold(standing: Standing, now: datetime) -> bool:
    return standing.pending is not None and now - standing.pending > UNTOLD_AFTER
