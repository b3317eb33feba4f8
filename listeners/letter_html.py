"""The looks of a letter: plain text, and HTML that mail programs of phones draw as it is meant, with nothing from elsewhere."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from listeners.outside_slack import Names, Part, in_html, in_plain_text

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_FRAME = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>{title}</title>
</head>
<body style="margin:0;padding:0;background:#f4f4f2;-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden">{preview}</div>
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" style="background:#f4f4f2"><tr><td align="center" \
style="padding:16px 10px">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" style="max-width:600px;background:#ffffff;\
border:1px solid #deded9;border-radius:8px"><tr><td style="padding:20px;{font};font-size:16px;line-height:1.5;color:#1d1c1d;\
text-align:left;overflow-wrap:anywhere">
{body}
</td></tr></table>
<p style="max-width:600px;margin:12px auto 0;padding:0 10px;{font};font-size:13px;line-height:1.5;color:#5c5b5e;\
text-align:left">{foot}</p>
</td></tr></table>
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What belongs together: parts of a message, and what can be done about it as (label, address). `minor`: one of many."""

    parts: tuple[Part, ...]
    links: tuple[tuple[str, str], ...] = ()
    minor: bool = False


def as_text(sections: Sequence[Section], foot: Sequence[str], names: Names) -> str:
    """Lines of any length: mail programs fold them, and a folded address would not open."""
    told = [_text_of(section, names) for section in sections]
    return "\n\n".join([*told, "-- \n" + "\n".join(foot)]) + "\n"


def as_html(title: str, sections: Sequence[Section], foot: Sequence[str], names: Names) -> str:
    """A whole document. What a list of mails shows beside the title is the second line."""
    lines = [line for section in sections for part in section.parts for line in part.lines]
    preview = in_plain_text(lines[1], names) if len(lines) > 1 else ""
    return _FRAME.format(
        title=html.escape(title),
        preview=html.escape(preview),
        font=_FONT,
        body="\n".join(_html_of(section, names, first=number == 0) for number, section in enumerate(sections)),
        foot="<br>".join(html.escape(line) for line in foot),
    )


def _text_of(section: Section, names: Names) -> str:
    blocks = []
    for part in section.parts:
        widest = max((len(label) for label, _ in part.pairs), default=0)
        lines = [in_plain_text(line, names) for line in (*part.lines, *part.small)]
        lines += [f"{label:{widest}}  {in_plain_text(value, names)}" for label, value in part.pairs]
        blocks.append("\n".join(lines))
    blocks.append("\n".join(f"{label}\n{address}" for label, address in section.links))
    return "\n\n".join(block for block in blocks if block)


def _html_of(section: Section, names: Names, *, first: bool) -> str:
    rule = "border-top:1px solid #e8e8e4;margin-top:16px;padding-top:16px" if section.minor else ""
    told = [_html_part(part, names, heading=first and number == 0) for number, part in enumerate(section.parts)]
    buttons = _small_buttons(section) if section.minor else _buttons(section)
    before_small = len(told) - sum(1 for part in section.parts if part.small)
    return f'<div style="{rule}">' + "\n".join([*told[:before_small], buttons, *told[before_small:]]) + "</div>"


def _html_part(part: Part, names: Names, *, heading: bool) -> str:
    lines = [in_html(line, names) for line in part.lines]
    out = []
    if heading and lines:
        out.append(f'<h1 style="margin:0 0 12px;font-size:20px;line-height:1.35;font-weight:400">{lines.pop(0)}</h1>')
    out += [f'<p style="margin:0 0 10px">{line}</p>' for line in lines]
    if part.pairs:
        cells = [
            f'<tr><td style="padding:2px 14px 2px 0;color:#5c5b5e;font-size:14px;vertical-align:top;white-space:nowrap">'
            f"{html.escape(label)}</td>"
            f'<td style="padding:2px 0;font-size:14px;overflow-wrap:anywhere">{in_html(value, names)}</td></tr>'
            for label, value in part.pairs
        ]
        out.append(
            f'<table role="presentation" cellspacing="0" cellpadding="0" style="margin:4px 0 10px">{"".join(cells)}</table>'
        )
    out += [f'<p style="margin:0 0 4px;font-size:13px;color:#5c5b5e">{in_html(line, names)}</p>' for line in part.small]
    return "\n".join(out)


def _buttons(section: Section) -> str:
    """Links that look like buttons, each large enough for a thumb; the first is the likely one."""
    drawn = [
        f'<a href="{html.escape(address)}" style="display:inline-block;margin:0 8px 8px 0;padding:11px 18px;border-radius:6px;'
        f'font-weight:600;text-decoration:none;{_colours(first=number == 0)}">{html.escape(label)}</a>'
        for number, (label, address) in enumerate(section.links)
    ]
    return f'<div style="margin:14px 0 8px">{"".join(drawn)}</div>' if drawn else ""


def _colours(*, first: bool) -> str:
    return (
        "background:#14643f;color:#ffffff;border:1px solid #14643f"
        if first
        else ("background:#ffffff;color:#1d1c1d;border:1px solid #9b9b96")
    )


def _small_buttons(section: Section) -> str:
    drawn = [
        f'<a href="{html.escape(address)}" style="display:inline-block;padding:8px 18px 8px 0;color:#0b5cad;font-size:15px">'
        f"{html.escape(label)}</a>"
        for label, address in section.links
    ]
    return "".join(drawn)
