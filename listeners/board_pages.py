"""Which jobs stand on one page of the board: as many as their blocks allow. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from listeners import block_kit
from listeners.board_choice import Shown
from listeners.cards import buttons_for
from workflows.backup.board import Board
from workflows.kernel.ports import Json

BLOCKS_EACH = 50
"""Half of what Slack takes; the rest is for what stands around the jobs, and keeps the whole below 250 kB."""

EARLIER, LATER = "board_earlier", "board_later"


class Page(NamedTuple):
    """`first` to `end` of the jobs that are chosen; where the pages beside it begin, if there are any."""

    first: int
    end: int
    earlier: int | None
    later: int | None
    number: int
    pages: int


def page_of(chosen: Sequence[Shown], wanted: int, board: Board) -> Page:
    """The page on which the job number `wanted` stands; the last one where there are fewer by now."""
    starts = _starts(chosen, board)
    number = max((index for index, start in enumerate(starts) if start <= wanted), default=0)
    later = starts[number + 1] if number + 1 < len(starts) else None
    return Page(
        first=starts[number],
        end=len(chosen) if later is None else later,
        earlier=starts[number - 1] if number else None,
        later=later,
        number=number + 1,
        pages=len(starts),
    )


def turning(page: Page) -> list[Json]:
    """The buttons that turn to the pages beside this one."""
    buttons = []
    if page.earlier is not None:
        buttons.append(block_kit.button(EARLIER, "‹ Previous", str(page.earlier)))
    if page.later is not None:
        buttons.append(block_kit.button(LATER, "Next ›", str(page.later)))
    return [block_kit.actions(*buttons)] if buttons else []


def _starts(chosen: Sequence[Shown], board: Board) -> list[int]:
    starts, taken = [0], 0
    for index, (face, standing) in enumerate(chosen):
        blocks = 2 if board.may(standing) and buttons_for(standing, face) else 1
        if taken + blocks > BLOCKS_EACH:
            starts.append(index)
            taken = 0
        taken += blocks
    return starts
