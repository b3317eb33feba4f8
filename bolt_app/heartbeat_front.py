"""The door at which backup scripts knock.

`POST /<job_id>` with a signature is the signed form, answered in JSON; `/<key>/<job_id>` and what may follow is the path form,
answered in plain text as Healthchecks does. Everything else is turned away.
"""

import hashlib
import logging
from datetime import datetime
from urllib.parse import parse_qsl

from bolt_app.function_url import Request, answer, answer_text, request_of
from bolt_app.previews import is_preview
from workflows.backup.heartbeat import BODY_BYTES_MAX, Attempt, take_check_in
from workflows.backup.heartbeat_keys import KnownKeys
from workflows.backup.heartbeat_ping import Ping, take_ping
from workflows.backup.heartbeat_record import Declined, Enrol, Taken
from workflows.backup.ports import CheckIns
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Bus, Json

REQUEST_BYTES_MAX = 8_000_000
"""More than a Function URL lets through: how much of a body counts depends on where it was sent."""

JOB_ID_LENGTH_MAX = 80
QUERY_FIELDS_MAX = 20
STATUS_OF = {"unsigned": 401, "misfit": 401, "skewed": 401, "over": 401, "invalid": 400}
PING_STATUS_OF = {"misfit": 404, "unknown": 404, "over": 401, "off": 403, "invalid": 400}
NOT_RECORDED = "not recorded; send the same request again, it counts once"
AGAIN_AFTER_SECONDS = "5"
PING_HEADERS = {"ping_body_limit": str(BODY_BYTES_MAX)}

_log = logging.getLogger(__name__)


def respond(event: Json, *, keys: KnownKeys, check_ins: CheckIns, bus: Bus, enrol: Enrol, now: datetime) -> Json:
    """Answers one request to the Function URL."""
    request = request_of(event, body_bytes_max=REQUEST_BYTES_MAX)
    parts = request.path.removeprefix("/").removesuffix("/").split("/")
    by_address = len(parts) in {2, 3}
    form = _ping if by_address else _check_in
    try:
        return form(request, parts, keys=keys, check_ins=check_ins, bus=bus, enrol=enrol, now=now)
    except OutsideError as error:
        _log.exception("A check-in could not be recorded (%s)", error.reason)  # its address may be a key, and is not logged
        if by_address:
            return answer_text(503, "not recorded; send it again", retry_after=AGAIN_AFTER_SECONDS)
        return answer(503, {"error": NOT_RECORDED}, retry_after=AGAIN_AFTER_SECONDS)


# --- the signed form -----------------------------------------------------------------------------


def _check_in(
    request: Request, parts: list[str], *, keys: KnownKeys, check_ins: CheckIns, bus: Bus, enrol: Enrol, now: datetime
) -> Json:
    """Only a POST counts: link previews and scanners send GET and HEAD."""
    if request.method != "POST":
        return answer(405, {"error": "a check-in is a POST to /<job_id>"}, allow="POST")
    job_id = parts[0]
    if len(parts) != 1 or not 0 < len(job_id) <= JOB_ID_LENGTH_MAX or not job_id.isprintable():
        return answer(404, {"error": "a check-in goes to /<job_id>, as the job list names the job"})
    if request.body is None or len(request.body) > BODY_BYTES_MAX:
        return answer(413, {"error": f"a body has at most {BODY_BYTES_MAX // 1000} kB; send the log elsewhere and a note here"})
    attempt = Attempt(
        job_id=job_id,
        timestamp=request.headers.get("x-backup-timestamp", "").strip(),
        signature=request.headers.get("x-backup-signature", "").strip(),
        body=request.body,
        size=_query(request).get("size", ""),
        source_ip=request.source_ip,
    )
    return _told(take_check_in(attempt, keys=keys, check_ins=check_ins, bus=bus, enrol=enrol, now=now))


def _told(outcome: Taken | Declined) -> Json:
    if isinstance(outcome, Declined):
        return answer(STATUS_OF[outcome.why], {"error": outcome.says})
    _note(outcome)
    fields: Json = {"recorded": not outcome.before, "status": outcome.check_in.outcome, "size": outcome.check_in.size}
    if outcome.ignored:
        fields["ignored"] = list(outcome.ignored)
    if outcome.note:
        fields["note"] = outcome.note
    return answer(200, fields)


# --- the path form -------------------------------------------------------------------------------


def _ping(
    request: Request, parts: list[str], *, keys: KnownKeys, check_ins: CheckIns, bus: Bus, enrol: Enrol, now: datetime
) -> Json:
    """GET and POST count, but for a GET that only looks. HEAD never does: whoever asks is told that all is well."""
    if request.method == "HEAD":
        return answer_text(200, "")
    if request.method not in {"GET", "POST"}:
        return answer_text(405, "a check-in is a GET or a POST", allow="GET, POST, HEAD")
    if request.method == "GET" and is_preview(request.headers):
        return answer_text(200, "OK, but not counted: this looks like a link preview")
    query = _query(request)
    ping = Ping(
        key=parts[0],
        job_id=parts[1],
        says=parts[2] if len(parts) == 3 else "",
        rid=query.get("rid"),
        size=query.get("size", ""),
        create=query.get("create") == "1",
        body=(request.body or b"")[-BODY_BYTES_MAX:],
        source_ip=request.source_ip,
        request_id=_short(request),
    )
    return _said(take_ping(ping, keys=keys, check_ins=check_ins, bus=bus, enrol=enrol, now=now))


def _said(outcome: Taken | Declined) -> Json:
    if isinstance(outcome, Declined):
        return answer_text(PING_STATUS_OF[outcome.why], outcome.says)
    _note(outcome)
    lines = ["OK", *(line for line in (outcome.unread, outcome.note) if line)]
    return answer_text(200, "\n".join(lines), **PING_HEADERS)


# --- for both ------------------------------------------------------------------------------------


def _note(taken: Taken) -> None:
    """Of what was turned away nothing is logged: where a job's id should be, somebody may have put a key."""
    job_id = taken.check_in.job_id
    _log.info("A check-in was recorded", extra={"job_id": job_id, "outcome": taken.check_in.outcome, "again": taken.before})
    if taken.unsaid:
        _log.warning("It is checked later, not at once: %s", taken.unsaid, extra={"job_id": job_id})


def _query(request: Request) -> dict[str, str]:
    """The fields of the query, the first of each name; none where there are too many to be meant."""
    if not request.query:
        return {}
    try:
        fields = parse_qsl(request.query, keep_blank_values=True, max_num_fields=QUERY_FIELDS_MAX)
    except ValueError:
        return {}
    return dict(reversed(fields))


def _short(request: Request) -> str:
    """What tells two requests of one moment apart, in a few characters."""
    told = f"{request.request_id} {request.source_ip} {request.path}".encode("utf-8", "replace")
    return hashlib.sha256(told + (request.body or b"")).hexdigest()[:16]
