"""The one tree of errors that adapters raise; each says whether trying again can help.

Outside
├── CannotLook      a source could not be read
├── Conflict        someone else wrote first; read again and decide again
├── RateLimited     try again after `retry_after_seconds`
├── Refused         the other side said no, and will say no again
└── Unanswered      no answer came: it may or may not have happened
"""

RATE_LIMITED = "rate_limited"


class OutsideError(Exception):
    """Something outside this program did not do what was asked.

    Attributes:
        permanent: True when the same call would fail again.
        reason: the other side's own word for it, such as "AccessDenied" or "channel_not_found".
    """

    permanent = False

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class CannotLook(OutsideError):
    """A place that holds evidence could not be read. Never to be taken for "nothing there"."""


class Conflict(OutsideError):
    """A conditional write found that someone else had written first."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("conflict", detail)


class RateLimited(OutsideError):
    """Refused for now.

    Attributes:
        retry_after_seconds: how long the other side asked us to wait.
    """

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(RATE_LIMITED, f"again in {retry_after_seconds:g} s")
        self.retry_after_seconds = retry_after_seconds


class Refused(OutsideError):
    """Refused for good: the same request would be refused again."""

    permanent = True


class Unanswered(OutsideError):
    """No answer came, or a broken one: the request may have been carried out all the same."""
