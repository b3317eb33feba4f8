"""Rows asked for and edited in Slack, and keys asked for: who gets a form, what it shows, and what comes of what it sends."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bolt_app.adapters.memory.messenger import MemoryDirectory
from listeners.message_text import text_of_message
from tests.flows.company import ANA, GUS, KIM, SAM, TEAM
from tests.flows.office import Office
from workflows.backup import row_asking
from workflows.backup.key_asking import KeyAsked, ask_key
from workflows.backup.listed_rows import ListedRows
from workflows.backup.naming import find_job
from workflows.backup.report_form import report_form
from workflows.backup.row_form import RowForm, RowSent
from workflows.backup.rules import parse_rules
from workflows.backup.standing import Standing
from workflows.kernel.ports import Member
from workflows.kernel.proposals import Asker
from workflows.kernel.reply import Reply
from workflows.kernel.rights import Authority

ORDERS = {"name": "Orders  database", "target": "s3://acme-backups/orders/", "window": "26h", "owner_email": "sam@example.com"}
ROW = {"name": "New NAS", "target": "heartbeat", "window": "2d", "critical": "no", "schedule": "", "job_id": ""}
TYPO = "26h, 2d or 1w; you wrote “26hours?”"


def asker(member: Member) -> Asker:
    return Asker(user_id=member.user_id, team_id=TEAM)


class Desk(Office):
    """The office, with the forms."""

    @property
    def people(self) -> dict[str, Any]:
        authority = Authority(team_id=TEAM, admin=ANA.email, approvers=(KIM.email,))
        return {"directory": MemoryDirectory(self.messenger), "authority": authority}

    def edit_form(self, member: Member = KIM) -> RowForm | Reply:
        opened = (self.only().proposal_id, asker(member))
        return row_asking.edit_form(*opened, proposals=self.proposals, standings=self.standings, **self.people)

    def change_form(self, typed: str, member: Member = KIM) -> RowForm | Reply:
        return row_asking.change_form(typed, asker(member), standings=self.standings, **self.people)

    def save(
        self, cells: Mapping[str, str], member: Member = KIM, *, form: RowForm | None = None, form_id: str = "V1", rules: str = ""
    ) -> Reply:
        form = form or RowForm()
        began = {column: " ".join(text.split()) for column, text in form.cells.items()}
        sent = RowSent(
            asker=asker(member),
            cells={**began, **cells},
            began=began,
            form_id=form_id,
            key=form.key,
            proposal_id=form.proposal_id,
            change=form.change,
        )
        rows = ListedRows(standings=self.standings, rules=lambda: parse_rules(rules, config={}), timezone="UTC")
        return row_asking.save_row(
            sent, standings=self.standings, proposals=self.proposals, rows=rows, bus=self.bus, now=self.now, **self.people
        )

    def key(self, member: Member, job_id: str = "orders-db", **more: str) -> Reply:
        asked = KeyAsked(job_id=job_id, user_id=member.user_id, team_id=TEAM, response_url="https://r", id="1", **more)  # type: ignore[arg-type] # an action among the texts
        return ask_key(asked, standings=self.standings, proposals=self.proposals, bus=self.bus, now=self.now, **self.people)

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [event.detail for event in self.bus.take() if event.kind == kind]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def form_of(form: RowForm | Reply) -> RowForm:
    assert isinstance(form, RowForm), form
    return form


# --- a row nobody proposed ------------------------------------------------------------------------


def test_a_row_that_an_approver_adds_is_on_its_way_at_once(desk: Desk) -> None:
    reply = desk.save(ROW)
    assert (reply.kind, reply.text) == ("done", row_asking.ADDING)
    proposal = desk.only()
    assert (proposal.state, proposal.key, proposal.lane, proposal.by) == ("approving", "new-nas", "slack", "UKIM")
    assert "schedule" not in proposal.cells
    (registered,) = desk.events("bk.register")
    assert registered["rows"][0]["key"] == "new-nas"


def test_a_row_that_anyone_else_adds_waits_on_a_card(desk: Desk) -> None:
    assert "An approver must say yes first" in desk.save(ROW, SAM).text
    assert desk.only().state == "pending"
    desk.settle()
    (card,) = desk.cards()
    assert "<@USAM> asks for it." in str(card.message.blocks)


def test_a_form_sent_twice_asks_once(desk: Desk) -> None:
    desk.save(ROW)
    assert desk.save(ROW).kind == "already"
    assert len(desk.proposals.every()) == 1


@pytest.mark.parametrize(
    ("typed", "column", "says"),
    [
        ({"window": "26hours?"}, "window", TYPO),
        ({"name": "=IMPORTXML(1)"}, "name", "A cell cannot begin with =: a sheet would take it for a formula."),
        ({"what": "＋1"}, "what", "A cell cannot begin with +: a sheet would take it for a formula."),
        ({"target": "s3:/x"}, "target", "s3://bucket/prefix, heartbeat or report, or several separated by a space; you wrote"),
        ({"target": "heartbeat", "layout": "restic"}, "layout", "restic is read from objects, and no target is a bucket"),
        ({"schedule": "weekly 03:00"}, "schedule", "Say which day and when, as in weekly sun 03:00; you wrote “weekly 03:00”"),
        ({"owner_email": "sam"}, "owner_email", "An e-mail address such as sam@acme.example; you wrote “sam”"),
        ({"timezone": "Asia/Singapor"}, "timezone", "Asia/Singapore, an IANA name; you wrote"),
        ({"job_id": "a b"}, "job_id", "An id of at most 80 letters"),
        ({"window": "<!channel>"}, "window", "26h, 2d or 1w; you wrote “‹!channel›”"),
        ({"window": ""}, "window", "There is neither a schedule nor a window"),
    ],
)
def test_a_row_that_the_sheet_could_not_hold_is_told_so_at_its_field(
    desk: Desk, typed: dict[str, str], column: str, says: str
) -> None:
    reply = desk.save(ROW | typed)
    assert reply.kind == "invalid"
    assert reply.errors[column].startswith(says)
    assert desk.proposals.every() == []


def test_a_window_in_the_rules_is_enough(desk: Desk) -> None:
    assert desk.save(ROW | {"window": ""}, rules="[defaults]\nwindow: 26h").kind == "done"


def test_a_new_row_cannot_take_the_id_of_a_job_on_the_list(desk: Desk) -> None:
    desk.list_job("new-nas", ORDERS)
    assert desk.save(ROW).errors == {"name": "new-nas is the id of a job that is on the list. Choose another id."}
    assert "job_id" in desk.save(ROW | {"name": "Other", "job_id": "new-nas"}).errors


def test_a_guest_gets_neither_form_nor_row(desk: Desk) -> None:
    desk.beat()
    assert row_asking.add_form("x", asker(GUS), **desk.people).kind == "refused"  # type: ignore[union-attr]
    assert desk.change_form("x", GUS).kind == "refused"  # type: ignore[union-attr]
    assert desk.edit_form(GUS).kind == "refused"  # type: ignore[union-attr]
    assert desk.save(ROW, GUS).kind == "refused"
    assert row_asking.waiting(asker(GUS), proposals=desk.proposals, **desk.people).kind == "refused"  # type: ignore[union-attr]


def test_a_form_says_first_that_an_approver_will_be_asked(desk: Desk) -> None:
    mine, theirs = (form_of(row_asking.add_form("NAS", asker(member), **desk.people)) for member in (KIM, SAM))
    assert (mine.approves, mine.said, mine.cells) == (True, "", {"name": "NAS"})
    assert (theirs.approves, theirs.said) == (False, row_asking.WAITS)


# --- a proposal that is edited --------------------------------------------------------------------


def test_edit_shows_the_row_and_an_approvers_edit_is_an_approval(desk: Desk) -> None:
    desk.beat()
    form = form_of(desk.edit_form())
    assert (form.key, form.cells["window"], form.change) == ("pg-main", "26 h", False)
    assert desk.save({"window": "26hours?"}, form=form).errors == {"window": TYPO}
    assert desk.only().state == "pending"
    assert desk.save({"window": "2d"}, form=form).kind == "done"
    assert (desk.only().state, desk.only().cells["window"], desk.only().key) == ("approving", "2d", "pg-main")


def test_what_is_learned_while_a_form_is_open_is_not_undone_by_it(desk: Desk) -> None:
    desk.beat(size=4_000_000)
    form = form_of(desk.edit_form(SAM))
    desk.pass_time(days=1)
    desk.beat(size=2_000_000)
    learned = desk.only().cells["min_size"]
    assert learned != form.cells["min_size"]
    desk.save({"owner_email": "sam@example.com"}, SAM, form=form)
    assert (desk.only().cells["min_size"], desk.only().cells["owner_email"]) == (learned, "sam@example.com")


def test_the_id_of_a_report_can_be_chosen_but_that_of_a_check_in_cannot(desk: Desk) -> None:
    desk.report()
    assert form_of(desk.edit_form()).key == ""
    desk.save({"job_id": "vms"}, form=form_of(desk.edit_form()))
    assert desk.only().key == "vms"


@pytest.mark.parametrize(("act", "says"), [("approve", "being added"), ("discard", "discarded already")])
def test_what_is_decided_is_not_edited_any_more(desk: Desk, act: str, says: str) -> None:
    desk.beat()
    form = form_of(desk.edit_form())
    desk.press(act)
    refused = desk.edit_form() if act == "discard" else desk.save({"window": "2d"}, form=form)
    assert isinstance(refused, Reply)
    assert refused.kind == "already"
    assert says in refused.text


def test_a_doubtful_match_is_answered_before_it_is_edited(desk: Desk) -> None:
    desk.report(candidates=("orders-db",))
    assert "Say first which job it is" in desk.edit_form().text  # type: ignore[union-attr]


def test_this_job_names_its_reports_from_then_on(desk: Desk) -> None:
    desk.list_job("orders-db", ORDERS)
    desk.report(candidates=("orders-db",))
    assert desk.press("answer", KIM, "", "orders-db").kind == "done"
    proposal = desk.only()
    assert (proposal.op, proposal.key, proposal.state) == ("change", "orders-db", "approving")
    assert proposal.cells == {"report_from": "veeam · nas-02 · Nightly VMs", "target": "s3://acme-backups/orders/ report"}
    assert proposal.expected_old == {"report_from": "", "target": "s3://acme-backups/orders/"}


# --- a row that is on the list --------------------------------------------------------------------


def test_a_change_carries_only_what_was_typed_and_what_the_sheet_held(desk: Desk) -> None:
    desk.list_job("orders-db", ORDERS)
    form = form_of(desk.change_form("orders"))
    assert (form.key, form.change) == ("orders-db", True)
    assert desk.save({"window": "2d", "name": "Orders"}, form=form).kind == "done"
    assert desk.only().cells == {"window": "2d", "name": "Orders"}
    assert desk.only().expected_old == {"window": "26h", "name": "Orders  database"}  # as the sheet spells it
    assert desk.only().op == "change"


def test_a_cell_that_changed_while_the_form_was_open_is_left_to_the_sheet_to_refuse(desk: Desk) -> None:
    desk.list_job("orders-db", ORDERS)
    form = form_of(desk.change_form("orders"))
    desk.standings.save(replaced(desk, window="30h"), None)
    desk.save({"window": "2d"}, form=form)
    assert desk.only().expected_old == {"window": "26h"}


def replaced(desk: Desk, **cells: str) -> Standing:
    standing = desk.standings.get("orders-db")
    assert standing is not None
    return replace(standing, row={**standing.row, **cells})


def test_a_change_of_nothing_asks_for_nothing(desk: Desk) -> None:
    desk.list_job("orders-db", ORDERS)
    assert desk.save({}, form=form_of(desk.change_form("orders"))).text == "Nothing was changed."
    assert desk.proposals.every() == []


def test_a_change_that_breaks_the_row_is_told_at_its_field(desk: Desk) -> None:
    desk.list_job("orders-db", ORDERS)
    assert desk.save({"window": ""}, form=form_of(desk.change_form("orders"))).errors.keys() == {"window"}


def test_a_change_of_a_job_that_left_the_list_is_refused(desk: Desk) -> None:
    desk.list_job("orders-db", ORDERS)
    form = form_of(desk.change_form("orders"))
    off = desk.standings.get("orders-db")
    assert off is not None
    desk.standings.save(replace(off, state="off_list"), None)
    assert desk.save({"window": "2d"}, form=form).errors == {"name": "This job is no longer on the list."}


# --- a report that someone points at --------------------------------------------------------------


def test_a_message_that_is_no_report_becomes_a_form_with_its_text(desk: Desk) -> None:
    message = text_of_message({"text": "=please watch the NAS in the cellar"})
    form = report_form(message.text, subject="", sender="", zone="UTC", approves=True, said="", now=desk.now)
    assert form.cells == {"what": "please watch the NAS in the cellar"}
    assert "I could not read this" in form.said


def test_a_report_fills_in_its_row(desk: Desk) -> None:
    log = "repository 4ba1 opened\nFiles: 5 new, 0 changed\nprocessed 120 files, 1.5 GiB in 0:42\nsnapshot 9f3d8a1b saved\n"
    form = report_form(log, subject="restic on nas-02", sender="", zone="UTC", approves=True, said="", now=desk.now)
    assert form.cells["target"] == "report"
    assert form.cells["report_from"].startswith("restic")
    assert desk.save({**form.cells, "name": "Cellar NAS"}).kind == "done"


# --- which job is meant ---------------------------------------------------------------------------


def jobs(*ids: str) -> list[Standing]:
    desk = Desk()
    return [Standing(job_id=job_id, first_seen=desk.now, since=desk.now, row={"name": job_id.title()}) for job_id in ids]


@pytest.mark.parametrize("typed", ["Orders-DB", "orders-db", "orders", "ORD", "ders-d"])
def test_a_job_is_found_by_whatever_only_it_has(typed: str) -> None:
    found = find_job(typed, jobs("orders-db", "crm"))
    assert isinstance(found, Standing)
    assert found.job_id == "orders-db"


def test_the_whole_id_wins_over_the_beginning_of_another() -> None:
    found = find_job("orders", jobs("orders", "orders-db"))
    assert isinstance(found, Standing)
    assert found.job_id == "orders"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("nas", "could be nas-01 or nas-02"),
        ("odrers", "Did you mean orders?"),
        ("zzz", "There is no job “zzz” on the list."),
        ("  ", "Say which job"),
    ],
)
def test_what_is_meant_by_none_or_by_many_is_asked_for(typed: str, says: str) -> None:
    reply = find_job(typed, jobs("nas-01", "nas-02", "orders"))
    assert isinstance(reply, Reply)
    assert says in reply.text


# --- keys -----------------------------------------------------------------------------------------


def listed(desk: Desk) -> Desk:
    desk.list_job("orders-db", ORDERS)
    standing = desk.standings.get("orders-db")
    assert standing is not None
    desk.standings.save(replace(standing, recipients=("sam@example.com",)), None)
    return desk


@pytest.mark.parametrize("member", [SAM, KIM, ANA])
def test_the_owner_and_those_above_get_the_key_of_a_job(desk: Desk, member: Member) -> None:
    assert listed(desk).key(member).kind == "done"
    (asked,) = desk.events("bk.key")
    assert asked == {
        "v": 1, "job_id": "orders-db", "action": "show", "response_url": "https://r", "by": member.user_id, "id": "1",
    }  # fmt: skip


def test_nobody_else_gets_a_key_and_the_attempt_is_on_record(desk: Desk) -> None:
    listed(desk).messenger.members.append(Member(user_id="ULEE", email="lee@example.com"))
    for member in (GUS, desk.messenger.members[-1]):
        assert desk.key(member).kind == "refused"
    assert desk.events("bk.key") == []
    assert [entry.after for entry in desk.standings.history("orders-db", 5)] == [{"asked": "key"}] * 2


def test_the_card_of_a_job_that_was_just_added_gives_its_key_before_anyone_looked_at_it(desk: Desk) -> None:
    desk.beat()
    assert desk.key(KIM, "pg-main", proposal_id=desk.only().proposal_id).kind == "gone"
    desk.press("approve")
    desk.settle(register=True)
    assert desk.key(SAM, "pg-main", proposal_id=desk.only().proposal_id).kind == "refused"
    assert desk.key(KIM, "pg-main", proposal_id=desk.only().proposal_id).kind == "done"
    assert desk.key(KIM, "other", proposal_id=desk.only().proposal_id).kind == "gone"
