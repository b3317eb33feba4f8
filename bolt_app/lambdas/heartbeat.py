"""bk-heartbeat: where backup scripts check in. Nothing is asked of anyone before the first request."""

from functools import cache
from typing import Any

from bolt_app import services
from workflows.kernel.ports import Json


@cache
def _heartbeat() -> services.Heartbeat:
    return services.heartbeat()


def handler(event: Json, context: Any) -> Json:  # noqa: ANN401, ARG001 - Lambda's context has no type, and is not needed
    return _heartbeat()(event)
