"""bk-summary: once a day, how all backups are."""

import logging
from functools import cache
from typing import Any

from bolt_app.services.summary import Summary, summary
from workflows.kernel.ports import Json

_log = logging.getLogger(__name__)


@cache
def _summary() -> Summary:
    return summary()


def handler(event: Json, context: Any) -> Json:  # noqa: ANN401 - Lambda's context has no type
    """What could not be told is raised: Lambda tries twice more, and then keeps the event for a person."""
    if event.get("mode") != "daily":
        raise ValueError(f"the summary was asked for mode {event.get('mode')!r}; it knows daily")
    told = _summary()(context.aws_request_id)
    _log.info("Today's summary is told", extra={"told": int(told)})
    return {"told": told}
