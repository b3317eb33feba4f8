"""Whoever has no account is told by mail: what notifies and the end, at hours when they may be disturbed, and each once."""

from datetime import timedelta

import pytest

from bolt_app.adapters.memory.mailer import MemoryMailer
from bolt_app.adapters.memory.messenger import Fault, FaultKind
from tests.flows.company import ANA, GUS, MONDAY, ORDERS, SAM, Company
from tests.flows.letter_box import PAT, PATS, LetterBox, told_by_mail

OPENING = MONDAY.replace(hour=8) + timedelta(days=2)


def told_to_admin(box: LetterBox) -> list[str]:
    """What the admin holds about the job, without what they hear of the telling itself."""
    texts = [posted.message.text for posted in box.company.messages(ANA)]
    return [text for text in texts if "cannot be told where they should" not in text]


def subjects(box: LetterBox) -> list[str]:
    return [letter.subject for letter in box.letters]


def test_an_owner_without_an_account_gets_a_letter() -> None:
    box = told_by_mail()

    assert subjects(box) == ["🟡 Orders database has no fresh backup (warning)"]
    assert box.company.messenger.messages == []
    assert box.company.standing().pending is None
    [row] = box.company.ledger.rows(PAT)
    assert (row.via, row.outcome, row.channel, row.ts) == ("email", "delivered", f"email:{PAT}", "ses-1")
    assert row.why == f"{PAT} has no account here"


def test_the_letter_says_what_slack_would_say() -> None:
    [letter] = told_by_mail().letters

    for body in (letter.text, letter.html):
        for fact in ("27 h", "26 h", "s3://acme/orders/", "Last good run", PAT, "Mark fixed", "Snooze", "Mute", ANA.email):
            assert fact in body, fact


def test_a_guest_is_told_by_mail_too() -> None:
    box = told_by_mail(PATS.replace(PAT, GUS.email))

    assert [sent.to for sent in box.mailer.sent] == [GUS.email]


def test_somebody_with_an_account_is_told_in_slack() -> None:
    box = told_by_mail(ORDERS)

    assert box.mailer.sent == []
    assert len(box.company.messages(SAM)) == 1


def test_somebody_who_left_is_told_by_mail_from_then_on() -> None:
    box = told_by_mail(ORDERS)
    box.company.messenger.members = [member for member in box.company.messenger.members if member.user_id != SAM.user_id]
    box.company.pass_time(hours=13)
    box.company.look()

    assert [sent.to for sent in box.mailer.sent] == [SAM.email]


def test_worse_is_another_letter_of_the_same_thread() -> None:
    box = told_by_mail()
    box.company.pass_time(hours=13)
    box.company.look()

    assert subjects(box)[1:] == ["🔴 Orders database has no fresh backup"]
    first, second = box.mailer.sent
    assert first.thread == second.thread
    assert first.message_id != second.message_id


def test_a_reminder_is_a_letter_that_says_still() -> None:
    box = told_by_mail()
    box.company.pass_time(hours=24, minutes=5)
    box.company.look()
    box.company.pass_time(hours=24, minutes=5)
    box.company.look()

    assert subjects(box)[-1].startswith(("Still: ", "🚨 "))


def test_an_answer_sends_nothing_and_counts_as_told() -> None:
    box = told_by_mail()
    box.company.press("mute", ANA)
    box.company.settle()

    assert len(box.letters) == 1
    assert box.company.standing().pending is None
    assert box.company.standing().told[PAT].say == box.company.standing().say


def test_the_recovery_is_one_letter() -> None:
    box = told_by_mail()
    box.company.land()
    for _ in range(3):
        box.company.look()
        box.company.pass_time(hours=1)

    assert subjects(box)[1:] == ["🟢 Orders database is backed up again"]
    assert "/act/" not in box.letters[-1].text


def test_a_recovery_of_what_was_never_told_is_not_written() -> None:
    box = told_by_mail(now=MONDAY.replace(hour=9))
    before = len(box.letters)
    box.company.land()
    box.company.look()
    box.company.pass_time(hours=27)
    box.company.check()
    box.company.bus.take()  # nobody heard of it
    box.company.land()
    box.company.look()

    assert len(box.letters) == before + 1  # the first recovery


def test_without_an_address_to_send_from_the_admin_is_told_as_before() -> None:
    company = Company()
    company.list_jobs(PATS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()

    assert len(company.messages(ANA)) == 1
    assert company.ledger.rows(PAT)[0].why == f"{PAT} has no account here; the admin was told"


def test_a_mailbox_that_refuses_leaves_it_to_the_admin() -> None:
    company = Company(mailer=MemoryMailer())
    box = LetterBox(company)
    box.mailer.closed.add(PAT)
    company.list_jobs(PATS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()

    assert len(told_to_admin(box)) == 1
    whys = {row.outcome: row.why for row in company.ledger.rows(PAT)}
    assert whys["delivered"] == f"{PAT} has no account here, and mail was refused (MessageRejected); the admin was told"
    company.land()
    company.look()
    assert "backed up again" in told_to_admin(box)[0]


def test_a_mailbox_that_closes_meanwhile_leaves_the_rest_to_the_admin() -> None:
    box = told_by_mail()
    box.mailer.closed.add(PAT)
    box.company.pass_time(hours=13)
    box.company.look()

    assert len(box.letters) == 1
    assert len(told_to_admin(box)) == 1


def test_an_admin_without_an_account_is_told_by_mail() -> None:
    company = Company(mailer=MemoryMailer())
    company.messenger.members = [SAM]
    company.list_jobs(ORDERS.replace("26h", "soon"))
    company.check()
    company.settle()

    [letter] = LetterBox(company, ANA.email).letters
    assert "mistake in the job list" in letter.subject


# --- hours ---------------------------------------------------------------------------------------


def at_night() -> LetterBox:
    """Tuesday, 23:00, by the usual quiet hours."""
    company = Company(now=MONDAY.replace(hour=20), mailer=MemoryMailer())
    company.documents.put("rules.txt", "")
    company.list_jobs(PATS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    return LetterBox(company)


def open_up(box: LetterBox) -> None:
    box.company.now = box.company.messenger.now = OPENING
    box.company.settle()


def test_a_letter_at_night_waits_for_the_morning() -> None:
    box = at_night()
    assert box.letters == []

    open_up(box)
    assert subjects(box) == ["🟡 Orders database has no fresh backup (warning)"]
    assert box.company.ledger.waiting(PAT) == []


def test_a_recovery_at_night_is_written_in_the_morning() -> None:
    box = at_night()
    open_up(box)
    box.company.pass_time(hours=15)
    box.company.land()
    box.company.look()
    assert len(box.letters) == 1

    box.company.now = box.company.messenger.now = OPENING + timedelta(days=1)
    box.company.settle()
    assert subjects(box)[1:] == ["🟢 Orders database is backed up again"]


def test_what_came_and_went_at_night_is_one_letter() -> None:
    box = at_night()
    box.company.pass_time(hours=2)
    box.company.land()
    box.company.look()
    open_up(box)

    [letter] = box.letters
    assert "While you were away: Orders database needed attention" in letter.subject


# --- storms --------------------------------------------------------------------------------------


def storm_of(count: int) -> LetterBox:
    company = Company(mailer=MemoryMailer())
    company.list_jobs(*(f"job-{n:03},Job {n},{PAT},s3://acme/j{n:03}/,,26h,,no" for n in range(count)))
    for number in range(count):
        company.land(f"j{number:03}/a.dump")
    company.look()
    company.pass_time(hours=27)
    company.look()
    return LetterBox(company)


def test_a_storm_is_one_letter() -> None:
    box = storm_of(14)

    assert len(box.letters) == 1
    assert "14 of your backups need attention" in box.letters[0].subject
    assert all(f"Job {n} " in box.letters[0].text for n in range(14))
    assert box.letters[0].text.count("Mark fixed") == 14
    assert all(box.company.standing(f"job-{n:03}").pending is None for n in range(14))


def test_of_a_storm_single_recoveries_are_silent_and_the_end_is_one_letter() -> None:
    box = storm_of(7)
    for number in range(7):
        box.company.pass_time(minutes=6)
        box.company.land(f"j{number:03}/b.dump")
        box.company.look()
        assert len(box.letters) == (1 if number < 6 else 2)

    assert box.letters[-1].subject == "🟢 All 7 backups are fine again"
    assert {sent.thread for sent in box.mailer.sent} == {box.mailer.sent[0].message_id}


def test_a_storm_that_gets_worse_is_one_more_letter() -> None:
    box = storm_of(8)
    box.company.pass_time(hours=13)
    box.company.look()

    assert len(box.letters) == 2
    assert "and 6 more" in box.letters[-1].subject


# --- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "copies"), [("lost", 1), ("answer_lost", 2), ("rate_limited", 1)])
def test_whatever_fails_once_the_letter_comes(kind: FaultKind, copies: int) -> None:
    """A lost answer brings it twice: whether it was sent cannot be asked, and twice is better than never."""
    company = Company(mailer=MemoryMailer())
    company.list_jobs(PATS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    box = LetterBox(company)
    box.mailer.faults = [Fault(kind=kind)]
    company.check()
    for _ in range(5):
        for event in company.bus.take() + [event for event, _ in company.nudges.take()]:
            company.follow(event)
        company.pass_time(seconds=20)

    assert len(box.letters) == copies
    assert company.standing().pending is None
    assert {sent.message_id for sent in box.mailer.sent} == {box.mailer.sent[0].message_id}


def test_a_service_that_never_answers_is_asked_less_and_less() -> None:
    company = Company(mailer=MemoryMailer())
    company.list_jobs(PATS)
    company.land()
    company.look()
    company.pass_time(hours=27)
    box = LetterBox(company)
    box.mailer.faults = [Fault(kind="lost")] * 100
    company.check()
    began = company.now
    events = [(event, 0) for event in company.bus.take()]
    for _ in range(30):
        for event, delay in events:
            company.pass_time(seconds=delay)
            company.follow(event)
        events = company.nudges.take()

    tries = 100 - len(box.mailer.faults)
    assert events != []  # it is still on its way
    assert (company.now - began) / tries > timedelta(minutes=5)
