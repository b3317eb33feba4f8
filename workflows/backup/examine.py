"""One job under examination: gather, decide, apply."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workflows.backup.audit import outline
from workflows.backup.conclude import conclude
from workflows.backup.findings import Verdict
from workflows.backup.fleet import Fleet, hours_of, knows_less
from workflows.backup.gather import TOLD_AFTER_CHECKS, Gathered, fold, gather, new_bad_run, watched_since
from workflows.backup.job import Job
from workflows.backup.look import Kept
from workflows.backup.nudge import nudge_about
from workflows.backup.ports import CheckIns, Standings
from workflows.backup.saying import Circumstances, broken, untold
from workflows.backup.standing import Standing
from workflows.backup.thresholds import Thresholds
from workflows.backup.verdict import judge
from workflows.kernel.errors import Conflict, OutsideError
from workflows.kernel.ports import AuditEntry, Event, Objects

TRIES_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What an examination needs. `walks`: which prefixes this process has walked lately."""

    standings: Standings
    check_ins: CheckIns
    objects: Objects
    walks: Kept
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One job to examine.

    Attributes:
        standing: as stored, None the first time. latest: the key of its newest check-in, "" without any.
        full: this is a full run, which repeats what is still to be told to the admin.
        thorough: someone waits for the answer: look at everything, whatever was looked at lately.
    """

    job: Job
    standing: Standing | None
    latest: str
    fleet: Fleet
    thresholds: Thresholds
    full: bool
    thorough: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of it. `failed`: why it could not be saved; then it changed nothing."""

    job_id: str
    changed: bool = False
    nudges: tuple[Event, ...] = ()
    warnings: tuple[str, ...] = ()
    failed: str = ""


def examine(look: Look, *, ports: Ports) -> Done:
    """Looks, concludes and saves; decides again when someone else wrote first. One job that fails stays one job."""
    before = _known(look.standing, look, ports.now)
    try:
        gathered = _gather(look, before, ports, thorough=look.thorough)
        for _ in range(TRIES_MAX):
            after = _decide(look, before, gathered, ports.now)
            if _says_more(before, after):  # before anything bad is said, everything is looked at
                gathered = _gather(look, before, ports, thorough=True)
                after = _decide(look, before, gathered, ports.now)

            if after is before or after == before:
                return _done(look, before, after, gathered)
            try:
                ports.standings.save(after, _audit(before, after, ports.now))
            except Conflict:
                stored = ports.standings.get(look.job.job_id)
                if stored is not None and knows_less(look.fleet, stored):
                    _walk_again(look, ports)
                    return Done(job_id=look.job.job_id)
                before = _known(stored, look, ports.now)
                continue
            return _done(look, before, after, gathered)
    except OutsideError as error:
        _walk_again(look, ports)
        return Done(job_id=look.job.job_id, failed=str(error))
    _walk_again(look, ports)
    return Done(job_id=look.job.job_id)  # others keep writing this very job


def _walk_again(look: Look, ports: Ports) -> None:
    """Next time: what was seen by this look is lost with it."""
    for target in look.job.objects:
        ports.walks.pop(target.text, None)


def _known(standing: Standing | None, look: Look, now: datetime) -> Standing:
    """The stored standing; one that begins now for a job that is new, or comes back to the list."""
    if standing is None:
        return Standing(job_id=look.job.job_id, first_seen=now, since=now)
    back = standing.state == "off_list"
    return replace(standing, first_seen=now, cursors={}, listed_at=look.fleet.read_at) if back else standing


def _gather(look: Look, before: Standing, ports: Ports, *, thorough: bool) -> Gathered:
    return gather(
        look.job,
        before,
        look.latest,
        objects=ports.objects,
        check_ins=ports.check_ins,
        now=ports.now,
        period=period_of(look.job, look.thresholds),
        thorough=thorough,
        kept=ports.walks,
    )


def period_of(job: Job, thresholds: Thresholds) -> timedelta:
    """How often a good run is expected."""
    if thresholds.window is not None:
        return thresholds.window
    return job.schedule.gap if job.schedule is not None else timedelta(days=1)


def _decide(look: Look, before: Standing, gathered: Gathered, now: datetime) -> Standing:
    folded = _paced(fold(look.job, before, gathered, now), look.job, now)
    verdict = judge(
        look.job,
        look.thresholds,
        runs=folded.runs,
        first_seen=folded.first_seen,
        first_seen_of=watched_since(folded),
        now=now,
        unseen=folded.unseen,
        doubts=gathered.doubts,
        baseline_from=folded.baseline_from,
        paced_from=folded.paced_from,
    )
    owner, _ = look.fleet.rules.owner(look.job, look.fleet.sources.admin)
    known = _as_listed(folded, look, owner)
    if _quiet_and_green(before, known, verdict, owner):
        return before
    about = Circumstances(
        now=now,
        job=look.job,
        thresholds=look.thresholds,
        hours=hours_of(look.fleet, owner),
        hours_of=look.fleet.words.hours,
        recipients=(owner,),
        escalation=known.escalation,
        period=period_of(look.job, look.thresholds),
        new_bad_run=new_bad_run(before.runs, folded.runs) or _found_in_a_new_run(before, folded, verdict),
    )
    return conclude(known, verdict, about)


def _paced(standing: Standing, job: Job, now: datetime) -> Standing:
    """Another schedule counts from now on: its slots of this morning were nobody's. One that is late already stays late.

    The row is stored with it, so a change is seen once, however often it is looked at.
    """
    if not standing.row or any(finding.test == "recent" for finding in standing.findings):
        return standing
    same = (job.cells.get("schedule", ""), job.timezone) == (standing.row.get("schedule", ""), standing.timezone)
    return standing if same else replace(standing, paced_from=now)


def _found_in_a_new_run(before: Standing, folded: Standing, verdict: Verdict) -> bool:
    """Something is wrong with a run that this look saw first: a good one that is again too small is no proof of a fix."""
    known = {run.id for run in before.runs}
    new = {run.ref for run in folded.runs if run.id not in known}
    return any(finding.test != "recent" and finding.evidence in new for finding in verdict.findings)


def _as_listed(standing: Standing, look: Look, owner: str) -> Standing:
    """With what list, rules and voice say now, so that a click never has to parse them."""
    fleet, job = look.fleet, look.job
    if knows_less(fleet, standing):
        return standing
    user, zone = fleet.voice.user_id(owner), fleet.voice.zone(owner) or fleet.sources.timezone
    escalation = fleet.rules.escalation(job) or (fleet.sources.admin,)
    snoozes_max = look.thresholds.max_snoozes_per_break
    known = (
        standing.row,
        standing.owner_user,
        standing.escalation,
        standing.critical,
        standing.zone,
        standing.timezone,
        standing.snoozes_max,
        standing.let_go,
    )
    let_go = standing.let_go and job.job_id not in fleet.jobs  # a row that is back is not to go
    if known == (job.cells, user, escalation, job.critical, zone, job.timezone, snoozes_max, let_go):
        return standing
    return replace(
        standing,
        row=job.cells,
        owner_user=user,
        escalation=escalation,
        critical=job.critical,
        zone=zone,
        timezone=job.timezone,
        snoozes_max=snoozes_max,
        let_go=let_go,
        listed_at=fleet.read_at,
    )


def _quiet_and_green(before: Standing, known: Standing, verdict: Verdict, owner: str) -> bool:
    """Nothing new, nothing wrong, nothing open: by far the most frequent case, and the cheapest."""
    return (
        verdict.level == "green"
        and before.level == "green"
        and before.state == "all_green"
        and before.pending is None
        and not untold(before)
        and before.snooze_until is None
        and not before.muted
        and before.due == verdict.changes_at
        and before.recipients[:1] == (owner,)
        and known is before
    )


def _says_more(before: Standing, after: Standing) -> bool:
    return after.loud > before.loud or (broken(after) and not broken(before))


# --- what is written beside it -----------------------------------------------------------------------


def _audit(before: Standing, after: Standing, now: datetime) -> AuditEntry | None:
    """None for bookkeeping: a later `due`, a bookmark, a clock that runs on."""
    action = _action(before, after)
    if not action:
        return None
    return AuditEntry(
        subject=after.job_id,
        at=now,
        action=action,
        by="checker",
        before=outline(before),
        after=outline(after),
        why="; ".join(finding.says for finding in after.findings),
    )


def _action(before: Standing, after: Standing) -> str:
    """The word for what changed, the weightiest first."""
    words: dict[str, bool] = {
        "escalate": after.state == "escalate" and before.state == "alert",
        after.loud_kind: after.loud > before.loud,
        "recovered": broken(before) and not broken(after),
        f"now_{after.state}": after.state != before.state or before.rev == 0,
        "shown": after.say > before.say,
        "evidence": after.runs != before.runs,
        "changed": _noticeable(before) != _noticeable(after),
    }
    return next((word for word, holds in words.items() if holds), "")


def _noticeable(standing: Standing) -> tuple[object, ...]:
    return (
        standing.recipients,
        standing.row,
        standing.findings,
        standing.unseen,
        standing.snooze_until,
        standing.muted,
        standing.pending is None,
    )


def _done(look: Look, before: Standing, after: Standing, gathered: Gathered) -> Done:
    nudges = [nudge_about(after)] if after.pending is not None else []
    if look.full or before.unseen != after.unseen:
        nudges += _cannot_look(look.job, after)
    return Done(job_id=look.job.job_id, changed=after != before, nudges=tuple(nudges), warnings=gathered.warnings)


def _cannot_look(job: Job, standing: Standing) -> Iterator[Event]:
    """For the admin, from the second time on."""
    for item in standing.unseen:
        if item.checks >= TOLD_AFTER_CHECKS:
            detail = {"job_id": job.job_id, "name": job.name, "target": item.target, "error": item.error}
            yield Event(kind="bk.notice", detail={"v": 1, "about": "cannot_look", "since": item.since.isoformat(), **detail})
