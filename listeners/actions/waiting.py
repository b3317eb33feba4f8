"""Lists what waits for approval, for the presser alone."""

from collections.abc import Callable

from slack_bolt import Ack

from listeners.answering import whisper
from listeners.bodies import asker_of
from listeners.use_cases import UseCases
from listeners.waiting_list import waiting_list
from workflows.kernel.ports import Json
from workflows.kernel.reply import Reply


def waiting(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json) -> None:
        ack()
        found = use_cases.proposals.waiting(asker_of(body))
        if isinstance(found, Reply):
            whisper(body, found.text)
            return
        message = waiting_list(found, domain=(body.get("team") or {}).get("domain", ""))
        whisper(body, message.text, blocks=message.blocks)

    return pressed
