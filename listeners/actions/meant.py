"""*Which one?* A press says what was meant, and the command goes on with it. The answer takes the question's place."""

import re
from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import whisper
from listeners.bodies import value_of
from listeners.commands.backup import say
from listeners.use_cases import UseCases
from workflows.kernel.ports import Json, Message
from workflows.kernel.reply import Reply

ANY_OF_THEM = re.compile("meant_[0-9]+")


def meant(use_cases: UseCases) -> Callable[..., None]:
    """A button whose value is the line that would have been typed."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        said = say(value_of(body), body, client, use_cases)
        if isinstance(said, Message):
            whisper(body, said.text, blocks=said.blocks, instead=True)
        elif isinstance(said, Reply) and said.text:
            whisper(body, said.text, instead=True)

    return pressed
