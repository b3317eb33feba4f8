"""What a Slack message says, however it is built: its text, its blocks, what bots attach, mails that were sent to a channel."""

import html
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from workflows.kernel.ports import Json

TEXT_MAX = 100_000
DEPTH_MAX = 12

_TOKEN = re.compile(r"<([^<>|\n]*)(?:\|([^<>\n]*))?>")
_FORMATTED = re.compile(r"(?<![\w*_~`])(```|[*_~`])(?=\S)(.+?)(?<=\S)\1(?![\w*_~`])", re.DOTALL)
_INLINE = frozenset({"rich_text_section", "rich_text_preformatted", "rich_text_quote"})


class MessageText(NamedTuple):
    """`text` as lines, without markup; `subject` and `sender` where the message is a mail that was sent to a channel."""

    text: str
    subject: str = ""
    sender: str = ""


def text_of_message(message: Json) -> MessageText:
    """All that a person reads in this message. Where there are blocks, its `text` only repeats them."""
    files = list(_objects(message.get("files")))
    parts = [_first_text(file, "plain_text", "preview_plain_text", "preview") for file in files]
    blocks = [_told(block) for block in _objects(message.get("blocks"))]
    parts += blocks if any(blocks) else [_plain(message.get("text"))]
    parts += [_attached(attachment) for attachment in _objects(message.get("attachments"))]
    text = "\n".join(part.strip("\n") for part in parts if part.strip())
    mail = next((file for file in files if file.get("mode") == "email"), {})
    sender = next((str(one.get("address") or "") for one in _objects(mail.get("from"))), "")
    return MessageText(text=text[:TEXT_MAX], subject=_first_text(mail, "subject", "title"), sender=sender)


def _told(node: Json, depth: int = 0) -> str:
    """One block or element: what stands side by side in a line stays so, everything else is a line of its own."""
    if depth > DEPTH_MAX:
        return ""
    kind = str(node.get("type"))
    below = [_told(one, depth + 1) for one in _objects(node.get("elements"))]
    if kind in _INLINE:
        return "".join(below)
    if kind == "table":
        rows = node.get("rows")
        lines = ("\t".join(_told(cell, depth + 1) for cell in _objects(row)) for row in (rows if isinstance(rows, list) else ()))
        return "\n".join(lines)
    if kind in {"link", "text", "raw_text", "plain_text", "markdown"}:
        return _first_text(node, "text", "url")
    said = node.get("text")
    own = _told(said, depth + 1) if isinstance(said, dict) else _plain(said)
    fields = [_told(field, depth + 1) for field in _objects(node.get("fields"))]
    return "\n".join(part for part in (own, *fields, *below) if part)


def _attached(attachment: Json) -> str:
    """What a bot hangs below its message, in the form that blocks have replaced."""
    blocks = [_told(block) for block in _objects(attachment.get("blocks"))]
    if any(blocks):
        return "\n".join(blocks)
    lines = [_plain(attachment.get(key)) for key in ("pretext", "title", "text")]
    for field in _objects(attachment.get("fields")):
        title, value = _plain(field.get("title")), _plain(field.get("value"))
        lines.append(f"{title}: {value}" if title and value else title or value)
    return "\n".join(line for line in lines if line) or _plain(attachment.get("fallback"))


def _plain(text: Any) -> str:  # noqa: ANN401 - whatever a message holds there
    """How mrkdwn is read: links and mentions by their words, no formatting marks."""
    if not isinstance(text, str):
        return ""
    words = _TOKEN.sub(lambda token: token[2] or token[1].removeprefix("mailto:").lstrip("@#!"), text[:TEXT_MAX])
    return html.unescape(_FORMATTED.sub(r"\2", words))


def _first_text(node: Json, *keys: str) -> str:
    return next((value for key in keys if isinstance(value := node.get(key), str) and value), "")


def _objects(value: Any) -> Iterator[Json]:  # noqa: ANN401 - whatever a message holds there
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())
