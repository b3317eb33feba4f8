"""bk-ack-handler: Slack's front door, and the pages behind the links in letters. Nobody is asked before the first request."""

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

from bolt_app.services.ack_handler import ack_handler
from bolt_app.services.link_pages import link_pages
from bolt_app.slack_front import Front, respond
from workflows.kernel.ports import Json

PAGES = "/act/"

_log = logging.getLogger(__name__)


@cache
def _front() -> Front:
    return ack_handler()


@cache
def _pages() -> Callable[[Json], Json]:
    return link_pages()


def handler(event: Json, context: Any) -> Json:  # noqa: ANN401 - Lambda's context has no type
    by_letter = str(event.get("rawPath") or "").startswith(PAGES)
    answer = _pages()(event) if by_letter else respond(event, context, _front())
    _log.info("A request was answered", extra={"door": "letter" if by_letter else "slack", "status": answer.get("statusCode")})
    return answer
