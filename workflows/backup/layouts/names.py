"""What a key's name says: which day it belongs to, and which series of backups."""

import re

_DAY = r"(?:19|20)\d\d([-_./]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6})?(?!\d)"
_DATED_FOLDER = re.compile(
    rf"(?<!\d){_DAY}[^/]*/"  # 2026-01-05/, 2026/01/05/, nightly-20260105T0200/
    r"(?:(?:[01]\d|2[0-3])(?:[-_:.h]?[0-5]\d){0,2}Z?/){0,2}"  # and the hour below it
)
_DATED_NAME = re.compile(rf"(?<!\d){_DAY}")
_TIME_NAME = re.compile(r"(?:[01]\d|2[0-3])(?:[-_:.h][0-5]\d){1,2}Z?(?=\.|$)")
_PART = re.compile(r"(?:\.part\d{1,5}(?=\.rar$)|\.part[-_.]?\d{1,5}$|\.\d{3}$|\.z\d{2}$)")
_SIDECAR = re.compile(
    r"(?:\.(?:md5|sha1|sha224|sha256|sha384|sha512|b2|sfv|crc32|asc|sig|minisig)|(?:md5|sha\d{1,3})sums?)(?:\.txt)?$"
)

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_ISO_TIME = re.compile(r"(?<=\d)T(?=\d)")
_ISO_ZONE = re.compile(r"(?<=\d)Z(?![A-Za-z0-9])")
_LONG_NUMBER = re.compile(r"\d{3,}")
_NUMBERS = re.compile(r"#(?:[-_.:/ ]?#)+")
_CALENDAR_WORD = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun)|(?:mon|tues|wednes|thurs|fri|satur|sun)day|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|january|february|march|april|june|july|august|september|october|november|december"
)
_HEX = re.compile(r"[0-9a-f]{8,}")
_KIND_CHARS_MAX = 80
_RANDOM_CHARS_MIN = 16


def dated_folder(name: str) -> str:
    """The part of the name up to the folder of its day (and hour); empty when it lies in none."""
    found = _DATED_FOLDER.search(name)
    return name[: found.end()] if found else ""


def tells_its_own_time(base: str) -> bool:
    """Whether a file's own name carries a date, or is a time: then it is a run of its own in the folder of its day."""
    return _DATED_NAME.search(base) is not None or _TIME_NAME.match(base) is not None


def without_part(name: str) -> str:
    """The name without the number of a volume (".part01", ".001"), so that split archives come together."""
    return _PART.sub("", name)


def is_sidecar(name: str) -> bool:
    """Whether this is a checksum or a signature, which lies beside a backup and is none."""
    return _SIDECAR.search(name.lower()) is not None


def kind_of(name: str) -> str:
    """The series a name belongs to: dates, counters and hashes become "#"; db1 and db2, full and inc stay apart."""
    plain = _ISO_ZONE.sub("", _ISO_TIME.sub("-", name))
    return _NUMBERS.sub("#", _TOKEN.sub(_plain, plain))[:_KIND_CHARS_MAX]


def _plain(found: re.Match[str]) -> str:
    token = found.group()
    lower = token.lower()
    if token.isdigit() or _CALENDAR_WORD.fullmatch(lower):
        return "#"
    if token.isalpha():
        return token
    if _HEX.fullmatch(lower) or len(token) >= _RANDOM_CHARS_MIN:
        return "#"
    return _LONG_NUMBER.sub("#", token)
