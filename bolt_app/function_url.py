"""Requests to a Function URL (payload format 2.0), as plain facts."""

import base64
import binascii
import json
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from workflows.kernel.ports import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request.

    Attributes:
        path: decoded, in NFC. query: as it stands in the address. headers: by their names in lower case.
        body: as it was sent; None when it is longer than was allowed, or not what it says it is.
        request_id: AWS's own, one to each request.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    source_ip: str = ""
    query: str = ""
    request_id: str = ""


def request_of(payload: Json, *, body_bytes_max: int) -> Request:
    """The request that a payload holds. What is missing is empty: the public sends what it likes."""
    context = payload.get("requestContext")
    context = context if isinstance(context, dict) else {}
    http = context.get("http")
    http = http if isinstance(http, dict) else {}
    headers = payload.get("headers")
    return Request(
        method=str(http.get("method", "")).upper(),
        path=unicodedata.normalize("NFC", unquote(str(payload.get("rawPath", "")))),
        headers={str(name).lower(): str(value) for name, value in headers.items()} if isinstance(headers, dict) else {},
        body=_body(payload.get("body") or "", encoded=bool(payload.get("isBase64Encoded")), bytes_max=body_bytes_max),
        source_ip=str(http.get("sourceIp", "")),
        query=str(payload.get("rawQueryString", "")),
        request_id=str(context.get("requestId", "")),
    )


def _body(body: object, *, encoded: bool, bytes_max: int) -> bytes | None:
    if not isinstance(body, str) or len(body) > bytes_max * 4 // 3 + 4:
        return None
    try:
        raw = base64.b64decode(body, validate=True) if encoded else body.encode("utf-8")
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None
    return raw if len(raw) <= bytes_max else None


def answer(status: int, fields: Json, **headers: str) -> Json:
    """A response with a JSON body; `headers` with underscores for hyphens."""
    return _response(status, "application/json", json.dumps(fields, ensure_ascii=False), headers)


def answer_text(status: int, text: str, **headers: str) -> Json:
    """A response that is plain text."""
    return _response(status, "text/plain", text, headers)


def answer_html(status: int, document: str, **headers: str) -> Json:
    """A response that is a web page; `headers` with underscores for hyphens."""
    return _response(status, "text/html", document, headers)


def _response(status: int, media_type: str, body: str, headers: dict[str, str]) -> Json:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "statusCode": status,
        "headers": {"content-type": f"{media_type}; charset=utf-8", "cache-control": "no-store", **named},
        "body": body,
    }
