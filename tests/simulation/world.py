"""The simulated world: one seed decides the fleet, the faults, the presses and the order of everything.

The use cases run unchanged on the memory adapters; each Lambda sees them through `Through`, which lets every call go wrong.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

from bolt_app.adapters.memory.check_ins import MemoryCheckIns
from bolt_app.adapters.memory.deferrals import MemoryDeferrals
from bolt_app.adapters.memory.documents import MemoryDocuments
from bolt_app.adapters.memory.ledger import MemoryLedger
from bolt_app.adapters.memory.mailer import MemoryMailer
from bolt_app.adapters.memory.messenger import MemoryDirectory, MemoryMessenger
from bolt_app.adapters.memory.objects import MemoryObjects
from bolt_app.adapters.memory.standings import MemoryStandings
from infra.local.slack.limits import Bucket
from tests.simulation import drawing
from tests.simulation.checker import Checker
from tests.simulation.clockwork import Clockwork, Queued, SimBus, SimNudges, Work
from tests.simulation.faults import Invocation, Through
from tests.simulation.fleet import HEADER, OWNERS, SimJob, make_fleet
from tests.simulation.post import Post
from workflows.backup import acknowledgement
from workflows.backup.check import Memory, Order
from workflows.backup.fleet import Sources
from workflows.backup.ports import CheckIn, Standings
from workflows.backup.press import Press, SnoozeChoice
from workflows.backup.telling import Telling
from workflows.backup.words import read_words
from workflows.kernel.dispatch import Ports, dispatch, notice, open_up
from workflows.kernel.errors import RateLimited
from workflows.kernel.ports import Event, Member, Message
from workflows.kernel.posting import facts_of, when_due
from workflows.kernel.returned import RETURNED, take_back
from workflows.kernel.rights import Authority

START = datetime(2026, 3, 23, 7, 0, tzinfo=UTC)
ADMIN = Member(user_id="UADMIN", email="ana@example.com", name="Ana")
PEOPLE = (
    ADMIN,
    Member(user_id="USAM", email="sam@example.com", name="Sam"),
    Member(user_id="UKIM", email="kim@example.com", name="Kim"),
    Member(user_id="UGUS", email="gus@example.com", name="Gus", guest=True),
)
TEAM = "T1"
STORMS, QUIET = 0.2, 0.6
"""How many of the companies have a storm, and how many leave their people alone at night."""

AWAKE = "[quiet hours]\nhours: none\nworking days: mon-sun\n"
OFFICE = "[holidays]\n2026-03-27: outing\n"
VOICE = "[people]\nsam@example.com: USAM, America/Los_Angeles\nkim@example.com: UKIM, Europe/Berlin\n"
PROCESSES = 2
SOURCES = Sources(jobs_key="jobs.csv", rules_key="rules.txt", voice_key="voice.txt", timezone="UTC", admin=ADMIN.email)


class RatedMessenger(MemoryMessenger):
    """Takes one message a second and channel, and five at once."""

    def __init__(self, members: Sequence[Member], *, now: datetime) -> None:
        super().__init__(members, now=now)
        self._buckets: dict[str, Bucket] = {}

    def post(self, channel: str, message: Message, *, message_id: str, thread_ts: str = "", broadcast: bool = False) -> str:
        moment = self.now.timestamp()
        wait = self._buckets.setdefault(channel, Bucket(burst=5, per_second=1, left=5, at=moment)).take(moment)
        if wait:
            raise RateLimited(wait)
        return super().post(channel, message, message_id=message_id, thread_ts=thread_ts, broadcast=broadcast)


Plant = Callable[[str, Any], Any]


class World(Clockwork):
    """Everything there is. `plant` may swap an adapter for a faulty twin, to prove that the invariants notice."""

    def __init__(self, seed: int, *, days: int = 12, plant: Plant = lambda _, adapter: adapter) -> None:
        super().__init__(seed, START)
        self.days = days
        self.end = START + timedelta(days=days)
        self.jobs = make_fleet(self.rng, START, days, storms=self.rng.random() < STORMS)
        self.objects = MemoryObjects(*(job.bucket for job in self.jobs))
        self.check_ins = MemoryCheckIns(lambda: self.now)
        self.documents = MemoryDocuments({"jobs.csv": "\n".join([HEADER, *(job.row for job in self.jobs)])})
        self.documents.put("rules.txt", OFFICE if self.rng.random() < QUIET else AWAKE)
        self.documents.put("voice.txt", VOICE)
        self.words = read_words(self.documents, SOURCES, last_good=dict)
        self.deferrals = MemoryDeferrals()
        self.lost_appointments: set[str] = set()
        self.mailer = MemoryMailer()
        self.post = Post(random.Random(seed + 2), START)
        self.messenger: MemoryMessenger = plant("messenger", RatedMessenger(PEOPLE, now=START))
        self.standings: MemoryStandings = plant("standings", MemoryStandings())
        self.ledger: MemoryLedger = plant("ledger", MemoryLedger())
        self.plant = plant
        self.authority = Authority(team_id=TEAM, admin=ADMIN.email)
        self.queue: list[Queued] = []
        self.checks: list[Queued] = []
        self.warm, self.at_work = [Memory() for _ in range(PROCESSES)], 0
        self.checker = Checker(self, SOURCES)
        self.runs = self._planned_runs()
        self.edited_at: dict[str, datetime] = {}
        self.edits = sorted(START + timedelta(hours=self.rng.uniform(24, days * 24)) for _ in range(self.rng.randint(0, 3)))
        self.next_full = START
        self.next_press = START + timedelta(hours=self.rng.uniform(1, 12))

    def run(self, after_step: Callable[["World"], None]) -> None:
        """Goes from one thing that happens to the next, until the days are over."""
        while self.now < self.end:
            self.now = self._next_moment()
            self.messenger.now = self.now
            self._backups_run()
            self._someone_edits()
            self._appointments_come()
            self.carry_out(self._invocations())
            self.queue += self.post.brings_back(self.mailer.sent, self.now)
            after_step(self)

    # --- what happens -----------------------------------------------------------------------------

    def _planned_runs(self) -> list[tuple[datetime, SimJob]]:
        planned = [(moment, job) for job in self.jobs for moment in job.runs(self.end)]
        return sorted(planned, key=lambda run: (run[0], run[1].job_id))

    def _next_moment(self) -> datetime:
        self.checker.bring_shards()
        tick = max(self.standings.next_due or self.end, self.now).replace(second=0, microsecond=0) + timedelta(minutes=1)
        moments = [tick, self.next_full, self.next_press, self.end]
        moments += [item.at for item in (*self.queue, *self.checks, *self.checker.waiting)]
        moments += [self.runs[0][0]] if self.runs else []
        moments += self.edits[:1]
        moments += [self.deferrals.next_at] if self.deferrals.next_at is not None else []
        return max(min(moments), self.now + timedelta(seconds=1))

    def _backups_run(self) -> None:
        while self.runs and self.runs[0][0] <= self.now:
            moment, job = self.runs.pop(0)
            self._backup_runs(job, moment)
        for job in self.jobs:
            denied = "denied" in job.trouble(self.now)
            self.objects.errors.pop(job.bucket, None)
            if denied:
                self.objects.errors[job.bucket] = "AccessDenied"

    def _someone_edits(self) -> None:
        """A job gets another owner, or the office another day; the bucket tells that there is a new list, or new rules."""
        if not self.edits or self.edits[0] > self.now:
            return
        self.edits.pop(0)
        if self.rng.random() < 0.3:
            self.documents.put("rules.txt", self.rng.choice([AWAKE, OFFICE, "[quiet hours]\nhours: 20:00-06:30\n"]))
            self.words = read_words(self.documents, SOURCES, last_good=dict)
            self.edited_at |= dict.fromkeys((job.job_id for job in self.jobs), self.now)
        else:
            edited = self.rng.choice(self.jobs)
            self.edited_at[edited.job_id] = self.now
            heir = self.rng.choice([owner for owner in OWNERS if owner != edited.owner])
            self.jobs = tuple(replace(job, owner=heir) if job.job_id == edited.job_id else job for job in self.jobs)
            self.documents.put("jobs.csv", "\n".join([HEADER, *(job.row for job in self.jobs)]))
        self.checks.append(Queued(self.now, Event(kind="list changed", detail={})))

    def _appointments_come(self) -> None:
        """Most on time, some late, a few never."""
        for recipient in self.deferrals.take(self.now):
            if self.rng.random() < 0.05:
                self.lost_appointments.add(recipient)
                continue
            late = timedelta(minutes=self.rng.choice([0, 0, 0, 0, 15]))
            self.queue.append(Queued(self.now + late, Event(kind="bk.deferred", detail={"v": 1, "recipient": recipient})))

    def _backup_runs(self, job: SimJob, moment: datetime) -> None:
        trouble = job.trouble(moment)
        if "stops" in trouble:
            return
        if job.objects and "silent" not in trouble:
            size = 0 if "empty" in trouble else self.rng.randint(900, 1100) // (10 if "shrinks" in trouble else 1)
            self.objects.put(job.bucket, f"{job.job_id}/{moment:%Y%m%dT%H%M%S}.dump", size, moment, etag=str(moment))
        if job.heartbeat:
            outcome = "failed" if "says_failed" in trouble else "ok"
            sk = f"{moment.isoformat()}#{self.rng.randrange(1 << 32):08x}"
            self.check_ins.record(
                CheckIn(job_id=job.job_id, sk=sk, at=moment, source="heartbeat", outcome=outcome, size=1000), now=moment
            )
            self.checks.append(Queued(moment, Event(kind="bk.check", detail={"job_ids": [job.job_id], "why": "heartbeat"})))

    # --- what is invoked --------------------------------------------------------------------------

    def _invocations(self) -> list[Work]:
        """Everything that would start at this moment."""
        works: list[Work] = []
        if self.now >= self.next_full:
            self.next_full += timedelta(hours=1)
            works.append(self.checker.full_run(Queued(self.now, Event(kind="hourly", detail={}))))
        elif self.standings.due(self.now):
            works.append(partial(self.checker.carry_out, Order(mode="due")))
        if self.now >= self.next_press:
            self.next_press = self.now + timedelta(hours=self.rng.expovariate(1 / 9))
            works.append(self._someone_presses)
        works += [
            self.checker.named(item) if item.event.kind == "bk.check" else self.checker.full_run(item)
            for item in self.taken(self.checks)
        ]
        works += [self.brought_again(item, self.queue, partial(self._dispatch, item.event)) for item in self.taken(self.queue)]
        return works + self.checker.shards()

    def bus(self, through: Invocation) -> SimBus:
        return SimBus(self, lambda event: self.checks if event.kind == "bk.check" else self.queue, through)

    def process(self) -> Memory:
        """What one of the warm processes remembers: any of them may be the next one that is asked."""
        self.at_work = self.rng.randrange(PROCESSES)
        return self.warm[self.at_work]

    def process_ends(self) -> None:
        self.warm[self.at_work] = Memory()

    def _dispatch(self, event: Event, through: Invocation) -> None:
        nudges = SimNudges(self, self.queue, through)
        nudge = when_due(event, nudges, self.now)
        if nudge is None:
            return
        telling = Telling(
            standings=cast(Standings, Through("standings", self.standings, through)),
            living=drawing.living,
            line=drawing.line,
            over=drawing.over,
            card=drawing.card,
            details_of=drawing.many,
            news_of=drawing.many,
            gone=drawing.gone,
            hours=self.words.hours,
            letters=drawing.Letters(),
            now=self.now,
        )
        ports = Ports(
            subjects=self.plant("subjects", telling),
            ledger=cast(Any, Through("ledger", self.ledger, through)),
            messenger=cast(Any, Through("messenger", self.messenger, through)),
            mailer=cast(Any, Through("mailer", self.mailer, through)),
            nudges=nudges,
            deferrals=cast(Any, Through("deferrals", self.deferrals, through)),
            bus=self.bus(through),
            admin=ADMIN.email,
            holder=self.holder(),
        )
        if nudge.kind == "bk.notice":
            text = Message(text=json.dumps({"about": facts_of(nudge)}, sort_keys=True))
            notice(nudge, text, (text.text,), ports=ports, now=self.now)
        elif nudge.kind == RETURNED:
            take_back(nudge, ports=ports, now=self.now)
        elif nudge.kind == "bk.deferred":
            open_up(nudge, nudge.detail["recipient"], ports=ports, now=self.now)
        else:
            dispatch(nudge, nudge.detail["job_id"], ports=ports, now=self.now)

    # --- people -----------------------------------------------------------------------------------

    def _someone_presses(self, through: Invocation) -> None:
        living = [posted for posted in self.messenger.messages if not posted.thread_ts and posted.message.text.startswith("{")]
        told = [posted for posted in living if "break" in json.loads(posted.message.text)]
        if not told:
            return
        card = json.loads(self.rng.choice(told[-6:]).message.text)
        press = Press(
            job_id=card["job"],
            break_id=card["break"],
            user_id=self.rng.choice([person.user_id for person in PEOPLE]),
            team_id=TEAM,
        )
        act = self.rng.choice(["mark_fixed", "mark_fixed", "snooze", "snooze", "mute", "unmute", "unmute"])
        ports: dict[str, Any] = {
            "standings": Through("standings", self.standings, through),
            "bus": self.bus(through),
            "directory": MemoryDirectory(MemoryMessenger(PEOPLE, now=self.now)),
            "authority": self.authority,
            "now": self.now,
        }
        if act == "snooze":
            choice = SnoozeChoice(choice=self.rng.choice(["1d", "3d"]), reason="simulated")
            reply = acknowledgement.snooze(press, choice, **ports)
        else:
            reply = getattr(acknowledgement, act)(press, **ports)
        self.log.append(f"{self.now} {press.user_id} {act} {press.job_id}: {reply.kind}")
