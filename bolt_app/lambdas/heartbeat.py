"""bk-heartbeat: where backup scripts check in. Nothing is asked of anyone before the first request."""

import logging
from functools import cache
from typing import Any

from bolt_app.discreet import discreet
from bolt_app.services.heartbeat import Heartbeat, heartbeat
from workflows.kernel.ports import Json

_log = logging.getLogger(__name__)


@cache
def _heartbeat() -> Heartbeat:
    return heartbeat()


def handler(event: Json, context: Any) -> Json:  # noqa: ANN401, ARG001 - Lambda's context has no type, and is not needed
    hear = _heartbeat()
    with discreet():
        answer = hear(event)
    asked = "canary" if "canary" in event else event.get("detail-type", "request")
    _log.info("A request was answered", extra={"asked": str(asked)[:40], "status": answer.get("statusCode", 0)})
    return answer
