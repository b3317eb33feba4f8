"""A button that is no longer in use, in a message from an earlier version."""

import logging

from slack_bolt import Ack

from listeners.answering import whisper
from workflows.kernel.ports import Json

_log = logging.getLogger(__name__)


def unknown(ack: Ack, body: Json) -> None:
    ack()
    action = body["actions"][0]
    if action.get("url"):  # a link opens by itself; Slack only lets us know
        return
    _log.warning("A button was pressed that is not known: %s", action.get("action_id"))
    whisper(body, "This button is no longer in use. Nothing was changed.")
