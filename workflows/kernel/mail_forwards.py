"""The mails that stand in the text of a mail: forwarded, or quoted below an answer. Never raises."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import NamedTuple

from workflows.kernel.mail_dates import written_date
from workflows.kernel.mail_headers import canonical
from workflows.kernel.mail_words import LABELS, MARKED, attributes

DEPTH_MAX = 6
_LABEL = re.compile(r"[\s>*_]{0,10}([^\W\d_][^:：\n*]{0,24}?)[\s*_]{0,4}[:：][\s*_]*(.*)")
_ADDRESS = re.compile(r"[\w.+=#&'!$%/?^{|}~*-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}")
_DASHES = re.compile(r"[-_=—–]{2}")
_COLON = re.compile("[:：]")
_DATED = re.compile(r"\d{1,2}[.:/h]\d{1,2}|\d{4}")
_QUOTE = re.compile(r"\s?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A mail found in the text of another. `depth` counts from 1; what is not told is empty."""

    text: str
    depth: int
    subject: str = ""
    sender: str = ""
    sent: datetime | None = None


class Found(NamedTuple):
    """The mails in a text, deepest first, and what stands around them."""

    originals: tuple[Original, ...]
    comment: str


def originals(text: str, zone: tzinfo) -> Found:
    """Takes a text apart. Where no mail stands in it, `comment` is the whole text. Times without a zone are taken in `zone`."""
    return _taken_apart(text.split("\n"), zone, 1)


class _Head(NamedTuple):
    """The lines that introduce a mail: from `start`, up to but without `end`."""

    start: int
    end: int
    facts: dict[str, str]
    quoted: bool = False  # the mail is those of the following lines that are marked as quoted


def _taken_apart(lines: list[str], zone: tzinfo, depth: int) -> Found:
    head = _first_head(lines) if depth <= DEPTH_MAX else None
    if head is None:
        return Found((), "\n".join(lines).strip("\n"))
    above, rest = lines[: head.start], lines[head.end :]
    below: list[str] = []
    if head.quoted:
        rest, below = _quoted(rest)
    elif _mostly_quoted(rest):
        rest = [_unquoted(line) for line in rest]
    inner = _taken_apart(rest, zone, depth + 1)
    own = Original(
        text=inner.comment,
        depth=depth,
        subject=head.facts.get("subject", "")[:1_000],
        sender=_address(head.facts.get("sender", "")),
        sent=written_date(head.facts.get("sent", ""), zone),
    )
    comment = "\n".join([*above, *below]).strip("\n")
    return Found((*inner.originals, own), comment)


def _first_head(lines: list[str]) -> _Head | None:
    for number, line in enumerate(lines):
        ends = line.rstrip().endswith((":", "："))
        head = _marked(lines, number) if ends or _DASHES.search(line) else None
        if head is None and _COLON.search(line, 0, 80):
            head = _block(lines, number, least=3) or (_attributed(lines, number) if ends else None)
        if head is not None:
            return head
    return _all_quoted(lines)


def _marked(lines: list[str], number: int) -> _Head | None:
    """The line "---------- Forwarded message ---------" and its like; the block of the original's headers follows, or nothing."""
    if len(lines[number]) > 200 or not MARKED.fullmatch(lines[number]):
        return None
    following = _next_filled(lines, number + 1)
    block = _block(lines, following, least=2) if following < len(lines) else None
    if block is not None:
        return block._replace(start=number)
    return _Head(number, number + 1, {}) if _DASHES.search(lines[number]) else None


def _block(lines: list[str], number: int, *, least: int) -> _Head | None:
    """From, Sent, To, Subject, each on its line, in any language; long ones go on in the next line."""
    first = _LABEL.match(lines[number]) if len(lines[number]) < 2_000 else None
    if first is None or LABELS.get(first[1].strip().casefold()) not in {"sender", "sent", "subject"}:
        return None
    facts, end = _labelled(lines, number)
    known = facts.keys() & {"sender", "sent", "to", "subject"}
    if len(known) < least or (least > 2 and not {"sender", "subject"} <= known) or not {"sender", "subject"} & known:
        return None
    start = number
    above = next((place for place in range(number - 1, max(number - 3, -1), -1) if lines[place].strip()), -1)
    if above >= 0 and re.fullmatch(r"[\s>]*[_\-=—–]{5,}\s*", lines[above]):
        start = above
    return _Head(start, end, facts)


def _labelled(lines: list[str], number: int) -> tuple[dict[str, str], int]:
    """What the lines from here on say of a mail, and where that ends: at an empty line, or at one that is no header."""
    facts: dict[str, str] = {}
    last, end = "", number
    for place in range(number, min(len(lines), number + 40)):
        kind, value = _header(lines[place])
        if kind and (kind not in facts or kind == "other"):
            facts[kind], last, end = value, kind, place + 1
        elif not lines[place].strip(" >"):
            following = _header(lines[place + 1])[0] if place + 1 < len(lines) else ""
            if not facts or not following or following in facts:
                return facts, place + 1
        elif not kind and last and _goes_on(lines[place], facts[last], last):
            facts[last] = f"{facts[last]} {lines[place].strip()}"[:2_000]
            end = place + 1
        else:
            return facts, end
    return facts, end


def _header(line: str) -> tuple[str, str]:
    """What kind of header a line is, and its value; "" for none."""
    match = _LABEL.match(line)
    kind = LABELS.get(match[1].strip().casefold(), "") if match else ""
    return (kind, match[2].strip()) if match and kind else ("", "")


def _goes_on(line: str, value: str, kind: str) -> bool:
    """Whether a line continues a long header: lists of people do over many lines."""
    return kind in {"to", "other"} or value == "" or line[:1] in {" ", "\t"}


def _attributed(lines: list[str], number: int) -> _Head | None:
    """The line "On …, … wrote:" above lines marked as quoted; above any lines, where it names an address and a time.

    A long one is broken: as many of the lines above it are taken as are needed for the address and the time.
    """
    following = _next_filled(lines, number + 1)
    quoted = following < len(lines) and _QUOTE.match(lines[following]) is not None
    best: tuple[int, _Head] | None = None
    for start in range(number, max(number - 3, -1), -1):
        line = lines[start].strip()
        if not line or _QUOTE.match(line) or len(line) > 300:
            break
        told = " ".join(line.strip() for line in lines[start : number + 1])
        address, dated = _ADDRESS.search(told), _DATED.search(told) is not None
        known = (address is not None) + dated
        if (quoted or known == 2) and ((quoted and known == 2) or attributes(told)):
            facts = {"sender": address[0] if address else "", "sent": told.replace(address[0], " ") if address else told}
            if best is None or known > best[0]:
                best = known, _Head(start, number + 1, facts, quoted=quoted)
    return best[1] if best else None


def _all_quoted(lines: list[str]) -> _Head | None:
    filled = [line for line in lines if line.strip()]
    if len(filled) >= 3 and sum(line.startswith("> ") or line.strip() == ">" for line in filled) * 10 >= len(filled) * 9:
        return _Head(0, 0, {}, quoted=True)
    return None


def _next_filled(lines: list[str], number: int) -> int:
    while number < len(lines) and not lines[number].strip():
        number += 1
    return number


def _quoted(lines: list[str]) -> tuple[list[str], list[str]]:
    """The quoted lines, and the others: what a person wrote below or between them."""
    inside: list[str] = []
    outside: list[str] = []
    for line in lines:
        if _QUOTE.match(line):
            inside.append(_unquoted(line))
        elif line.strip():
            outside.append(line)
        else:
            inside.append("")
    return inside, outside


def _mostly_quoted(lines: list[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    return bool(filled) and sum(line.startswith(("> ", ">>")) or line.strip() == ">" for line in filled) * 10 >= len(filled) * 8


def _unquoted(line: str) -> str:
    return re.sub(r"^\s?> ?", "", line)


def _address(text: str) -> str:
    match = _ADDRESS.search(text)
    return canonical(match[0].strip("*'")) if match else ""
