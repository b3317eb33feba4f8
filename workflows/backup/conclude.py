"""From a verdict to a standing: what changes, what must be said, and when to look again. Pure.

One rule holds it together: levels are compared, edges are not chased. Whatever was not said because the program died is
still unsaid at the next look, since `told[recipient].say < say` is a stored fact.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from workflows.backup.clock import escalates_at, reminds_at, run_clock
from workflows.backup.findings import Finding, Verdict
from workflows.backup.saying import (
    Circumstances,
    audience,
    broken,
    escalate,
    mark_pending_unless_deferred,
    opens_for,
    quiet,
    say_aloud,
    show,
    was_told,
)
from workflows.backup.standing import Standing, State

LOOK_AGAIN_MIN, LOOK_AGAIN_MAX = timedelta(minutes=1), timedelta(hours=1)
NUDGE_AGAIN_AFTER = timedelta(minutes=2)
NOTHING_DUE = timedelta(days=1)
_RANK = {"green": 0, "waiting": 0, "unseen": 0, "warn": 1, "alert": 2}


def conclude(standing: Standing, verdict: Verdict, about: Circumstances) -> Standing:
    """The standing after this verdict: equal to the one given, but for `due`, where nothing has changed."""
    blind = verdict.level == "unseen" and broken(standing)  # seeing nothing neither mends a break nor makes it worse
    after = _awake(standing, about.now)
    woke = (after.snooze_until, after.muted) != (standing.snooze_until, standing.muted) and not quiet(after, about.now)
    after = after if blind else _by_level(after, verdict, about)
    after = _by_time(after, about, woke=woke)
    after = run_clock(after, about.now, about.hours, about.thresholds, critical=about.job.critical)
    if not blind:
        missed = verdict.missed if broken(after) else standing.missed  # a recovery still tells how many were missed
        after = replace(after, level=verdict.level, findings=_unless_same(after.findings, verdict.findings), missed=missed)
    after = replace(after, recipients=audience(after, about))
    after = mark_pending_unless_deferred(after, standing, about.now, about.hours_of)
    return replace(after, due=due(after, verdict, about))


def _awake(standing: Standing, now: datetime) -> Standing:
    """Ends a snooze or a dated mute whose time is over."""
    if standing.snooze_until is not None and standing.snooze_until <= now:
        standing = replace(standing, snooze_until=None)
    answer = standing.answer
    if standing.muted and answer is not None and answer.kind == "mute" and answer.until is not None and answer.until <= now:
        standing = replace(standing, muted=False)
    return standing


def _by_level(standing: Standing, verdict: Verdict, about: Circumstances) -> Standing:
    match verdict.level:
        case "warn" | "alert":
            return _changed(standing, verdict, about) if broken(standing) else _open(standing, verdict, about.now)
        case "green":
            return _recover(standing, "all_green", about.now) if broken(standing) else _calm(standing, "all_green", about.now)
        case "waiting":
            return _recover(standing, "waiting", about.now) if broken(standing) else _calm(standing, "waiting", about.now)
        case "unseen":  # once may be a hiccup; twice is not observed, and never counted green
            twice = any(item.checks >= 2 for item in standing.unseen)
            return _calm(standing, "not_observed", about.now) if twice else standing


def _calm(standing: Standing, state: State, now: datetime) -> Standing:
    return standing if standing.state == state else replace(standing, state=state, since=now)


def _open(standing: Standing, verdict: Verdict, now: datetime) -> Standing:
    fresh = replace(
        standing,
        state="alert" if verdict.level == "alert" else "warn",
        since=now,
        break_id=f"{now:%Y%m%dT%H%M%S}-{standing.rev + 1}",
        broke_at=now,
        ended_at=None,
        fixes=0,
        snoozes=0,
        answer=standing.answer if standing.muted else None,
        snooze_until=None,
        escalated=False,
        clock_left_seconds=None,
        clock_from=None,
        remind_from=None,
        fixed_until=None,
        held="",
    )
    return say_aloud(fresh, "opened", now)


def _recover(standing: Standing, state: State, now: datetime) -> Standing:
    """The living message turns green, even of a snoozed or muted job; it notifies only where it had escalated."""
    after = show(replace(standing, state=state, since=now, ended_at=now, snooze_until=None, fixed_until=None, held=""))
    after = replace(after, ended_say=after.say)
    return replace(after, loud=after.say, loud_kind="recovered") if after.escalated and not after.muted else after


def _changed(standing: Standing, verdict: Verdict, about: Circumstances) -> Standing:
    """Still broken: worse is said, better is shown."""
    if standing.state == "pending_fixed":
        return _decide_fixed(standing, verdict, about)
    old, new = {_trouble(finding) for finding in standing.findings}, {_trouble(finding) for finding in verdict.findings}
    rose = _RANK[verdict.level] - _RANK[standing.level]
    if rose > 0 or (rose == 0 and new - old):
        return say_aloud(_move(standing, verdict, about.now), "worse", about.now)
    if rose == 0 and _unless_same(standing.findings, verdict.findings) is standing.findings:
        return standing
    moved = _move(standing, verdict, about.now)
    return moved if quiet(moved, about.now) else show(moved)


def _trouble(finding: Finding) -> tuple[str, str]:
    """What makes a finding another trouble, and not the same one seen better or worse: late is late, however it is known."""
    return ("recent" if finding.test == "recent" else finding.rule), finding.target


def _move(standing: Standing, verdict: Verdict, now: datetime) -> Standing:
    state: State = "alert" if verdict.level == "alert" else "warn"
    return _calm(standing, "escalate" if standing.escalated else state, now)  # an escalation stays one until the break ends


def _decide_fixed(standing: Standing, verdict: Verdict, about: Circumstances) -> Standing:
    """Someone said fixed. A new bad run refutes it, and so does time; a good one comes as green and never gets here."""
    until, answer = standing.fixed_until, standing.answer
    if about.new_bad_run or (until is not None and about.now >= until):
        return say_aloud(replace(_move(standing, verdict, about.now), fixed_until=None), "not_fixed", about.now)
    if until is not None:
        return standing
    until = _decided_at(about)  # the first look after the press shows what it saw, and when it will be decided
    if answer is not None and answer.kind == "fixed":
        answer = replace(answer, until=until)
    return show(replace(standing, fixed_until=until, answer=answer))


def _decided_at(about: Circumstances) -> datetime:
    """At the next slot and its slack, or after one more window."""
    schedule = about.job.schedule
    return about.now + about.period if schedule is None else schedule.next_after(about.now) + schedule.slack


def _by_time(standing: Standing, about: Circumstances, *, woke: bool) -> Standing:
    """What time alone brings: an escalation, the end of a quiet time, a reminder."""
    now = about.now
    if not broken(standing) or standing.state == "pending_fixed":
        return standing
    escalation = escalates_at(standing, now, about.hours, about.thresholds, critical=about.job.critical)
    if escalation is not None and now >= escalation:
        return escalate(standing, now, about.escalation)
    if quiet(standing, now):
        return standing
    if woke or standing.held:
        return say_aloud(standing, (standing.held or "reminder") if was_told(standing) else "opened", now)
    reminder = reminds_at(standing, about.hours, about.thresholds)
    return say_aloud(standing, "reminder", now) if reminder is not None and now >= reminder else standing


def _unless_same(old: tuple[Finding, ...], new: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The stored findings where the new ones say the same: an age that moved on is no news, and no write."""
    return old if [_gist(finding) for finding in old] == [_gist(finding) for finding in new] else new


def _gist(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.level, finding.threshold, finding.set_in, finding.evidence, finding.at


def due(standing: Standing, verdict: Verdict, about: Circumstances) -> datetime:
    """The earliest moment at which something could change without anyone telling us."""
    now, answer = about.now, standing.answer
    moments = [verdict.changes_at, standing.snooze_until]
    if standing.muted and answer is not None:
        moments.append(answer.until)
    if standing.state == "pending_fixed":
        moments.append(standing.fixed_until)
    moments.append(opens_for(standing, about.hours_of, now))
    if standing.pending is not None:  # the longer it stands, the less another nudge will help
        moments.append(now + max(NUDGE_AGAIN_AFTER, min((now - standing.pending) / 2, LOOK_AGAIN_MAX)))
    if broken(standing) or verdict.level in {"warn", "alert", "unseen"}:
        moments.append(now + max(LOOK_AGAIN_MIN, min(about.period / 10, LOOK_AGAIN_MAX)))
    if any(item.checks == 1 for item in standing.unseen):  # once may be a hiccup: look again before an hour is lost
        moments.append(now + LOOK_AGAIN_MIN)
    if broken(standing) and standing.state != "pending_fixed":
        moments.append(escalates_at(standing, now, about.hours, about.thresholds, critical=about.job.critical))
        moments.append(None if quiet(standing, now) else reminds_at(standing, about.hours, about.thresholds))
    return min((moment for moment in moments if moment is not None and moment > now), default=now + NOTHING_DUE)
