"""Where the bus brings `bk.key`: somebody asks for the key of a job."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from bolt_app.log_fields import about
from workflows.backup.key_answering import KeyAnswer, Vault, Whispers, answer_key, read_request
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Audit, Json, Message

_log = logging.getLogger(__name__)


def take_key_request(
    event: Json,
    *,
    vault: Vault,
    audit: Audit,
    whispers: Whispers,
    say: Callable[[KeyAnswer], Message],
    changed: Callable[[], object],
) -> Json:
    """Carries out one event. What can never be answered is logged, and dropped; the rest is raised, so that it comes again.

    The moment is the event's own: however often it arrives, it is one request, and one entry in the audit.
    """
    detail = event.get("detail")
    try:
        request = read_request(detail if isinstance(detail, dict) else {}, _moment(event.get("time")))
    except ValueError as error:
        _log.error("A key was asked for, and not shown: %s", error, extra=about(detail if isinstance(detail, dict) else {}))
        return {"answered": False}
    try:
        answer_key(request, vault=vault, audit=audit, whispers=whispers, say=say, changed=changed)
    except OutsideError as error:
        if not error.permanent:
            raise
        _log.exception("A key was asked for, and the answer not taken (%s)", error.reason, extra={"job_id": request.job_id})
        return {"answered": False}
    return {"answered": True}


def _moment(text: object) -> datetime:
    """Raises ValueError."""
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("the event's time has no zone")
    return moment.astimezone(UTC)
