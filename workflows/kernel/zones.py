"""Names of time zones as people type them."""

import re
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from workflows.kernel.quantities import UnreadableError

ZONE_RIGHT = "an IANA name such as Asia/Singapore or Europe/Berlin"
_SHAPE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{1,60}")
_NOT_A_PLACE = ("posix", "right", "local", "factory")  # what a machine's own zone directory holds besides


@lru_cache(maxsize=1024)
def zone_name(text: str) -> str:
    """The IANA name, in its own spelling, whatever the case and however the spaces were typed.

    Raises:
        UnreadableError: when there is no such zone; it names the nearest one.
    """
    typed = text.strip().replace(" ", "_")
    if not _SHAPE.fullmatch(typed):
        raise UnreadableError(text, ZONE_RIGHT)
    if not typed.lower().startswith(_NOT_A_PLACE) and _exists(typed):
        return typed
    return _by_any_spelling(text, typed)


def _exists(name: str) -> bool:
    try:
        return ZoneInfo(name).key == name
    except (KeyError, ValueError, OSError):  # no such name, not a name, a directory such as "America"
        return False


def _by_any_spelling(text: str, typed: str) -> str:
    spelt = _spellings()
    if typed.lower() in spelt:
        return spelt[typed.lower()]
    city = typed.lower().rpartition("/")[2]
    # only cities that begin alike: a list full of wrong zones must stay quick to read
    alike = {lower: name for lower, name in spelt.items() if lower.rpartition("/")[2][:2] == city[:2]}
    cities = {lower.rpartition("/")[2]: alike[lower] for lower in sorted(alike, key=lambda lower: "/" in lower)}
    near = get_close_matches(city, cities, n=1, cutoff=0.75)
    raise UnreadableError(text, f"{cities[near[0]]}, an IANA name" if near else ZONE_RIGHT)


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    # sorted, so that the same suggestion is made on every machine
    return {name.lower(): name for name in sorted(available_timezones()) if not name.lower().startswith(_NOT_A_PLACE)}
