"""Lists what waits for approval, for the presser alone."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import answer, whisper
from listeners.bodies import asker_of
from listeners.forms import list_modal
from listeners.opening import show_modal
from listeners.use_cases import UseCases
from listeners.waiting_list import waiting_list
from workflows.kernel.ports import Json
from workflows.kernel.reply import Reply


def waiting(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        found = use_cases.proposals.waiting(asker_of(body))
        if isinstance(found, Reply):
            answer(found, body, client, use_cases)
            return
        message = waiting_list(found, domain=(body.get("team") or {}).get("domain", ""))
        if "view" in body:  # from the board, where nobody can be whispered to
            show_modal(client, body, list_modal("Waiting", message.blocks))
        else:
            whisper(body, message.text, blocks=message.blocks)

    return pressed
