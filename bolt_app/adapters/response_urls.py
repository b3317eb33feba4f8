"""Private answers to what was asked in Slack: by the response_url that came with it."""

import json
import logging
import re
from collections.abc import Callable
from http.client import HTTPException
from urllib.parse import urlsplit

from slack_sdk.webhook import WebhookClient

from bolt_app.settings import SLACK_API_URL
from workflows.kernel.errors import Refused, Unanswered
from workflows.kernel.ports import Message

SLACK_HOST = "hooks.slack.com"
TIMEOUT_SECONDS = 5
ANSWERING = "answering by a response_url"
_SILENT = logging.getLogger("silent")
_SILENT.setLevel(logging.CRITICAL + 1)  # the library would write the address, which lets speak


class ResponseUrls:
    """Implements both `Whispers`. Nothing goes anywhere but to Slack, or to the host that Slack's own address was turned to."""

    def __init__(self, *, slack_api_url: str = SLACK_API_URL) -> None:
        self._turned = "" if slack_api_url == SLACK_API_URL else slack_api_url

    def to(self, response_url: str, *, instead: bool = False) -> Callable[[Message], None]:
        """`instead`: in place of the message that was pressed, which its presser alone sees."""
        if not is_slacks(response_url, turned=self._turned):
            raise Refused("foreign_response_url", "an answer goes to Slack alone")
        client = WebhookClient(response_url, timeout=TIMEOUT_SECONDS, retry_handlers=[], logger=_SILENT)
        return lambda message: self._whisper(client, message, instead=instead)

    def _whisper(self, client: WebhookClient, message: Message, *, instead: bool) -> None:
        private = {"response_type": "ephemeral", "replace_original": instead}
        try:
            answer = client.send_dict({**private, "text": message.text, "blocks": list(message.blocks)})
        except (OSError, HTTPException) as error:
            raise Unanswered(type(error).__name__, ANSWERING) from None  # its text names the address, which is good for more
        if answer.status_code >= 500 or answer.status_code == 429:
            raise Unanswered(str(answer.status_code), ANSWERING)
        if answer.status_code != 200:
            raise Refused(str(answer.status_code), f"{ANSWERING}: {json.dumps(answer.body)[:100]}")


def is_slacks(address: str, *, turned: str = "") -> bool:
    """Whether this is an address of Slack's answers; or lies on the host of `turned`, the address Slack was turned to, if any."""
    try:
        place = _place(address)
        slacks = [("https", SLACK_HOST, 443), *([_place(turned)] if turned else [])]
    except ValueError:  # a port that is no number
        return False
    return place in slacks and not re.search(r"[\\\s@]", address)


def _place(address: str) -> tuple[str, str | None, int | None]:
    url = urlsplit(address)
    return url.scheme, url.hostname, url.port or {"https": 443, "http": 80}.get(url.scheme)
