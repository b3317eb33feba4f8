"""Sizes as tools print them, in whatever spelling: "44.163 MiB", "37,42 GB", "1 842,6 Mo", "1,821,724.4 meg", "(44,164,433)"."""

import re
from collections.abc import Iterator
from decimal import Decimal

SIZE_MAX = 10**18
"""An exabyte; what claims more is no size."""

_SPACES = " \u00a0\u2007\u2009\u202f"
_NUMBER = rf"[0-9]{{1,3}}(?:[{_SPACES}.,'’_][0-9]{{3}}){{1,6}}(?:[.,][0-9]{{1,9}})?(?![0-9])|[0-9]{{1,18}}(?:[.,][0-9]{{1,9}})?"

_POWERS = ("k", "m", "g", "t", "p", "e")
_DECIMAL = {
    "b": 1,
    "byte": 1,
    "bytes": 1,
    "o": 1,
    "octet": 1,
    "octets": 1,
    "б": 1,
    "байт": 1,
    "oktetów": 1,
    "字节": 1,
    "バイト": 1,
}
_BINARY: dict[str, int] = {}
for _power, (_letter, _long, _cyrillic) in enumerate(
    zip(_POWERS, ("kilo", "mega", "giga", "tera", "peta", "exa"), ("к", "м", "г", "т", "п", "э"), strict=True), start=1
):
    for _name in (_letter, f"{_letter}b", f"{_letter}o", f"{_long}byte", f"{_long}bytes", f"{_long}octets", f"{_cyrillic}б"):
        _DECIMAL[_name] = 1000**_power
    _DECIMAL[f"{_letter}byte"] = _DECIMAL[f"{_letter}bytes"] = 1000**_power
    for _name in (f"{_letter}ib", f"{_letter}io", f"{_letter}i", f"{_letter}ibyte", f"{_letter}ibytes", f"{_cyrillic}иб"):
        _BINARY[_name] = 1024**_power
_BINARY |= {"kibibytes": 1024, "mebibytes": 1024**2, "gibibytes": 1024**3, "tebibytes": 1024**4}
_BINARY |= {"meg": 1024**2, "megs": 1024**2, "gig": 1024**3, "gigs": 1024**3}

_UNIT = "|".join(sorted((re.escape(name) for name in _DECIMAL | _BINARY), key=len, reverse=True))
_ONE_LETTER = frozenset("kmgtpeo")
_WHOLE = re.compile(rf"[\s(]*({_NUMBER})[{_SPACES}]?\s*\(?({_UNIT})?(?:\(s\))?[).,;\s]*", re.IGNORECASE)
_STATED = re.compile(rf"(?<![\w.,'’/+-])({_NUMBER})[{_SPACES}]{{0,2}}({_UNIT})(?![\w/])(?!-)", re.IGNORECASE)


def size_of(text: str, *, binary: bool = False, decimal: str = "") -> int | None:
    """Bytes, where the whole text is one size; a bare number is bytes. KB, MB, GB are thousands unless `binary`; KiB never.

    A lone separator before exactly three digits parts thousands in a count of bytes; before a larger unit a comma does, a dot
    does not; `decimal` ("," or ".") settles it for a text whose own habit is known. None for anything else, also for less
    than nothing.
    """
    found = _WHOLE.fullmatch(text[:80])
    return _bytes(found[1], found[2] or "b", binary, decimal) if found else None


def sizes_in(text: str, *, binary: bool = False, decimal: str = "") -> Iterator[int]:
    """All sizes with a unit in a text, in its order. A rate ("3 MB/s") is none, nor is a lone letter ("5 M") without `binary`."""
    for found in _STATED.finditer(text):
        if found[2].lower() in _ONE_LETTER and not binary:
            continue
        size = _bytes(found[1], found[2], binary, decimal)
        if size is not None:
            yield size


def size_in(text: str, *, binary: bool = False, decimal: str = "") -> int | None:
    """The first of `sizes_in`."""
    return next(sizes_in(text, binary=binary, decimal=decimal), None)


def number_of(text: str, *, whole: bool = True, decimal: str = "") -> Decimal | None:
    """A number in any country's spelling; `whole`: a count, so that a lone separator before three digits parts thousands."""
    digits = re.sub(rf"[{_SPACES}'’_]", "", text.strip())
    if not re.fullmatch(r"[0-9]{1,18}(?:[.,][0-9]+)*", digits) or len(digits) > 40:
        return None
    point = decimal or _decimal_point(digits, whole=whole)
    for mark in ".,":
        digits = digits.replace(mark, "." if mark == point else "")
    return Decimal(digits) if digits.count(".") <= 1 else None


def _decimal_point(digits: str, *, whole: bool) -> str:
    """Which of the two marks is the decimal one; "" when neither is."""
    dot, comma = digits.rfind("."), digits.rfind(",")
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    mark = "." if dot >= 0 else ","
    if digits.count(mark) != 1:
        return ""
    three = len(digits) - digits.index(mark) == 4 and not digits.startswith("0") and digits.index(mark) <= 3
    return "" if three and (whole or mark == ",") else mark


def _bytes(number: str, unit: str, binary: bool, decimal: str) -> int | None:
    name = unit.lower()
    factor = _BINARY.get(name)
    if factor is None:
        factor = _DECIMAL[name]
        if binary and factor > 1:
            factor = 1024 ** (len(str(factor)) // 3)
    amount = number_of(number, whole=factor == 1, decimal=decimal)
    if amount is None:
        return None
    size = round(amount * factor)
    return size if size <= SIZE_MAX else None
