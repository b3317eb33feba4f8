"""Opens what looks closer at a job: why it stands as it does, and what came of it."""

import re
from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import answer, whisper
from listeners.bodies import asker_of, press_of
from listeners.explain_view import explain_modal
from listeners.history_view import history_message, history_modal
from listeners.opening import TOO_LATE, fill_modal, show_modal
from listeners.use_cases import UseCases
from workflows.kernel.ports import Json
from workflows.kernel.reply import Reply

PAGES = re.compile("history_(older|newer)")


def explain(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        open_explanation(press_of(body).job_id, body, client, use_cases)

    return pressed


def history(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        open_history(press_of(body).job_id, body, client, use_cases)

    return pressed


def turn(use_cases: UseCases) -> Callable[..., None]:
    """*Older* and *Newer*, whose value is "<job_id> <page>": the page takes the place of the one that was pressed on."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        press = press_of(body)
        page = int(press.break_id) if press.break_id.isdecimal() else 0
        turn_to(press.job_id, page, body, client, use_cases)

    return pressed


def open_explanation(job_id: str, body: Json, client: WebClient, use_cases: UseCases) -> None:
    """From a message, from App Home, or over the modal that was pressed in."""
    found = use_cases.explain(job_id, asker_of(body))
    if isinstance(found, Reply):
        answer(found, body, client, use_cases)
        return
    _open(explain_modal(found, now=use_cases.now(), zone=use_cases.zone), body, client, use_cases)


def open_history(job_id: str, body: Json, client: WebClient, use_cases: UseCases) -> None:
    """The newest page, wherever it was asked for."""
    found = use_cases.history(job_id, asker_of(body))
    if isinstance(found, Reply):
        answer(found, body, client, use_cases)
        return
    _open(history_modal(found, now=use_cases.now(), zone=use_cases.zone), body, client, use_cases)


def turn_to(job_id: str, page: int, body: Json, client: WebClient, use_cases: UseCases) -> None:
    found = use_cases.history(job_id, asker_of(body))
    now, zone = use_cases.now(), use_cases.zone
    if isinstance(found, Reply):
        answer(found, body, client, use_cases)
    elif "view" in body:
        fill_modal(client, body["view"]["id"], history_modal(found, now=now, zone=zone, page=page))
    else:
        message = history_message(found, now=now, zone=zone, page=page)
        whisper(body, message.text, blocks=message.blocks, instead=True)


def _open(view: Json, body: Json, client: WebClient, use_cases: UseCases) -> None:
    if not show_modal(client, body, view):
        answer(Reply(kind="try_again", text=TOO_LATE), body, client, use_cases)
