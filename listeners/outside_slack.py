"""Our own messages outside of Slack: Block Kit and its markup as plain text, and as HTML for mail programs and browsers.

What came from a sheet, a tool or a person stands escaped in our markup (see `texts`), so that nothing in it can become a tag.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflows.kernel.ports import Json

SOMEONE = "someone in Slack"
EMOJI = {
    "crescent_moon": "🌙",
    "grey_question": "❔",
    "hourglass": "⌛",
    "hourglass_flowing_sand": "⏳",
    "incoming_envelope": "📨",
    "information_source": "ℹ️",
    "large_green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "mailbox_with_no_mail": "📭",
    "memo": "📝",
    "no_bell": "🔕",
    "page_facing_up": "📄",
    "red_circle": "🔴",
    "rotating_light": "🚨",
    "warning": "⚠️",
    "white_circle": "⚪",
    "zzz": "💤",
}
Names = Mapping[str, str]
"""Slack member ids, and what these people are called outside of Slack."""

_MARK = re.compile(
    r"<!date\^[^|>]*\|(?P<moment>[^>]*)>"
    r"|<@(?P<who>[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<(?P<url>https://[^|>\s]+)(?:\|(?P<label>[^>]*))?>"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?<![\w*])\*(?P<bold>[^*\n]+)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^_\n]+)_(?![\w_])"
    r"|:(?P<emoji>[a-z_]+):"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message: `lines` of markup, `pairs` of a label and a value, or `small` print."""

    lines: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    small: Sequence[str] = ()


def parts_of(blocks: Sequence[Json]) -> Iterator[Part]:
    """What our blocks say, as markup; buttons say nothing outside of Slack."""
    for block in blocks:
        match block["type"]:
            case "section" if "fields" in block:
                yield Part(pairs=[_pair(field["text"]) for field in block["fields"]])
            case "section" | "header":
                yield Part(lines=block["text"]["text"].split("\n"))
            case "context":
                yield Part(small=[element["text"] for element in block["elements"]])


def in_plain_text(markup: str, names: Names) -> str:
    """Markup as it is read aloud; a link keeps its address."""

    def plain(mark: re.Match[str]) -> str:
        if mark["url"]:
            label = html.unescape(mark["label"] or "")
            return f"{label} ({html.unescape(mark['url'])})" if label else html.unescape(mark["url"])
        if mark["emoji"]:
            return EMOJI.get(mark["emoji"], mark[0])
        if mark["who"]:
            return names.get(mark["who"], SOMEONE)
        inner = mark["bold"] or mark["italic"]
        return in_plain_text(inner, names) if inner else html.unescape(mark["moment"] or mark["code"] or "")

    return _replaced(markup, plain, html.unescape)


def in_html(markup: str, names: Names) -> str:
    """Markup as HTML: bold, italic, code and links, and nothing else."""

    def tagged(mark: re.Match[str]) -> str:
        if mark["url"]:
            return f'<a href="{_safe(mark["url"])}">{_safe(mark["label"] or mark["url"])}</a>'
        if mark["emoji"]:
            return EMOJI.get(mark["emoji"], _safe(mark[0]))
        if mark["who"]:
            return _safe(names.get(mark["who"], SOMEONE))
        if mark["code"]:
            return f"<code>{_safe(mark['code'])}</code>"
        if mark["bold"]:
            return f"<b>{in_html(mark['bold'], names)}</b>"
        return f"<i>{in_html(mark['italic'], names)}</i>" if mark["italic"] else _safe(mark["moment"])

    return _replaced(markup, tagged, _safe)


def _replaced(markup: str, mark: Callable[[re.Match[str]], str], between: Callable[[str], str]) -> str:
    done, at = [], 0
    for found in _MARK.finditer(markup):
        done += [between(markup[at : found.start()]), mark(found)]
        at = found.end()
    return "".join([*done, between(markup[at:])])


def _safe(text: str) -> str:
    """Slack's three entities become those of HTML, and quotes with them."""
    return html.escape(html.unescape(text))


def _pair(text: str) -> tuple[str, str]:
    label, _, value = text.partition("\n")
    return label.strip("*"), value
