"""What a person hears when something of ours, or beyond us, went wrong."""

import logging
from traceback import format_tb

from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from listeners.answering import whisper
from listeners.forms import answer_modal
from listeners.opening import show_modal
from workflows.kernel.errors import OutsideError, Unanswered
from workflows.kernel.ports import Json

FAILED = "That did not work. Nothing was changed; try again."
UNCLEAR = "No answer came in time, so it is not clear whether that worked. Look again in a moment before you repeat it."
NOT_BUILT = "This is not something I can do. Nothing was changed."

TRACE_LENGTH_MAX = 4000

_log = logging.getLogger(__name__)


def failed(error: Exception, body: Json, client: WebClient) -> BoltResponse:
    """Logs the error, and answers the presser where that is possible; otherwise Slack shows its own sign of failure."""
    if isinstance(error, BoltUnhandledRequestError):
        _log.warning("Nothing listens to this request", extra={"asked": str(body.get("type") or body.get("command"))[:80]})
        return BoltResponse(status=200, body=NOT_BUILT if "command" in body else "")
    _note(error)
    text = UNCLEAR if isinstance(error, Unanswered) else FAILED
    if body.get("type") == "view_submission":
        return BoltResponse(status=200, body=_in_the_form(body, text))
    told = _in_a_modal(body, client, text) if "view" in body else whisper(body, text)
    return BoltResponse(status=200 if told else 500)


def _note(error: Exception) -> None:
    """Our own errors say nothing that a person typed or pasted; of any other only its kind, and where it was raised."""
    if isinstance(error, OutsideError):
        _log.error("A request of Slack could not be carried out: %s", error, exc_info=error)
        return
    where = "".join(format_tb(error.__traceback__))[-TRACE_LENGTH_MAX:]
    _log.error("A request of Slack could not be carried out", extra={"error": type(error).__name__, "where": where})


def _in_a_modal(body: Json, client: WebClient, text: str) -> bool:
    try:
        return show_modal(client, {"trigger_id": "", **body}, answer_modal(text))
    except (SlackApiError, OSError) as error:
        _log.warning("Nor could that be told (%s)", type(error).__name__)
        return False


def _in_the_form(body: Json, text: str) -> Json:
    """At the first field, so that nothing typed is lost."""
    fields = [block["block_id"] for block in body["view"].get("blocks", ()) if block["type"] == "input"]
    if fields:
        return {"response_action": "errors", "errors": {fields[0]: text}}
    return {"response_action": "update", "view": answer_modal(text)}
