"""Lets rows go that vanished from the list all at once, and were held until somebody says that this was meant."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import answer
from listeners.bodies import asker_of, value_of
from listeners.use_cases import UseCases
from workflows.kernel.ports import Json


def let_go(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        answer(use_cases.let_go(value_of(body), asker_of(body)), body, client, use_cases)

    return pressed
