"""Bytes as text, whatever their charset is called and whatever it really is. Never raises."""

import codecs
import re

from workflows.kernel.table import INVISIBLE

# what mails call charsets that Python knows by another name, or of which a larger one is really meant
_MEANT = {
    "": "utf-8",
    "utf8mb4": "utf-8",
    "utf8mb3": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "unknown-8bit": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ansi": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-6-e": "iso8859-6",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "unicode-1-1-utf-7": "utf-7",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "macintosh": "mac-roman",
}
_NO_CHARSETS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SURROGATES = re.compile("[\ud800-\udfff]")


def decoded(data: bytes, declared: str = "") -> str:
    """The text of `data`. A mark at its start decides, then what is declared if it fits, then what the bytes look like."""
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return _sound(data[len(mark) :].decode(charset, "replace"))
    charset = charset_of(declared)
    for candidate in dict.fromkeys((_wide(data) or charset, charset, "utf-8", _guess(data))):
        text = _strictly(data, candidate)
        if text is not None:
            return text
    return _sound(data.decode("cp1252", "replace"))


def charset_of(declared: str) -> str:
    """The name by which Python knows a declared charset; "utf-8" for one that nobody knows."""
    name = declared.strip(" \t\r\n\"'").lower().replace("_", "-") if len(declared) < 80 else ""
    meant = (_MEANT.get(name, ""), _MEANT.get(name.replace("-", "_"), ""))
    spellings = (*meant, name, name.replace("-", ""), name.removeprefix("x-"))
    return next((known for spelling in spellings if spelling and (known := _known(spelling))), "utf-8")


def tidy(text: str) -> str:
    """Text with newlines as line ends, plain spaces, and no control, colour or invisible characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and not _CONTROL.search(text):
        return text
    return _CONTROL.sub("", _COLOUR.sub("", text)).translate(_SPACES)


_COLOUR = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_SPACES = {**INVISIBLE, **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), " "), 0x0B: "\n", 0x0C: "\n", 0x85: "\n"}
_SPACES |= {0x2028: "\n", 0x2029: "\n", 0xAD: None}


def _known(name: str) -> str:
    try:
        found = codecs.lookup(name).name
        b"some".decode(found, "replace")
    except (LookupError, ValueError):  # no such charset, or a codec that makes no text of bytes
        return ""
    return "" if found.replace("_", "-") in _NO_CHARSETS else found


def _strictly(data: bytes, charset: str) -> str | None:
    try:
        return _sound(data.decode(charset))
    except (UnicodeError, ValueError):
        return None


def _sound(text: str) -> str:
    # utf-7 lets half characters through, which no one could write down again
    return _SURROGATES.sub("\ufffd", text)


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: every other byte of ordinary text is zero."""
    sample = data[:2000]
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if min(even, odd) * 8 > max(even, odd) or max(even, odd) * 6 < len(sample):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


_RUNS = re.compile(rb"[\x80-\xff]+")


def _guess(data: bytes) -> str:
    """For bytes that are no UTF-8: high bytes alone or in twos are accents, longer runs of them another script."""
    runs = _RUNS.findall(data[:20_000])
    high = b"".join(runs)
    if sum(byte in {0x82, 0x83} for byte in high) * 4 > len(high):
        return "cp932"  # the first halves of kana
    if len(high) * 2 < len(runs) * 5:
        return "cp1252"
    return "cp1251" if sum(byte >= 0xC0 for byte in high) * 10 > len(high) * 9 else "gb18030"
