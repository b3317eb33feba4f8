"""The tags and texts of an HTML page, in linear time.

Not html.parser: in the Python versions before the summer of 2025 it takes quadratic time on markup that is never closed.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_RAW = {"script", "style", "title", "textarea", "iframe", "noembed", "xmp"}  # what is in them is no markup
_NAME = re.compile(r"<(/?[A-Za-z][^\s/>]{0,60})")
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")
_ATTRIBUTE = re.compile(r"""([A-Za-z][\w:-]{0,40})(?:\s*+=\s*+("[^"]*+"?|'[^']*+'?|[^\s"'>]++))?""")


class Token(NamedTuple):
    """A start tag ("td"), an end tag ("/td"), or a text (name ""). `text` is the text, or a tag's attributes as written."""

    name: str
    text: str

    def attributes(self) -> dict[str, str]:
        """Of a tag: values by name in lower case; a name that stands twice counts once."""
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(self.text[:10_000]):
            value = match[2] or ""
            value = value[1:].removesuffix(value[0]) if value[:1] in {'"', "'"} else value
            found.setdefault(match[1].lower(), unescape(value))
        return found


def tokens(source: str) -> Iterator[Token]:
    """Comments, declarations and what stands in scripts and styles are left out; entities in texts are read."""
    scan = _Scan(source)
    said = position = 0  # up to where all is told, and up to where it was looked at
    while candidate := _MARKUP.search(source, position):
        opening = candidate.start()
        position = scan.behind_comment(opening)
        behind = position if position > opening else scan.behind_tag(opening)
        name = _NAME.match(source, opening, behind) if position == opening else None
        if position == opening and name is None:
            position = opening + 1
            continue
        if opening > said:
            yield Token("", unescape(source[said:opening]))
        said = position = behind
        if name is not None:
            yield Token(name[1].lower(), source[name.end() : behind - 1])
            if name[1].lower() in _RAW:
                said = position = scan.before(f"</{name[1].lower()}", behind)
    yield Token("", unescape(source[said:]))


class _Scan:
    """Looks for what closes; remembers what it found, so that nothing is looked for again at each opener."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._next: dict[str, int] = {}

    def behind_comment(self, opening: int) -> int:
        """Where a comment or declaration that begins here ends; `opening` where none begins."""
        if self._source.startswith("<!--", opening):
            return self._behind("-->", opening + 2, otherwise=opening + 4)
        if self._source.startswith("<![CDATA[", opening):
            return opening + 9
        if self._source.startswith(("<!", "<?"), opening):
            return self._behind(">", opening, otherwise=opening + 2)
        return opening

    def behind_tag(self, opening: int) -> int:
        """Behind its ">"; one within quotes does not count, where the quote closes soon and before the next tag."""
        end = self._behind(">", opening, otherwise=opening)
        for _ in range(5):
            inside = self._source[opening:end] if end - opening < 4_000 else ""
            if inside.count('"') % 2 == 0:
                break
            quote = self._source.find('"', end, end + 1_000)
            if quote < 0 or self._source.find("<", end, quote) >= 0:
                break
            end = self._behind(">", quote, otherwise=end)
        return end

    def before(self, closer: str, position: int) -> int:
        """Where `closer` begins, in any case; the end of the page where it does not come."""
        found = re.compile(re.escape(closer), re.IGNORECASE).search(self._source, position)
        return found.start() if found else len(self._source)

    def _behind(self, closer: str, position: int, *, otherwise: int) -> int:
        found = self._next.get(closer, position - 1)  # -1 = it does not come again
        if 0 <= found < position or closer not in self._next:
            found = self._next[closer] = self._source.find(closer, position)
        return otherwise if found < 0 else found + len(closer)
