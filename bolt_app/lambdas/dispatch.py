"""bk-dispatch: takes nudges off the queue, one by one; one that fails comes back alone."""

import logging
from functools import cache
from typing import Any

from bolt_app.services.dispatcher import Dispatcher, dispatcher
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Json

_log = logging.getLogger(__name__)


@cache
def _dispatcher() -> Dispatcher:
    return dispatcher()


def handler(event: Json, context: Any) -> Json:  # noqa: ANN401 - Lambda's context has no type
    follow = _dispatcher()
    failed: list[Json] = []

    def seconds_left() -> float:
        return float(context.get_remaining_time_in_millis()) / 1000

    for index, record in enumerate(event["Records"]):
        try:
            follow(record["body"], f"{context.aws_request_id}-{index}", seconds_left)
        except (OutsideError, ValueError) as error:
            _log.error("A nudge could not be followed: %s", error, exc_info=error)
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
