"""What `/backup` answers, to the asker alone. Pure."""

from difflib import get_close_matches

from listeners import block_kit, faces, texts
from workflows.backup.standing import Standing
from workflows.kernel.ports import Message
from workflows.kernel.reply import Reply

ROTATE_KEY = "key_rotate"
MEANT = "meant"
VALUE_MAX = 2000

KNOWN = {
    "status [job|group|state|@owner]": "how the backups stand, all of them or some",
    "check job|group": "look at once, and say here what is found",
    "explain job": "why it stands as it does, and what would make it green",
    "history job": "its runs, and what was done about it",
    "snooze job": "quiet for a while; it is still checked",
    "mute job": "quiet until `unmute job`, or a date",
    "unmute job": "speak again",
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


def which(reply: Reply, word: str) -> Message:
    """It was not clear what is meant: each that may be is a button, which carries on with the same word."""
    values = [(f"{word} {key}"[:VALUE_MAX], name) for key, name in reply.choices]
    buttons = [block_kit.button(f"{MEANT}_{place}", name, value) for place, (value, name) in enumerate(values)]
    return Message(text=reply.text, blocks=(block_kit.section(reply.text), block_kit.actions(*buttons)))


def rotate_question(standing: Standing) -> Message:
    """The old key is worthless soon after, so it is asked twice."""
    name = texts.cut_middle(faces.plain_title(standing), 60)
    line = (
        f"A new key for {faces.title(standing)}: the old one stops working within two minutes, so its script needs the new one."
    )
    confirm = block_kit.confirmation(
        f"New key for {name}?",
        "Check-ins with the old key are refused from two minutes later on.",
        yes="Make a new key",
        no="Keep the old one",
    )
    asks = block_kit.button(ROTATE_KEY, "Make a new key", standing.job_id, danger=True, confirm=confirm)
    return Message(text=texts.without_markup(line), blocks=(block_kit.section(line), block_kit.actions(asks)))


def _listed() -> str:
    words = [usage.split()[0] for usage in KNOWN]
    return f"{', '.join(words[:-1])} and {words[-1]}"
