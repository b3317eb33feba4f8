"""bk-ack-handler: Slack's front door. Nothing is asked of anyone before the first request."""

from functools import cache
from typing import Any

from bolt_app.services.ack_handler import ack_handler
from bolt_app.slack_front import Front, respond
from workflows.kernel.ports import Json


@cache
def _front() -> Front:
    return ack_handler()


def handler(event: Json, context: Any) -> Json:  # noqa: ANN401 - Lambda's context has no type
    return respond(event, context, _front())
