"""A form of an earlier version."""

import logging

from slack_bolt import Ack

from listeners.forms import answer_modal
from workflows.kernel.ports import Json

_log = logging.getLogger(__name__)


def unknown(ack: Ack, body: Json) -> None:
    _log.warning("A form was sent that is not known", extra={"callback_id": str(body["view"].get("callback_id"))[:80]})
    ack(response_action="update", view=answer_modal("This form is no longer in use. Nothing was changed."))


def closed(ack: Ack) -> None:
    ack()
