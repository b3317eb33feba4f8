"""bk-drive-sync: the one that talks to Google. Mirrors the sheet and the documents, and registers approved proposals."""

import logging
from dataclasses import asdict
from datetime import timedelta
from functools import cache
from typing import Any

from bolt_app.services.drive_sync import DriveSync, drive_sync
from workflows.kernel.ports import Json

_log = logging.getLogger(__name__)


@cache
def _drive_sync() -> DriveSync:
    return drive_sync()


def handler(event: Json, context: Any) -> Json:  # noqa: ANN401 - Lambda's context has no type
    def time_left() -> timedelta:
        return timedelta(milliseconds=context.get_remaining_time_in_millis())

    proposal_id = proposal_of(event)
    done = _drive_sync()(proposal_id, context.aws_request_id, time_left)
    _log.info(
        "The sheet and the documents were mirrored",
        extra={
            "proposal_id": proposal_id,
            "mirrored": len(done.mirrored),
            "keys": done.keys,
            "registered": done.registered,
            "busy": done.busy,
        },
    )
    return asdict(done)


def proposal_of(event: Json) -> str:
    """The proposal that a `bk.register` asks for; "" for a schedule's run. Raises ValueError that says what would be right."""
    if event.get("detail-type") == "bk.register":
        proposal_id = event["detail"].get("proposal_id")
        if not isinstance(proposal_id, str) or not proposal_id:
            raise ValueError("bk.register names no proposal; it wants a proposal_id")
        return proposal_id
    if event.get("mode") != "sync":
        raise ValueError(f"asked for mode {event.get('mode')!r}; it knows sync, and the event bk.register")
    return ""
