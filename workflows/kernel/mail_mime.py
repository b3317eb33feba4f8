"""A mail taken apart: every leaf of its MIME tree, found by offset in the bytes of the mail.

The standard library's parser keeps each line as an object and asks every enclosing boundary about each of them, so that a
mail of 30 MB takes several times its size and a nested one takes minutes. Here nothing is copied before a leaf is decoded.
Never raises: what cannot be followed becomes a problem.
"""

import binascii
import re
from dataclasses import dataclass, field

from workflows.kernel.mail_headers import Headers, base64_decoded, read_headers
from workflows.kernel.mail_notes import Notes

LEAVES_MAX = 200
DEPTH_MAX = 60
_KINDS = frozenset({"text", "multipart", "message", "application", "image", "audio", "video", "font", "model"})
_SCANNED_MAX = 600 * 1024 * 1024  # bytes looked at for boundaries, all levels together


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail: the outermost (level 0), or one that is attached to it."""

    headers: Headers
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leaf:
    """One text or file of a mail, not yet decoded.

    Attributes:
        letter: the mail that it belongs to.
        choice: leaves of one letter with the same number are the same text in several forms; 0 = it stands alone.
        attached: declared to be a file, or named as one.
    """

    letter: Letter
    headers: Headers
    media_type: str
    parameters: dict[str, str]
    name: str
    attached: bool
    choice: int
    raw: bytes
    start: int
    end: int

    def data(self) -> bytes:
        """The content, its transfer encoding undone."""
        return _undone(self.raw[self.start : self.end], self.headers)


@dataclass(slots=True)
class Tree:
    """What is found while a mail is taken apart."""

    notes: Notes
    leaves: list[Leaf] = field(default_factory=list)
    choices: int = 0
    scanned: int = 0


def take_apart(raw: bytes, tree: Tree, level: int = 0) -> Letter:
    """Adds to `tree` the leaves of the mail that `raw` is."""
    return _letter(raw, 0, len(raw), tree, level, level)


def _letter(raw: bytes, start: int, end: int, tree: Tree, level: int, depth: int) -> Letter:
    headers, body = read_headers(raw, start, end)
    letter = Letter(headers=headers, level=level)
    _entity(raw, body, end, headers, letter, tree, depth=depth, choice=0, inherited="text/plain")
    return letter


def _entity(
    raw: bytes, start: int, end: int, headers: Headers, letter: Letter, tree: Tree, *, depth: int, choice: int, inherited: str
) -> None:
    media_type, parameters = headers.typed("content-type")
    if media_type.partition("/")[0] not in _KINDS or "/" not in media_type:
        media_type = inherited  # none, or one that does not exist, such as plain/text
    if depth > DEPTH_MAX:
        tree.notes.problem(f"parts nested deeper than {DEPTH_MAX} levels were left out")
        return
    if media_type.startswith("multipart/"):
        spans = _spans(raw, start, end, parameters.get("boundary", ""), tree)
        if spans:
            _children(raw, spans, media_type, letter, tree, depth=depth + 1, choice=choice)
            return
        media_type = "text/plain"
    disposition, more = headers.typed("content-disposition")
    name = more.get("filename") or parameters.get("name", "")
    if media_type in {"message/rfc822", "message/global"} or name.lower().endswith(".eml"):
        inner = _undone(raw[start:end], headers) if _encoded(headers) else b""
        _letter(*((inner, 0, len(inner)) if inner else (raw, start, end)), tree, letter.level + 1, depth + 1)
        return
    if len(tree.leaves) >= LEAVES_MAX:
        tree.notes.problem(f"more than {LEAVES_MAX} parts; the rest was left out")
        return
    tree.leaves.append(
        Leaf(
            letter=letter,
            headers=headers,
            media_type=media_type,
            parameters=parameters,
            name=name,
            attached=disposition == "attachment" or bool(name),
            choice=choice,
            raw=raw,
            start=start,
            end=end,
        )
    )


def _children(
    raw: bytes, spans: list[tuple[int, int]], media_type: str, letter: Letter, tree: Tree, *, depth: int, choice: int
) -> None:
    if media_type == "multipart/alternative" and not choice:
        tree.choices += 1
        choice = tree.choices
    inherited = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
    for start, end in spans:
        if len(tree.leaves) >= LEAVES_MAX:
            tree.notes.problem(f"more than {LEAVES_MAX} parts; the rest was left out")
            return
        headers, body = read_headers(raw, start, end)
        _entity(raw, body, end, headers, letter, tree, depth=depth, choice=choice, inherited=inherited)


# --- boundaries ----------------------------------------------------------------------------------

_LIKELY = re.compile(rb"(?m)^--([^\s][^\r\n]{0,200}?)[ \t]*\r?\n(?=[A-Za-z-]{1,60}:)")


def _spans(raw: bytes, start: int, end: int, boundary: str, tree: Tree) -> list[tuple[int, int]]:
    """Where the parts of a multipart stand. A boundary that is missing or wrong is looked for in the text."""
    declared = boundary.strip().encode("utf-8", "replace")
    spans = _parted(raw, start, end, declared, tree) if declared else []
    if spans:
        return spans
    likely = _LIKELY.search(raw, start, min(end, start + 100_000))
    if likely is None:
        tree.notes.problem("a part in several pieces has no boundary between them; it was read as one text")
        return []
    return _parted(raw, start, end, likely[1], tree)


def _parted(raw: bytes, start: int, end: int, boundary: bytes, tree: Tree) -> list[tuple[int, int]]:
    mark = b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened, position = -1, start
    tree.scanned += end - start
    if tree.scanned > _SCANNED_MAX:
        tree.notes.problem("too much nesting for its size; the rest was left out")
        return []
    while (found := raw.find(mark, position, end)) >= 0:
        position = found + len(mark)
        if found > start and raw[found - 1] != 0x0A:
            continue
        line_end = raw.find(b"\n", position, end)
        line_end = end if line_end < 0 else line_end
        rest = raw[position : min(line_end, position + 200)].strip()
        if rest not in (b"", b"--"):
            continue  # the boundary of another part, of which this one is the beginning
        if opened >= 0:
            spans.append((opened, _before_line_end(raw, opened, found)))
        opened = -1 if rest == b"--" else min(line_end + 1, end)
        if opened < 0 or len(spans) > LEAVES_MAX:
            break
    if opened >= 0 and len(spans) <= LEAVES_MAX:
        spans.append((opened, end))
    return spans


def _before_line_end(raw: bytes, start: int, end: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if end > start and raw[end - 1] == 0x0A:
        end -= 1
    return end - 1 if end > start and raw[end - 1] == 0x0D else end


# --- transfer encodings --------------------------------------------------------------------------


def _encoding(headers: Headers) -> str:
    return headers.typed("content-transfer-encoding")[0].strip("\"'")


def _encoded(headers: Headers) -> bool:
    return _encoding(headers) in {"base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue"}


def _undone(data: bytes, headers: Headers) -> bytes:
    encoding = _encoding(headers)
    if encoding == "base64":
        return base64_decoded(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding in {"x-uuencode", "uuencode", "x-uue"}:
        return _uu(data)
    return data


def _uu(data: bytes) -> bytes:
    lines: list[bytes] = []
    for line in data.splitlines():
        if line.startswith((b"begin ", b"end")) or not line:
            continue
        try:
            lines.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(lines)
