"""What can be done about one job, as far as the viewer may. The menu behind its three dots has five places; the details have all.

Values are "<act> <job_id> <break_id>" in the menu, and "<job_id> <break_id>" on buttons, as everywhere.
"""

from listeners import block_kit
from listeners.cards import CHECK, EXPLAIN, HISTORY, MARK_FIXED, SNOOZE, UNMUTE, mute_button
from listeners.faces import Face
from workflows.backup.saying import broken
from workflows.backup.size_right import compared_findings
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json

MENU = "job_menu"
DETAILS = "job_details"
EDIT = "job_edit"
SIZE_RIGHT = "size_right"
MUTE_ASK = "mute_ask"

OPTIONS_MAX = 5
_WORDS = {
    DETAILS: "Details",
    EXPLAIN: "Why this verdict",
    CHECK: "Check now",
    SIZE_RIGHT: "This size is right",
    MUTE_ASK: "Mute…",
    UNMUTE: "Unmute",
    EDIT: "Edit…",
    HISTORY: "History",
}


def menu(standing: Standing, *, may: bool) -> Json:
    """The three dots: what has no button of its own on the board comes first."""
    acts = [act for act in _acts(standing, may=may) if act not in _buttons_of_the_board(standing, may=may)]
    options = [block_kit.option(_WORDS[act], f"{act} {standing.job_id} {standing.break_id}") for act in acts[:OPTIONS_MAX]]
    return block_kit.overflow(MENU, options)


def every_button(standing: Standing, shown: Face, *, may: bool) -> list[list[Json]]:
    """All that can be done, in rows: what answers the break, then what looks closer or changes it."""
    value = f"{standing.job_id} {standing.break_id}"
    answers: list[Json] = []
    if may and broken(standing):
        if shown != "pending":
            answers.append(block_kit.button(MARK_FIXED, "Mark fixed", value, primary=True))
        answers.append(block_kit.button(SNOOZE, "Snooze…", value))
    if may:
        answers.append(block_kit.button(CHECK, "Check now", value))
        answers.append(block_kit.button(UNMUTE, "Unmute", value) if standing.muted else mute_button(standing, value))
    closer = [block_kit.button(EXPLAIN, "Why this verdict", value), block_kit.button(HISTORY, "History", value)]
    if may and compared_findings(standing):
        closer.append(_size_right(value))
    closer.append(block_kit.button(EDIT, "Edit…" if may else "Ask for a change…", value))
    return [row for row in (answers, closer) if row]


def _acts(standing: Standing, *, may: bool) -> list[str]:
    if not may:
        return [DETAILS, EXPLAIN, HISTORY, EDIT]
    size = [SIZE_RIGHT] if compared_findings(standing) else []
    return [DETAILS, EXPLAIN, CHECK, *size, UNMUTE if standing.muted else MUTE_ASK, EDIT, HISTORY]


def _buttons_of_the_board(standing: Standing, *, may: bool) -> set[str]:
    """What stands beside the job already (see `cards.buttons_for`)."""
    if not may:
        return set()
    return {UNMUTE} if standing.muted else {MUTE_ASK} if broken(standing) else set()


def _size_right(value: str) -> Json:
    confirm = block_kit.confirmation(
        "Is this size right?",
        "Earlier backups are not compared with any more: this one and those that follow say what is usual.",
        yes="It is right",
        no="Not sure",
    )
    return block_kit.button(SIZE_RIGHT, "This size is right", value, confirm=confirm)
