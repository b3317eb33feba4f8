"""Dates as mail programs write them above what they forward, in many languages. Never raises; what is not sure is None."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from workflows.kernel.mail_headers import date_of
from workflows.kernel.mail_words import MONTHS

_TIME = re.compile(r"(?<![\d.])(\d{1,2})[:h.](\d{2})(?:[:.](\d{2}))?(?:\s*([ap])\.?\s?m\b)?(?!\d)", re.IGNORECASE)
_ASIAN_TIME = re.compile(r"(上午|下午|오전|오후|午前|午後)\s*(\d{1,2})\s*[:시時时]\s*(\d{2})")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.年년]\s?(\d{1,2})[-/.月월]\s?(\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:\.|st|nd|rd|th|er|º|ª)?\s*(?:de\s+|d')?([^\W\d_]{3,12})\.?,?\s*(?:de\s+|del\s+)?(\d{4})(?!\d)"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_OFFSET = re.compile(r"(?:GMT|UTC)?\s?([+-])(\d{1,2}):?(\d{2})?\b(?!\S*\d)")


def written_date(text: str, zone: tzinfo = UTC) -> datetime | None:
    """A point in time in UTC; None where day and month cannot be told apart. A time that names no zone is one of `zone`."""
    text = re.sub(r"\s+", " ", text[:200]).strip()
    if re.match(r"(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UTC)", text):
        return date_of(text)
    day = _day(text)
    if day is None:
        return None
    time, rest = _time(text)
    try:
        return datetime(*day, *time, tzinfo=_offset(rest) or zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> tuple[int, int, int] | None:
    if match := _ISO.search(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DAY_MONTH.search(text):
        month = _month(match[2])
        if month:
            return int(match[3]), month, int(match[1])
    if match := _MONTH_DAY.search(text):
        month = _month(match[1])
        if month:
            return int(match[3]), month, int(match[2])
    return _numbers(text)


def _numbers(text: str) -> tuple[int, int, int] | None:
    match = _NUMBERS.search(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    year += 2000 if year < 100 else 0
    if match[2] == "." or first > 12 or first == second:
        return year, second, first
    return (year, first, second) if second > 12 else None


def _month(word: str) -> int:
    """The month that a word names: the longest of the beginnings that fit."""
    word = word.casefold()
    fitting = [(len(start), number) for start, number in MONTHS.items() if word.startswith(start)]
    return max(fitting, default=(0, 0))[1]


def _time(text: str) -> tuple[tuple[int, int, int], str]:
    """The time of day, and what is written after it."""
    if match := _ASIAN_TIME.search(text):
        half = int(match[2]) % 12 + (12 if match[1] in {"下午", "오후", "午後"} else 0)
        return (half, int(match[3]), 0), text[match.end() :]
    for match in _TIME.finditer(text):
        hour = int(match[1])
        if match[4]:
            hour = hour % 12 + (12 if match[4] in "pP" else 0)
        if hour < 24 and int(match[2]) < 60 and not _NUMBERS.match(text, match.start()):
            return (hour, int(match[2]), min(int(match[3] or 0), 59)), text[match.end() :]
    return (0, 0, 0), ""


def _offset(text: str) -> tzinfo | None:
    if match := _OFFSET.match(text.strip()):
        hours, minutes = int(match[2]), int(match[3] or 0)
        if hours <= 14 and minutes < 60:
            return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if match[1] == "-" else 1))
    return UTC if re.match(r"\s?(?:GMT|UTC|Z)\b", text) else None
