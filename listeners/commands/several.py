"""`/backup status` and `/backup check`: of one job, of a group, of a state, of one owner, or of all."""

from listeners.board_choice import Choice, chosen
from listeners.commands.asked import Asked, Said
from listeners.commands.meaning import Several, meant
from listeners.faces import face
from listeners.status_view import board_status, job_status, list_status
from workflows.backup.board import JobView
from workflows.backup.checking import AnswerTo
from workflows.backup.standing import Standing
from workflows.kernel.reply import Reply

WHICH = "Say what to look at: a job, a group, or a state such as `failing`."


def status(asked: Asked) -> Said:
    """Without anything behind it: all on one screen."""
    board = asked.board
    if isinstance(board, Reply):
        return board
    now, zone = asked.use_cases.now(), asked.use_cases.zone
    if not asked.rest:
        return board_status(board, now=now, zone=zone)
    found = meant(asked.rest, board, asked.use_cases.person)
    if isinstance(found, Several):
        return list_status(board, found.choice, found.said, now=now, zone=zone)
    if isinstance(found, Standing):
        return job_status(JobView(standing=found, may=board.may(found)), now=now, zone=zone)
    return found


def check(asked: Asked) -> Said:
    """Answered twice: that it looks now, and what it found."""
    board = asked.board
    if isinstance(board, Reply):
        return board
    if not asked.rest:
        return Reply(kind="invalid", text=WHICH)
    found = meant(asked.rest, board, asked.use_cases.person)
    if isinstance(found, Reply):
        return found
    choice = found.choice if isinstance(found, Several) else Choice()
    pairs = [(face(one, now=asked.use_cases.now()), one) for one in board.jobs]
    jobs = [one for _, one in chosen(pairs, choice, board)] if isinstance(found, Several) else [found]
    mine = [one for one in jobs if board.may(one)] or jobs[:1]  # where nothing is theirs, they are told whose it is
    to = AnswerTo(response_url=asked.response_url, id=str(asked.body["trigger_id"]))
    return asked.use_cases.check(tuple(one.job_id for one in mine), asked.asker, to)
