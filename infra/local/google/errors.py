"""Errors in the two forms that Google's APIs use."""

from typing import Any

STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED"}


class ApiError(Exception):
    """What a call answers instead of its result. `reason`: Drive's or ErrorInfo's word."""

    def __init__(self, status: int, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.reason = reason


def body_of(error: ApiError, *, drive: bool) -> dict[str, Any]:
    inner: dict[str, Any] = {"code": error.status, "message": error.message}
    if drive:
        inner["errors"] = [{"message": error.message, "domain": "global", "reason": error.reason}]
    else:
        inner["status"] = STATUS.get(error.status, "UNAVAILABLE" if error.status >= 500 else "UNKNOWN")
        if error.reason:
            inner["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": error.reason}]
    return {"error": inner}
