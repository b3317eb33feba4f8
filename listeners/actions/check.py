"""Looks at once, and says what it found to whoever pressed."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import answer, whisper
from listeners.bodies import asker_of, is_private, press_of
from listeners.use_cases import UseCases
from workflows.backup.checking import AnswerTo
from workflows.kernel.ports import Json


def check(use_cases: UseCases) -> Callable[..., None]:
    """In a conversation the answer comes once it has looked; a board and a modal are drawn anew at the next press."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        press, url = press_of(body), str(body.get("response_url") or "")
        if not url:
            answer(use_cases.check_now(press), body, client, use_cases)
            return
        to = AnswerTo(response_url=url, id=str(body["trigger_id"]), instead=is_private(body))
        whisper(body, use_cases.check((press.job_id,), asker_of(body), to).text, instead=True)

    return pressed
