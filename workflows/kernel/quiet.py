"""When people are left alone: quiet hours, days off and holidays, as they are written in the rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from workflows.kernel.days_off import DaysOff
from workflows.kernel.documents import Field, Schema
from workflows.kernel.quantities import UnreadableError

HOURS_RIGHT = "18:00-08:00, or none"
DAYS_RIGHT = "mon-fri, or mon, tue, thu"
DATES_RIGHT = "2026-12-24, or 2026-12-24 to 2026-12-31"
PLACE_RIGHT = "a country such as DE, with a subdivision as in DE-BY if need be"
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOSED_DAYS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When nobody wants to hear anything, in each person's own zone.

    Attributes:
        quiet_from, quiet_to: the quiet part of a working day, usually over midnight; equal = none on working days.
        working_days: Monday is 0; other days are quiet all day.
        holidays: own days off. country, subdivision: ISO 3166 codes for public holidays, "" = none.
    """

    quiet_from: time = time(18)
    quiet_to: time = time(8)
    working_days: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()
    country: str = ""
    subdivision: str = ""

    @property
    def days_off(self) -> DaysOff:
        return DaysOff(own=self.holidays, country=self.country, subdivision=self.subdivision)


def read_hours(text: str) -> tuple[time, time]:
    """Reads "18:00-08:00", "18-8" or "6pm to 8am" as (from, to); "none" as two equal times. Raises UnreadableError."""
    plain = text.strip().lower()
    if plain in {"none", "off", "no", "never"}:
        return time(0), time(0)
    parts = re.split(r"\s*(?:-|–|\bto\b|\buntil\b)\s*", plain)
    if len(parts) != 2:
        raise UnreadableError(text, HOURS_RIGHT)
    begin, end = (_time(part, text) for part in parts)
    if begin == end:
        raise UnreadableError(text, HOURS_RIGHT)
    return begin, end


def _time(part: str, text: str) -> time:
    match = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(am|pm)?", part)
    if match is None:
        raise UnreadableError(text, HOURS_RIGHT)
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] and not 1 <= hour <= 12:
        raise UnreadableError(text, HOURS_RIGHT)
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    if hour == 24 and minute == 0:
        hour = 0
    if hour > 23 or minute > 59:
        raise UnreadableError(text, HOURS_RIGHT)
    return time(hour, minute)


def read_days(text: str) -> frozenset[int]:
    """Reads "mon-fri", "sun-thu" or "mon, tue, thu"; Monday is 0. Raises UnreadableError."""
    days: set[int] = set()
    for part in filter(None, re.split(r"[\s,;]+", re.sub(r"\s*(?:-|–|\bto\b)\s*", "-", text.strip().lower()))):
        ends = [_day(name, text) for name in part.split("-", maxsplit=1)]
        days.update((ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1))
    if not days:
        raise UnreadableError(text, DAYS_RIGHT)
    return frozenset(days)


def _day(name: str, text: str) -> int:
    found = [number for number, day in enumerate(_DAY_NAMES) if len(name) >= 2 and day.startswith(name.rstrip("."))]
    if len(found) != 1:
        raise UnreadableError(text, DAYS_RIGHT)
    return found[0]


def read_dates(text: str) -> frozenset[date]:
    """ISO dates, and spans of at most 100 days: "2026-05-01, 2026-12-24 to 2026-12-31". Raises UnreadableError."""
    days = frozenset(day for part in re.split(r"\s*[,;]\s*", text.strip()) for day in _span(part, text))
    if not days:
        raise UnreadableError(text, DATES_RIGHT)
    return days


def _span(part: str, text: str) -> Iterator[date]:
    match = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s*(?:to|-|–|until)\s*([0-9]{4}-[0-9]{2}-[0-9]{2}))?", part)
    if match is None:
        raise UnreadableError(text, DATES_RIGHT)
    try:
        first, last = date.fromisoformat(match[1]), date.fromisoformat(match[2] or match[1])
    except ValueError:  # such as the 30th of February
        raise UnreadableError(text, DATES_RIGHT) from None
    days = (last - first).days
    if not 0 <= days < _CLOSED_DAYS_MAX:
        raise UnreadableError(text, f"{DATES_RIGHT}; at most {_CLOSED_DAYS_MAX} days, the first one first")
    yield from (first + timedelta(days=number) for number in range(days + 1))


def read_place(text: str) -> tuple[str, str]:
    """Reads "DE", "DE-BY" or "DE, BY" as (country, subdivision), "none" as two empty ones. Raises UnreadableError."""
    if text.strip().lower() == "none":
        return "", ""
    match = re.fullmatch(r"([A-Z]{2})(?:\s*[-/, ]\s*([A-Z0-9]{1,3}))?", text.strip().upper())
    if match is None:
        raise UnreadableError(text, PLACE_RIGHT)
    return match[1], match[2] or ""


def _subdivision(text: str) -> str:
    code = text.strip().upper()
    if not re.fullmatch(r"[A-Z0-9]{1,3}", code):
        raise UnreadableError(text, "a subdivision's code such as BY")
    return code


def _own_day(key: str, name: str) -> tuple[frozenset[date], str]:
    if not key[:1].isdigit():
        raise UnreadableError(key, "country, subdivision, dates, or a day of its own such as 2026-12-24")
    return read_dates(key), name


QUIET_HOURS_SCHEMA = Schema(
    fields={"hours": Field(read=read_hours), "working days": Field(read=read_days)},
    aliases={"days": "working days", "workdays": "working days"},
)
HOLIDAYS_SCHEMA = Schema(
    fields={"country": Field(read=read_place), "subdivision": Field(read=_subdivision), "dates": Field(read=read_dates)},
    aliases={"state": "subdivision", "own dates": "dates", "closed": "dates"},
    other=_own_day,  # "2026-12-24: office party"
)
