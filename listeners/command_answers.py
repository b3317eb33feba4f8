"""What `/backup` answers, to the asker alone. Pure."""

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches

from listeners import block_kit, faces, home, texts
from listeners.cards import living_message
from workflows.backup.standing import Standing
from workflows.kernel.ports import Message

ROTATE_KEY = "key_rotate"
TROUBLED_MAX = 10

KNOWN = {
    "status [job]": "how the backups stand, or one of them",
    "add [name]": "watch another backup",
    "edit job": "change what is watched, and how",
    "proposals": "what waits for approval",
    "key job": "the key with which its script checks in; then `rotate` for a new one, `path off` or `path on` for its address",
    "help": "this list",
}


def help_message() -> Message:
    lines = [f"`/backup {usage}`  {what}" for usage, what in KNOWN.items()]
    said = "A job is named by its id, its name, or how either begins. Only you see the answers."
    blocks = (block_kit.section("\n".join(lines)), block_kit.context(said))
    return Message(text=f"/backup knows {_listed()}.", blocks=blocks)


def unknown(word: str) -> Message:
    """There is no such command; what there is, the likeliest first."""
    words = [usage.split()[0] for usage in KNOWN]
    near = get_close_matches(word.lower()[:40], words, n=1, cutoff=0.5)
    hint = f" Did you mean `/backup {near[0]}`?" if near else ""
    line = f"There is no {texts.code('/backup ' + word, 60)}.{hint} It knows {_listed()}."
    return Message(text=texts.without_markup(line), blocks=(block_kit.section(line),))


def board_message(standings: Sequence[Standing], *, now: datetime, zone: str) -> Message:
    """The counts, and the first lines of what is wrong."""
    shown = sorted(((faces.face(one, now=now), one) for one in standings), key=home.by_urgency)
    troubled = [(face, one) for face, one in shown if face not in home.CALM or one.muted]
    counts = home.counts(face for face, _ in shown)
    blocks = [block_kit.section(counts)]
    blocks += [block_kit.section(home.troubled_lines(one, face, now=now, zone=zone)) for face, one in troubled[:TROUBLED_MAX]]
    if len(troubled) > TROUBLED_MAX:
        blocks.append(block_kit.context(f"and {len(troubled) - TROUBLED_MAX} more that need attention; App Home has them all"))
    return Message(text=" ".join(texts.without_markup(counts).split()), blocks=tuple(blocks))


def job_message(standing: Standing, *, now: datetime, zone: str) -> Message:
    """How one job stands, with the buttons that its own message has."""
    return living_message(standing, now=now, zone=zone)


def rotate_question(standing: Standing) -> Message:
    """The old key is worthless at once, so it is asked twice."""
    name = texts.cut_middle(faces.plain_title(standing), 60)
    line = f"A new key for {faces.title(standing)}: the old one stops working at once, so its script needs the new one."
    confirm = block_kit.confirmation(
        f"New key for {name}?",
        "Check-ins with the old key are refused from then on.",
        yes="Make a new key",
        no="Keep the old one",
    )
    asks = block_kit.button(ROTATE_KEY, "Make a new key", standing.job_id, danger=True, confirm=confirm)
    return Message(text=texts.without_markup(line), blocks=(block_kit.section(line), block_kit.actions(asks)))


def _listed() -> str:
    words = [usage.split()[0] for usage in KNOWN]
    return f"{', '.join(words[:-1])} and {words[-1]}"
