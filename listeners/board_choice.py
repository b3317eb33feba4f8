"""What one person wants to see of the board: a filter, words, a place in the list. Kept in their view's private metadata."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal, get_args

from listeners import faces, texts
from listeners.faces import Face
from workflows.backup.board import Board
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json

WORDS_MAX = 100
NOBODY = "the admin"

Wanted = Literal["", "attention", "alert", "warn", "unseen", "pending", "snoozed", "muted", "waiting", "fine", "off_list"]
CALM: tuple[Face, ...] = ("fine", "waiting", "off_list")
_FACES: dict[str, tuple[Face, ...]] = {"alert": ("alert", "not_fixed", "escalated")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which jobs are shown, and from which on.

    Attributes:
        state: "" for all that are on the list.
        owner, group: marks, as `mark` makes them: names are as long as people like, and a menu's value is not. "mine" for
            one's own.
        words: all of them must be found.
        first: index of the first job shown, among those that are chosen.
    """

    state: Wanted = ""
    owner: str = ""
    group: str = ""
    words: str = ""
    first: int = 0

    @property
    def narrowed(self) -> bool:
        return bool(self.state or self.owner or self.group or self.words)


Shown = tuple[Face, Standing]


def mark(name: str) -> str:
    """A short text for exactly this name, however it is written."""
    return sha256(texts.tidy(name).casefold().encode("utf-8", "replace")).hexdigest()[:12]


def written(choice: Choice) -> str:
    """For private_metadata, and to tell one choice from another."""
    kept = {"s": choice.state, "o": choice.owner, "g": choice.group, "w": choice.words, "f": choice.first}
    return json.dumps({name: value for name, value in kept.items() if value})


def read(metadata: object) -> Choice:
    """What `written` wrote; anything else, such as the metadata of an earlier version, is no choice."""
    try:
        kept: Json = json.loads(metadata) if isinstance(metadata, str) and metadata else {}
        state = kept.get("s", "")
        first = kept.get("f", 0)
        return Choice(
            state=state if state in get_args(Wanted) else "",
            owner=str(kept.get("o", "")),
            group=str(kept.get("g", "")),
            words=tidied(str(kept.get("w", ""))),
            first=max(first, 0) if isinstance(first, int) else 0,
        )
    except (ValueError, AttributeError, TypeError):
        return Choice()


def chose(choice: Choice, menu: str, value: str) -> Choice:
    """The choice after something else was chosen in one menu ("state", "owner" or "group"); "all" for anything."""
    wanted = "" if value == "all" else value
    if menu == "state" and wanted not in get_args(Wanted):
        wanted = ""
    return replace(choice, **{menu: wanted}, first=0)  # type: ignore[arg-type]  # the state was looked at above


def tidied(words: str) -> str:
    return texts.tidy(words)[:WORDS_MAX]


def chosen(shown: Iterable[Shown], choice: Choice, board: Board) -> list[Shown]:
    """Those that are to be seen, in the order given."""
    words = choice.words.casefold().split()
    return [
        (face, standing)
        for face, standing in shown
        if _of_state(face, standing, choice.state)
        and (not choice.owner or _of_owner(standing, choice.owner, board))
        and (not choice.group or mark(group_of(standing)) == choice.group)
        and (not words or _says(standing, words))
    ]


def owner_of(standing: Standing) -> str:
    """The owner's address, by which the menu knows them; "the admin" where nobody is named."""
    return standing.recipients[0] if standing.recipients else standing.row.get("owner_email", "") or NOBODY


def group_of(standing: Standing) -> str:
    return texts.tidy(standing.row.get("group", ""))


def owners(standings: Sequence[Standing]) -> list[tuple[str, int]]:
    """Who owns jobs, and how many: those with most first."""
    return _most_first(owner_of(standing) for standing in standings)


def groups(standings: Sequence[Standing]) -> list[tuple[str, int]]:
    return _most_first(name for standing in standings if (name := group_of(standing)))


def _most_first(names: Iterable[str]) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for name in names:
        counts[mark(name)] += 1
        spelled.setdefault(mark(name), name)
    return sorted(((spelled[key], count) for key, count in counts.items()), key=lambda one: (-one[1], one[0].casefold()))


def _of_state(face: Face, standing: Standing, state: Wanted) -> bool:
    match state:
        case "":
            return face != "off_list"
        case "attention":
            return face not in CALM or standing.muted
        case "muted":
            return standing.muted
        case _:
            return face in _FACES.get(state, (state,))


def _of_owner(standing: Standing, wanted: str, board: Board) -> bool:
    return board.mine(standing) if wanted == "mine" else mark(owner_of(standing)) == wanted


def _says(standing: Standing, words: Sequence[str]) -> bool:
    """Whether each of the words stands somewhere in what people call it by."""
    row = standing.row
    parts = (standing.job_id, *(row.get(name, "") for name in ("name", "what", "group", "owner_email", "target", "report_from")))
    told = " ".join((*parts, *standing.recipients, faces.trouble(standing) if standing.findings else "")).casefold()
    return all(word in told for word in words)
