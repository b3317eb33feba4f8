"""What must hold after every step, whatever happened. Written against the world itself, not against our own verdicts."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from bolt_app.adapters.memory.mailer import Sent
from bolt_app.adapters.memory.messenger import Posted
from tests.simulation.broken import Broken
from tests.simulation.fleet import SimJob
from tests.simulation.nights import Nights
from tests.simulation.rounds import Rounds
from tests.simulation.world import ADMIN, START, World
from workflows.backup.saying import BROKEN, quiet, untold
from workflows.backup.standing import Standing
from workflows.kernel.calendar import business_between, is_open, next_open

ADMINS = f"D{ADMIN.user_id[1:]}"
KNOWN_WITHIN = timedelta(minutes=25)
"""The tick is a minute late at most; the rest is for processes that die and answers that get lost, several times in a row."""

FOUND_WITHIN = timedelta(hours=2)
"""What only evidence can tell (an empty object, a failed run) is found by the hourly run, if every nudge about it is lost, and by
the one after that, if its second try is lost as well."""


class Invariants:
    """Called after every step; remembers what it saw, to compare."""

    def __init__(self) -> None:
        self.behind_since: dict[tuple[str, str], datetime] = {}
        self.quiet_jobs: set[str] = set()
        self.quiet_at: dict[str, datetime] = {}
        self.audited: dict[str, tuple[int, dict[str, object]]] = {}
        self.nights = Nights()
        self.rounds = Rounds()
        self.posted_seen = self.sent_seen = 0

    def __call__(self, world: World) -> None:
        standings = {standing.job_id: standing for standing in world.standings.every()}
        self._nobody_is_disturbed(world)
        self.nights.look(world, standings)
        self.rounds.look(world)
        for job in world.jobs:
            standing = standings.get(job.job_id)
            self._bad_backups_are_known(world, job, standing)
            if standing is not None:
                self._explained_by_audit(world, standing)
                self._pending_where_someone_is_behind(world, standing)
                self._messages_become_true(world, standing)
        self._storm_cards_say_all(world, standings)
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
        came_back = [world.post.returned[sent.id] for sent in world.mailer.sent if sent.to == owner and _came_back(world, sent)]
        bad_since = max([bad_since, *came_back])
        if business_between(world.words.hours(owner), bad_since, world.now) < KNOWN_WITHIN:
            return
        reached = (owner, ADMIN.email) if came_back else (owner,)  # whose letters come back is not the one who hears of it
        if not any(_says_broken(facts, standing) for who in reached for facts in _heard(world, who)):
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

    def _pending_where_someone_is_behind(self, world: World, standing: Standing) -> None:
        """Or they are left alone, and it is looked at again by the time when they no longer are."""
        behind = untold(standing)
        if not behind or (standing.pending is not None and standing.due is not None):
            return
        opens = min(next_open(world.words.hours(who), world.now) for who in behind)
        rules_just_changed = world.now - world.edited_at.get(standing.job_id, START) < FOUND_WITHIN
        if standing.due is None or (standing.due > opens and not rules_just_changed):
            raise Broken(f"{standing.job_id}: {behind} are behind, but nothing is pending: {_short(standing)}")

    def _nobody_is_disturbed(self, world: World) -> None:
        """Nothing makes a sound outside business hours but the escalation of a critical job, and what the admin must know."""
        rows = {row.id: row for row in world.ledger.rows()}
        posted = [one.message_id for one in world.messenger.messages[self.posted_seen :] if not one.thread_ts or one.broadcast]
        sent = [one.message_id for one in world.mailer.sent[self.sent_seen :]]
        self.posted_seen, self.sent_seen = len(world.messenger.messages), len(world.mailer.sent)
        for row in (rows[one] for one in (*posted, *sent) if one in rows):
            if row.kind == "notice" or is_open(world.words.hours(row.recipient), world.now):
                continue
            about = [row.subject] if row.subject else [member.rsplit(" ", 1)[0] for member in row.members]
            loud = [one for job_id in about if (one := world.standings.get(job_id)) and one.critical and one.state == "escalate"]
            if not loud and row.kind != "storm_reply":
                raise Broken(f"{row.recipient} was disturbed at {world.now} by {row}")

    def _storm_cards_say_all(self, world: World, standings: dict[str, Standing]) -> None:
        rows = {row.ts: row for row in world.ledger.rows() if row.kind == "storm" and row.ts}
        cards = [posted for posted in world.messenger.messages if "storm" in _facts(posted)]
        for posted in cards:
            row = rows.get(posted.ts)
            shown = _shown(posted, row.members) if row is not None else {}
            for standing in standings.values():
                for told in standing.told.values():
                    if told.ts == posted.ts and f"{standing.job_id} {told.break_id}" not in shown:
                        raise Broken(f"{standing.job_id} is told by a card that does not name it: {posted.message.text}")
            for member, said_over in shown.items():
                job_id, break_id = member.rsplit(" ", 1)
                standing = standings[job_id]
                truth = standing.break_id != break_id or standing.state not in BROKEN
                if said_over == truth:
                    self.behind_since.pop((posted.ts, member), None)
                elif world.now - self.behind_since.setdefault((posted.ts, member), world.now) > KNOWN_WITHIN:
                    raise Broken(f"a card says of {member} what is not true any more: {posted.message.text} {_short(standing)}")

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
        rows = {row.ts: row for row in world.ledger.rows() if row.kind == "storm" and row.ts}
        for posted in world.messenger.messages:
            if "storm" in _facts(posted) and posted.ts in rows:
                named = (member.rsplit(" ", 1) for member in _shown(posted, rows[posted.ts].members))
                living.update((posted.channel, job_id, break_id) for job_id, break_id in named)
        if any(count > 1 for count in living.values()):
            raise Broken(f"two living messages of one break: {living}")

    def _every_message_in_the_ledger(self, world: World) -> None:
        rows = {row.id: row for row in world.ledger.rows()}
        for posted in world.messenger.messages:
            row = rows.get(posted.message_id)
            if row is None or row.outcome not in {"sending", "delivered"}:
                raise Broken(f"{posted.message.text} is not in the ledger: {row}")
        posted_ids = {posted.message_id for posted in world.messenger.messages} | {sent.message_id for sent in world.mailer.sent}
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


def _came_back(world: World, sent: Sent) -> bool:
    return sent.id in world.post.returned and world.post.returned[sent.id] <= world.now


def _heard(world: World, email: str) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """The facts of all that this person was told, and of a storm its members."""
    members = {row.id: row.members for row in world.ledger.rows() if row.members}
    user_id = next((member.user_id for member in world.messenger.members if member.email == email), None)
    for posted in world.messenger.said_to(user_id) if user_id else ():
        yield _facts(posted), members.get(posted.message_id, ())
    threads = {sent.message_id: sent.thread for sent in world.mailer.sent}
    for sent in world.mailer.sent:
        if sent.to == email and not _came_back(world, sent):
            yield _facts_of(sent.letter.subject), members.get(threads[sent.message_id], ())


def _says_broken(heard: tuple[dict[str, Any], tuple[str, ...]], standing: Standing) -> bool:
    facts, members = heard
    if "storm" in facts:
        at = {member: place for place, member in enumerate(members)}.get(f"{standing.job_id} {standing.break_id}")
        return at is not None and at < len(facts["storm"]) and not facts["storm"][at][1]
    return facts.get("job") == standing.job_id and facts["break"] == standing.break_id and facts["state"] in BROKEN


def _shown(posted: Posted, members: Sequence[str]) -> dict[str, bool]:
    """Of each member that the card names, whether it says that it is over."""
    return {member: over for member, (_, over) in zip(members, _facts(posted)["storm"], strict=False)}


def _facts(posted: Posted) -> dict[str, Any]:
    return _facts_of(posted.message.text)


@lru_cache(maxsize=1000)
def _facts_of(text: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(text) if text.startswith("{") else {}
    return facts


def _short(standing: Standing) -> str:
    return f"{standing.state} say={standing.say} told={standing.told} pending={standing.pending} due={standing.due}"
