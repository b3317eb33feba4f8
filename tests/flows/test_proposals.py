"""A backup proposes itself, people decide, and its one card tells the story: with races, crashes and lost answers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bolt_app.adapters.memory.messenger import Fault
from tests.flows.company import ANA, GUS, KIM, SAM
from tests.flows.office import CHANNEL, NIGHTLY, Office
from workflows.kernel.errors import Conflict, Refused, Unanswered
from workflows.kernel.ports import AuditEntry, Event
from workflows.kernel.proposal import Proposal
from workflows.kernel.proposals import added
from workflows.kernel.reply import Reply


@pytest.fixture
def office() -> Office:
    return Office()


# --- proposing -------------------------------------------------------------------------------------


def test_an_unknown_heartbeat_makes_one_card_however_often_it_comes(office: Office) -> None:
    assert office.beat() == "new"
    office.settle()
    for _ in range(5):
        office.pass_time(days=1)
        assert office.beat() == "again"
        office.settle()
    (card,) = office.cards()
    assert "Learned from 6 check-ins" in str(card.message.blocks)
    assert office.only().cells["schedule"] == "daily 09:00"
    assert office.only().due is None


def test_the_very_same_sighting_counts_once(office: Office) -> None:
    office.beat()
    assert office.beat() == "unchanged"
    assert len(office.only().seen) == 1
    assert office.only().rev == 1


def test_who_reports_every_second_is_written_down_once_a_minute(office: Office) -> None:
    for _ in range(120):
        office.beat()
        office.pass_time(seconds=1)
    assert len(office.only().seen) == 2


def test_a_failure_within_the_minute_is_not_taken_for_a_repeat(office: Office) -> None:
    office.beat()
    office.pass_time(seconds=5)
    assert office.beat(outcome="failed") == "again"


def test_reports_of_one_job_are_one_proposal_and_of_another_host_another(office: Office) -> None:
    office.report()
    office.pass_time(days=1)
    office.report(replace(NIGHTLY, tool="Veeam", job="nightly  vms"))
    assert len(office.only().seen) == 2
    office.report(replace(NIGHTLY, host="nas-03"))
    assert len(office.proposals.every()) == 2


def test_two_that_propose_at_once_lose_no_sighting(office: Office) -> None:
    office.beat()
    office.pass_time(hours=1)
    before_the_next_save(office, lambda: office.beat(outcome="failed", id="theirs"))
    assert office.beat() == "again"
    assert len(office.only().seen) == 3


def test_what_was_discarded_is_not_proposed_again(office: Office) -> None:
    office.beat()
    assert office.press("discard").kind == "done"
    office.settle()
    office.pass_time(days=1)
    assert office.beat() == "discarded"
    office.settle()
    assert office.cards() == []
    assert len(office.only().seen) == 1


def test_a_mail_that_comes_while_its_job_is_being_added_is_kept_to_be_read_again(office: Office) -> None:
    office.report()
    office.press("approve")
    office.pass_time(minutes=3)
    assert office.report(ref="m2") == "approving"
    assert [one["ref"] for one in office.only().seen] == ["m1", "m2"]


# --- deciding --------------------------------------------------------------------------------------


def test_approve_adds_the_row_and_the_card_ends_with_who_did_it(office: Office) -> None:
    office.beat()
    office.settle()
    assert office.press("approve").kind == "done"
    office.settle()
    assert "Adding" in str(office.cards()[0].message.blocks)
    added(office.only().proposal_id, proposals=office.proposals, bus=office.bus, now=office.now)
    office.settle()
    (card,) = office.cards()
    assert "Added by <@UKIM>" in str(card.message.blocks)
    assert office.only().state == "approved"
    assert [entry.action for entry in office.proposals.history("pg-main")] == ["proposed", "approve_proposal", "added"]


def test_the_order_carries_the_row_and_who_said_so(office: Office) -> None:
    office.beat()
    office.bus.take()
    office.press("approve")
    order, nudge = office.bus.take()
    assert order.kind == "bk.register"
    assert order.detail == {
        "v": 1,
        "op": "add",
        "rows": [{"key": "pg-main", "cells": dict(office.only().cells), "expected_old": {}}],
        "proposal_id": office.only().proposal_id,
        "by": "UKIM",
    }
    assert nudge == Event(kind="bk.proposal", detail={"v": 1, "proposal_id": office.only().proposal_id})


def test_whoever_comes_second_hears_who_was_first(office: Office) -> None:
    office.beat()
    office.press("approve")
    office.pass_time(minutes=1)
    for act in ("approve", "discard", "retry"):
        reply = office.press(act, ANA)
        assert (reply.kind, reply.text) == ("already", "<@UKIM> approved it a minute ago; it is being added.")
    added(office.only().proposal_id, proposals=office.proposals, bus=office.bus, now=office.now)
    assert office.press("approve").text == "<@UKIM> approved it a minute ago; it is on the list."


def test_a_discarded_one_is_not_approved_any_more(office: Office) -> None:
    office.beat()
    office.press("discard")
    assert office.press("approve", ANA).text == "<@UKIM> discarded it just now."
    assert office.press("approve", ANA, "hb-0000000000000000").kind == "gone"


def test_two_who_press_at_once_are_told_apart(office: Office) -> None:
    office.beat()
    before_the_next_save(office, lambda: office.press("discard", ANA))
    reply = office.press("approve")
    assert (reply.kind, reply.text) == ("already", "<@UANA> discarded it just now.")
    assert office.only().state == "discarded"


@pytest.mark.parametrize(("member", "says"), [(SAM, "Only ana@example.com"), (GUS, "Guests cannot do that.")])
@pytest.mark.parametrize("act", ["approve", "discard", "retry"])
def test_who_may_not_decide_is_refused_privately_and_that_is_recorded(office: Office, act: str, member: Any, says: str) -> None:
    office.beat()
    reply = office.press(act, member)
    assert reply.kind == "refused"
    assert reply.text.startswith(says)
    refusal = office.proposals.history("pg-main")[-1]
    assert (refusal.action, refusal.by, refusal.after) == ("refused", member.user_id, {"asked": act})
    assert office.only().state == "pending"


# --- editing ---------------------------------------------------------------------------------------


def test_what_an_approver_edits_is_approved_with_it(office: Office) -> None:
    office.beat()
    reply = office.press("edit", KIM, "", {**office.only().cells, "window": "3d", "owner_email": "sam@example.com"})
    assert reply.kind == "done"
    assert office.only().state == "approving"
    assert (office.only().cells["window"], office.only().cells["owner_email"]) == ("3d", "sam@example.com")


def test_what_anyone_else_edits_waits_with_their_name_on_it_and_outlives_what_is_learned(office: Office) -> None:
    office.beat()
    reply = office.press("edit", SAM, "", {**office.only().cells, "window": "3d", "name": "Main database"})
    assert (reply.kind, reply.text) == ("done", "An approver must say yes first; it is on a card for them.")
    assert office.only().state == "pending"
    assert dict(office.only().edited) == {"window": "USAM", "name": "USAM"}
    for _ in range(4):
        office.pass_time(days=1)
        office.beat()
    cells = office.only().cells
    assert (cells["window"], cells["name"], cells["schedule"]) == ("3d", "Main database", "daily 09:00")


def test_a_guest_edits_nothing(office: Office) -> None:
    office.beat()
    assert office.press("edit", GUS, "", {"window": "3d"}).kind == "refused"
    assert office.only().edited == {}


def test_an_edit_with_mistakes_is_answered_at_its_fields(office: Office) -> None:
    office.beat()
    reply = office.press("edit", KIM, "", {**office.only().cells, "window": "26hours?", "owner_email": "sam"})
    assert reply.kind == "invalid"
    assert set(reply.errors) == {"window", "owner_email"}
    assert office.only().state == "pending"


def test_a_row_whose_id_is_taken_is_not_approved_until_it_has_one_of_its_own(office: Office) -> None:
    office.list_job("nightly-vms", {"name": "Other", "target": "report", "window": "26h"})
    office.report()
    assert office.press("approve").kind == "invalid"
    assert office.press("edit", KIM, "", {**office.only().cells, "job_id": "nightly-nas-02"}).kind == "done"
    assert office.only().key == "nightly-nas-02"


# --- a doubtful match ------------------------------------------------------------------------------

FILES = {"name": "File server", "target": "s3://acme/files/", "window": "26h"}


def test_this_job_changes_its_row_so_that_it_is_known_next_time(office: Office) -> None:
    office.list_job("files", FILES)
    office.report(candidates=("files", "other"))
    assert office.press("approve").kind == "invalid"
    assert office.press("answer", KIM, "", "files").kind == "done"
    change = office.only()
    assert (change.state, change.op, change.key) == ("approving", "change", "files")
    assert change.cells == {"report_from": "veeam · nas-02 · Nightly VMs", "target": "s3://acme/files/ report"}
    assert change.expected_old == {"report_from": "", "target": "s3://acme/files/"}
    assert office.press("answer", ANA, "", "other").kind == "already"


def test_a_new_job_becomes_a_plain_proposal_and_is_not_asked_again(office: Office) -> None:
    office.report(candidates=("files",))
    assert office.press("answer", KIM, "", "").kind == "done"
    office.pass_time(days=1)
    office.report(candidates=("files",))
    assert (office.only().state, office.only().candidates, office.only().op) == ("pending", (), "add")
    assert office.press("answer", KIM, "", "").kind == "already"
    assert office.press("approve").kind == "done"


def test_an_approver_who_says_that_an_edited_proposal_is_a_new_job_is_not_told_to_ask_an_approver(office: Office) -> None:
    office.report()
    office.press("edit", SAM, "", {"name": "Nightly machines"})
    doubtful = replace(office.only(), candidates=("files",))
    office.proposals.save(doubtful, AuditEntry(subject=doubtful.key, at=office.now, action="doubted", by="intake"))
    assert office.press("answer", KIM, "", "") == Reply(kind="done")
    assert (office.only().state, office.only().candidates, office.only().edited) == ("pending", (), {"name": SAM.user_id})


def test_a_job_that_left_the_list_meanwhile_cannot_be_the_one(office: Office) -> None:
    office.report(candidates=("files",))
    assert office.press("answer", KIM, "", "files").kind == "gone"
    assert office.press("answer", KIM, "", "never-asked").kind == "gone"


# --- asked for in Slack ----------------------------------------------------------------------------

ROW = {"name": "Orders", "target": "s3://acme/orders/", "window": "26h", "what": ""}


def test_an_approver_who_asks_for_a_row_has_approved_it(office: Office) -> None:
    assert office.press("ask", KIM, "slack-V1", ROW).kind == "done"
    assert (office.only().state, office.only().key, office.only().by) == ("approving", "orders", "UKIM")
    assert "what" not in office.only().cells
    office.settle(register=True)
    assert office.registered == ["slack-V1"]
    assert "Added by <@UKIM>" in str(office.cards()[0].message.blocks)


def test_anyone_else_who_asks_waits_for_an_approver(office: Office) -> None:
    assert office.press("ask", SAM, "slack-V1", ROW).text.startswith("An approver must say yes")
    assert office.press("ask", SAM, "slack-V1", ROW).text == "It is waiting for an approver."
    assert office.only().state == "pending"
    assert office.press("ask", GUS, "slack-V2", ROW).kind == "refused"
    assert office.press("ask", SAM, "slack-V3", {**ROW, "window": "soon"}).errors.keys() == {"window"}
    assert len(office.proposals.every()) == 1


def test_a_change_of_a_row_respects_what_it_began_with(office: Office) -> None:
    office.list_job("files", FILES)
    office.press("ask", SAM, "slack-V1", {"window": "3d"}, op="change", key="files", expected_old={"window": "26h"})
    assert (office.only().cells, office.only().expected_old) == ({"window": "3d"}, {"window": "26h"})
    office.press("edit", KIM, "", {"window": "4d", "name": "Files"}, expected_old={"window": "3d", "name": "File server"})
    assert office.only().expected_old == {"window": "26h", "name": "File server"}


# --- Adding…, and what stands in its way -----------------------------------------------------------


def test_a_card_that_is_still_adding_after_five_minutes_says_so_with_try_again(office: Office) -> None:
    office.beat()
    office.settle()
    office.press("approve")
    office.settle()
    assert "Try again" not in str(office.cards()[0].message.blocks)
    office.pass_time(minutes=4)
    assert office.tick() == 0
    office.pass_time(minutes=1)
    assert office.tick() == 1
    assert "Try again" in str(office.cards()[0].message.blocks)
    office.pass_time(minutes=30)
    assert office.tick() == 0
    assert office.press("retry").kind == "done"
    office.settle(register=True)
    assert office.only().state == "approved"


def test_what_stands_in_the_way_is_on_the_card_at_once(office: Office) -> None:
    office.beat()
    office.press("approve")
    office.settle()
    assert office.hinder("Google answers 403: the sheet is not shared with the account")
    assert not office.hinder("Google answers 403: the sheet is not shared with the account")
    office.settle()
    assert "403" in str(office.cards()[0].message.blocks)
    assert office.press("retry").kind == "done"
    assert office.only().why == ""


def test_what_is_stuck_may_be_edited_or_discarded_and_a_row_that_is_there_wins(office: Office) -> None:
    office.beat()
    office.press("approve")
    office.hinder("row 7 has this id already")
    assert office.press("edit", SAM, "", {**office.only().cells, "job_id": "pg"}).kind == "already"
    assert office.press("discard", ANA).kind == "done"
    assert not office.hinder("too late")
    assert added(office.only().proposal_id, proposals=office.proposals, bus=office.bus, now=office.now)
    assert not added(office.only().proposal_id, proposals=office.proposals, bus=office.bus, now=office.now)
    assert office.only().state == "approved"


def test_events_that_are_lost_cost_minutes_and_nothing_else(office: Office) -> None:
    office.beat()
    office.bus.take()
    office.pass_time(minutes=2)
    assert office.tick() == 1
    office.press("approve")
    office.bus.take()
    assert [one.state for one in office.proposals.open()] == ["approving"]
    office.pass_time(minutes=2)
    office.tick()
    assert "Adding" in str(office.cards()[0].message.blocks)


def test_a_bus_that_is_down_does_not_undo_what_was_decided(office: Office) -> None:
    office.beat()
    office.bus.publish = refuse_to_publish  # type: ignore[method-assign]
    assert office.press("approve").kind == "done"
    assert office.only().state == "approving"


# --- the card --------------------------------------------------------------------------------------


def test_a_lost_answer_makes_no_second_card(office: Office) -> None:
    office.beat()
    office.messenger.fail_next(Fault(kind="answer_lost"))
    office.settle()
    assert len(office.cards()) == 1
    assert (office.only().shown, office.only().channel) == (1, CHANNEL)


def test_a_card_that_was_found_again_is_brought_up_to_date(office: Office) -> None:
    office.beat()
    office.messenger.fail_next(Fault(kind="answer_lost"))
    office.draw(office.bus.take()[0])
    office.press("approve")
    office.settle()
    (card,) = office.cards()
    assert "Adding" in str(card.message.blocks)


def test_a_card_that_was_posted_before_we_died_and_then_deleted_is_posted_anew(office: Office) -> None:
    office.beat()
    show, office.proposals.show = office.proposals.show, die_before_showing  # type: ignore[method-assign]
    with pytest.raises(Died):
        office.settle()
    office.proposals.show = show  # type: ignore[method-assign]
    office.ledger.release_lease(CHANNEL, holder="1")
    office.messenger.messages.clear()
    office.press("approve")
    office.settle()
    (card,) = office.cards()
    assert (office.only().ts, office.only().shown) == (card.ts, 2)


@pytest.mark.parametrize("kind", ["rate_limited", "lost"])
def test_a_card_that_could_not_be_posted_is_posted_later(office: Office, kind: Any) -> None:
    office.beat()
    office.messenger.fail_next(Fault(kind=kind))
    office.settle()
    assert len(office.cards()) == 1


@pytest.mark.parametrize("reason", ["is_archived", "channel_not_found", "not_in_channel"])
def test_a_channel_that_takes_nothing_sends_the_card_to_the_admin(office: Office, reason: str) -> None:
    office.messenger.closed[CHANNEL] = reason
    office.beat()
    office.settle()
    (card,) = office.cards("DANA")
    assert "cannot be written to" in str(card.message.blocks)
    office.press("approve")
    office.settle(register=True)
    (card,) = office.cards("DANA")
    assert "Added by" in str(card.message.blocks)


def test_without_a_channel_the_admin_gets_the_cards(office: Office) -> None:
    office.channel = ""
    office.beat()
    office.settle()
    assert len(office.cards("DANA")) == 1


def test_a_card_in_a_channel_that_was_archived_goes_on_with_the_admin(office: Office) -> None:
    office.beat()
    office.settle()
    office.messenger.closed[CHANNEL] = "is_archived"
    office.press("approve")
    office.settle()
    assert "Adding" in str(office.cards("DANA")[0].message.blocks)


def test_a_card_that_someone_deleted_comes_back_while_it_is_open(office: Office) -> None:
    office.beat()
    office.settle()
    office.messenger.messages.clear()
    office.pass_time(days=1)
    office.beat()
    office.settle()
    assert len(office.cards()) == 1
    office.messenger.messages.clear()
    office.press("discard")
    office.settle()
    assert office.cards() == []
    assert office.only().due is None


def test_a_card_that_nobody_can_be_given_is_tried_again_in_an_hour_and_not_every_minute(office: Office) -> None:
    office.messenger.closed = {CHANNEL: "is_archived", "DANA": "account_inactive"}
    office.beat()
    with pytest.raises(Refused, match="account_inactive"):
        office.settle()
    office.pass_time(minutes=10)
    assert office.tick() == 0
    office.messenger.closed.clear()
    office.pass_time(minutes=50)
    assert office.tick() == 1
    assert len(office.cards()) == 1


def test_two_dispatchers_draw_one_card(office: Office) -> None:
    office.beat()
    (nudge,) = office.bus.take()
    office.ledger.take_lease(CHANNEL, holder="other", now=office.now, seconds=45)
    office.draw(nudge)
    assert office.cards() == []
    office.ledger.release_lease(CHANNEL, holder="other")
    office.settle()
    office.draw(nudge)
    assert len(office.cards()) == 1


# --- a flood ---------------------------------------------------------------------------------------


@pytest.mark.thorough
def test_a_thousand_unknown_ids_make_ten_cards_and_one_that_counts_the_rest(office: Office) -> None:
    for number in range(1000):
        office.beat(f"job-{number:04}")
    office.settle()
    texts = office.texts()
    assert len(texts) == 11
    for _ in range(3):
        office.pass_time(minutes=1)
        office.tick()
    (summary,) = [text for text in office.texts() if "more" in text]
    assert "990 more backups" in summary
    assert len(office.cards()) == 11
    assert office.tick() == 0


def test_those_that_wait_get_their_cards_as_the_hour_frees_up_and_the_summary_closes(office: Office) -> None:
    for number in range(14):
        office.beat(f"job-{number:02}")
    office.settle()
    assert sum("4 more" in text or "1 more" in text for text in office.texts()) == 1
    for _ in range(90):
        office.pass_time(minutes=1)
        office.tick()
    assert len(office.cards()) == 15
    assert sum("Nothing else waits" in text for text in office.texts()) == 1
    assert office.tick() == 0
    assert all(proposal.ts and proposal.due is None for proposal in office.proposals.every())


def test_the_card_that_fills_the_hour_does_not_wait_for_itself_when_its_answer_is_lost(office: Office) -> None:
    show = office.proposals.show

    def lost(*_: object, **__: object) -> bool:
        office.proposals.show = show  # type: ignore[method-assign]
        raise Unanswered("timeout")

    for number in range(9):
        office.beat(f"job-{number:02}")
    office.settle()
    office.proposals.show = lost  # type: ignore[method-assign]
    office.beat("tenth")
    office.settle()

    assert len(office.cards()) == 10
    assert not [text for text in office.texts() if "more" in text]
    assert office.heart("tenth").ts == office.cards()[-1].ts


def test_the_summary_closes_even_if_the_answer_to_that_is_lost(office: Office) -> None:
    update = office.messenger.update

    def lost(*_: object, **__: object) -> None:
        office.messenger.update = update  # type: ignore[method-assign]
        raise Unanswered("timeout")

    for number in range(11):
        office.beat(f"job-{number:02}")
    office.settle()
    office.messenger.update = lost  # type: ignore[method-assign]
    for _ in range(90):
        office.pass_time(minutes=1)
        office.tick()

    assert office.messenger.update == update
    assert sum("Nothing else waits" in text for text in office.texts()) == 1
    assert len(office.cards()) == 12


def test_one_that_is_decided_before_its_card_came_gets_none(office: Office) -> None:
    for number in range(12):
        office.beat(f"job-{number:02}")
    office.settle()
    (waiting, _) = [one for one in office.proposals.open() if not one.ts]
    office.press("discard", KIM, waiting.proposal_id)
    office.settle()
    assert len(office.cards()) == 11
    assert any("1 more backup" in text for text in office.texts())


def test_a_second_flood_has_a_summary_of_its_own(office: Office) -> None:
    for wave in ("a", "b"):
        for number in range(12):
            office.beat(f"{wave}-{number:02}")
        office.settle()
        for _ in range(150):
            office.pass_time(minutes=1)
            office.tick()
    assert len(office.cards()) == 26
    assert sum("Nothing else waits" in text for text in office.texts()) == 2


def test_a_row_that_an_approver_asked_for_does_not_wait_in_the_flood(office: Office) -> None:
    for number in range(12):
        office.beat(f"job-{number:02}")
    office.settle()
    office.press("ask", KIM, "slack-V1", ROW)
    office.settle()
    assert any("Adding" in text for text in office.texts())


# --- dying at any line -----------------------------------------------------------------------------


class Died(BaseException):
    """The process was killed."""


@pytest.mark.parametrize("at_call", range(30))
def test_dying_at_any_call_repeats_and_neither_loses_nor_doubles(office: Office, at_call: int) -> None:
    killer = Killer(at_call)
    for name in ("proposals", "ledger", "messenger", "bus"):
        setattr(office, name, killer.around(getattr(office, name)))

    def until_done(*work: Callable[[], object]) -> None:
        for one in work:
            try:
                one()
            except Died:
                office.pass_time(minutes=2)
                one()

    until_done(lambda: office.beat(id="the very same"))
    until_done(office.settle, office.tick)
    until_done(lambda: office.press("approve"))
    until_done(office.settle, office.tick)
    office.pass_time(minutes=2)
    until_done(office.tick)
    proposal = office.only()
    assert (proposal.state, len(proposal.seen)) == ("approving", 1)
    assert len(office.cards()) == 1
    assert "Adding" in str(office.cards()[0].message.blocks)


# --- helpers ---------------------------------------------------------------------------------------


def before_the_next_save(office: Office, happens: Callable[[], object]) -> None:
    """Somebody else does something between our reading and our writing."""
    save = office.proposals.save

    def raced(proposal: Proposal, audit: AuditEntry | None) -> None:
        office.proposals.save = save  # type: ignore[method-assign]
        happens()
        save(proposal, audit)

    office.proposals.save = raced  # type: ignore[method-assign]


def die_before_showing(proposal_id: str, *, rev: int, channel: str, ts: str) -> bool:
    raise Died(proposal_id, rev, channel, ts)


class Killer:
    """Kills the process before one of all the calls that change something."""

    CHANGES = frozenset({"save", "show", "look_again", "put", "post", "update", "publish", "take_lease", "release_lease"})

    def __init__(self, at_call: int) -> None:
        self.left = at_call

    def around(self, port: Any) -> Any:
        killer = self

        class Watched:
            def __getattr__(self, name: str) -> Any:
                found = getattr(port, name)
                return killer.watched(found) if name in Killer.CHANGES else found

            def __setattr__(self, name: str, value: object) -> None:
                setattr(port, name, value)

        return Watched()

    def watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def carried_out(*args: Any, **named: Any) -> Any:
            self.left -= 1
            if self.left == -1:
                raise Died
            return call(*args, **named)

        return carried_out


def refuse_to_publish(events: object) -> None:
    raise Unanswered("timeout", str(events))


def test_a_proposal_that_others_keep_writing_is_given_up_after_three_tries(office: Office) -> None:
    office.beat()
    office.proposals.save = always_conflict  # type: ignore[method-assign]
    assert office.press("approve").kind == "try_again"
    office.pass_time(hours=1)
    with pytest.raises(Conflict):
        office.beat()


def always_conflict(proposal: Proposal, audit: AuditEntry | None) -> None:
    raise Conflict(f"{proposal.proposal_id} {audit}")
