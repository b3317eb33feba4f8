"""HTML as lines of text: a row of a table is one line with a tab between its cells. Never raises, takes linear time.

No tree is built: what is open is a stack, no deeper than what a mail really needs. Tags may be mismatched. What the page
hides from its reader is left out; what it quotes bears the sign of a quote, as in plain mails.
"""

import re
from dataclasses import dataclass

from workflows.kernel.mail_html_hidden import Look, look_of, sheet_of
from workflows.kernel.mail_html_table import Flow, Grid
from workflows.kernel.mail_html_tokens import Token, tokens

DEPTH_MAX = 300
TABLES_MAX = 40  # in each other
CELLS_MAX = 30_000


def _names(written: str) -> frozenset[str]:
    return frozenset(written.split())


_UNTOLD = _names("script style head template noembed object svg math select textarea title iframe")
_VOID = _names("br img hr meta link input wbr col area base embed param source track")
_SPACED = _names("p h1 h2 h3 h4 h5 h6 ul ol dl pre blockquote")
_BLOCKS = _SPACED | _names(
    "address article aside body caption center dd details dir div dt fieldset figcaption figure footer form header html legend "
    "li main menu nav section summary"
)
_CELLS = frozenset({"td", "th"})
_LISTS = frozenset({"ul", "ol", "dl", "dir", "menu"})
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_TABLE = frozenset({"table", "tr", "caption"}) | _CELLS | _GROUPS
# what a start tag closes that was left open
_CLOSES: dict[str, frozenset[str]] = {
    **{name: frozenset({"p"}) for name in _BLOCKS - {"body", "html"}},
    "li": frozenset({"li", "p"}),
    **{name: frozenset({"dt", "dd", "p"}) for name in ("dt", "dd")},
    **{name: frozenset({"td", "th", "caption"}) for name in _CELLS},
    "tr": frozenset({"td", "th", "tr", "caption"}),
    **{name: frozenset({"td", "th", "tr", "caption"}) | _GROUPS for name in _GROUPS},
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
    """An element that is open, and at which depth the nearest ones around it stand that bound what is closed from within.

    `quote`: its text is a quote, and collected apart. `grid`: the table that the next row or cell belongs to.
    """

    name: str
    look: Look
    flow: Flow
    grid: Grid | None = None
    untold: bool = False
    pre: bool = False
    quote: bool = False
    block_at: int = 0
    list_at: int = 0
    cell_at: int = 0
    table_at: int = 0


class _Page:
    def __init__(self, source: str) -> None:
        self._sheet = sheet_of(source)
        self._open = [_Open("", Look(), Flow())]
        self._places: dict[str, list[int]] = {}  # where elements of a name are open, by depth
        self._tables = 0
        self._cells = 0

    def take(self, token: Token) -> None:
        if not token.name:
            self._say(token.text)
        elif token.name[0] == "/":
            self._end(token.name[1:])
        else:
            self._start(token)

    def text(self) -> str:
        self._close_down_to(0)
        lines = self._open[0].flow.done()
        return "\n".join(line for number, line in enumerate(lines) if line or lines[number - 1])

    def _say(self, text: str) -> None:
        here = self._open[-1]
        if here.untold or here.look.unseen or not text:
            return
        if here.pre:
            here.flow.keep(text.replace("\r\n", "\n"))
        elif here.grid is None or text.strip():
            here.flow.say(text)

    # --- start tags ------------------------------------------------------------------------------

    def _start(self, token: Token) -> None:
        name = token.name
        if name in _CLOSES:
            self._close_left_open(name)
        attributes = token.attributes() if token.text.strip(" /") else {}
        if name in _VOID:
            self._void(name, attributes)
        elif len(self._open) <= DEPTH_MAX:
            self._push(name, attributes)
            if name in _TABLE:
                self._table_part(self._open[-1], attributes)

    def _push(self, name: str, attributes: dict[str, str]) -> None:
        around, here = self._open[-1], len(self._open)
        if name in _SPACED:
            around.flow.gap()
        elif name in _BLOCKS:
            around.flow.end_line()
        styled = bool(attributes) or name in self._sheet.grounds
        opened = _Open(
            name,
            look_of(name, attributes, around.look, self._sheet) if styled else around.look,
            around.flow,
            around.grid,
            untold=around.untold or name in _UNTOLD,
            pre=around.pre or name in {"pre", "listing", "xmp"},
            quote=name == "blockquote" and (attributes.get("type") == "cite" or "quote" in attributes.get("class", "")),
            block_at=here if (name in _BLOCKS and name != "p") or name in _TABLE else around.block_at,
            list_at=here if name in _LISTS or name in _TABLE else around.list_at,
            cell_at=here if name in _CELLS or name == "table" else around.cell_at,
            table_at=here if name == "table" else around.table_at,
        )
        if opened.quote:
            opened.flow = Flow()
        self._open.append(opened)
        self._places.setdefault(name, []).append(here)

    def _table_part(self, opened: _Open, attributes: dict[str, str]) -> None:
        if opened.name == "table" and self._tables < TABLES_MAX:
            self._tables += 1
            opened.flow.end_line()
            opened.grid = Grid()
        elif opened.grid is None or opened.untold or opened.look.hidden:
            opened.flow.end_line()
        elif opened.name == "tr":
            opened.grid.row()
        elif opened.name in _CELLS and self._cells < CELLS_MAX:
            self._cells += 1
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

    # --- ends ------------------------------------------------------------------------------------

    def _end(self, name: str) -> None:
        """Closes the nearest open element of that name, with all in it; an end without a start in this cell is ignored."""
        here = self._open[-1]
        fence = 0 if name == "table" else here.table_at if name in _TABLE else here.cell_at
        places = self._places.get(name)
        if places and places[-1] > fence:
            self._close_down_to(places[-1])
        elif name in {"p", "br"}:
            here.flow.end_line()

    def _close_left_open(self, name: str) -> None:
        """Closes what `name` ends that was left open: as far as the block, list or table in which it stands."""
        names = _CLOSES[name]
        while True:
            here = self._open[-1]
            fence = here.list_at if name in {"li", "dt", "dd"} else here.table_at if name in _TABLE else here.block_at
            place = max(places[-1] if (places := self._places.get(other)) else 0 for other in names)
            if place <= fence:
                return
            self._close_down_to(place)

    def _close_down_to(self, place: int) -> None:
        while len(self._open) > max(place, 1):
            self._close()

    def _close(self) -> None:
        closed = self._open.pop()
        self._places[closed.name].pop()
        flow = self._open[-1].flow
        if closed.quote:
            flow.gap()
            flow.lines.extend(f"> {line}" if line else ">" for line in closed.flow.done())
        elif closed.name == "table" and closed.grid is not None:
            self._tables -= 1
            flow.end_line()
            flow.lines.extend(closed.grid.lines())
        elif closed.name in _SPACED:
            flow.gap()
        elif closed.name in _BLOCKS or closed.name in _TABLE:
            closed.flow.end_line()


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 5 else 1
