"""The door at which backup scripts knock: one signed POST is one check-in; everything else is turned away."""

import logging
from datetime import datetime

from bolt_app.function_url import Request, answer, request_of
from workflows.backup.heartbeat import BODY_BYTES_MAX, Attempt, Declined, SigningKeys, Taken, take_check_in
from workflows.backup.ports import CheckIns
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Bus, Json

JOB_ID_LENGTH_MAX = 80
STATUS_OF = {"unsigned": 401, "misfit": 401, "skewed": 401, "invalid": 400}
AGAIN_AFTER_SECONDS = "5"

_log = logging.getLogger(__name__)


def respond(event: Json, *, keys: SigningKeys, check_ins: CheckIns, bus: Bus, now: datetime) -> Json:
    """Answers one request to the Function URL. Only a signed POST counts: link previews and scanners send GET and HEAD."""
    request = request_of(event, body_bytes_max=BODY_BYTES_MAX)
    if request.method != "POST":
        return answer(405, {"error": "a check-in is a POST to /<job_id>"}, allow="POST")
    job_id = request.path.removeprefix("/").removesuffix("/")
    if not 0 < len(job_id) <= JOB_ID_LENGTH_MAX or "/" in job_id or not job_id.isprintable():
        return answer(404, {"error": "a check-in goes to /<job_id>, as the job list names the job"})
    if request.body is None:
        return answer(413, {"error": f"a body has at most {BODY_BYTES_MAX // 1000} kB; send the log elsewhere and a note here"})
    try:
        outcome = take_check_in(_attempt(request, job_id, request.body), keys=keys, check_ins=check_ins, bus=bus, now=now)
    except OutsideError as error:
        _log.exception("A check-in of %s could not be recorded (%s)", job_id, error.reason)
        return answer(
            503, {"error": "not recorded; send the same request again, it counts once"}, retry_after=AGAIN_AFTER_SECONDS
        )
    return _told(outcome)


def _attempt(request: Request, job_id: str, body: bytes) -> Attempt:
    return Attempt(
        job_id=job_id,
        timestamp=request.headers.get("x-backup-timestamp", "").strip(),
        signature=request.headers.get("x-backup-signature", "").strip(),
        body=body,
        source_ip=request.source_ip,
    )


def _told(outcome: Taken | Declined) -> Json:
    if isinstance(outcome, Declined):
        return answer(STATUS_OF[outcome.why], {"error": outcome.says})
    if outcome.unsaid:
        _log.warning("%s is checked later, not at once: %s", outcome.check_in.job_id, outcome.unsaid)
    fields: Json = {"recorded": not outcome.before, "status": outcome.check_in.outcome, "size": outcome.check_in.size}
    return answer(200, fields | ({"ignored": list(outcome.ignored)} if outcome.ignored else {}))
