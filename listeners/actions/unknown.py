"""A button that is no longer in use, in a message from an earlier version."""

import logging

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import whisper
from listeners.forms import answer_modal
from listeners.opening import show_modal
from workflows.kernel.ports import Json

NOT_IN_USE = "This button is no longer in use. Nothing was changed."

_log = logging.getLogger(__name__)


def unknown(ack: Ack, body: Json, client: WebClient) -> None:
    ack()
    action = body["actions"][0]
    if action.get("url"):  # a link opens by itself; Slack only lets us know
        return
    _log.warning("A button was pressed that is not known", extra={"action_id": str(action.get("action_id"))[:80]})
    if "view" in body:  # on the board and in forms there is nobody to whisper to
        show_modal(client, body, answer_modal(NOT_IN_USE))
    else:
        whisper(body, NOT_IN_USE)
