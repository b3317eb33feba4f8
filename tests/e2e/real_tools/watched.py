"""One job of the list, checked as the sentinel checks it, with everything kept in memory but the watched place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bolt_app.adapters.memory.bus import MemoryBus
from bolt_app.adapters.memory.check_ins import MemoryCheckIns
from bolt_app.adapters.memory.documents import MemoryDocuments
from bolt_app.adapters.memory.standings import MemoryStandings
from tests.e2e.real_tools.days import Days
from workflows.backup.check import Memory, Order, check
from workflows.backup.evidence import Run
from workflows.backup.findings import Verdict
from workflows.backup.fleet import Sources
from workflows.backup.look import look, merge_runs
from workflows.backup.verdict import judge
from workflows.kernel.ports import Objects

JOB = "host"
WINDOW = timedelta(hours=26)
SOURCES = Sources(jobs_key="jobs.csv", rules_key="rules.txt", voice_key="voice.txt", timezone="UTC", admin="ana@example.com")
LOOKED_AFTER = timedelta(minutes=10)
"""So long after an act began the sentinel looks: all acts are done by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a person is shown after a check: `says` is the worst finding's sentence, "" where all is well."""

    state: str
    rule: str
    says: str
    runs: Sequence[Run]

    @property
    def good(self) -> list[Run]:
        return [run for run in self.runs if run.good]

    @property
    def outcomes(self) -> list[str]:
        return [run.outcome for run in self.runs if not run.gone]


class Watched:
    """A row with a window of 26 hours. Each check is one whole check, on what the checks before it left."""

    def __init__(self, objects: Objects, days: Days, layout: str, target: str) -> None:
        self.objects, self._days = objects, days
        self._bus, self._check_ins, self._standings = MemoryBus(), MemoryCheckIns(), MemoryStandings()
        self._documents = MemoryDocuments()
        self._documents.put(
            "jobs.csv", f"job_id,name,owner_email,target,layout,window\n{JOB},The host,sam@example.com,{target},{layout},26h\n"
        )
        self._memory = Memory()

    def check(self, *, hours: float = 0) -> Seen:
        """What is seen so many hours after today's act. Whoever sees the place for the first time must not be more at ease."""
        now = self._days.today + LOOKED_AFTER + timedelta(hours=hours)
        report = check(
            Order(mode="fast"),
            documents=self._documents,
            standings=self._standings,
            check_ins=self._check_ins,
            objects=self.objects,
            bus=self._bus,
            concurrently=lambda work, items: [work(item) for item in items],
            sources=SOURCES,
            memory=self._memory,
            time_left=lambda: timedelta(minutes=2),
            now=now,
        )
        assert report.failed == {}
        standing = self._standings.get(JOB)
        assert standing is not None, "the row could not be used"
        assert standing.level == "green" or self._at_first_sight(now).level != "green"
        worst = standing.findings[0] if standing.findings else None
        return Seen(
            state=standing.state,
            rule=worst.rule if worst else "",
            says=worst.says if worst else "",
            runs=standing.runs,
        )

    def _at_first_sight(self, now: datetime) -> Verdict:
        """The verdict of one who knows only what lies there now."""
        fleet = self._memory.fleet
        assert fleet is not None
        job = fleet.jobs[JOB]
        (target,) = job.objects
        sighting = look(target, job.layout, None, objects=self.objects, now=now, window=WINDOW, thorough=True)
        return judge(
            job,
            fleet.rules.thresholds(job),
            runs=merge_runs((), sighting),
            first_seen=now - WINDOW,
            now=now,
            doubts={target.text: sighting.unsure} if sighting.unsure else {},
        )


def missed(watched: Watched) -> None:
    """Today brought no backup: nothing is wrong yet, then it is late, then it is an alert."""
    assert watched.check().state == "all_green"
    late = watched.check(hours=3)
    assert (late.state, late.rule, late.says) == ("warn", "too_old", "The newest good run is older than 26 h.")
    assert watched.check(hours=16).state == "alert"


def gone(seen: Seen) -> None:
    """Every backup that was seen is there no more."""
    assert seen.good == []
    assert (seen.state, seen.rule) == ("alert", "nothing_left")


def healed(seen: Seen, good: int) -> None:
    """All is well, with so many good backups."""
    assert (seen.state, seen.rule, len(seen.good)) == ("all_green", "", good)
