"""What is pressed on the board itself: its menus, its pages, *Refresh*, *Search…*, *Show all*. The choice stays in the view."""

from collections.abc import Callable
from dataclasses import replace

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners import board_choice, board_menus
from listeners.answering import answer, show_home
from listeners.board_choice import Choice
from listeners.bodies import home_behind, team_of, value_of
from listeners.opening import TOO_LATE, show_modal
from listeners.use_cases import UseCases
from workflows.kernel.ports import Json
from workflows.kernel.reply import Reply

_MENUS = {board_menus.STATE: "state", board_menus.OWNER: "owner", board_menus.GROUP: "group"}


def choose(use_cases: UseCases) -> Callable[..., None]:
    """One of the menus."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        menu = _MENUS[body["actions"][0]["action_id"]]
        _show(board_choice.chose(_choice(body), menu, value_of(body)), body, client, use_cases)

    return pressed


def turn(use_cases: UseCases) -> Callable[..., None]:
    """To the page whose first job the button names."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        value = value_of(body)
        _show(replace(_choice(body), first=int(value) if value.isdecimal() else 0), body, client, use_cases)

    return pressed


def refresh(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        _show(_choice(body), body, client, use_cases)

    return pressed


def everything(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        _show(Choice(), body, client, use_cases)

    return pressed


def search(use_cases: UseCases) -> Callable[..., None]:
    """A form rather than a field on the board: a phone's keyboard has no key that would send a field there."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        if not show_modal(client, body, board_menus.search_modal(_choice(body))):
            answer(Reply(kind="try_again", text=TOO_LATE), body, client, use_cases)

    return pressed


def _choice(body: Json) -> Choice:
    return board_choice.read(home_behind(body))


def _show(choice: Choice, body: Json, client: WebClient, use_cases: UseCases) -> None:
    show_home(body["user"]["id"], team_of(body), client, use_cases, home=board_choice.written(choice))
