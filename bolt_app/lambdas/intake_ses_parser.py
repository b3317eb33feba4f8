"""bk-intake-ses-parser: a mail was stored, or mails are to be read again."""

import logging
from functools import cache
from typing import Any

from bolt_app.discreet import discreet
from bolt_app.services.intake import Intake, intake
from workflows.kernel.ports import Json

_log = logging.getLogger(__name__)


@cache
def _intake() -> Intake:
    return intake()


def handler(event: Json, context: Any) -> Json:  # noqa: ANN401, ARG001 - Lambda's context has no type, and is not needed
    """What fails is raised: Lambda tries twice more, and then keeps the event for a person."""
    keys, again = keys_of(event)
    take = _intake()
    with discreet():
        done = take(keys, again)
    _log.info(
        "Mails were read",
        extra={
            "mails": len(done),
            "runs": sum(one["runs"] for one in done),
            "proposals": sum(one["proposals"] for one in done),
            "by_model": sum(one["by_model"] for one in done),
            "unread": sum(bool(one["why"]) for one in done),
            "mail": keys[0] if len(keys) == 1 else "",
        },
    )
    return {"mails": done}


def keys_of(event: Json) -> tuple[tuple[str, ...], bool]:
    """Keys of the mails to read, and whether they are read again. Raises ValueError that says what would be right."""
    match event:
        case {"detail-type": "Object Created", "detail": {"object": {"key": str(key)}}}:
            return (key,), False
        case {"detail-type": "bk.reread", "detail": {"refs": list(refs)}}:
            return tuple(str(ref) for ref in refs), True
    raise ValueError(f"the intake was asked for {event.get('detail-type')!r}; it knows Object Created and bk.reread")
