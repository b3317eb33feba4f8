"""What every adapter of `Standings` does alike: in memory, and on DynamoDB as moto plays it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from mypy_boto3_dynamodb import DynamoDBClient

from bolt_app.adapters.dynamodb_standings import DynamoStandings
from bolt_app.adapters.memory.standings import MemoryStandings
from tests.adapters.conftest import Table
from tests.adapters.strategies import facts
from workflows.backup.evidence import Run
from workflows.backup.job_id import CANARY
from workflows.backup.ports import Standings
from workflows.backup.standing import Answer, Standing, Told
from workflows.kernel.errors import Conflict, Unanswered
from workflows.kernel.ports import AuditEntry, Json

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAM, KIM = "sam.o'neil+db@example.com", "kim@example.com"


@pytest.fixture(params=["memory", "dynamodb"])
def standings(request: pytest.FixtureRequest) -> Standings:
    if request.param == "memory":
        return MemoryStandings()
    client: DynamoDBClient = request.getfixturevalue("dynamodb")
    table: Table = request.getfixturevalue("table")
    return DynamoStandings(client, state=table("state"), audit=table("audit"))


def job(job_id: str = "orders-db", **special: Any) -> Standing:
    return Standing(**{"job_id": job_id, "first_seen": NOON, "since": NOON, **special})


def entry(job_id: str = "orders-db", at: datetime = NOON, **special: Any) -> AuditEntry:
    return AuditEntry(**{"subject": job_id, "at": at, "action": "checked", "by": "checker", **special})


def told(say: int, break_id: str = "b1") -> Told:
    return Told(say=say, break_id=break_id, channel="D1", ts=f"{say}.0", at=NOON)


def kept(standings: Standings, standing: Standing) -> Standing:
    """Saves it, and returns it as it is then stored."""
    standings.save(standing, entry(standing.job_id))
    stored = standings.get(standing.job_id)
    assert stored is not None
    return stored


def test_what_was_never_stored_is_not_there(standings: Standings) -> None:
    assert standings.get("orders-db") is None
    assert standings.get_many(["orders-db"]) == {}
    assert standings.get_many([]) == {}
    assert standings.every() == []
    assert standings.history("orders-db", 5) == []


def test_a_saved_standing_is_read_back_one_revision_later(standings: Standings) -> None:
    standing = job(state="alert", break_id="b1", say=1, due=NOON, pending=NOON, recipients=(SAM,), row={"name": "Orders"})
    assert kept(standings, standing) == replace(standing, rev=1)
    assert standings.get_many(["orders-db", "other"]) == {"orders-db": replace(standing, rev=1)}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(standing=facts(Standing))
def test_any_standing_is_kept_whole_but_for_what_only_dispatch_writes(standings: Standings, standing: Standing) -> None:
    before = standings.get("any")
    standing = replace(standing, job_id="any", rev=before.rev if before else 0)
    assert kept(standings, standing) == replace(standing, rev=standing.rev + 1, told={}, last_dispatched_state="")


def test_of_two_writers_who_read_the_same_revision_exactly_one_wins(standings: Standings) -> None:
    read = kept(standings, job())
    standings.save(replace(read, state="alert"), entry(action="first"))
    with pytest.raises(Conflict):
        standings.save(replace(read, state="all_green"), entry(action="second", at=NOON + timedelta(seconds=1)))
    stored = standings.get("orders-db")
    assert stored is not None
    assert (stored.state, stored.rev) == ("alert", 2)
    assert [one.action for one in standings.history("orders-db", 9)] == ["first", "checked"]


def test_of_two_first_saves_exactly_one_wins(standings: Standings) -> None:
    standings.save(job(state="alert"), entry(action="first"))
    with pytest.raises(Conflict):
        standings.save(job(state="all_green"), entry(action="second", at=NOON + timedelta(seconds=1)))
    assert standings.get("orders-db") == job(state="alert", rev=1)
    assert [one.action for one in standings.history("orders-db", 9)] == ["first"]


def test_a_revision_of_a_job_that_is_not_stored_is_a_conflict(standings: Standings) -> None:
    with pytest.raises(Conflict):
        standings.save(job(rev=3), entry())
    assert standings.get("orders-db") is None
    assert standings.history("orders-db", 9) == []


def test_an_answer_to_a_break_that_is_over_is_a_conflict(standings: Standings) -> None:
    read = kept(standings, job(break_id="b2"))
    with pytest.raises(Conflict):
        standings.save(replace(read, muted=True), entry(), break_id="b1")
    standings.save(replace(read, muted=True), entry(), break_id="b2")
    stored = standings.get("orders-db")
    assert stored is not None
    assert stored.muted


def test_an_answer_to_a_job_that_was_never_stored_is_a_conflict(standings: Standings) -> None:
    with pytest.raises(Conflict):
        standings.save(job(), entry(), break_id="")


def test_an_answer_may_name_the_absence_of_a_break(standings: Standings) -> None:
    read = kept(standings, job())
    standings.save(replace(read, muted=True), entry(), break_id="")
    with pytest.raises(Conflict):
        standings.save(replace(read, rev=2), entry(), break_id="b1")


def test_what_ended_is_removed_and_what_is_left_stays(standings: Standings) -> None:
    answer = Answer(kind="snooze", by="U1", at=NOON, until=NOON + timedelta(days=1), reason="restoring")
    run = Run(id="a@1", source="object", target="s3://b/", outcome="ok", finished=NOON, size=5)
    full = job(
        pending=NOON,
        due=NOON,
        snooze_until=NOON,
        answer=answer,
        runs=(run,),
        recipients=(SAM,),
        cursors={"s3://b/": {"after": "a"}},
    )
    read = kept(standings, full)
    bare = replace(job(first_seen=NOON), rev=read.rev, due=NOON)
    assert kept(standings, bare) == replace(bare, rev=2)


def test_a_save_never_touches_what_dispatch_wrote(standings: Standings) -> None:
    read = kept(standings, job(say=1, recipients=(SAM,), told={KIM: told(9)}, last_dispatched_state="forged"))
    assert read.told == {}
    assert read.last_dispatched_state == ""
    assert standings.tell("orders-db", SAM, told(1), state="alert")
    stored = kept(standings, replace(read, state="alert", told={}, last_dispatched_state=""))
    assert stored.told == {SAM: told(1)}
    assert stored.last_dispatched_state == "alert"


def test_telling_leaves_the_revision_so_that_it_never_disturbs_a_check(standings: Standings) -> None:
    read = kept(standings, job(say=1, recipients=(SAM,)))
    standings.tell("orders-db", SAM, told(1), state="alert")
    assert kept(standings, replace(read, state="alert")).rev == 2


def test_what_was_told_never_goes_back(standings: Standings) -> None:
    kept(standings, job(say=3, recipients=(SAM, KIM)))
    assert standings.tell("orders-db", SAM, told(2), state="warn")
    assert standings.tell("orders-db", SAM, told(3), state="alert")
    assert not standings.tell("orders-db", SAM, replace(told(3), ts="other"), state="late")
    assert not standings.tell("orders-db", SAM, told(1), state="late")
    assert standings.tell("orders-db", KIM, told(1), state="warn")
    stored = standings.get("orders-db")
    assert stored is not None
    assert stored.told == {SAM: told(3), KIM: told(1)}
    assert stored.last_dispatched_state == "warn"


def test_nobody_is_told_about_a_job_that_is_not_stored(standings: Standings) -> None:
    assert not standings.tell("orders-db", SAM, told(1), state="alert")
    assert not standings.settle("orders-db", 0)
    assert standings.get("orders-db") is None


def test_pending_goes_only_when_every_recipient_was_told_the_newest(standings: Standings) -> None:
    kept(standings, job(say=2, pending=NOON, recipients=(SAM, KIM)))
    assert not standings.settle("orders-db", 2)
    standings.tell("orders-db", SAM, told(2), state="alert")
    standings.tell("orders-db", KIM, told(1), state="alert")
    assert not standings.settle("orders-db", 2)
    assert standings.pending() == ["orders-db"]
    standings.tell("orders-db", KIM, told(2), state="alert")
    assert standings.settle("orders-db", 2)
    assert standings.pending() == []
    assert standings.settle("orders-db", 2), "settling what is settled is no trouble"


def test_pending_stays_when_there_is_more_to_say_by_now(standings: Standings) -> None:
    read = kept(standings, job(say=1, pending=NOON, recipients=(SAM,)))
    standings.tell("orders-db", SAM, told(1), state="alert")
    kept(standings, replace(read, say=2))
    assert not standings.settle("orders-db", 1)
    assert not standings.settle("orders-db", 2)
    assert standings.pending() == ["orders-db"]


def test_a_job_without_recipients_has_nobody_left_to_tell(standings: Standings) -> None:
    kept(standings, job(say=1, pending=NOON))
    assert standings.settle("orders-db", 1)
    assert standings.pending() == []


def test_due_are_the_jobs_whose_time_has_come_the_longest_overdue_first(standings: Standings) -> None:
    moments = {"late": -60, "never": None, "now": 0, "soon": 1, "latest": -3600}
    for name, seconds in moments.items():
        kept(standings, job(name, due=None if seconds is None else NOON + timedelta(seconds=seconds)))
    assert standings.due(NOON) == ["latest", "late", "now"]
    assert standings.due(NOON - timedelta(days=1)) == []


def test_due_tells_moments_apart_by_the_microsecond(standings: Standings) -> None:
    kept(standings, job(due=NOON + timedelta(microseconds=1)))
    assert standings.due(NOON) == []
    assert standings.due(NOON + timedelta(microseconds=1)) == ["orders-db"]


def test_pending_are_only_the_jobs_of_which_someone_must_be_told_the_oldest_first(standings: Standings) -> None:
    for name, minutes in {"b": 2, "a": 5, "c": None}.items():
        kept(standings, job(name, due=NOON, pending=None if minutes is None else NOON + timedelta(minutes=minutes)))
    assert standings.pending() == ["b", "a"]


def test_more_than_one_batch_is_read_and_doubles_are_harmless(standings: Standings) -> None:
    names = [f"job-{number:03}" for number in range(203)]
    stored = {name: kept(standings, job(name)) for name in (names[0], names[100], names[202])}
    assert standings.get_many([*names, *names[:3]]) == stored


def test_bookkeeping_may_go_without_an_audit_entry_and_is_a_conflict_all_the_same(standings: Standings) -> None:
    read = kept(standings, job())
    standings.save(replace(read, due=NOON), None)
    with pytest.raises(Conflict):
        standings.save(replace(read, due=None), None)
    assert standings.due(NOON) == ["orders-db"]
    assert len(standings.history("orders-db", 9)) == 1


def test_every_is_every_job_and_not_the_reserved_item(standings: Standings, caplog: pytest.LogCaptureFixture) -> None:
    standings.change_fleet(lambda _: {"fast_at": "2026-03-01T12:00:00Z"})
    for name in ("b", "a"):
        kept(standings, job(name, due=NOON))
    assert standings.every() == [job("a", rev=1, due=NOON), job("b", rev=1, due=NOON)]
    assert standings.due(NOON) == ["a", "b"]
    assert caplog.text == "", "the reserved item is no job, not a broken one"


def test_every_leaves_out_the_canary_which_is_looked_at_and_told_all_the_same(standings: Standings) -> None:
    kept(standings, job(CANARY, due=NOON, pending=NOON))
    assert standings.every() == []
    assert (standings.due(NOON), standings.pending()) == ([CANARY], [CANARY])


def test_the_fleet_item_is_empty_at_first_and_then_what_was_last_saved(standings: Standings) -> None:
    assert standings.fleet() == {}
    standings.change_fleet(lambda _: {"fast_at": "2026-03-01T12:00:00Z", "notices": [{"about": "list", "rows": [3]}]})
    standings.change_fleet(lambda _: {"slow_at": None})
    assert standings.fleet() == {"slow_at": None}


def test_what_somebody_writes_while_the_fleet_is_changed_is_not_lost(standings: Standings) -> None:
    seen: list[Json] = []

    def change(fleet: Json) -> Json:
        seen.append(dict(fleet))
        if len(seen) < 3:
            standings.change_fleet(lambda stored: stored | {"gaps": [*stored.get("gaps", []), len(seen)]})
        return fleet | {"fast_at": "now"}

    standings.change_fleet(change)

    assert seen == [{}, {"gaps": [1]}, {"gaps": [1, 2]}]
    assert standings.fleet() == {"gaps": [1, 2], "fast_at": "now"}


def test_changing_the_fleet_is_given_up_while_others_keep_writing_it(standings: Standings) -> None:
    rounds = count()

    def change(fleet: Json) -> Json:
        standings.change_fleet(lambda stored: stored | {"other": next(rounds)})
        return fleet | {"mine": 1}

    with pytest.raises(Conflict):
        standings.change_fleet(change)
    assert "mine" not in standings.fleet()


def test_a_change_that_fails_writes_nothing_and_one_that_changes_nothing_neither(standings: Standings) -> None:
    def fail(_: Json) -> Json:
        raise Unanswered("timeout")

    standings.change_fleet(lambda _: {"kept": 1})
    with pytest.raises(Unanswered):
        standings.change_fleet(fail)
    standings.change_fleet(lambda fleet: fleet)
    assert standings.fleet() == {"kept": 1}


def test_history_is_the_newest_first_even_within_one_moment(standings: Standings) -> None:
    read = job()
    for number in range(12):
        standings.save(read, entry(at=NOON, action=f"step {number}"))
        read = replace(read, rev=read.rev + 1)
    standings.save(job("other"), entry("other"))
    assert [one.action for one in standings.history("orders-db", 3)] == ["step 11", "step 10", "step 9"]
    assert len(standings.history("orders-db", 100)) == 12


def test_an_audit_entry_is_kept_whole(standings: Standings) -> None:
    whole = entry(by="U1", before={"muted": False}, after={"muted": True, "until": None}, why="moving house", at=NOON)
    standings.save(job(), whole)
    assert standings.history("orders-db", 1) == [whole]


@pytest.mark.parametrize(
    "read", [lambda s: s.get("orders-db"), lambda s: s.get_many(["orders-db"])["orders-db"], lambda s: s.every()[0]]
)
def test_nobody_changes_what_is_kept_by_changing_what_they_saved_or_read(
    standings: Standings, read: Callable[[Standings], Standing]
) -> None:
    standing = job(row={"name": "Orders"}, cursors={"s3://b/": {"after": ["a"]}})
    standings.save(standing, entry())
    for shared in (standing, read(standings)):
        shared.row["name"] = "changed"
        shared.cursors["s3://b/"]["after"].append("changed")
        shared.told[SAM] = told(1)
    assert standings.get("orders-db") == job(rev=1, row={"name": "Orders"}, cursors={"s3://b/": {"after": ["a"]}})


def test_what_is_deferred_is_no_longer_pending_and_due_when_it_may_be_said(standings: Standings) -> None:
    standings.save(job(say=3, pending=NOON, due=NOON + timedelta(hours=9)), None)

    assert not standings.defer("orders-db", 2, until=NOON + timedelta(hours=5))
    assert standings.pending() == ["orders-db"]
    assert standings.defer("orders-db", 3, until=NOON + timedelta(hours=5))
    assert standings.pending() == []
    assert standings.due(NOON + timedelta(hours=5)) == ["orders-db"]
    assert standings.defer("orders-db", 3, until=NOON + timedelta(hours=7))
    assert standings.due(NOON + timedelta(hours=5)) == ["orders-db"]  # what is due sooner stays so
    assert not standings.defer("unknown", 3, until=NOON)


def test_what_never_arrived_is_taken_back_and_must_be_told_now(standings: Standings) -> None:
    read = kept(standings, job(say=2, recipients=(SAM, KIM)))
    mailed = replace(told(2), channel="email:sam@example.com", ts="ses-1")
    standings.tell("orders-db", SAM, mailed, state="alert")
    standings.tell("orders-db", KIM, told(2), state="alert")

    def take_back(**changes: str) -> bool:
        fact = {"channel": mailed.channel, "break_id": mailed.break_id} | changes
        return standings.take_back("orders-db", SAM, **fact, at=NOON)

    assert not take_back(channel="D1")
    assert not take_back(break_id="another")
    assert standings.pending() == []
    assert take_back()
    stored = standings.get("orders-db")
    assert stored is not None
    assert (stored.told, stored.pending, stored.rev) == ({KIM: told(2)}, NOON, read.rev + 1)
    assert standings.pending() == ["orders-db"]
    assert not take_back()
    assert standings.tell("orders-db", SAM, told(2), state="alert")


def test_a_look_that_began_before_does_not_undo_what_was_taken_back(standings: Standings) -> None:
    kept(standings, job(say=2, recipients=(SAM,)))
    standings.tell("orders-db", SAM, told(2), state="alert")
    looked_at = standings.get("orders-db")
    assert looked_at is not None
    assert standings.take_back("orders-db", SAM, channel=told(2).channel, break_id=told(2).break_id, at=NOON)

    with pytest.raises(Conflict):
        standings.save(looked_at, None)
    assert standings.pending() == ["orders-db"]


def test_what_is_pending_already_has_been_so_since_then(standings: Standings) -> None:
    kept(standings, job(say=2, recipients=(SAM,), pending=NOON))
    standings.tell("orders-db", SAM, told(1), state="alert")
    standings.take_back("orders-db", SAM, channel=told(1).channel, break_id=told(1).break_id, at=NOON + timedelta(hours=1))
    stored = standings.get("orders-db")
    assert stored is not None
    assert stored.pending == NOON
    assert not standings.take_back("unknown", SAM, channel="D1", break_id="b1", at=NOON)
