"""`/backup`: everything that can be asked for in words. Each answer is seen by the asker alone."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners import command_answers
from listeners.bodies import asker_of
from listeners.commands import one_job, several
from listeners.commands.asked import Asked, Said
from listeners.commands.meaning import typed_words
from listeners.opening import TOO_LATE, open_modal
from listeners.row_form import row_modal
from listeners.use_cases import UseCases
from listeners.waiting_list import waiting_list
from workflows.backup.row_form import RowForm
from workflows.kernel.ports import Json, Message
from workflows.kernel.reply import Reply

COMMAND = "/backup"


def backup(use_cases: UseCases) -> Callable[..., None]:
    """The first word says what is wanted, the rest of the line is about what."""

    def typed(ack: Ack, body: Json, client: WebClient) -> None:
        said = say(str(body.get("text") or ""), body, client, use_cases)
        if isinstance(said, Message):
            ack(text=said.text, blocks=list(said.blocks), response_type="ephemeral")
        elif isinstance(said, Reply) and said.text:
            ack(text=said.text, response_type="ephemeral")
        else:
            ack()

    return typed


def say(line: str, body: Json, client: WebClient, use_cases: UseCases) -> Said:
    """What the line is answered with; a press that says what was meant comes here too."""
    word, _, rest = typed_words(line).partition(" ")
    word = word.lower()
    if word in {"", "help", "?"}:
        return command_answers.help_message()
    answer = _KNOWN.get(word)
    if answer is None:
        return command_answers.unknown(word)
    said = answer(Asked(rest=rest, asker=asker_of(body), body=body, client=client, use_cases=use_cases))
    return command_answers.which(said, word) if isinstance(said, Reply) and said.choices else said


def _add(asked: Asked) -> Said:
    return _opened(asked.use_cases.proposals.add_form(asked.rest, asked.asker), asked)


def _edit(asked: Asked) -> Said:
    return _opened(asked.use_cases.proposals.change_form(asked.rest, asked.asker), asked)


def _opened(form: RowForm | Reply, asked: Asked) -> Said:
    if isinstance(form, Reply):
        return form
    opened = open_modal(asked.client, asked.body, row_modal(form, zone=asked.use_cases.zone))
    return Reply(kind="try_again", text=TOO_LATE) if opened is None else None


def _proposals(asked: Asked) -> Said:
    found = asked.use_cases.proposals.waiting(asked.asker)
    return found if isinstance(found, Reply) else waiting_list(found, domain=asked.domain)


_KNOWN: dict[str, Callable[[Asked], Said]] = {
    "add": _add,
    "check": several.check,
    "edit": _edit,
    "explain": one_job.explain,
    "history": one_job.history,
    "key": one_job.key,
    "mute": one_job.mute,
    "proposals": _proposals,
    "snooze": one_job.snooze,
    "status": several.status,
    "unmute": one_job.unmute,
    "why": one_job.explain,
}
"""Every word that is answered; those that help names, and what people type instead of them."""
