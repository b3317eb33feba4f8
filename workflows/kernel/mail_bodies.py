"""The leaves of a mail as the parts that people and readers look at. Never raises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workflows.kernel.mail_charsets import decoded, tidy
from workflows.kernel.mail_facts import Part
from workflows.kernel.mail_files import PAGE_BYTES_MAX, TEXT_BYTES_MAX, Allowance, File, clean_name, files_in, kept, may_hold_text
from workflows.kernel.mail_forwards import originals
from workflows.kernel.mail_headers import stated_zone
from workflows.kernel.mail_html import html_text, looks_like_html
from workflows.kernel.mail_mime import Leaf, Letter
from workflows.kernel.mail_notes import Notes
from workflows.kernel.mail_trust import sole_sender
from workflows.kernel.mail_words import STUB

PARTS_MAX = 120
TEXT_MAX = 10 * 1024 * 1024  # characters of all parts together
_SHOWN_TYPES = frozenset({"text/plain", "text/html", "text/enriched", "text"})
_NAMED_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    part: Part
    depth: int = 0

    @property
    def rank(self) -> tuple[bool, bool, int]:
        return self.part.comment, self.part.name != "", -self.depth


@dataclass(frozen=True, slots=True)
class _Body:
    """One text in the forms in which it came."""

    plain: str = ""
    html: str = ""


def parts_of(leaves: list[Leaf], letter: Letter, notes: Notes) -> tuple[Part, ...]:
    """All parts, the most likely to be a report first; one empty part where there is no text."""
    allowance = Allowance()
    deepest = max((leaf.letter.level for leaf in leaves), default=0)
    found: list[_Ranked] = []
    left = TEXT_MAX
    for group in sorted(_grouped(leaves), key=lambda group: group[0].attached):
        for ranked in _read(group, deepest, allowance, notes):
            left -= len(ranked.part.text) + 2 * len(ranked.part.html)  # a page is work
            if left < 0 or len(found) >= PARTS_MAX:
                notes.problem("some of its parts were left out, for the mail is too long")
                break
            found.append(ranked)
        if left < 0:
            break
    parts = sorted(found, key=lambda ranked: ranked.rank)
    return tuple(ranked.part for ranked in parts) or (_part(letter, ""),)


def _grouped(leaves: list[Leaf]) -> Iterator[list[Leaf]]:
    """Leaves that are one text in several forms come together, at the place of the first."""
    forms: dict[int, list[Leaf]] = {}
    for leaf in leaves:
        if leaf.choice and not leaf.attached:
            forms.setdefault(leaf.choice, []).append(leaf)
    for leaf in leaves:
        if not leaf.choice or leaf.attached:
            yield [leaf]
        elif forms[leaf.choice][0] is leaf:
            yield forms[leaf.choice]


def _read(group: list[Leaf], deepest: int, allowance: Allowance, notes: Notes) -> Iterator[_Ranked]:
    letter = group[0].letter
    bodies = [leaf for leaf in group if not leaf.attached and leaf.media_type in _SHOWN_TYPES]
    if bodies:
        yield from _body_parts(_body(bodies), letter, forwarded_below=deepest > letter.level)
    for leaf in group:
        if leaf not in bodies:
            for file in _files(leaf, allowance, notes):
                yield _Ranked(part=_file_part(file, letter, leaf), depth=letter.level * 10)


# --- bodies --------------------------------------------------------------------------------------


def _body(leaves: list[Leaf]) -> _Body:
    """The forms of one text: the first plain one that says something, and the first page."""
    plain = html = ""
    for leaf in leaves:
        text = _text_of(leaf)
        if leaf.media_type == "text/html" or looks_like_html(text):
            html = html or text
        else:
            plain = plain if plain.strip() else text
    return _Body(plain, html)


def _body_parts(body: _Body, letter: Letter, *, forwarded_below: bool) -> Iterator[_Ranked]:
    shown = html_text(body.html) if body.html else ""
    text, media_type = (shown, "text/html") if _is_stub(body.plain, shown) else (body.plain, "text/plain")
    found = originals(text, stated_zone(letter.headers))
    for original in found.originals:
        part = Part(
            text=original.text,
            media_type=media_type,
            subject=original.subject or letter.headers.text("subject"),
            sender=original.sender,
            sent=original.sent,
            html=body.html if len(found.originals) == 1 and not found.comment.strip() else "",
        )
        yield _Ranked(part=part, depth=letter.level * 10 + original.depth)
    if found.comment.strip():
        comment = forwarded_below or bool(found.originals)
        yield _Ranked(
            part=_part(letter, found.comment, media_type=media_type, html="" if found.originals else body.html, comment=comment),
            depth=letter.level * 10,
        )


def _is_stub(plain: str, shown: str) -> bool:
    """Whether the plain form only stands in for the page."""
    words, more = len("".join(plain.split())), len("".join(shown.split()))
    if not words or not more:
        return more > 0
    return (words < 600 and words * 5 < more) or (words < 300 and words < more and STUB.search(plain) is not None)


def _text_of(leaf: Leaf) -> str:
    data = kept(leaf.data(), PAGE_BYTES_MAX if leaf.media_type == "text/html" else TEXT_BYTES_MAX)
    charset = leaf.parameters.get("charset", "") or (_charset_in(data) if leaf.media_type == "text/html" else "")
    text = tidy(decoded(data, charset))
    if leaf.media_type != "text/html" and leaf.parameters.get("format", "").lower() == "flowed":
        return _flowing(text, joined=leaf.parameters.get("delsp", "").lower() == "yes")
    return text


def _charset_in(data: bytes) -> str:
    """The charset that a page itself names."""
    match = _NAMED_CHARSET.search(data[:2_000])
    return match[1].decode("ascii") if match else ""


def _flowing(text: str, *, joined: bool) -> str:
    """Lines of format=flowed put together again: one that ends in a space goes on in the next of the same quoting."""
    told: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        said = content[:-1] if flows and joined else content
        if open_depth == depth and content != "-- ":
            told[-1].append(said)
        else:
            told.append([f"{'>' * depth} {said}" if depth else said])
        open_depth = depth if flows else -1
    return "\n".join(map("".join, told))


# --- files ---------------------------------------------------------------------------------------


def _files(leaf: Leaf, allowance: Allowance, notes: Notes) -> Iterator[File]:
    name = clean_name(leaf.name)
    if not may_hold_text(name, leaf.media_type):
        notes.other(f"{name or 'a part'}: {_told(leaf.media_type)}")
        return
    if leaf.media_type in {"message/delivery-status", "text/calendar", "message/disposition-notification"} and not name:
        notes.other(f"a part: {_told(leaf.media_type)}")
        return
    yield from files_in(name, leaf.media_type, leaf.data(), allowance, notes)


def _told(media_type: str) -> str:
    if "tnef" in media_type:
        return "Outlook's own format (winmail.dat), which is not read"
    if "pkcs7-mime" in media_type or "encrypted" in media_type:
        return "encrypted or sealed, which is not read"
    return f"no text ({media_type})"


def _file_part(file: File, letter: Letter, leaf: Leaf) -> Part:
    charset = leaf.parameters.get("charset", "") or (_charset_in(file.data) if file.media_type == "text/html" else "")
    if file.media_type == "text/html":
        text = tidy(decoded(kept(file.data, PAGE_BYTES_MAX), charset))
        return _part(letter, html_text(text), name=file.name, media_type=file.media_type, html=text)
    return _part(letter, tidy(decoded(file.data, charset)), name=file.name, media_type=file.media_type)


# --- parts ---------------------------------------------------------------------------------------


def _part(
    letter: Letter, text: str, *, name: str = "", media_type: str = "text/plain", html: str = "", comment: bool = False
) -> Part:
    headers = letter.headers
    return Part(
        text=text,
        name=name,
        media_type=media_type,
        subject=headers.text("subject"),
        sender=sole_sender(headers),
        sent=headers.date(),
        html=html,
        comment=comment,
    )
