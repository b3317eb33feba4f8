"""Gather: everything that can be known of one job now, from every place its row names."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from workflows.backup.claimed import claimed_runs
from workflows.backup.evidence import Run, Unseen
from workflows.backup.history import keep_recent
from workflows.backup.job import Job
from workflows.backup.look import Kept, Sighting, look, merge_runs
from workflows.backup.ports import CheckIn, CheckIns
from workflows.backup.standing import Standing
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Json, Objects

CLAIMS = "claims"
"""The cursor of check-ins and reports stands beside those of the targets, under this name."""

TOLD_AFTER_CHECKS = 2

OVERLAP = timedelta(minutes=10)
"""Check-ins are read again from this long before the last one taken in: they may be stored out of order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What one look at one job brought.

    Attributes:
        sightings: of the prefixes that could be listed. errors: target text -> why it could not.
        check_ins: those since the cursor, empty where none is new. claims_cursor: the cursor after them.
    """

    sightings: tuple[Sighting, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    check_ins: tuple[CheckIn, ...] = ()
    claims_cursor: Json | None = None

    @property
    def doubts(self) -> dict[str, str]:
        return {sighting.target: sighting.unsure for sighting in self.sightings if sighting.unsure}

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(warning for sighting in self.sightings for warning in sighting.warnings)


def gather(
    job: Job,
    standing: Standing,
    latest: str,
    *,
    objects: Objects,
    check_ins: CheckIns,
    now: datetime,
    period: timedelta,
    thorough: bool,
    kept: Kept,
) -> Gathered:
    """Reads each target. One that cannot be read is an error of its own and hides nothing else."""
    sightings: list[Sighting] = []
    errors: dict[str, str] = {}
    for target in job.objects:
        try:
            sightings.append(
                look(
                    target,
                    job.layout,
                    _bookmark(standing, target.text, job.layout),
                    objects=objects,
                    now=now,
                    window=period,
                    thorough=thorough,
                    kept=kept,
                )
            )
        except OutsideError as error:
            errors[target.text] = error.reason
    new, cursor = _new_check_ins(job, standing, latest, check_ins, errors)
    return Gathered(sightings=tuple(sightings), errors=errors, check_ins=new, claims_cursor=cursor)


def _new_check_ins(
    job: Job, standing: Standing, latest: str, check_ins: CheckIns, errors: dict[str, str]
) -> tuple[tuple[CheckIn, ...], Json | None]:
    cursor = standing.cursors.get(CLAIMS)
    if not job.claims or not latest or (cursor is not None and cursor["latest"] == latest):
        return (), cursor
    since = datetime.fromisoformat(cursor["at"]) - OVERLAP if cursor else None
    try:
        new = tuple(check_ins.since(job.job_id, since))
    except OutsideError as error:
        errors.update({target.text: error.reason for target in job.claims})
        return (), cursor
    newest = max((item.at for item in new), default=None)
    return new, {"latest": latest, "at": newest.isoformat()} if newest else cursor


def _bookmark(standing: Standing, target: str, layout: str) -> Json | None:
    """Where the last look at this target ended; None where it was read by another layout, or never."""
    kept = standing.cursors.get(target)
    bookmark: Json | None = kept["bookmark"] if kept is not None and kept["layout"] == layout else None
    return bookmark


def fold(job: Job, standing: Standing, gathered: Gathered, now: datetime) -> Standing:
    """The standing with what was gathered: runs, cursors, and what could not be seen. The same parts where nothing is new."""
    runs = standing.runs
    for sighting in gathered.sightings:
        if standing.cursors.get(sighting.target, {"layout": job.layout})["layout"] != job.layout:
            runs = tuple(run for run in runs if run.target != sighting.target)  # what another layout made of the same keys
        runs = merge_runs(runs, sighting)
    if gathered.check_ins:
        claimed = keep_recent(claimed_runs(runs, gathered.check_ins))
        runs = runs if claimed == runs else claimed
    cursors = _cursors(job, standing, gathered, now)
    unseen = tuple(_unseen(standing, text, error, now) for text, error in sorted(gathered.errors.items()))
    if runs is standing.runs and cursors == standing.cursors and unseen == standing.unseen:
        return standing
    return replace(standing, runs=runs, cursors=cursors, unseen=unseen)


def _cursors(job: Job, standing: Standing, gathered: Gathered, now: datetime) -> dict[str, Json]:
    """Target text -> since when it is watched, the layout it was last read by, and where that look ended."""
    bookmarks = {sighting.target: sighting.cursor for sighting in gathered.sightings}
    cursors: dict[str, Json] = {}
    for target in job.targets:
        kept = standing.cursors.get(target.text)
        since = kept["since"] if kept is not None else now.isoformat()
        if target.text in bookmarks:
            cursors[target.text] = {"since": since, "layout": job.layout, "bookmark": bookmarks[target.text]}
        else:  # a claim; or it could not be read now, and is read on from where it was left
            cursors[target.text] = kept or {"since": since, "layout": job.layout, "bookmark": None}
    if gathered.claims_cursor is not None:
        cursors[CLAIMS] = gathered.claims_cursor
    return cursors


def watched_since(standing: Standing) -> dict[str, datetime]:
    """Target text -> since when it is watched: a target that was added to a row today has its first period before it."""
    return {text: datetime.fromisoformat(kept["since"]) for text, kept in standing.cursors.items() if text != CLAIMS}


def _unseen(standing: Standing, target: str, error: str, now: datetime) -> Unseen:
    known = next((item for item in standing.unseen if item.target == target), None)
    if known is None:
        return Unseen(target=target, error=error, since=now)
    checks = min(known.checks + 1, TOLD_AFTER_CHECKS)  # a count without end would be a write without end
    return replace(known, error=error, checks=checks)


def new_bad_run(before: tuple[Run, ...], after: tuple[Run, ...]) -> bool:
    """A run that was not known, is not good, has ended, and is newer than the newest good one."""
    known = {(run.id, run.outcome, run.gone) for run in before}
    good = max((run.at for run in after if run.good), default=None)
    return any(
        (run.id, run.outcome, run.gone) not in known
        and not run.good
        and not run.gone
        and run.outcome not in {"running", "unsure"}
        and (good is None or run.at > good)
        for run in after
    )
