"""Documents that people edit: `key: value` lines under `[section]` headings, with `#` comments. The caller supplies the schema.

Word processors put in curly quotes, long dashes, bullets, hard spaces and soft line ends; they all mean what was meant.
Nothing raises: a line that cannot be used becomes a `Mistake`, and the lines around it still count.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from typing import Any, NamedTuple

from workflows.kernel.quantities import UnreadableError, shown
from workflows.kernel.table import INVISIBLE, key_of

TEXT_MAX = 200_000
LINE_MAX = 2_000
MISTAKES_MAX = 50


class Mistake(NamedTuple):
    """A line that cannot be used. `line` counts from 1; 0 = the document as a whole, or something beside it."""

    line: int
    text: str
    problem: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What a key may hold.

    Attributes:
        read: turns the text into a value; raises UnreadableError.
        prose: kept as typed, quotes, dashes and `#` included, and continued by following lines that are no `word: …` themselves.
    """

    read: Callable[[str], Any]
    prose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """What one kind of section may hold.

    Attributes:
        fields: key -> what it holds; keys are matched without case, spaces and punctuation.
        aliases: another word for a key -> the key.
        named: the heading carries a name: `[group database]`.
        other: reads a line whose key is no field, as (key, value); raises UnreadableError. None: such a line is a mistake.
    """

    fields: Mapping[str, Field] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    named: bool = False
    other: Callable[[str, str], tuple[Any, Any]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section as read. `values` by the schema's keys, `others` by what `Schema.other` made of them, `lines` says where."""

    kind: str
    name: str
    line: int
    values: dict[str, Any] = field(default_factory=dict)
    others: dict[Any, Any] = field(default_factory=dict)
    lines: dict[Any, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"[{self.kind} {self.name}]" if self.name else f"[{self.kind}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    sections: tuple[Section, ...] = ()
    mistakes: tuple[Mistake, ...] = ()

    def of_kind(self, kind: str) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.kind == kind)


def read_document(text: str, schemas: Mapping[str, Schema]) -> Document:
    """Reads a whole document; `schemas` by kind of section, such as "group" or "quiet hours"."""
    if len(text) > TEXT_MAX:
        return Document(mistakes=(Mistake(0, "", f"the document is {len(text):,} characters long", f"at most {TEXT_MAX:,}"),))
    mistakes: list[Mistake] = []
    sections: dict[tuple[str, str], Section] = {}
    for heading, lines in _blocks(_lines(text, mistakes)):
        section = _section(heading, lines, schemas, mistakes)
        if section is not None:
            kept = sections.setdefault((section.kind, folded(section.name)), section)
            _fill(kept, lines, schemas[section.kind], mistakes)
    return Document(sections=tuple(sections.values()), mistakes=_first(mistakes))


def folded(name: str) -> str:
    """A name as names are compared: without case, with plain dashes and quotes and single spaces."""
    return " ".join(name.translate(_TYPOGRAPHY).casefold().split())


# --- lines and headings --------------------------------------------------------------------------

_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»＂", '"'),
        **dict.fromkeys("‘’‚‛＇", "'"),
        **dict.fromkeys("‐‑‒–—―−－", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000\t", " "),
        "：": ":",
        "［": "[",
        "］": "]",
        "＃": "#",
    }
)
_BULLET = re.compile(r"(?:[•◦▪▫‣●○■□➢☐·]\s*|[*+\-–—−]\s+)+")
_HEADING = re.compile(r"\[(.*?)\]\s*:?\s*(?:#.*)?")
_COMMENT = re.compile(r"\s#(?:\s.*)?$")
_ENTRY = re.compile(r"([^:]{1,100}?)\s*:\s*(.*)")
_WORD_ENTRY = re.compile(r"[^\W\d][\w -]{0,30}\s*:(?:\s|$)")


class _Line(NamedTuple):
    number: int
    typed: str  # without bullet and spaces around
    plain: str  # with ordinary quotes, dashes and spaces


def _lines(text: str, mistakes: list[Mistake]) -> Iterator[_Line]:
    # splitlines also parts at the vertical tabs that stand for soft line ends
    for number, raw in enumerate(text.translate(INVISIBLE).splitlines(), start=1):
        typed = raw.strip()
        typed = typed[match.end() :].strip() if (match := _BULLET.match(typed)) else typed
        plain = typed.translate(_TYPOGRAPHY)
        if not plain or plain.startswith("#"):
            continue
        if len(typed) > LINE_MAX:
            mistakes.append(Mistake(number, shown(typed), f"the line is {len(typed):,} characters long", f"at most {LINE_MAX:,}"))
            continue
        yield _Line(number, typed, plain)


def _blocks(lines: Iterable[_Line]) -> Iterator[tuple[_Line | None, list[_Line]]]:
    heading: _Line | None = None
    block: list[_Line] = []
    for line in lines:
        if _HEADING.fullmatch(line.plain):
            yield heading, block
            heading, block = line, []
        else:
            block.append(line)
    yield heading, block


def _section(
    heading: _Line | None, lines: Sequence[_Line], schemas: Mapping[str, Schema], mistakes: list[Mistake]
) -> Section | None:
    known = ", ".join(f"[{kind} NAME]" if schema.named else f"[{kind}]" for kind, schema in schemas.items())
    if heading is None:
        mistakes.extend(_wrong(line, "stands before the first [section]", f"put it under one of {known}") for line in lines[:1])
        return None
    match = _HEADING.fullmatch(heading.plain)
    inside = match[1].strip() if match else ""
    for kind, schema in schemas.items():
        first, name = (*re.split(r"[\s:]+", inside, maxsplit=1), "")[:2] if schema.named else (inside, "")
        if key_of(first) != key_of(kind):
            continue
        name = _unquoted(name.strip())
        if schema.named and not name:
            mistakes.append(_wrong(heading, f"[{kind}] needs a name", f"[{kind} NAME]"))
            return None
        return Section(kind=kind, name=name, line=heading.number)
    mistakes.append(_wrong(heading, "there is no such section", _nearest(inside, schemas, known)))
    return None


# --- what stands in a section --------------------------------------------------------------------


def _fill(section: Section, lines: Sequence[_Line], schema: Schema, mistakes: list[Mistake]) -> None:
    keys = {key_of(key): key for key in schema.fields} | {key_of(alias): key for alias, key in schema.aliases.items()}
    rest = list(reversed(lines))
    while rest:
        line = rest.pop()
        entry = _ENTRY.fullmatch(line.plain)
        key = keys.get(key_of(entry[1])) if entry else None
        if entry is None:
            mistakes.append(_wrong(line, "is no “key: value” line", "a key, a colon and a value; or # before a comment"))
        elif key is not None:
            value = _prose(line, rest) if schema.fields[key].prose else _value(entry[2])
            _keep(section.values, partial(_read_field, key, schema.fields[key], value), key, value, line, section, mistakes)
        elif schema.other is not None:
            name, value = _unquoted(entry[1]), _value(entry[2])
            _keep(section.others, partial(schema.other, name, value), name, value, line, section, mistakes)
        else:
            known = _nearest(entry[1], schema.fields, ", ".join(schema.fields))
            mistakes.append(_wrong(line, f"{section.title} knows no “{shown(entry[1])}”", known))


def _read_field(key: str, field: Field, value: str) -> tuple[str, Any]:
    return key, field.read(value)


def _keep(
    into: dict[Any, Any],
    read: Callable[[], tuple[Any, Any]],
    name: str,
    value: str,
    line: _Line,
    section: Section,
    mistakes: list[Mistake],
) -> None:
    if not value:
        mistakes.append(_wrong(line, f"{shown(name)} has no value", "a value after the colon, or # before the line"))
        return
    try:
        key, read_value = read()
    except UnreadableError as error:
        what = "cannot be read" if error.typed == shown(name) else f"cannot be “{error.typed}”"
        mistakes.append(_wrong(line, f"{shown(name)} {what}", error.right))
        return
    if key in into:
        mistakes.append(_wrong(line, f"{shown(name)} stands already in line {section.lines[key]}", "one line of each"))
        return
    into[key] = read_value
    section.lines[key] = line.number


def _prose(line: _Line, rest: list[_Line]) -> str:
    parts = [re.split("[:：]", line.typed, maxsplit=1)[1].strip()]
    # a following `word: …` is never swallowed: more likely a key mistyped than a sentence
    while rest and not _WORD_ENTRY.match(rest[-1].plain):
        parts.append(rest.pop().typed)
    return "\n".join(part for part in parts if part)


def _value(text: str) -> str:
    return _unquoted(" ".join(_COMMENT.sub("", f" {text}").split()))


def _unquoted(text: str) -> str:
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _nearest(typed: str, names: Iterable[str], known: str) -> str:
    spelt = {key_of(name): name for name in names}
    near = get_close_matches(key_of(typed)[:60], spelt, n=1, cutoff=0.6)
    return f"perhaps {spelt[near[0]]}; known are {known}" if near else f"known are {known}"


def _wrong(line: _Line, problem: str, fix: str) -> Mistake:
    return Mistake(line.number, shown(line.typed), problem, fix)


def _first(mistakes: Sequence[Mistake]) -> tuple[Mistake, ...]:
    ordered = sorted(mistakes, key=lambda mistake: mistake.line)
    left = len(ordered) - MISTAKES_MAX
    more = (Mistake(0, "", f"{left} more mistakes are not listed", "correct these first"),) if left > 0 else ()
    return (*ordered[:MISTAKES_MAX], *more)
