"""People are left alone outside their business hours, and then told what is still true."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from listeners.meanwhile import meanwhile
from tests.flows.company import ANA, KIM, MONDAY, ORDERS, SAM, Company
from workflows.backup.standing import State
from workflows.kernel.ports import Event

NIGHT = MONDAY.replace(hour=23)
OPENING = datetime(2026, 11, 18, 8, 0, tzinfo=MONDAY.tzinfo)


def at_night(row: str = ORDERS, rules: str = "") -> Company:
    """Tuesday, 23:00: the orders database was due in the evening, and nobody was at work."""
    company = Company(now=MONDAY.replace(hour=20))
    company.documents.put("rules.txt", rules)
    company.list_jobs(row)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    return company


def morning(company: Company) -> None:
    company.now = company.messenger.now = OPENING
    company.settle()


def test_an_alert_at_night_waits_for_the_morning() -> None:
    company = at_night()

    assert company.messages(SAM) == []
    assert company.standing().pending is None
    assert company.standing().state == "warn"
    morning(company)
    assert len(company.messages(SAM)) == 1


def test_it_is_told_even_when_the_appointment_was_lost() -> None:
    company = at_night()
    company.deferrals.take(OPENING)  # lost

    assert company.standing().due is not None
    company.now = company.messenger.now = OPENING
    company.look()
    assert len(company.messages(SAM)) == 1


def test_one_appointment_is_made_however_often_it_is_looked_at() -> None:
    company = at_night()
    for _ in range(3):
        company.pass_time(hours=1)
        company.look()

    assert company.deferrals.next_at == OPENING
    assert company.deferrals.take(OPENING) == [SAM.email]


def test_what_is_said_in_the_morning_is_what_is_then_true() -> None:
    company = at_night()
    company.pass_time(hours=8)  # by now a whole window more: an alert
    company.now = company.messenger.now = OPENING + timedelta(hours=6)
    company.look()

    [message] = company.messages(SAM)
    assert company.standing().state == "alert"
    assert "🔴" in message.message.text or ":red_circle:" in message.message.text


def test_what_came_and_went_is_one_line() -> None:
    company = at_night()
    company.pass_time(hours=2)
    company.land()
    company.look()
    assert company.messages(SAM) == []

    morning(company)
    [message] = company.messages(SAM)
    assert "While you were away: Orders database needed attention" in message.message.text
    company.pass_time(hours=1)
    company.settle()
    assert len(company.messages(SAM)) == 1
    assert company.ledger.waiting(SAM.email) == []


def test_what_came_and_went_is_said_of_what_cannot_be_looked_at_by_then_too() -> None:
    company = at_night()
    company.pass_time(hours=2)
    company.land()
    company.look()
    company.objects.errors["acme"] = "AccessDenied"
    for _ in range(2):
        company.pass_time(minutes=30)
        company.look()
    assert company.standing().state == "not_observed"

    morning(company)
    [line] = [message.message.text for message in company.messages(SAM) if "While you were away" in message.message.text]
    assert line.endswith(", and cannot be looked at now.")


@pytest.mark.parametrize(
    ("state", "end"),
    [
        ("all_green", ". All of that is fine again."),
        ("waiting", ". All of that is fine again."),
        ("alert", ", and it broke again."),
        ("not_observed", ", and cannot be looked at now."),
        ("off_list", ", and is not on the list any more."),
    ],
)
def test_the_line_says_how_it_is_by_now(state: State, end: str) -> None:
    company = at_night()
    [note] = company.ledger.waiting(SAM.email)
    later = replace(company.standing(), state=state, break_id="another")

    line = meanwhile([(note, later)], now=OPENING, zone="UTC").text
    assert line.endswith(end)


def test_whoever_becomes_the_owner_at_night_hears_of_what_went_before_the_morning() -> None:
    company = at_night()
    company.list_jobs(ORDERS.replace("sam@", "kim@"))
    company.pass_time(hours=1)
    company.look()
    company.pass_time(hours=1)
    company.land()
    company.look()

    morning(company)
    for owner in (SAM, KIM):
        [message] = company.messages(owner)
        assert "While you were away: Orders database needed attention" in message.message.text


def test_what_was_told_in_the_morning_is_no_longer_waiting() -> None:
    company = at_night()
    morning(company)

    assert company.ledger.waiting(SAM.email) == []
    company.land()
    company.look()
    company.follow(Event(kind="bk.deferred", detail={"v": 1, "recipient": SAM.email}))
    assert len(company.messages(SAM)) == 1


def test_a_message_that_is_there_is_kept_true_at_night_without_a_sound() -> None:
    company = Company(now=MONDAY)
    company.documents.put("rules.txt", "")
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)  # Tuesday noon: a warning, told
    company.look()
    [message] = company.messages(SAM)
    before = message.message.text
    company.pass_time(hours=13)  # Wednesday 01:00: an alert
    company.look()

    assert company.messages(SAM)[0].message.text != before
    assert company.lines(SAM) == []
    company.now = company.messenger.now = OPENING
    company.settle()
    assert len(company.lines(SAM)) == 1


def test_the_escalation_of_a_critical_job_passes_the_night() -> None:
    company = at_night(row=ORDERS.replace(",no", ",yes"))
    assert company.messages(SAM) == []
    company.pass_time(hours=5)
    company.look()

    assert company.standing().state == "escalate"
    assert len(company.messages(SAM)) == 1
    assert len(company.messages(ANA)) == 1


def test_a_recovery_at_night_turns_the_message_green_at_once() -> None:
    company = at_night()
    morning(company)
    company.pass_time(hours=15)
    company.land()
    company.look()

    assert company.standing().state == "all_green"
    assert company.standing().pending is None
    assert "fine" in company.messages(SAM)[0].message.text or "back" in company.messages(SAM)[0].message.text


def test_holidays_and_other_zones_count_for_each_person() -> None:
    company = at_night(rules="[holidays]\n2026-11-18: company outing\n")

    assert company.deferrals.next_at == OPENING + timedelta(days=1)
    company = Company(now=MONDAY.replace(hour=20))
    company.documents.put("rules.txt", "")
    company.documents.put("voice.txt", "[people]\nsam@example.com: USAM, America/Los_Angeles\n")
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)  # 23:00 in UTC, three in the afternoon where Sam is
    company.look()
    assert len(company.messages(SAM)) == 1
