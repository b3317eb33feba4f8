"""Lengths of time and sizes as people type and read them: "26h", "1d 12h", "1.2 GiB", "52 h", "412 MB"."""

import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

WINDOW_RIGHT = "26h, 2d or 1w"
SIZE_RIGHT = "500MB, 1.2 GiB or 1,234,567"
SHARE_RIGHT = "0.3 or 30 %"

WINDOW_MIN = timedelta(minutes=1)
WINDOW_MAX = timedelta(days=1100)
SIZE_MAX = 10**18
_TYPED_MAX = 60


class UnreadableError(ValueError):
    """A text that means nothing here. As a sentence: what would be right, then what was typed.

    Attributes:
        typed: the text, on one line and cut to a length that can be shown.
        right: what would be right.
    """

    def __init__(self, typed: str, right: str) -> None:
        self.typed = shown(typed)
        self.right = right
        super().__init__(f'{right}; you wrote "{self.typed}"')


def shown(text: str) -> str:
    """The text on one line, without control characters, cut to 60 characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: _TYPED_MAX * 4]).split())
    return line if len(line) <= _TYPED_MAX else line[: _TYPED_MAX - 1] + "…"


# --- lengths of time -----------------------------------------------------------------------------

_UNITS = {
    timedelta(minutes=1): "m min mins minute minutes",
    timedelta(hours=1): "h hr hrs hour hours",
    timedelta(days=1): "d day days",
    timedelta(weeks=1): "w wk wks week weeks",
    timedelta(days=30): "mo mos month months",
}
_UNIT_OF = {name: unit for unit, names in _UNITS.items() for name in names.split()}
_PART = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,3})?)?\s*([a-z]+)\s*(?:(?:,|and\b)\s*(?=.))?")


@lru_cache(maxsize=4096)
def parse_window(text: str) -> timedelta:
    """Reads "2m" (minutes), "90 min", "26h", "1d 12h", "2 weeks", "1mo" (30 days) or "month"; 1 minute to 1,100 days.

    Raises:
        UnreadableError: for anything else.
    """
    rest = _plain(text)
    length = timedelta()
    named: set[timedelta] = set()
    while rest:
        part = _PART.match(rest)
        unit = _UNIT_OF.get(part[2]) if part else None
        if part is None or unit is None or unit in named or (part[1] is None and (named or rest != part[2])):
            raise UnreadableError(text, WINDOW_RIGHT)
        length += float((part[1] or "1").replace(",", ".")) * unit
        named.add(unit)
        rest = rest[part.end() :]
    if not named:
        raise UnreadableError(text, WINDOW_RIGHT)
    if not WINDOW_MIN <= length <= WINDOW_MAX:
        raise UnreadableError(text, f"{WINDOW_RIGHT}: between 1 minute and {WINDOW_MAX.days} days")
    return length


def window_text(length: timedelta) -> str:
    """A length as it was meant, to the minute: "26 h", "90 min", "3 d 12 h". `parse_window` reads it back."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    days, hours = (0, minutes // 60) if minutes <= 72 * 60 else divmod(minutes // 60, 24)
    parts = ((days, "d"), (hours, "h"), (minutes % 60, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def age_text(age: timedelta) -> str:
    """An age in the largest unit that matters, whole units passed: "45 min", "52 h", "4 d"."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return "under 1 min"
    if minutes < 120:
        return f"{minutes} min"
    if minutes <= 72 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} d"


# --- sizes ---------------------------------------------------------------------------------------

_SIZE = re.compile(r"([0-9][0-9.,' _]*?)\s*([a-z]*)")
_DECIMAL = ("B", "KB", "MB", "GB", "TB", "PB", "EB")
_FACTOR = {"": 1, "b": 1, "byte": 1, "bytes": 1}
for _power, _letter in enumerate("kmgtpe", start=1):
    _FACTOR |= {_letter: 1000**_power, f"{_letter}b": 1000**_power, f"{_letter}ib": 1024**_power, f"{_letter}i": 1024**_power}


@lru_cache(maxsize=4096)
def parse_size(text: str) -> int:
    """Reads "500MB", "1.2 GiB", "1,5 GB", "1,234,567" or plain bytes; KB = 1000, KiB = 1024. Returns bytes, rounded.

    A single comma before exactly three digits parts thousands ("1,500 MB"); otherwise it is a decimal comma.

    Raises:
        UnreadableError: for anything else, also negative, not finite, or over an exabyte.
    """
    typed = _SIZE.fullmatch(_plain(text))
    factor = _FACTOR.get(typed[2]) if typed else None
    number = _number(typed[1], whole=factor == 1) if typed else None
    if factor is None or number is None:
        raise UnreadableError(text, SIZE_RIGHT)
    size = round(number * factor)
    if size > SIZE_MAX:
        raise UnreadableError(text, f"{SIZE_RIGHT}: at most 1 EB")
    return size


_GROUPED = {
    ",": re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?"),
    ".": re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}|(?:\.[0-9]{3})+,[0-9]+)"),
    **{mark: re.compile(rf"[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+(?:[.,][0-9]+)?") for mark in " '_"},
}
_UNGROUPED = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


def _number(digits: str, *, whole: bool) -> Decimal | None:
    for mark, grouped in _GROUPED.items():
        if grouped.fullmatch(digits):
            digits = digits.replace(mark, "")
            break
    if not _UNGROUPED.fullmatch(digits) or (whole and not digits.isdecimal()):
        return None
    return Decimal(digits.replace(",", "."))


def size_text(size: int) -> str:
    """Bytes with three digits: "412 MB", "1.2 GB", "0 B"."""
    sign, size = ("−", -size) if size < 0 else ("", size)
    if size < 1000:
        return f"{sign}{size} B"
    power = 1
    while power < len(_DECIMAL) - 1 and size >= 999.5 * 1000**power:
        power += 1
    value = size / 1000**power
    digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
    number = f"{value:.{digits}f}"
    return f"{sign}{number.rstrip('0').rstrip('.') if digits else number} {_DECIMAL[power]}"


# --- plain numbers -------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def parse_share(text: str) -> float:
    """Reads "0.3", "0,3" or "30 %" as a share between 0 and 1.

    Raises:
        UnreadableError: for anything else.
    """
    typed = re.fullmatch(r"([0-9]{1,3}(?:[.,][0-9]{1,6})?)\s*(%?)", _plain(text))
    if typed is None:
        raise UnreadableError(text, SHARE_RIGHT)
    share = float(typed[1].replace(",", ".")) / (100 if typed[2] else 1)
    if share > 1:
        raise UnreadableError(text, f"{SHARE_RIGHT}: a share of at most 1, or 100 %")
    return share


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers between two bounds, both allowed."""

    def read(text: str) -> int:
        plain = _plain(text)
        if not re.fullmatch(r"[0-9]{1,9}", plain) or not least <= int(plain) <= most:
            raise UnreadableError(text, f"a whole number from {least} to {most}")
        return int(plain)

    return read


def number(least: float, most: float) -> Callable[[str], float]:
    """A reader of numbers between two bounds, both allowed; a decimal comma will do."""

    def read(text: str) -> float:
        plain = _plain(text).replace(",", ".")
        if not re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,6})?", plain) or not least <= float(plain) <= most:
            raise UnreadableError(text, f"a number from {least:g} to {most:g}")
        return float(plain)

    return read


def _plain(text: str) -> str:
    """Lower case, ordinary digits and spaces. A text too long to be a quantity comes back empty."""
    return unicodedata.normalize("NFKC", text).strip().casefold() if len(text) <= 100 else ""
