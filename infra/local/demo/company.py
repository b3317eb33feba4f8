"""A company larger than the demo, as the sentinel would know it: its standings come from the product's own judgements.

Nothing of it is stored or sent. It is for pictures of what takes days to happen, or hundreds of backups.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from workflows.backup.conclude import conclude
from workflows.backup.evidence import Outcome, Run, Source
from workflows.backup.job import Job
from workflows.backup.joblist import job_from_cells
from workflows.backup.rules import Rules
from workflows.backup.saying import Circumstances
from workflows.backup.standing import Standing, Told
from workflows.backup.verdict import judge
from workflows.kernel.calendar import BusinessHours

ANA, SAM, KIM = "ana@example.com", "sam@example.com", "kim@example.com"
SLACK_IDS = {ANA: "U0ANA", SAM: "U0SAM", KIM: "U0KIM"}
ALWAYS = BusinessHours(opens=time(0), closes=time(0), days=frozenset(range(7)), holidays=frozenset(), zone="UTC")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NIGHTS = 14
RHYTHM = (1.0, 0.97, 0.88, 0.75, 0.93, 0.84, 0.8)
GB = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup, and how it went.

    Attributes:
        cells: its row. size: bytes of its newest run; the others differ by the night.
        ago: how long ago its newest run was.
        last: how that ended. shrunk: it was only a tenth of what it should be.
    """

    cells: Mapping[str, str]
    size: float
    ago: timedelta = 5 * HOUR
    last: Outcome = "ok"
    shrunk: bool = False


def backup(name: str, owner: str, target: str, size: float, *, group: str = "", critical: bool = False) -> Backup:
    """A backup that ran this night."""
    cells = {
        "job_id": "-".join(name.lower().split()),
        "name": name,
        "owner_email": owner,
        "group": group,
        "target": target,
        "window": "26h",
        "critical": "yes" if critical else "no",
    }
    return Backup(cells=cells, size=size)


def standing(one: Backup, *, now: datetime) -> Standing:
    """What the sentinel concludes of it, having looked every hour of the last two days and told its owner each time."""
    job = job_from_cells(one.cells, timezone="UTC", rules=Rules())
    if not isinstance(job, Job):
        raise TypeError(f"this row cannot be read: {job}")
    runs = _runs(one, job, now)
    email = one.cells["owner_email"]
    first = now - 30 * DAY
    known = Standing(
        job_id=job.job_id,
        first_seen=first,
        since=first,
        row=dict(one.cells),
        owner_user=SLACK_IDS[email],
        escalation=(ANA,) if email != ANA else (KIM,),
        critical=job.critical,
    )
    for hours in range(48, -1, -1):
        at = now - hours * HOUR
        known = _looked(known, job, [run for run in runs if run.at <= at], at, email)
    return known


def _looked(before: Standing, job: Job, runs: Sequence[Run], at: datetime, email: str) -> Standing:
    thresholds = Rules().thresholds(job)
    verdict = judge(job, thresholds, runs=runs, first_seen=before.first_seen, now=at)
    about = Circumstances(
        now=at,
        job=job,
        thresholds=thresholds,
        hours=ALWAYS,
        hours_of=lambda _: ALWAYS,
        recipients=(email,),
        escalation=before.escalation,
        period=thresholds.window or DAY,
    )
    after = conclude(replace(before, runs=tuple(runs)), verdict, about)
    told = {
        who: Told(say=after.say, break_id=after.break_id, channel="D1", ts="1.1", at=at, user_id=SLACK_IDS[who])
        for who in after.recipients
        if after.say
    }
    return replace(after, told={**after.told, **told}, pending=None)


def _runs(one: Backup, job: Job, now: datetime) -> tuple[Run, ...]:
    """Oldest first."""
    target = job.targets[0].text
    found = []
    for nights in range(NIGHTS, -1, -1):
        ended, newest = now - one.ago - nights * DAY, nights == 0
        usual = one.size * RHYTHM[nights % len(RHYTHM)]
        size = int(usual * (0.1 if newest and one.shrunk else 1))
        key = f"{job.job_id}/{ended:%Y-%m-%d}.dump"
        outcome = one.last if newest else "ok"
        source: Source = "object" if target.startswith("s3://") else "heartbeat"
        found.append(
            Run(id=key, source=source, target=target, outcome=outcome, started=ended - HOUR, finished=ended, size=size, ref=key)
        )
    return tuple(found)


def storm(now: datetime) -> list[Standing]:
    """Fourteen backups of Sam's that land on one server, which took none this night."""
    names = (
        "Payroll database", "Invoices", "Orders archive", "Web shop database", "Web shop images", "Wiki", "Ticket system",
        "Git repositories", "Mail archive", "Time sheets", "Contracts", "Product photos", "Plans", "Phone system",
    )  # fmt: skip
    made = [
        backup(name, SAM, f"s3://acme-cellar/{name.lower().replace(' ', '-')}/", (3 + place) * GB)
        for place, name in enumerate(names)
    ]
    return [standing(replace(one, ago=28 * HOUR), now=now) for one in made]


def escalation(now: datetime) -> Standing:
    """A critical backup that nobody looked after for a night."""
    ledger = backup("Ledger database", SAM, "s3://acme-backups/ledger/", 41 * GB, group="finance", critical=True)
    return standing(replace(ledger, ago=36 * HOUR), now=now)


def small(now: datetime) -> list[Standing]:
    """Ten backups, all of them fine."""
    rows = (
        ("Customer database", SAM, "s3://acme-backups/customers/", 18), ("Ledger database", SAM, "s3://acme-backups/ledger/", 41),
        ("Orders database", SAM, "s3://acme-backups/orders/", 7), ("Web shop images", SAM, "s3://acme-nas/images/", 310),
        ("Git repositories", SAM, "s3://acme-backups/git/", 12), ("Mail archive", KIM, "s3://acme-nas/mail/", 96),
        ("Shared folder", KIM, "s3://acme-nas/shared/", 220), ("Phone system", KIM, "heartbeat", 2),
        ("CRM export", SAM, "heartbeat", 1), ("Wiki", KIM, "s3://acme-nas/wiki/", 5),
    )  # fmt: skip
    return [standing(backup(name, owner, target, size * GB), now=now) for name, owner, target, size in rows]


def mixed(now: datetime) -> list[Standing]:
    """The same ones on a bad morning."""
    ledger = escalation(now)
    made = {one.job_id: one for one in small(now)}

    def ill(job_id: str, gigabytes: int) -> Backup:
        return Backup(cells=made[job_id].row, size=gigabytes * GB)

    for one in (
        replace(ill("web-shop-images", 310), ago=31 * HOUR),
        replace(ill("crm-export", 1), last="failed"),
        replace(ill("wiki", 5), shrunk=True),
    ):
        made[one.cells["job_id"]] = standing(one, now=now)
    return [*(one for one in made.values() if one.job_id != ledger.job_id), ledger]


def large(now: datetime, count: int = 500) -> list[Standing]:
    """A company with a backup of everything in every branch: one in fifty is late, a few failed or shrank."""
    kinds = (("Files", 120), ("Mail", 60), ("Database", 25), ("Phone system", 2), ("Cameras", 400))
    branches = [f"{town} {number}" for number in range(1, 11) for town in TOWNS]
    found = []
    for place in range(count):
        kind, size = kinds[place % len(kinds)]
        branch = branches[place // len(kinds) % len(branches)]
        owner = (SAM, KIM, ANA)[place % 3]
        target = f"s3://acme-branches/{branch.lower().replace(' ', '-')}/{kind.lower().replace(' ', '-')}/"
        one = backup(f"{kind} {branch}", owner, target, size * GB, group=branch)
        if place % 47 == 8:
            one = replace(one, ago=29 * HOUR)
        if place % 101 == 13:
            one = replace(one, last="failed")
        if place % 83 == 30:
            one = replace(one, shrunk=True)
        found.append(standing(one, now=now))
    return found


TOWNS = ("Aachen", "Bergen", "Cork", "Delft", "Esbjerg", "Faro", "Gdansk", "Hilo", "Izmir", "Jena")
