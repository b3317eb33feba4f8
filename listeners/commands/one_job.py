"""What `/backup` does about one job, by the same forms and the same rights as its buttons."""

from dataclasses import replace

from listeners import command_answers
from listeners.commands.asked import Asked, Said
from listeners.explain_view import explain_message
from listeners.forms import mute_modal, snooze_modal
from listeners.history_view import history_message
from listeners.opening import TOO_LATE, open_modal
from workflows.backup.key_asking import KeyAction, KeyAsked
from workflows.backup.naming import find_job
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json
from workflows.kernel.reply import Reply

KEY_ACTIONS: dict[str, KeyAction] = {"rotate": "rotate", "path off": "path_off", "path on": "path_on"}


def explain(asked: Asked) -> Said:
    job = _job(asked)
    found = job if isinstance(job, Reply) else asked.use_cases.explain(job.job_id, asked.asker)
    if isinstance(found, Reply):
        return found
    return explain_message(found, now=asked.use_cases.now(), zone=asked.use_cases.zone)


def history(asked: Asked) -> Said:
    job = _job(asked)
    found = job if isinstance(job, Reply) else asked.use_cases.history(job.job_id, asked.asker)
    if isinstance(found, Reply):
        return found
    return history_message(found, now=asked.use_cases.now(), zone=asked.use_cases.zone)


def snooze(asked: Asked) -> Said:
    job = _job(asked)
    form = job if isinstance(job, Reply) else asked.use_cases.snooze_form(asked.press(job.job_id))
    if isinstance(form, Reply):
        return form
    return _opened(asked, snooze_modal(form, now=asked.use_cases.now(), home=None))


def mute(asked: Asked) -> Said:
    job = _job(asked)
    form = job if isinstance(job, Reply) else asked.use_cases.boards.mute_form(asked.press(job.job_id))
    return form if isinstance(form, Reply) else _opened(asked, mute_modal(form, home=None))


def unmute(asked: Asked) -> Said:
    job = _job(asked)
    if isinstance(job, Reply):
        return job
    reply = asked.use_cases.unmute(asked.press(job.job_id))
    return reply if reply.kind != "done" else Reply(kind="done", text="It speaks again, and is looked at now.")


def key(asked: Asked) -> Said:
    """The key of one job; what is to be done with it comes last: rotate asks once more, path off and path on are done at once."""
    typed, action, words = _key_action(asked.rest)
    job = _job(asked, typed)
    if isinstance(job, Reply):  # whoever then says which job is meant still wants the same of it
        return replace(job, choices=tuple((f"{key} {words}".rstrip(), name) for key, name in job.choices))
    if action == "rotate":
        return command_answers.rotate_question(job)
    wanted = KeyAsked(
        job_id=job.job_id,
        user_id=asked.asker.user_id,
        team_id=asked.asker.team_id,
        response_url=asked.response_url,
        id=str(asked.body["trigger_id"]),
        action=action,
    )
    return asked.use_cases.key(wanted)


def _job(asked: Asked, typed: str | None = None) -> Standing | Reply:
    board = asked.board
    return board if isinstance(board, Reply) else find_job(asked.rest if typed is None else typed, board.jobs)


def _opened(asked: Asked, view: Json) -> Said:
    return Reply(kind="try_again", text=TOO_LATE) if open_modal(asked.client, asked.body, view) is None else None


def _key_action(rest: str) -> tuple[str, KeyAction, str]:
    """What names the job, what is wanted, and the words that said so."""
    lower = rest.lower()
    for words, action in KEY_ACTIONS.items():
        if lower.endswith(f" {words}"):
            return rest[: -len(words)].strip(), action, words
    return rest, "show", ""
