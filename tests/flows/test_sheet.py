"""The documents, mirrored: only what changed, never a bad copy over a good one, and each trouble told once."""

from collections.abc import Callable

import pytest

from tests.flows.sheet_world import HEADER, ORDERS, RULES, TABLE, Killed, SheetWorld
from workflows.kernel.errors import OutsideError, RateLimited, Refused, Unanswered
from workflows.kernel.sheet_run import LEASE
from workflows.kernel.sheet_trouble import NOT_SHARED


def raising(error: OutsideError, *names: str) -> Callable[[str], None]:
    def fail(call: str) -> None:
        if not names or call in names:
            raise error

    return fail


def synced() -> SheetWorld:
    world = SheetWorld()
    world.sync()
    world.pass_time(minutes=15)
    world.google.calls.clear()
    return world


# --- mirroring -----------------------------------------------------------------------------------


def test_the_first_sync_mirrors_every_document() -> None:
    world = SheetWorld()
    assert world.sync().mirrored == ("jobs.csv", "rules.txt")
    assert world.mirrored().splitlines()[1].startswith("orders-db,Orders database")
    assert world.mirrored("rules.txt") == "[defaults]\nwindow: 1d\n"


def test_what_did_not_change_is_neither_exported_nor_written() -> None:
    world = synced()
    assert world.sync().mirrored == ()
    assert world.google.calls == ["version", "version"]


def test_a_row_that_was_typed_is_mirrored_by_the_next_sync() -> None:
    world = synced()
    world.google.grid.append(["nas", "NAS", "", "heartbeat", "2h", ""])
    assert world.sync().mirrored == ("jobs.csv",)
    assert "nas,NAS" in world.mirrored()


def test_a_document_that_is_not_set_up_is_not_asked_for() -> None:
    world = SheetWorld(table=TABLE.__class__(id="", key="jobs.csv", name="job list", kind="sheet"))
    assert world.sync().mirrored == ("rules.txt",)
    assert world.notices() == []


def test_a_list_put_by_hand_stays_while_the_sheet_is_what_it_was() -> None:
    world = synced()
    world.documents.put("jobs.csv", "job_id,name,target,window\nby-hand,By hand,heartbeat,1d\n")
    world.sync()
    world.google.grid[1][1] = "edited"
    world.google.version(TABLE)
    world.google.grid[1][1] = ORDERS[1]  # edited, and edited back: Drive counts two versions
    world.sync()
    assert "by-hand" in world.mirrored()
    world.google.grid[1][1] = "Orders at last"
    world.sync()
    assert "by-hand" not in world.mirrored()
    assert "Orders at last" in world.mirrored()


def test_a_mirrored_copy_that_was_deleted_comes_back() -> None:
    world = synced()
    world.documents.remove("jobs.csv")
    assert world.sync().mirrored == ("jobs.csv",)


# --- bad exports ---------------------------------------------------------------------------------

GOOD = "job_id,name,target,window\na,A,heartbeat,1d\nb,B,heartbeat,1d\n"


@pytest.mark.parametrize(
    ("export", "problem"),
    [
        ("", "the sheet is empty"),
        (" \n \n", "the sheet is empty"),
        ("job_id,name,target,window\n", "the sheet has lost all of its rows"),
        ('job_id,name,target,window\na,A,heartbeat,1d\nb,"B', "the export broke off"),
        ("job_id,name,target,window\na,A,heartbeat,1d\nb,B", "the export broke off"),
        ("job_id,name,window\na,A,1d\n", "it cannot be read as the job list: there is no column target"),
        ("job_id,name,target,target,window\na,A,heartbeat,x,1d\n", "it cannot be read as the job list: two columns are called"),
        ("<!DOCTYPE html><html>Sign in</html>", "Google sent a web page instead of the document"),
        ("x" * 20_000_001, "it cannot be read as the job list: the list is 20,000,001 characters long"),
    ],
)
def test_a_bad_export_never_replaces_the_last_good_copy_and_the_admin_hears_it_once(export: str, problem: str) -> None:
    world = SheetWorld()
    world.google.exports[TABLE.id] = GOOD
    world.sync()
    world.google.exports[TABLE.id] = export
    for _ in range(3):
        world.pass_time(minutes=15)
        world.google.grid.append(["changed"])
        world.sync()
    assert world.mirrored() == GOOD
    told = world.notices()
    assert told[0]["about"] == "sheet"
    assert told[0]["document"] == "job list"
    assert told[0]["problem"].startswith(problem)
    assert told[0]["fix"]
    assert all(notice == told[0] for notice in told)  # the ledger knows one that is the same


def test_what_was_wrong_and_came_right_is_told_anew_when_it_is_wrong_again() -> None:
    world = synced()
    first = []
    for export in ("", None, ""):
        world.google.exports = {} if export is None else {TABLE.id: export}
        world.google.grid.append(["changed"])
        world.sync()
        first.append([notice["since"] for notice in world.notices()])
        world.bus.take()
        world.pass_time(minutes=15)
    assert first[0] != first[2]
    assert first[1] == []


def test_an_emptied_document_keeps_its_last_copy_and_says_so() -> None:
    world = synced()
    world.google.texts[RULES.id] = "\n"
    world.sync()
    assert world.mirrored("rules.txt").startswith("[defaults]")
    assert [(notice["document"], notice["problem"]) for notice in world.notices()] == [
        ("rules document", "the document is empty")
    ]


def test_a_list_that_is_empty_from_the_start_is_no_trouble() -> None:
    world = SheetWorld()
    world.google.grid[:] = [HEADER]
    world.google.texts[RULES.id] = ""
    world.sync()
    assert world.notices() == []
    assert world.mirrored().startswith("job_id,")


# --- Google refuses, or says nothing -------------------------------------------------------------


def test_a_sheet_that_is_not_shared_is_told_with_the_address_to_share_it_with() -> None:
    world = synced()
    world.google.before = raising(Refused(NOT_SHARED), "version")
    world.sync()
    assert {notice["fix"] for notice in world.notices()} == {
        "share the job list with sentinel@example.iam.gserviceaccount.com as Editor",
        "share the rules document with sentinel@example.iam.gserviceaccount.com as Viewer",
    }


@pytest.mark.parametrize("error", [RateLimited(30), Unanswered("ReadTimeout")])
def test_silence_is_told_only_when_it_lasts_an_hour_and_once(error: OutsideError) -> None:
    world = synced()
    world.google.before = raising(error)
    for _ in range(4):
        world.sync()
        assert world.notices() == []
        world.pass_time(minutes=15)
    world.sync()
    world.pass_time(minutes=15)
    world.sync()
    told = [notice for notice in world.notices() if notice["document"] == "job list"]
    assert len(told) == 2
    assert told[0] == told[1]
    world.google.before = lambda _call: None
    world.bus.take()
    world.sync()
    assert world.notices() == []


def test_while_google_is_silent_an_earlier_trouble_stays_as_it_was() -> None:
    world = synced()
    world.google.before = raising(Refused(NOT_SHARED), "version")
    world.sync()
    since = world.notices()[0]["since"]
    world.google.before = raising(Unanswered("timeout"))
    world.pass_time(minutes=15)
    world.sync()
    world.google.before = raising(Refused(NOT_SHARED), "version")
    world.pass_time(minutes=15)
    world.sync()
    assert {notice["since"] for notice in world.notices()} == {since}


def test_without_time_left_nothing_is_begun() -> None:
    world = SheetWorld()
    world.left = world.left * 0
    world.approve()
    assert world.sync().mirrored == ()
    assert world.google.calls == []


# --- one writer ----------------------------------------------------------------------------------


def test_a_second_run_at_the_same_time_leaves_it_to_the_first() -> None:
    world = SheetWorld()
    assert world.ledger.take_lease(LEASE, holder="another", now=world.now, seconds=45)
    assert world.sync().busy
    world.pass_time(seconds=46)
    assert not world.sync().busy


# --- ids -----------------------------------------------------------------------------------------


def with_blank_id() -> SheetWorld:
    world = synced()
    world.google.grid.append(["", "NAS Sync", "", "heartbeat", "2h", ""])
    return world


def test_a_blank_id_is_written_back_once_audited_and_mirrored() -> None:
    world = with_blank_id()
    assert world.sync().keys == 1
    assert world.ids() == ["orders-db", "nas-sync"]
    assert "nas-sync,NAS Sync" in world.mirrored()
    assert [(entry.subject, entry.action, entry.after) for entry in world.audit.entries] == [
        ("nas-sync", "key_written", {"job_id": "nas-sync"})
    ]
    world.google.grid[2][1] = "Renamed"
    assert world.sync().keys == 0
    assert world.ids() == ["orders-db", "nas-sync"]


def test_a_row_that_is_not_finished_keeps_its_blank_id() -> None:
    world = synced()
    world.google.grid.append(["", "Half", "", "", "", ""])
    world.sync()
    assert world.ids() == ["orders-db", ""]


def test_a_row_inserted_just_before_the_id_is_written_ends_without_a_wrong_id() -> None:
    world = with_blank_id()

    def insert(call: str) -> None:
        if call == "write":
            world.google.before = lambda _call: None
            world.google.grid.insert(1, ["", "New one", "", "heartbeat", "2h", ""])

    world.google.before = insert
    world.sync()
    world.pass_time(minutes=15)
    world.sync()
    assert {row[1]: row[0] for row in world.google.grid[1:]} == {
        "New one": "new-one",
        "Orders database": "orders-db",
        "NAS Sync": "nas-sync",
    }


def test_an_id_that_a_row_has_is_given_back_when_it_was_written_over() -> None:
    world = with_blank_id()

    def swap(call: str) -> None:
        if call == "write":
            world.google.before = lambda _call: None
            rows = world.google.grid
            rows[1], rows[2] = rows[2], rows[1]

    world.google.before = swap
    world.sync()
    world.sync()
    assert {row[1]: row[0] for row in world.google.grid[1:]} == {"Orders database": "orders-db", "NAS Sync": "nas-sync"}


def test_a_sheet_that_may_only_be_read_is_mirrored_all_the_same_and_the_admin_hears_of_it() -> None:
    world = with_blank_id()
    world.google.before = raising(Refused(NOT_SHARED), "write")
    world.sync()
    assert "NAS Sync" in world.mirrored()
    assert [notice["fix"] for notice in world.notices()] == [
        "share the job list with sentinel@example.iam.gserviceaccount.com as Editor"
    ]


# --- killed at any line --------------------------------------------------------------------------


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_call_the_next_run_makes_it_good(after: bool) -> None:
    for last in range(1, 100):
        world = with_blank_id()
        world.calls.revive()
        world.calls.last, world.calls.after = last, after
        try:
            world.sync()
        except Killed:
            pass
        else:
            assert last > 15
            return
        world.calls.revive()
        world.pass_time(minutes=15)
        world.sync()
        assert world.ids() == ["orders-db", "nas-sync"]
        assert "nas-sync,NAS Sync" in world.mirrored()
        assert [entry.action for entry in world.audit.entries] == ["key_written"], last
    raise AssertionError("it never ends")
