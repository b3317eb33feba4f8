"""bk-checker: the hourly, the slow, the due and the named check; and whether its role may look into a bucket."""

from datetime import timedelta
from functools import cache
from typing import Any

from bolt_app.services.access import AccessCheck, access_check
from bolt_app.services.checker import Checker, checker
from workflows.backup.check import Mode, Order
from workflows.kernel.ports import Json

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

    return _checker()(order_of(event), time_left)


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
