"""`/backup`: everything that can be asked for in words. Each answer is seen by the asker alone."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners import command_answers
from listeners.bodies import asker_of
from listeners.opening import TOO_LATE, open_modal
from listeners.row_form import row_modal
from listeners.use_cases import UseCases
from listeners.waiting_list import waiting_list
from workflows.backup.key_asking import KeyAction, KeyAsked
from workflows.backup.naming import find_job
from workflows.backup.row_form import RowForm
from workflows.kernel.ports import Json, Message
from workflows.kernel.reply import Reply

COMMAND = "/backup"

KEY_ACTIONS: dict[str, KeyAction] = {"rotate": "rotate", "path off": "path_off", "path on": "path_on"}

Said = Message | Reply | None
"""What is answered; None where a form has opened."""


def backup(use_cases: UseCases) -> Callable[..., None]:
    """The first word says what is wanted, the rest of the line is about what."""
    known: dict[str, Callable[[str, Json, WebClient, UseCases], Said]] = {
        "add": _add,
        "edit": _edit,
        "key": _key,
        "proposals": _proposals,
        "status": _status,
    }

    def typed(ack: Ack, body: Json, client: WebClient) -> None:
        word, _, rest = " ".join(str(body.get("text") or "").split()).partition(" ")
        wanted = known.get(word.lower())
        if wanted is None:
            said: Said = command_answers.help_message() if word.lower() in {"", "help", "?"} else command_answers.unknown(word)
        else:
            said = wanted(rest, body, client, use_cases)
        _answer(ack, said)

    return typed


def _answer(ack: Ack, said: Said) -> None:
    if isinstance(said, Message):
        ack(text=said.text, blocks=list(said.blocks), response_type="ephemeral")
    elif isinstance(said, Reply) and said.text:
        ack(text=said.text, response_type="ephemeral")
    else:
        ack()


def _add(rest: str, body: Json, client: WebClient, use_cases: UseCases) -> Said:
    return _opened(use_cases.proposals.add_form(rest, asker_of(body)), body, client, use_cases)


def _edit(rest: str, body: Json, client: WebClient, use_cases: UseCases) -> Said:
    return _opened(use_cases.proposals.change_form(rest, asker_of(body)), body, client, use_cases)


def _opened(form: RowForm | Reply, body: Json, client: WebClient, use_cases: UseCases) -> Said:
    if isinstance(form, Reply):
        return form
    opened = open_modal(client, body, row_modal(form, zone=use_cases.zone))
    return Reply(kind="try_again", text=TOO_LATE) if opened is None else None


def _proposals(_rest: str, body: Json, _client: WebClient, use_cases: UseCases) -> Said:
    found = use_cases.proposals.waiting(asker_of(body))
    return found if isinstance(found, Reply) else waiting_list(found, domain=str(body.get("team_domain") or ""))


def _key(rest: str, body: Json, _client: WebClient, use_cases: UseCases) -> Said:
    """The key of one job; what is to be done with it comes last: rotate asks once more, path off and path on are done at once."""
    typed, action = _key_action(rest)
    asker = asker_of(body)
    board = use_cases.board(asker.user_id, asker.team_id)
    job = board if isinstance(board, Reply) else find_job(typed, board)
    if isinstance(job, Reply):
        return job
    if action == "rotate":
        return command_answers.rotate_question(job)
    asked = KeyAsked(
        job_id=job.job_id,
        user_id=asker.user_id,
        team_id=asker.team_id,
        response_url=str(body.get("response_url") or ""),
        id=str(body["trigger_id"]),
        action=action,
    )
    return use_cases.key(asked)


def _key_action(rest: str) -> tuple[str, KeyAction]:
    """What names the job, and what is wanted."""
    lower = rest.lower()
    for words, action in KEY_ACTIONS.items():
        if lower.endswith(f" {words}"):
            return rest[: -len(words)].strip(), action
    return rest, "show"


def _status(rest: str, body: Json, _client: WebClient, use_cases: UseCases) -> Said:
    asker = asker_of(body)
    board = use_cases.board(asker.user_id, asker.team_id)
    if isinstance(board, Reply):
        return board
    now, zone = use_cases.now(), use_cases.zone
    if not rest:
        return command_answers.board_message(board, now=now, zone=zone)
    job = find_job(rest, board)
    return job if isinstance(job, Reply) else command_answers.job_message(job, now=now, zone=zone)
