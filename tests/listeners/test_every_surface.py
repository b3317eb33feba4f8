"""For whoever does not see the screen, or not its colours: each message says in `text` what it is, each state says its name."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

import listeners
from infra.local.slack.blocks import check_blocks
from infra.local.slack.views import check_view
from listeners import (
    canary_card,
    cards,
    command_answers,
    explain_view,
    faces,
    forms,
    history_view,
    key_answers,
    meanwhile,
    notices,
    proposal_cards,
    row_form,
    status_view,
    storm_cards,
    summary_message,
    waiting_list,
)
from listeners.board_choice import Choice
from listeners.board_lines import calm_line, counts, troubled_lines
from listeners.details import details_modal
from listeners.faces import Face
from listeners.home import home_view, notice_view
from tests.listeners.block_limits import problems_of_message, problems_of_view
from tests.listeners.door import MUTE_FORM, snooze_form
from tests.listeners.made import NOW, ZONE, answered, board, explained, job_view, orders, run
from tests.listeners.proposed import NAMES, PROPOSALS, from_mail
from workflows.backup.evidence import Unseen
from workflows.backup.heartbeat_keys import Keys
from workflows.backup.key_answering import KeyAnswer, KeyRequest
from workflows.backup.row_form import RowForm
from workflows.backup.standing import Standing
from workflows.backup.summary_facts import Sight, facts_of
from workflows.backup.summary_paragraph import plain_paragraph
from workflows.backup.telling import StormMember
from workflows.backup.viewing import History
from workflows.kernel.ports import AuditEntry, Delivery, Json, Message
from workflows.kernel.reply import Reply


def without_emoji(text: str) -> str:
    return re.sub(r":[a-z_]+:", "", text)


def words(text: str) -> set[str]:
    plain = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", without_emoji(text))
    return {word.lower() for word in re.findall(r"[^\W\d_]{2,}", plain)}


HOW: Json = {"now": NOW, "zone": ZONE}
DAY = timedelta(days=1)
SLEEPING = {"snooze_until": NOW + DAY, "answer": answered("snooze")}
BLIND = {"state": "not_observed", "findings": (), "unseen": (Unseen(target="s3://a/b/", error="AccessDenied", since=NOW),)}
OVER = {"state": "all_green", "findings": (), "ended_at": NOW}

STANDINGS: dict[Face, Standing] = {
    "fine": orders(**OVER),
    "waiting": orders(state="waiting", findings=(), runs=(), break_id="", broke_at=None),
    "off_list": orders(state="off_list"),
    "unseen": orders(**BLIND),
    "warn": orders(state="warn", level="warn"),
    "alert": orders(),
    "escalated": orders(state="escalate", escalated=True, recipients=("sam@example.com", "ana@example.com")),
    "not_fixed": orders(answer=answered("fixed")),
    "pending": orders(state="pending_fixed", answer=answered("fixed", until=NOW + DAY)),
    "snoozed": orders(**SLEEPING),
    "muted": orders(muted=True, answer=answered("mute")),
}
MEMBERS = [StormMember(job_id=f"j{place}", standing=orders(job_id=f"j{place}"), over=place > 3) for place in range(6)]
HISTORY = History(standing=orders(), acts=(AuditEntry(subject="orders-db", at=NOW, action="mute", by="U123"),))
REQUEST = KeyRequest(job_id="orders-db", action="show", response_url="https://hooks.slack.com/x", by="U1", id="1", at=NOW)
ABOUT = (
    "list_errors", "rules_errors", "voice_errors", "cannot_look", "vanished_rows", "rows_gone", "not_observed", "sheet",
    "delivery", "mail_unread", "mail_strangers", "something new",
)  # fmt: skip
NOTE = Delivery(
    recipient="sam@example.com", id="1", subject="orders-db", break_id="b", say=1, kind="opened", outcome="waiting", started=NOW
)


def each(draw: Callable[[Standing], Message]) -> list[Message]:
    return [draw(standing) for standing in STANDINGS.values()]


def summaries() -> list[Message]:
    facts = facts_of(
        tuple(replace(one, job_id=f"job-{place}") for place, one in enumerate(STANDINGS.values())),
        entries=(),
        fleet={"fast_at": NOW.isoformat()},
        proposals=(),
        unowned=(),
        strangers=(),
        see=lambda standing, now: Sight(mood=faces.face(standing, now=now), trouble=faces.trouble(standing)),
        **HOW,
    )
    return summary_message.summary_messages(facts, plain_paragraph(facts), by_mail=False)


def noticed() -> list[Message]:
    items = [{"name": "Orders", "problem": "it is odd"}]
    return [notices.notice_message({"about": about, "items": items}) for about in ABOUT]


MESSAGES: dict[str, Callable[[], Sequence[Message]]] = {
    "canary_message": lambda: [canary_card.canary_message(one, **HOW) for one in (STANDINGS["alert"], STANDINGS["fine"])],
    "past_canary": lambda: [canary_card.past_canary()],
    "living_message": lambda: each(lambda one: cards.living_message(one, **HOW)),
    "thread_line": lambda: each(lambda one: cards.thread_line(one, **HOW)),
    "closed_message": lambda: each(lambda one: cards.closed_message(one, **HOW)),
    "help_message": lambda: [command_answers.help_message()],
    "unknown": lambda: [command_answers.unknown("stats"), command_answers.unknown("<x>")],
    "which": lambda: [command_answers.which(Reply(kind="invalid", text="Which?", choices=(("orders-db", "Orders"),)), "status")],
    "rotate_question": lambda: [command_answers.rotate_question(orders())],
    "explain_message": lambda: each(lambda one: explain_view.explain_message(explained(one), **HOW)),
    "history_message": lambda: [history_view.history_message(HISTORY, **HOW)],
    "key_answer": lambda: [
        key_answers.key_answer(KeyAnswer(request=REQUEST, keys=Keys(master="m" * 40)), heartbeat_url="https://x/"),
        key_answers.key_answer(KeyAnswer(request=REQUEST, trouble="there is none"), heartbeat_url=""),
    ],
    "meanwhile": lambda: [meanwhile.meanwhile([(NOTE, STANDINGS["fine"])], **HOW)],
    "notice_message": noticed,
    "proposal_card": lambda: [proposal_cards.proposal_card(one, names=NAMES, **HOW) for one in PROPOSALS.values()],
    "waiting_card": lambda: [proposal_cards.waiting_card(["Orders", "Customers"], 12, now=NOW)],
    "board_status": lambda: [
        status_view.board_status(board(*STANDINGS.values()), **HOW),
        status_view.board_status(board(), **HOW),
    ],
    "list_status": lambda: [status_view.list_status(board(*STANDINGS.values()), Choice(), "all", **HOW)],
    "job_status": lambda: each(lambda one: status_view.job_status(job_view(one), **HOW)),
    "checked_message": lambda: each(lambda one: status_view.checked_message([one], {}, **HOW)),
    "storm_card": lambda: [storm_cards.storm_card(MEMBERS, recipient="sam@example.com", **HOW)],
    "storm_details": lambda: [storm_cards.storm_details(MEMBERS, **HOW)],
    "storm_news": lambda: [storm_cards.storm_news(MEMBERS)],
    "summary_messages": summaries,
    "noted": lambda: [summary_message.noted(summaries()[0], "channel_not_found")],
    "waiting_list": lambda: [waiting_list.waiting_list([from_mail()], domain="acme"), waiting_list.waiting_list([], domain="")],
}
VIEWS: dict[str, Callable[[], Json]] = {
    "home": lambda: home_view(board(*STANDINGS.values()), **HOW),
    "an empty home": lambda: home_view(board(), **HOW),
    "a guest's home": lambda: notice_view("Guests do not see the backups of this workspace."),
    "details": lambda: details_modal(job_view(), **HOW),
    "explain": lambda: explain_view.explain_modal(explained(orders()), **HOW),
    "history": lambda: history_view.history_modal(HISTORY, **HOW),
    "snooze": lambda: forms.snooze_modal(snooze_form(), now=NOW, home=None),
    "mute": lambda: forms.mute_modal(MUTE_FORM, home=None),
    "row": lambda: row_form.row_modal(RowForm(), zone=ZONE),
}
ANNOUNCED = words("6 backups, one a line")
"""The details of a storm lie in its thread, below the card that says what they are about: what they are is enough."""
ALL = [pytest.param(message, id=f"{name}-{place}") for name, made in MESSAGES.items() for place, message in enumerate(made())]


def test_every_function_that_draws_a_message_is_walked_here() -> None:
    found = set()
    for module in pkgutil.iter_modules(listeners.__path__):
        for name, function in inspect.getmembers(importlib.import_module(f"listeners.{module.name}"), inspect.isfunction):
            own = function.__module__ == f"listeners.{module.name}" and not name.startswith("_")
            if own and inspect.signature(function).return_annotation in {Message, list[Message]}:
                found.add(name)
    assert found == set(MESSAGES)


@pytest.mark.parametrize("message", ALL)
def test_its_text_is_one_line_without_markup_and_says_what_the_blocks_say(message: Message) -> None:
    assert message.text.strip()
    assert "\n" not in message.text
    assert not re.search(r"\*\S|<!date\^|```", message.text), message.text
    said, read = words(message.text) - ANNOUNCED, words(" ".join(all_text(message.blocks)))
    assert len(said & read) >= 0.6 * len(said), (message.text, said - read)


@pytest.mark.parametrize("message", ALL)
def test_its_pictures_are_told_in_words_and_its_buttons_have_names(message: Message) -> None:
    assert unnamed(list(message.blocks)) == []


@pytest.mark.parametrize("message", ALL)
def test_slack_takes_it(message: Message) -> None:
    assert problems_of_message(message) == []
    assert check_blocks(list(message.blocks), "message") == []


@pytest.mark.parametrize("name", VIEWS)
def test_slack_takes_every_view(name: str) -> None:
    view = VIEWS[name]()
    assert problems_of_view(view) == []
    assert check_view(view) == []


@pytest.mark.parametrize("name", VIEWS)
def test_pictures_and_buttons_of_views_have_words_too(name: str) -> None:
    assert unnamed(VIEWS[name]()["blocks"]) == []


def test_the_walk_finds_a_picture_without_words() -> None:
    assert unnamed([{"type": "image", "image_url": "https://x/y.png", "alt_text": ""}]) == ["image"]
    assert unnamed([{"type": "actions", "elements": [{"type": "button", "text": {"text": ":x:"}}]}]) == ["button"]


# --- no state by colour alone ------------------------------------------------------------------------

COLOURS = re.compile(r":(?:large_)?(?:red|yellow|green|white|blue|orange|black)_circle:")


def test_each_face_is_made_for_a_standing_of_its_own() -> None:
    assert set(STANDINGS) == set(get_args(Face))
    assert {face: faces.face(one, now=NOW) for face, one in STANDINGS.items()} == {face: face for face in STANDINGS}


@pytest.mark.parametrize(
    "draw",
    [
        lambda one: cards.living_message(one, **HOW).text,
        lambda one: "".join(all_text(cards.living_message(one, **HOW).blocks)),
        lambda one: "".join(all_text(status_view.checked_message([one], {}, **HOW).blocks)),
        lambda one: "".join(all_text(explain_view.explain_message(explained(one), **HOW).blocks)),
        lambda one: counts([faces.face(one, now=NOW)]) if faces.face(one, now=NOW) not in {"not_fixed", "off_list"} else str(one),
    ],
    ids=["text", "card", "answer to a check", "explanation", "counts"],
)
def test_without_any_emoji_each_state_still_reads_differently(draw: Callable[[Standing], str]) -> None:
    told = {face: without_emoji(draw(one)) for face, one in STANDINGS.items()}
    assert len(set(told.values())) == len(told), told


def test_on_the_board_a_state_stands_in_words_beside_its_dot() -> None:
    for face, standing in STANDINGS.items():
        drawn = calm_line if face in {"fine", "waiting", "off_list"} else troubled_lines
        line = without_emoji(drawn(standing, face, **HOW))
        assert len(words(line) - words("Orders database")) >= 2, line


def test_a_listed_job_that_is_fine_says_so() -> None:
    blocks = status_view.list_status(board(STANDINGS["fine"]), Choice(), "all", **HOW).blocks
    assert "· fine" in "".join(all_text(blocks))


@pytest.mark.parametrize("outcome", ["ok", "warning", "failed", "running", "unsure"])
def test_how_a_run_ended_is_a_word_beside_its_dot(outcome: Any) -> None:
    history = History(standing=orders(runs=(run(1, outcome=outcome, started=NOW - 2 * DAY),)))
    (line,) = [text for text in all_text(history_view.history_message(history, **HOW).blocks) if "*Runs*" in text]
    assert re.search(r":\w+: [a-z ]{2,}  ", line), line


def test_every_verdict_of_an_explanation_is_a_word_beside_its_dot() -> None:
    drawn = "".join(
        text for one in STANDINGS.values() for text in all_text(explain_view.explain_message(explained(one), **HOW).blocks)
    )
    dots = [line for line in drawn.splitlines() if re.match(r":(?!rotating)\w+:  ?", line) and "Orders database" not in line]
    assert dots
    assert [line for line in dots if not re.match(r":\w+: \*[A-Z][a-z ]+\*  ", line)] == []


# --- what is read ------------------------------------------------------------------------------------


def all_text(blocks: Sequence[Json]) -> Iterator[str]:
    """Everything that is read in these blocks, with line ends."""
    for node in walked(list(blocks)):
        if node.get("type") in {"mrkdwn", "plain_text"}:
            yield f"{node['text']}\n"


def walked(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
        for below in node.values():
            yield from walked(below)
    elif isinstance(node, list):
        for below in node:
            yield from walked(below)


def unnamed(blocks: list[Json]) -> list[str]:
    """Pictures without words, and buttons that only an emoji names."""
    found = [node["type"] for node in walked(blocks) if node.get("type") == "image" and not words(str(node.get("alt_text", "")))]
    buttons = [node for node in walked(blocks) if node.get("type") == "button"]
    return found + ["button" for button in buttons if not words(without_emoji(button["text"]["text"]))]
