"""App Home: the board of one person. What is wrong comes first; Slack's limits are kept however many jobs there are. Pure."""

import json
from collections.abc import Sequence
from datetime import datetime

from listeners import block_kit, board_choice, board_menus, board_pages, faces, first_run, job_menu, texts
from listeners.board_choice import CALM, Choice, Shown
from listeners.board_lines import by_urgency, calm_line, counts, troubled_lines
from listeners.board_pages import Page
from listeners.cards import buttons_for
from listeners.notices import notice_message
from listeners.proposal_cards import SHOW_WAITING, plain_title
from workflows.backup.board import Board
from workflows.kernel.ports import Json

__all__ = ["CALM", "by_urgency", "counts", "home_view", "notice_view", "troubled_lines"]

BYTES_MAX = 240_000
"""Slack takes 250 kB. Our client writes whatever is not ASCII as escapes, so that is how it is counted."""

PROPOSALS_NAMED_MAX = 3
ANYTHING = Choice()
TOO_LONG = block_kit.context("The rest of this page is too long to be shown: search, or choose a state, an owner or a group.")


def home_view(
    board: Board, choice: Choice = ANYTHING, *, now: datetime, zone: str, notice: str = "", sheet_url: str = ""
) -> Json:
    """The Home tab.

    Args:
        choice: what of the board its reader wants to see; kept in the view for the next press.
        now: aware, UTC.
        zone: IANA name for times that Slack cannot show in the reader's own.
        notice: mrkdwn to show on top, such as why a press was refused.
        sheet_url: of the job list, "" where it is not known.
    """
    shown = sorted(((faces.face(one, now=now), one) for one in board.jobs), key=by_urgency)
    said = f":information_source:  {notice[: texts.NOTICE_LENGTH_MAX]}"
    top = [block_kit.header("Backups"), *([block_kit.section(said)] if notice else [])]
    if not any(face != "off_list" for face, _ in shown) and not choice.narrowed:
        first = [*first_run.first_run(sheet_url=sheet_url), *_waiting(board), board_menus.menus((), choice, board)]
        return _home([*top, *first, *_troubles(board)], choice)
    chosen = board_choice.chosen(shown, choice, board)
    page = board_pages.page_of(chosen, choice.first, board)
    head = [*top, *_head(shown, len(chosen), choice, board)]
    foot = [*board_pages.turning(page), *_foot(shown, page, board, now=now, zone=zone)]
    jobs = _jobs(chosen, page, board, now=now, zone=zone) or [block_kit.section("Nothing fits that.")]
    return _fitting(head, jobs, foot, _troubles(board), choice)


def notice_view(text: str) -> Json:
    """A Home tab for people who may not see the board."""
    return _home([block_kit.section(f":lock:  {text[:2000] or 'There is nothing to see here.'}")], ANYTHING)


def _home(blocks: list[Json], choice: Choice) -> Json:
    return {"type": "home", "private_metadata": board_choice.written(choice), "blocks": blocks}


def _fitting(head: list[Json], jobs: list[Json], foot: list[Json], troubles: list[Json], choice: Choice) -> Json:
    """All of it, as nearly always; where mistakes and names are so long that Slack would refuse it, less."""
    view = _home([*head, *jobs, *foot, *troubles], choice)
    kept = len(jobs)
    while _too_long(view) and kept > 1:
        view = _home([*head, *jobs[:kept], *([TOO_LONG] if kept < len(jobs) else []), *foot], choice)
        kept //= 2
    return view


def _too_long(view: Json) -> bool:
    return len(json.dumps(view)) > BYTES_MAX


def _head(shown: Sequence[Shown], found: int, choice: Choice, board: Board) -> list[Json]:
    told = counts(face for face, _ in shown)
    blocks = [
        block_kit.section(told, accessory=first_run.add_button()),
        *_waiting(board),
        board_menus.menus(shown, choice, board),
    ]
    return [*blocks, board_menus.narrowed_to(found, shown, choice, board)] if choice.narrowed else blocks


def _waiting(board: Board) -> list[Json]:
    """What waits for approval."""
    if board.proposals is None:
        return [block_kit.context("What waits for approval could not be read just now.")]
    if not board.proposals:
        return []
    count = len(board.proposals)
    named = ", ".join(texts.name(plain_title(proposal), 60) for proposal in board.proposals[:PROPOSALS_NAMED_MAX])
    more = f" and {count - PROPOSALS_NAMED_MAX} more" if count > PROPOSALS_NAMED_MAX else ""
    waits = "waits" if count == 1 else "wait"
    line = f":inbox_tray:  *{texts.counted(count, 'backup')} {waits} for approval*  {named}{more}"
    return [block_kit.section(line, accessory=block_kit.button(SHOW_WAITING, "See it" if count == 1 else "See them", "waiting"))]


def _jobs(chosen: Sequence[Shown], page: Page, board: Board, *, now: datetime, zone: str) -> list[Json]:
    """The jobs of this page, each group under its header."""
    blocks: list[Json] = []
    titled = ""
    for face, standing in chosen[page.first : page.end]:
        troubled = face not in CALM or standing.muted
        title = "Needs attention" if troubled else "No longer listed" if face == "off_list" else "Fine"
        if title != titled:
            blocks += [block_kit.divider(), block_kit.header(title)]
            titled = title
        draw = troubled_lines if troubled else calm_line
        may = board.may(standing)
        three_dots = job_menu.menu(standing, may=may) if face != "off_list" else None
        blocks.append(block_kit.section(draw(standing, face, now=now, zone=zone), accessory=three_dots))
        buttons = buttons_for(standing, face) if may else []
        if buttons:
            blocks.append(block_kit.actions(*buttons))
    return blocks


def _foot(shown: Sequence[Shown], page: Page, board: Board, *, now: datetime, zone: str) -> list[Json]:
    listed = sum(1 for face, _ in shown if face != "off_list")
    facts = [
        f"as of {texts.moment_text(now, now=now, zone=zone)}",
        f"last check of all {texts.at_text(board.checked_at, now=now, zone=zone)}" if board.checked_at else "never checked yet",
        _next_deadline(shown, now=now, zone=zone),
        texts.counted(listed, "backup"),
        f"page {page.number} of {page.pages}" if page.pages > 1 else "",
        "`/backup help`",
    ]
    small = block_kit.context(" · ".join(fact for fact in facts if fact))
    return [block_kit.divider(), *(_blind(span["mode"], span["from"], now=now, zone=zone) for span in board.blind), small]


def _next_deadline(shown: Sequence[Shown], *, now: datetime, zone: str) -> str:
    """When the next of those that are well must have run; of the others it is past."""
    calm = [(one.due, one) for face, one in shown if face in {"fine", "waiting"} and one.due is not None and one.due > now]
    if not calm:
        return ""
    due, standing = min(calm, key=lambda one: one[0])
    return f"next deadline {texts.at_text(due, now=now, zone=zone)}, {faces.title(standing)}"


def _blind(mode: str, since: str, *, now: datetime, zone: str) -> Json:
    what = "the weekly and monthly backups" if mode == "slow" else "all backups"
    when = texts.at_text(datetime.fromisoformat(since), now=now, zone=zone)
    line = f":grey_question:  *Nobody looks.* The last check of {what} was {when}; what is shown may be older than it seems."
    return block_kit.section(line)


def _troubles(board: Board) -> list[Json]:
    """For those who can mend them: the mistakes in the list and the rules."""
    blocks = [block for detail in board.troubles for block in notice_message(detail).blocks]
    return [block_kit.divider(), *blocks] if blocks else []
