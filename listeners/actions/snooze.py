"""Opens the snooze modal. The trigger is good for three seconds and once, so nothing else comes before."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import answer
from listeners.bodies import home_behind, press_of
from listeners.forms import snooze_modal
from listeners.opening import show_modal
from listeners.use_cases import UseCases
from workflows.backup.press import Reply
from workflows.kernel.ports import Json

TOO_LATE = "That took too long to open. Press Snooze once more."


def snooze(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        form = use_cases.snooze_form(press_of(body))
        if isinstance(form, Reply):
            answer(form, body, client, use_cases)
            return
        view = snooze_modal(form, now=use_cases.now(), home=home_behind(body))
        if not show_modal(client, body, view):
            answer(Reply(kind="try_again", text=TOO_LATE), body, client, use_cases)

    return pressed
