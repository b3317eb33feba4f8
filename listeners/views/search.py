"""Narrows the board to the words that were searched for."""

from collections.abc import Callable
from dataclasses import replace

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners import board_choice
from listeners.answering import show_home
from listeners.board_menus import WORDS
from listeners.bodies import team_of
from listeners.use_cases import UseCases
from workflows.kernel.ports import Json


def search(use_cases: UseCases) -> Callable[..., None]:
    def submitted(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        view = body["view"]
        words = view["state"]["values"].get(WORDS, {}).get(WORDS, {}).get("value") or ""
        choice = replace(board_choice.read(view.get("private_metadata")), words=board_choice.tidied(words), first=0)
        show_home(body["user"]["id"], team_of(body), client, use_cases, home=board_choice.written(choice))

    return submitted
