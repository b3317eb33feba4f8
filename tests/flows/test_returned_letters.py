"""Letters that come back: what they told is told to the admin, once, and nobody goes on writing to that address."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from bolt_app.adapters.memory.mailer import MemoryMailer
from bolt_app.services.dispatcher import read_nudge
from tests.flows.company import ANA, ORDERS, Company
from tests.flows.letter_box import PAT, LetterBox, told_by_mail
from tests.flows.test_canary import DiesAfter
from tests.flows.test_killed_at_every_line import Killed
from tests.flows.test_letters import storm_of
from workflows.kernel.ports import Event, Json

PERMANENT = {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType": "General"}}
TRANSIENT = {"eventType": "Bounce", "bounce": {"bounceType": "Transient", "bounceSubType": "MailboxFull"}}
COMPLAINT = {"eventType": "Complaint", "complaint": {"complaintFeedbackType": "abuse"}}
REJECT = {"eventType": "Reject", "reject": {"reason": "Bad content"}}


def brought(told: Json, letter: str) -> Event:
    """As SNS lays it into the queue, and as the door reads it."""
    message = json.dumps({**told, "mail": {"messageId": letter, "destination": [PAT]}})
    event = read_nudge(
        json.dumps({"Type": "Notification", "TopicArn": "arn:aws:sns:eu-west-1:1:bk-mail-trouble", "Message": message})
    )
    assert event is not None
    return event


def returns(box: LetterBox, told: Json, letter: str = "ses-1") -> None:
    box.company.follow(brought(told, letter))
    box.company.settle()


def alerts(company: Company) -> list[str]:
    """The messages about the job in the admin's conversation."""
    return [posted.message.text for posted in company.messages(ANA) if "cannot be written to" not in posted.message.text]


def notices(company: Company) -> list[str]:
    return [
        json.dumps(posted.message.blocks) for posted in company.messages(ANA) if "cannot be written to" in posted.message.text
    ]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (PERMANENT, "there is no such mailbox"),
        (TRANSIENT, "full or does not answer"),
        (COMPLAINT, "marked a letter as spam"),
        (REJECT, "would not send"),
    ],
    ids=["bounce", "full", "complaint", "reject"],
)
def test_what_a_returned_letter_told_is_told_to_the_admin_who_hears_why(told: Json, words: str) -> None:
    box = told_by_mail()
    returns(box, told)

    assert len(alerts(box.company)) == 1
    assert "Orders database has no fresh backup" in alerts(box.company)[0]
    [notice] = notices(box.company)
    assert words in notice
    assert PAT in notice
    assert "What to do" in notice
    assert len(box.letters) == 1
    assert box.company.standing().pending is None


def test_the_ledger_says_that_it_came_back_and_why() -> None:
    box = told_by_mail()
    returns(box, PERMANENT)

    whys = {row.outcome: row.why for row in box.company.ledger.rows(PAT)}
    assert whys["failed"] == "bounced: General"
    assert whys["delivered"] == f"{PAT} has no account here, and mail was refused (mailbox_shut); the admin was told"


@pytest.mark.parametrize("told", [PERMANENT, COMPLAINT], ids=["bounce", "complaint"])
def test_twice_is_once(told: Json) -> None:
    box = told_by_mail()
    for _ in range(3):
        returns(box, told)
        box.company.pass_time(minutes=10)

    assert len(alerts(box.company)) == 1
    assert len(notices(box.company)) == 1


def test_the_message_in_its_place_lives_on() -> None:
    box = told_by_mail()
    returns(box, PERMANENT)
    box.company.land()
    box.company.look()

    assert len(box.letters) == 1
    assert ["backed up again" in text for text in alerts(box.company)] == [True]


@pytest.mark.thorough
def test_the_next_break_is_told_elsewhere_at_once_and_the_admin_hears_of_the_address_no_more() -> None:
    box = told_by_mail()
    returns(box, COMPLAINT)
    box.company.land()
    box.company.look()
    box.company.pass_time(hours=24 * 60)
    box.company.look()

    assert len(box.letters) == 1
    assert len(alerts(box.company)) == 2
    assert len(notices(box.company)) == 1


@pytest.mark.parametrize(("told", "days"), [(TRANSIENT, 1), (PERMANENT, 30)], ids=["full", "bounce"])
def test_an_address_that_may_have_been_mended_is_tried_again(told: Json, days: int) -> None:
    box = told_by_mail()
    returns(box, told)
    box.company.land()
    box.company.look()
    box.company.pass_time(days=days, hours=3)
    box.company.look()

    assert len(box.letters) == 2


@pytest.mark.thorough
def test_one_storm_that_came_back_is_one_card_for_the_admin() -> None:
    box = storm_of(14)
    returns(box, PERMANENT)

    assert len(box.letters) == 1
    [card] = alerts(box.company)
    assert "14" in card
    assert all(box.company.standing(f"job-{n:03}").pending is None for n in range(14))


@pytest.mark.thorough
def test_a_later_letter_of_a_storm_that_came_back_takes_all_of_it_to_the_admin() -> None:
    box = storm_of(8)
    box.company.pass_time(hours=13)
    box.company.look()
    returns(box, PERMANENT, "ses-2")

    assert len(box.letters) == 2
    [card] = alerts(box.company)
    assert "8" in card


def test_what_is_over_by_now_is_not_told_as_if_it_were_not() -> None:
    box = told_by_mail()
    box.company.land()
    box.company.look()
    returns(box, PERMANENT, "ses-1")
    returns(box, PERMANENT, "ses-2")

    assert alerts(box.company) == []
    assert len(notices(box.company)) == 1
    assert box.company.standing().pending is None


@pytest.mark.thorough
def test_an_owner_whom_the_list_names_anew_is_told_as_ever() -> None:
    box = told_by_mail()
    returns(box, PERMANENT)
    box.company.list_jobs(ORDERS)
    box.company.pass_time(hours=13)
    box.company.look()

    assert len(box.company.messages()) == 1


def test_an_admin_whose_own_letter_comes_back_is_no_endless_loop() -> None:
    """Nobody is left in here: the queue's alarm, which goes past the sentinel, is for that."""
    company = Company(mailer=MemoryMailer())
    company.messenger.members = []
    company.list_jobs(ORDERS.replace("sam@example.com", ANA.email))
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    assert len(LetterBox(company, ANA.email).letters) == 1

    with pytest.raises(Exception, match="can be told"):
        returns(LetterBox(company, ANA.email), PERMANENT)
    assert company.standing().pending is not None


@pytest.mark.thorough
def test_news_that_are_quicker_than_our_own_note_are_followed_a_little_later() -> None:
    box = told_by_mail()
    box.company.follow(brought(PERMANENT, "ses-2"))
    assert [delay for _, delay in box.company.nudges.queued] == [60]
    box.company.pass_time(hours=13)
    box.company.look()  # meanwhile ses-2 is sent
    assert len(alerts(box.company)) == 1


def test_of_a_letter_that_we_never_sent_nothing_follows() -> None:
    box = told_by_mail()
    returns(box, PERMANENT, "somebody else's")

    assert box.company.followed == [True, False]
    assert box.company.messages(ANA) == []
    assert box.company.ledger.shut_why(PAT, box.company.now) == ""


def died(company: Company, calls: int, event: Event) -> None:
    ledger, standings, left = company.ledger, company.standings, [calls]
    company.ledger = DiesAfter(ledger, left)  # type: ignore[assignment]
    company.standings = DiesAfter(standings, left)  # type: ignore[assignment]
    with suppress(Killed):
        company.follow(event)
    company.ledger, company.standings = ledger, standings


@pytest.mark.thorough
@pytest.mark.parametrize("make", [told_by_mail, lambda: storm_of(7)], ids=["one", "storm"])
@pytest.mark.parametrize("calls", range(1, 40, 2))
def test_killed_after_any_call_the_same_news_again_end_alike(calls: int, make: Callable[[], LetterBox]) -> None:
    box = make()
    event = brought(PERMANENT, "ses-1")
    died(box.company, calls, event)
    box.company.pass_time(minutes=2)
    box.company.follow(event)
    box.company.pass_time(minutes=2)
    box.company.settle()

    assert len(alerts(box.company)) == 1
    assert len(notices(box.company)) == 1
    assert all(standing.pending is None for standing in box.company.standings.every())


# --- what else lies in the queue -----------------------------------------------------------------


def envelope(message: Any) -> str:
    return json.dumps({"Type": "Notification", "TopicArn": "arn:aws:sns:eu-west-1:1:bk-mail-trouble", "Message": message})


@pytest.mark.parametrize(
    "message",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",  # what SES says when the topic is named to it
        "",
        "null",
        "[]",
        '"text"',
        "{}",
        '{"eventType": "Bounce"}',
        '{"eventType": "Bounce", "mail": {"messageId": "m"}}',
        '{"eventType": "Bounce", "mail": {"messageId": "m"}, "bounce": []}',
        '{"eventType": "Bounce", "mail": {"messageId": "m"}, "bounce": {"bounceType": "Permanent", "bouncedRecipients": [1]}}',
        '{"eventType": "Bounce", "mail": {"messageId": "m"}, "bounce": {"bounceType": "Permanent", "bouncedRecipients": 1}}',
        '{"eventType": "Bounce", "mail": {"messageId": ["m"]}, "bounce": {"bounceType": "Permanent"}}',
        '{"eventType": "Bounce", "mail": {"messageId": ""}, "bounce": {"bounceType": "Permanent"}}',
        '{"eventType": "Complaint", "mail": {"messageId": "m"}, "complaint": null}',
        '{"eventType": "Delivery", "mail": {"messageId": "m"}}',
        '{"eventType": ["Bounce"], "mail": {"messageId": "m"}}',
        None,
        7,
        {"eventType": "Bounce"},
        "[" * 100_000,
    ],
)
def test_what_tells_of_no_returned_letter_is_let_go(message: Any) -> None:
    assert read_nudge(envelope(message)) is None


@pytest.mark.parametrize(
    ("recipient", "kind"),
    [({}, None), ({"action": "failed", "status": "4.4.7", "diagnosticCode": "smtp; 451 later"}, "delayed")],
    ids=["out of office", "given up"],
)
def test_who_answers_by_a_machine_has_the_letter(recipient: Json, kind: str | None) -> None:
    """SES calls an answer from somebody on holiday a bounce; what a mail server gave up has that server's status."""
    bounce = {"bounceType": "Transient", "bounceSubType": "General", "bouncedRecipients": [{"emailAddress": PAT, **recipient}]}
    event = read_nudge(envelope(json.dumps({"eventType": "Bounce", "bounce": bounce, "mail": {"messageId": "m"}})))

    assert (event.detail["kind"] if event else None) == kind


def test_what_a_mail_server_wrote_is_not_kept() -> None:
    diagnosis = {"emailAddress": PAT, "status": "5.1.1", "diagnosticCode": "smtp; 550 you wrote: the whole secret body"}
    bounce = {"bounceType": "Permanent", "bounceSubType": "NoEmail", "bouncedRecipients": [diagnosis]}
    event = read_nudge(envelope(json.dumps({"eventType": "Bounce", "bounce": bounce, "mail": {"messageId": "m"}})))

    assert event is not None
    assert event.detail == {"v": 1, "letter": "m", "kind": "bounced", "why": "NoEmail 5.1.1"}


@pytest.mark.parametrize("body", ["[]", "7", '"x"', "null", "{}", '{"detail-type": "bk.alert"}'])
def test_what_is_neither_news_nor_nudge_says_so(body: str) -> None:
    with pytest.raises(ValueError, match="nudge"):
        read_nudge(body)
