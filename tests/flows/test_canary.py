"""The weekly test goes all the way to the admin and back, and whatever dies on the way is made good."""

from datetime import timedelta
from typing import Any

import pytest

from tests.flows.company import ANA, HEADER, MONDAY, ORDERS, SAM, Company
from tests.flows.morning import Morning
from tests.flows.test_killed_at_every_line import Killed
from workflows.backup.canary import news
from workflows.backup.canary_flight import Step, fly
from workflows.backup.check import Order
from workflows.backup.ports import CheckIn
from workflows.backup.standing import Standing
from workflows.backup.summary import gather
from workflows.kernel.errors import Unanswered
from workflows.kernel.ports import Event

CANARY = "sentinel-canary"
TEN = MONDAY.replace(hour=10)


class Aviary:
    """A company, the looks of its canary, and what they counted."""

    def __init__(self, company: Company | None = None) -> None:
        self.company = company or Company(now=TEN)
        self.counted: list[bool] = []

    def look(self, **ports: Any) -> Step:
        bound: dict[str, Any] = {
            "check_ins": self.company.check_ins,
            "standings": self.company.standings,
            "bus": self.company.bus,
        } | ports
        return fly(**bound, count=self.counted.append, now=self.company.now)

    def whole(self) -> Step:
        """A look, and all that follows from it."""
        step = self.look()
        self.company.settle()
        return step

    def ticks(self, minutes: int) -> None:
        """What is due is looked at each minute."""
        for _ in range(minutes):
            self.company.sleep(minutes=1)
            self.company.check(Order(mode="due"))
            self.company.settle()

    def texts(self) -> list[str]:
        return [posted.message.text for posted in self.company.messages(ANA)]

    @property
    def standing(self) -> Standing:
        return self.company.standing(CANARY)


@pytest.fixture
def aviary() -> Aviary:
    aviary = Aviary()
    aviary.company.list_jobs(ORDERS)
    return aviary


def test_the_message_comes_to_the_admin_and_turns_green(aviary: Aviary) -> None:
    assert aviary.whole() == "begin"
    assert aviary.texts() == [":bird: Weekly test: this message has reached you"]
    assert aviary.company.messages(ANA)[0].message.blocks[-1]["type"] == "context", "there is nothing to press"

    aviary.ticks(20)
    assert aviary.whole() == "arrived"
    assert aviary.texts() == [":large_green_circle: Weekly test: alerts reach you"]
    assert aviary.company.lines(ANA) == []
    assert aviary.counted == [True]

    aviary.ticks(20)
    assert aviary.whole() == "rest"
    told = news(aviary.standing)
    assert told is not None
    assert (told.result, told.last_arrived) == ("arrived", TEN + timedelta(minutes=20))


def test_next_week_another_message_comes(aviary: Aviary) -> None:
    for week in range(3):
        aviary.company.now = aviary.company.messenger.now = TEN + week * timedelta(days=7)
        aviary.whole()
        aviary.ticks(20)
        aviary.whole()
    assert aviary.texts() == [":large_green_circle: Weekly test: alerts reach you"] * 3
    assert aviary.counted == [True] * 3


def test_weeks_without_it_are_no_break(aviary: Aviary) -> None:
    aviary.whole()
    aviary.ticks(20)
    aviary.whole()
    aviary.company.sleep(days=60)
    aviary.company.check(Order(mode="due"))
    aviary.company.settle()
    assert aviary.standing.state == "all_green"


def test_what_slack_does_not_take_is_missed_and_counted(aviary: Aviary) -> None:
    aviary.look()
    aviary.company.check(Order(mode="due"))  # and the check that was asked for is not even followed
    aviary.company.bus.take()
    aviary.company.sleep(minutes=20)
    assert aviary.look() == "missed"
    assert aviary.counted == [False]

    aviary.company.settle()
    assert aviary.standing.state == "all_green"
    assert aviary.texts() == [], "what is over is not told any more"
    told = news(aviary.standing)
    assert told is not None
    assert (told.result, told.last_arrived) == ("missed", None)


def test_a_lost_nudge_costs_a_minute_and_not_the_test(aviary: Aviary) -> None:
    aviary.whole()
    aviary.ticks(20)
    aviary.whole()
    aviary.company.sleep(days=7)
    aviary.look()
    named = aviary.company.bus.take()
    aviary.company.check(Order(mode="named", job_ids=(CANARY,), why="heartbeat"))
    aviary.company.bus.take()  # lost: bk.alert
    assert [event.kind for event in named] == ["bk.check"]
    aviary.ticks(5)
    assert len(aviary.texts()) == 2


def test_a_look_that_could_not_ask_for_its_check_asks_with_the_next(aviary: Aviary) -> None:
    class Deaf:
        def publish(self, _: list[Event]) -> None:
            raise Unanswered("Timeout", "no answer")

    with pytest.raises(Unanswered):
        aviary.look(bus=Deaf())
    assert aviary.whole() == "wait"
    assert len(aviary.texts()) == 1
    assert len(aviary.company.check_ins.since(CANARY, None)) == 1


class DiesAfter:
    """Lets so many calls to its adapter through, all looks together, and then the process is gone."""

    def __init__(self, adapter: object, left: list[int]) -> None:
        self._adapter = adapter
        self._left = left

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._adapter, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            done = method(*args, **kwargs)
            self._left[0] -= 1
            if self._left[0] == 0:
                raise Killed
            return done

        return call


@pytest.mark.thorough
@pytest.mark.parametrize("calls", range(1, 5))
@pytest.mark.parametrize("dying", ["begin", "end"])
def test_killed_after_any_call_the_same_look_again_makes_it_good(aviary: Aviary, calls: int, dying: str) -> None:
    def look(*, killed: bool) -> None:
        left = [calls if killed else 100]
        ports = {"check_ins": aviary.company.check_ins, "standings": aviary.company.standings, "bus": aviary.company.bus}
        try:
            aviary.look(**{name: DiesAfter(port, left) for name, port in ports.items()})
        except Killed:
            aviary.look()
        aviary.company.settle()

    look(killed=dying == "begin")
    aviary.ticks(20)
    look(killed=dying == "end")

    assert aviary.texts() == [":large_green_circle: Weekly test: alerts reach you"]
    assert set(aviary.counted) == {True}
    outcomes = [check_in.outcome for check_in in aviary.company.check_ins.since(CANARY, None)]
    assert outcomes == ["failed", "ok"]


class Twin:
    """Before the first one writes, the other one does the very same."""

    def __init__(self, aviary: Aviary) -> None:
        self._aviary = aviary
        self._met = False

    def since(self, job_id: str, since: None) -> list[CheckIn]:
        found = self._aviary.company.check_ins.since(job_id, since)
        if not self._met:
            self._met = True
            self._aviary.company.now += timedelta(milliseconds=3)
            self._aviary.look()
        return found

    def record(self, check_in: CheckIn, **rest: Any) -> bool:
        return self._aviary.company.check_ins.record(check_in, **rest)


def test_two_at_once_make_one_failure_one_message_and_one_good_run(aviary: Aviary) -> None:
    aviary.look(check_ins=Twin(aviary))
    aviary.company.settle()
    aviary.ticks(20)
    aviary.look(check_ins=Twin(aviary))
    aviary.company.settle()

    assert [check_in.outcome for check_in in aviary.company.check_ins.since(CANARY, None)] == ["failed", "ok"]
    assert aviary.texts() == [":large_green_circle: Weekly test: alerts reach you"]


def test_in_the_admins_quiet_hours_it_waits_and_is_told_at_their_opening(aviary: Aviary) -> None:
    aviary.company.documents.put("rules.txt", "[quiet hours]\nhours: 18:00-12:30\n")
    aviary.whole()
    assert aviary.texts() == []
    aviary.ticks(20)
    assert aviary.whole() == "wait"
    aviary.ticks(140)  # 12:40
    assert aviary.texts() == [":bird: Weekly test: this message has reached you"]
    assert aviary.whole() == "arrived"
    assert aviary.counted == [True]


def test_on_a_day_off_it_ends_without_a_result_and_nobody_hears_of_it(aviary: Aviary) -> None:
    aviary.company.documents.put("rules.txt", "[holidays]\n2026-11-16: company outing\n")
    aviary.whole()
    for _ in range(18):
        aviary.ticks(20)
        aviary.whole()
    assert aviary.standing.state == "all_green"
    assert aviary.counted == []
    told = news(aviary.standing)
    assert told is not None
    assert told.result == "held_back"

    aviary.company.now = aviary.company.messenger.now = TEN + timedelta(days=1)
    aviary.company.settle()
    assert aviary.texts() == []


def fallen_behind(company: Company, count: int) -> None:
    """So many jobs of the admin's are late, and nobody has looked yet."""
    company.list_jobs(*(f"job-{number},Job {number},,s3://acme/job-{number}/,,26h,,no" for number in range(count)))
    for number in range(count):
        company.land(f"job-{number}/a.dump")
    company.look()
    company.pass_time(hours=27)


def test_it_is_not_counted_for_a_storm(aviary: Aviary) -> None:
    fallen_behind(aviary.company, 5)
    aviary.whole()
    aviary.company.look()
    assert len(aviary.texts()) == 1 + 5


def test_a_storm_does_not_swallow_it(aviary: Aviary) -> None:
    fallen_behind(aviary.company, 6)
    aviary.company.look()
    aviary.look()
    aviary.ticks(20)
    assert aviary.whole() == "arrived"
    assert len(aviary.texts()) == 2
    assert aviary.texts()[1] == ":large_green_circle: Weekly test: alerts reach you"


def test_it_is_on_no_board_in_no_list_and_in_no_count(aviary: Aviary) -> None:
    aviary.company.land()
    aviary.company.look()
    aviary.whole()
    board = aviary.company.standings.every()

    assert [standing.job_id for standing in board] == ["orders-db"]
    assert CANARY in aviary.company.standings.pending() or CANARY in aviary.company.standings.due(TEN + timedelta(days=9))


def test_the_summary_has_one_line_about_it_and_counts_it_nowhere(aviary: Aviary) -> None:
    aviary.company.land()
    aviary.company.look()
    aviary.whole()
    aviary.ticks(20)
    aviary.whole()

    facts = gather(Morning(aviary.company).ports(), aviary.company.now)
    assert facts.canary == news(aviary.standing)
    assert [job.standing.job_id for job in facts.jobs] == ["orders-db"]
    assert (len(facts.recovered), facts.deeds, facts.unowned) == (0, {}, ())


def test_a_full_check_neither_misses_its_row_nor_holds_it(aviary: Aviary) -> None:
    aviary.whole()
    aviary.company.look()
    aviary.company.list_jobs()  # all rows vanish
    report = aviary.company.check()

    assert aviary.standing.state == "alert"
    assert CANARY not in (report.held or ())


def test_nobody_is_reminded_and_it_does_not_escalate_while_it_is_left_alone(aviary: Aviary) -> None:
    aviary.whole()
    for _ in range(20):
        aviary.company.pass_time(days=1)
        aviary.company.check(Order(mode="due"))
        aviary.company.settle()
    left_alone = aviary.standing
    assert (left_alone.state, aviary.company.lines(ANA)) == ("alert", [])
    assert aviary.whole() == "arrived"
    assert aviary.standing.state == "all_green"


def test_a_person_cannot_answer_for_it(aviary: Aviary) -> None:
    aviary.whole()
    assert aviary.company.press("mute", ANA, CANARY).kind == "gone"
    assert not aviary.standing.muted


def test_a_row_under_its_name_is_a_mistake_that_says_why(aviary: Aviary) -> None:
    row = f"{CANARY},Bird,sam@example.com,s3://acme/orders/,,26h,,no"
    aviary.company.documents.put("jobs.csv", f"{HEADER}\n{ORDERS}\n{row}")
    aviary.company.look()

    assert "reserved: under this id the sentinel tests itself" in str(aviary.company.messages(ANA)[-1].message.blocks)
    assert aviary.company.messages(SAM) == []
    assert aviary.company.standings.get(CANARY) is None


def test_its_story_stands_in_the_audit(aviary: Aviary) -> None:
    aviary.whole()
    aviary.ticks(20)
    aviary.whole()
    entries = aviary.company.standings.history(CANARY, 9)
    assert [entry.action for entry in entries] == ["recovered", "opened"]
