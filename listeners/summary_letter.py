"""The summary of a day as a letter: all of its messages, one below the other. Pure."""

from collections.abc import Sequence

from listeners import letter_html, outside_slack, texts
from workflows.kernel.ports import Letter, Message

SUBJECT_LENGTH_MAX = 150


def summary_letter(messages: Sequence[Message], *, zone: str, admin: str) -> Letter:
    """`zone`: the company's IANA zone, in which times are told. `admin`: e-mail of whom to ask."""
    parts = [part for message in messages for part in outside_slack.parts_of(message.blocks)]
    sections = [letter_html.Section(parts=tuple(parts))]
    foot = [
        f"You get this every morning because the setting summary_to names you, or because you are the admin. Ask {admin}.",
        f"Times are those of {zone}.",
    ]
    subject = texts.cut(texts.tidy(outside_slack.in_plain_text(messages[0].text, {})), SUBJECT_LENGTH_MAX)
    return Letter(
        subject=subject, text=letter_html.as_text(sections, foot, {}), html=letter_html.as_html(subject, sections, foot, {})
    )
