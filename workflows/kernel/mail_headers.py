"""The headers of a mail, read from its bytes however broken they are. Never raises.

The standard library's parser of header values is strict, slow on hostile ones and fails on some that occur, so values stay
as they are written until someone asks for a subject, an address or a date.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from workflows.kernel.mail_charsets import decoded, tidy

HEADERS_MAX = 1_000
HEADER_BYTES_MAX = 512 * 1024
VALUE_MAX = 20_000
ADDRESSES_MAX = 5_000


class Header(NamedTuple):
    """One header: its name in lower case, its value on one line, not yet decoded."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Headers:
    """All headers of a mail or of a part, in the order written."""

    items: tuple[Header, ...] = ()

    def first(self, name: str) -> str:
        """The value as written; "" where there is none."""
        return next((header.value for header in self.items if header.name == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(header.value for header in self.items if header.name == name)

    def text(self, name: str, longest: int = 1_000) -> str:
        """The value for people: encoded words decoded, on one line, at most `longest` characters."""
        return words_decoded(self.first(name))[:longest]

    def typed(self, name: str) -> tuple[str, dict[str, str]]:
        """A value with parameters, such as Content-Type: the value in lower case, and the parameters by name."""
        value, _, rest = self.first(name).partition(";")
        return re.sub(r"\s|\(.*?\)", "", value).lower()[:100], _parameters(rest)

    def date(self) -> datetime | None:
        """When the mail says that it was sent, in UTC."""
        return date_of(self.first("date"))


_NAME = re.compile(rb"([!-9;-~]{1,100}):[ \t]*")


def read_headers(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The headers that stand at `start`, and where the body begins."""
    found: list[tuple[str, list[bytes]]] = []
    position, stop = start, min(end, start + HEADER_BYTES_MAX)
    while position < stop:
        line_end = raw.find(b"\n", position, stop)
        line_end = stop - 1 if line_end < 0 else line_end
        line = raw[position : line_end + 1].rstrip(b"\r\n")
        if not line:
            return _unfolded(found), line_end + 1
        name = _NAME.match(line)
        if name and len(found) < HEADERS_MAX:
            found.append((name[1].decode("ascii").lower(), [line[name.end() :]]))
        elif line[:1] in b" \t" and found:
            found[-1][1].append(line.strip(b" \t"))
        elif not name and not line.startswith((b"From ", b">From ")) and not _NAME.match(raw, line_end + 1, stop):
            return _unfolded(found), position  # the blank line was forgotten
        position = line_end + 1
    return _unfolded(found), position


def _unfolded(found: list[tuple[str, list[bytes]]]) -> Headers:
    return Headers(tuple(Header(name, _text(b" ".join(lines)[:VALUE_MAX])) for name, lines in found))


def _text(value: bytes) -> str:
    text = value.decode("ascii") if value.isascii() else decoded(value)
    return " ".join(tidy(text).split("\n")).strip()


# --- encoded words -------------------------------------------------------------------------------

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000}|[^?].{0,2000}?)\?=")


def words_decoded(value: str) -> str:
    """A header's value with its encoded words decoded; words that cannot be decoded stay as written."""
    if "=?" not in value:
        return value
    pieces: list[str] = []
    waiting: list[str] = []  # words that follow each other may part a character in the middle
    kind, position = ("", ""), 0
    for word in _WORD.finditer(value):
        between = value[position : word.start()]
        this = word[1].partition("*")[0].lower(), word[2].lower()
        if waiting and (between.strip() or this != kind):
            pieces.append(_word_text("".join(waiting), *kind))
            waiting = []
        if between.strip() or not position:
            pieces.append(between)
        waiting.append(word[3])
        kind, position = this, word.end()
    pieces += [_word_text("".join(waiting), *kind), value[position:]]
    return " ".join(tidy("".join(pieces)).split("\n")).strip()


def _word_text(text: str, charset: str, encoding: str) -> str:
    data = text.encode("utf-8", "replace")
    return decoded(base64_decoded(data) if encoding == "b" else binascii.a2b_qp(data, header=True), charset)


def base64_decoded(data: bytes) -> bytes:
    """Base64 with anything else in it: what is no base64 is left out, and padding in the middle starts anew."""
    pure = data.translate(None, _NOT_BASE64).rstrip(b"=")
    runs = re.split(rb"=+", pure, maxsplit=50) if b"=" in pure else [pure]
    return b"".join(binascii.a2b_base64(_padded(run)) for run in runs if len(run) > 1)


_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))


def _padded(run: bytes) -> bytes:
    run = run.replace(b"=", b"")
    whole = run[:-1] if len(run) % 4 == 1 else run
    return whole + b"=" * (-len(whole) % 4)


# --- parameters ----------------------------------------------------------------------------------

_PARAMETER = re.compile(r'([!#$&-+\-.0-9A-Z^_`a-z{|}~*]{1,60})\s*=\s*("(?:[^"\\]|\\.){0,2000}"?|[^;\s]{0,2000}[^;]{0,300})')


def _parameters(text: str) -> dict[str, str]:
    """Parameters by their name in lower case, put together again where they were cut in pieces, and decoded."""
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in list(_PARAMETER.finditer(text))[:50]:
        name, number, encoded = _parameter_name(match[1])
        pieces.setdefault(name, []).append((number, encoded, _unquoted(match[2])))
    return {name: _joined(sorted(found, key=lambda piece: piece[0])) for name, found in pieces.items()}


def _parameter_name(written: str) -> tuple[str, int, bool]:
    name, *marks = written.lower().split("*")
    number = int(marks[0]) if marks and marks[0].isdecimal() and len(marks[0]) < 4 else 0
    return name, number, bool(marks) and marks[-1] == ""


def _unquoted(text: str) -> str:
    text = text.strip()
    if not text.startswith('"'):
        return text
    return re.sub(r"\\(.)", r"\1", text[1:].removesuffix('"'))


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    if not any(encoded for _, encoded, _ in pieces):
        return words_decoded("".join(text for _, _, text in pieces))
    charset, rest = "", [(encoded, text) for _, encoded, text in pieces]
    if rest[0][1].count("'") >= 2:
        charset, _, first = rest[0][1].split("'", 2)
        rest[0] = (True, first)
    data = b"".join(unquote_to_bytes(text) if encoded else text.encode() for encoded, text in rest)
    return tidy(decoded(data, charset)).replace("\n", " ")


# --- addresses and dates -------------------------------------------------------------------------

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_COMMENT = re.compile(r"\([^()]*\)")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,255}")


def addresses(value: str) -> tuple[str, ...]:
    """The addresses of an address header, in lower case, their domains as punycode. What stands in names is no address."""
    plain = without_comments(_QUOTED.sub(" ", value[:ADDRESSES_MAX]))
    found = (address for entry in plain.split(",") for address in _entry(entry))
    return tuple(dict.fromkeys(canonical(address) for address in found))


def without_comments(value: str) -> str:
    """A header's value without what stands in brackets, which may be nested."""
    for _ in range(5):
        value = _COMMENT.sub(" ", value)
    return value


def _entry(entry: str) -> Iterator[str]:
    angled = re.findall(r"<([^<>]*)>", entry)
    for candidate in angled or entry.split():
        if match := _ADDRESS.fullmatch(candidate.strip().removeprefix("mailto:")):
            yield match[0]


def canonical(address: str) -> str:
    """An address as addresses are compared."""
    user, _, domain = address.rpartition("@")
    return f"{user.lower()}@{canonical_domain(domain)}"


def canonical_domain(domain: str) -> str:
    """A domain in lower case and as punycode, so that letters of another script that look alike do not compare equal."""
    domain = domain.strip().rstrip(".").lower()
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def stated_zone(headers: Headers) -> tzinfo:
    """The zone in which the sender writes times; UTC where the Date header states none."""
    read = _date(headers.first("date"))
    return (read.tzinfo if read else None) or UTC


def date_of(value: str) -> datetime | None:
    """A Date header's value in UTC; None where it is none. One without a zone counts as UTC."""
    read = _date(value)
    try:
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC) if read else None
    except (ValueError, OverflowError):
        return None


def _date(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(re.sub(r"\s+", " ", value[:200]))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
