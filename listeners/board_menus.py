"""The row above the board: by state, by owner, by group, by words; and what it shows now. Pure."""

from collections import Counter
from collections.abc import Sequence

from listeners import block_kit, board_choice, texts
from listeners.board_choice import CALM, Choice, Shown
from listeners.board_lines import COUNTED, tally
from listeners.faces import Face
from workflows.backup.board import Board
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json

STATE, OWNER, GROUP = "board_state", "board_owner", "board_group"
SEARCH, REFRESH, EVERYTHING = "board_search", "board_refresh", "board_everything"
SEARCH_FORM = "board_search"
WORDS = "words"

FEW = 5
"""So many jobs need no menus to be found in."""

NAMES_MAX = 50
LABEL_MAX = 40
_STATES: dict[str, str] = {
    "attention": "Needs attention",
    **{face: word[0].upper() + word[1:] for face, word in COUNTED.items() if face != "escalated"},
    "off_list": "No longer listed",
}


def menus(shown: Sequence[Shown], choice: Choice, board: Board) -> Json:
    """Menus only where there is something to choose. Its id changes with the choice, or Slack would show an older one."""
    listed = [standing for face, standing in shown if face != "off_list"]
    elements: list[Json] = []
    if len(listed) > FEW or choice.narrowed:
        elements.append(_states(shown, choice))
        elements += _owners(listed, choice, board)
        elements += _groups(listed, choice)
        elements.append(block_kit.button(SEARCH, "Search…", "search"))
    elements.append(block_kit.button(REFRESH, "Refresh", "refresh"))
    return block_kit.actions(*elements, block_id=f"menus {board_choice.mark(board_choice.written(choice))}")


def narrowed_to(found: int, shown: Sequence[Shown], choice: Choice, board: Board) -> Json:
    """What is shown, in words, and the way back to everything."""
    listed = [standing for face, standing in shown if face != "off_list"]
    parts = [
        f"*{_STATES[choice.state].lower()}*" if choice.state else "",
        _named_owner(listed, choice, board) if choice.owner else "",
        f"group {_named(board_choice.groups(listed), choice.group)}" if choice.group else "",
        f"“{texts.words(choice.words)}”" if choice.words else "",
    ]
    said = " · ".join(part for part in parts if part)
    line = f":mag:  {found} of {texts.counted(len(listed), 'backup')}: {said}"
    return block_kit.section(line, accessory=block_kit.button(EVERYTHING, "Show all", "all"))


def search_modal(choice: Choice) -> Json:
    """Asks for words. The choice is kept in it, to be narrowed."""
    field = block_kit.text_input(
        WORDS,
        "Words",
        value=choice.words,
        placeholder="orders nas-02",
        hint="From its name, id, group, owner, or where it lands; all of them must be found. Blank: everything.",
        length_max=board_choice.WORDS_MAX,
    )
    return {
        "type": "modal",
        "callback_id": SEARCH_FORM,
        "private_metadata": board_choice.written(choice),
        "title": block_kit.plain_text("Search", 24),
        "submit": block_kit.plain_text("Search", 24),
        "close": block_kit.plain_text("Cancel", 24),
        "blocks": [field],
    }


def _states(shown: Sequence[Shown], choice: Choice) -> Json:
    counted: Counter[str] = Counter({str(face): count for face, count in tally(face for face, _ in shown).items()})
    counted["alert"] += counted["escalated"]
    counted["attention"] = sum(1 for face, standing in shown if _troubled(face, standing))
    counted["muted"] = sum(1 for _, standing in shown if standing.muted)
    options = [
        block_kit.option(f"{word} ({counted[state]})", state)
        for state, word in _STATES.items()
        if counted[state] or state == choice.state
    ]
    everything = block_kit.option("Any state", "all")
    return block_kit.select(STATE, "Any state", [everything, *options], chosen=choice.state or "all")


def _owners(listed: Sequence[Standing], choice: Choice, board: Board) -> list[Json]:
    known = board_choice.owners(listed)
    mine = sum(1 for standing in listed if board.mine(standing))
    if len(known) < 2 and not choice.owner:
        return []
    own = [block_kit.option(f"Mine ({mine})", "mine")] if mine or choice.owner == "mine" else []
    options = [block_kit.option("Anyone's", "all"), *own, *_named_options(known)]
    return [block_kit.select(OWNER, "Anyone's", options, chosen=choice.owner or "all")]


def _groups(listed: Sequence[Standing], choice: Choice) -> list[Json]:
    known = board_choice.groups(listed)
    if not known and not choice.group:
        return []
    options = [block_kit.option("Any group", "all"), *_named_options(known)]
    return [block_kit.select(GROUP, "Any group", options, chosen=choice.group or "all")]


def _named_options(known: Sequence[tuple[str, int]]) -> list[Json]:
    named = known[:NAMES_MAX]
    return [block_kit.option(f"{texts.plain(name, LABEL_MAX)} ({count})", board_choice.mark(name)) for name, count in named]


def _named_owner(listed: Sequence[Standing], choice: Choice, board: Board) -> str:
    if choice.owner == "mine":
        return f"those of {texts.person(board.viewer.member.user_id)}"
    return f"those of {_named(board_choice.owners(listed), choice.owner)}"


def _named(known: Sequence[tuple[str, int]], wanted: str) -> str:
    return next((f"*{texts.name(name)}*" for name, _ in known if board_choice.mark(name) == wanted), "_nobody now_")


def _troubled(face: Face, standing: Standing) -> bool:
    return face not in CALM or standing.muted
