"""Delivery where Slack says no, or later: nobody waits for ever, nobody is asked twice, and the admin hears what is wrong."""

from datetime import timedelta

import pytest

from bolt_app.adapters.memory.messenger import Fault
from tests.flows.company import ANA, AWAKE, KIM, ORDERS, SAM, Company, broken_company
from tests.flows.test_storm import storm
from workflows.kernel.errors import RateLimited, Refused, Unanswered
from workflows.kernel.ports import Event
from workflows.kernel.posting import when_due


def to_be_told() -> tuple[Company, Event]:
    """Sam's orders database broke, and nobody was told yet."""
    company = Company()
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.check()
    [nudge] = company.bus.take()
    return company, nudge


@pytest.mark.parametrize("seconds", [1, 30, 600])
def test_what_is_refused_for_its_rate_comes_back_when_slack_wants_it_and_a_little_later(seconds: float) -> None:
    company, nudge = to_be_told()
    company.messenger.fail_next(None, None, Fault(kind="rate_limited", retry_after_seconds=seconds))
    company.follow(nudge)

    [(again, delay)] = company.nudges.take()
    marks = {"only_for": SAM.email, "unfinished": True, "first_put_off": company.now.isoformat()}
    assert again.detail == nudge.detail | marks
    assert seconds < delay <= seconds + 2 + min(seconds / 4, 30)
    company.pass_time(seconds=delay)
    company.follow(again)
    assert len(company.messages(SAM)) == 1


def test_a_wait_that_no_queue_holds_is_chained_without_asking_slack() -> None:
    company, nudge = to_be_told()
    company.messenger.fail_next(None, None, Fault(kind="rate_limited", retry_after_seconds=3600))
    company.follow(nudge)
    begun, hops = company.now, 0
    while True:
        [(again, delay)] = company.nudges.take()
        assert delay <= 900
        company.pass_time(seconds=delay)
        calls = len(company.messenger.calls)
        due = when_due(again, company.nudges, company.now)
        if due is not None:
            break
        hops += 1
        assert len(company.messenger.calls) == calls

    assert due.detail == nudge.detail | {"only_for": SAM.email, "unfinished": True, "first_put_off": begun.isoformat()}
    assert company.now - begun >= timedelta(hours=1)
    assert hops == 4


@pytest.mark.parametrize("error", [RateLimited(5), Unanswered("timeout")], ids=["rate", "no answer"])
@pytest.mark.parametrize("call", ["member_by_email", "open_dm", "post", "take_lease", "release_lease", "get", "put", "waiting"])
def test_what_can_be_mended_by_waiting_spends_no_try_of_the_queue(call: str, error: Exception) -> None:
    company, nudge = to_be_told()
    owner = company.messenger if hasattr(company.messenger, call) else company.ledger
    real = getattr(owner, call)

    def failing(*_: object, **__: object) -> None:
        setattr(owner, call, real)
        raise error

    setattr(owner, call, failing)
    company.follow(nudge)  # would raise

    company.pass_time(seconds=46)  # where the lease could not be given back, it has run out
    for again, _ in company.nudges.take():
        company.follow(again)
    assert len(company.messages(SAM)) == 1


def test_a_slack_that_does_not_answer_is_asked_less_and_less_often() -> None:
    company, nudge = to_be_told()
    delays = []
    for _ in range(9):
        company.messenger.faults = [Fault(kind="lost")]
        company.follow(nudge)
        [(nudge, delay)] = company.nudges.take()
        delays.append(delay)
        company.pass_time(seconds=delay)
    company.messenger.faults = []
    company.follow(nudge)

    assert delays == [3, 5, 9, 17, 33, 65, 129, 257, 513]
    assert len(company.messages(SAM)) == 1


def test_a_notice_that_had_to_wait_is_the_same_notice() -> None:
    company = Company()
    nudge = Event(kind="bk.notice", detail={"v": 1, "about": "sheet", "document": "jobs", "problem": "none"})
    company.messenger.fail_next(None, None, Fault(kind="answer_lost"))
    company.follow(nudge)
    [(again, delay)] = company.nudges.take()
    company.pass_time(seconds=delay)
    company.follow(again)
    company.follow(nudge)

    assert len(company.messages(ANA)) == 1


def test_a_notice_that_is_refused_is_a_delivery_that_failed_and_is_told_when_it_is_taken_again() -> None:
    company = Company()
    nudge = Event(kind="bk.notice", detail={"v": 1, "about": "sheet", "document": "jobs", "problem": "none"})
    company.messenger.faults = [Fault(kind="refused", reason="invalid_auth")] * 2
    with pytest.raises(Refused, match="invalid_auth"):
        company.follow(nudge)
    [row] = company.ledger.rows(ANA.email)
    assert (row.outcome, row.why) == ("failed", "invalid_auth")

    company.messenger.faults = []
    company.follow(nudge)
    assert [row.outcome for row in company.ledger.rows(ANA.email)] == ["delivered"]
    assert len(company.messages(ANA)) == 1


def test_who_left_is_told_of_by_way_of_the_admin_and_the_admin_hears_why_once_a_day() -> None:
    company, nudge = to_be_told()
    company.documents.put("voice.txt", "[people]\nsam@example.com: USAM\n")
    company.check()
    company.messenger.members = [member for member in company.messenger.members if member != SAM]
    for _ in range(3):
        company.follow(nudge)
        company.settle()
        company.pass_time(hours=1)
        company.check()

    texts = [posted.message.text for posted in company.messages(ANA)]
    assert len([text for text in texts if "Orders database" in text]) == 1
    assert len([text for text in texts if "cannot be told where they should be" in text]) == 1
    rows = [row for row in company.ledger.rows(SAM.email) if row.outcome == "delivered"]
    assert "user_not_found" in rows[0].why
    assert "the admin was told" in rows[0].why


@pytest.mark.parametrize("reason", ["is_archived", "not_in_channel", "channel_not_found", "messages_tab_disabled"])
def test_a_conversation_that_was_closed_is_left_for_the_next_one(reason: str) -> None:
    company = broken_company()
    company.messenger.closed["DSAM"] = reason
    company.pass_time(hours=13)  # an alert by now
    company.look()

    assert "Orders database" in company.messages(ANA)[0].message.text
    assert "cannot be told" in company.messages(ANA)[1].message.text
    company.land()
    company.look()
    assert "backed up again" in company.messages(ANA)[0].message.text
    assert company.standing().pending is None


def test_a_storm_whose_conversation_is_closed_is_one_card_for_the_admin() -> None:
    company = storm(8)
    company.messenger.closed["DSAM"] = "is_archived"
    company.look()

    texts = [posted.message.text for posted in company.messages(ANA)]
    assert ["8 of your backups need attention" in text for text in texts] == [True, False]
    assert "cannot be told" in texts[1]


def test_a_card_whose_conversation_closes_later_moves_to_the_admin() -> None:
    company = storm(8)
    company.look()
    company.messenger.closed["DSAM"] = "is_archived"
    company.pass_time(hours=14)
    company.look()
    company.pass_time(seconds=5)
    company.settle()

    assert [text for posted in company.messages(ANA) if "8 of your backups need" in (text := posted.message.text)]
    assert all(company.standing(f"job-{n:03}").pending is None for n in range(8))


def test_where_nobody_can_be_told_the_ledger_says_why_and_the_queue_hears_of_it() -> None:
    company, nudge = to_be_told()
    company.messenger.members = [KIM]
    with pytest.raises(Refused, match="nor the admin"):
        company.follow(nudge)

    [row] = company.ledger.rows(SAM.email)
    assert (row.outcome, "neither sam@example.com" in row.why) == ("failed", True)
    assert [event.detail["about"] for event in company.bus.take()] == ["delivery"]


def test_a_token_that_was_revoked_is_loud_and_asks_nobody_else() -> None:
    company = storm(4)
    company.check()
    nudge = company.bus.take()[0]
    company.messenger.closed["DSAM"] = "token_revoked"
    with pytest.raises(Refused, match="token_revoked"):
        company.follow(nudge)

    assert company.messenger.calls.count("post") == 1
    assert company.bus.take() == []
    del company.messenger.closed["DSAM"]
    company.follow(nudge)
    assert len(company.messages(SAM)) == 4


def test_with_little_time_left_the_rest_is_another_turns() -> None:
    company = storm(4)
    company.check()
    nudge = company.bus.take()[0]
    left = iter([20.0] * 5 + [3.0] * 100)
    company.seconds_left = lambda: next(left)
    company.follow(nudge)
    assert 0 < len(company.messages(SAM)) < 4

    company.seconds_left = lambda: 30.0
    company.settle()
    assert len(company.messages(SAM)) == 4


def test_a_message_whose_answer_was_lost_and_whose_break_ended_meanwhile_does_not_stay_red() -> None:
    company, nudge = to_be_told()
    company.messenger.fail_next(None, None, Fault(kind="answer_lost"))
    company.follow(nudge)
    company.nudges.take()
    company.pass_time(seconds=20)
    company.land()
    company.look()

    [message] = company.messages(SAM)
    assert "backed up again" in message.message.text
    assert company.lines(SAM) == []


def test_a_message_that_became_worse_before_it_was_ticked_off_says_so() -> None:
    company, nudge = to_be_told()
    tell = company.standings.tell
    company.standings.tell = lambda *_, **__: False  # type: ignore[method-assign]  # dies after the post
    company.follow(nudge)
    company.standings.tell = tell  # type: ignore[method-assign]
    company.pass_time(hours=13)
    company.look()

    [message] = company.messages(SAM)
    assert "red_circle" in message.message.text
    assert len(company.lines(SAM)) == 1


def escalating() -> tuple[Company, Event]:
    """Sam and Ana are both to be told."""
    company = broken_company()
    company.documents.put("rules.txt", AWAKE + "[defaults]\nescalate_after: 1h\n[escalation]\ntarget: ana@example.com\n")
    company.pass_time(hours=13)
    company.look()
    company.pass_time(hours=2)
    company.check()
    [nudge] = company.bus.take()
    return company, nudge


def test_two_who_have_to_wait_have_a_nudge_each_and_no_more() -> None:
    company, nudge = escalating()
    nudges = [nudge]
    for _ in range(4):
        company.messenger.fail_next(*(Fault(kind="rate_limited", retry_after_seconds=1) for _ in nudges * 2))
        for one in nudges:
            company.follow(one)
        company.messenger.faults = []
        nudges = [event for event, _ in company.nudges.take()]
        assert sorted(event.detail["only_for"] for event in nudges) == [ANA.email, SAM.email]
        company.pass_time(seconds=3)
    for one in nudges:
        company.follow(one)

    assert [len(company.messages(who)) for who in (SAM, ANA)] == [1, 1]
    assert company.nudges.take() == []


def test_a_turn_to_be_finished_is_dropped_where_somebody_is_at_it() -> None:
    company, nudge = to_be_told()
    company.ledger.take_lease(SAM.email, holder="another", now=company.now, seconds=45)
    company.follow(nudge)
    [(again, delay)] = company.nudges.take()
    assert (again.detail["only_for"], delay) == (SAM.email, 5)
    company.follow(Event(kind=nudge.kind, detail=again.detail | {"unfinished": True}))

    assert company.nudges.take() == []
    assert company.standings.pending() == ["orders-db"]


def test_what_waits_stays_pending_until_the_message_that_is_there_is_true() -> None:
    company = told_before_six()
    [message] = company.messages(SAM)
    company.pass_time(hours=13)  # an alert, in the night
    company.check()
    [nudge] = company.bus.take()
    company.messenger.fail_next(Fault(kind="rate_limited", retry_after_seconds=9))
    company.follow(nudge)
    assert company.standings.pending() == ["orders-db"]

    company.pass_time(seconds=12)
    company.settle()
    assert "red_circle" in message.message.text
    assert company.standings.pending() == []
    assert company.lines(SAM) == []


def told_before_six() -> Company:
    company = Company()
    company.documents.put("rules.txt", "")
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    return company
