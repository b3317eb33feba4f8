"""*Register backup report*: a message becomes a form, filled in as far as the message tells."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import whisper
from listeners.bodies import asker_of
from listeners.message_text import text_of_message
from listeners.opening import TOO_LATE, fill_modal, open_modal
from listeners.row_form import reading_modal, row_modal
from listeners.use_cases import UseCases
from workflows.kernel.ports import Json

REGISTER_REPORT = "register_report"


def register_report(use_cases: UseCases) -> Callable[..., None]:
    """The form opens before the report is read: a reader that has to be loaded first may cost more than a trigger lives."""

    def called(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        asker = asker_of(body)
        refused = use_cases.proposals.may_add(asker)
        if refused is not None:
            whisper(body, refused.text)
            return
        opened = open_modal(client, body, reading_modal())
        if opened is None:
            whisper(body, TOO_LATE)
            return
        form = use_cases.proposals.report_form(text_of_message(body["message"]), asker)
        fill_modal(client, opened["id"], row_modal(form, zone=use_cases.zone))

    return called
