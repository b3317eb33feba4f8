"""bk-ack-handler: Slack's front door, and the pages behind the links in letters. Nobody is asked before the first request."""

from collections.abc import Callable
from functools import cache
from typing import Any

from bolt_app.services.ack_handler import ack_handler
from bolt_app.services.link_pages import link_pages
from bolt_app.slack_front import Front, respond
from workflows.kernel.ports import Json

PAGES = "/act/"


@cache
def _front() -> Front:
    return ack_handler()


@cache
def _pages() -> Callable[[Json], Json]:
    return link_pages()


def handler(event: Json, context: Any) -> Json:  # noqa: ANN401 - Lambda's context has no type
    if str(event.get("rawPath") or "").startswith(PAGES):
        return _pages()(event)
    return respond(event, context, _front())
