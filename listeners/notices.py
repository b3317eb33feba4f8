"""Notices for the admin: what is wrong with the lists, the places we look at, or the telling itself."""

from collections.abc import Callable

from listeners import block_kit, texts
from workflows.kernel.ports import Json, Message

ITEMS_MAX = 12


def notice_message(detail: Json) -> Message:
    """The message for a `bk.notice`.

    Args:
        detail: `about`, and `items`: a list of facts, all strings unless said otherwise. An empty list says that it is over.
            list_errors: {row (number), column, problem, fix}
            rules_errors, voice_errors: {line (number), problem, fix}
            cannot_look: {name or job_id, target, error, since}
            vanished_rows: {name or job_id}; `held` true when the change waits for the admin
            delivery: {recipient, why, name or job_id}
    """
    about = str(detail.get("about", ""))
    items = [item for item in detail.get("items", ()) if isinstance(item, dict)]
    first = _over(about) if not items else _first_line(about, len(items), held=bool(detail.get("held")))
    lines = [f"• {_LINES.get(about, _any_line)(item)}" for item in items[:ITEMS_MAX]]
    if len(items) > ITEMS_MAX:
        lines.append(f"_and {len(items) - ITEMS_MAX} more_")
    blocks = [block_kit.section(first), *(block_kit.section("\n".join(lines[at : at + 4])) for at in range(0, len(lines), 4))]
    return Message(text=first.replace("*", ""), blocks=tuple(blocks))


_FIRST = {  # about: emoji, what is counted, the rest of the line
    "list_errors": (":memo:", "mistake", "in the job list; every other row is watched"),
    "rules_errors": (":memo:", "mistake", "in the rules; the last good version stays in force"),
    "voice_errors": (":memo:", "mistake", "in the voice document; the last good version stays in force"),
    "cannot_look": (":grey_question:", "place", "cannot be read; what lands there is not observed"),
    "vanished_rows": (":wastebasket:", "job", "left the job list and not watched any more"),
    "vanished_rows held": (":warning:", "row", "vanished from the job list at once; the old list stays in force"),
    "delivery": (":mailbox_with_no_mail:", "message", "not delivered"),
}


def _first_line(about: str, count: int, *, held: bool) -> str:
    key = f"{about} held" if held and about == "vanished_rows" else about
    emoji, noun, rest = _FIRST.get(key, (":information_source:", "notice", f"about {texts.words(about, 100) or 'something'}"))
    return f"{emoji}  *{texts.counted(count, noun)}* {rest}"


def _over(about: str) -> str:
    over = {
        "list_errors": "The job list has no mistakes any more",
        "rules_errors": "The rules have no mistakes any more",
        "voice_errors": "The voice document has no mistakes any more",
        "cannot_look": "Every place can be read again",
        "vanished_rows": "No row is missing from the job list any more",
        "delivery": "Messages are delivered again",
    }
    return f":white_check_mark:  *{over.get(about, 'Nothing more to report')}*"


def _mistake(item: Json) -> str:
    where = f"line {_text(item, 'line')}" if "line" in item else f"row {_text(item, 'row')}"
    column = f", {_text(item, 'column')}" if item.get("column") else ""
    fix = f" {_text(item, 'fix', 200)}" if item.get("fix") else ""
    return f"*{where}{column}*: {_text(item, 'problem', 300)}{fix}"


def _unreadable(item: Json) -> str:
    target = texts.code(str(item.get("target", "")))
    return f"*{_job(item)}*: {target} answers {_text(item, 'error', 200)}, since {_text(item, 'since')}"


def _undelivered(item: Json) -> str:
    return f"*{_job(item)}* to {texts.person(str(item.get('recipient', '')))}: {_text(item, 'why', 300)}"


def _any_line(item: Json) -> str:
    return texts.words(", ".join(f"{key}: {value}" for key, value in item.items())) or "-"


def _job(item: Json) -> str:
    return texts.name(str(item.get("name") or item.get("job_id") or "-"))


def _text(item: Json, key: str, length_max: int = 100) -> str:
    return texts.words(str(item.get(key, "")), length_max) or "-"


_LINES: dict[str, Callable[[Json], str]] = {
    "list_errors": _mistake,
    "rules_errors": _mistake,
    "voice_errors": _mistake,
    "cannot_look": _unreadable,
    "vanished_rows": lambda item: f"*{_job(item)}*",
    "delivery": _undelivered,
}
