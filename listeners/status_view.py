"""How the backups stand, for whoever typed `/backup status` or asked for a check. One screen, whatever is asked. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from listeners import block_kit, faces, texts
from listeners.board_choice import CALM, Choice, Shown, chosen
from listeners.board_lines import by_urgency, calm_line, counts, troubled_lines
from listeners.cards import buttons_for
from listeners.details import details_modal
from listeners.explain_view import headline
from workflows.backup.board import Board, JobView
from workflows.backup.remedies import remedy
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json, Message

TROUBLED_MAX = 10
LISTED_MAX = 30
FAILED_MAX = 10
LENGTH_MAX = 9_000
"""Of all lines of a list: Slack takes some 13,000 characters in one message, with all that stands around the words."""


def board_status(board: Board, *, now: datetime, zone: str) -> Message:
    """The counts, what is wrong with what would put it right, and what waits for approval."""
    shown = _shown(board, Choice(), now)
    troubled = [one for one in shown if one[0] not in CALM or one[1].muted]
    said = counts(face for face, _ in shown)
    blocks = [block_kit.section(said)]
    blocks += [block_kit.section(_troubled(face, standing, now=now, zone=zone)) for face, standing in troubled[:TROUBLED_MAX]]
    if len(troubled) > TROUBLED_MAX:
        blocks.append(block_kit.context(f"and {len(troubled) - TROUBLED_MAX} more: `/backup status wrong`, or App Home"))
    if shown and not troubled:
        blocks.append(block_kit.section("Nothing needs attention."))
    blocks.append(block_kit.context(*_footer(board, now=now, zone=zone)))
    return Message(text=texts.one_line(said), blocks=tuple(blocks))


def list_status(board: Board, choice: Choice, said: str, *, now: datetime, zone: str) -> Message:
    """The jobs that were asked for, the worst first. `said`: how they are called (mrkdwn)."""
    shown = _shown(board, choice, now)
    line = f"*{texts.counted(len(shown), 'backup')}* {said}" if shown else f"No backup is among {said}."
    blocks = [block_kit.section(line), *_listed(shown, now=now, zone=zone)]
    return Message(text=texts.without_markup(line), blocks=tuple(blocks))


def job_status(view: JobView, *, now: datetime, zone: str) -> Message:
    """One job in full, with the buttons that its viewer may press."""
    line = headline(view.standing, now=now, zone=zone)
    return Message(text=texts.without_markup(line), blocks=tuple(details_modal(view, now=now, zone=zone)["blocks"]))


def checked_message(standings: Sequence[Standing], failed: Mapping[str, str], *, now: datetime, zone: str) -> Message:
    """What a check that somebody waited for has found. `failed`: job_id -> why it could not be looked at."""
    shown = sorted(((faces.face(one, now=now), one) for one in standings), key=by_urgency)
    if len(shown) == 1 and not failed:
        return _checked_one(shown[0], now=now, zone=zone)
    line = f"Looked just now.  {counts(face for face, _ in shown)}" if shown else "Looked just now."
    gone = ":grey_question:  *{}* could not be looked at: {}"
    lines = [gone.format(texts.name(job), texts.words(why, 200)) for job, why in list(failed.items())[:FAILED_MAX]]
    if not shown and not lines:
        lines = ["Nothing of what was asked for is on the job list any more."]
    blocks = [block_kit.section(line), *block_kit.sections(lines), *_listed(shown, now=now, zone=zone)]
    return Message(text=texts.one_line(line), blocks=tuple(blocks))


def _checked_one(one: Shown, *, now: datetime, zone: str) -> Message:
    face, standing = one
    text = _line(face, standing, now=now, zone=zone)
    blocks = [block_kit.section(f"{text}\nLooked just now."), *_buttons(standing, face)]
    return Message(text=texts.one_line(f"{text.splitlines()[0]}, looked just now"), blocks=tuple(blocks))


def _buttons(standing: Standing, face: faces.Face) -> list[Json]:
    buttons = buttons_for(standing, face)
    return [block_kit.actions(*buttons)] if buttons else []


def _shown(board: Board, choice: Choice, now: datetime) -> list[Shown]:
    pairs = sorted(((faces.face(one, now=now), one) for one in board.jobs), key=by_urgency)
    return chosen(pairs, choice, board)


def _listed(shown: Sequence[Shown], *, now: datetime, zone: str) -> list[Json]:
    """What is wrong in blocks of their own, the calm ones line by line; as many as one message takes, and how many more."""
    troubled: list[Json] = []
    calm: list[str] = []
    length = 0
    for place, (face, standing) in enumerate(shown):
        line = _line(face, standing, now=now, zone=zone)
        length += len(line)
        if place == LISTED_MAX or length > LENGTH_MAX:
            left = len(shown) - place
            return [*troubled, *block_kit.sections(calm), block_kit.context(f"and {left} more; App Home has them all")]
        if face in CALM:
            calm.append(line)
        else:
            troubled.append(block_kit.section(line))
    return [*troubled, *block_kit.sections(calm)]


def _line(face: faces.Face, standing: Standing, *, now: datetime, zone: str) -> str:
    """One line for one that is calm, and three for any other. That it is fine is said: a green dot is a colour."""
    if face not in CALM:
        return _troubled(face, standing, now=now, zone=zone)
    fine = " · fine" if face == "fine" else ""
    return f"{calm_line(standing, face, now=now, zone=zone)}{fine}"


def _troubled(face: faces.Face, standing: Standing, *, now: datetime, zone: str) -> str:
    """The three lines of the board, and the next step."""
    lines = troubled_lines(standing, face, now=now, zone=zone)
    worst = faces.findings(standing)[:1]
    step = f"\nWhat would make it green: {texts.words(remedy(worst[0]), 250)}." if worst else ""
    return f"{lines}{step}"


def _footer(board: Board, *, now: datetime, zone: str) -> list[str]:
    waiting = len(board.proposals or ())
    looked = f"looked {texts.at_text(board.checked_at, now=now, zone=zone)}" if board.checked_at else "not looked at yet"
    return [
        f":inbox_tray: {texts.counted(waiting, 'backup')} waiting for approval: `/backup proposals`" if waiting else "",
        f"{looked} · `/backup status` with a job, a group, a state or @owner tells more",
    ]
