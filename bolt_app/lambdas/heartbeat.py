"""bk-heartbeat: where backup scripts check in. Nothing is asked of anyone before the first request."""

from functools import cache
from typing import Any

from bolt_app.services.heartbeat import Heartbeat, heartbeat
from workflows.kernel.ports import Json


@cache
def _heartbeat() -> Heartbeat:
    return heartbeat()


def handler(event: Json, context: Any) -> Json:  # noqa: ANN401, ARG001 - Lambda's context has no type, and is not needed
    return _heartbeat()(event)
