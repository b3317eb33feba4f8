"""What Google's APIs answer when they do not do what was asked, in our words."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from googleapiclient.errors import Error, HttpError
from requests.exceptions import RequestException

from bolt_app.adapters.google_account import GoogleAccount
from workflows.kernel.errors import OutsideError, RateLimited, Refused, Unanswered
from workflows.kernel.sheet_trouble import API_OFF, BAD_KEY, NOT_FOUND, NOT_GOOGLES, NOT_SHARED, TOO_LARGE

WAIT_SECONDS = 60.0
"""Google's quotas are counted by the minute."""

_TOO_OFTEN = {"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"}
_OFF = {"accessNotConfigured", "SERVICE_DISABLED"}
_NOT_GOOGLES = {"fileNotExportable", "fileNotDownloadable", "badRequest", "FAILED_PRECONDITION"}
_FORBIDDEN = {
    "exportSizeLimitExceeded": TOO_LARGE,
    **dict.fromkeys(_OFF, API_OFF),
    **dict.fromkeys(_NOT_GOOGLES, NOT_GOOGLES),
}


@contextmanager
def translated(account: GoogleAccount) -> Iterator[None]:
    """Raises what Google's libraries raise as Refused, RateLimited or Unanswered. A key that was refused is doubted."""
    try:
        yield
    except HttpError as error:
        raised = in_our_words(error)
        if raised.reason == BAD_KEY:
            account.doubt()
        raise raised from error
    except RefreshError as error:
        if error.retryable:
            raise Unanswered("TokenRefused", str(error.args[0])) from error
        account.doubt()
        raise Refused(BAD_KEY, str(error.args[0])[:200]) from error
    except (TransportError, RequestException) as error:
        raise Unanswered(type(error).__name__, "Google's API") from error
    except (Error, GoogleAuthError, UnicodeDecodeError) as error:
        raise Unanswered(type(error).__name__, str(error)[:200]) from error


def in_our_words(error: HttpError) -> OutsideError:
    status, message, words = int(error.status_code), *_told(error.content)
    if status == 429 or words & _TOO_OFTEN:
        return RateLimited(_seconds(error.resp.get("retry-after", "")))
    if status >= 500 or status == 408:
        return Unanswered(str(status), message)
    if status == 401:
        return Refused(BAD_KEY, message)
    if status == 404:
        return Refused(NOT_FOUND, message)
    if status in {400, 403}:
        known = next((reason for word, reason in _FORBIDDEN.items() if word in words), "")
        if known or status == 403:
            return Refused(known or NOT_SHARED, message)
    return Refused(str(status), message)


def _told(content: bytes) -> tuple[str, frozenset[str]]:
    """The message of an error, and all words that classify it, in either of the two forms that Google's APIs use."""
    try:
        error: Any = json.loads(content)["error"]
        message = str(error["message"])
        reasons = [one.get("reason") for one in (*error.get("errors", ()), *error.get("details", ()))]
        return message[:200], frozenset(str(word) for word in (*reasons, error.get("status")) if word)
    except (ValueError, KeyError, TypeError, AttributeError):
        return content[:200].decode("utf-8", "replace"), frozenset()


def _seconds(retry_after: str) -> float:
    return float(retry_after) if retry_after.isdecimal() else WAIT_SECONDS
