"""Draws the board whenever someone opens App Home."""

from collections.abc import Callable

from slack_sdk import WebClient

from listeners.answering import show_home
from listeners.use_cases import UseCases
from workflows.kernel.ports import Json


def app_home_opened(use_cases: UseCases) -> Callable[..., None]:
    def opened(event: Json, body: Json, client: WebClient) -> None:
        if event.get("tab") == "home":
            before = (event.get("view") or {}).get("private_metadata", "")  # as its reader left it
            show_home(event["user"], str(body.get("team_id", "")), client, use_cases, home=before)

    return opened
