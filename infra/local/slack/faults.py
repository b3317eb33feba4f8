"""Failures on request: what a test asks the Web API to do instead of answering well."""

import random
import re
from dataclasses import dataclass, field
from typing import Any

from infra.local.slack.errors import WrongRequest

KEYS = {"method", "kind", "times", "probability", "seed", "channel", "seconds"}
KINDS = re.compile(r"429|500|503|timeout|lost|error:[a-z_]+|slow:\d+(\.\d+)?")


@dataclass(slots=True, kw_only=True)
class Fault:
    """One wish: `kind` happens to calls of `method` ("*": any), on `channel` if given, `times` times or by chance.

    Attributes:
        kind: "429", "500", "503", "timeout" (not carried out, no answer), "lost" (carried out, connection closed without
            an answer), "error:<code>" or "slow:<seconds>".
        seconds: Retry-After of a 429, how long a timeout keeps the caller waiting.
    """

    method: str
    kind: str
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    channel: str = ""
    seconds: float | None = None
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        if not KINDS.fullmatch(self.kind):
            raise WrongRequest(
                f"{self.kind!r} is not a kind of fault: 429, 500, 503, timeout, lost, error:<code> or slow:<seconds>"
            )
        if self.times is None and self.probability == 1.0:
            self.times = 1
        self.chance = random.Random(self.seed)  # noqa: S311 - a repeatable choice, nothing secret

    def strikes(self, method: str, channel: str) -> bool:
        if self.method not in ("*", method) or self.channel not in ("", channel) or self.times == 0:
            return False
        if self.chance.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def shown(self) -> dict[str, Any]:
        names = ("method", "kind", "times", "probability", "channel", "seconds")
        return {name: getattr(self, name) for name in names if getattr(self, name) not in (None, "")}


@dataclass(slots=True)
class Faults:
    """The wishes not yet used up; the first that fits a call strikes."""

    wishes: list[Fault] = field(default_factory=list)

    def add(self, rows: object) -> None:
        """Takes one wish or a list of them. Raises WrongRequest."""
        for row in rows if isinstance(rows, list) else [rows]:
            if not isinstance(row, dict) or not {"method", "kind"} <= row.keys() <= KEYS:
                raise WrongRequest(f"{row!r} is no fault; it needs method and kind, and may have {', '.join(sorted(KEYS))}")
            self.wishes.append(Fault(**row))

    def pick(self, method: str, channel: str) -> Fault | None:
        struck = next((fault for fault in self.wishes if fault.strikes(method, channel)), None)
        self.wishes = [fault for fault in self.wishes if fault.times != 0]
        return struck

    def left(self) -> list[dict[str, Any]]:
        return [fault.shown() for fault in self.wishes]
