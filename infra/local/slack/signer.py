"""Sends requests to the app as Slack does: signed, over HTTP, with a timer running."""

import hashlib
import hmac
import http.client
import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from infra.local.slack.errors import WrongRequest

TIMEOUT_SECONDS = 30
IN_TIME_SECONDS = 3
OLD_SECONDS = 301
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class Sent(NamedTuple):
    """What the app answered; status 0 when nothing came back, then `body` says why."""

    status: int
    elapsed_ms: int
    body: str

    def shown(self) -> dict[str, Any]:
        """`in_time`: whether Slack would have waited for it."""
        return {**self._asdict(), "in_time": self.elapsed_ms <= IN_TIME_SECONDS * 1000}


def signed_headers(secret: str, body: str, *, now: float, signature: str = "good") -> dict[str, str]:
    """Slack's two headers. `signature` may also be "wrong", "old" (over five minutes) or "none"."""
    if signature not in ("good", "wrong", "old", "none"):
        raise WrongRequest(f"signature is good, wrong, old or none, not {signature!r}")
    if signature == "none":
        return {}
    timestamp = str(int(now) - (OLD_SECONDS if signature == "old" else 0))
    key = secret + ("-not" if signature == "wrong" else "")
    mac = hmac.new(key.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={mac}"}


def send(url: str, body: str, kind: str, headers: dict[str, str], timeout: float = TIMEOUT_SECONDS) -> Sent:
    """POSTs to the app. Slack gives up after three seconds; here we wait longer, to see how late it is."""
    place = urlsplit(url)
    if place.scheme not in ("http", "https") or not place.hostname:
        raise WrongRequest(
            "the app's address is not known: start with --slack-url, or POST /_local/settings {slack_url}", status=409
        )
    connect = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    line = connect(place.hostname, place.port, timeout=timeout)
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    told = {"Content-Type": kind, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "Accept": "application/json,*/*"}
    began = time.monotonic()
    try:
        line.request("POST", path, body.encode(), told | headers)
        answer = line.getresponse()
        status, text = answer.status, answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as failed:
        status, text = 0, f"{type(failed).__name__}: {failed}"
    finally:
        line.close()
    return Sent(status, round((time.monotonic() - began) * 1000), text)
