"""Our messages, forms and board in a workspace that is as strict as Slack: it refuses what Slack would refuse."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bolt_app.adapters.slack import SlackMessenger, slack_client
from bolt_app.app import create_app
from bolt_app.slack_front import Front, respond
from infra.local.slack.testing import RunningWorkspace, running_workspace
from listeners.cards import living_message, thread_line
from listeners.notices import notice_message
from listeners.proposal_cards import proposal_card
from tests.listeners.door import CONTEXT, Pressed, snooze_form
from tests.listeners.made import NOW, ZONE, answered, orders
from tests.listeners.proposed import CELLS, NAMES, PROPOSALS
from workflows.backup.press import Reply
from workflows.backup.row_form import RowForm
from workflows.backup.standing import Standing
from workflows.kernel.proposal import Proposal
from workflows.kernel.proposals import Asker

SAM, KIM = "U0SAM", "U0KIM"


class App:
    """Our front door on a port, as a Function URL would call it."""

    def __init__(self) -> None:
        self.front: Front | None = None
        self.url = ""

    def answer(self, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        assert self.front is not None
        event = {
            "headers": headers,
            "requestContext": {"http": {"method": "POST"}},
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
        return respond(event, CONTEXT, self.front)


@contextmanager
def listening() -> Iterator[App]:
    app = App()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = app.answer(dict(self.headers), self.rfile.read(int(self.headers["content-length"])))
            body = answer["body"].encode()
            self.send_response(answer["statusCode"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        app.url = f"http://127.0.0.1:{server.server_address[1]}/"
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield app
        server.shutdown()


@dataclass
class World:
    slack: RunningWorkspace
    pressed: Pressed
    messenger: SlackMessenger
    channel: str

    def tell(self, standing: Standing) -> str:
        return self.messenger.post(self.channel, living_message(standing, now=NOW, zone=ZONE), message_id="m1")


@pytest.fixture
def world() -> Iterator[World]:
    with listening() as app, running_workspace(slack_url=app.url, posts_per_second=0, tiers=False) as slack:
        pressed, lines = Pressed(), list[str]()
        app.front = Front(
            read_secrets=lambda: (slack.signing_secret,),
            namespace="bk",
            app_for=lambda secret: create_app(
                pressed.use_cases(),
                team_id=slack.team,
                client=slack_client(slack.bot_token, base_url=slack.api_url),
                signing_secret=secret,
            ),
            write_line=lines.append,
        )
        messenger = SlackMessenger(slack_client(slack.bot_token, base_url=slack.api_url), team_id=slack.team)
        yield World(slack=slack, pressed=pressed, messenger=messenger, channel=messenger.open_dm(SAM))


CONDITIONS = {
    "alert": orders(),
    "warn": orders(state="warn"),
    "escalated": orders(state="escalate", escalated=True, recipients=("sam@example.com", "ana@example.com")),
    "pending": orders(state="pending_fixed", answer=answered("fixed", until=NOW + timedelta(hours=14))),
    "not fixed": orders(answer=answered("fixed")),
    "snoozed": orders(snooze_until=NOW + timedelta(days=1), answer=answered("snooze", reason="disk")),
    "muted": orders(muted=True, answer=answered("mute")),
    "recovered": orders(state="all_green", findings=(), ended_at=NOW),
    "off the list": orders(state="off_list"),
}


def test_every_condition_of_the_living_message_is_taken_and_the_same_message_tells_them_all(world: World) -> None:
    ts = world.tell(orders())
    for standing in CONDITIONS.values():
        message = living_message(standing, now=NOW, zone=ZONE)
        world.messenger.update(world.channel, ts, message)
        (seen,) = world.slack.messages(user=SAM)
        assert len(seen["blocks"]) == len(message.blocks)
        world.messenger.post(
            world.channel, thread_line(standing, now=NOW, zone=ZONE), message_id="line", thread_ts=ts, broadcast=True
        )


def test_a_notice_is_taken(world: World) -> None:
    detail = {"about": "list_errors", "items": [{"row": number, "problem": "x" * 300} for number in range(1, 30)]}
    assert world.messenger.post(world.channel, notice_message(detail), message_id="n1")


@pytest.mark.parametrize("action_id", ["mark_fixed", "mute"])
def test_a_press_in_the_message_is_carried_out_and_a_refusal_only_seen_by_the_presser(world: World, action_id: str) -> None:
    world.tell(orders())
    assert world.slack.press(SAM, action_id)["status"] == 200
    assert world.slack.ephemerals(user=SAM) == []
    world.pressed.replies[action_id] = Reply(kind="refused", text="Only the owner can do that.")
    world.slack.press(SAM, action_id)
    (whispered,) = world.slack.ephemerals(user=SAM)
    assert whispered["text"] == "Only the owner can do that."
    assert len(world.slack.messages(user=SAM)) == 1


def test_snooze_opens_the_form_and_the_form_is_sent(world: World) -> None:
    world.pressed.replies["snooze_form"] = snooze_form(next_run=NOW + timedelta(hours=12), critical=True)
    world.tell(orders())
    assert world.slack.press(SAM, "snooze")["status"] == 200
    assert len(world.slack.modals(SAM)) == 1
    assert world.slack.submit(SAM, {"choice": "3d", "reason": "the disk is being replaced"})["status"] == 200
    assert world.slack.modals(SAM) == []
    name, (press, choice) = world.pressed.asked[-1]
    assert (name, press.job_id, choice.choice, choice.reason) == ("snooze", "orders-db", "3d", "the disk is being replaced")


def test_a_refused_snooze_turns_the_form_into_the_answer(world: World) -> None:
    world.pressed.replies |= {"snooze_form": snooze_form(), "snooze": Reply(kind="stale", text="That break is over.")}
    world.tell(orders())
    world.slack.press(SAM, "snooze")
    world.slack.submit(SAM, {"choice": "1d"})
    (modal,) = world.slack.modals(SAM)
    assert modal["blocks"][0]["text"]["text"] == "That break is over."


def test_app_home_shows_every_condition_and_takes_presses(world: World) -> None:
    world.pressed.replies["board"] = tuple(CONDITIONS.values())
    assert world.slack.open_home(SAM)["status"] == 200
    home = world.slack.home(SAM)
    assert home is not None
    world.pressed.replies["unmute"] = Reply(kind="already", text="It is not muted.")
    assert world.slack.press(SAM, "unmute", view="home")["status"] == 200
    redrawn = world.slack.home(SAM)
    assert redrawn is not None
    assert redrawn["blocks"][1]["text"]["text"] == ":information_source:  It is not muted."


def test_a_request_that_is_not_signed_well_is_turned_away(world: World) -> None:
    world.tell(orders())
    assert world.slack.press(SAM, "mute", signature="wrong")["status"] == 401
    assert world.pressed.asked == []


def test_a_press_from_another_workspace_changes_nothing(world: World) -> None:
    world.tell(orders())
    assert world.slack.press(SAM, "mute", foreign_team="T0OTHER")["status"] == 200
    assert world.pressed.asked == []


# --- proposals ------------------------------------------------------------------------------------

CHANNEL = "C0BACKUPS"


def propose(world: World, proposal: Proposal) -> str:
    return world.messenger.post(CHANNEL, proposal_card(proposal, now=NOW, zone=ZONE, names=NAMES), message_id="p1")


def test_one_card_is_edited_through_all_that_can_become_of_a_proposal(world: World) -> None:
    ts = propose(world, PROPOSALS["reading"])
    for proposal in PROPOSALS.values():
        card = proposal_card(proposal, now=NOW, zone=ZONE, names=NAMES)
        world.messenger.update(CHANNEL, ts, card)
        (seen,) = world.slack.messages(channel=CHANNEL)
        assert len(seen["blocks"]) == len(card.blocks)


def test_a_card_in_a_channel_is_found_again_after_a_lost_answer(world: World) -> None:
    ts = propose(world, PROPOSALS["from a mail"])
    assert world.messenger.find(CHANNEL, message_id="p1", since=datetime.now(UTC)) == ts


def test_a_card_is_decided_in_its_channel_and_only_the_presser_sees_a_refusal(world: World) -> None:
    propose(world, PROPOSALS["from a mail"])
    world.pressed.replies["approve"] = Reply(kind="refused", text="Only ana@example.com, or an approver, can do that.")
    assert world.slack.press(KIM, "proposal_approve", channel=CHANNEL)["status"] == 200
    (whispered,) = world.slack.ephemerals(channel=CHANNEL)
    assert (whispered["user_seeing"], "approver" in whispered["text"]) == (KIM, True)


def test_a_doubtful_report_is_answered_by_button_and_by_menu(world: World) -> None:
    propose(world, PROPOSALS["perhaps one of three"])
    world.slack.press(SAM, "proposal_match", channel=CHANNEL, value="mail-0123456789abcdef crm-db")
    propose(world, PROPOSALS["perhaps one of many"])
    world.slack.press(SAM, "proposal_match", channel=CHANNEL, value="mail-0123456789abcdef job-7")
    assert [facts[1] for name, facts in world.pressed.asked if name == "match"] == ["crm-db", "job-7"]


def test_a_row_is_edited_with_an_error_at_its_field_and_then_sent(world: World) -> None:
    world.pressed.replies["edit_form"] = RowForm(cells=CELLS, proposal_id="mail-1", approves=True)
    propose(world, PROPOSALS["from a mail"])
    assert world.slack.press(SAM, "proposal_edit", channel=CHANNEL)["status"] == 200
    says = "26h, 2d or 1w; you wrote “26hours?”"
    world.pressed.replies["save_row"] = Reply(kind="invalid", errors={"window": says})
    assert world.slack.submit(SAM, {"window": "26hours?"})["errors"] == {"window": says}
    world.pressed.replies["save_row"] = Reply(kind="done")
    assert world.slack.submit(SAM, {"window": "2d"})["view"] == "closed"
    first, second = (row for name, row in world.pressed.asked if name == "save_row")
    assert (first.changed, second.changed) == ({"window": "26hours?"}, {"window": "2d"})
    assert first.form_id == second.form_id


@pytest.mark.parametrize("text", ["", "help", "nonsense", "status", "status orders", "proposals", "key orders-db rotate"])
def test_every_answer_to_the_command_is_taken_and_private(world: World, text: str) -> None:
    world.pressed.replies |= {"board": tuple(CONDITIONS.values())[:1], "waiting": tuple(PROPOSALS.values())}
    done = world.slack.command(KIM, "/backup", text, channel=CHANNEL)
    assert (done["status"], done["in_time"]) == (200, True)
    (answer,) = world.slack.ephemerals(channel=CHANNEL)
    assert answer["user_seeing"] == KIM
    assert world.slack.messages(channel=CHANNEL) == []


def test_a_key_is_exchanged_from_the_question_that_only_the_asker_sees(world: World) -> None:
    world.pressed.replies["board"] = (orders(),)
    world.slack.command(SAM, "/backup", "key orders-db rotate", channel=CHANNEL)
    world.slack.press(SAM, "key_rotate", channel=CHANNEL)
    ((_, asked),) = [one for one in world.pressed.asked if one[0] == "key"]
    assert (asked.action, asked.job_id) == ("rotate", "orders-db")
    assert asked.response_url.startswith(world.slack.url)


def test_add_opens_a_form_and_says_what_follows(world: World) -> None:
    world.slack.command(KIM, "/backup", "add New NAS", channel=CHANNEL)
    (form,) = world.slack.modals(KIM)
    world.pressed.replies["save_row"] = Reply(kind="done", text="An approver must say yes first; it is on a card for them.")
    world.slack.submit(KIM, {"name": "New NAS", "target": "heartbeat", "critical": "yes", "owner_email": "kim@example.com"})
    (answer,) = world.slack.modals(KIM)
    assert answer["blocks"][0]["text"]["text"].startswith("An approver must say yes first")
    (row,) = [fact for name, fact in world.pressed.asked if name == "save_row"]
    assert row.changed == {"name": "New NAS", "target": "heartbeat", "critical": "yes", "owner_email": "kim@example.com"}
    assert form["callback_id"] == "row"


def test_a_message_becomes_a_form_in_the_place_of_reading(world: World) -> None:
    world.pressed.replies["report_form"] = RowForm(cells=CELLS)
    said = world.slack.write(KIM, "Backup job *Nightly VMs*: Success", channel=CHANNEL)
    called = world.slack.shortcut(KIM, "register_report", channel=CHANNEL, ts=said["ts"])
    assert (called["status"], called["in_time"]) == (200, True)
    (form,) = world.slack.modals(KIM)
    assert form["callback_id"] == "row"
    assert world.pressed.asked[0][1][0].text == "Backup job Nightly VMs: Success"


def test_rows_that_vanished_are_let_go_from_their_notice(world: World) -> None:
    detail = {"about": "vanished_rows", "rows": ["Orders", "CRM"], "count": 2, "held": "0123456789abcdef"}
    world.messenger.post(world.channel, notice_message(detail), message_id="n2")
    world.slack.press(SAM, "let_go")
    assert world.pressed.asked == [("let_go", ("0123456789abcdef", Asker(user_id=SAM, team_id=world.slack.team)))]
