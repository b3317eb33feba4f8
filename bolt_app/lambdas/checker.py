"""bk-checker: the hourly, the slow, the due and the named check; and whether its role may look into a bucket."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from bolt_app.services.access import AccessCheck, access_check
from bolt_app.services.checker import Checker, checker
from workflows.backup.check import Mode, Order
from workflows.backup.sharing import read_shard
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Json

_log = logging.getLogger(__name__)

MODES: tuple[Mode, ...] = ("fast", "slow", "due")


@cache
def _checker() -> Checker:
    return checker()


@cache
def _access_check() -> AccessCheck:
    return access_check()


def handler(event: Json, context: Any) -> Json:  # noqa: ANN401 - Lambda's context has no type
    if event.get("mode") == "access":  # asked by `make doctor`
        return _access_check()(event)

    def time_left() -> timedelta:
        return timedelta(milliseconds=context.get_remaining_time_in_millis())

    if "Records" in event:  # shards of a check, by the queue
        return look_at_each(event["Records"], _checker(), time_left)
    return _checker()(order_of(event), time_left)


def look_at_each(records: list[Json], look: Checker, time_left: Callable[[], timedelta]) -> Json:
    """One that fails comes back alone."""
    failed = []
    for record in records:
        try:
            look(read_shard(json.loads(record["body"])), time_left)
        except (OutsideError, ValueError) as error:
            _log.error("A shard could not be looked at: %s", error, exc_info=error)
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def order_of(event: Json) -> Order:
    """What a schedule's input, a `bk.check` or a new document asks for. Raises ValueError that says what would be right."""
    if event.get("detail-type") == "bk.check":
        detail = event["detail"]
        return Order(
            mode="named",
            job_ids=tuple(detail["job_ids"]),
            why=detail.get("why", ""),
            by=detail.get("by", ""),
            reply=detail.get("reply") or {},
        )
    if event.get("detail-type") == "Object Created":  # the job list, the rules or the voice document
        return Order(mode="fast", why="list_changed")
    mode = event.get("mode")
    if mode not in MODES:
        raise ValueError(f"the checker was asked for mode {mode!r}; it knows {', '.join(MODES)} and the event bk.check")
    return Order(mode=mode)
