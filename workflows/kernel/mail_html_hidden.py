"""What a page hides from its reader: there stand trackers, padding, and words that are meant for machines only."""

import re
from dataclasses import dataclass, replace

_AT_RULES = re.compile(r"@[^{};]{0,200}\{(?:[^{}]{0,5000}\{[^{}]{0,5000}\}){0,50}[^{}]{0,5000}\}")
_RULE = re.compile(r"([^{}@]{1,300})\{([^{}]{0,3000})\}")
_STYLE = re.compile(r"<style[^>]{0,300}>([^<]{0,60000})", re.IGNORECASE)
_DECLARATION = re.compile(r"([a-z-]{3,30})\s*+:\s*+([^;]{1,200})")
_NOTHING = re.compile(r"0+(?:\.0+)?(?:px|pt|em|rem|%|ex|cm|mm|in)?")
_NAMED = {"white": "#ffffff", "black": "#000000", "transparent": "", "inherit": "", "initial": "", "none": ""}


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks where it stands.

    Attributes:
        hidden: nobody sees it.
        colour: of the text, as #rrggbb; "" = the reader's own, dark.
        ground: what is behind it, as #rrggbb; "?" = not known.
    """

    hidden: bool = False
    colour: str = ""
    ground: str = "#ffffff"

    @property
    def unseen(self) -> bool:
        return self.hidden or (self.colour != "" and self.colour == self.ground)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page's own style sheet says of classes and ids: which hide, and which may colour what is behind the text."""

    hiding: frozenset[str] = frozenset()
    grounds: frozenset[str] = frozenset()


def sheet_of(source: str) -> Sheet:
    """Reads the style sheets in a page. What holds on some screens only (@media) is left out."""
    hiding: set[str] = set()
    grounds: set[str] = set()
    for style in list(_STYLE.finditer(source))[:5]:
        css = re.sub(r"/\*[^*]{0,2000}\*/", " ", style[1].lower())
        for rule in list(_RULE.finditer(_AT_RULES.sub(" ", css)))[:500]:
            names = {name.strip() for name in rule[1].split(",")}
            declared = declarations(rule[2])
            if hides(declared):
                hiding |= {match[1] for name in names if (match := re.fullmatch(r"[a-z0-9]*([.#][\w-]+)", name))}
            if "background" in rule[2]:
                grounds |= {word for name in names for word in re.findall(r"[.#]?[\w-]+", name)}
    return Sheet(frozenset(hiding), frozenset(grounds))


def declarations(style: str) -> dict[str, str]:
    """The declarations of a style attribute, by property."""
    found = _DECLARATION.finditer(style[:5_000].lower())
    return {match[1]: match[2].replace("!important", "").strip() for match in found}


def hides(declared: dict[str, str]) -> bool:
    """Whether a style makes text invisible, or too small to be seen."""
    return (
        declared.get("display") == "none"
        or declared.get("visibility") in {"hidden", "collapse"}
        or declared.get("mso-hide") == "all"
        or _NOTHING.fullmatch(declared.get("opacity", "1")) is not None
        or _NOTHING.fullmatch(declared.get("font-size", "1px")) is not None
        or (declared.get("font-size") in {"1px", "0.1px", "1pt"} and declared.get("line-height") in {"0", "0px", "1px"})
        or (_NOTHING.fullmatch(declared.get("max-height", "1px")) is not None and declared.get("overflow") == "hidden")
        or (_NOTHING.fullmatch(declared.get("height", "1px")) is not None and declared.get("overflow") == "hidden")
    )


def look_of(name: str, attributes: dict[str, str], around: Look, sheet: Sheet) -> Look:
    """How text looks in an element that stands where text looks as `around`."""
    declared = declarations(attributes.get("style", ""))
    marks = [f".{word.lower()}" for word in attributes.get("class", "").split()] + [f"#{attributes.get('id', '').lower()}"]
    hidden = around.hidden or "hidden" in attributes or hides(declared) or any(mark in sheet.hiding for mark in marks)
    look = replace(around, hidden=hidden)
    if any(mark in sheet.grounds for mark in (*marks, name)):
        look = replace(look, ground="?")
    ground = declared.get("background-color") or declared.get("background") or attributes.get("bgcolor", "")
    if ground and (shade := _shade(ground)) != "":
        look = replace(look, ground=shade)
    if "background" in attributes or "background-image" in declared:
        look = replace(look, ground="?")
    colour = declared.get("color") or (attributes.get("color", "") if name == "font" else "")
    if colour and (shade := _shade(colour)) not in {"", "?"}:
        look = replace(look, colour=shade)
    return look


def _shade(written: str) -> str:
    """A colour as #rrggbb; "" for one that changes nothing; "?" for one that is not understood."""
    text = written.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    if short := re.fullmatch(r"#?([0-9a-f])([0-9a-f])([0-9a-f])", text):
        return "#" + "".join(digit * 2 for digit in short.groups())
    if full := re.fullmatch(r"#?([0-9a-f]{6})", text):
        return "#" + full[1]
    if parts := re.fullmatch(r"rgb\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*\)", text):
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in parts.groups())
    return "?"
