"""HTML as lines of text: a row of a table is one line with a tab between its cells. Never raises, takes linear time.

No tree is built: what is open is a stack, no deeper than what a mail really needs. Tags may be mismatched.
"""

import re
from dataclasses import dataclass

from workflows.kernel.mail_html_hidden import Look, look_of, sheet_of
from workflows.kernel.mail_html_table import Flow, Grid
from workflows.kernel.mail_html_tokens import Token, tokens

DEPTH_MAX = 300
TABLES_MAX = 40  # in each other
_UNTOLD = {"script", "style", "head", "template", "noembed", "object", "svg", "math", "select", "textarea", "title", "iframe"}
_VOID = {"br", "img", "hr", "meta", "link", "input", "wbr", "col", "area", "base", "embed", "param", "source", "track"}
_SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "blockquote"}
_BLOCKS = _SPACED | set(
    [
        "address",
        "article",
        "aside",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "section",
        "summary",
    ]
)
_CELLS = {"td", "th"}
_GROUPS = {"thead", "tbody", "tfoot"}
_TABLE = {"table", "tr", "caption"} | _CELLS | _GROUPS
# what a start tag closes that was left open
_CLOSES = {
    **dict.fromkeys(_BLOCKS - {"body", "html"}, {"p"}),
    "li": {"li", "p"},
    "dt": {"dt", "dd", "p"},
    "dd": {"dt", "dd", "p"},
    **dict.fromkeys(_CELLS, {"td", "th", "caption"}),
    "tr": {"td", "th", "tr", "caption"},
    **dict.fromkeys(_GROUPS, {"td", "th", "tr", "caption"} | _GROUPS),
}
_PAGE = re.compile(r"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,50})?<(?:!doctype\s+html|(?:html|head|body|table)[\s>])", re.IGNORECASE)


def html_text(source: str) -> str:
    """The text that a reader of the page sees."""
    page = _Page(source)
    for token in tokens(source):
        page.take(token)
    return page.text()


def looks_like_html(text: str) -> bool:
    """Whether a text that claims to be plain is a page."""
    return _PAGE.match(text) is not None


@dataclass(slots=True)
class _Open:
    """An element that is open. A table and a cell begin a scope of their own: what is open outside is not closed from within."""

    name: str
    look: Look
    untold: bool
    pre: bool
    flow: Flow
    grid: Grid | None
    quote: int = 0


class _Page:
    def __init__(self, source: str) -> None:
        self._sheet = sheet_of(source)
        self._open = [_Open("", Look(), untold=False, pre=False, flow=Flow(), grid=None)]
        self._tables = 0

    def take(self, token: Token) -> None:
        if not token.name:
            self._say(token.text)
        elif token.name[0] == "/":
            self._end(token.name[1:])
        else:
            self._start(token)

    def text(self) -> str:
        while len(self._open) > 1:
            self._close()
        lines = self._open[0].flow.done()
        return "\n".join(line for number, line in enumerate(lines) if line or (number and lines[number - 1]))

    def _say(self, text: str) -> None:
        here = self._open[-1]
        if here.untold or here.look.unseen or not text:
            return
        if here.pre:
            here.flow.keep(text.replace("\r\n", "\n"))
        elif here.grid is None or text.strip():
            here.flow.say(text)

    def _start(self, token: Token) -> None:
        name = token.name
        if name in _CLOSES:
            self._close_open(_CLOSES[name])
        attributes = token.attributes() if token.text.strip(" /") else {}
        here = self._open[-1]
        if name in _VOID:
            self._void(name, attributes)
            return
        if len(self._open) > DEPTH_MAX:
            return
        if name in _BLOCKS:
            here.flow.gap() if name in _SPACED else here.flow.end_line()
        look = look_of(name, attributes, here.look, self._sheet) if attributes or self._sheet.grounds else here.look
        opened = _Open(
            name, look, here.untold or name in _UNTOLD, here.pre or name in {"pre", "listing", "xmp"}, here.flow, here.grid
        )
        self._open.append(opened)
        if name in _TABLE:
            self._table_part(opened, attributes)

    def _table_part(self, opened: _Open, attributes: dict[str, str]) -> None:
        if opened.name == "table" and self._tables < TABLES_MAX:
            self._tables += 1
            opened.flow.end_line()
            opened.grid = Grid()
        elif opened.grid is None or opened.untold or opened.look.hidden:
            opened.flow.end_line()
        elif opened.name == "tr":
            opened.grid.row()
        elif opened.name in _CELLS:
            opened.flow = opened.grid.cell(_number(attributes.get("colspan")), _number(attributes.get("rowspan")))
            opened.grid = None

    def _void(self, name: str, attributes: dict[str, str]) -> None:
        here = self._open[-1]
        if here.untold or here.look.unseen:
            return
        if name == "br":
            here.flow.end_line(always=True)
        elif name == "hr":
            here.flow.end_line()
        elif name == "img" and 1 < len(attributes.get("alt", "").strip()) <= 40:
            here.flow.say(f" {attributes['alt']} ")  # an icon that says "Failed"

    def _end(self, name: str) -> None:
        """Closes the nearest open element of that name, with all in it; an end without a start is ignored."""
        fence = {"table"} if name in _TABLE - {"table"} else _CELLS | {"table"} if name not in _TABLE else set[str]()
        for place in range(len(self._open) - 1, 0, -1):
            opened = self._open[place].name
            if opened == name:
                while len(self._open) > place:
                    self._close()
                return
            if opened in fence:
                break
        if name in {"p", "br"}:
            self._open[-1].flow.end_line()

    def _close_open(self, names: set[str]) -> None:
        """Closes those of `names` that were left open here: as far as the block, cell or table in which this stands."""
        inline_only = names == {"p"} or "li" in names or "dt" in names
        while len(self._open) > 1:
            place = self._nearest(names, inline_only=inline_only)
            if place == 0:
                return
            while len(self._open) > place:
                self._close()

    def _nearest(self, names: set[str], *, inline_only: bool) -> int:
        for place in range(len(self._open) - 1, 0, -1):
            name = self._open[place].name
            if name in names:
                return place
            if name in (_TABLE | (_BLOCKS - {"p"}) if inline_only else {"table"}):
                return 0
        return 0

    def _close(self) -> None:
        closed = self._open.pop()
        here = self._open[-1]
        if closed.name in _CELLS and closed.flow is not here.flow:
            closed.flow.end_line()
        elif closed.name == "table" and closed.grid is not None:
            self._tables -= 1
            here.flow.end_line()
            here.flow.lines.extend(closed.grid.lines())
        elif closed.name in _SPACED:
            here.flow.gap()
        elif closed.name in _BLOCKS or closed.name in _TABLE:
            here.flow.end_line()


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 5 else 1
