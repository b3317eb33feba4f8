"""Where proposals are decided, in memory: what proposes, the cards in their channel, the people, and the sheet's end of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bolt_app.adapters.memory.bus import MemoryBus
from bolt_app.adapters.memory.ledger import MemoryLedger
from bolt_app.adapters.memory.messenger import MemoryDirectory, MemoryMessenger, Posted
from bolt_app.adapters.memory.nudges import MemoryNudges
from bolt_app.adapters.memory.proposals import MemoryProposals
from bolt_app.adapters.memory.standings import MemoryStandings
from listeners.proposal_cards import plain_title, proposal_card, waiting_card
from tests.flows.company import ANA, GUS, KIM, MONDAY, SAM, TEAM
from workflows.backup.listed_rows import ListedRows
from workflows.backup.proposing import heartbeat_id, propose_heartbeat, propose_report
from workflows.backup.reports.report import Report
from workflows.backup.rules import Rules
from workflows.backup.standing import Standing
from workflows.kernel import proposals as decisions
from workflows.kernel.ports import Event, Json, Member
from workflows.kernel.proposal import Proposal
from workflows.kernel.proposal_cards import CardPorts, nudge_cards, show_proposal
from workflows.kernel.proposals import Asker, added, hindered
from workflows.kernel.propose import Outcome
from workflows.kernel.reply import Reply
from workflows.kernel.rights import Authority

CHANNEL = "CPROPOSALS"
NIGHTLY = Report(tool="veeam", status="success", job="Nightly VMs", host="nas-02", what="14 virtual machines")


@dataclass(slots=True)
class Office:
    """Ana is the admin, Kim an approver, Sam neither, Gus a guest. It moves its own clock."""

    now: datetime = MONDAY
    proposals: MemoryProposals = field(default_factory=MemoryProposals)
    standings: MemoryStandings = field(default_factory=MemoryStandings)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    bus: MemoryBus = field(default_factory=MemoryBus)
    nudges: MemoryNudges = field(default_factory=MemoryNudges)
    messenger: MemoryMessenger = field(default_factory=lambda: MemoryMessenger([ANA, SAM, KIM, GUS], now=MONDAY))
    channel: str = CHANNEL
    holders: int = 0
    delays: list[float] = field(default_factory=list)
    registered: list[str] = field(default_factory=list)

    def pass_time(self, **amount: float) -> None:
        self.now += timedelta(**amount)
        self.messenger.now = self.now

    # --- what proposes ---------------------------------------------------------------------------

    def beat(self, job_id: str = "pg-main", outcome: str = "ok", **more: Any) -> Outcome:
        """An unknown heartbeat arrives now."""
        sighting = {"id": f"{job_id}{self.now.isoformat()}", "at": self.now.isoformat(), "outcome": outcome, **more}
        return propose_heartbeat(job_id, sighting, zone="UTC", proposals=self.proposals, bus=self.bus, now=self.now)

    def report(self, report: Report = NIGHTLY, *, candidates: tuple[str, ...] = (), **more: Any) -> Outcome:
        """A report of an unknown job arrives now."""
        sighting: Json = {"id": f"mail{self.now.isoformat()}", "at": self.now.isoformat(), "outcome": "ok", "ref": "m1", **more}
        return propose_report(
            report,
            sighting,
            zone="UTC",
            candidates=candidates,
            proposals=self.proposals,
            bus=self.bus,
            now=self.now,
        )

    # --- what people do --------------------------------------------------------------------------

    def press(self, act: str, member: Member = KIM, proposal_id: str = "", *facts: Any, **more: Any) -> Reply:
        use_case: Callable[..., Reply] = getattr(decisions, act)
        if act in {"approve", "edit", "answer", "ask"}:
            more["rows"] = ListedRows(standings=self.standings, rules=Rules, timezone="UTC")
        return use_case(
            proposal_id or self.only().proposal_id,
            Asker(user_id=member.user_id, team_id=TEAM),
            *facts,
            proposals=self.proposals,
            bus=self.bus,
            directory=MemoryDirectory(self.messenger),
            authority=Authority(team_id=TEAM, admin=ANA.email, approvers=(KIM.email,)),
            now=self.now,
            **more,
        )

    def list_job(self, job_id: str, row: Mapping[str, str]) -> None:
        """This job is on the list, and was looked at."""
        self.standings.save(Standing(job_id=job_id, first_seen=self.now, since=self.now, row=dict(row)), None)

    # --- what follows ----------------------------------------------------------------------------

    def settle(self, *, register: bool = False) -> None:
        """All nudges are followed, and what they nudge, until nothing is left; what waits waits no longer than it must."""
        for _ in range(300):
            events = self.bus.take()
            later = self.nudges.take()
            if not events and later:
                self.pass_time(seconds=max(delay for _, delay in later))
            events += [event for event, _ in later]
            if not events:
                return
            for event in events:
                self.follow(event, register=register)
        raise AssertionError("it never settles")

    def follow(self, event: Event, *, register: bool = False) -> None:
        if event.kind == "bk.proposal":
            self.draw(event)
        elif event.kind == "bk.register" and register:
            self.registered.append(event.detail["proposal_id"])
            added(event.detail["proposal_id"], proposals=self.proposals, bus=self.bus, now=self.now)

    def draw(self, event: Event) -> None:
        self.holders += 1
        show_proposal(event, event.detail["proposal_id"], ports=self.ports(), now=self.now)

    def ports(self) -> CardPorts:
        return CardPorts(
            proposals=self.proposals,
            ledger=self.ledger,
            messenger=self.messenger,
            nudges=self.nudges,
            channel=self.channel,
            admin=ANA.email,
            card=lambda proposal, now: proposal_card(proposal, now=now, zone="UTC"),
            waiting=lambda some, count, now: waiting_card([plain_title(one) for one in some], count, now=now),
            holder=str(self.holders),
            put_off=self.delays.append,
        )

    def tick(self) -> int:
        """The minute's look at what is due, and all that follows."""
        count = nudge_cards(proposals=self.proposals, bus=self.bus, now=self.now)
        self.settle()
        return count

    def hinder(self, why: str, proposal_id: str = "") -> bool:
        return hindered(proposal_id or self.only().proposal_id, why, proposals=self.proposals, bus=self.bus, now=self.now)

    # --- what one sees ---------------------------------------------------------------------------

    def only(self) -> Proposal:
        (proposal,) = self.proposals.every()
        return proposal

    def heart(self, job_id: str = "pg-main") -> Proposal:
        proposal = self.proposals.get(heartbeat_id(job_id))
        assert proposal is not None
        return proposal

    def cards(self, channel: str = CHANNEL) -> list[Posted]:
        return [posted for posted in self.messenger.messages if posted.channel == channel]

    def texts(self, channel: str = CHANNEL) -> list[str]:
        return [posted.message.text for posted in self.cards(channel)]
