"""Speaks again."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import answer
from listeners.bodies import press_of
from listeners.use_cases import UseCases
from workflows.kernel.ports import Json


def unmute(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        answer(use_cases.unmute(press_of(body)), body, client, use_cases)

    return pressed
