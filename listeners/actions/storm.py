"""The two buttons of a storm card: *Snooze all…*, and *Open my board*. A value is "<recipient> <a job>"."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import answer, show_home, whisper
from listeners.bodies import team_of, value_of
from listeners.forms import snooze_all_modal
from listeners.opening import TOO_LATE, show_modal
from listeners.use_cases import UseCases
from workflows.backup.storm_answer import StormPress
from workflows.kernel.ports import Json
from workflows.kernel.reply import Reply


def snooze_all(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        press = StormPress(
            recipient=value_of(body).rpartition(" ")[0],
            ts=str((body.get("container") or {}).get("message_ts", "")),
            user_id=body["user"]["id"],
            team_id=team_of(body),
        )
        form = use_cases.boards.snooze_all_form(press)
        if isinstance(form, Reply):
            answer(form, body, client, use_cases)
        elif not show_modal(client, body, snooze_all_modal(form)):
            answer(Reply(kind="try_again", text=TOO_LATE), body, client, use_cases)

    return pressed


def open_board(use_cases: UseCases) -> Callable[..., None]:
    """Slack lets nobody be taken to App Home by a press: the board is drawn, and the answer holds the way to it."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        show_home(body["user"]["id"], team_of(body), client, use_cases)
        team, app = str((body.get("team") or {}).get("id", "")), str(body.get("api_app_id", ""))
        way = f"<slack://app?team={team}&id={app}&tab=home|Open it>" if team.isalnum() and app.isalnum() else "Open it"
        whisper(body, f"Your board is drawn anew. {way}; in a browser, choose my name and then *Home*.")

    return pressed
