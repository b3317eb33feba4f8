"""Two recipients whose messages go to one place: one message is enough, and it is kept true for both."""

from tests.flows.company import ANA, AWAKE, ORDERS, SAM, Company
from workflows.kernel.ports import Member

GONE = "gone@example.com"
ROW = ORDERS.replace("sam@", "gone@")


def escalated(row: str = ROW) -> Company:
    """Its owner has no account, so the admin was told in their place; a day later it escalates, to the admin."""
    company = Company()
    company.list_jobs(row)
    company.land()
    company.look()
    company.pass_time(hours=40)
    company.look()
    assert company.standing().state == "alert"
    company.pass_time(hours=25)
    company.look()
    assert company.standing().state == "escalate"
    return company


def test_the_admin_who_stands_in_for_an_owner_is_not_told_twice_when_it_escalates() -> None:
    company = escalated()

    assert len(company.messages(ANA)) == 1
    assert "escalated" in company.messages(ANA)[0].message.text
    assert len(company.lines(ANA)) == 1, "that it has escalated is said aloud, once"
    assert company.standing().recipients == (GONE, ANA.email)
    assert company.standing().pending is None


def test_whoever_comes_first_brings_the_message_up_to_date_when_the_other_ones_turn_was_cut_off() -> None:
    company = Company()
    company.list_jobs(ROW)
    company.land()
    company.look()
    company.pass_time(hours=40)
    company.look()
    company.pass_time(hours=25)
    company.check()
    assert company.ledger.take_lease(GONE, holder="one that died", now=company.now, seconds=4)
    for event in company.bus.take():
        company.follow(event)
    assert len(company.messages(ANA)) == 1
    company.sleep(seconds=5)
    company.settle()

    assert company.standing().state == "escalate"
    assert len(company.messages(ANA)) == 1
    assert "escalated" in company.messages(ANA)[0].message.text
    assert len(company.lines(ANA)) == 1
    assert company.standing().pending is None
    told = company.standing().told
    assert told[GONE].ts == told[ANA.email].ts
    assert {one.say for one in told.values()} == {company.standing().say}


def test_the_ledger_says_who_was_told_in_the_same_place() -> None:
    (row,) = escalated().ledger.rows(ANA.email)

    assert (row.outcome, row.why) == ("suppressed", f"{GONE} was told in the same place")
    assert (row.kind, row.ts != "") == ("worse", True)


def test_what_follows_is_written_once_for_both() -> None:
    company = escalated()
    company.pass_time(hours=25)
    company.look()  # a reminder
    assert len(company.lines(ANA)) == 2
    company.land()
    company.look()

    assert len(company.messages(ANA)) == 1
    assert "backed up again" in company.messages(ANA)[0].message.text
    assert len(company.lines(ANA)) == 3, "an escalation is called off aloud"
    told = company.standing().told
    assert told[GONE].ts == told[ANA.email].ts
    assert {one.say for one in told.values()} == {company.standing().say}


def test_a_message_that_somebody_deletes_is_replaced_once() -> None:
    company = escalated()
    company.messenger.messages.clear()
    company.pass_time(hours=25)
    company.look()

    assert len(company.messages(ANA)) == 1
    told = company.standing().told
    assert told[GONE].ts == told[ANA.email].ts


def test_two_addresses_of_one_person_are_one_place() -> None:
    company = Company()
    company.messenger.members.append(Member(user_id=SAM.user_id, email="sammy@example.com", name="Sam"))
    company.documents.put("rules.txt", f"{AWAKE}[escalation]\nescalate to: sammy@example.com\n")
    company.list_jobs(ORDERS)
    company.land()
    company.look()
    for hours in (40, 25):
        company.pass_time(hours=hours)
        company.look()

    assert company.standing().state == "escalate"
    assert company.standing().recipients == (SAM.email, "sammy@example.com")
    assert len(company.messages(SAM)) == 1


def test_a_new_owner_without_an_account_does_not_double_the_admins_message() -> None:
    company = Company()
    company.list_jobs(ORDERS.replace("sam@example.com", ""))
    company.land()
    company.look()
    company.pass_time(hours=27)
    company.look()
    company.list_jobs(ROW)
    company.look()

    assert company.standing().recipients == (GONE, ANA.email)
    assert len(company.messages(ANA)) == 1


def test_the_escalation_of_a_whole_storm_is_told_on_its_one_card() -> None:
    company = Company()
    company.list_jobs(*(f"job-{n},Job {n},{GONE},s3://acme/job-{n}/,,26h,,no" for n in range(8)))
    for number in range(8):
        company.land(f"job-{number}/a.dump")
    company.look()
    for hours in (40, 25):
        company.pass_time(hours=hours)
        company.check()
        company.settle()
        for _ in range(5):
            company.sleep(seconds=10)
            company.settle()

    assert company.standing("job-3").state == "escalate"
    assert len(company.messages(ANA)) == 1
    assert "8 of your backups" in company.messages(ANA)[0].message.text
    assert company.standing("job-3").pending is None


def test_somebody_else_is_told_by_a_message_of_their_own() -> None:
    company = escalated(ORDERS)

    assert (len(company.messages(SAM)), len(company.messages(ANA))) == (1, 1)
