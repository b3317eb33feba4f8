"""Slack's front door, before Bolt: whoever does not hold the signing secret gets no further, and is counted.

Bolt reads a body before it checks the signature, and breaks on hostile ones; here the signature comes first.
"""

import base64
import logging
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.aws_lambda import SlackRequestHandler
from slack_sdk.signature import Clock, SignatureVerifier

from bolt_app.adapters.metrics import metric_line
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Json

REREAD_AFTER_SECONDS = 60
SIGNATURE_FAILURE = "SlackSignatureFailure"
"""The metric: one for each request that was signed, and wrongly. What carries no signature at all is not counted."""

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Front:
    """What one Lambda environment keeps from request to request.

    Attributes:
        read_secrets: the signing secret now in force, and the one before it; read at the first request, and again when a
            signature fits none of them, at most once a minute.
        app_for: the app that checks with this secret.
        namespace: of the metric; the deployment's prefix.
        clock: seconds since 1970.
        write_line: takes the line that becomes a metric.
    """

    read_secrets: Callable[[], tuple[str, ...]]
    app_for: Callable[[str], App]
    namespace: str
    clock: Callable[[], float] = time.time
    write_line: Callable[[str], object] = sys.stdout.write
    secrets: tuple[str, ...] = ()
    read_at: float = field(default=float("-inf"))
    handlers: dict[str, SlackRequestHandler] = field(default_factory=dict)


class _ClockOf(Clock):
    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now()


def respond(event: Json, context: Any, front: Front) -> Json:  # noqa: ANN401 - Lambda's context has no type
    """Answers one request to the Function URL."""
    if _method(event) != "POST":
        return _plain(404, "Not Found")
    headers = _headers(event)
    signature, timestamp = headers.get("x-slack-signature", ""), headers.get("x-slack-request-timestamp", "")
    body = _body(event)
    if not signature or not timestamp or body is None:
        if signature:
            _count_failure(front)
        return _plain(401)
    secret = _fitting_secret(front, body, timestamp, signature)
    if secret is None:
        _count_failure(front)
        return _plain(401)
    handler = front.handlers.get(secret)
    if handler is None:
        handler = front.handlers[secret] = SlackRequestHandler(front.app_for(secret))
    plain = {**event, "headers": headers, "isBase64Encoded": False, "body": body}
    answer: Json = handler.handle(plain, context)  # type: ignore[no-untyped-call]
    return answer


def _fitting_secret(front: Front, body: str, timestamp: str, signature: str) -> str | None:
    """The secret that this request was signed with, if it is one of ours and the request is not older than five minutes."""
    if not front.secrets:
        _read_secrets(front)
    found = _first_fitting(front, body, timestamp, signature)
    if found is None and front.clock() - front.read_at >= REREAD_AFTER_SECONDS:
        try:
            _read_secrets(front)  # it may have been exchanged since
        except OutsideError as error:
            _log.warning("The signing secret could not be read again: %s", error)
            return None
        found = _first_fitting(front, body, timestamp, signature)
    return found


def _read_secrets(front: Front) -> None:
    front.read_at = front.clock()
    front.secrets = tuple(secret for secret in front.read_secrets() if secret.strip())


def _first_fitting(front: Front, body: str, timestamp: str, signature: str) -> str | None:
    clock = _ClockOf(front.clock)
    return next((secret for secret in front.secrets if _fits(SignatureVerifier(secret, clock), body, timestamp, signature)), None)


def _fits(verifier: SignatureVerifier, body: str, timestamp: str, signature: str) -> bool:
    try:
        return verifier.is_valid(body, timestamp, signature)
    except (ValueError, TypeError, OverflowError):  # a time that is no number, or far too large; a signature that is not ASCII
        return False


def _method(event: Json) -> str:
    request = event.get("requestContext")
    http = request.get("http") if isinstance(request, dict) else None
    return str(http.get("method", "")) if isinstance(http, dict) else ""


def _headers(event: Json) -> dict[str, str]:
    headers = event.get("headers")
    return {str(name).lower(): str(value) for name, value in headers.items()} if isinstance(headers, dict) else {}


def _body(event: Json) -> str | None:
    """The body as text; None when it is none."""
    body = event.get("body") or ""
    if not isinstance(body, str):
        return None
    try:
        return base64.b64decode(body, validate=True).decode("utf-8") if event.get("isBase64Encoded") else body
    except ValueError:
        return None


def _count_failure(front: Front) -> None:
    front.write_line(metric_line(front.namespace, SIGNATURE_FAILURE, 1, at=datetime.fromtimestamp(front.clock(), UTC)))


def _plain(status: int, body: str = "") -> Json:
    return {"statusCode": status, "headers": {"content-type": "text/plain"}, "body": body}
