"""From verdicts to standings: whatever happens in whatever order, these things hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.backup.answers import fixed, muted, snoozed, unmuted
from workflows.backup.conclude import conclude
from workflows.backup.evidence import Unseen
from workflows.backup.findings import Finding, Level, Verdict
from workflows.backup.job import Job, Target
from workflows.backup.saying import BROKEN, Circumstances, opens_for, quiet, untold
from workflows.backup.standing import Standing, Told
from workflows.backup.thresholds import Thresholds
from workflows.kernel.calendar import BusinessHours
from workflows.kernel.quiet import QuietHours

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
OFFICE = QuietHours()
HOURS = BusinessHours(
    opens=OFFICE.quiet_to, closes=OFFICE.quiet_from, days=OFFICE.working_days, holidays=frozenset(), zone="Europe/Berlin"
)
RULES = ("too_old", "empty", "shrank")


def verdict(level: str, rules: frozenset[str] = frozenset(), changes_at: datetime | None = None) -> Verdict:
    worst: Level = "alert" if level == "alert" else "warn"
    named = sorted(rules) or ["too_old"]
    findings = tuple(
        Finding(test="recent" if rule == "too_old" else "right_size", level=worst, rule=rule, says=rule) for rule in named
    )
    return Verdict(level=level, findings=findings if level in {"warn", "alert"} else (), changes_at=changes_at)  # type: ignore[arg-type]


def about(now: datetime, *, critical: bool = False, new_bad_run: bool = False) -> Circumstances:
    job = Job(job_id="job", name="Job", targets=(Target("heartbeat"),), timezone="UTC", critical=critical)
    return Circumstances(
        now=now,
        job=job,
        thresholds=Thresholds(window=timedelta(hours=26)),
        hours=HOURS,
        hours_of=lambda _: HOURS,
        recipients=("sam@example.com",),
        escalation=("ana@example.com",),
        period=timedelta(hours=26),
        new_bad_run=new_bad_run,
    )


def stored(standing: Standing) -> Standing:
    return replace(standing, rev=standing.rev + 1)


def tell(standing: Standing, now: datetime) -> Standing:
    """What dispatch does: everyone who is behind is told, and nobody is pending."""
    told = {
        who: Told(say=standing.say, break_id=standing.break_id, channel="D1", ts="1.1", at=now, user_id="U1")
        for who in standing.recipients
    }
    return replace(standing, told={**standing.told, **told}, pending=None)


FIRST = Standing(job_id="job", first_seen=START, since=START, escalation=("ana@example.com",))
LEVELS = st.sampled_from(["green", "warn", "alert", "waiting", "unseen"])
ACTS = st.one_of(
    st.tuples(st.just("judge"), LEVELS, st.frozensets(st.sampled_from(RULES), min_size=1), st.booleans()),
    st.tuples(st.just("press"), st.sampled_from(["fixed", "snooze", "mute", "unmute"])),
    st.just(("tell",)),
)
STEPS = st.lists(st.tuples(st.floats(min_value=1, max_value=3000), ACTS), min_size=1, max_size=25)


def after(standing: Standing, now: datetime, act: tuple[object, ...], *, critical: bool) -> Standing:  # noqa: PLR0911 - a table of acts
    match act:
        case ("judge", level, rules, new_bad):
            found = verdict(str(level), rules)  # type: ignore[arg-type]
            unseen = (Unseen(target="x", error="e", since=now, checks=2),) if level == "unseen" else ()
            return conclude(replace(standing, unseen=unseen), found, about(now, critical=critical, new_bad_run=bool(new_bad)))
        case ("press", "fixed") if standing.state in BROKEN:
            return fixed(standing, "U1", now)
        case ("press", "snooze") if standing.state in BROKEN:
            return snoozed(standing, "U1", now + timedelta(days=1), "", now)
        case ("press", "mute") if not standing.muted:
            return muted(standing, "U1", now)
        case ("press", "unmute") if standing.muted:
            return unmuted(standing, "U1", now)
        case ("tell",):
            return tell(standing, now)
        case _:
            return standing


@settings(max_examples=120, deadline=None)
@given(STEPS, st.booleans())
def test_whatever_happens_a_standing_stays_sound(steps: list[tuple[float, tuple[object, ...]]], critical: bool) -> None:
    standing, now = FIRST, START
    for minutes, act in steps:
        now += timedelta(minutes=minutes)
        before = standing
        standing = after(before, now, act, critical=critical)

        assert before.say <= standing.say
        assert standing.loud <= standing.say
        assert (standing.state not in BROKEN) or standing.break_id
        assert not standing.escalated or standing.state in {"escalate", "pending_fixed"} or standing.state not in BROKEN
        can_be_told = bool(untold(standing)) and opens_for(standing, lambda _: HOURS, now) is None
        assert standing.pending is not None or not can_be_told or act == ("tell",)
        assert standing.pending is None or untold(standing) or act == ("tell",)
        if act[0] == "judge":
            assert standing.due is not None
            assert now < standing.due <= now + timedelta(days=1)
        if quiet(before, now) and quiet(standing, now) and standing.loud > before.loud:
            assert standing.state == "escalate"  # a fourth snooze asked for, or a critical job
        standing = stored(standing)


@settings(max_examples=80, deadline=None)
@given(STEPS, st.booleans())
def test_looking_twice_at_the_same_moment_says_nothing_new(steps: list[tuple[float, tuple[object, ...]]], critical: bool) -> None:
    standing, now = FIRST, START
    for minutes, act in steps:
        now += timedelta(minutes=minutes)
        standing = stored(after(standing, now, act, critical=critical))
        if act[0] == "judge":
            again = after(standing, now, (*act[:3], False), critical=critical)
            assert (again.state, again.say, again.break_id, again.findings) == (
                standing.state,
                standing.say,
                standing.break_id,
                standing.findings,
            )


def conclude_at(standing: Standing, hours: float, level: str, *, critical: bool = False) -> Standing:
    now = START + timedelta(hours=hours)
    return stored(conclude(standing, verdict(level), about(now, critical=critical)))


def alerted() -> Standing:
    """An alert since Monday 09:00 UTC (10:00 in Berlin), told at once."""
    return stored(tell(conclude_at(FIRST, 0, "alert"), START))


def test_the_clock_of_escalation_runs_in_business_time_from_the_first_delivery() -> None:
    standing = alerted()
    for hour in range(1, 49):
        standing = conclude_at(standing, hour, "alert")
    assert standing.state == "alert"  # Mon 8 h, Tue 10 h, Wed 2 h: 20 h
    for hour in range(49, 54):
        standing = conclude_at(standing, hour, "alert")
    assert standing.state == "escalate"


def test_a_snooze_pauses_the_clock() -> None:
    standing = alerted()
    for hour in range(1, 5):
        standing = conclude_at(standing, hour, "alert")
    standing = stored(snoozed(standing, "U1", START + timedelta(hours=72), "", START + timedelta(hours=4)))
    for hour in range(5, 72):
        standing = conclude_at(standing, hour, "alert")
    assert standing.clock_left_seconds == 20 * 3600
    for hour in range(72, 24 * 4 + 9):
        standing = conclude_at(standing, hour, "alert")
    assert standing.state == "alert"


def test_a_mute_stops_it_but_not_for_a_critical_job() -> None:
    for critical, expected in ((False, "alert"), (True, "escalate")):
        standing = stored(tell(conclude_at(FIRST, 0, "alert", critical=critical), START))
        standing = stored(muted(standing, "U1", START))
        for hour in range(1, 200):
            standing = conclude_at(standing, hour, "alert", critical=critical)
        assert standing.state == expected


def test_seeing_nothing_neither_mends_a_break_nor_makes_it_worse() -> None:
    standing = alerted()
    blind = replace(standing, unseen=(Unseen(target="x", error="AccessDenied", since=START, checks=2),))
    seen = conclude_at(blind, 1, "unseen")
    assert (seen.state, seen.level, seen.say) == ("alert", "alert", standing.say)
    assert conclude_at(seen, 2, "alert").say == standing.say


def test_seeing_nothing_once_is_a_hiccup_and_twice_is_not_observed() -> None:
    green = conclude_at(FIRST, 0, "green")
    once = replace(green, unseen=(Unseen(target="x", error="e", since=START),))
    assert conclude_at(once, 1, "unseen").state == "all_green"
    assert conclude_at(once, 1, "unseen").due == START + timedelta(hours=1, minutes=1)
    twice = replace(green, unseen=(Unseen(target="x", error="e", since=START, checks=2),))
    assert conclude_at(twice, 1, "unseen").state == "not_observed"


def test_a_new_finding_at_the_same_level_is_said_and_one_that_went_is_only_shown() -> None:
    standing = alerted()
    two = stored(conclude(standing, verdict("alert", frozenset({"too_old", "empty"})), about(START + timedelta(hours=1))))
    assert two.loud == standing.loud + 1
    one = conclude(two, verdict("alert"), about(START + timedelta(hours=2)))
    assert (one.say, one.loud) == (two.say + 1, two.loud)
