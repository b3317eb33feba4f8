"""What people see and do on the board: rights, races, repeats, in memory."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bolt_app.adapters.memory.messenger import MemoryDirectory
from bolt_app.adapters.memory.proposals import MemoryProposals
from tests.flows.company import ANA, GUS, KIM, ORDERS, SAM, TEAM, Company, broken_company
from tests.flows.test_storm import storm
from workflows.backup import acknowledgement
from workflows.backup.board import Board, JobView, board_of, job_view
from workflows.backup.muting import mute_form, mute_with
from workflows.backup.press import MuteChoice, MuteForm, Press, Reply, SnoozeChoice
from workflows.backup.size_right import accept_size
from workflows.backup.storm_answer import SnoozeAllForm, SnoozedAll, StormPress, snooze_all, snooze_all_form
from workflows.kernel.errors import Unanswered
from workflows.kernel.ports import Member
from workflows.kernel.rights import Authority

AUTHORITY = Authority(team_id=TEAM, admin=ANA.email)


def ports(company: Company) -> dict[str, Any]:
    return {
        "standings": company.standings,
        "bus": company.bus,
        "directory": MemoryDirectory(company.messenger),
        "authority": AUTHORITY,
        "now": company.now,
    }


def press(company: Company, member: Member = SAM, job_id: str = "orders-db") -> Press:
    standing = company.standings.get(job_id)
    return Press(job_id=job_id, user_id=member.user_id, team_id=TEAM, break_id=standing.break_id if standing else "")


def seen(company: Company, member: Member, *, proposals: Any = None) -> Board | Reply:
    return board_of(
        member.user_id,
        TEAM,
        standings=company.standings,
        proposals=proposals or MemoryProposals(),
        directory=MemoryDirectory(company.messenger),
        authority=AUTHORITY,
        now=company.now,
    )


def board_seen(company: Company, member: Member) -> Board:
    board = seen(company, member)
    assert isinstance(board, Board)
    return board


def acts(company: Company, job_id: str = "orders-db") -> list[tuple[str, str, str]]:
    return [(entry.action, entry.by, entry.why) for entry in company.standings.history(job_id, 50)]


# --- what is seen -----------------------------------------------------------------------------------


def test_everybody_sees_all_jobs_and_may_act_on_their_own() -> None:
    company = broken_company()
    (job,) = board_seen(company, KIM).jobs
    assert [board_seen(company, member).may(job) for member in (SAM, KIM, ANA)] == [True, False, True]
    assert [board_seen(company, member).mine(job) for member in (SAM, KIM, ANA)] == [True, False, False]


def test_guests_and_other_workspaces_see_nothing() -> None:
    company = broken_company()
    assert isinstance(seen(company, GUS), Reply)
    elsewhere = job_view(
        "orders-db",
        SAM.user_id,
        "T9",
        standings=company.standings,
        directory=MemoryDirectory(company.messenger),
        authority=AUTHORITY,
    )
    assert isinstance(elsewhere, Reply)
    assert "another workspace" in elsewhere.text


def test_the_board_knows_the_last_check_what_is_not_observed_and_the_mistakes() -> None:
    company = broken_company()
    company.list_jobs(ORDERS, "bad,Bad,sam@example.com,ftp://x,,26h,,no")
    company.look()
    board = board_seen(company, ANA)
    assert board.checked_at == company.now
    assert board.blind == ()
    assert [(detail["about"], detail["items"][0]["row"]) for detail in board.troubles] == [("list_errors", 3)]
    assert board_seen(company, SAM).troubles == ()
    company.sleep(hours=3)
    assert [span["mode"] for span in board_seen(company, SAM).blind] == ["fast"]


def test_rows_that_are_held_stand_on_the_board_of_those_who_can_let_them_go() -> None:
    company = Company()
    company.list_jobs(*(f"j{n},Job {n},sam@example.com,s3://acme/j{n}/,,26h,,no" for n in range(8)))
    company.look()
    company.list_jobs("j0,Job 0,sam@example.com,s3://acme/j0/,,26h,,no")
    company.look()
    (held,) = [detail for detail in board_seen(company, ANA).troubles if detail["about"] == "vanished_rows"]
    assert held["count"] == 7
    assert "Job 1" in held["rows"]
    assert held["held"] == company.standings.fleet()["held"]["mark"]


def test_proposals_that_cannot_be_read_are_not_taken_for_none() -> None:
    class Silent(MemoryProposals):
        def open(self) -> Any:
            raise Unanswered("timeout")

    board = seen(broken_company(), SAM, proposals=Silent())
    assert isinstance(board, Board)
    assert board.proposals is None
    assert len(board.jobs) == 1


def test_a_job_that_left_the_list_has_no_details() -> None:
    company = broken_company()
    found = job_view(
        "gone", SAM.user_id, TEAM, standings=company.standings, directory=MemoryDirectory(company.messenger), authority=AUTHORITY
    )
    assert isinstance(found, Reply)
    assert found.kind == "gone"
    there = job_view(
        "orders-db",
        KIM.user_id,
        TEAM,
        standings=company.standings,
        directory=MemoryDirectory(company.messenger),
        authority=AUTHORITY,
    )
    assert isinstance(there, JobView)
    assert not there.may


# --- mute --------------------------------------------------------------------------------------------


def test_a_mute_gets_an_end_and_a_reason_and_speaks_again_at_nine_of_that_day() -> None:
    company = broken_company()
    assert company.press("mute").kind == "done"
    form = mute_form(press(company), **ports(company))
    assert isinstance(form, MuteForm)
    assert form.muted
    done = mute_with(press(company), MuteChoice(date="2026-11-20", reason=" new disk ", muted=True), **ports(company))
    assert done.kind == "done"
    answer = company.standing().answer
    assert answer is not None
    assert (f"{answer.until:%d %H:%M}", answer.reason, company.standing().muted) == ("20 09:00", "new disk", True)
    assert ("mute", SAM.user_id, "new disk") in acts(company)
    company.pass_time(days=3, hours=1)
    company.look()
    assert not company.standing().muted


def test_a_mute_form_sent_twice_changes_nothing_and_says_so() -> None:
    company = broken_company()
    choice = MuteChoice(date="2026-11-20", reason="new disk")
    assert mute_with(press(company), choice, **ports(company)).kind == "done"
    before = company.standing()
    again = mute_with(press(company), choice, **ports(company))
    assert (again.kind, again.text) == ("already", f"It is muted already by <@{SAM.user_id}>, until Fri 20 Nov, 09:00 (UTC).")
    assert company.standing() == before


def test_who_mutes_second_is_told_who_was_first_and_changes_nothing() -> None:
    company = broken_company()
    company.press("mute", ANA)
    second = mute_with(press(company), MuteChoice(reason="mine"), **ports(company))
    assert second.text == f"It is muted already by <@{ANA.user_id}>. Nothing was changed."
    assert company.press("mute").text == f"It is muted already by <@{ANA.user_id}>."
    offered = mute_with(press(company), MuteChoice(date="2026-11-20", muted=True), **ports(company))
    assert offered.kind == "already"
    answer = company.standing().answer
    assert answer is not None
    assert (answer.by, answer.until) == (ANA.user_id, None)


def test_what_was_unmuted_while_its_form_was_open_stays_so() -> None:
    company = broken_company()
    company.press("mute")
    company.press("unmute", ANA)
    late = mute_with(press(company), MuteChoice(date="2026-11-20", muted=True), **ports(company))
    assert (late.kind, late.text) == ("stale", f"It was unmuted meanwhile by <@{ANA.user_id}>. Nothing was changed.")
    assert not company.standing().muted


@pytest.mark.parametrize(
    ("date", "says"), [("2026-11-17", "after today"), ("nonsense", "is none"), ("2028-01-01", "At most a year")]
)
def test_an_end_that_cannot_be_is_said_at_its_field(date: str, says: str) -> None:
    company = broken_company()
    reply = mute_with(press(company), MuteChoice(date=date), **ports(company))
    assert reply.kind == "invalid"
    assert says in reply.text
    assert not company.standing().muted


def test_a_stranger_neither_mutes_nor_sees_the_form_and_the_refusal_is_audited() -> None:
    company = broken_company()
    for use_case, more in ((mute_form, ()), (mute_with, (MuteChoice(),)), (accept_size, ())):
        reply = use_case(press(company, KIM), *more, **ports(company))
        assert isinstance(reply, Reply)
        assert reply.kind == "refused"
    assert [action for action, by, _ in acts(company) if by == KIM.user_id] == ["refused"] * 3


# --- this size is right ------------------------------------------------------------------------------


def shrunk() -> Company:
    """Sam's database was usually 1,000 bytes; now it is 300."""
    company = Company()
    company.list_jobs(ORDERS)
    for _ in range(6):
        company.land(size=1000)
        company.pass_time(hours=24)
        company.look()
    company.land(size=300)
    company.look()
    assert [finding.rule for finding in company.standing().findings] == ["shrank"]
    return company


def test_a_size_that_is_right_is_the_new_usual_at_once() -> None:
    company = shrunk()
    newest = company.standing().findings[0].at
    reply = accept_size(press(company), **ports(company))
    assert (reply.kind, reply.text) == ("done", "Sizes are compared with this one from now on. Looking at it now.")
    company.settle()
    assert company.standing().state == "all_green"
    assert company.standing().baseline_from == newest
    assert acts(company)[-1:] != []
    entry = next(entry for entry in company.standings.history("orders-db", 50) if entry.action == "size_right")
    assert (entry.by, "sizes_from" in entry.after) == (SAM.user_id, True)
    for _ in range(3):
        company.pass_time(hours=24)
        company.land(size=310)
        company.look()
    company.pass_time(hours=24)
    company.land(size=50)
    company.look()
    assert [finding.rule for finding in company.standing().findings] == ["shrank"]


def test_a_size_is_accepted_once() -> None:
    company = shrunk()
    accept_size(press(company), **ports(company))
    again = accept_size(press(company, ANA), **ports(company))
    assert (again.kind, again.text) == ("already", "That was said of this size already; it is being looked at.")
    company.settle()
    late = accept_size(press(company), **ports(company))
    assert late.text == "Its size is as usual. Nothing was changed."


def test_what_the_row_asks_for_and_zero_bytes_nobody_calls_right() -> None:
    company = Company()
    company.list_jobs("orders-db,Orders database,sam@example.com,s3://acme/orders/,,26h,5KB,no")
    company.land(size=1000)
    company.look()
    assert "change *At least*" in accept_size(press(company), **ports(company)).text
    company.pass_time(hours=1)
    company.land(size=0)
    company.look()
    assert "0 bytes" in accept_size(press(company), **ports(company)).text


# --- snooze, by two at once ---------------------------------------------------------------------------


def test_whoever_snoozes_second_is_told_who_did_and_until_when() -> None:
    company = broken_company()
    assert company.snooze(SnoozeChoice(choice="1d", taken=0)).kind == "done"
    second = company.snooze(SnoozeChoice(choice="7d", taken=0), ANA)
    assert second.kind == "already"
    assert second.text == (
        f"Already snoozed by <@{SAM.user_id}>, until Wed 18 Nov, 12:00 (UTC). "
        "Nothing was changed; snooze once more to change that."
    )
    assert company.standing().snoozes == 1
    form = acknowledgement.snooze_form(press(company, ANA), **ports(company))
    assert not isinstance(form, Reply)
    assert (form.taken, form.snoozed) == (1, f"Already snoozed by <@{SAM.user_id}>, until Wed 18 Nov, 12:00 (UTC).")
    assert company.snooze(SnoozeChoice(choice="7d", taken=1), ANA).kind == "done"


# --- snooze all ---------------------------------------------------------------------------------------


def card_press(company: Company, member: Member = SAM) -> StormPress:
    (card,) = company.messages(SAM)
    return StormPress(recipient=SAM.email, ts=card.ts, user_id=member.user_id, team_id=TEAM)


def asked_all(company: Company, member: Member = SAM) -> SnoozeAllForm | Reply:
    return snooze_all_form(card_press(company, member), ledger=company.ledger, **ports(company))


def snoozed_all(company: Company, choice: SnoozeChoice, *, time_for: int = 999, member: Member = SAM) -> SnoozedAll | Reply:
    left = iter(range(time_for))
    return snooze_all(
        card_press(company, member),
        choice,
        ledger=company.ledger,
        concurrently=lambda work, items: [work(item) for item in items],
        in_time=lambda: next(left, None) is not None,
        **ports(company),
    )


@pytest.fixture
def stormy() -> Company:
    company = storm(6)
    company.look()
    return company


def test_all_of_a_card_are_snoozed_with_one_nudge(stormy: Company) -> None:
    form = asked_all(stormy)
    assert isinstance(form, SnoozeAllForm)
    assert (form.left, form.over, form.critical, form.others) == (6, 0, 0, 0)
    done = snoozed_all(stormy, SnoozeChoice(choice="3d", reason="the NAS is being moved"))
    assert done == SnoozedAll(snoozed=6, escalated=0)
    assert len(stormy.bus.take()) == 1
    for number in range(6):
        assert stormy.standing(f"job-{number:03}").snooze_until == stormy.now + timedelta(days=3)
        assert ("snooze", SAM.user_id, "the NAS is being moved") in acts(stormy, f"job-{number:03}")


def test_pressed_twice_the_second_finds_nothing_left(stormy: Company) -> None:
    snoozed_all(stormy, SnoozeChoice(choice="1d"))
    again = snoozed_all(stormy, SnoozeChoice(choice="1d"))
    assert isinstance(again, Reply)
    assert (again.kind, "Nothing of this card is left" in again.text) == ("already", True)
    assert all(stormy.standing(f"job-{number:03}").snoozes == 1 for number in range(6))


def test_what_there_was_no_time_for_is_asked_for_again(stormy: Company) -> None:
    done = snoozed_all(stormy, SnoozeChoice(choice="1d"), time_for=4)
    assert isinstance(done, SnoozedAll)
    assert done.form is not None
    assert (done.snoozed, done.form.left, done.form.done) == (4, 2, 4)
    rest = snoozed_all(stormy, SnoozeChoice(choice="1d"))
    assert isinstance(rest, SnoozedAll)
    assert rest.snoozed == 2
    assert all(stormy.standing(f"job-{number:03}").snoozes == 1 for number in range(6))


def test_each_job_has_its_own_cap_and_the_form_says_so_first(stormy: Company) -> None:
    stormy.standings.save(replace(stormy.standing("job-000"), snoozes=3), None)
    form = asked_all(stormy)
    assert isinstance(form, SnoozeAllForm)
    assert (form.left, form.over) == (6, 1)
    done = snoozed_all(stormy, SnoozeChoice(choice="1d"))
    assert isinstance(done, SnoozedAll)
    assert (done.snoozed, done.escalated) == (5, 1)
    assert stormy.standing("job-000").state == "escalate"


def test_a_choice_that_fits_none_of_them_is_asked_anew(stormy: Company) -> None:
    reply = snoozed_all(stormy, SnoozeChoice(choice="date", date="2020-01-01"))
    assert isinstance(reply, Reply)
    assert (reply.kind, reply.text) == ("invalid", "Choose a day after today.")


def test_a_stranger_snoozes_none_and_is_refused_once(stormy: Company) -> None:
    reply = asked_all(stormy, KIM)
    assert isinstance(reply, Reply)
    assert reply.kind == "refused"
    refusals = [act for number in range(6) for act in acts(stormy, f"job-{number:03}") if act[0] == "refused"]
    assert len(refusals) == 1


def test_a_card_that_nobody_remembers_says_so(stormy: Company) -> None:
    forged = StormPress(recipient=SAM.email, ts="9.9", user_id=SAM.user_id, team_id=TEAM)
    reply = snooze_all_form(forged, ledger=stormy.ledger, **ports(stormy))
    assert isinstance(reply, Reply)
    assert reply.kind == "stale"


def test_what_came_back_meanwhile_is_left_alone(stormy: Company) -> None:
    stormy.land("j000/b.dump")
    stormy.check()
    form = asked_all(stormy)
    assert isinstance(form, SnoozeAllForm)
    assert (form.left, form.others) == (5, 1)
