"""bk-dispatch: takes nudges off the queue, one by one; one that fails comes back alone."""

import logging
from functools import cache
from typing import Any

from bolt_app.log_fields import about
from bolt_app.services.dispatcher import Dispatcher, dispatcher, read_nudge
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
            _log.error("A nudge could not be followed: %s", error, exc_info=error, extra=_about(record["body"]))
            failed.append({"itemIdentifier": record["messageId"]})
    _log.info("Nudges were followed", extra={"nudges": len(event["Records"]), "failed": len(failed)})
    return {"batchItemFailures": failed}


def _about(body: str) -> dict[str, str | int]:
    """What it was about, as far as that can be read."""
    try:
        nudge = read_nudge(body)
    except ValueError:
        return {}
    return about(nudge.detail, kind=nudge.kind) if nudge is not None else {}
