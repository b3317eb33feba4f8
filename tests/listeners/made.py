"""Standings made for the tests of what people see: one broken database, and whatever a hostile sheet could hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from workflows.backup.board import Board, JobView
from workflows.backup.evidence import Run, Unseen
from workflows.backup.explain import explain
from workflows.backup.explanation import Explanation
from workflows.backup.findings import Finding
from workflows.backup.rules import Rules
from workflows.backup.standing import Answer, AnswerKind, SayKind, Standing, State, Told
from workflows.kernel.ports import Member
from workflows.kernel.rights import Viewer

NOW = datetime(2026, 11, 21, 6, 11, tzinfo=UTC)
ZONE = "Asia/Singapore"
TARGET = "s3://acme-backups/orders/"


SAM = Viewer(member=Member(user_id="U1", email="sam@example.com", name="Sam"), above=False)
ANA = Viewer(member=Member(user_id="U9", email="ana@example.com", name="Ana"), above=True)


def board(*standings: Standing, viewer: Viewer = SAM, **other: Any) -> Board:
    return Board(jobs=standings, viewer=viewer, **other)


def job_view(standing: Standing | None = None, *, may: bool = True) -> JobView:
    return JobView(standing=standing or orders(), may=may)


def run(days_ago: float, size: int | None = 400_000_000, **other: Any) -> Run:
    ended = NOW - timedelta(days=days_ago)
    key = f"orders/{ended:%Y-%m-%d}.dump"
    plain: dict[str, Any] = {"id": key, "source": "object", "target": TARGET, "outcome": "ok", "ref": key}
    return Run(**(plain | {"finished": ended, "size": size} | other))


def too_old(newest: Run) -> Finding:
    return Finding(test="recent", level="alert", rule="too_old", says="It is too old.", threshold="26 h", at=newest.at)


def orders(**changes: Any) -> Standing:
    runs = tuple(run(14.25 - day, 300_000_000 + day * 10_000_000) for day in range(12))
    standing = Standing(
        job_id="orders-db",
        first_seen=NOW - timedelta(days=30),
        since=NOW,
        state="alert",
        level="alert",
        break_id="20261120T0800-1",
        broke_at=NOW - timedelta(hours=22),
        missed=2,
        findings=(too_old(runs[-1]),),
        runs=runs,
        row={"name": "Orders database", "schedule": "daily 02:00", "target": TARGET, "timezone": ZONE},
        recipients=("sam@example.com",),
        owner_user="U123",
        due=NOW + timedelta(hours=1),
    )
    return replace(standing, **changes)


def explained(standing: Standing) -> Explanation:
    """By the rules that are built in."""
    return explain(standing, rules=Rules(), timezone=ZONE, now=NOW)


def answered(kind: AnswerKind, **other: Any) -> Answer:
    return Answer(**({"kind": kind, "by": "U123", "at": NOW - timedelta(hours=1)} | other))


NASTY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "<!channel>",
            "<@U999>",
            "&&&&",
            "*bold*",
            "`",
            "~~",
            "\u202eevil",
            "שלום",
            "👩‍👩‍👧",
            "\x00\n\t",
            "<https://x|y>",
            "|",
            "",
        ]
    ),
    st.sampled_from("<&>*x\u200b").flatmap(lambda character: st.integers(1, 4000).map(lambda count: character * count)),
)
MOMENTS = st.integers(-40 * 86400, 40 * 86400).map(lambda seconds: NOW + timedelta(seconds=seconds))
FINDINGS = st.builds(
    Finding,
    test=st.sampled_from(["finished", "recent", "right_size", "look"]),
    level=st.sampled_from(["warn", "alert"]),
    rule=st.sampled_from(["too_old", "slot_missed", "never_ran", "not_ended", "runs_long", "shrank", "cannot_see", "other"]),
    says=NASTY,
    threshold=NASTY,
    at=st.none() | MOMENTS,
)
RUNS = st.builds(
    Run,
    id=st.uuids().map(str),
    source=st.sampled_from(["object", "heartbeat"]),
    target=st.sampled_from([TARGET, "heartbeat"]),
    outcome=st.sampled_from(["ok", "warning", "failed", "running", "unsure"]),
    finished=MOMENTS,
    size=st.none() | st.integers(0, 10**15),
    ref=NASTY,
    gone=st.booleans(),
)
ANSWERS = st.builds(
    Answer,
    kind=st.sampled_from(get_args(AnswerKind)),
    by=st.just("U123") | NASTY,
    at=MOMENTS,
    until=st.none() | MOMENTS,
    reason=NASTY,
)
TOLD = st.builds(
    Told, say=st.just(1), break_id=st.just("b"), channel=st.just("D1"), ts=st.just("1.1"), at=MOMENTS, user_id=st.just("U7")
)
STANDINGS = st.builds(
    Standing,
    job_id=st.just("orders-db"),
    first_seen=MOMENTS,
    since=MOMENTS,
    state=st.sampled_from(get_args(State)),
    break_id=st.sampled_from(["", "b1"]),
    broke_at=st.none() | MOMENTS,
    ended_at=st.none() | MOMENTS,
    missed=st.integers(0, 200),
    findings=st.lists(FINDINGS, max_size=8).map(tuple),
    runs=st.lists(RUNS, max_size=20).map(tuple),
    unseen=st.lists(st.builds(Unseen, target=NASTY, error=NASTY, since=MOMENTS), max_size=3).map(tuple),
    answer=st.none() | ANSWERS,
    snooze_until=st.none() | MOMENTS,
    muted=st.booleans(),
    row=st.fixed_dictionaries(
        {},
        optional={
            "name": NASTY,
            "target": NASTY,
            "schedule": NASTY | st.just("daily 02:00"),
            "window": NASTY,
            "owner_email": NASTY,
        },
    ),
    owner_user=st.just("") | st.just("U123"),
    recipients=st.lists(NASTY, max_size=8).map(tuple),
    loud_kind=st.sampled_from(get_args(SayKind)),
    told=st.dictionaries(NASTY, TOLD, max_size=2),
    due=st.none() | MOMENTS,
)
