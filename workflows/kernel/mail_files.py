"""Files attached to a mail as texts: logs, JSON, XML, CSV, pages, and those in zip and gzip archives. Never raises.

An archive may be a bomb: what is unpacked is counted while it is unpacked, and no more is kept than a part may hold.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workflows.kernel.mail_notes import Notes

TEXT_BYTES_MAX = 2 * 1024 * 1024  # kept of one text: half of it from its head, half from its tail
PAGE_BYTES_MAX = 1024 * 1024  # kept of one HTML page, which is more work
UNPACKED_MAX = 64 * 1024 * 1024  # unpacked of all archives in one mail
RATIO_MAX = 1_000
ENTRIES_MAX = 100
_DIRECTORY_MAX = 256 * 1024
_CHUNK = 256 * 1024
_TEXT_NAMES = re.compile(
    r"\.(?:log|txt|text|json|jsonl|ndjson|xml|csv|tsv|html?|xhtml|out|err|md|ya?ml|ini|conf|lst|rpt|report|1)$", re.IGNORECASE
)
_OTHER_NAMES = re.compile(
    r"\.(?:pdf|png|jpe?g|gif|bmp|svg|ico|webp|p7[smc]|asc|sig|docx?|xlsx?|pptx?|odt|ods|rtf|msg|exe|dll|bin|tar|tgz|bz2|xz|zst|"
    r"7z|rar|mp[34]|wav|ics|vcf)$",
    re.IGNORECASE,
)
_OTHER_TYPES: tuple[str, ...] = (
    "image/",
    "audio/",
    "video/",
    "font/",
    "text/rtf",
    "text/calendar",
    "application/rtf",
    "application/pdf",
)
_OTHER_TYPES += ("application/pkcs7", "application/x-pkcs7", "application/pgp", "application/ms-tnef", "application/vnd.ms-tnef")
_OTHER_STARTS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
_TNEF = b'x\x9f>"'
_STRUCTURED = {
    "application/json": "application/json",
    "application/x-ndjson": "application/json",
    "application/xml": "application/xml",
    "application/xhtml+xml": "text/html",
    "application/csv": "text/csv",
    "application/yaml": "text/plain",
}
_BY_NAME = {
    "json": "application/json",
    "jsonl": "application/json",
    "ndjson": "application/json",
    "xml": "application/xml",
    "csv": "text/csv",
    "tsv": "text/csv",
    "htm": "text/html",
    "html": "text/html",
    "xhtml": "text/html",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One readable file. `data` is what was kept of it."""

    name: str
    media_type: str
    data: bytes


@dataclass(slots=True)
class Allowance:
    """How much may still be unpacked from the archives of one mail."""

    left: int = UNPACKED_MAX
    entries: int = ENTRIES_MAX


def files_in(name: str, media_type: str, data: bytes, allowance: Allowance, notes: Notes) -> Iterator[File]:
    """The texts that an attachment holds: itself, or the files in it. Why there are none is noted."""
    name = clean_name(name) or "attachment"
    if data.startswith(b"PK\x03\x04") and not re.search(r"\.(?:docx|xlsx|pptx|odt|ods|jar|apk)$", name, re.IGNORECASE):
        yield from _zipped(name, data, allowance, notes)
    elif data.startswith(b"\x1f\x8b"):
        yield from _gzipped(name, data, allowance, notes)
    elif _reads_as_text(name, media_type, data):
        yield File(name=name, media_type=kind_of(name, media_type, data), data=kept(data))
    else:
        notes.other(f"{name}: {_why_not(media_type, data)}")


def may_hold_text(name: str, media_type: str) -> bool:
    """Whether an attachment is worth decoding at all."""
    return not media_type.startswith(_OTHER_TYPES) and not _OTHER_NAMES.search(name)


def kept(data: bytes, most: int = TEXT_BYTES_MAX) -> bytes:
    """The head and the tail of what is too long: the middle is left out at line ends."""
    if len(data) <= most:
        return data
    half = most // 2 & ~3  # whole characters in every wide charset
    tail = len(data) - half
    tail += -tail % 4
    return _spliced(data[:half], data[tail:])


def kind_of(name: str, media_type: str, data: bytes) -> str:
    """What a text is, by its declared type, else its name, else how it begins."""
    if media_type in _STRUCTURED or media_type.endswith(("+json", "+xml")):
        return _STRUCTURED.get(media_type) or f"application/{media_type.rpartition('+')[2]}"
    ending = name.rpartition(".")[2].lower()
    if ending in _BY_NAME:
        return _BY_NAME[ending]
    if media_type in {"text/html", "text/csv", "text/xml"}:
        return "application/xml" if media_type == "text/xml" else media_type
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if start.startswith(b"<?xml"):
        return "application/xml"
    return "application/json" if re.match(rb'\{\s*"|\[\s*\{', start) else "text/plain"


def clean_name(name: str) -> str:
    """A file name without folders that lead elsewhere, control characters and excess; "" stays ""."""
    pieces = [piece.strip() for piece in re.split(r"[/\\]+", name) if piece.strip(" .")]
    return "".join(letter if letter.isprintable() else " " for letter in "/".join(pieces[-3:]))[-120:]


def _reads_as_text(name: str, media_type: str, data: bytes) -> bool:
    if data.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b'x\x9f>"')
    ):
        return False
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    named = _TEXT_NAMES.search(name) is not None or media_type.startswith("text/") or media_type in _STRUCTURED
    sample = data[:8_000]
    if not sample.strip(b"\0 \t\r\n"):
        return named
    if max(sample[::2].count(0), sample[1::2].count(0)) * 3 > len(sample) > 8:
        return True  # a wide charset
    odd = sum(byte < 9 or (13 < byte < 32 and byte != 27) for byte in sample)
    return odd * (20 if named else 100) <= len(sample)


def _why_not(media_type: str, data: bytes) -> str:
    if data.startswith(_TNEF):
        return "Outlook's own format (winmail.dat), which is not read"
    return f"no text ({media_type})"


# --- archives ------------------------------------------------------------------------------------


def _zipped(name: str, data: bytes, allowance: Allowance, notes: Notes) -> Iterator[File]:
    if why := _odd_directory(data):
        notes.problem(f"{name}: {why}")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if not entry.is_dir():
                    yield from _entry(name, archive, entry, allowance, notes)
    except _BROKEN as broken:
        notes.problem(f"{name}: a broken zip file ({_short(broken)})")


_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError),
    *(ValueError, OverflowError, LookupError),
)


def _odd_directory(data: bytes) -> str:
    """The list of contents is read as a whole, so its length is looked at before."""
    place = data.rfind(b"PK\x05\x06")
    if place < 0:
        return "a zip file without its list of contents"
    length = int.from_bytes(data[place + 12 : place + 16], "little")
    many = length > _DIRECTORY_MAX or data.find(b"PK\x06\x07", max(place - 64, 0), place) >= 0
    return "a zip file with too many files in it" if many else ""


def _entry(outer: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, allowance: Allowance, notes: Notes) -> Iterator[File]:
    name = f"{outer}/{clean_name(entry.filename) or 'file'}"
    allowance.entries -= 1
    if allowance.entries < 0:
        notes.problem(f"{outer}: more than {ENTRIES_MAX} files; the rest was left out")
        return
    if entry.flag_bits & 0x1:
        notes.problem(f"{name}: encrypted with a password")
        return
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        notes.problem(f"{name}: packed in a way that is not read")
        return
    if not may_hold_text(name, "application/octet-stream"):
        notes.other(f"{name}: no text")
        return
    try:
        with archive.open(entry) as stream:
            data, whole = _unpacked(stream.read, len(entry.filename) + max(entry.compress_size, 1), allowance)
    except _BROKEN as broken:
        notes.problem(f"{name}: cannot be unpacked ({_short(broken)})")
        return
    yield from _unpacked_text(name, data, notes, whole=whole)


def _gzipped(name: str, data: bytes, allowance: Allowance, notes: Notes) -> Iterator[File]:
    unpacker = zlib.decompressobj(wbits=31)
    rest = [data]

    def read(size: int) -> bytes:
        piece = unpacker.decompress(rest[0], size)
        rest[0] = unpacker.unconsumed_tail
        return piece

    try:
        unpacked, whole = _unpacked(read, len(data), allowance)
    except zlib.error as broken:
        notes.problem(f"{name}: a broken gzip file ({_short(broken)})")
        return
    inner = re.sub(r"\.gz$|\.gzip$", "", name, flags=re.IGNORECASE)
    yield from _unpacked_text(inner if inner != name else f"{name}/file", unpacked, notes, whole=whole)


def _unpacked_text(name: str, data: bytes, notes: Notes, *, whole: bool) -> Iterator[File]:
    if not whole:
        notes.problem(f"{name}: unpacks to far more than it should; only its beginning was read")
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b")) or data[257:262] == b"ustar":
        notes.problem(f"{name}: an archive within an archive is not opened")
    elif _reads_as_text(name, "application/octet-stream", data):
        yield File(name=name, media_type=kind_of(name, "", data), data=data)
    else:
        notes.other(f"{name}: no text")


def _unpacked(read: Callable[[int], bytes], packed: int, allowance: Allowance) -> tuple[bytes, bool]:
    """What a stream gives, of which head and tail are kept; False = it was cut off, for it gave more than it may."""
    half, head, tail, total = TEXT_BYTES_MAX // 2, bytearray(), bytearray(), 0
    while chunk := read(_CHUNK):
        total += len(chunk)
        allowance.left -= len(chunk)
        taken = chunk[: half - len(head)]
        head += taken
        tail += chunk[len(taken) :]
        if len(tail) > 2 * half:
            del tail[: (len(tail) - half) & ~3]
        if allowance.left < 0 or (total > TEXT_BYTES_MAX and total > packed * RATIO_MAX):
            return bytes(head), False
    cut = len(tail) > half
    return (_spliced(bytes(head), bytes(tail[(len(tail) - half + 3) & ~3 :])) if cut else bytes(head + tail)), True


def _spliced(head: bytes, tail: bytes) -> bytes:
    """Head and tail of a text, parted at line ends so that no line is made of two."""
    wide = b"\0" in head[:100]
    if wide:
        return head + tail
    return head[: head.rfind(b"\n") + 1 or len(head)] + tail[tail.find(b"\n") + 1 :]


def _short(error: Exception) -> str:
    return str(error)[:100] or type(error).__name__
