"""A small company in memory: the use cases as the Lambdas bind them, on adapters that keep everything in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bolt_app.adapters.memory.bus import MemoryBus
from bolt_app.adapters.memory.check_ins import MemoryCheckIns
from bolt_app.adapters.memory.deferrals import MemoryDeferrals
from bolt_app.adapters.memory.documents import MemoryDocuments
from bolt_app.adapters.memory.ledger import MemoryLedger
from bolt_app.adapters.memory.mailer import MemoryMailer
from bolt_app.adapters.memory.messenger import MemoryDirectory, MemoryMessenger, Posted
from bolt_app.adapters.memory.nudges import MemoryNudges
from bolt_app.adapters.memory.objects import MemoryObjects
from bolt_app.adapters.memory.standings import MemoryStandings
from listeners.cards import closed_message, living_message, thread_line
from listeners.letters import Letters
from listeners.meanwhile import meanwhile
from listeners.notices import notice_message
from listeners.storm_cards import storm_card, storm_details, storm_news
from workflows.backup import acknowledgement
from workflows.backup.check import Memory, Order, Report, check
from workflows.backup.fleet import Sources
from workflows.backup.full_run import close_run
from workflows.backup.ports import CheckIn
from workflows.backup.press import Press, Reply, SnoozeChoice
from workflows.backup.standing import Standing
from workflows.backup.telling import Telling
from workflows.backup.words import read_words
from workflows.kernel.dispatch import Ports, dispatch, notice, open_up
from workflows.kernel.links import signed
from workflows.kernel.ports import Event, Member
from workflows.kernel.posting import facts_of
from workflows.kernel.returned import RETURNED, take_back
from workflows.kernel.rights import Authority

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ANA = Member(user_id="UANA", email="ana@example.com", name="Ana")
SAM = Member(user_id="USAM", email="sam@example.com", name="Sam")
KIM = Member(user_id="UKIM", email="kim@example.com", name="Kim")
GUS = Member(user_id="UGUS", email="gus@example.com", name="Gus", guest=True)
HEADER = "job_id,name,owner_email,target,schedule,window,min_size,critical"
ORDERS = "orders-db,Orders database,sam@example.com,s3://acme/orders/,,26h,,no"
TEAM = "T1"
AWAKE = "[quiet hours]\nhours: none\nworking days: mon-sun\n"
LINK_KEYS = ("a key of a company in memory, long enough",)
LINK_URL = "https://sentinel.example.com/act/"
LETTERS = Letters(url=lambda link: LINK_URL + signed(link, LINK_KEYS), zone="UTC", admin=ANA.email)
SOURCES = Sources(jobs_key="jobs.csv", rules_key="rules.txt", voice_key="voice.txt", timezone="UTC", admin=ANA.email)


@dataclass(slots=True)
class Company:
    """Moves its own clock. `settle` carries out everything that is on the bus and in the queue."""

    now: datetime = MONDAY
    objects: MemoryObjects = field(default_factory=lambda: MemoryObjects("acme"))
    standings: MemoryStandings = field(default_factory=MemoryStandings)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    documents: MemoryDocuments = field(default_factory=lambda: MemoryDocuments({"rules.txt": AWAKE}))
    bus: MemoryBus = field(default_factory=MemoryBus)
    nudges: MemoryNudges = field(default_factory=MemoryNudges)
    deferrals: MemoryDeferrals = field(default_factory=MemoryDeferrals)
    check_ins: MemoryCheckIns = field(default_factory=MemoryCheckIns)
    messenger: MemoryMessenger = field(default_factory=lambda: MemoryMessenger([ANA, SAM, KIM, GUS], now=MONDAY))
    mailer: MemoryMailer | None = None
    memory: Memory = field(default_factory=Memory)
    holders: int = 0
    followed: list[bool] = field(default_factory=list)
    seconds_left: Callable[[], float] = lambda: 30.0
    delays: list[float] = field(default_factory=list)

    def list_jobs(self, *rows: str) -> None:
        self.documents.put("jobs.csv", "\n".join([HEADER, *rows]))

    def pass_time(self, **amount: float) -> None:
        """Meanwhile the hourly check goes on, and finds nothing new."""
        self.sleep(**amount)
        self.standings.change_fleet(lambda fleet: fleet | {"fast_at": self.now.isoformat()} if "fast_at" in fleet else fleet)

    def sleep(self, **amount: float) -> None:
        """Time passes, and nobody looks."""
        self.now += timedelta(**amount)
        self.messenger.now = self.now

    def land(self, key: str = "", size: int = 1000) -> None:
        """An object lands now."""
        self.objects.put("acme", key or f"orders/{self.now:%Y%m%dT%H%M%S}.dump", size, self.now)

    def beat(self, outcome: str = "ok", *, note: str = "", job_id: str = "orders-db") -> None:
        """A heartbeat arrives now."""
        check_in = CheckIn(
            job_id=job_id, sk=f"{self.now.isoformat()}#{outcome}", at=self.now, source="heartbeat", outcome=outcome, note=note
        )
        self.check_ins.record(check_in, now=self.now)

    def check(self, order: Order | None = None) -> Report:
        wanted = order or Order(mode="fast")
        report = check(
            wanted,
            documents=self.documents,
            standings=self.standings,
            check_ins=self.check_ins,
            objects=self.objects,
            bus=self.bus,
            concurrently=lambda work, items: [work(item) for item in items],
            sources=SOURCES,
            memory=self.memory,
            time_left=lambda: timedelta(minutes=2),
            now=self.now,
        )
        if wanted.mode in {"fast", "slow"}:
            close_run(wanted.mode, report, standings=self.standings, bus=self.bus, now=self.now)
        return report

    def settle(self) -> None:
        """Everything that was nudged happens now, and what that nudges, until nothing is left."""
        for _ in range(100):
            events = self.bus.take() + [event for event, _ in self.nudges.take()] + self.appointments()
            if not events:
                return
            for event in events:
                self.follow(event)
        raise AssertionError(f"it never settles; still on its way: {events}")

    def appointments(self) -> list[Event]:
        """Those that have come."""
        return [Event(kind="bk.deferred", detail={"v": 1, "recipient": who}) for who in self.deferrals.take(self.now)]

    def follow(self, event: Event) -> None:
        if event.kind == "bk.check":
            self.check(Order(mode="named", job_ids=tuple(event.detail["job_ids"]), why=event.detail["why"]))
            return
        self.holders += 1
        ports = Ports(
            subjects=Telling(
                standings=self.standings,
                living=lambda standing, at: living_message(standing, now=at, zone="UTC"),
                line=lambda standing, at: thread_line(standing, now=at, zone="UTC"),
                over=lambda standing, at: closed_message(standing, now=at, zone="UTC"),
                card=lambda recipient, members, at: storm_card(members, recipient=recipient, now=at, zone="UTC"),
                details_of=lambda members, at: storm_details(members, now=at, zone="UTC"),
                news_of=lambda members, _: storm_news(members),
                gone=lambda gone, at: meanwhile(gone, now=at, zone="UTC"),
                hours=read_words(self.documents, SOURCES, last_good=dict).hours,
                now=self.now,
                letters=LETTERS if self.mailer is not None else None,
            ),
            ledger=self.ledger,
            messenger=self.messenger,
            nudges=self.nudges,
            deferrals=self.deferrals,
            admin=ANA.email,
            holder=str(self.holders),
            seconds_left=self.seconds_left,
            put_off=self.delays.append,
            bus=self.bus,
            mailer=self.mailer,
        )
        if event.kind == "bk.deferred":
            open_up(event, event.detail["recipient"], ports=ports, now=self.now)
        elif event.kind == RETURNED:
            self.followed.append(take_back(event, ports=ports, now=self.now))
        elif event.kind == "bk.notice":
            detail = facts_of(event)
            notice(event, notice_message(detail), (repr(detail),), ports=ports, now=self.now)
        else:
            dispatch(event, event.detail["job_id"], ports=ports, now=self.now)

    def look(self) -> None:
        """The hourly check, and all that follows."""
        self.check()
        self.settle()

    def press(self, act: str, member: Member = SAM, job_id: str = "orders-db", *, break_id: str | None = None) -> Reply:
        reply: Reply = getattr(acknowledgement, act)(
            self._press(member, job_id, break_id),
            standings=self.standings,
            bus=self.bus,
            directory=MemoryDirectory(self.messenger),
            authority=Authority(team_id=TEAM, admin=ANA.email),
            now=self.now,
        )
        return reply

    def snooze(self, choice: SnoozeChoice | None = None, member: Member = SAM) -> Reply:
        return acknowledgement.snooze(
            self._press(member, "orders-db", None),
            choice or SnoozeChoice(choice="1d"),
            standings=self.standings,
            bus=self.bus,
            directory=MemoryDirectory(self.messenger),
            authority=Authority(team_id=TEAM, admin=ANA.email),
            now=self.now,
        )

    def _press(self, member: Member, job_id: str, break_id: str | None) -> Press:
        standing = self.standings.get(job_id)
        shown = standing.break_id if standing is not None and break_id is None else break_id or ""
        return Press(job_id=job_id, user_id=member.user_id, team_id=TEAM, break_id=shown)

    def standing(self, job_id: str = "orders-db") -> Standing:
        standing = self.standings.get(job_id)
        if standing is None:
            raise AssertionError(f"{job_id} has no standing")
        return standing

    def messages(self, member: Member = SAM) -> list[Posted]:
        """The top-level messages in this person's conversation."""
        return [posted for posted in self.messenger.said_to(member.user_id) if not posted.thread_ts]

    def lines(self, member: Member = SAM) -> list[Posted]:
        """The thread replies there."""
        return [posted for posted in self.messenger.said_to(member.user_id) if posted.thread_ts]


def broken_company() -> Company:
    """Sam's orders database has had no backup for 27 hours, and Sam has been told."""
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    return company
