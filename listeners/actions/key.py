"""Has a job's heartbeat key shown to the presser, or exchanged. bk-heartbeat answers them by itself."""

from collections.abc import Callable

from slack_bolt import Ack

from listeners.answering import whisper
from listeners.bodies import asker_of, value_of
from listeners.use_cases import UseCases
from workflows.backup.key_asking import KeyAsked
from workflows.kernel.ports import Json


def show(use_cases: UseCases) -> Callable[..., None]:
    """A button whose value is "<job_id> <proposal_id>"."""

    def pressed(ack: Ack, body: Json) -> None:
        ack()
        job_id, _, proposal_id = value_of(body).partition(" ")
        asker = asker_of(body)
        asked = KeyAsked(
            job_id=job_id,
            user_id=asker.user_id,
            team_id=asker.team_id,
            response_url=body.get("response_url", ""),
            id=body["trigger_id"],
            proposal_id=proposal_id,
        )
        whisper(body, use_cases.key(asked).text)

    return pressed


def rotate(use_cases: UseCases) -> Callable[..., None]:
    """A button whose value is the job's id. Pressed twice, it is one exchange: a key that was just shown must not die at once."""

    def pressed(ack: Ack, body: Json) -> None:
        ack()
        asker = asker_of(body)
        asked = KeyAsked(
            job_id=value_of(body),
            user_id=asker.user_id,
            team_id=asker.team_id,
            response_url=body.get("response_url", ""),
            id=f"{asker.user_id} {body['container']['message_ts']}",
            action="rotate",
        )
        whisper(body, use_cases.key(asked).text)

    return pressed
