"""Words in Slack: what came from a sheet, a tool or a person, made safe to stand inside mrkdwn.

Slack stores `& < >` as entities and counts the stored text, so every limit here is on the escaped length.
"""

import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

ELLIPSIS = "…"
NAME_LENGTH_MAX = 80
SENTENCE_LENGTH_MAX = 500
NOTICE_LENGTH_MAX = 550
"""Of our own mrkdwn, which is not looked into: so long that it fits a block even if all of it were escaped once more."""

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LOOK_ALIKES = str.maketrans({"*": "∗", "`": "ˋ", "~": "∼"})  # would open bold, code or strike-through in the middle of a name
_MEMBER_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_DATE_TOKEN = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_RIGHT_TO_LEFT = {"R", "AL", "AN"}


def escape(text: str) -> str:
    """The text with the three characters escaped that Slack reads as markup."""
    return "".join(_ENTITIES.get(character, character) for character in text)


def escaped_length(text: str) -> int:
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def tidy(text: str) -> str:
    """One line of printable characters: no control, direction or surrogate characters, single spaces."""
    spaced = " ".join(text.split())
    if spaced.isascii() and spaced.isprintable():  # as nearly all are, and a board has thousands of them
        return spaced
    return "".join(
        character for character in spaced if unicodedata.category(character) not in {"Cc", "Cs"} and not _steers(character)
    )


def cut(text: str, length_max: int) -> str:
    """The beginning of the text, so that it is at most `length_max` long once escaped."""
    if escaped_length(text) <= length_max:
        return text
    return _fitting(text, length_max - 1) + ELLIPSIS


def cut_middle(text: str, length_max: int) -> str:
    """The beginning and the end of the text: names often differ at their end."""
    if escaped_length(text) <= length_max:
        return text
    half = (length_max - 1) // 2
    return _fitting(text, length_max - 1 - half) + ELLIPSIS + _fitting(text[::-1], half)[::-1]


def words(text: str, length_max: int = SENTENCE_LENGTH_MAX) -> str:
    """A sentence of somebody else's, as mrkdwn: escaped, on one line, at most `length_max` long."""
    return escape(_isolated(cut(tidy(text).translate(_LOOK_ALIKES), length_max - 2)))


def name(text: str, length_max: int = NAME_LENGTH_MAX) -> str:
    """A name, as mrkdwn: like `words`, but cut in the middle."""
    return escape(_isolated(cut_middle(tidy(text).translate(_LOOK_ALIKES), length_max - 2))) or "-"


def plain(text: str, length_max: int) -> str:
    """For plain_text objects: nothing in them is markup, so only length and line count."""
    return cut_middle(tidy(text), length_max) or "-"


def code(text: str, length_max: int = 200) -> str:
    """A path or an identifier, as it is typed."""
    return f"`{escape(cut_middle(tidy(text).replace('`', 'ˋ'), length_max)) or '-'}`"


def person(who: str) -> str:
    """A mention for a Slack member id; an e-mail address, or any other name, as words."""
    return f"<@{who}>" if _MEMBER_ID.fullmatch(who) else name(who)


def plain_moment(moment: datetime, *, now: datetime, zone: str) -> str:
    """As "02:11" on the same day, else "Thu 19 Nov, 02:11", with the year when it is another one."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if local.date() == today.date():
        return f"{local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"


def time_text(moment: datetime, *, zone: str) -> str:
    """A time of day alone, for moments that are less than a day away."""
    return f"<!date^{int(moment.timestamp())}^{{time}}|{moment.astimezone(ZoneInfo(zone)):%H:%M}>"


def at_text(moment: datetime, *, now: datetime, zone: str) -> str:
    """As `moment_text`, to be read inside a sentence: "at 02:11", else "Thu 19 Nov, 02:11"."""
    same_day = moment.astimezone(ZoneInfo(zone)).date() == now.astimezone(ZoneInfo(zone)).date()
    return f"at {time_text(moment, zone=zone)}" if same_day else moment_text(moment, now=now, zone=zone)


def moment_text(moment: datetime, *, now: datetime, zone: str) -> str:
    """A time that Slack shows in the reader's own zone; where it cannot, as in `plain_moment`."""
    same_day = moment.astimezone(ZoneInfo(zone)).date() == now.astimezone(ZoneInfo(zone)).date()
    shown = "{time}" if same_day else "{date_short_pretty}, {time}"
    return f"<!date^{int(moment.timestamp())}^{shown}|{plain_moment(moment, now=now, zone=zone)}>"


def without_markup(text: str) -> str:
    """Our own mrkdwn for notifications and screen readers: no bold, and times as they read in the given zone."""
    return _DATE_TOKEN.sub(r"\1", text).replace("*", "").replace("  ", " ")


def one_line(text: str) -> str:
    """As `without_markup`, on one line and with single spaces."""
    return " ".join(without_markup(text).split())


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _fitting(text: str, length_max: int) -> str:
    length = 0
    for index, character in enumerate(text):
        length += len(_ENTITIES.get(character, character))
        if length > length_max:
            return text[:index]
    return text


def _steers(character: str) -> bool:
    """Characters that change the direction of the text after them."""
    return unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def _isolated(text: str) -> str:
    """Right-to-left words stand apart, so that they do not turn our own sentence around."""
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return f"\u2068{text}\u2069"
    return text
