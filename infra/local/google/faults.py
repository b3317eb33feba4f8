"""Failures on request: what a test asks the two APIs to do instead of answering well."""

from dataclasses import dataclass, field
from typing import Any

CALLS = ("token", "files.get", "files.export", "spreadsheets.get", "values.get", "spreadsheets.batchUpdate")
KINDS = ("status", "timeout", "lost", "empty", "truncated", "html", "no_text", "no_json")


@dataclass(slots=True, kw_only=True)
class Fault:
    """One wish: `kind` happens to `call` ("*": any), `times` times.

    Attributes:
        kind: "status" (answers `status` with `reason`), "timeout" (not carried out, no answer for `seconds`), "lost" (carried
            out, connection closed without an answer), or what an answer holds instead: "empty", "truncated" (half of it),
            "html", "no_text", "no_json".
        reason: Google's word for it, such as "userRateLimitExceeded".
    """

    call: str
    kind: str
    times: int = 1
    status: int = 500
    reason: str = ""
    seconds: float = 0.0
    retry_after: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.call not in (*CALLS, "*"):
            raise ValueError(
                f"no fault: call {self.call!r} is one of {', '.join(CALLS)} or *, kind {self.kind!r} of {', '.join(KINDS)}"
            )


@dataclass(slots=True)
class Faults:
    """The wishes not yet used up; the first that fits a call strikes."""

    wishes: list[Fault] = field(default_factory=list)

    def add(self, **wish: Any) -> None:  # noqa: ANN401 - as Fault has them
        self.wishes.append(Fault(**wish))

    def pick(self, call: str) -> Fault | None:
        for fault in self.wishes:
            if fault.call in (call, "*"):
                fault.times -= 1
                self.wishes = [one for one in self.wishes if one.times > 0]
                return fault
        return None
