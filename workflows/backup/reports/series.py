"""What stays the same in names that change with every run: "web01-2026-11-21T19:43:40" is one of the series "web01-"."""

import re

_DATE = r"(?:19|20)\d{2}[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[T_ -]?[0-2]?\d[:._-]?[0-5]\d(?:[:._-]?[0-5]\d)?(?:\.\d+)?Z?)"
_CHANGING = re.compile(rf"{_DATE}{_TIME}?\w?(?![\w])|(?<![A-Za-z0-9])\d{{9,10}}(?![\w])|\.\d{{6}}$")


def series_of(name: str) -> str:
    """The name without its dates, times and epochs; "" where nothing else is in it."""
    rest = _CHANGING.sub("", name[:300])
    return rest if any(c.isalnum() for c in rest) else ""
