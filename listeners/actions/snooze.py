"""Opens the snooze modal. The trigger is good for three seconds and once, so nothing else comes before."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from listeners.answering import answer
from listeners.bodies import from_home, press_of
from listeners.forms import snooze_modal
from listeners.use_cases import UseCases
from workflows.backup.press import Reply
from workflows.kernel.ports import Json

TOO_LATE = {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged"}


def snooze(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        form = use_cases.snooze_form(press_of(body))
        if isinstance(form, Reply):
            answer(form, body, client, use_cases)
            return
        try:
            client.views_open(trigger_id=body["trigger_id"], view=snooze_modal(form, now=use_cases.now(), home=from_home(body)))
        except SlackApiError as error:
            if error.response.get("error") not in TOO_LATE:
                raise
            answer(Reply(kind="try_again", text="That took too long to open. Press Snooze once more."), body, client, use_cases)

    return pressed
