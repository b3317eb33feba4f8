"""Many breaks at once: one card, its thread texts, and one line that notifies. Pure; imports without Bolt."""

from collections.abc import Sequence
from datetime import datetime

from listeners import block_kit, faces, texts
from workflows.backup.standing import Standing
from workflows.backup.telling import StormMember
from workflows.kernel.ports import Json, Message

SNOOZE_ALL = "snooze_all"
OPEN_BOARD = "open_board"
NAMED_MAX = 5
TEXT_LENGTH_MAX = 2800


def storm_card(members: Sequence[StormMember], *, recipient: str, now: datetime, zone: str) -> Message:
    """The card as it should stand now: the first line is the whole story, the worst are named, the rest is in the thread."""
    broken = [member.standing for member in members if not member.over and member.standing is not None]
    back = len(members) - len(broken)
    if not broken:
        line = f":large_green_circle:  *All {len(members)} backups are fine again*"
        return Message(text=texts.without_markup(line), blocks=(block_kit.section(line),))
    since = min((standing.broke_at for standing in broken if standing.broke_at), default=None)
    began = f" since {texts.moment_text(since, now=now, zone=zone)}" if since else ""
    what = f"*{len(broken)} of your backups need attention*" if not back else f"*{back} of {len(members)} are back*"
    left = f"; {len(broken)} still need attention" if back else ""
    line = f"{_emoji(broken)}  {what}{left}{began}"
    blocks = [block_kit.section("\n".join([line, *_shared_place(broken)])), block_kit.section(_worst(broken))]
    blocks.append(block_kit.actions(*_buttons(recipient, members)))
    return Message(text=texts.without_markup(line), blocks=tuple(blocks))


def storm_details(members: Sequence[StormMember], *, now: datetime, zone: str) -> Message:
    """For the thread: what is wrong with each."""
    lines = [storm_line(member, now=now, zone=zone) for member in members]
    return Message(text=f"{texts.counted(len(members), 'backup')}, one a line", blocks=tuple(_sections(lines)))


def storm_news(members: Sequence[StormMember]) -> Message:
    """One line about some of them: they joined, became worse, or are reminded of."""
    broken = [member.standing for member in members if not member.over and member.standing is not None]
    if not broken:
        line = f":large_green_circle:  {texts.counted(len(members), 'backup')} of these are fine again"
        return Message(text=texts.without_markup(line), blocks=(block_kit.section(line),))
    named = ", ".join(f"{faces.title(standing)} {faces.trouble(standing)}" for standing in _by_weight(broken)[:2])
    more = f", and {len(broken) - 2} more" if len(broken) > 2 else ""
    line = (
        texts.cut(f"{_emoji(broken)}  {named}{more}", TEXT_LENGTH_MAX) if len(broken) < 3 else f"{_emoji(broken)}  {named}{more}"
    )
    return Message(text=texts.without_markup(line), blocks=(block_kit.section(line),))


def _emoji(broken: Sequence[Standing]) -> str:
    if any(standing.state == "escalate" for standing in broken):
        return ":rotating_light:"
    return ":red_circle:" if any(standing.level == "alert" for standing in broken) else ":large_yellow_circle:"


def _by_weight(broken: Sequence[Standing]) -> list[Standing]:
    return sorted(broken, key=lambda standing: (standing.state != "escalate", standing.level != "alert", not standing.critical))


def _worst(broken: Sequence[Standing]) -> str:
    lines = [f"• {faces.title(standing)} {faces.trouble(standing)}" for standing in _by_weight(broken)[:NAMED_MAX]]
    if len(broken) > NAMED_MAX:
        lines.append(f"_and {len(broken) - NAMED_MAX} more, in the thread_")
    return "\n".join(lines)


def _shared_place(broken: Sequence[Standing]) -> list[str]:
    """Where they all land, if that is one place: it is most likely what is wrong."""
    places = {place for standing in broken for place in _buckets(standing)}
    together = all(set(_buckets(standing)) == places for standing in broken)
    return [f"All of them land in {texts.code(next(iter(places)))}."] if len(places) == 1 and together else []


def _buckets(standing: Standing) -> list[str]:
    targets = standing.row.get("target", "").split()
    return [target.removeprefix("s3://").split("/", 1)[0] for target in targets if target.startswith("s3://")]


def worst_first(members: Sequence[StormMember]) -> list[StormMember]:
    """Those that are broken by their weight, then those that are over."""
    standing = {id(member.standing): member for member in members if not member.over and member.standing is not None}
    broken = [standing[id(one)] for one in _by_weight([member.standing for member in standing.values() if member.standing])]
    return [*broken, *(member for member in members if member.over or member.standing is None)]


def storm_line(member: StormMember, *, now: datetime, zone: str) -> str:
    """What is so of one of many."""
    standing = member.standing
    if standing is None:
        return f":white_circle:  *{texts.name(member.job_id)}* is no longer on the job list"
    if member.over:
        return f":large_green_circle:  {faces.title(standing)} is fine again"
    good = faces.newest_good(standing)
    last = f"; last good run {texts.moment_text(good.at, now=now, zone=zone)}" if good else "; no good run yet"
    return f"{faces.EMOJI[faces.face(standing, now=now)]}  {faces.title(standing)} {faces.trouble(standing)}{last}"


def _sections(lines: Sequence[str]) -> list[Json]:
    """As few blocks as hold the lines."""
    pages: list[list[str]] = [[]]
    for line in lines:
        if pages[-1] and sum(map(len, pages[-1])) + len(pages[-1]) + len(line) > TEXT_LENGTH_MAX:
            pages.append([])
        pages[-1].append(line)
    return [block_kit.section("\n".join(page)) for page in pages]


def _buttons(recipient: str, members: Sequence[StormMember]) -> list[Json]:
    first = members[0]
    value = f"{recipient} {first.job_id}"
    return [
        block_kit.button(SNOOZE_ALL, "Snooze all…", value),
        block_kit.button(OPEN_BOARD, "Open my board", value),
    ]
