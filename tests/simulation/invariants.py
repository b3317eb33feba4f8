"""What must hold after every step, whatever happened. Written against the world itself, not against our own verdicts."""

import json
from collections import Counter
from datetime import datetime, timedelta
from functools import lru_cache

from bolt_app.adapters.memory.messenger import Posted
from tests.simulation.fleet import SimJob
from tests.simulation.world import ADMIN, World
from workflows.backup.saying import BROKEN, quiet, untold
from workflows.backup.standing import Standing

KNOWN_WITHIN = timedelta(minutes=25)
"""The tick is a minute late at most; the rest is for processes that die and answers that get lost, several times in a row."""

FOUND_WITHIN = timedelta(hours=2)
"""What only evidence can tell (an empty object, a failed run) is found by the hourly run, if every nudge about it is lost, and by
the one after that, if its second try is lost as well."""


class Broken(AssertionError):
    """An invariant does not hold."""


class Invariants:
    """Called after every step; remembers what it saw, to compare."""

    def __init__(self) -> None:
        self.behind_since: dict[tuple[str, str], datetime] = {}
        self.quiet_jobs: set[str] = set()
        self.quiet_at: dict[str, datetime] = {}
        self.audited: dict[str, tuple[int, dict[str, object]]] = {}

    def __call__(self, world: World) -> None:
        standings = {standing.job_id: standing for standing in world.standings.every()}
        for job in world.jobs:
            standing = standings.get(job.job_id)
            self._bad_backups_are_known(world, job, standing)
            if standing is not None:
                self._explained_by_audit(world, standing)
                self._pending_where_someone_is_behind(standing)
                self._messages_become_true(world, standing)
        self._nothing_doubled(world)
        self._every_message_in_the_ledger(world)

    def _bad_backups_are_known(self, world: World, job: SimJob, standing: Standing | None) -> None:
        bad_since = _bad_since(world, job)
        if standing is not None and (quiet(standing, world.now) or standing.state == "pending_fixed"):
            self.quiet_jobs.add(job.job_id)
            return
        if job.job_id in self.quiet_jobs:
            self.quiet_jobs.remove(job.job_id)
            self.quiet_at[job.job_id] = world.now
        if bad_since is not None:
            bad_since = max(bad_since, self.quiet_at.get(job.job_id, bad_since))
        if bad_since is not None and job.job_id in world.edited_at:  # another owner: whoever it is now must hear of it
            bad_since = max(bad_since, world.edited_at[job.job_id] + FOUND_WITHIN)
        if bad_since is None or world.now - bad_since < KNOWN_WITHIN:
            return
        if standing is None:
            raise Broken(f"{job.job_id} is bad since {bad_since} and was never looked at")
        owner = job.owner or ADMIN.email
        if not any(_says_broken(posted, standing) for posted in _conversation(world, owner)):
            raise Broken(f"{owner} does not know that {job.job_id} is bad since {bad_since}: {_short(standing)}")

    def _explained_by_audit(self, world: World, standing: Standing) -> None:
        """Each entry begins where the one before it ended, and the last one ends where the standing is."""
        rev, known = self.audited.get(standing.job_id, (0, {}))
        if rev == standing.rev:
            return
        entries = [
            entry for entry in world.standings.history(standing.job_id, standing.rev - rev + 1) if entry.action != "refused"
        ]
        seen = next((place for place, entry in enumerate(entries) if entry.after == known), len(entries))
        for entry in reversed(entries[:seen]):
            for fact in ("state", "say", "break"):
                if known and known[fact] != entry.before[fact]:
                    raise Broken(f"{standing.job_id}: {fact} went from {known[fact]} to {entry.before[fact]} unexplained")
            known = entry.after
        now = {"state": standing.state, "say": standing.say, "break": standing.break_id, "muted": standing.muted}
        if {"muted": False, **{fact: known[fact] for fact in now if fact in known}} != now:
            raise Broken(f"{standing.job_id} is {now}, its audit says {known}")
        self.audited[standing.job_id] = standing.rev, known

    def _pending_where_someone_is_behind(self, standing: Standing) -> None:
        if untold(standing) and (standing.pending is None or standing.due is None):
            raise Broken(f"{standing.job_id}: {untold(standing)} are behind, but nothing is pending: {_short(standing)}")

    def _messages_become_true(self, world: World, standing: Standing) -> None:
        """What a message says may lag behind, but not for long."""
        for posted in world.messenger.messages:
            facts = _facts(posted)
            if facts.get("job") != standing.job_id:
                continue
            key = (posted.channel, posted.ts)
            broken_now = standing.state in BROKEN and facts["break"] == standing.break_id
            if (facts["state"] in BROKEN) == broken_now:
                self.behind_since.pop(key, None)
                continue
            since = self.behind_since.setdefault(key, world.now)
            if world.now - since > KNOWN_WITHIN and not quiet(standing, world.now):
                raise Broken(f"{posted.channel} is told {facts}, which is not true since {since}: {_short(standing)}")

    def _nothing_doubled(self, world: World) -> None:
        ids = Counter(posted.message_id for posted in world.messenger.messages)
        doubled = [message_id for message_id, count in ids.items() if count > 1]
        if doubled:
            raise Broken(
                f"posted twice: {[posted.message.text for posted in world.messenger.messages if posted.message_id in doubled]}"
            )
        living = Counter(
            (posted.channel, facts["job"], facts["break"])
            for posted in world.messenger.messages
            if not posted.thread_ts and (facts := _facts(posted)).get("job") and facts["break"] != "over"
        )
        if any(count > 1 for count in living.values()):
            raise Broken(f"two living messages of one break: {living}")

    def _every_message_in_the_ledger(self, world: World) -> None:
        rows = {row.id: row for row in world.ledger.rows()}
        for posted in world.messenger.messages:
            row = rows.get(posted.message_id)
            if row is None or row.outcome not in {"sending", "delivered"}:
                raise Broken(f"{posted.message.text} is not in the ledger: {row}")
        posted_ids = {posted.message_id for posted in world.messenger.messages}
        ghosts = [row for row in rows.values() if row.outcome == "delivered" and row.id not in posted_ids]
        if ghosts:
            raise Broken(f"the ledger says delivered, and nobody got it: {ghosts}")


def _bad_since(world: World, job: SimJob) -> datetime | None:
    """Since when, by the plainest reading of the world itself, this job's owner ought to know; None when all is well."""
    if job.objects:
        stored = sorted(world.objects.buckets[job.bucket].values(), key=lambda item: item.modified)
        if stored and stored[-1].size == 0 and "denied" not in job.trouble(world.now):
            seen_from = max(
                (incident.end for incident in job.incidents if incident.kind == "denied" and incident.end <= world.now),
                default=stored[-1].modified,
            )
            return max(stored[-1].modified, seen_from) + FOUND_WITHIN
        good = max((item.modified for item in stored if item.size), default=None)
    else:
        runs = world.check_ins.since(job.job_id, None)
        if runs and runs[-1].outcome == "failed":
            return runs[-1].at + FOUND_WITHIN
        good = max((run.at for run in runs if run.outcome == "ok"), default=None)
    if good is None:
        return None  # never ran: given one period from when it was first seen, which only we know
    late = good + job.window
    return late if late <= world.now else None


def _conversation(world: World, email: str) -> list[Posted]:
    user_id = next(member.user_id for member in world.messenger.members if member.email == email)
    return world.messenger.said_to(user_id)


def _says_broken(posted: Posted, standing: Standing) -> bool:
    facts = _facts(posted)
    return facts.get("job") == standing.job_id and facts["break"] == standing.break_id and facts["state"] in BROKEN


def _facts(posted: Posted) -> dict[str, str]:
    return _facts_of(posted.message.text)


@lru_cache(maxsize=1000)
def _facts_of(text: str) -> dict[str, str]:
    facts: dict[str, str] = json.loads(text) if text.startswith("{") else {}
    return facts


def _short(standing: Standing) -> str:
    return f"{standing.state} say={standing.say} told={standing.told} pending={standing.pending} due={standing.due}"
