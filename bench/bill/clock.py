"""A clock that one turns: what asks for the time gets the moment of the simulated day.

`install` must come before anything that imports `datetime`: modules keep the class they imported. Nothing in the product is
replaced, and neither is CPU time.
"""

import datetime as dt
import time
from typing import Any

_real = dt.datetime
_now = _real(2026, 11, 23, tzinfo=dt.UTC)


class Turned(_real):
    """`datetime`, except for what it calls now."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:  # noqa: ANN401 - datetime's own signature
        return cls.fromtimestamp(_now.timestamp(), tz)

    @classmethod
    def utcnow(cls) -> Any:  # noqa: ANN401 - as above
        return cls.fromtimestamp(_now.timestamp(), dt.UTC).replace(tzinfo=None)


def install() -> None:
    dt.datetime = Turned  # type: ignore[misc] # this process has one clock, and this is it
    time.time = time.monotonic = _seconds


def _seconds() -> float:
    return float(_now.timestamp())


def turn_to(moment: dt.datetime) -> None:
    global _now  # noqa: PLW0603 - there is one clock
    _now = moment
