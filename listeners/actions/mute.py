"""Says nothing until someone unmutes; then asks until when, and why."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import answer
from listeners.bodies import home_behind, press_of
from listeners.forms import mute_modal
from listeners.opening import TOO_LATE, show_modal
from listeners.use_cases import UseCases
from workflows.backup.press import MuteForm, Reply
from workflows.kernel.ports import Json


def mute(use_cases: UseCases) -> Callable[..., None]:
    """One tap, confirmed. What is asked after it may be left unanswered: a trigger that is too old by then is no loss."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        reply = use_cases.mute(press_of(body))
        form = use_cases.boards.mute_form(press_of(body)) if reply.kind == "done" else reply
        if isinstance(form, MuteForm):
            show_modal(client, body, mute_modal(form, home=home_behind(body)))
        answer(reply, body, client, use_cases)

    return pressed


def ask(use_cases: UseCases) -> Callable[..., None]:
    """*Mute…* in a menu, which cannot ask for a confirmation of its own: the form is it."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        form = use_cases.boards.mute_form(press_of(body))
        if isinstance(form, Reply):
            answer(form, body, client, use_cases)
        elif form.muted:
            answer(use_cases.mute(press_of(body)), body, client, use_cases)  # says who muted it, and until when
        elif not show_modal(client, body, mute_modal(form, home=home_behind(body))):
            answer(Reply(kind="try_again", text=TOO_LATE), body, client, use_cases)

    return pressed
