"""An approved proposal becomes a row: written once, mirrored, audited, and only then closed. Whatever happens in between."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.flows.sheet_world import MONDAY, NAS, Killed, SheetWorld
from workflows.kernel.errors import Conflict, OutsideError, RateLimited, Refused, Unanswered
from workflows.kernel.sheet import Source
from workflows.kernel.sheet_run import LEASE
from workflows.kernel.sheet_trouble import NOT_SHARED

CHANGE: dict[str, Any] = {
    "op": "change",
    "key": "orders-db",
    "cells": {"window": "30h"},
    "expected_old": {"window": "26h"},
    "lane": "slack",
}


def approved(**changes: Any) -> SheetWorld:
    world = SheetWorld()
    world.sync()
    world.bus.take()
    world.google.calls.clear()
    world.pass_time(minutes=5)
    world.approve(**changes)
    return world


def raising(error: OutsideError, *names: str) -> Callable[[str], None]:
    def fail(call: str) -> None:
        if call in names:
            raise error

    return fail


def test_an_approved_row_is_in_the_sheet_and_mirrored_when_its_proposal_is_closed() -> None:
    world = approved()
    assert world.register().registered == 1
    assert world.google.grid[-1] == ["nas-sync", "NAS sync", "", "report", "26h", "Veeam · nas-02"]
    assert "nas-sync,NAS sync" in world.mirrored()
    closed = world.proposal()
    assert (closed.state, closed.decided_by, closed.why) == ("approved", "UANA", "")
    assert [event.kind for event in world.bus.published] == ["bk.reread", "bk.proposal"]
    assert world.events("bk.reread")[0].detail == {"v": 1, "refs": ["in/m1"]}
    (entry,) = world.audit.entries
    assert (entry.subject, entry.action, entry.by, entry.after) == ("nas-sync", "row_added", "UANA", NAS)


def test_a_schedule_finds_what_no_event_told_of() -> None:
    world = approved()
    world.approve("mail-2", key="b", cells={"name": "B", "target": "report", "window": "1d"})
    assert world.sync().registered == 2
    assert world.ids() == ["orders-db", "nas-sync", "b"]
    assert world.google.calls.count("export") == 1  # mirrored once for both


def test_registering_again_adds_nothing() -> None:
    world = approved()
    world.register()
    assert world.register().registered == 0
    assert world.sync().registered == 0
    assert world.ids() == ["orders-db", "nas-sync"]


def test_a_row_that_somebody_typed_meanwhile_is_not_added_twice_and_the_card_says_so() -> None:
    world = approved()
    world.google.grid.append(["nas-sync", "typed", "", "report", "1d", ""])
    world.register()
    assert world.ids() == ["orders-db", "nas-sync"]
    assert (world.proposal().state, world.proposal().why) == ("approved", "The sheet had it already.")
    assert "nas-sync,typed" in world.mirrored()
    assert world.audit.entries == []


def test_a_row_of_the_same_letters_in_another_case_does_not_pass_for_it() -> None:
    world = approved()
    world.google.grid.append(["NAS-Sync", "typed", "", "report", "1d", ""])
    world.register()
    assert world.ids() == ["orders-db", "NAS-Sync"]
    assert world.proposal().state == "approving"
    assert "differs from it only in upper and lower case" in world.proposal().why


def test_an_edited_id_is_the_id_of_the_row() -> None:
    world = approved(cells={**NAS, "job_id": "nas-two"}, key="nas-two")
    world.register()
    assert world.ids() == ["orders-db", "nas-two"]


def test_only_what_is_approved_is_written() -> None:
    world = approved(state="pending")
    assert world.register().registered == 0
    assert world.register("unheard-of").registered == 0
    assert world.ids() == ["orders-db"]


def test_a_list_put_by_hand_that_lacks_the_row_makes_way_for_the_sheet() -> None:
    world = approved()
    world.google.grid.append(["nas-sync", "typed before", "", "report", "1d", ""])
    world.sync()
    world.approve("mail-2")
    world.documents.put("jobs.csv", "job_id,name,target,window\nby-hand,By hand,heartbeat,1d\n")
    world.register("mail-2")
    assert "nas-sync,typed before" in world.mirrored()


# --- why not yet ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "why"),
    [
        ("read", Unanswered("ReadTimeout"), "Google did not answer (ReadTimeout); it is tried again in a few minutes"),
        ("append", RateLimited(30), "Google did not answer (rate_limited); it is tried again in a few minutes"),
        ("append", Refused(NOT_SHARED), "Google does not let the service account use it; share the job list with sentinel@"),
        ("export", Unanswered("ReadTimeout"), "Google does not answer (ReadTimeout); it is tried again in a few minutes"),
        ("version", Refused(NOT_SHARED), "the row is in the sheet, but the sheet cannot be read: Google does not let"),
    ],
)
def test_what_stands_in_the_way_is_on_the_card_and_the_next_run_adds_it(call: str, error: OutsideError, why: str) -> None:
    world = approved()
    world.google.before = raising(error, call)
    assert world.register().registered == 0
    assert world.proposal().state == "approving"
    assert world.proposal().why.startswith(why)
    world.google.before = lambda _call: None
    world.pass_time(seconds=5)
    assert world.register().registered == 1
    assert world.ids() == ["orders-db", "nas-sync"]


def test_a_row_that_could_not_be_watched_is_not_written_and_the_card_says_why() -> None:
    world = approved(cells={**NAS, "window": "soon"})
    world.register()
    assert world.proposal().why.startswith('window: cannot read "soon"')
    assert world.ids() == ["orders-db"]


def test_without_a_sheet_the_card_says_so() -> None:
    world = approved()
    world.table = Source(id="", key="jobs.csv", name="job list", kind="sheet")
    world.register()
    assert world.proposal().why.startswith("no Google sheet is set up to add it to")


def test_an_export_that_lags_behind_keeps_the_proposal_open() -> None:
    world = approved()
    world.google.exports["the-jobs-sheet"] = world.mirrored()
    world.register()
    assert world.proposal().why == "what was written does not show in Google's export yet"
    world.google.exports.clear()
    assert world.sync().registered == 1
    assert world.ids() == ["orders-db", "nas-sync"]
    assert [entry.action for entry in world.audit.entries] == ["row_added"]


def test_another_writer_at_work_means_asking_again() -> None:
    world = approved()
    world.ledger.take_lease(LEASE, holder="another", now=world.now, seconds=45)
    with pytest.raises(Conflict):
        world.register()
    assert world.proposal().state == "approving"


# --- lost answers --------------------------------------------------------------------------------


def test_an_append_whose_answer_is_lost_is_never_repeated() -> None:
    world = approved()
    world.google.after = raising(Unanswered("RemoteDisconnected"), "append")
    world.register()
    assert world.proposal().state == "approving"
    world.google.after = lambda _call: None
    world.pass_time(seconds=1)
    world.register()
    assert world.ids() == ["orders-db", "nas-sync"]
    assert world.proposal().state == "approved"
    assert [entry.action for entry in world.audit.entries] == ["row_added"]


def test_an_append_that_is_still_on_its_way_is_waited_for() -> None:
    world = approved()
    late = []

    def on_its_way(call: str) -> None:
        if call == "append":
            late.append(call)
            raise Unanswered("ReadTimeout")

    world.google.before = on_its_way
    world.register()
    world.pass_time(minutes=2)
    world.register()  # Try again: Google may still be at it
    assert late == ["append"]
    assert "Google has not said whether the row was written" in world.proposal().why
    world.google.grid.append(["nas-sync", "NAS sync", "", "report", "26h", "Veeam · nas-02"])  # now it arrives
    world.google.before = lambda _call: None
    world.register()
    assert world.ids() == ["orders-db", "nas-sync"]


def test_an_append_that_never_arrived_is_made_again_after_three_minutes() -> None:
    world = approved()
    world.google.before = raising(Unanswered("ReadTimeout"), "append")
    world.register()
    world.google.before = lambda _call: None
    world.pass_time(minutes=3)
    world.register()
    assert world.ids() == ["orders-db", "nas-sync"]
    assert world.proposal().state == "approved"


def test_a_row_whose_proposal_was_discarded_while_it_was_written_is_not_hidden() -> None:
    world = approved()
    world.google.after = raising(Unanswered("ReadTimeout"), "append")
    world.register()
    world.google.after = lambda _call: None
    world.proposals.save(replace(world.proposal(), state="discarded"), None)
    world.sync()
    assert world.proposal().state == "approved"
    assert [entry.action for entry in world.audit.entries] == ["row_added"]


def test_a_discarded_proposal_whose_row_never_arrived_stays_discarded() -> None:
    world = approved()
    world.google.before = raising(Unanswered("ReadTimeout"), "append")
    world.register()
    world.google.before = lambda _call: None
    world.proposals.save(replace(world.proposal(), state="discarded"), None)
    world.pass_time(minutes=15)
    world.sync()
    assert world.proposal().state == "discarded"
    assert world.ids() == ["orders-db"]
    assert world.notebook.read()["begun"] == {}


# --- changes -------------------------------------------------------------------------------------


def test_a_change_is_written_where_its_row_is_and_audited_with_before_and_after() -> None:
    world = approved(**CHANGE)
    world.register()
    assert world.google.grid[1][4] == "30h"
    assert "30h" in world.mirrored()
    (entry,) = world.audit.entries
    assert (entry.action, entry.before, entry.after) == ("row_changed", {"window": "26h"}, {"window": "30h"})
    assert world.events("bk.reread") == []


def test_a_newer_hand_edit_wins_and_the_card_names_it() -> None:
    world = approved(**CHANGE)
    world.google.grid[1][4] = "2d"
    world.register()
    assert world.google.grid[1][4] == "2d"
    assert world.proposal().why == "someone changed window to “2d” meanwhile; it was “26h” when this was asked"


def test_rows_inserted_while_a_change_is_written_keep_their_cells_and_the_change_follows() -> None:
    world = approved(**CHANGE)

    def insert(call: str) -> None:
        if call == "write":
            world.google.before = lambda _call: None
            world.google.grid.insert(1, ["other", "Other", "", "heartbeat", "26h", ""])

    world.google.before = insert
    world.register()
    assert "rows were moved in the sheet" in world.proposal().why
    world.sync()
    assert {row[0]: row[4] for row in world.google.grid[1:]} == {"other": "", "orders-db": "30h"}
    assert world.proposal().state == "approved"


# --- killed at any line --------------------------------------------------------------------------


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("changes", [{}, CHANGE])
def test_killed_at_any_call_nothing_is_lost_and_nothing_doubled(changes: dict[str, Any], after: bool) -> None:
    for last in range(1, 100):
        world = approved(**changes)
        world.calls.revive()
        world.calls.last, world.calls.after = last, after
        try:
            world.register()
        except Killed:
            pass
        else:
            assert last > 15
            return
        world.calls.revive()
        world.pass_time(minutes=15)
        world.sync()
        key = "orders-db" if changes else "nas-sync"
        assert world.ids() == (["orders-db"] if changes else ["orders-db", "nas-sync"])
        assert world.proposal().state == "approved"
        assert ("30h" if changes else "nas-sync,NAS sync") in world.mirrored()
        assert [entry.subject for entry in world.audit.entries] == [key], last
        assert bool(world.events("bk.reread")) is not bool(changes)
        assert world.notebook.read()["begun"] == {}
        assert world.now > MONDAY
    raise AssertionError("it never ends")
