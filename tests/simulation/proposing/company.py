"""The simulated company whose list is a sheet: what is not on it proposes itself, people decide, and rows are registered."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bolt_app.adapters.memory.audit import MemoryAudit
from bolt_app.adapters.memory.check_ins import MemoryCheckIns
from bolt_app.adapters.memory.documents import MemoryDocuments
from bolt_app.adapters.memory.google import MemoryGoogle
from bolt_app.adapters.memory.ledger import MemoryLedger
from bolt_app.adapters.memory.mailer import MemoryMailer
from bolt_app.adapters.memory.messenger import MemoryMessenger
from bolt_app.adapters.memory.model import MemoryModel
from bolt_app.adapters.memory.notebook import MemoryNotebook
from bolt_app.adapters.memory.proposals import MemoryProposals
from bolt_app.adapters.memory.raw_mails import MemoryRawMails, MemoryTally
from bolt_app.adapters.memory.standings import MemoryStandings
from tests.simulation.clockwork import Clockwork, Queued, SimBus, SimNudges, Work
from tests.simulation.faults import Invocation, Through
from tests.simulation.proposing import summaries
from tests.simulation.proposing.people import PEOPLE, someone_decides
from tests.simulation.proposing.unlisted import make_unlisted
from workflows.backup import intake
from workflows.backup.enrolment import enrol
from workflows.backup.joblist import COLUMNS
from workflows.backup.ports import CheckIn
from workflows.backup.rules import Rules
from workflows.backup.sheet_rows import SheetRows
from workflows.kernel.card_place import CardPorts
from workflows.kernel.errors import Unanswered
from workflows.kernel.ports import Event, Message
from workflows.kernel.posting import when_due
from workflows.kernel.proposal import Proposal
from workflows.kernel.proposal_cards import nudge_cards, show_proposal
from workflows.kernel.sheet import Source
from workflows.kernel.sheet_run import Ports as SheetPorts
from workflows.kernel.sheet_sync import register_now, sync

START = datetime(2026, 3, 23, 7, 0, tzinfo=UTC)
DAYS = 3
CHANNEL = "CPROPOSALS"
TABLE = Source(id="the-sheet", key="jobs.csv", name="job list", kind="sheet")
SYNCED_EVERY = timedelta(minutes=5)
Plant = Callable[[str, Any], Any]


class Company(Clockwork):
    """`accepted`: ids of jobs whose check-in was taken; `read`: keys of mails that were."""

    def __init__(self, seed: int, *, plant: Plant = lambda _, adapter: adapter) -> None:
        super().__init__(seed, START)
        self.end = START + timedelta(days=DAYS)
        self.jobs = make_unlisted(self.rng, START)
        self.google = MemoryGoogle(TABLE.id, [list(COLUMNS)])
        self.google.before = self._google_may_be_silent
        self.silent_from = START + timedelta(hours=self.rng.uniform(5, 60))
        self.silent_until = self.silent_from + timedelta(hours=self.rng.choice([0, 0, 4]))
        self.documents = MemoryDocuments({TABLE.key: ",".join(COLUMNS) + "\n"})
        self.proposals: MemoryProposals = plant("proposals", MemoryProposals())
        self.ledger: MemoryLedger = plant("ledger", MemoryLedger())
        self.messenger: MemoryMessenger = plant("messenger", MemoryMessenger(PEOPLE, now=START))
        self.notebook, self.notes = plant("notebook", MemoryNotebook()), plant("notes", MemoryNotebook())
        self.audit, self.mailer, self.model, self.tally = MemoryAudit(), MemoryMailer(), MemoryModel(), MemoryTally()
        self.mails, self.standings = MemoryRawMails(), MemoryStandings()
        self.check_ins: MemoryCheckIns = plant("check_ins", MemoryCheckIns(lambda: self.now))
        self.accepted: set[str] = set()
        self.read: set[str] = set()
        self.queues: dict[str, list[Queued]] = {name: [] for name in ("cards", "sheet", "intake", "check-ins", "summary", "")}
        self.runs = sorted(((moment, job) for job in self.jobs for moment in job.runs(self.end)), key=lambda run: run[0])
        self.next_press = START + timedelta(hours=self.rng.uniform(1, 6))
        self.next_sync = START
        self.summaries = [START.replace(hour=8) + timedelta(days=day) for day in range(DAYS)]

    def run(self, after_step: Callable[["Company"], None]) -> None:
        while self.now < self.end:
            self.now = self._next_moment()
            self.messenger.now = self.now
            self._backups_run()
            self.carry_out(self._works())
            after_step(self)

    def bus(self, through: Invocation) -> SimBus:
        kinds = {"bk.proposal": "cards", "bk.register": "sheet", "bk.reread": "intake"}
        return SimBus(self, lambda event: self.queues[kinds.get(event.kind, "")], through)

    @property
    def google_is_silent(self) -> bool:
        return self.silent_from <= self.now < self.silent_until

    def _google_may_be_silent(self, _: str) -> None:
        if self.google_is_silent:
            raise Unanswered("timeout", "simulated")

    # --- what happens -----------------------------------------------------------------------------

    def _next_moment(self) -> datetime:
        moments = [self.end, self.next_press, *self.summaries[:1], *(run[0] for run in self.runs[:1])]
        moments += [item.at for queue in self.queues.values() for item in queue]
        if self.proposals.next_due is not None:
            moments.append(max(self.proposals.next_due, self.now).replace(second=0, microsecond=0) + timedelta(minutes=1))
        if self._something_to_register():
            moments.append(self.next_sync)
        self.queues[""].clear()  # what nobody here listens to
        return max(min(moments), self.now + timedelta(seconds=1))

    def _something_to_register(self) -> bool:
        return bool(self.notebook.read().get("begun")) or any(one.state == "approving" for one in self.proposals.open())

    def _backups_run(self) -> None:
        while self.runs and self.runs[0][0] <= self.now:
            moment, job = self.runs.pop(0)
            key = f"{job.job_id} {moment.isoformat()}"
            if job.lane == "mail":
                self.mails.put(key, job.mail(moment), self.now)
            detail = {"refs": [key], "job_id": job.job_id, "at": moment.isoformat()}
            self.queues["intake" if job.lane == "mail" else "check-ins"].append(
                Queued(self.now, Event(kind="run", detail=detail))
            )

    def _works(self) -> list[Work]:
        works: list[Work] = []
        for name, work in {
            "cards": self._card,
            "sheet": self._register,
            "intake": self._mail,
            "check-ins": self._check_in,
        }.items():
            queue = self.queues[name]
            works += [self.brought_again(item, queue, partial(work, item.event)) for item in self.taken(queue)]
        if self.proposals.due(self.now):
            works.append(self._tick)
        if self.now >= self.next_sync and self._something_to_register():
            self.next_sync = self.now + SYNCED_EVERY
            works.append(self._sync)
        if self.now >= self.next_press:
            self.next_press = self.now + timedelta(hours=self.rng.expovariate(1 / (1 if len(self.jobs) > 5 else 3)))
            works += [partial(someone_decides, self)] * self.rng.choice([1, 1, 2])  # often two at once
        if self.summaries and self.summaries[0] <= self.now:
            self.queues["summary"].append(Queued(self.summaries.pop(0), Event(kind="summary", detail={})))
        queue = self.queues["summary"]
        works += [self.brought_again(item, queue, partial(summaries.tell_one, self)) for item in self.taken(queue)]
        return works

    # --- what is invoked --------------------------------------------------------------------------

    def seen(self, through: Invocation, *names: str) -> dict[str, Any]:
        return {name: Through(name, getattr(self, name), through) for name in names}

    def _check_in(self, event: Event, through: Invocation) -> None:
        """Whoever sends it sends it again until it is taken."""
        moment, job_id = datetime.fromisoformat(event.detail["at"]), event.detail["job_id"]
        check_in = CheckIn(job_id=job_id, sk=f"{moment.isoformat()}#1", at=moment, source="heartbeat", outcome="ok", size=1000)
        ports = self.seen(through, "check_ins", "standings", "proposals")
        enrol(check_in, True, zone="UTC", bus=self.bus(through), now=self.now, **ports)
        self.accepted.add(job_id)

    def _mail(self, event: Event, through: Invocation) -> None:
        ports = intake.Ports(
            **self.seen(through, "mails", "documents", "model", "check_ins", "proposals", "tally"),
            bus=self.bus(through),
            allowed=("example.com",),
            jobs_key=TABLE.key,
            zone="UTC",
            now=self.now,
        )
        if event.kind == "run":
            intake.take_mail(event.detail["refs"][0], ports=ports)
            self.read.add(event.detail["refs"][0])
        else:
            intake.reread(event.detail["refs"], ports=ports, concurrently=lambda work, items: [work(item) for item in items])

    def _register(self, event: Event, through: Invocation) -> None:
        register_now(event.detail["proposal_id"], self._sheet(through))

    def _sync(self, through: Invocation) -> None:
        sync((TABLE,), self._sheet(through))

    def _sheet(self, through: Invocation) -> SheetPorts:
        google: Any = Through("google", self.google, through)
        mirror: Any = Through("mirror", self.documents, through)
        return SheetPorts(
            **self.seen(through, "notebook", "ledger", "proposals", "audit"),
            table=TABLE,
            sheet=google,
            drive=google,
            mirror=mirror,
            rows=SheetRows(rules=Rules(), timezone="UTC"),
            bus=self.bus(through),
            holder=self.holder(),
            time_left=lambda: timedelta(seconds=30),
            now=self.now,
        )

    def _tick(self, through: Invocation) -> None:
        nudge_cards(bus=self.bus(through), now=self.now, **self.seen(through, "proposals"))

    def _card(self, event: Event, through: Invocation) -> None:
        nudges = SimNudges(self, self.queues["cards"], through)
        nudge = when_due(event, nudges, self.now)
        if nudge is None:
            return
        ports = CardPorts(
            **self.seen(through, "proposals", "ledger", "messenger"),
            nudges=nudges,
            channel=CHANNEL,
            admin=PEOPLE[0].email,
            card=card,
            waiting=waiting,
            holder=self.holder(),
        )
        show_proposal(nudge, nudge.detail["proposal_id"], ports=ports, now=self.now)


def card(proposal: Proposal, _: datetime) -> Message:
    facts = {"proposal": proposal.proposal_id, "state": proposal.state, "cells": dict(proposal.cells)}
    return Message(text=json.dumps(facts, sort_keys=True))


def waiting(some: Sequence[Proposal], count: int, _: datetime) -> Message:
    return Message(text=json.dumps({"waiting": [one.proposal_id for one in some], "count": count}))
