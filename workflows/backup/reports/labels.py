"""Labels in a text: "Start time: 02:00", "Status<tab>Success"."""

import re
from collections.abc import Iterator, Mapping

LINES_MAX = 20_000
_LABEL = re.compile(r"\s*(?:[*•·#>|-]+\s+)?([^\W\d_][^\t:=|]{0,58}?)[ .\t]*(?:\s:|[:=：]|\t|\.{3,})[ \t]*(?!//)(.*)$")
_ALONE = re.compile(r"\s*([^\W\d_][^\t:=|]{0,58}?)\s*[:：]\s*$")
_GAP = re.compile(r"\t|\s{2,}|\s*\|\s*")
_PLAIN = re.compile(r"[\W_]+")


def plain(label: str) -> str:
    """A label for comparing: lower case, without marks: "Start-Time (local)" is "start time local"."""
    return _PLAIN.sub(" ", label.casefold()).strip()


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """Each label with its value, in the order of the text; a label that ends its line takes the next line as its value."""
    waiting = ""
    for line in text.split("\n")[:LINES_MAX]:
        if waiting and line.strip() and not _ALONE.match(line[:80]):
            yield waiting, line.strip()
        if line.strip():
            waiting = ""
        if alone := _ALONE.match(line[:80]):
            waiting = alone[1].strip()
        elif found := _LABEL.match(line[:1000]):
            yield found[1].strip(), found[2].strip()


def labelled(text: str) -> Mapping[str, str]:
    """`plain` label -> value; of several the first that says anything."""
    found: dict[str, str] = {}
    for label, value in pairs(text):
        if value and label:
            found.setdefault(plain(label), value)
    return found


def cells(line: str) -> tuple[str, ...]:
    """The cells of a row: parted by tabs, bars or at least two spaces."""
    return tuple(part.strip() for part in _GAP.split(line.strip().strip("|")))
