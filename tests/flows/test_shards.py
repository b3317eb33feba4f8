"""A list too long for one check, looked at in shards: all comes out as if one check had looked at it, whoever dies meanwhile."""

import copy
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest

from bolt_app.adapters.memory.documents import MemoryDocuments
from bolt_app.adapters.memory.shards import MemoryRuns, MemoryShards
from bolt_app.lambdas.checker import look_at_each
from tests.flows.company import ANA, SAM, SOURCES, Company
from workflows.backup.check import ENOUGH_TIME, Mode, Order, Report, check
from workflows.backup.full_run import complete_run
from workflows.backup.shard import look_at_shard
from workflows.backup.sharing import DUE_AGAIN, RUNS_KEPT, Shard, Sharing, message_of, read_shard
from workflows.kernel.errors import CannotLook, Unanswered
from workflows.kernel.ports import Document, Json

WATCHED = tuple(f"/workflows/backup/{name}.py" for name in ("shard", "sharing", "check", "full_run"))
JOBS = 11
AMPLE = timedelta(minutes=2)


def row(number: int, *, job_id: str = "", schedule: str = "", window: str = "26h") -> str:
    name = job_id or f"job-{number:03}"
    return f"{name},Job {number},{SAM.email},s3://acme/j{number:03}/,{schedule},{window},,no"


class OutOfReach(MemoryDocuments):
    def read(self, key: str) -> Document | None:
        raise CannotLook("SlowDown", key)


@dataclass(slots=True)
class Sharers(Company):
    """A company whose checker shares out what is more than `above` jobs; by default it never does."""

    above: int = 1000
    runs: MemoryRuns = field(default_factory=MemoryRuns)
    queue: MemoryShards = field(default_factory=MemoryShards)
    counted: list[Mode] = field(default_factory=list)

    def begin(self, mode: Mode = "fast", time_left: timedelta = AMPLE) -> Report:
        report = check(
            Order(mode=mode),
            documents=self.documents,
            standings=self.standings,
            check_ins=self.check_ins,
            objects=self.objects,
            bus=self.bus,
            concurrently=lambda work, items: [work(item) for item in items],
            sources=SOURCES,
            memory=self.memory,
            time_left=lambda: time_left,
            now=self.now,
            sharing=Sharing(runs=self.runs, queue=self.queue, above=self.above),
        )
        complete_run(mode, report, standings=self.standings, bus=self.bus, completed=self.counted.append, now=self.now)
        return report

    def look_at(self, shard: Shard, time_left: timedelta = AMPLE) -> Report:
        return look_at_shard(
            shard,
            runs=self.runs,
            documents=self.documents,
            standings=self.standings,
            check_ins=self.check_ins,
            objects=self.objects,
            bus=self.bus,
            concurrently=lambda work, items: [work(item) for item in items],
            sources=SOURCES,
            memory=self.memory,
            time_left=lambda: time_left,
            completed=self.counted.append,
            now=self.now,
        )

    def finish(self) -> None:
        for shard in self.queue.take():
            self.look_at(shard)

    def run(self, mode: Mode = "fast") -> None:
        self.begin(mode)
        self.finish()

    @property
    def outcome(self) -> tuple[Any, ...]:
        """All that a check leaves behind. What is told twice is one notice, and one nudge: that is for the ledger to know."""
        stored = self.standings.every()
        told = {json.dumps([event.kind, event.detail], sort_keys=True) for event in self.bus.published}
        return stored, [self.standings.history(one.job_id, 50) for one in stored], self.standings.fleet(), told, set(self.counted)


def sharers(above: int = 1000) -> Sharers:
    """Jobs of all kinds, some hours after they were first looked at: some break, some land, rows go, and one row is broken."""
    company = Sharers(above=above)
    rows = [row(number) for number in range(JOBS)]
    weekly = row(50, schedule="weekly sun 03:00", window="8d")
    company.list_jobs(*rows, weekly)
    for number in [*range(JOBS), 50]:
        company.objects.put("acme", f"j{number:03}/a.dump", 1000, company.now - timedelta(hours=number * 2.5))
    company.run()
    company.run("slow")
    company.bus.take()
    company.sleep(hours=7)
    company.land("j010/b.dump")
    company.objects.put("acme", "j002/odd.txt", 5, company.now)
    company.list_jobs(*rows[2:], weekly, row(77), "job-005,Job 5,sam@example.com,nowhere,,26h,,no", "x,,,,,,,,")
    company.counted.clear()
    return company


def at_once(mode: Mode = "fast") -> Sharers:
    company = sharers()
    company.run(mode)
    return company


@pytest.mark.parametrize("above", [1, 4])
def test_a_list_in_shards_comes_out_as_in_one_check(above: int) -> None:
    company, expected = sharers(above), at_once()
    company.run()

    assert expected.counted == company.counted == ["fast"]
    assert len(expected.bus.published) > 4
    assert sorted(map(repr, company.bus.published)) == sorted(map(repr, expected.bus.published))
    assert company.outcome == expected.outcome
    assert company.runs.unfinished("fast") == []


@pytest.mark.thorough
def test_the_slow_run_is_shared_out_alike_and_counted_as_slow() -> None:
    company, expected = sharers(2), at_once("slow")
    company.run("slow")

    assert company.outcome == expected.outcome
    assert company.counted == ["slow"]


@pytest.mark.thorough
def test_what_one_check_can_do_it_does_itself() -> None:
    company = sharers(above=12)
    company.begin()

    assert company.queue.take() == []
    assert company.runs.unfinished("fast") == []
    assert company.outcome == at_once().outcome


@pytest.mark.thorough
def test_no_shard_holds_more_jobs_than_one_check_may_and_together_they_hold_each_once() -> None:
    company = sharers(3)
    report = company.begin()
    shards = company.queue.take()

    assert (report.shared, report.complete) == (True, False)
    assert [len(shard.job_ids) for shard in shards] == [3, 3, 3, 3]
    assert sorted(job_id for shard in shards for job_id in shard.job_ids) == sorted(
        [*(f"job-{number:03}" for number in range(2, JOBS)), "job-050", "job-077", "x"]
    )


def test_a_run_is_not_counted_before_its_last_shard_whatever_their_order() -> None:
    company = sharers(3)
    company.begin()
    *others, last = reversed(company.queue.take())
    for shard in others:
        company.look_at(shard)
        company.look_at(shard)
    assert company.counted == []
    before = company.standings.fleet()["fast_at"]

    company.look_at(last)

    assert company.counted == ["fast"]
    assert company.standings.fleet()["fast_at"] == company.now.isoformat() > before


def test_a_shard_that_comes_again_after_its_run_was_closed_looks_at_nothing() -> None:
    company = sharers(3)
    company.begin()
    shards = company.queue.take()
    for shard in shards:
        company.look_at(shard)
    company.bus.take()

    assert [company.look_at(shard).looked for shard in shards] == [0, 0, 0, 0]
    assert company.counted == ["fast"]
    assert company.bus.published == []


@pytest.mark.thorough
def test_a_run_with_a_job_that_could_not_be_saved_is_closed_and_not_counted() -> None:
    company = sharers(3)
    company.begin()
    first, *others = company.queue.take()
    save = company.standings.save

    def refuse(*_: Any, **__: Any) -> None:
        raise Unanswered("InternalFailure", "try later")

    company.standings.save = refuse  # type: ignore[method-assign]
    assert company.look_at(first).failed
    company.standings.save = save  # type: ignore[method-assign]
    for shard in others:
        company.look_at(shard)

    assert company.counted == []
    assert company.standings.fleet()["fast_closed"] == company.now.isoformat()
    assert company.standings.fleet()["fast_at"] < company.now.isoformat()
    assert company.runs.unfinished("fast") == []


@pytest.mark.thorough
def test_a_list_that_cannot_be_read_is_shared_out_by_what_is_watched_and_not_counted() -> None:
    company = sharers(3)
    company.documents.put("jobs.csv", "no list at all")
    company.run()

    assert company.counted == []
    assert company.standings.fleet()["troubles"][0]["about"] == "list_errors"
    expected = sharers()
    expected.documents.put("jobs.csv", "no list at all")
    expected.run()
    assert company.outcome == expected.outcome


@pytest.mark.thorough
def test_a_shard_whose_time_does_not_suffice_comes_again_whole() -> None:
    company = sharers(3)
    company.begin()
    first, *others = company.queue.take()
    with pytest.raises(Unanswered, match="OutOfTime"):
        company.look_at(first, ENOUGH_TIME - timedelta(seconds=1))
    for shard in others:
        company.look_at(shard)
    assert company.counted == []

    company.look_at(first)

    assert company.outcome == at_once().outcome


@pytest.mark.parametrize("which", ["first", "last"])
def test_a_shard_that_cannot_read_the_list_again_comes_again_whole(which: str) -> None:
    company = sharers(3)
    company.begin()
    hindered, *others = company.queue.take()
    for shard in others if which == "last" else []:
        company.look_at(shard)
    readable, company.documents = company.documents, OutOfReach()
    with pytest.raises(CannotLook, match="out_of_reach"):
        company.look_at(hindered)
    company.documents = readable
    for shard in others if which == "first" else []:
        company.look_at(shard)
    assert company.counted == []

    company.look_at(hindered)

    assert company.counted == ["fast"]
    assert company.outcome == at_once().outcome


def test_each_run_is_completed_by_its_own_shards_and_the_one_that_was_overtaken_changes_no_notice() -> None:
    company = sharers(3)
    company.begin()
    first = company.queue.take()
    company.sleep(hours=1)
    company.list_jobs(*(row(number) for number in range(JOBS)))  # all is well again
    company.begin()
    second = company.queue.take()
    for shard in second[:-1]:
        company.look_at(shard)
    company.look_at(first[0])
    assert company.counted == []
    company.look_at(second[-1])
    assert company.counted == ["fast"]
    newer = company.standings.fleet()

    for shard in first:
        company.look_at(shard)

    assert company.counted == ["fast", "fast"]
    assert company.standings.fleet() == newer
    assert newer["fast_at"] == company.now.isoformat()


@pytest.mark.thorough
def test_runs_that_are_begun_faster_than_they_are_done_push_out_the_oldest() -> None:
    company = sharers(3)
    company.begin()
    first = company.queue.take()
    for _ in range(RUNS_KEPT):
        company.sleep(minutes=1)
        company.begin()
    newest = company.queue.take()[-4:]

    assert [company.look_at(shard).looked for shard in first] == [0, 0, 0, 0]
    assert company.counted == []
    assert sum(company.look_at(shard).looked for shard in newest) >= JOBS - 1
    assert company.counted == ["fast"]


@pytest.mark.thorough
def test_rows_that_are_held_are_held_once_for_all_shards_and_can_be_let_go() -> None:
    company, expected = sharers(2), sharers()
    for one in (company, expected):
        one.list_jobs(*(row(number) for number in range(4)))
    assert company.begin().looked == 0  # of what vanished there is a notice, and no look
    company.finish()
    expected.run()

    assert company.outcome == expected.outcome
    assert len(company.standings.fleet()["held"]["job_ids"]) > 3
    assert [event.detail["about"] for event in company.bus.published if event.kind == "bk.notice"].count("vanished_rows") == 1


@pytest.mark.thorough
def test_of_many_odd_prefixes_the_notice_counts_all_and_names_some() -> None:
    def odd(count: int) -> Json:
        company = sharers(3)
        company.begin()
        [run] = company.runs.unfinished("fast")
        said = {"looked": 3, "changed": 0, "complete": True, "warnings": [["a", "odd"]], "more_warnings": count}
        for number in run.shards:
            company.runs.done("fast", run.id, number, said)
        company.finish()
        [notice] = [event.detail for event in company.bus.published if event.detail.get("about") == "list_errors"]
        return notice

    assert odd(10)["count"] - odd(0)["count"] == 40


# --- ticks ---------------------------------------------------------------------------------------------------


def test_a_tick_that_finds_too_many_due_shares_them_out_once_until_they_are_done() -> None:
    company = sharers(3)
    company.sleep(days=2)
    expected = copy.deepcopy(company)
    expected.above = 1000
    expected.run("due")

    assert company.begin("due").shared
    shards = company.queue.take()
    assert len(shards) > 2
    company.begin("due")
    assert company.queue.take() == []
    for shard in shards:
        company.look_at(shard)

    assert company.outcome == expected.outcome
    assert company.counted == []
    assert company.runs.unfinished("due") == []


@pytest.mark.thorough
def test_a_tick_whose_shards_were_lost_is_made_good_by_a_later_one() -> None:
    company = sharers(3)
    company.sleep(days=2)
    company.begin("due")
    company.queue.take()
    company.sleep(seconds=DUE_AGAIN.total_seconds())
    company.run("due")

    assert company.standings.due(company.now) == []


# --- dying ---------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone."""


@contextmanager
def killed_at(line: int) -> Iterator[Callable[[], int]]:
    """Kills at the line of ours that is executed as this one; gives how many were. Line 0 kills nothing."""
    count = 0

    def step(_: FrameType, what: str, __: Any) -> Any:
        nonlocal count
        if what == "line":
            count += 1
            if count == line:
                sys.settrace(None)
                raise Killed
        return step

    before = sys.gettrace()
    sys.settrace(lambda frame, *_: step if frame.f_code.co_filename.endswith(WATCHED) else None)
    try:
        yield lambda: count
    except Killed:
        pass
    finally:
        sys.settrace(before)


def begun() -> tuple[Sharers, list[Shard]]:
    company = sharers(4)
    company.begin()
    return company, company.queue.take()


@pytest.mark.thorough
@pytest.mark.parametrize("which", [0, -1], ids=["the first shard", "the last shard"])
def test_a_shard_killed_at_any_line_and_brought_again_neither_closes_its_run_early_nor_loses_it(which: int) -> None:
    before, shards = begun()
    if which == -1:
        for shard in shards[:-1]:
            before.look_at(shard)
    expected = at_once().outcome
    whole = copy.deepcopy(before)
    with killed_at(0) as executed:
        whole.look_at(shards[which])
    assert executed() > 100

    for line in range(1, executed() + 1):
        company = copy.deepcopy(before)
        with killed_at(line):
            company.look_at(shards[which])
        if which == 0:
            assert company.counted == [], line
        company.look_at(shards[which])
        company.look_at(shards[which])
        for shard in shards:
            company.look_at(shard)
        assert company.outcome == expected, line
        assert company.runs.unfinished("fast") == [], line


@pytest.mark.thorough
def test_a_check_killed_at_any_line_while_it_shares_out_is_made_good_by_the_next() -> None:
    before = sharers(4)
    expected = at_once().outcome
    whole = copy.deepcopy(before)
    with killed_at(0) as executed:
        whole.begin()

    for line in range(1, executed() + 1):
        company = copy.deepcopy(before)
        with killed_at(line):
            company.begin()
        half = company.queue.take()
        for shard in half[:2]:
            company.look_at(shard)
        assert company.counted == [], line
        company.now += timedelta(microseconds=1)  # Lambda tries it again: a run of its own
        company.run()
        for shard in half[:2]:
            company.look_at(shard)
        assert company.counted == ["fast"], line
        assert _ended(company) == _ended_of(expected), line


def _ended(company: Sharers) -> dict[str, tuple[str, str]]:
    return _ended_of(company.outcome)


def _ended_of(outcome: tuple[Any, ...]) -> dict[str, tuple[str, str]]:
    return {one.job_id: (one.state, one.level) for one in outcome[0]}


@pytest.mark.thorough
def test_a_run_that_forgets_before_it_tells_would_be_found_out() -> None:
    """A planted mistake: where the run is forgotten first, some line loses it."""
    before, shards = begun()
    for shard in shards[:-1]:
        before.look_at(shard)
    lost = 0
    for line in range(1, 400, 3):
        company = copy.deepcopy(before)
        done = company.runs.done

        def forgetful(mode: Mode, run_id: str, number: int, said: Json, done: Any = done, company: Sharers = company) -> Any:
            after = done(mode, run_id, number, said)
            company.runs.close(mode, run_id)
            return after

        company.runs.done = forgetful  # type: ignore[method-assign]
        with killed_at(line):
            company.look_at(shards[-1])
        company.look_at(shards[-1])
        lost += not company.counted
    assert lost


# --- what comes from the queue ------------------------------------------------------------------------------


def test_of_a_batch_only_what_failed_comes_back() -> None:
    seen: list[Shard] = []

    def look(what: Any, _: Callable[[], timedelta]) -> Json:
        if what.number == 1:
            raise Unanswered("OutOfTime", "no time")
        seen.append(what)
        return {}

    shard = Shard(mode="fast", run="2026-11-16T09:00:00+00:00", number=0, job_ids=("a",))
    bodies = [json.dumps(message_of(replace(shard, number=number))) for number in range(3)]
    bodies += ["no json", "[]", json.dumps({"v": 1}), json.dumps(message_of(shard) | {"mode": "named"})]
    records = [{"messageId": f"m{place}", "body": body} for place, body in enumerate(bodies)]

    answer = look_at_each(records, look, lambda: AMPLE)

    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["m1", "m3", "m4", "m5", "m6"]
    assert [one.number for one in seen] == [0, 2]


@pytest.mark.parametrize("wrong", [{"run": "yesterday"}, {"run": "2026-11-16T09:00:00"}, {"mode": "named"}, {"shard": "x"}])
def test_what_is_no_shard_is_refused_by_name(wrong: Json) -> None:
    shard = Shard(mode="fast", run="2026-11-16T09:00:00+00:00", number=0, job_ids=("a",))
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        read_shard(message_of(shard) | wrong)


@pytest.mark.thorough
def test_the_admin_is_told_of_the_same_things_either_way() -> None:
    company, expected = sharers(3), sharers()
    company.run()
    expected.run()
    for one in (company, expected):
        one.settle()
    assert [posted.message.text for posted in company.messages(ANA)] == [posted.message.text for posted in expected.messages(ANA)]
    assert len(company.messages(SAM)) == len(expected.messages(SAM)) > 0
