"""Days and times as tools print them, in many countries' spellings; what could mean two days is neither.

"2026-11-19T02:00:01+01:00", "19.11.2026 02:00 Uhr", "Thu Nov 19 02:00:01 CET 2026", "11/19/2026 2:00:01 AM", "jeudi 19 novembre
2026 à 02h00". Where "11/12/2026" is written, `order_of` finds out what comes first from the other dates of the text and from the
day of the mail; where it cannot, such dates are None.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal

from workflows.backup.reports.calendar_words import MONTH_OF, ZONE_HOURS, zone

Order = Literal["dmy", "mdy", ""]

NEAR = timedelta(days=2)
"""A mail is sent at most so long after what it tells of, when its day is to decide between two readings."""

_LOOKED_AT = 50_000
_MONTH = "(" + "|".join(sorted((re.escape(name) for name in MONTH_OF), key=len, reverse=True)) + r")\b\.?"
_YEAR = r"([12][0-9]{3}|[0-9]{2}(?![0-9:]))"
_DAYS = {
    "ymd": re.compile(r"(?<![0-9.])([12][0-9]{3})([-/.])([01]?[0-9])\2([0-3]?[0-9])(?![0-9])"),
    "han": re.compile(r"(?<![0-9])([12][0-9]{3})\s?([年년])\s?([01]?[0-9])\s?[月월]\s?([0-3]?[0-9])\s?[日일]"),
    "compact": re.compile(r"(?<![0-9A-Za-z])([12][0-9]{3})()([01][0-9])([0-3][0-9])(?![0-9])"),
    "numbers": re.compile(r"(?<![0-9./-])([0-3]?[0-9])([./-])([0-3]?[0-9])\2([12][0-9]{3}|[0-9]{2})(?!\.?[0-9])"),
    "day first": re.compile(
        rf"(?<![0-9])([0-3]?[0-9])(?:st|nd|rd|th|er|º|\.)?[\s/-]\s?(?:de |of |d')?{_MONTH},?[\s/-](?:de |del )?{_YEAR}",
        re.IGNORECASE,
    ),
    "month first": re.compile(rf"\b{_MONTH}\s{{0,2}}([0-3]?[0-9])(?:st|nd|rd|th)?,?\s([12][0-9]{{3}})(?![0-9])", re.IGNORECASE),
    "ctime": re.compile(
        rf"\b{_MONTH}\s{{1,2}}([0-3]?[0-9])\s(?=[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?\s(?:[A-Za-z]{{2,5}}\s"
        rf"|[+-][0-9]{{4}}\s)?([12][0-9]{{3}}))",
        re.IGNORECASE,
    ),
}
_BETWEEN = re.compile(
    r"[\s\u202f\u00a0]*(?:[,;|]|T(?=[0-9])|-(?=\s)|(?:at|um|à|às|a las|alle(?: ore)?|ore|om|kl\.?|в)(?=\s))?[\s\u202f\u00a0(]*",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:([上下]午|午[前後]|오[전후])\s?)?([01]?[0-9]|2[0-4])"
    r"(?::([0-5][0-9])(?::([0-5][0-9]|60)(?:[.,]([0-9]{1,9}))?)?|[hH]\s?([0-5][0-9])(?:[m:.\s]?([0-5][0-9])s?)?"
    r"|\.([0-5][0-9])\.([0-5][0-9])"
    r"|[时時点點시]\s?([0-5]?[0-9])[分분](?:\s?([0-5]?[0-9])[秒초])?)(?![0-9])"
    r"(?:[\s\u202f\u00a0]?([ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_PACKED = re.compile(r"(?:T(?!\d\d:)|[_-])([01][0-9]|2[0-3])[-.:_]?([0-5][0-9])(?:[-.:_]?([0-5][0-9]))?(?![0-9])")
_OFFSET = re.compile(r"\s?\(?(?:UTC|GMT)?\s?([+-])([01][0-9])(?::?([0-5][0-9]))?(?![:0-9])\)?")
_NAMED_OFFSET = re.compile(r"\s?\(?(?:UTC|GMT)\s?([+-])([01]?[0-9])(?::?([0-5][0-9]))?(?![:0-9])\)?")
_NAMED = re.compile(r"Z\b|\s\(?([A-Z]{3,5})\b\)?")
_BEFORE = re.compile(
    r"(?:\s|^)([0-9]{1,2}[:hH][0-5][0-9](?::[0-5][0-9])?(?:\s?[AaPp]\.?[Mm]\.?)?)\s*(?:Uhr|h)?,?\s*(?:on|am|le|el|il|op|den"
    r"|em)?\s*(?:\w{2,12},?\s*)?$"
)


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    day: date
    ctime: bool = False


def moment_of(text: str, order: Order = "") -> datetime | None:
    """The first day with a time of day in a text; aware only where it states its zone."""
    return next(moments_in(text, order), None)


def moments_in(text: str, order: Order = "") -> Iterator[datetime]:
    """All days with a time of day, in the order of the text."""
    for found in _days(text, order):
        moment = _with_clock(text, found)
        if moment is not None:
            yield moment


def day_of(text: str, order: Order = "") -> date | None:
    """The first day in a text, whether or not a time stands beside it."""
    return next((found.day for found in _days(text, order)), None)


def clock_of(text: str) -> time | None:
    """Where the text is a time of day: "22:31", "10:31:02 PM", "02h15"."""
    plain = text.strip().removesuffix("Uhr").strip()
    found = _CLOCK.fullmatch(plain[:40])
    return _clock(found) if found else None


def at_clock(day: datetime | date, clock: time) -> datetime:
    """That time of day, on this day; where `day` is itself a moment: the first such time not before it."""
    if not isinstance(day, datetime):
        return datetime.combine(day, clock)
    same = datetime.combine(day.date(), clock, tzinfo=day.tzinfo)
    return same if same >= day.replace(microsecond=0) else same + timedelta(days=1)


def order_of(text: str, sent: datetime | None = None) -> Order:
    """What comes first in dates like 11/12/2026, as its other dates show, else as the day of the mail does; "" for no proof."""
    looked = text if len(text) <= 2 * _LOOKED_AT else text[:_LOOKED_AT] + "\n" + text[-_LOOKED_AT:]
    pairs = [found for found in _DAYS["numbers"].finditer(looked) if found[2] != "."]
    first = any(int(found[1]) > 12 for found in pairs)
    second = any(int(found[3]) > 12 for found in pairs)
    if first or second:
        return "" if first and second else "dmy" if first else "mdy"
    if sent is None:
        return ""
    near: list[Order] = [order for order in ("dmy", "mdy") if any(_is_near(_numbers(found, order), sent) for found in pairs)]
    return near[0] if len(near) == 1 else ""


def _is_near(day: date | None, sent: datetime) -> bool:
    return day is not None and -timedelta(days=1) <= sent.date() - day <= NEAR


def _days(text: str, order: Order) -> list[_Found]:
    """Without overlaps."""
    kept: list[_Found] = []
    for found in _sorted_days(text, order):
        if not kept or found.start >= kept[-1].end:
            kept.append(found)
    return kept


def _sorted_days(text: str, order: Order) -> list[_Found]:
    found = [
        _Found(one.start(), one.end(), day, kind == "ctime")
        for kind, pattern in _DAYS.items()
        for one in pattern.finditer(text)
        if (day := _day(kind, one, order)) is not None
    ]
    return sorted(found, key=lambda one: one.start)


def _day(kind: str, found: re.Match[str], order: Order) -> date | None:
    if kind in {"ymd", "han", "compact"}:
        return _date(int(found[1]), int(found[3]), int(found[4]))
    if kind == "numbers":
        return _numbers(found, order)
    if kind == "day first":
        return _date(_year(found[3]), MONTH_OF[found[2].lower()], int(found[1]))
    return _date(_year(found[3]), MONTH_OF[found[1].lower()], int(found[2]))


def _numbers(found: re.Match[str], order: Order) -> date | None:
    first, second, year = int(found[1]), int(found[3]), _year(found[4])
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    if found[2] == "." or day_first == month_first or month_first is None:
        return day_first
    if day_first is None:
        return month_first
    return {"dmy": day_first, "mdy": month_first, "": None}[order]


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _with_clock(text: str, found: _Found) -> datetime | None:
    packed = _PACKED.match(text, found.end)
    if packed:
        clock = time(int(packed[1]), int(packed[2]), int(packed[3] or 0))
        return datetime.combine(found.day, clock, tzinfo=_zone(text, packed.end(), sure=True))
    between = _BETWEEN.match(text, found.end)
    after = _CLOCK.match(text, between.end() if between else found.end)
    if after and (clock_after := _clock(after)) is not None:
        sure = after[4] is not None or (between is not None and between.group() == "T")
        return _combined(found.day, clock_after, after, _zone(text, after.end(), sure=sure))
    before = _BEFORE.search(text[max(0, found.start - 40) : found.start])
    clock_before = clock_of(before[1]) if before else None
    return datetime.combine(found.day, clock_before) if clock_before else None


def _combined(day: date, clock: time, found: re.Match[str], zone_of: tzinfo | None) -> datetime:
    """24:00 is the midnight that ends the day."""
    moment = datetime.combine(day, clock, tzinfo=zone_of)
    return moment + timedelta(days=1) if found[2] == "24" and day < date.max else moment


def _clock(found: re.Match[str]) -> time | None:
    prefix, hour, *rest, half = found.groups()
    minute = next((int(part) for part in (rest[0], rest[3], rest[5], rest[7]) if part), 0)
    second = next((int(part) for part in (rest[1], rest[4], rest[6], rest[8]) if part), 0)
    micro = int((rest[2] or "0").ljust(6, "0")[:6])
    half = (half or "").lower() or {"上午": "a", "午前": "a", "오전": "a", "下午": "p", "午後": "p", "오후": "p"}.get(
        prefix or "", ""
    )
    hours = int(hour) % 24
    if half:
        if not 1 <= int(hour) <= 12:
            return None if not prefix else time(hours, minute, min(second, 59), micro)
        hours = int(hour) % 12 + (12 if half == "p" else 0)
    return time(hours, minute, min(second, 59), micro)


def _zone(text: str, at: int, *, sure: bool) -> tzinfo | None:
    """What zone is named behind a time of day; `sure`: "-03:00" cannot be the end of a span there."""
    offset = (_OFFSET if sure else _NAMED_OFFSET).match(text, at) or _NAMED_OFFSET.match(text, at)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes)) if minutes <= 14 * 60 else None
    named = _NAMED.match(text, at)
    hours = ZONE_HOURS.get((named[1] or "z").lower()) if named else None
    return None if hours is None else zone(hours)
