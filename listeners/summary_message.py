"""The summary of a day in Slack: a paragraph, what there is to know, and a line a job; what does not fit goes on in its thread.

Pure; imports without Bolt.
"""

import json
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from listeners import block_kit, faces, texts
from listeners.summary_lines import Group, groups_of
from listeners.summary_notes import canary_line, notes_of
from workflows.backup.summary_facts import Count, Facts
from workflows.backup.summary_paragraph import Paragraph
from workflows.backup.summary_truth import attention
from workflows.kernel.ports import Json, Message

SECTION_MAX = 2800
BLOCKS_MAX, ROOM = 45, 11_500
"""Of one message: below Slack's 50 blocks, and its 13,200 characters for all of them together."""

BYTES_MAX = 22_000
"""Of one message as it is noted before it is posted; all of them must fit into one item."""

MESSAGES_MAX = 10
"""A channel's thread is read up to here; the board has the rest."""

_COUNTED: dict[Count, tuple[faces.Face, str]] = {
    "failing": ("alert", "failing"),
    "warning": ("warn", "with a warning"),
    "unseen": ("unseen", "not observed"),
    "pending": ("pending", "said to be fixed"),
    "snoozed": ("snoozed", "snoozed"),
    "muted": ("muted", "muted and failing"),
    "waiting": ("waiting", "waiting for a first run"),
    "fine": ("fine", "fine"),
}
_THREE_WAYS = """\
There are three ways to add the first backup:
• type a row into the job list: a name, and where the backup lands
• `/backup add` here in Slack
• let a backup program mail its report, or a script check in: each proposes itself, for somebody to approve"""


def summary_messages(facts: Facts, paragraph: Paragraph, *, by_mail: bool) -> list[Message]:
    """The message for the channel, then those for its thread. `by_mail`: owners without an account are written to."""
    headline = f"Backups on {_day(facts)}"
    first = [block_kit.header(headline), block_kit.section(_opening(facts, paragraph))]
    if facts.jobs:
        first.append(block_kit.section(_counts(facts)))
    notes = notes_of(facts, by_mail=by_mail)
    known = _sections(Group("*Good to know*", notes)) if notes else []
    last = [block_kit.context(_small_print(facts, paragraph))]

    groups = list(groups_of(facts))
    urgent = [section for group in groups if not group.calm for section in _sections(group)]
    calm = [section for group in groups if group.calm for section in _sections(group)]
    page, *pages = _pages([*urgent, *calm], beside=[*first, *known, *last])
    parted = min(len(page), len(urgent))
    whole = (*first, *page[:parted], *known, *page[parted:], *last)
    messages = [Message(text=f"{headline}: {_in_short(facts)}", blocks=whole)]
    for number, more in enumerate(pages, start=2):
        messages.append(Message(text=f"{headline}, page {number} of {len(pages) + 1}", blocks=tuple(more)))
    return messages


def noted(message: Message, reason: str) -> Message:
    """The message as the admin gets it, with the reason why it came to them."""
    why = f"This belongs into the summary channel, which cannot be written to ({texts.words(reason, 80)}). "
    note = block_kit.context(f":information_source:  {why}Name a channel in `summary_channel`, and invite the app to it.")
    return Message(text=message.text, blocks=(*message.blocks, note))


def _opening(facts: Facts, paragraph: Paragraph) -> str:
    if not facts.jobs:
        return f"Nothing is watched yet. {_THREE_WAYS}"
    return paragraph.told(lambda name: f"*{texts.name(name, 60)}*")


def _counts(facts: Facts) -> str:
    counts = facts.counts
    return "    ".join(f"{faces.EMOJI[face]} *{counts[kind]}* {word}" for kind, (face, word) in _COUNTED.items() if counts[kind])


def _in_short(facts: Facts) -> str:
    """The whole story in a line, for notifications and as the subject of a mail."""
    wrong, watched, fine = attention(facts), len(facts.jobs), facts.counts["fine"]
    if not watched:
        return "nothing is watched yet"
    if any(span.until is None for span in facts.blind):
        return "nobody is looking"
    if wrong:
        return f"{wrong} of {watched} {'needs' if wrong == 1 else 'need'} attention"
    return (
        f"all {watched} are fine"
        if fine == watched and watched > 1
        else f"{fine} of {watched} {'is' if fine == 1 else 'are'} fine"
    )


def _small_print(facts: Facts, paragraph: Paragraph) -> str:
    checked = facts.checked
    parts = (
        f"As of {texts.time_text(facts.at, zone=facts.zone)}",
        f"all jobs last checked {texts.moment_text(checked, now=facts.at, zone=facts.zone)}" if checked else "never checked yet",
        canary_line(facts),
        "written without the model" if paragraph.plain and facts.jobs else "",
    )
    return " · ".join(part for part in parts if part)


def _day(facts: Facts) -> str:
    local = facts.at.astimezone(ZoneInfo(facts.zone))
    return f"{local:%A}, {local.day} {local:%B}"


# --- what fits where -----------------------------------------------------------------------------


def _sections(group: Group) -> list[Json]:
    """A group as few blocks as hold its lines; each line whole."""
    texts_: list[str] = [group.heading]
    for line in group.lines:
        if len(texts_[-1]) + 1 + len(line) > SECTION_MAX:
            texts_.append(line)
        else:
            texts_[-1] += f"\n{line}"
    return [block_kit.section(text) for text in texts_]


def _pages(sections: Sequence[Json], *, beside: Sequence[Json]) -> list[list[Json]]:
    """The sections as messages; the first one holds what is `beside` them too. What no page has room for is counted."""
    pages: list[list[Json]] = [[]]
    for index, section in enumerate(sections):
        others = beside if len(pages) == 1 else ()
        if not _fits((*others, *pages[-1], section)):
            if len(pages) == MESSAGES_MAX:
                left = sum(section["text"]["text"].count("\n") + 1 for section in sections[index:])
                pages[-1].append(block_kit.context(f"and {left} lines more; the app's Home has every job"))
                return pages
            pages.append([])
        pages[-1].append(section)
    return pages


def _fits(blocks: Iterable[Json]) -> bool:
    drawn = list(blocks)
    text = json.dumps(drawn, ensure_ascii=False)
    return len(drawn) <= BLOCKS_MAX and len(text) <= ROOM and len(text.encode()) <= BYTES_MAX
