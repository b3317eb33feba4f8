"""Nights of every kind: clocks that run in business time, zones, holidays, changes of the clock, and breaks that come back."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.flows.company import ANA, KIM, MONDAY, ORDERS, SAM, Company
from tests.flows.test_quiet_hours import OPENING, at_night, morning
from tests.flows.test_storm import listed, storm
from workflows.backup.press import SnoozeChoice

pytestmark = pytest.mark.thorough  # weeks of hourly checks

ALERT_AT_ONCE = "[escalation]\ntarget: kim@example.com\n[defaults]\nlate_alert_max: 1m\n"


def look_hourly(company: Company, until: datetime) -> None:
    """The tick and the hourly check, and the appointments as they come."""
    while company.now < until:
        company.pass_time(minutes=min(30.0, (until - company.now) / timedelta(minutes=1)))
        company.look()


def told_alert(now: datetime, rules: str = ALERT_AT_ONCE, voice: str = "", row: str = ORDERS) -> Company:
    """Sam is told of an alert at this moment."""
    company = Company(now=now - timedelta(hours=27))
    company.documents.put("rules.txt", rules)
    company.documents.put("voice.txt", voice)
    company.list_jobs(row)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    company.sleep(minutes=2)
    company.look()
    assert company.standing().state == "alert"
    return company


def escalated(company: Company) -> bool:
    return company.standing().state == "escalate"


def test_what_broke_healed_and_broke_again_in_one_night_is_told_as_it_is() -> None:
    company = at_night()
    company.pass_time(hours=1)
    company.land()
    company.look()
    company.pass_time(hours=1)
    company.objects.put("acme", f"orders/{company.now:%Y%m%dT%H%M%S}.dump", 0, company.now)
    company.look()
    morning(company)

    texts = [posted.message.text for posted in company.messages(SAM)]
    assert len(texts) == 2
    assert "While you were away" not in texts[0]
    assert "fine again" not in texts[1]
    assert "it broke again" in texts[1]
    assert company.ledger.waiting(SAM.email) == []


def test_one_job_and_two_people_in_two_zones() -> None:
    """Sam is told at eight in Los Angeles, the target of the escalation at eight in Berlin."""
    voice = "[people]\nsam@example.com: USAM, America/Los_Angeles\nkim@example.com: UKIM, Europe/Berlin\n"
    company = told_alert(datetime(2026, 11, 17, 17, 0, tzinfo=UTC), voice=voice)
    assert len(company.messages(SAM)) == 1
    look_hourly(company, datetime(2026, 11, 20, 22, 0, tzinfo=UTC))  # business time: 24 h are two and a half days

    assert escalated(company)
    [told] = company.messages(KIM)
    local = told.at.astimezone(UTC)
    assert 7 <= local.hour < 17  # Berlin is at work from 07:00 to 17:00 UTC
    assert len(company.messages(SAM)) == 1
    assert company.standing().pending is None


def test_a_deferral_does_not_shorten_the_day_to_act() -> None:
    company = Company(now=MONDAY.replace(hour=20))
    company.documents.put("rules.txt", ALERT_AT_ONCE)
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=26, minutes=2)  # Tuesday 22:02
    company.look()
    company.sleep(minutes=2)
    company.look()
    assert company.standing().state == "alert"
    look_hourly(company, OPENING)
    look_hourly(company, OPENING + timedelta(minutes=30))
    assert company.standing().clock_from == OPENING  # Wednesday 08:00: ten hours a day from here

    look_hourly(company, datetime(2026, 11, 20, 11, 30, tzinfo=UTC))
    assert not escalated(company)
    look_hourly(company, datetime(2026, 11, 20, 12, 31, tzinfo=UTC))
    assert escalated(company)


def test_a_snooze_pauses_the_clock_and_a_holiday_does_not_count() -> None:
    company = told_alert(datetime(2026, 11, 17, 9, 0, tzinfo=UTC), rules=ALERT_AT_ONCE + "[holidays]\n2026-11-19: outing\n")
    look_hourly(company, datetime(2026, 11, 17, 17, 0, tzinfo=UTC))  # eight of twenty-four
    company.snooze(SnoozeChoice(choice="1d"))
    company.settle()
    look_hourly(company, datetime(2026, 11, 18, 17, 0, tzinfo=UTC))  # awake again, sixteen are left: one today, the 19th is off
    look_hourly(company, datetime(2026, 11, 20, 17, 0, tzinfo=UTC))
    assert not escalated(company)
    look_hourly(company, datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    assert escalated(company)


def test_a_mute_stops_the_clock_and_the_reminders() -> None:
    company = told_alert(datetime(2026, 11, 17, 9, 0, tzinfo=UTC))
    company.press("mute")
    company.settle()
    look_hourly(company, datetime(2026, 11, 24, 12, 0, tzinfo=UTC))

    assert company.standing().state == "alert"
    assert company.lines(SAM) == []


def test_nobody_is_reminded_at_night_and_nobody_is_forgotten() -> None:
    rules = ALERT_AT_ONCE + "escalate_after: 90d\n"
    company = told_alert(datetime(2026, 11, 17, 9, 0, tzinfo=UTC), rules=rules)
    look_hourly(company, datetime(2026, 11, 27, 17, 0, tzinfo=UTC))  # ten days, eight of them at work, ten hours each

    assert len(company.lines(SAM)) in {2, 3}
    assert all(8 <= line.at.hour < 18 and line.at.weekday() < 5 for line in company.lines(SAM))


def test_a_critical_job_escalates_at_night_and_tells_the_target_beside_its_owner() -> None:
    company = told_alert(datetime(2026, 11, 17, 17, 30, tzinfo=UTC), row=ORDERS.replace(",no", ",yes"))
    look_hourly(company, datetime(2026, 11, 17, 22, 0, tzinfo=UTC))

    assert escalated(company)
    assert [len(company.messages(who)) for who in (SAM, KIM, ANA)] == [1, 1, 0]
    assert len(company.lines(SAM)) == 1


def test_rules_that_open_the_night_are_followed_at_once() -> None:
    company = at_night()
    assert company.messages(SAM) == []
    company.documents.put("rules.txt", "[quiet hours]\nhours: none\nworking days: mon-sun\n")
    company.look()

    assert len(company.messages(SAM)) == 1
    assert company.ledger.waiting(SAM.email) == []
    morning(company)
    assert len(company.messages(SAM)) == 1


def test_rules_that_close_the_morning_are_followed_too() -> None:
    company = at_night()
    company.documents.put("rules.txt", "[quiet hours]\nhours: 18:00-11:00\n")
    morning(company)
    assert company.messages(SAM) == []

    company.now = company.messenger.now = OPENING.replace(hour=11)
    company.settle()
    assert len(company.messages(SAM)) == 1


@pytest.mark.parametrize(
    ("night", "opens"),
    [
        (datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),  # set back: 08:00 is 07:00 UTC
        (datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),  # set forward: 08:00 is 06:00 UTC
    ],
)
def test_nights_on_which_the_clocks_are_changed(night: datetime, opens: datetime) -> None:
    company = Company(now=night - timedelta(hours=27))
    company.documents.put("rules.txt", "[quiet hours]\nworking days: mon-sun\n")
    company.documents.put("voice.txt", "[people]\nsam@example.com: USAM, Europe/Berlin\n")
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()

    assert company.messages(SAM) == []
    assert company.deferrals.next_at == opens
    company.now = company.messenger.now = opens
    company.settle()
    assert len(company.messages(SAM)) == 1


def test_sixty_that_broke_in_the_night_are_one_appointment_and_one_card() -> None:
    company = Company(now=MONDAY.replace(hour=20))
    company.documents.put("rules.txt", "")
    listed(company, 60)
    company.look()
    company.pass_time(hours=27)
    company.look()
    assert company.messages(SAM) == []
    assert len(company.ledger.waiting(SAM.email)) == 60
    assert company.standings.pending() == []
    for number in range(10):
        company.land(f"j{number:03}/b.dump")
    company.pass_time(minutes=30)
    company.look()
    morning(company)

    card, gone = (posted.message.text for posted in company.messages(SAM))
    assert "50 of your backups need attention" in card
    assert "While you were away" in gone
    assert company.ledger.waiting(SAM.email) == []


def test_a_card_is_kept_true_at_night_and_says_what_is_worse_in_the_morning() -> None:
    company = storm(8, now=MONDAY.replace(hour=14), rules="")  # told on Tuesday at 17:00
    company.look()
    [card] = company.messages(SAM)
    told = len(company.lines(SAM))
    company.pass_time(hours=13)  # all are an alert by now, at six in the morning
    company.land("j000/b.dump")
    company.look()
    company.pass_time(seconds=6)
    company.look()

    assert "1 of 8 are back" in card.message.text
    assert len(company.lines(SAM)) == told
    morning(company)
    company.pass_time(seconds=6)
    company.settle()
    assert "1 of 8 are back" in card.message.text
    assert len(company.lines(SAM)) == told + 1
    assert company.standings.pending() == []
