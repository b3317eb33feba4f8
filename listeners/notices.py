"""Notices for the admin: what is wrong with the lists, the places we look at, or the telling itself."""

import re
from collections.abc import Callable
from datetime import datetime

from listeners import block_kit, texts
from workflows.kernel.ports import Json, Message

LET_GO = "let_go"

ITEMS_MAX = 12
LINES_PER_BLOCK = 3
_RETURNED = {
    "bounced": "letters come back, there is no such mailbox. What to do: _correct it in the job list, or name somebody else_",
    "complained": (
        "its reader marked a letter as spam, and is not written to again. What to do: _ask them who else should hear of these "
        "backups, and name them in the job list_"
    ),
    "delayed": "a letter came back, the mailbox is full or does not answer. What to do: _nothing; tomorrow it is tried again_",
    "rejected": "the mail service would not send a letter. What to do: _see in its console why; tomorrow it is tried again_",
}
_LINK = re.compile(r"https://[\w.-]+/[^\s<>|]{1,900}")

_FIRST = {  # about: emoji, what is counted, the rest of the line
    "list_errors": (":memo:", "mistake", "in the job list; every other row is watched"),
    "rules_errors": (":memo:", "mistake", "in the rules; the last version without any stays in force"),
    "voice_errors": (":memo:", "mistake", "in the voice document; the last version without any stays in force"),
    "cannot_look": (":grey_question:", "place", "cannot be read; what lands there is not observed"),
    "vanished_rows": (":warning:", "row", "vanished from the job list at once; that is held, and these jobs stay on the list"),
    "rows_gone": (":white_circle:", "row", "left the job list; no longer watched, and nobody is told when it fails"),
    "not_observed": (":grey_question:", "span", "was not observed; what happened then is judged by what was left behind"),
    "sheet": (":page_facing_up:", "document", "cannot be kept in step with Google; the last good copy stays in force"),
    "delivery": (":mailbox_with_no_mail:", "recipient", "cannot be told where they should be"),
    "mail_returned": (":mailbox_with_no_mail:", "address", "cannot be written to; you are told instead, so that nothing is lost"),
    "mail_unread": (":incoming_envelope:", "mail", "could not be read as a backup report; it is kept"),
    "mail_strangers": (
        ":incoming_envelope:",
        "mail",
        "did not count, nor will others like it today: their senders are not trusted",
    ),
}


def notice_message(detail: Json) -> Message:
    """The message for a `bk.notice`.

    Args:
        detail: `about`, and what it is about: either `items`, a list of facts, or one fact as the detail itself.
            list_errors: {row (number, 0 when it is no row's), column, problem, fix, name}
            rules_errors, voice_errors: {line (number), text, problem, fix}
            cannot_look: {name or job_id, target, error, since (ISO)}
            vanished_rows: `rows`, a list of names; `held`: the mark of exactly these rows, with which they can be let go
            rows_gone: {name or job_id, since (ISO)}
            not_observed: {mode, since (ISO)}
            sheet: {document, problem, fix, since (ISO)}
            delivery: {recipient, why, day}, and where it is about one job alone {name or job_id}
            mail_returned: {address, kind (bounced, complained, delayed, rejected), day}
            mail_unread: {key, sender, subject, why, link}
            mail_strangers: {day, sender, why} of the first such mail of the day
            `count` is how many there are in all, where not all are listed.
    """
    about = str(detail.get("about", ""))
    items = _items(detail)
    count = max(int(detail.get("count") or 0), len(items))
    first = _first_line(about, count)
    lines = [f"• {_LINES.get(about, _any_line)(item)}" for item in items[:ITEMS_MAX]]
    if count > len(lines):
        lines.append(f"_and {count - len(lines)} more_")
    paragraphs = ["\n".join(lines[at : at + LINES_PER_BLOCK]) for at in range(0, len(lines), LINES_PER_BLOCK)]
    blocks = [block_kit.section(text) for text in (first, *paragraphs)]
    if about == "vanished_rows" and detail.get("held"):
        blocks.append(block_kit.actions(_let_go(str(detail["held"]), count)))
    return Message(text=texts.without_markup(first), blocks=tuple(blocks))


def _items(detail: Json) -> list[Json]:
    if "rows" in detail:
        return [{"name": name} for name in detail["rows"]]
    if "items" in detail:
        return list(detail["items"])
    return [{key: value for key, value in detail.items() if key not in {"v", "about", "count"}}]


def _let_go(held: str, count: int) -> Json:
    rows = texts.counted(count, "row")
    confirm = block_kit.confirmation(
        f"Let {rows} go?", "These backups are no longer watched, and nobody is told when they fail.", yes="Let go", no="Keep them"
    )
    return block_kit.button(LET_GO, "That was meant: let them go", held[:200], confirm=confirm)


def _first_line(about: str, count: int) -> str:
    other = (":information_source:", "notice", f"about {texts.words(about, 100) or 'the sentinel itself'}")
    emoji, noun, rest = _FIRST.get(about, other)
    return f"{emoji}  *{texts.counted(count, noun)}* {rest}"


def _mistake(item: Json) -> str:
    if item.get("line"):
        where = f"line {_text(item, 'line')}"
    elif item.get("row"):
        where = f"row {_text(item, 'row')}"
    else:
        where = ""
    parts = [where, _text(item, "name", 60), _text(item, "column")]
    place = ", ".join(part for part in parts if part)
    text = f"“{_text(item, 'text', 80)}” " if item.get("text") else ""
    fix = f"; right would be _{_text(item, 'fix', 200)}_" if item.get("fix") else ""
    return f"{f'*{place}*: ' if place else ''}{text}{_text(item, 'problem', 300)}{fix}"


def _unreadable(item: Json) -> str:
    target = texts.code(str(item.get("target", "")))
    return f"*{_job(item)}*: {target} answers {_text(item, 'error', 200)}, since {_moment(str(item.get('since', '')))}"


def _unobserved(item: Json) -> str:
    run = "the daily check of weekly and monthly jobs" if item.get("mode") == "slow" else "the hourly check"
    return f"{run} had last completed {_moment(str(item.get('since', '')))}, and completes again now"


def _out_of_step(item: Json) -> str:
    fix = f". What to do: _{_text(item, 'fix', 300)}_" if item.get("fix") else ""
    return f"*{_text(item, 'document')}*: {_text(item, 'problem', 300)}, since {_moment(str(item.get('since', '')))}{fix}"


def _undelivered(item: Json) -> str:
    about = f"*{_job(item)}* to " if item.get("name") or item.get("job_id") else ""
    return f"{about}{texts.person(str(item.get('recipient', '')))}: {_text(item, 'why', 300)}"


def _returned(item: Json) -> str:
    kind = str(item.get("kind", ""))
    return f"*{_text(item, 'address', 320)}*: {_RETURNED.get(kind, _RETURNED['delayed'])}"


def _unread(item: Json) -> str:
    link = str(item.get("link") or "")
    where = f" (<{link}|the mail>)" if _LINK.fullmatch(link) else ""
    sender, subject = _text(item, "sender") or "unknown sender", _text(item, "subject", 120) or "no subject"
    return f"*{subject}* from {sender}: {_text(item, 'why', 300)}{where}"


def _stranger(item: Json) -> str:
    return f"from {_text(item, 'sender') or 'an unknown sender'}: {_text(item, 'why', 300)}. If it should count: `mail_allow`"


def _any_line(item: Json) -> str:
    return texts.words(", ".join(f"{key}: {value}" for key, value in item.items())) or "-"


def _job(item: Json) -> str:
    return texts.name(str(item.get("name") or item.get("job_id") or "-"))


def _moment(text: str) -> str:
    """An ISO moment in the reader's zone; in its own where Slack cannot."""
    try:
        moment: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        return texts.words(text, 60) or "some time"
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}}, {{time}}|{moment:%a} {moment.day} {moment:%b, %H:%M} UTC>"


def _text(item: Json, key: str, length_max: int = 100) -> str:
    return texts.words(str(item.get(key) or ""), length_max)


_LINES: dict[str, Callable[[Json], str]] = {
    "list_errors": _mistake,
    "rules_errors": _mistake,
    "voice_errors": _mistake,
    "cannot_look": _unreadable,
    "vanished_rows": lambda item: f"*{_job(item)}*",
    "rows_gone": lambda item: f"*{_job(item)}*, {_moment(str(item.get('since', '')))}",
    "not_observed": _unobserved,
    "sheet": _out_of_step,
    "delivery": _undelivered,
    "mail_returned": _returned,
    "mail_unread": _unread,
    "mail_strangers": _stranger,
}
